// Shows what the quotas being typed would give; without JavaScript the “Try” button shows the same.
const form = document.querySelector("form[data-try]");
const effect = document.querySelector("#effect");
let waiting, asked;

async function look() {
  asked?.abort();
  asked = new AbortController();
  effect.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.try, { method: "POST", body: new FormData(form), signal: asked.signal });
    if (!answer.ok) throw new Error(answer.status);
    effect.innerHTML = await answer.text();
    effect.removeAttribute("aria-busy");
  } catch (trouble) {
    if (trouble.name !== "AbortError") effect.removeAttribute("aria-busy");
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 300);
});
