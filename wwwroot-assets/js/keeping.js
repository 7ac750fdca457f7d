// What is typed and not yet stored, kept in this browser: of each page apart, so that two tabs with the same text take nothing from each other.
export class Kept {
  #store; #own; #taken = [];

  constructor(store) {
    this.#store = store;
    this.#own = `${store}#${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  }

  // With the names of those that these words go on from: whoever finds both needs the later ones alone.
  keep(words) {
    const kept = JSON.stringify({ ...words, at: Date.now(), of: this.#taken });
    if (put(this.#own, kept)) return;
    // The store is full, or forbidden, which takes nothing from the text. What nobody came back for makes room.
    for (const key of longAgo(LONG)) drop(key);
    put(this.#own, kept);
  }

  // It is stored, and what was taken is in it. Where another tab went on writing since, that is not.
  forget() {
    drop(this.#own);
    for (const [key, at] of this.#taken) dropAsOf(key, at);
    this.#taken = [];
  }

  // What other pages left, the newest first. What is no news is forgotten.
  others(isNews) {
    const found = [];
    for (const key of keys().filter(key => key === this.#store || (key.startsWith(`${this.#store}#`) && key !== this.#own))) {
      const words = read(key);
      for (const [former, at] of words?.of ?? []) dropAsOf(former, at);
      if (words && isNews(words)) found.push({ key, words });
      else drop(key);
    }
    return found.filter(({ key }) => read(key)).sort((a, b) => (b.words.at ?? 0) - (a.words.at ?? 0));
  }

  // From here on it is this page's, and goes with what this page stores.
  take({ key, words }) { this.#taken.push([key, words.at ?? null]); }
}

const LONG = 90 * 24 * 60 * 60 * 1000;

function put(key, words) { try { localStorage.setItem(key, words); return true; } catch { return false; } }

// What pages kept, and nobody has looked at since.
function longAgo(time) {
  return keys().filter(key => key.includes("#")).filter(key => { const at = read(key)?.at; return Number.isFinite(at) && at < Date.now() - time; });
}

function keys() { try { return Object.keys(localStorage); } catch { return []; } }

function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }

function drop(key) { try { localStorage.removeItem(key); } catch { /* As above. */ } }

function dropAsOf(key, at) { if ((read(key)?.at ?? null) === at) drop(key); }
