// Menus and confirmations are <details>: this adds Escape, a click outside, and "Keep it".
const floating = "details[data-menu][open]";

const close = (details) => {
  details.open = false;
  details.querySelector("summary")?.focus();
};

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(floating)) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const keep = event.target.closest?.("[data-confirm-close]");
  if (keep) close(keep.closest("details"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest?.("details[data-menu][open], details[data-confirm][open]");
  if (!open) return;
  event.stopImmediatePropagation();
  close(open);
});

const shown = (root) => {
  for (const keep of root.querySelectorAll("[data-confirm-close]")) keep.hidden = false;
};

shown(document);
document.addEventListener("htmx:load", (event) => shown(event.detail.elt));
