// A screen in a room shows what is true now: it is read again every half-minute, in place, without a flash.
async function again() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("main");
    if (answer.ok && fresh && !answer.redirected) document.querySelector("main").replaceWith(fresh);
  } catch {
    /* the network is away for a moment: ask again */
  }
  setTimeout(again, 30000);
}

setTimeout(again, 30000);
