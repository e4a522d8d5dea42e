// Keeps each tick as it is made and shows those of the others; without JavaScript the Keep button keeps the page.
const form = document.querySelector("[data-sheet]");
const state = form?.querySelector("[data-state]");
const busy = new Set();

function rowOf(element) {
  return element.closest("[data-person]");
}

async function ask(options = {}) {
  const answer = await fetch(form.dataset.sheet, { ...options, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function keep(row) {
  const number = row.dataset.person;
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const name of ["status", "reason", "seen", "seen_reason"]) {
    const value = form.elements[`${name}_${number}`]?.value;
    if (value) sent.set(`${name}_${number}`, value);
  }
  busy.add(number);
  try {
    show(await ask({ method: "POST", body: sent }), number);
    row.classList.remove("unsaved");
  } catch {
    row.classList.add("unsaved");
    state.textContent = form.dataset.unsaved;
  } finally {
    busy.delete(number);
  }
}

function show(sheet, mine) {
  for (const [number, status] of Object.entries(sheet.statuses)) {
    const row = form.querySelector(`[data-person="${number}"]`);
    if (!row || row.classList.contains("unsaved") && number !== mine) continue;
    if (busy.has(number) && number !== mine) continue;
    if (row.contains(document.activeElement) && document.activeElement.type === "text" && number !== mine) continue;
    for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === status;
    form.elements[`seen_${number}`].value = status;
    form.elements[`reason_${number}`].value = sheet.reasons[number];
    form.elements[`seen_reason_${number}`].value = sheet.reasons[number];
    if (status === "excused") row.querySelector("details").open = true;
  }
  form.querySelector("[data-present]").textContent = sheet.counts.present;
  form.querySelector("[data-reached]").hidden = !sheet.counts.reached;
  form.querySelector("[data-unreached]").hidden = sheet.counts.reached;
  state.textContent = sheet.sentences.join(" ") || form.dataset.saved;
}

function find(words) {
  const wanted = words.trim().toLowerCase();
  for (const row of form.querySelectorAll("[data-name]")) row.hidden = !row.dataset.name.includes(wanted);
}

async function look() {
  try {
    if (!busy.size && !document.hidden) show(await ask());
  } catch {
    /* the network is away for a moment: ask again */
  }
  setTimeout(look, 10000);
}

if (form) {
  form.addEventListener("change", (event) => rowOf(event.target) && keep(rowOf(event.target)));
  const box = document.querySelector(".sheet-find");
  box.hidden = false;
  box.querySelector("input").addEventListener("input", (event) => find(event.target.value));
  setTimeout(look, 10000);
}
