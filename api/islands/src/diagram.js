// Fetches the drawing program only for a picture that somebody can see: it is the heaviest file we have.
const WIDE = '(min-width: 761px)';

function load(kind, address) {
  return new Promise((resolve, reject) => {
    const tag = document.createElement(kind);
    tag.onload = resolve;
    tag.onerror = reject;
    if (kind === 'script') tag.src = address;
    else Object.assign(tag, { rel: 'stylesheet', href: address });
    document.head.append(tag);
  });
}

async function open(figure) {
  figure.hidden = false;
  try {
    const { diagram, process, viewer, style } = figure.dataset;
    const asked = fetch(`${diagram}.json?process=${encodeURIComponent(process)}`);
    await Promise.all([load('link', style), window.alurDraw || load('script', viewer)]);
    const answer = await asked;
    if (!answer.ok) throw new Error(String(answer.status));
    await window.alurDraw(figure, await answer.json());
  } catch (error) {
    console.error(error);
    figure.classList.add('empty-picture');
    figure.querySelector('.failed').hidden = false;
  }
}

for (const figure of document.querySelectorAll('[data-diagram]')) {
  if (!figure.classList.contains('wide-only') || matchMedia(WIDE).matches) open(figure);
}
