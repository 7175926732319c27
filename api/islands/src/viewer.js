// Draws one process of a case and marks where the case stands; steps that call a process lead to it.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import './viewer.css';

const PADDING = 20;
// The mark of bpmn.io stands in the lower right corner; the drawing leaves it free.
const FOOT = 44;
const LARGEST = 1.15;
const READABLE = 0.5;
const STEP = 1.25;

// The whole drawing; on a narrow window rather what can be read of it, around the present step.
function fit(viewer) {
  const canvas = viewer.get('canvas');
  const { outer, inner } = canvas.viewbox();
  // Printing takes the picture off the page.
  if (!outer.width || !outer.height) return;
  const width = outer.width - 2 * PADDING;
  const height = outer.height - PADDING - FOOT;
  const whole = Math.min(LARGEST, width / inner.width, height / inner.height);
  const scale = Math.max(whole, READABLE);
  const shown = { width: outer.width / scale, height: outer.height / scale };
  const here = scale > whole && viewer.get('elementRegistry').find((e) => canvas.hasMarker(e, 's-current'));
  const middle = here ? here.x + here.width / 2 : inner.x + inner.width / 2;
  canvas.viewbox({
    x: here ? Math.max(inner.x - PADDING / scale, middle - shown.width / 2) : middle - shown.width / 2,
    y: inner.y + inner.height / 2 - (shown.height + (PADDING - FOOT) / scale) / 2,
    ...shown,
  });
}

// As high as the drawing needs at full width, within what a window shows.
function setHeight(box, canvas) {
  const { inner } = canvas.viewbox();
  const scale = Math.max(READABLE, Math.min(LARGEST, (box.clientWidth - 2 * PADDING) / inner.width));
  const wanted = inner.height * scale + PADDING + FOOT;
  box.style.height = `${Math.round(Math.max(220, Math.min(wanted, 640)))}px`;
  canvas.resized();
}

function addNote(overlays, element, text) {
  const html = document.createElement('div');
  html.className = 'note-date';
  html.textContent = text;
  overlays.add(element, { position: { top: -10, left: element.width / 2 }, html });
}

function mark(viewer, data) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  const overlays = viewer.get('overlays');
  for (const [id, standing] of Object.entries(data.standings)) {
    const element = registry.get(id);
    if (!element) continue;
    canvas.addMarker(element, `s-${standing}`);
    if (data.notes[id]) addNote(overlays, element, data.notes[id]);
    if (data.opens[id]) canvas.addMarker(element, 'opens');
  }
  for (const id of data.flows) if (registry.get(id)) canvas.addMarker(id, 's-taken');
}

function lead(viewer, figure, data) {
  viewer.get('eventBus').on('element.click', ({ element }) => {
    const process = data.opens[element.id];
    if (process) location.assign(`${figure.dataset.diagram}?process=${encodeURIComponent(process)}#picture`);
  });
}

function zoomButtons(figure, viewer) {
  const canvas = viewer.get('canvas');
  const box = figure.querySelector('.canvas');
  const change = {
    in: () => canvas.zoom(canvas.zoom() * STEP),
    out: () => canvas.zoom(canvas.zoom() / STEP),
    fit: () => fit(viewer),
  };
  for (const button of figure.querySelectorAll('[data-zoom]')) {
    button.addEventListener('click', change[button.dataset.zoom]);
  }
  new ResizeObserver(() => {
    if (!box.clientWidth) return;
    canvas.resized();
    fit(viewer);
  }).observe(box);
}

window.alurDraw = async (figure, data) => {
  const viewer = new NavigatedViewer({ container: figure.querySelector('.canvas') });
  // The wheel scrolls the page: a picture that catches it is a trap on the way down.
  viewer.get('zoomScroll').toggle(false);
  await viewer.importXML(data.xml);
  const canvas = viewer.get('canvas');
  setHeight(figure.querySelector('.canvas'), canvas);
  mark(viewer, data);
  fit(viewer);
  lead(viewer, figure, data);
  zoomButtons(figure, viewer);
  figure.dataset.drawn = 'true';
};
