// The pure parts of sound and picture, out of the browser: two that negotiate over a slow and forgetful line, loudness, and what is asked of devices.
import { Negotiation } from "./own/negotiation.js";
import { levelOf } from "./own/level.js";
import { limitsOf, reasonOf, sentenceOf, wishOf } from "./own/capture.js";

// What the specification says of the states of a connection, of the chain of its operations and of when it asks to negotiate; and nothing else.
class FakeConnection {
  signalingState = "stable"; localDescription = null; remoteDescription = null; connectionState = "new"; #number = 0; #name; #chain = []; #isNeeded = false;

  constructor(name) { this.#name = name; }

  #next(operation) {
    return new Promise((resolve, reject) => {
      this.#chain.push(async () => {
        await null;
        try { resolve(await operation()); } catch (error) { reject(error); }
        this.#chain.shift();
        if (this.#chain.length > 0) this.#chain[0](); else this.#ask();
      });
      if (this.#chain.length === 1) this.#chain[0]();
    });
  }

  #ask() {
    queueMicrotask(() => {
      if (!this.#isNeeded || this.#chain.length > 0 || this.signalingState !== "stable") return;
      this.#isNeeded = false;
      this.onnegotiationneeded?.();
    });
  }

  setLocalDescription() {
    return this.#next(async () => {
      if (this.signalingState === "closed") throw new Error("closed");
      const isAnswer = this.signalingState === "have-remote-offer";
      this.localDescription = { type: isAnswer ? "answer" : "offer", sdp: isAnswer ? `answer to ${this.remoteDescription.sdp}` : `offer ${this.#name}${++this.#number}` };
      this.signalingState = isAnswer ? "stable" : "have-local-offer";
      if (isAnswer) this.agreed = this.remoteDescription.sdp;
    });
  }

  setRemoteDescription({ type, sdp }) {
    return this.#next(async () => {
      if (type === "answer") {
        if (this.signalingState !== "have-local-offer" || sdp !== `answer to ${this.localDescription.sdp}`) throw new Error("an answer to nothing");
        this.signalingState = "stable";
        this.agreed = this.localDescription.sdp;
      } else {
        // An own offer is taken back, and what it was for is still wanted.
        if (this.signalingState === "have-local-offer") this.#isNeeded = true;
        this.signalingState = "have-remote-offer";
      }
      this.remoteDescription = { type, sdp };
    });
  }

  addIceCandidate(candidate) {
    return this.#next(async () => { if (!this.remoteDescription || candidate === null) throw new Error("too early"); });
  }

  restartIce() { this.#isNeeded = true; if (this.#chain.length === 0) this.#ask(); }
  close() { this.signalingState = "closed"; }
}

// Numbers that are the same in each run.
function dice(seed) { return () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; }; }

const settled = async () => { for (let turn = 0; turn < 50; turn++) await null; };

async function talk(seed) {
  const random = dice(seed), ends = [new FakeConnection("a"), new FakeConnection("b")], lines = [[], []];
  const sides = ends.map((pc, side) => new Negotiation(pc, side === 1, async (kind, text) => { lines[1 - side].push([kind, text]); }));
  let glares = 0;
  for (let step = 0; step < 40; step++) {
    const what = random();
    if (what < 0.15) ends[0].restartIce();
    else if (what < 0.3) ends[1].restartIce();
    else if (what < 0.35) { ends[0].restartIce(); ends[1].restartIce(); glares++; }
    else {
      const side = random() < 0.5 ? 0 : 1, next = lines[side].shift();
      if (next) sides[side].take(...next);
    }
    if (random() < 0.7) await settled();
  }
  // Nobody wants anything more: what is on its way arrives.
  for (let rest = 0; rest < 200; rest++) {
    for (const side of [0, 1]) { const next = lines[side].shift(); if (next) sides[side].take(...next); }
    await settled();
  }
  return { isStable: ends.every(end => end.signalingState === "stable"), isAgreed: ends[0].agreed === ends[1].agreed, glares };
}

const talks = [];
for (let seed = 1; seed <= 300; seed++) talks.push({ seed, ...await talk(seed) });

// The offer is lost with the line; said again it is answered.
const lost = await (async () => {
  const ends = [new FakeConnection("a"), new FakeConnection("b")], heard = [];
  let isCut = true;
  const first = new Negotiation(ends[0], false, async (kind, text) => { if (!isCut) heard.push([kind, text]); });
  const second = new Negotiation(ends[1], true, async (kind, text) => { first.take(kind, text); });
  ends[0].restartIce();
  await settled();
  const before = ends[0].signalingState;
  isCut = false;
  first.again();
  await settled();
  for (const signal of heard) await second.take(...signal);
  await settled();
  return { before, after: ends.map(end => end.signalingState), again: heard.length };
})();

// What a foreign browser sends breaks nothing.
const nonsense = await (async () => {
  const pc = new FakeConnection("a"), one = new Negotiation(pc, true, async () => {});
  for (const [kind, text] of [["candidate", "{"], ["candidate", "null"], ["answer", "x"], ["rollback", "x"], ["candidate", "7"], ["offer", "x"]]) await one.take(kind, text);
  return pc.signalingState;
})();

const ofNumbers = (length, make) => Float32Array.from({ length }, (_, at) => make(at));
console.log(JSON.stringify({
  failed: talks.filter(one => !one.isStable || !one.isAgreed).map(one => one.seed),
  glares: talks.reduce((sum, one) => sum + one.glares, 0),
  lost,
  nonsense,
  levels: [[], ofNumbers(64, () => 0), ofNumbers(64, at => 0.001 * (at % 2 ? 1 : -1)), ofNumbers(64, at => 0.1 * (at % 2 ? 1 : -1)), ofNumbers(64, () => 1)].map(levelOf),
  wishes: [wishOf("camera", "none", "all"), wishOf("camera", "", "sound"), wishOf("microphone", "x", "sound").deviceId, wishOf("camera", "", "low").width],
  isLess: limitsOf("video", "low").maxBitrate < limitsOf("video", "all").maxBitrate && limitsOf("audio", "low").maxBitrate < limitsOf("audio", "all").maxBitrate && limitsOf("video", "low", true).maxBitrate < limitsOf("video", "all", true).maxBitrate,
  reasons: ["NotAllowedError", "NotFoundError", "OverconstrainedError", "NotReadableError", "Insecure", "Whatever"].map(name => reasonOf({ name })),
  nothing: reasonOf(null),
  sentence: sentenceOf({ Error_none: "No {0} was found.", Thing_camera: "camera" }, "none", "camera"),
}));
