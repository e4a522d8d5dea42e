// The answer page. The code printed in the address (#K7QM-2XRP) fills its field; what is typed is kept as one goes along.
const field = document.querySelector("[data-from-address]");
if (field && location.hash.length > 1) {
  if (!field.value) field.value = decodeURIComponent(location.hash.slice(1)).slice(0, 40);
  history.replaceState(null, "", location.pathname + location.search);
}

const form = document.querySelector("form[data-draft]");
if (form) {
  let waiting = false;
  let sent = false;
  const keep = () => {
    if (!waiting || sent) return;
    waiting = false;
    navigator.sendBeacon(form.dataset.draft, new FormData(form));
  };
  let pause;
  form.addEventListener("input", () => {
    waiting = true;
    clearTimeout(pause);
    pause = setTimeout(keep, 3000);
  });
  form.addEventListener("submit", () => { sent = true; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
}
