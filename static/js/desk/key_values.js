// Rows of keys and values: added, removed and moved; the server reads the same fields.
const rowOf = (element) => element.closest("[data-pairs-row]");
const listOf = (root) => root.querySelector("[data-pairs-rows]");
const field = (row, part) => row.querySelector(`[name$="-${part}"]`);
const isEmpty = (row) => !field(row, "key").value.trim() && !field(row, "value").value;

// The order numbers are those of the rows as they stand.
const number = (root) => {
  [...listOf(root).children].forEach((row, index) => {
    field(row, "order").value = index + 1;
    field(row, "key").setAttribute("aria-label", `Key ${index + 1}`);
    field(row, "value").setAttribute("aria-label", `Value ${index + 1}`);
  });
};

const keysIn = (root) =>
  new Set([...listOf(root).children].map((row) => field(row, "key").value.trim().toLowerCase()));

// Keys of the chosen group that the profile does not have yet.
const offer = (root) => {
  const chosen = document.querySelector(`[name="${root.dataset.offeredBy}"]`)?.value ?? "";
  const there = keysIn(root);
  for (const button of root.querySelectorAll("[data-pairs-key]")) {
    const fits = button.dataset.choice === chosen;
    button.hidden = !fits || there.has(button.dataset.pairsKey);
  }
};

const add = (root, key = "") => {
  const empty = [...listOf(root).children].find(isEmpty);
  const row = empty ?? append(root);
  field(row, "key").value = key;
  number(root);
  offer(root);
  field(row, key ? "value" : "key").focus();
};

const append = (root) => {
  const count = root.querySelector("[data-pairs-count]");
  const blank = root.querySelector("[data-pairs-blank]").innerHTML.replaceAll("NEW", count.value);
  listOf(root).insertAdjacentHTML("beforeend", blank);
  count.value = Number(count.value) + 1;
  const row = listOf(root).lastElementChild;
  script(row);
  return row;
};

// A stored row is struck out until the form is saved; an empty one goes at once.
const remove = (root, row, button) => {
  if (isEmpty(row)) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    number(root);
    (next?.querySelector("input") ?? root.querySelector("[data-pairs-add]")).focus();
    return;
  }
  const box = field(row, "remove");
  box.checked = !box.checked;
  strike(row, button);
};

const strike = (row, button) => {
  const { checked } = field(row, "remove");
  row.toggleAttribute("data-removed", checked);
  button.textContent = checked ? "Keep" : "Remove";
};

const move = (root, row, up) => {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (up) other.before(row);
  else other.after(row);
  number(root);
};

const script = (part) => {
  for (const each of part.querySelectorAll("[data-plain]")) each.hidden = true;
  for (const each of part.querySelectorAll("[data-scripted]")) each.hidden = false;
  for (const button of part.querySelectorAll('[data-pairs-move="away"]')) {
    strike(rowOf(button), button);
  }
};

// All keys in use are asked for once, by whoever begins to type one.
const fetchKeys = async (root) => {
  const { keys } = root.dataset;
  if (!keys) return;
  root.dataset.keys = "";
  const answer = await fetch(keys, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const list = root.querySelector("datalist");
  const known = new Set([...list.options].map((option) => option.value));
  for (const key of await answer.json()) {
    if (!known.has(key)) list.append(new Option("", key));
  }
};

const begin = (root) => {
  script(root);
  for (const row of [...listOf(root).children].filter(isEmpty)) row.remove();
  number(root);
  offer(root);
  root.dataset.ready = "";
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { pairsKey, pairsMove } = button.dataset;
    if (pairsKey) add(root, pairsKey);
    else if (pairsMove === "away") remove(root, rowOf(button), button);
    else if (pairsMove) {
      move(root, rowOf(button), pairsMove === "up");
      button.focus();
    } else if ("pairsAdd" in button.dataset) add(root);
    offer(root);
  });
  root.addEventListener("input", () => offer(root));
  root.addEventListener("focusin", (event) => {
    if (event.target.matches('[name$="-key"]')) fetchKeys(root);
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === root.dataset.offeredBy) offer(root);
  });
};

for (const root of document.querySelectorAll("[data-pairs]")) begin(root);
