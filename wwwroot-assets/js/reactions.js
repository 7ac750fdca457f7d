// Reactions at the stage: a press goes over the hub, and each button shows how many heads there are at this moment.
import { hub, Offline } from "./hub.js";

const page = document.querySelector("[data-stage]"), form = document.querySelector("[data-reactions]");
const { reactions: room, slug, lost } = form.dataset;
const line = form.querySelector("[data-reactions-line]"), buttons = [...form.querySelectorAll("[data-reaction]")];
const number = new Intl.NumberFormat(page.dataset.language);

function say(text) { if (line.textContent !== text) line.textContent = text; }

form.addEventListener("submit", event => {
  event.preventDefault();
  const button = event.submitter;
  hub.call("StageReact", { session: slug, reaction: button.value }).then(() => say(""), error => say(error instanceof Offline ? lost : error.message));
});
hub.addEventListener("StageReactions", ({ detail }) => {
  if (detail.conversation !== room) return;
  for (const button of buttons) {
    const heads = detail.counts[button.value] ?? 0, place = button.querySelector(".reaction-heads"), text = heads > 0 ? number.format(heads) : "";
    if (place.textContent === text) continue;
    place.textContent = text;
    button.toggleAttribute("data-shown", heads > 0);
  }
});
hub.addEventListener("close", () => { for (const button of buttons) { button.querySelector(".reaction-heads").textContent = ""; button.removeAttribute("data-shown"); } });
// What can be pressed follows the stage.
const follow = () => { const off = page.querySelector(".stage-now")?.dataset.phase !== "Running"; for (const button of buttons) button.disabled = off; };
new MutationObserver(follow).observe(page.querySelector(".stage-now"), { attributes: true, attributeFilter: ["data-phase"] });
