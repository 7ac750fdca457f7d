// The button to sound and picture. What they need is loaded when it is pressed, and not before.
import { tab } from "./tab.js";

const section = document.querySelector("[data-media]"), button = section.querySelector("[data-join]");
const store = `sound ${section.dataset.media}`;
const wasThere = () => { try { return localStorage.getItem("vet:media") !== null; } catch { return false; } };
let sound = null;

async function join() {
  const { Sound } = await import("./media.js");
  sound ??= new Sound(section, store);
  await sound.join();
}

button.addEventListener("click", () => {
  // Nobody is seen or heard who has not seen and heard themselves once in this browser.
  if (!wasThere()) location.assign(section.querySelector("a[href$='/devices']").href);
  else join();
});

// One joins while the session is being held.
const stage = document.querySelector(".stage-now");
function look() {
  const phase = stage?.dataset.phase ?? section.dataset.phase;
  section.hidden = phase !== "Planned" && phase !== "Running";
  button.hidden = phase !== "Running";
  section.querySelector("[data-later]").hidden = phase === "Running";
  if (!("joined" in section.dataset)) section.querySelector("[data-lead]").hidden = phase !== "Running";
}
if (stage) new MutationObserver(look).observe(stage, { attributes: true, attributeFilter: ["data-phase"] });
look();

// Whoever pressed it on the page of the devices, or was in when this page was loaded anew; a link of somebody else makes nobody heard.
const was = () => !button.hidden && tab.get(store) !== null;
if (was()) join();
addEventListener("pageshow", event => event.persisted && was() && join());
