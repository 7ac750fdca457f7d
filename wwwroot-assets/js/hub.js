// The SignalR JSON protocol over one WebSocket: handshake, calls, events, pings, and coming back after a cut.
const END = "\x1e";
const INVOCATION = 1, COMPLETION = 3, PING = 6, CLOSE = 7;

export class Hub extends EventTarget {
  #socket = null; #calls = new Map(); #next = 1; #tries = 0; #heard = 0; #timer = 0; #stopped = false;

  constructor(path) {
    super();
    this.url = new URL(path, location.href.replace(/^http/, "ws"));
    // A laptop that wakes, a phone that finds its network again: look at once instead of waiting.
    addEventListener("online", () => this.#look());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#look());
    setInterval(() => this.#beat(), 8000);
  }

  get open() { return this.#socket?.ready === true; }

  start() {
    clearTimeout(this.#timer);
    const socket = this.#socket = new WebSocket(this.url);
    let rest = "";
    socket.onopen = () => socket.send(`{"protocol":"json","version":1}${END}`);
    socket.onmessage = ({ data }) => {
      this.#heard = performance.now();
      const frames = (rest + data).split(END);
      rest = frames.pop();
      for (const frame of frames) this.#take(socket, JSON.parse(frame));
    };
    socket.onclose = () => this.#lost(socket);
  }

  stop() { this.#stopped = true; this.#socket?.close(); }

  call(target, ...args) {
    if (!this.open) return Promise.reject(new Offline());
    const invocationId = String(this.#next++);
    return new Promise((resolve, reject) => {
      this.#calls.set(invocationId, { resolve, reject });
      this.#socket.send(JSON.stringify({ type: INVOCATION, invocationId, target, arguments: args }) + END);
    });
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

  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    for (const call of this.#calls.values()) call.reject(new Offline());
    this.#calls.clear();
    this.dispatchEvent(new Event("close"));
    if (this.#stopped) return;
    // All come back after a restart, but not all in the same moment.
    const wait = Math.min(5000, 250 * 2 ** this.#tries++) * (0.5 + Math.random());
    this.#timer = setTimeout(() => this.start(), wait);
  }

  #beat() {
    const socket = this.#socket;
    if (!this.open) return;
    // A half-open connection says nothing: the server pings every 10 seconds.
    if (performance.now() - this.#heard > 25000) { socket.close(); this.#lost(socket); }
    else socket.send(`{"type":${PING}}${END}`);
  }

  #look() {
    if (this.#stopped) return;
    if (!this.#socket) this.start();
    else if (performance.now() - this.#heard > 12000) { const socket = this.#socket; socket.close(); this.#lost(socket); }
  }
}

export class Offline extends Error {}
export class Refused extends Error {
  constructor(error) { super(error.replace(/^An unexpected error occurred invoking '.*' on the server\. HubException: /, "").replace(/^.*HubException: /, "")); }
}
