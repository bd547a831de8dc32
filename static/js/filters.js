// Filters apply themselves; empty ones stay out of the address.
const PAUSE = 350;
let waiting = 0;

const apply = (form) => form.requestSubmit();

const shown = (root) => {
  for (const button of root.querySelectorAll("[data-auto-submit-button]")) {
    button.hidden = true;
  }
};

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-auto-submit]")) {
    clearTimeout(waiting);
    apply(form);
  }
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-auto-submit]") || event.target.type !== "search") return;
  clearTimeout(waiting);
  waiting = setTimeout(() => apply(form), PAUSE);
});

document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-auto-submit]")) return;
  const empty = [...event.formData].filter(([, value]) => value === "");
  for (const [name] of empty) event.formData.delete(name);
});

shown(document);
document.addEventListener("htmx:load", (event) => shown(event.detail.elt));
