// Sends evidence in parts, so that a line that breaks costs one part and not the file. Without
// scripts the same inputs travel with the form.
'use strict';
(() => {
  const form = document.getElementById('work');
  if (!form) return;
  const token = form.elements.namedItem('csrf_token').value;
  const uploads = `${location.pathname}/uploads`;
  const SMALLEST = 32768, LARGEST = 1048576, PHOTO = 1500000, SIDE = 2000;
  const pause = (time) => new Promise((go) => { setTimeout(go, time); });

  // A photo of a document stays readable at a tenth of its size; where it was taken is left out.
  async function shrunk(file) {
    if (!/^image\/(jpeg|png)$/.test(file.type) || file.size < PHOTO) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement('canvas');
      canvas.width = picture.width * scale;
      canvas.height = picture.height * scale;
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      const small = await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', 0.82); });
      return small && small.size < file.size ? new File([small], file.name, { lastModified: file.lastModified }) : file;
    } catch { return file; }
  }

  async function ask(address, method, headers, body) {
    const answer = await fetch(address, {
      method, body, headers: { 'X-CSRF-Token': token, ...headers }, signal: AbortSignal.timeout(90000),
    });
    const isOurs = answer.headers.get('content-type')?.includes('json');
    return { answer, told: isOurs ? await answer.json() : { status: form.querySelector('.picks').dataset.failed } };
  }

  async function patiently(tried, waiting) {
    for (let rest = 1000; ; rest = Math.min(rest * 2, 30000)) {
      try { return await tried(); } catch { waiting(); await pause(navigator.onLine ? rest : 1000); }
    }
  }

  async function send(file, place, tell) {
    const mark = `${file.name}/${file.lastModified}`;
    const begun = await patiently(() => ask(uploads, 'POST', { 'Upload-Length': file.size }, mark), tell.waiting);
    if (!begun.told.id) throw new Error(begun.told.status);
    const address = `${uploads}/${begun.told.id}`;
    let { received } = begun.told, size = SMALLEST;
    for (;;) {
      tell.progress(received / file.size);
      const from = received, started = Date.now();
      const { answer, told } = await patiently(
        () => ask(address, 'PATCH', { 'Upload-Offset': from, 'Upload-Place': place() }, file.slice(from, from + size)),
        () => { size = SMALLEST; tell.waiting(); });
      if (!answer.ok && answer.status !== 409) throw new Error(told.status);
      if (told.received === undefined) throw new Error(told.status);
      if (told.line) return told.line;
      received = told.received;
      if (answer.ok && Date.now() - started < 1500) size = Math.min(size * 2, LARGEST);
    }
  }

  async function upload(input, picks) {
    const list = picks.closest('fieldset');
    const name = picks.dataset.place;
    const place = () => {
      const taken = [...form.elements].map((one) => one.name.match(`^${name.replaceAll('.', '\\.')}\\.(\\d+)\\.kind$`))
        .filter(Boolean).map((found) => Number(found[1]));
      return `${name}.${Math.max(-1, ...taken) + 1}`;
    };
    const status = Object.assign(document.createElement('p'), { className: 'hint' });
    const bar = Object.assign(document.createElement('progress'), { className: 'bar', max: 1, value: 0 });
    status.setAttribute('role', 'status');
    const chosen = input.files[0];
    input.value = '';
    const file = await shrunk(chosen);
    bar.setAttribute('aria-label', file.name);
    picks.append(bar, status);
    try {
      const line = await send(file, place, {
        progress: (part) => { bar.value = part; status.textContent = `${file.name}: ${Math.floor(part * 100)} %`; },
        waiting: () => { status.textContent = `${file.name}: ${picks.dataset.waiting}`; },
      });
      let files = list.querySelector('ul.files');
      if (!files) {
        files = Object.assign(document.createElement('ul'), { className: 'files' });
        picks.closest('details').before(files);
      }
      files.insertAdjacentHTML('beforeend', line);
      status.textContent = `${file.name}: ${picks.dataset.done}`;
      form.dispatchEvent(new Event('alur:save'));
    } catch (error) {
      status.textContent = `${file.name}: ${error.message}`;
      status.className = 'err';
      failed = true;
    }
    bar.remove();
  }

  // Whoever sends meanwhile waits for the file, so that no answer goes without its evidence.
  const running = new Set();
  let failed = false, waits = false;
  function begin(input, picks) {
    const one = upload(input, picks).finally(() => running.delete(one));
    running.add(one);
  }
  form.addEventListener('submit', async (event) => {
    if (!running.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waits) return;
    const line = document.getElementById('saved');
    waits = true;
    failed = false;
    line.textContent = form.querySelector('.picks').dataset.first;
    line.dataset.state = 'saving';
    while (running.size) await Promise.all(running);
    waits = false;
    line.textContent = '';
    if (failed) document.querySelector('.picks .err').scrollIntoView();
    else form.requestSubmit(event.submitter);
  }, true);

  document.querySelectorAll('.picks').forEach((picks) => {
    picks.querySelectorAll('input[type="file"]').forEach((input) => {
      // Chosen files travel on their own; with every save of the form they would travel again.
      input.removeAttribute('name');
      input.required = false;
      const chosen = () => { if (input.files.length) begin(input, picks); };
      input.addEventListener('change', chosen);
      // On a slow line somebody chooses before this script is there.
      chosen();
    });
    picks.querySelectorAll('button, .chosen').forEach((extra) => extra.remove());
  });
})();
