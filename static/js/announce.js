// Says in the live region what changed, for people who cannot see the change.
const say = (text) => {
  const region = document.getElementById("live");
  if (!region || !text) return;
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
};

// The server may send it as a header, HX-Trigger: {"consign:announce": "Order fulfilled"}
document.addEventListener("consign:announce", (event) => {
  say(typeof event.detail === "string" ? event.detail : event.detail?.value);
});

// or in the fragment itself: <p data-announce>Order fulfilled</p>.
document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.elt;
  const words = swapped.matches?.("[data-announce]")
    ? swapped
    : swapped.querySelector?.("[data-announce]");
  if (words) say(words.dataset.announce || words.textContent.trim());
});
