// The choice of colours at once; the server keeps it for the next page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-theme-form]") || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  fetch(form.action, {
    method: "POST",
    body: new FormData(form, event.submitter),
    redirect: "manual",
  }).catch(() => {});
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const button of form.querySelectorAll("[aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
  const menu = form.closest("details");
  menu.open = false;
  menu.querySelector("summary").focus();
});
