// The screen of the room: arrows and space turn the pages, and what waits looks again by itself.
// Without JavaScript the links take Enter, and the page refreshes itself.
const keys = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "prev", PageUp: "prev" };

document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement) return;
  const link = document.querySelector(`a[rel=${keys[event.key] ?? "none"}]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

const { again } = document.body.dataset;

async function look() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    if (page.body.dataset.scene !== document.body.dataset.scene) return location.reload();
    document.querySelector("main").replaceWith(page.querySelector("main"));
  } catch {
    /* the network is away for a moment: look again */
  }
  setTimeout(look, again * 1000);
}

if (again) setTimeout(look, again * 1000);
