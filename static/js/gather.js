// A list that is read again says which rows it shows, and how each of them looks.
const LIMIT = 250;

document.addEventListener("htmx:configRequest", (event) => {
  const { elt: source, parameters } = event.detail;
  const name = source.dataset?.gather;
  if (!name) return;
  const rows = [...document.querySelectorAll("[data-known]")].slice(0, LIMIT);
  parameters[name] = rows.map((row) => row.dataset.known).join(",");
  const more = source.dataset.more;
  if (more) parameters.more = more;
});
