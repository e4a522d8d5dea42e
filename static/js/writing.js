// A few buttons above a long text, and a word before leaving it unsaved. Everything works without them.
const area = document.querySelector("textarea[data-writing]");
const form = area?.form;

/** Put marks around what is selected, or at the start of each of its lines. */
function mark({ around = "", before = "" }) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end);
  const marked = before
    ? chosen.split("\n").map((line) => before + line).join("\n")
    : around + chosen + around;
  area.focus();
  area.setRangeText(marked, start, end, chosen ? "select" : "end");
  if (!chosen && around) area.setSelectionRange(start + around.length, start + around.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form) {
  const buttons = [
    [form.dataset.bold, { around: "**" }],
    [form.dataset.title, { before: "# " }],
    [form.dataset.list, { before: "- " }],
    [form.dataset.quote, { before: "> " }],
  ];
  const bar = document.createElement("div");
  bar.className = "btn-group writing-bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", form.dataset.toolbar);
  for (const [label, marks] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary";
    button.textContent = label;
    button.addEventListener("click", () => mark(marks));
    bar.append(button);
  }
  area.before(bar);

  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
