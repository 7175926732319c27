// Saves each row of a table over many staff while somebody types, as the draft of that person.
// Words that could not be stored wait in this window, where the person's own page finds them, too.
'use strict';
(() => {
  const form = document.getElementById('team');
  document.querySelectorAll('form[action="/sign-out"]').forEach((door) =>
    door.addEventListener('submit', () => sessionStorage.clear()));
  if (!form) return;
  const told = form.querySelector('table.team').dataset;
  const token = form.elements.namedItem('csrf_token').value;
  let sent = false;

  function attend(row) {
    const item = row.dataset.item, kept = `alur ${form.dataset.person} ${item}`;
    const line = row.querySelector('.saved');
    const field = (name) => form.elements.namedItem(`${item}:${name}`);
    let dirty = false, busy = false, wait = 0, timer;
    const say = (text, state) => { line.textContent = text; line.dataset.state = state; };

    function words() {
      const typed = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (name.startsWith(`${item}:`) && typeof value === 'string') {
          typed.append(name.slice(item.length + 1), value);
        }
      }
      return typed;
    }

    function show(answer) {
      field('_revision').value = answer.revision;
      for (const [id, text] of Object.entries(answer.outputs)) {
        const cell = document.getElementById(`i${item}-${id}`);
        if (cell && cell.textContent !== text) cell.textContent = text;
      }
      for (const [id, hidden] of Object.entries(answer.hidden)) {
        const asked = document.getElementById(`i${item}-${id}`)?.closest('[data-f]');
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
      body.set('csrf_token', token);
      say(told.saving, 'saving');
      try {
        const reply = await fetch(`/work-items/${item}/draft`, {
          method: 'POST', body, signal: AbortSignal.timeout(60000),
          keepalive: keepalive === true && body.toString().length < 60000,
        });
        const answer = await reply.json();
        wait = 0;
        if (reply.ok) {
          show(answer);
          if (!dirty) sessionStorage.removeItem(kept);
        } else {
          say(answer.status, 'unsent');
          sessionStorage.setItem(kept, words());
          busy = false;
          return;
        }
      } catch {
        dirty = true;
        sessionStorage.setItem(kept, words());
        say(told.offline, 'unsent');
        wait = Math.min(Math.max(2000, wait * 2), 30000);
        later(wait);
      }
      busy = false;
      if (dirty && !wait) later(800);
    }
    const later = (pause) => { clearTimeout(timer); timer = setTimeout(save, pause); };
    const touched = (event) => {
      if (event.target.name?.endsWith(':_ready')) return;
      dirty = true;
      if (!wait) later(800);
    };
    row.addEventListener('input', touched);
    row.addEventListener('change', touched);
    addEventListener('online', () => { wait = 0; save(); });
    addEventListener('pagehide', () => {
      if (dirty && !sent) { sessionStorage.setItem(kept, words()); save(true); }
    });
    form.addEventListener('submit', () => { if (dirty) sessionStorage.setItem(kept, words()); });

    // Words of this window that never arrived: the person's own page stores or compares them.
    const waiting = sessionStorage.getItem(kept);
    if (waiting === null) return;
    const older = new URLSearchParams(waiting);
    if ('typed' in row.dataset || Number(field('_revision').value) > Number(older.get('_revision'))) {
      sessionStorage.removeItem(kept);
      return;
    }
    older.set('csrf_token', token);
    older.set('_edits', '1');
    older.set('_key', `${older.get('_key') || ''}`);
    fetch(`/work-items/${item}/draft`, { method: 'POST', body: older })
      .then(async (reply) => {
        const answer = await reply.json();
        if (!reply.ok) { say(answer.status, 'unsent'); return; }
        sessionStorage.removeItem(kept);
        location.reload();
      }).catch(() => say(told.offline, 'unsent'));
  }

  form.querySelectorAll('tbody[data-item]').forEach(attend);
  form.addEventListener('submit', (event) => {
    if (sent || !navigator.onLine) {
      event.preventDefault();
      return;
    }
    sent = true;
    setTimeout(() => { sent = false; }, 8000);
  });
})();
