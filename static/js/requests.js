// A double click does nothing twice; a failed request says so and offers to try again.
const busy = (form, state) => {
  if (state) form.setAttribute("aria-busy", "true");
  else form.removeAttribute("aria-busy");
};

// On the window, so that whoever handles the form itself has said so before.
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  if (event.target.getAttribute("aria-busy") === "true") event.preventDefault();
  else busy(event.target, true);
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) busy(form, false);
});

// Asked before htmx queues a second request behind the first.
document.addEventListener("htmx:confirm", (event) => {
  const source = event.detail.elt;
  const running = source.getAttribute("aria-busy") === "true";
  if (running && source.matches("form[hx-post]")) event.preventDefault();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  hideNotice();
  busy(event.detail.elt, true);
});

document.addEventListener("htmx:afterRequest", (event) => busy(event.detail.elt, false));

const notice = () => document.querySelector("[data-notice]");

const hideNotice = () => {
  const box = notice();
  if (box) box.hidden = true;
};

const again = (source, cause) => {
  if (source.matches("form")) source.requestSubmit();
  else if (cause?.type === "click") source.click();
  else htmx.trigger(source, cause?.type || "load");
};

const fail = (words) => (event) => {
  const box = notice();
  if (!box) return;
  const { elt: source, requestConfig } = event.detail;
  const line = document.createElement("p");
  line.textContent = words(event);
  const retry = document.createElement("button");
  retry.type = "button";
  retry.className = "button";
  retry.textContent = "Try again";
  retry.addEventListener("click", () => {
    hideNotice();
    again(source, requestConfig?.triggeringEvent);
  });
  box.replaceChildren(line, retry);
  box.hidden = false;
};

const refusals = {
  403: "You may not do this, or your session has ended.",
  404: "This is no longer here.",
  409: "Somebody was faster. Reload the page to see it as it is now.",
  429: "Too many requests. Wait a moment.",
};

document.addEventListener(
  "htmx:responseError",
  fail((event) => refusals[event.detail.xhr.status] || "The server could not do this."),
);
document.addEventListener(
  "htmx:sendError",
  fail(() => "No answer from the server. Nothing is lost."),
);
document.addEventListener(
  "htmx:timeout",
  fail(() => "The server takes too long."),
);

// Paging: the pressed link is gone after the swap, so the first new row takes the focus.
let before = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  before = target.matches?.("[data-pager]") ? target.previousElementSibling : null;
});

document.addEventListener("htmx:afterSettle", () => {
  const first = before?.nextElementSibling;
  before = null;
  if (!first || document.activeElement !== document.body) return;
  const reachable = first.querySelector("a, button, summary, input") || first;
  reachable.focus({ preventScroll: true });
});
