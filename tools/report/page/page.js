'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const entries = [...document.querySelectorAll('.entry')];
  const root = document.documentElement;
  const off = new Set();
  let onlyNew = false;

  const shown = () => entries.filter((e) => !e.parentElement.hidden);

  function filter() {
    const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const e of entries) {
      const text = e.dataset.text.toLowerCase();
      e.parentElement.hidden = off.has(e.dataset.kind) || (onlyNew && e.classList.contains('is-known')) ||
        !words.every((w) => text.includes(w));
    }
    $('none').hidden = shown().length !== 0 || entries.length === 0;
  }

  function select(entry, scroll) {
    for (const e of entries) e.removeAttribute('aria-current');
    for (const a of document.querySelectorAll('article')) a.classList.remove('current');
    document.body.classList.toggle('one', entry !== null);
    if (entry === null) return;
    entry.setAttribute('aria-current', 'true');
    entry.scrollIntoView({ block: 'nearest' });
    $(entry.getAttribute('href').slice(1)).classList.add('current');
    if (scroll) window.scrollTo(0, 0);
  }

  function selectByHash() {
    const entry = entries.find((e) => e.getAttribute('href') === location.hash);
    if (entry) select(entry, true);
  }

  function step(by) {
    const list = shown();
    if (list.length === 0) return;
    const at = list.findIndex((e) => e.getAttribute('aria-current') === 'true');
    const next = list[at < 0 ? 0 : Math.min(Math.max(at + by, 0), list.length - 1)];
    history.replaceState(null, '', next.getAttribute('href'));
    select(next, true);
  }

  function theme() {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
  }

  $('search').addEventListener('input', filter);
  $('theme').addEventListener('click', theme);
  for (const chip of document.querySelectorAll('.chip[data-kind]')) {
    chip.addEventListener('click', () => {
      const hide = !off.has(chip.dataset.kind);
      if (hide) off.add(chip.dataset.kind); else off.delete(chip.dataset.kind);
      chip.setAttribute('aria-pressed', String(!hide));
      filter();
    });
  }
  if ($('only-new')) {
    $('only-new').addEventListener('click', () => {
      onlyNew = !onlyNew;
      $('only-new').setAttribute('aria-pressed', String(onlyNew));
      filter();
    });
  }
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === $('search')) {
      if (event.key === 'Escape' || event.key === 'Enter') { $('search').blur(); if (event.key === 'Enter') step(0); }
      return;
    }
    if (event.key === '/') { event.preventDefault(); $('search').focus(); }
    if (event.key === 'j') step(1);
    if (event.key === 'k') step(-1);
    if (event.key === 'd') theme();
    if (event.key === 'Escape') { history.replaceState(null, '', '#'); select(null); }
  });
  window.addEventListener('hashchange', selectByHash);
  if (location.hash.length > 1) selectByHash(); else if (entries.length > 0) select(entries[0], false);
})();
