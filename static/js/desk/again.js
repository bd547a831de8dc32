// A section that is looked up again every few seconds, until it is there no more: then
// the page is loaded as it is by now. Without this script its link does the same.
const section = () => document.querySelector("[data-again]");

const look = async () => {
  const shown = section();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("[data-again]");
    if (!found) return location.reload();
    const words = (root) => root.querySelector("p").textContent;
    if (words(found) !== words(shown)) shown.querySelector("p").textContent = words(found);
  } catch {
    // The next look may find the server again.
  }
  wait();
};

const wait = () => setTimeout(look, Number(section().dataset.again) * 1000);

wait();
