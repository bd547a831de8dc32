// Copy buttons: shown only where the browser can copy.
const shown = (root) => {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return;
  }
  button.dataset.state = "copied";
  setTimeout(() => delete button.dataset.state, 1500);
  document.dispatchEvent(new CustomEvent("consign:announce", { detail: "Copied" }));
});

shown(document);
document.addEventListener("htmx:load", (event) => shown(event.detail.elt));
