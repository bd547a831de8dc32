// A list worked off without the mouse: j and k move, Enter opens, Escape returns, ? helps.
const list = () => document.querySelector("[data-keyboard-list]");
const items = () => [...(list()?.querySelectorAll("[data-keyboard-item]") || [])];
const handle = (item) => item.querySelector("summary, a[href], button") || item;
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

let place = -1;

const go = (step) => {
  const all = items();
  if (!all.length) return;
  const here = all.findIndex((item) => item.contains(document.activeElement));
  if (here >= 0) place = here + step;
  else place = place < 0 ? 0 : place + Math.min(step, 0);
  place = Math.max(0, Math.min(place, all.length - 1));
  handle(all[place]).focus();
  all[place].scrollIntoView({ block: "nearest" });
};

// A worked-off row disappears: its place stays known, so that j goes to the one after it.
document.addEventListener("focusin", (event) => {
  const item = event.target.closest?.("[data-keyboard-item]");
  if (item) place = items().indexOf(item);
});

const act = (event) => {
  const item = event.target.closest?.("[data-keyboard-item]");
  const own = item?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const whole = document.querySelector(`[data-key-page="${CSS.escape(event.key)}"]`);
  const target = own || whole;
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select, summary")) target.focus();
  if (!target.matches("input, textarea, select")) target.click();
};

document.addEventListener("keydown", (event) => {
  if (!list() || event.altKey || event.ctrlKey || event.metaKey) return;
  const item = event.target.closest?.("[data-keyboard-item]");
  if (event.key === "Escape" && item) {
    handle(item).focus();
    return;
  }
  if (typing(event.target) || event.target.closest?.("dialog")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "?") document.querySelector("[data-keyboard-help]")?.showModal();
  else if (event.key.length === 1) act(event);
});
