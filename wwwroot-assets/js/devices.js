// Camera and microphone before others see and hear them.
import { choose, chosen, open, sentenceOf } from "./capture.js";
import { HEARD, levelOf } from "./level.js";
import { tab } from "./tab.js";

const page = document.querySelector("[data-devices]"), words = JSON.parse(page.dataset.errors);
const at = selector => page.querySelector(selector);
const line = at("[data-line]"), picture = at("[data-picture]"), meter = at("meter"), heard = at("[data-heard-line]");
const lists = { microphone: at("[data-kind=microphone]"), camera: at("[data-kind=camera]") }, mode = at("[data-mode]");
let choice = chosen() ?? { microphone: "", camera: "", mode: "all" }, tracks = [], context = null, source = null, timer = 0, turn = 0;

const say = (place, text) => { if (place.textContent !== text) place.textContent = text; };

function stop() {
  for (const track of tracks) track.stop();
  tracks = [];
  source?.disconnect();
  source = null;
  clearInterval(timer);
}

async function list() {
  const devices = await navigator.mediaDevices?.enumerateDevices() ?? [];
  for (const [kind, name] of [["microphone", "audioinput"], ["camera", "videoinput"]]) {
    const options = devices.filter(one => one.kind === name && one.deviceId).map(one => new Option(one.label || page.dataset.usual, one.deviceId));
    if (!options.some(one => one.value === choice[kind]) && choice[kind] !== "none") choice[kind] = "";
    const usual = options.length === 0 || choice[kind] === "" ? [new Option(page.dataset.usual, "")] : [];
    lists[kind].replaceChildren(...usual, ...options, lists[kind].options[lists[kind].options.length - 1]);
    lists[kind].value = choice[kind];
  }
  mode.value = choice.mode;
}

function listen(track) {
  context ??= new AudioContext();
  context.resume();
  const analyser = context.createAnalyser(), samples = new Float32Array(analyser.fftSize);
  source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  let last = 0;
  say(heard, page.dataset.silent);
  timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    meter.value = levelOf(samples);
    if (meter.value >= HEARD) last = Date.now();
    // Said once, and taken back only after a while: a line that flickers is read aloud again and again.
    if (last) say(heard, Date.now() - last < 10_000 ? page.dataset.heard : page.dataset.silent);
  }, 100);
}

async function look() {
  const mine = ++turn;
  stop();
  const got = await open(choice);
  const both = [got.microphone, got.camera].filter(Boolean);
  if (mine !== turn) { for (const track of both) track.stop(); return; }
  tracks = both;
  say(line, got.failed.map(({ thing, reason }) => sentenceOf(words, reason, thing)).join(" "));
  picture.srcObject = got.camera ? new MediaStream([got.camera]) : null;
  picture.hidden = !got.camera;
  at("[data-without]").hidden = Boolean(got.camera);
  meter.value = 0;
  say(heard, "");
  if (got.microphone) listen(got.microphone);
  for (const track of tracks) track.addEventListener("ended", () => tracks.includes(track) && look(), { once: true });
  await list();
  at("[data-parts]").hidden = false;
}

at("[data-start]").addEventListener("click", async () => {
  at("[data-start]").disabled = true;
  choose(choice);
  await look();
  at("[data-before]").hidden = tracks.length > 0;
  at("[data-start]").disabled = false;
  if (tracks.length > 0) lists.camera.focus({ preventScroll: true });
});
for (const field of [lists.microphone, lists.camera, mode]) field.addEventListener("change", () => {
  choice = { ...choice, [field.dataset.kind ?? "mode"]: field.value };
  choose(choice);
  look();
});
at("[data-enter]")?.addEventListener("click", event => {
  choose(choice);
  // In a browser that keeps nothing one presses once more there.
  tab.set(event.target.dataset.enter, "in");
});
at("[data-tone]").addEventListener("click", async () => {
  context ??= new AudioContext();
  await context.resume();
  const tone = context.createOscillator(), gain = context.createGain(), now = context.currentTime;
  tone.frequency.value = 440;
  // Up and down softly: a tone that begins at once clicks.
  gain.gain.setValueAtTime(0, now);
  gain.gain.linearRampToValueAtTime(0.3, now + 0.05);
  gain.gain.setValueAtTime(0.3, now + 0.9);
  gain.gain.linearRampToValueAtTime(0, now + 1);
  tone.connect(gain).connect(context.destination);
  tone.start(now);
  tone.stop(now + 1);
  tone.addEventListener("ended", () => say(at("[data-tone-line]"), page.dataset.played));
});
addEventListener("pagehide", stop);
// A press before all this is there would be lost.
for (const part of ["[data-before]", "[data-needs-script]"]) at(part).hidden = false;
