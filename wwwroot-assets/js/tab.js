/** What a tab keeps through a reload; in a browser that keeps nothing, nothing. */
export const tab = {
  get(name) { try { return sessionStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { sessionStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ } },
  drop(name) { try { sessionStorage.removeItem(name); } catch { /* the same */ } },
};
