// Looks every two seconds how far the member's file is, until it is ready; without script the page has a link for that.
const PAUSE = 2000;

async function look() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok) {
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("export");
    const shown = document.getElementById("export");
    if (!now || !shown)
      return;
    if (!now.querySelector("progress")) {
      // Its forms come with tokens of their own.
      const waits = shown.contains(document.activeElement);
      shown.replaceWith(now);
      if (waits) now.querySelector("a, button")?.focus();
      return;
    }
    shown.querySelector("progress").max = now.querySelector("progress").max;
    shown.querySelector("progress").value = now.querySelector("progress").value;
    // Only what sees the page: told at each step it would talk all the time.
    shown.querySelector("p").removeAttribute("role");
    shown.querySelector("p").textContent = now.querySelector("p").textContent;
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
