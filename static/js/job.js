// Shows the progress of a job without loading the page again; without JavaScript the page refreshes itself.
const card = document.querySelector("[data-job]");

async function look() {
  try {
    const answer = await fetch(card.dataset.job, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const job = await answer.json();
    if (job.state !== "waiting" && job.state !== "running") return location.reload();
    card.querySelector("progress").value = job.percent;
    card.querySelector("[data-percent]").textContent = job.percent;
    card.querySelector("[data-message]").textContent = job.message;
  } catch {
    /* the network is away for a moment: ask again */
  }
  setTimeout(look, 1500);
}

if (card) setTimeout(look, 1000);
