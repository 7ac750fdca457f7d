// The SignalR JSON protocol over one WebSocket a page: handshake, calls, events, pings, and coming back after a cut.
const END = "\x1e";
const INVOCATION = 1, COMPLETION = 3, PING = 6, CLOSE = 7;
// The server pings every 10 seconds: longer silence is a dead wire.
const DEAD = 25_000, DOUBTFUL = 12_000;
// How long to wait where the member has as many pages open as one may.
const FULL = 10_000;

class Hub extends EventTarget {
  #socket = null; #calls = new Map(); #next = 1; #tries = 0; #heard = { wall: 0, page: 0 }; #timer = 0; #began = 0; #watching = false; #ended = false;

  constructor(path) {
    super();
    this.url = new URL(path, location.href.replace(/^http/, "ws"));
  }

  get open() { return this.#socket?.ready === true; }

  /** Connects; a second call changes nothing. */
  start() {
    if (this.#socket || this.#ended) return;
    if (!this.#watching) this.#watch();
    this.#connect();
  }

  /** No more of it in this page: its member is logged out, or another one logged in. */
  end() {
    if (this.#ended) return;
    this.#ended = true;
    this.#cut();
    this.dispatchEvent(new Event("ended"));
  }

  call(target, ...args) {
    if (!this.open) return Promise.reject(new Offline());
    const invocationId = String(this.#next++);
    return new Promise((resolve, reject) => {
      this.#calls.set(invocationId, { resolve, reject });
      this.#socket.send(JSON.stringify({ type: INVOCATION, invocationId, target, arguments: args }) + END);
    });
  }

  #watch() {
    this.#watching = true;
    // A phone that finds its network again, a laptop that wakes, a page that comes back from the history: look at once.
    addEventListener("online", () => this.#look(0));
    document.addEventListener("resume", () => this.#look(DOUBTFUL));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#look(DOUBTFUL));
    addEventListener("pagehide", () => this.#cut());
    addEventListener("pageshow", event => event.persisted && this.#look(0));
    setInterval(() => {
      if (this.open && this.#silence() < DEAD) this.#socket.send(`{"type":${PING}}${END}`);
      else if (this.#socket && Date.now() - this.#began > DOUBTFUL) this.#look(0);
    }, 8000);
  }

  // A sleeping machine stops one clock and not the other.
  #silence() { return Math.max(Date.now() - this.#heard.wall, performance.now() - this.#heard.page); }

  #look(patience) {
    if (this.#ended || (this.open && this.#silence() < patience)) return;
    this.#tries = 0;
    this.#cut();
    this.#connect();
  }

  #cut() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    socket.close();
    this.#offline();
  }

  #connect() {
    clearTimeout(this.#timer);
    this.#began = Date.now();
    const socket = this.#socket = new WebSocket(this.url);
    let rest = "";
    socket.onopen = () => socket.send(`{"protocol":"json","version":1}${END}`);
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heard = { wall: Date.now(), page: performance.now() };
      const frames = (rest + data).split(END);
      rest = frames.pop();
      for (const frame of frames) this.#take(socket, JSON.parse(frame));
    };
    socket.onclose = () => this.#lost(socket);
  }

  #take(socket, message) {
    if (message.type === undefined) {
      if (message.error) return socket.close();
      socket.ready = true;
      this.#tries = 0;
      this.dispatchEvent(new Event("open"));
    } else if (message.type === INVOCATION) {
      this.dispatchEvent(new CustomEvent(message.target, { detail: message.arguments[0] }));
    } else if (message.type === COMPLETION) {
      const call = this.#calls.get(message.invocationId);
      this.#calls.delete(message.invocationId);
      if (message.error) call?.reject(new Refused(message.error)); else call?.resolve(message.result);
    } else if (message.type === CLOSE) socket.close();
  }

  async #lost(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#offline();
    // All come back after a restart, but not all in the same moment.
    if (this.#ended) return;
    const wait = Math.min(5000, 250 * 2 ** this.#tries++) * (0.5 + Math.random());
    const refused = socket.ready ? {} : await this.#refused();
    if (this.#ended || this.#socket) return;
    clearTimeout(this.#timer);
    if (refused.ended) return this.end();
    if (refused.full) this.dispatchEvent(new CustomEvent("full", { detail: refused.full }));
    this.#timer = setTimeout(() => this.#connect(), refused.full ? FULL * (0.5 + Math.random()) : wait);
  }

  #offline() {
    for (const call of this.#calls.values()) call.reject(new Offline());
    this.#calls.clear();
    this.dispatchEvent(new Event("close"));
  }

  // A socket does not say why it was refused; a plain request does. A server that does not answer is only away.
  async #refused() {
    try {
      const answer = await fetch(`${this.url.pathname}/negotiate?negotiateVersion=1`, { method: "POST", signal: AbortSignal.timeout(5000) });
      return { ended: answer.status === 401 || answer.status === 403, full: answer.status === 429 && (await answer.json()).detail };
    } catch { return {}; }
  }
}

export class Offline extends Error {}
export class Refused extends Error {
  constructor(error) { super(error.replace(/^.*HubException: /, "")); }
}

export const hub = new Hub("/hubs/conversations");
