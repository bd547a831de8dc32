// A slider and a number that say the same: the number is the field, the slider a handle.
const join = (root) => {
  for (const slider of root.querySelectorAll("[data-pair-slider][hidden]")) {
    slider.hidden = false;
  }
};

document.addEventListener("input", (event) => {
  const pair = event.target.closest?.("[data-pair]");
  if (!pair) return;
  const slider = pair.querySelector("[data-pair-slider]");
  const number = pair.querySelector("input:not([data-pair-slider])");
  if (event.target === slider) {
    number.value = slider.value;
    number.dispatchEvent(new Event("input", { bubbles: true }));
  } else if (number.validity.valid && number.value !== "") {
    slider.value = number.value;
  }
});

join(document);
document.addEventListener("htmx:load", (event) => join(event.detail.elt));
