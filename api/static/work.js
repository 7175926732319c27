// Saves a form while somebody types. Only figures and the status line come back: nothing that is
// being typed in is ever replaced. Words that could not be stored wait in this window alone.
'use strict';
(() => {
  const form = document.getElementById('work');
  const place = (whose) => `alur ${whose} ${location.pathname.split('/')[2]}`;
  document.querySelectorAll('form[action="/sign-out"]').forEach((door) =>
    door.addEventListener('submit', () => sessionStorage.clear()));
  if (!form) {
    // What was sent is stored: the receipt needs no copy of it in this window.
    Object.keys(sessionStorage).filter((key) => key.endsWith(place('').slice(5)))
      .forEach((key) => sessionStorage.removeItem(key));
    return;
  }
  const line = document.getElementById('saved');
  const kept = place(form.dataset.person);
  const field = (name) => form.elements.namedItem(name);
  let dirty = false, busy = false, wait = 0, timer, sent = false, down = false;

  const say = (text, state) => { line.textContent = text; line.dataset.state = state; };
  const words = () => new URLSearchParams(
    [...new FormData(form)].filter(([, value]) => typeof value === 'string'));
  const keep = () => {
    const typed = words();
    typed.delete('csrf_token');
    typed.delete('_signature');
    sessionStorage.setItem(kept, typed);
  };
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(save, pause); };

  function show(answer) {
    field('_revision').value = answer.revision;
    for (const [id, text] of Object.entries(answer.outputs)) {
      const cell = document.getElementById(id);
      if (cell && cell.textContent !== text) cell.textContent = text;
    }
    for (const [id, hidden] of Object.entries(answer.hidden)) {
      const asked = document.getElementById(id)?.closest('[data-f]');
      if (asked) asked.hidden = hidden;
    }
    say(`✓ ${answer.status}`, 'stored');
  }

  async function save(keepalive = false) {
    if (busy || !dirty || sent) return;
    busy = true;
    dirty = false;
    field('_edits').value = Number(field('_edits').value) + 1;
    const body = words();
    body.delete('_signature');
    if (!down) say(line.dataset.saving, 'saving');
    try {
      const answer = await fetch(`${location.pathname}/draft`, {
        method: 'POST', body, signal: AbortSignal.timeout(60000),
        keepalive: keepalive === true && body.toString().length < 60000,
      });
      const told = await answer.json();
      wait = 0;
      down = false;
      if (answer.ok) {
        show(told);
        if (!dirty) sessionStorage.removeItem(kept);
      } else {
        say(told.status, 'unsent');
        keep();
        busy = false;
        return;
      }
    } catch {
      dirty = down = true;
      keep();
      say(line.dataset.offline, 'unsent');
      wait = Math.min(Math.max(2000, wait * 2), 30000);
      later(wait);
    }
    busy = false;
    if (dirty && !wait) later(800);
  }

  const touched = (event) => {
    const day = event.target.type === 'date' && document.querySelector(`[data-day="${event.target.id}"]`);
    if (day && event.target.value) {
      day.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'full' })
        .format(new Date(`${event.target.value}T12:00`));
    }
    if (event.target.type === 'file') return;
    dirty = true;
    if (!wait) later(800);
  };
  form.addEventListener('input', touched);
  form.addEventListener('change', touched);
  form.addEventListener('alur:save', () => { dirty = true; save(); });
  addEventListener('online', () => { wait = 0; save(); });
  addEventListener('pagehide', () => { if (dirty && !sent) { keep(); save(true); } });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save(true);
  });
  addEventListener('beforeunload', (event) => { if (dirty && down && !sent) event.preventDefault(); });
  form.addEventListener('submit', (event) => {
    if (sent || !navigator.onLine) {
      event.preventDefault();
      if (!sent) { dirty = down = true; keep(); say(line.dataset.unsent, 'unsent'); }
      return;
    }
    clearTimeout(timer);
    keep();
    sent = true;
    setTimeout(() => { sent = false; }, 8000);
  });

  // Words of this window that never arrived go to the server now: stored, or shown beside others.
  const waiting = sessionStorage.getItem(kept);
  if (waiting === null) return;
  const older = new URLSearchParams(waiting);
  if ('typed' in form.dataset || Number(field('_revision').value) > Number(older.get('_revision'))) {
    sessionStorage.removeItem(kept);
    return;
  }
  const again = Object.assign(document.createElement('form'), { method: 'post', hidden: true });
  older.set('csrf_token', field('csrf_token').value);
  older.set('_op', 'save');
  older.forEach((value, name) => {
    const input = Object.assign(document.createElement('textarea'), { name });
    input.value = value;
    again.append(input);
  });
  document.body.append(again);
  again.submit();
})();
