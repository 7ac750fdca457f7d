// Around Blazor's circuit: says what became of the connection, and never reloads over something typed.
const dialog = document.getElementById("components-reconnect-modal");

function show(state) {
  if (dialog.dataset.state === "ended") return;
  dialog.dataset.state = state;
  for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  dialog.setAttribute("aria-labelledby", `circuit-${state}`);
  if (!dialog.open) dialog.showModal();
}

function typed() {
  return [...document.querySelectorAll("main :is(input:not([type=checkbox], [type=search], [readonly]), textarea), .mud-dialog :is(input, textarea)")].some(field => field.value.trim());
}

// A WebSocket that is refused does not say why; the same question without one does.
const ask = (more = "") => fetch("/_blazor/negotiate?negotiateVersion=1" + more, { method: "POST" }).catch(() => null);

async function look() {
  const answer = await ask();
  if (answer?.status !== 401) return;
  document.querySelector("main").replaceChildren();
  document.querySelectorAll(".mud-dialog-container, .mud-popover-provider").forEach(layer => { layer.hidden = true; });
  show("ended");
}

dialog.addEventListener("components-reconnect-state-changed", ({ detail }) => {
  switch (detail.state) {
    case "show": show("lost"); look(); break;
    case "retrying": look(); break;
    case "hide": if (dialog.dataset.state === "lost") dialog.close(); break;
    case "failed": case "rejected": case "resume-failed":
      if (detail.state === "rejected" && !typed() && dialog.dataset.state !== "ended") location.reload(); else { show("over"); look(); }
  }
});
dialog.addEventListener("cancel", event => { if (dialog.dataset.state !== "over") event.preventDefault(); });
document.addEventListener("click", event => {
  const act = event.target.closest("[data-circuit]")?.dataset.circuit;
  if (!act) return;
  event.preventDefault();
  if (act === "reload") location.reload(); else dialog.close();
});

// With as many of these pages open as one member may have, this one says so and begins when another is closed.
let full = false;
async function begin() {
  const waiting = document.querySelector(".island-waiting");
  if (!waiting || document.querySelector(".island")) return;
  const answer = await ask("&new");
  if (full && answer?.ok) return location.reload();
  if (answer?.status === 429) {
    full = true;
    waiting.textContent = (await answer.json()).detail;
  }
  setTimeout(begin, 3000);
}
setTimeout(begin, 2000);
