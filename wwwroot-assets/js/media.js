// Sound and picture from browser to browser. The server says who is there; each browser connects to each of the others.
import { hub, Offline } from "./hub.js";
import { choose, chosen, limitsOf, open, reasonOf, sentenceOf, wishOf } from "./capture.js";
import { Negotiation } from "./negotiation.js";
import { tab } from "./tab.js";

const TRIES = 4, PAUSE = 3000, EARLY = 200;

export class Sound {
  #section; #slug; #room; #language; #store; #words; #errors; #at;
  #state = "out"; #me = null; #version = -1; #ice = []; #peers = new Map(); #early = new Map(); #own = null; #said = null;
  #tracks = { microphone: null, camera: null, screen: null }; #choice = null; #entering = false; #tries = 0; #timer = 0; #busy = false; #failed = "";

  constructor(section, store) {
    this.#section = section;
    ({ media: this.#slug, room: this.#room, language: this.#language } = section.dataset);
    this.#store = store;
    this.#words = JSON.parse(section.dataset.says);
    this.#errors = JSON.parse(section.dataset.errors);
    this.#at = selector => section.querySelector(selector);
    section.addEventListener("click", event => this.#pressed(event));
    this.#at("[data-mode]").addEventListener("change", event => this.#want(event.target.value));
    const mine = (name, act) => hub.addEventListener(name, ({ detail }) => detail.session === this.#slug && this.#state !== "out" && act(detail));
    mine("MediaPeers", told => this.#me && !this.#entering && this.#apply(told));
    mine("MediaSignal", signal => this.#signal(signal));
    mine("MediaMuted", ({ by }) => this.#muted(by));
    mine("MediaGone", ({ why }) => this.#out(this.#words[`Gone_${why}`]));
    // Whoever is still being asked for a microphone comes in afterwards, with it.
    hub.addEventListener("open", () => this.#state === "in" && this.#enter());
    hub.addEventListener("close", () => this.#state !== "out" && this.#say(this.#words.Lost));
    hub.addEventListener("ended", () => this.#state !== "out" && this.#out(this.#words.Gone_over));
    hub.addEventListener("AccessEnded", ({ detail }) => detail.conversation === this.#room && this.#state !== "out" && this.#out(this.#words.Gone_over));
    // Before the hub closes its line: the others need not wait for the silence of this page.
    addEventListener("pagehide", () => {
      if (this.#state === "out") return;
      hub.call("LeaveMedia", this.#slug).catch(() => {});
      this.#close();
    }, { capture: true });
  }

  async join() {
    if (this.#state !== "out") return;
    this.#state = "opening";
    this.#tries = 0;
    this.#say("");
    this.#at("[data-join]").disabled = true;
    this.#choice = chosen() ?? { microphone: "", camera: "", mode: "all" };
    const got = await open(this.#choice);
    if (this.#state !== "opening") { for (const track of [got.microphone, got.camera]) track?.stop(); return; }
    this.#state = "in";
    this.#keep("microphone", got.microphone);
    this.#keep("camera", got.camera);
    this.#failed = got.failed.length > 0 ? `${this.#sentences(got.failed)} ${this.#words.AllTheSame}` : "";
    this.#say(this.#failed);
    hub.start();
    if (hub.open) this.#enter();
  }

  #say(text) {
    const line = this.#at("[data-line]");
    if (line.textContent !== text) line.textContent = text;
  }

  #sentences(failed) { return failed.map(({ thing, reason }) => sentenceOf(this.#errors, reason, thing)).join(" "); }

  // With every line anew: the server forgets who is here when it starts, and keeps a place for some seconds when a line is cut.
  async #enter() {
    if (this.#entering) return;
    this.#entering = true;
    clearTimeout(this.#timer);
    try {
      await hub.call("Open", this.#room, Number.MAX_SAFE_INTEGER, `html:${this.#language}`);
      const told = await hub.call("JoinMedia", this.#slug, this.#me);
      this.#entering = false;
      if (this.#state === "out") { hub.call("LeaveMedia", this.#slug).catch(() => {}); return; }
      this.#came(told);
    } catch (error) {
      this.#entering = false;
      if (this.#state === "out" || error instanceof Offline) return;
      this.#say(error.message);
      if (this.#me && ++this.#tries < TRIES) this.#timer = setTimeout(() => hub.open && this.#enter(), PAUSE);
      else this.#out(error.message);
    }
  }

  #came(told) {
    const isSame = told.peer === this.#me, line = this.#at("[data-line]"), isNew = this.#me === null;
    this.#tries = 0;
    if (!isSame) {
      for (const peer of [...this.#peers.values()]) this.#part(peer);
      this.#me = told.peer;
    }
    this.#version = -1;
    this.#ice = told.iceServers.map(({ urls, username, credential }) => username ? { urls, username, credential } : { urls });
    const mine = told.peers.find(one => one.peer === this.#me);
    // Muted by somebody while the line was lost.
    if (isSame && this.#said?.microphone && mine && !mine.microphone && this.#tracks.microphone) this.#tracks.microphone.enabled = false;
    this.#show(isNew);
    this.#apply(told, true);
    if (isSame) for (const peer of this.#peers.values()) peer.negotiation.again();
    if (isNew) this.#say(this.#failed || this.#words.YouAreIn);
    else if (line.textContent === this.#words.Lost) this.#say("");
    this.#tell();
    tab.set(this.#store, "in");
  }

  // The list is whole each time; one that is older than what is here says nothing.
  #apply({ version, peers }, isFirst = false) {
    if (version < this.#version) return;
    this.#version = version;
    const said = [];
    for (const [id, peer] of [...this.#peers]) {
      if (peers.some(one => one.peer === id)) continue;
      said.push(this.#words.Went.replace("{0}", peer.told.name));
      this.#part(peer);
    }
    for (const told of peers) {
      if (told.peer === this.#me) { this.#ownTile(told); continue; }
      const peer = this.#peers.get(told.peer) ?? this.#meet(told, isFirst ? null : said), before = peer.told;
      peer.told = told;
      if (before.pictures !== told.pictures) this.#dress(peer);
      if (before.away && !told.away) peer.negotiation.again();
      this.#paint(peer);
    }
    if (said.length > 0) this.#say(said.join(" "));
  }

  #meet(told, said) {
    const pc = new RTCPeerConnection({ iceServers: this.#ice }), isPolite = this.#me > told.peer;
    const peer = { pc, told, tile: this.#tile(told) };
    peer.negotiation = new Negotiation(pc, isPolite, (kind, text) => hub.call("SignalMedia", { session: this.#slug, to: told.peer, kind, text }), () => this.#dress(peer));
    pc.ontrack = ({ track }) => {
      const place = peer.tile.querySelector(track.kind);
      place.srcObject = new MediaStream([track]);
      // A picture that goes before it has begun is refused as well; that is nobody's press.
      place.play().catch(error => error.name === "NotAllowedError" && this.#state !== "out" && this.#waitForPress());
      this.#paint(peer);
    };
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === "failed") peer.negotiation.again();
      if (pc.connectionState === "connected") this.#dress(peer);
      this.#paint(peer);
    };
    this.#peers.set(told.peer, peer);
    // One of the two makes both ways, for sound and for pictures; what goes along them changes without a word between the browsers.
    if (!isPolite) {
      pc.addTransceiver("audio", { direction: "sendrecv" });
      pc.addTransceiver("video", { direction: "sendrecv" });
      this.#dress(peer);
    }
    for (const { kind, text } of this.#early.get(told.peer) ?? []) peer.negotiation.take(kind, text);
    this.#early.delete(told.peer);
    said?.push(this.#words.Came.replace("{0}", told.name));
    return peer;
  }

  #part(peer) {
    peer.negotiation.close();
    peer.tile.remove();
    this.#peers.delete(peer.told.peer);
  }

  // The first one of each kind carries what this browser sends; more than that a browser of somebody else may want, and does not get.
  async #dress(peer) {
    const seen = new Set();
    for (const way of peer.pc.getTransceivers()) {
      const { kind } = way.receiver.track, isFirst = !seen.has(kind);
      seen.add(kind);
      const track = !isFirst ? null : kind === "audio" ? this.#tracks.microphone : peer.told.pictures ? this.#tracks.screen ?? this.#tracks.camera : null;
      try {
        way.direction = isFirst ? "sendrecv" : "inactive";
        if (way.sender.track !== track) await way.sender.replaceTrack(track);
        const parameters = way.sender.getParameters();
        if (!parameters.encodings?.length) continue;
        Object.assign(parameters.encodings[0], limitsOf(kind, this.#choice.mode, kind === "video" && this.#tracks.screen !== null));
        await way.sender.setParameters(parameters);
      } catch { /* closed meanwhile; what is sent anew is dressed anew */ }
    }
  }

  #signal({ from, kind, text }) {
    const peer = this.#peers.get(from);
    if (peer) { peer.negotiation.take(kind, text); return; }
    // Whom the list has not named yet: it is on its way.
    const early = this.#early.get(from) ?? [];
    if (this.#early.size > 10 || early.length >= EARLY) return;
    this.#early.set(from, [...early, { kind, text }]);
  }

  #tile(told) {
    const tile = this.#at("template[data-tile]").content.cloneNode(true).firstElementChild;
    tile.dataset.peer = told.peer;
    tile.querySelector("[data-name]").textContent = told.name;
    for (const button of tile.querySelectorAll("[data-lead-act]")) button.textContent = this.#words[button.dataset.leadAct === "MuteMedia" ? "MuteThem" : "RemoveThem"].replace("{0}", told.name);
    this.#at("[data-tiles]").append(tile);
    return tile;
  }

  #paint({ tile, told, pc }) {
    const state = pc?.connectionState, shown = {
      away: told.away, failed: state === "failed", connecting: !told.away && state !== undefined && state !== "connected" && state !== "failed",
      muted: !told.microphone, without: !told.camera && !told.screen, screen: told.screen,
    };
    for (const one of tile.querySelectorAll("[data-state]")) one.hidden = !shown[one.dataset.state];
    tile.toggleAttribute("data-screen", told.screen);
    const video = tile.querySelector("video"), sees = (told.camera || told.screen) && (!pc || this.#choice.mode !== "sound");
    video.hidden = !sees;
    video.setAttribute("aria-label", tile.querySelector("[data-name]").textContent);
    tile.querySelector(".media-none").hidden = sees;
    if (!pc) return;
    // Who is muted is not played by anybody, whatever their browser does.
    tile.querySelector("audio").muted = !told.microphone;
    for (const button of tile.querySelectorAll("[data-lead-act=MuteMedia]")) button.hidden = !told.microphone;
  }

  #ownTile(told) {
    if (!this.#own) {
      const name = this.#words.You.replace("{0}", told.name);
      this.#own = { tile: this.#tile({ ...told, name }), told };
      this.#own.tile.dataset.mine = "";
      this.#own.tile.querySelector("[data-leads]")?.remove();
      this.#own.tile.querySelector("audio").remove();
      this.#at("[data-tiles]").prepend(this.#own.tile);
    }
    this.#own.tile.dataset.peer = told.peer;
    this.#own.told = told;
    this.#paintOwn();
  }

  // One's own picture is what goes out, and not what the server has heard of it.
  #paintOwn() {
    if (!this.#own) return;
    const { microphone, camera, screen } = this.#tracks, track = screen ?? camera, video = this.#own.tile.querySelector("video");
    if (video.srcObject?.getVideoTracks()[0] !== track) video.srcObject = track ? new MediaStream([track]) : null;
    this.#paint({ tile: this.#own.tile, told: { ...this.#own.told, microphone: Boolean(microphone?.enabled), camera: Boolean(camera), screen: Boolean(screen), away: false } });
  }

  #show(isNew) {
    this.#at("[data-before]").hidden = this.#at("[data-lead]").hidden = true;
    this.#at("[data-within]").hidden = this.#at("[data-tiles]").hidden = false;
    this.#section.dataset.joined = "";
    this.#label();
    if (isNew) this.#at("[data-act=microphone]").focus({ preventScroll: true });
  }

  #label() {
    const { microphone, camera, screen } = this.#tracks, words = this.#words, isSound = this.#choice.mode === "sound";
    this.#at("[data-act=microphone]").textContent = microphone?.enabled ? words.Mute : words.Unmute;
    this.#at("[data-act=camera]").textContent = camera ? words.CameraOff : words.CameraOn;
    this.#at("[data-act=screen]").textContent = screen ? words.StopScreen : words.ShareScreen;
    this.#at("[data-act=camera]").disabled = isSound;
    this.#at("[data-act=screen]").disabled = isSound;
    this.#at("[data-act=screen]").hidden = !navigator.mediaDevices?.getDisplayMedia;
    this.#at("[data-mode]").value = this.#choice.mode;
    this.#paintOwn();
  }

  // What goes along the ways, and what the others are told of it.
  async #changed() {
    this.#label();
    this.#tell();
    await Promise.all([...this.#peers.values()].map(peer => this.#dress(peer)));
    for (const peer of this.#peers.values()) this.#paint(peer);
  }

  #tell() {
    const { microphone, camera, screen } = this.#tracks;
    this.#said = { microphone: Boolean(microphone?.enabled), camera: Boolean(camera), screen: Boolean(screen), pictures: this.#choice.mode !== "sound" };
    // Where the line is lost now, it is told when it is back.
    hub.call("SetMedia", { session: this.#slug, ...this.#said }).catch(error => !(error instanceof Offline) && this.#state !== "out" && this.#say(error.message));
  }

  #keep(thing, track) {
    this.#tracks[thing]?.stop();
    this.#tracks[thing] = track;
    // Pulled out, or ended beside the page's own button.
    track?.addEventListener("ended", () => {
      if (this.#tracks[thing] !== track) return;
      this.#tracks[thing] = null;
      this.#changed();
    });
  }

  #muted(by) {
    if (this.#tracks.microphone) this.#tracks.microphone.enabled = false;
    this.#said = { ...this.#said, microphone: false };
    this.#label();
    this.#say(this.#words.MutedBy.replace("{0}", by));
  }

  async #pressed({ target }) {
    const button = target.closest("button");
    if (button?.dataset.leadAct) {
      const { peer } = button.closest("[data-peer]").dataset;
      hub.call(button.dataset.leadAct, this.#slug, peer).catch(error => error.message && this.#say(error.message));
      return;
    }
    const act = button?.dataset.act;
    if (!act || this.#state === "out") return;
    if (act === "leave") {
      hub.call("LeaveMedia", this.#slug).catch(() => {});
      this.#out(this.#words.YouLeft);
      return;
    }
    // One question at a time: the browser may be asking. What is there is switched off all the same.
    const asks = !this.#tracks[act];
    if (asks && this.#busy) return;
    if (asks) this.#busy = true;
    try { await this.#switch(act); } finally { if (asks) this.#busy = false; }
  }

  async #switch(act) {
    const track = this.#tracks[act];
    if (act === "microphone" && track) track.enabled = !track.enabled;
    else if (track) this.#keep(act, null);
    else if (act === "screen") {
      const got = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 10 } }, audio: false }).catch(error => {
        // Whoever closes the browser's own question has decided.
        if (reasonOf(error) !== "denied") this.#say(sentenceOf(this.#errors, reasonOf(error), "camera"));
        return null;
      });
      if (!got) return;
      // Left meanwhile, or sound alone was chosen.
      if (this.#state === "out" || this.#choice.mode === "sound") { got.getTracks().forEach(one => one.stop()); return; }
      this.#keep("screen", got.getVideoTracks()[0]);
    } else {
      const wish = { microphone: "none", camera: "none", mode: this.#choice.mode };
      wish[act] = this.#choice[act] === "none" ? "" : this.#choice[act];
      const got = await open(wish);
      if (this.#state === "out" || (act === "camera" && this.#choice.mode === "sound")) { got[act]?.stop(); return; }
      this.#say(this.#sentences(got.failed));
      if (got[act]) this.#keep(act, got[act]);
    }
    this.#changed();
  }

  async #want(mode) {
    choose({ mode });
    this.#choice = { ...this.#choice, mode };
    if (mode === "sound") {
      this.#keep("camera", null);
      this.#keep("screen", null);
    } else await this.#tracks.camera?.applyConstraints(wishOf("camera", "", mode)).catch(() => {});
    if (this.#state !== "out") this.#changed();
  }

  // A browser that plays nothing before somebody presses somewhere.
  #waitForPress() {
    this.#say(this.#words.PressToHear);
    document.addEventListener("click", () => {
      for (const one of this.#section.querySelectorAll("audio, video")) one.play().catch(() => {});
      this.#say("");
    }, { once: true });
  }

  #out(sentence) {
    this.#close();
    tab.drop(this.#store);
    const held = this.#section.contains(document.activeElement);
    this.#at("[data-before]").hidden = this.#at("[data-lead]").hidden = false;
    this.#at("[data-within]").hidden = this.#at("[data-tiles]").hidden = true;
    delete this.#section.dataset.joined;
    this.#at("[data-join]").disabled = false;
    if (held) this.#at("[data-join]").focus({ preventScroll: true });
    this.#say(sentence);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#state = "out";
    for (const peer of [...this.#peers.values()]) this.#part(peer);
    for (const thing of Object.keys(this.#tracks)) this.#keep(thing, null);
    this.#own?.tile.remove();
    this.#own = this.#me = this.#said = null;
    this.#early.clear();
  }
}
