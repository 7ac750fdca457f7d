// What a person would see go wrong in a page, for EveryPageForEveryone: each answers with a line for each thing that it finds.
globalThis.looking = (() => {
  const NAMES = ["aria-label", "title", "alt", "placeholder", "aria-description", "aria-roledescription"];

  const shown = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });

  // For screen readers alone, or above the page until the focus brings it in.
  const unseen = element => {
    for (let one = element; one; one = one.parentElement) {
      if (getComputedStyle(one).position !== "absolute") continue;
      const { width, height, bottom } = one.getBoundingClientRect();
      if ((width <= 1 && height <= 1) || bottom + scrollY <= 0) return true;
    }
    return false;
  };

  const path = element => {
    const own = one => one.localName + (one.id ? `#${one.id}` : "") + [...one.classList].map(name => `.${name}`).join("");
    return [element.parentElement, element].filter(one => one).map(own).join(" > ");
  };

  const line = (element, text) => `${path(element)}: ${text.trim().replace(/\s+/g, " ").slice(0, 80)}`;

  function* textsIn(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && !node.parentElement.closest("script, style, noscript, template")) yield node;
    }
  }

  const placesOf = node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(place => place.width > 0 && place.height > 0);
  };

  const seenTexts = () => [...textsIn(document.body)]
    .filter(node => shown(node.parentElement) && !unseen(node.parentElement) && !node.parentElement.closest("option, textarea"))
    .map(node => ({ node, element: node.parentElement, places: placesOf(node) }))
    .filter(text => text.places.length > 0);

  // Whose words go on behind the edge, although nobody can scroll to them.
  function clippedBy({ element, places }) {
    for (let one = element; one && one !== document.documentElement; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.display === "inline" || style.display === "contents") continue;
      const scrolls = value => value === "auto" || value === "scroll";
      const cuts = value => value === "hidden" || value === "clip";
      if (scrolls(style.overflowX) || scrolls(style.overflowY)) return null;
      if (!cuts(style.overflowX) && !cuts(style.overflowY)) continue;
      const box = one.getBoundingClientRect();
      const wide = cuts(style.overflowX) && places.some(place => place.left < box.left - 1 || place.right > box.right + 1);
      const high = cuts(style.overflowY) && places.some(place => place.top < box.top - 2 || place.bottom > box.bottom + 2);
      // Three dots say that there is more: for what people wrote, which stands whole where it leads.
      if ((wide && style.textOverflow === "ellipsis") || (high && style.webkitLineClamp !== "none")) return one.title ? "" : "…";
      if (wide || high) return path(one);
    }
    return null;
  }

  const BOXES = "button, .button, .badge, .tag, .tabs a, .menu-item, .choice-boxed, summary, th, td, label:not(.mud-input-label), .notice, .card";

  const clipped = () => {
    const found = [];
    for (const text of seenTexts()) {
      const by = clippedBy(text);
      if (by === "") continue;
      if (by && by !== "…") found.push(`cut off by ${by}: ${line(text.element, text.node.data)}`);
      // MudBlazor's label lies in its field until something is in it.
      if (by === "…" && text.node.data.includes("⟦") && !text.element.closest(".mud-input-label")) found.push(`shortened: ${line(text.element, text.node.data)}`);
      if (by) continue;
      const box = text.element.closest(BOXES);
      if (!box || getComputedStyle(box).display === "inline") continue;
      const edge = box.getBoundingClientRect();
      if (text.places.some(place => place.left < edge.left - 1 || place.right > edge.right + 1 || place.bottom > edge.bottom + 2 || place.top < edge.top - 2))
        found.push(`out of its box ${path(box)}: ${line(text.element, text.node.data)}`);
    }
    return found;
  };

  const floats = element => {
    for (let one = element; one; one = one.parentElement) if (["absolute", "fixed", "sticky"].includes(getComputedStyle(one).position)) return true;
    return false;
  };

  // What of it the parts around it let through.
  const through = (element, place) => {
    let { left, top, right, bottom } = place;
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const box = one.getBoundingClientRect();
      [left, top, right, bottom] = [Math.max(left, box.left), Math.max(top, box.top), Math.min(right, box.right), Math.min(bottom, box.bottom)];
    }
    return { left, top, right, bottom };
  };

  // Words that lie on other words. What floats over the page lies there on purpose.
  const overlapping = () => {
    const found = [];
    const places = seenTexts().filter(text => !floats(text.element)).flatMap(text => text.places.map(place => ({ ...text, place: through(text.element, place) })))
      .filter(({ place }) => place.right > place.left && place.bottom > place.top).sort((a, b) => a.place.top - b.place.top);
    for (let i = 0; i < places.length; i++) {
      const a = places[i].place;
      for (let j = i + 1; j < places.length && places[j].place.top < a.bottom - 4; j++) {
        const b = places[j].place;
        if (places[i].node === places[j].node || Math.min(a.right, b.right) - Math.max(a.left, b.left) < 3 || Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) < 5) continue;
        found.push(`${line(places[i].element, places[i].node.data)} lies on ${line(places[j].element, places[j].node.data)}`);
      }
    }
    return found;
  };

  // The page itself, and parts that one has to push sideways although they are neither table nor code nor a field.
  const sideways = () => {
    const found = [];
    const page = document.documentElement;
    if (page.scrollWidth > innerWidth) {
      const far = [...document.body.querySelectorAll("*")].filter(one => shown(one) && one.getBoundingClientRect().right > innerWidth + 1).at(-1);
      found.push(`${page.scrollWidth} px wide, as far as ${far ? path(far) : "?"}`);
    }
    for (const one of document.body.querySelectorAll("*")) {
      if (one.scrollWidth <= one.clientWidth + 1 || !["auto", "scroll"].includes(getComputedStyle(one).overflowX) || !shown(one)) continue;
      if (!one.matches("table, pre, input, textarea, select") && !one.querySelector("table, pre")) found.push(`${path(one)} scrolls sideways`);
    }
    return found;
  };

  const TARGETS = "a.button, button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=switch], [role=checkbox], [role=tab], [role=option]";

  // Narrower or lower than 24 px. A link is as high as its line: whether it has room enough is axe's to say.
  const small = () => [...document.querySelectorAll(TARGETS)].filter(one => shown(one) && !unseen(one)).flatMap(one => {
    const boxes = [one, ...(one.labels ?? []), one.closest("label")].filter(box => box).map(box => box.getBoundingClientRect());
    const width = Math.max(...boxes.map(box => box.right)) - Math.min(...boxes.map(box => box.left));
    const height = Math.max(...boxes.map(box => box.bottom)) - Math.min(...boxes.map(box => box.top));
    return width < 23.9 || height < 23.9 ? [`${Math.round(width)} × ${Math.round(height)} px: ${line(one, one.ariaLabel || one.textContent)}`] : [];
  });

  // What people wrote, and what the browser or the list of time zones calls by its name.
  const THEIRS = ".prose:not(ul), blockquote, .avatar, .poll-text, .poll-voters, .search-snippet, .call-text, .quote-choice .choice-text, .question-choices .choice-text, .question-words, time, textarea, code, kbd, pre, select[id$=zone] option";

  // What stands in the page and has a path to it: texts and names that should come from the resources.
  const words = () => {
    const found = [{ where: "title", text: document.title }];
    for (const node of textsIn(document.body))
      if (!node.parentElement.closest(THEIRS)) found.push({ where: path(node.parentElement), text: node.data });
    for (const element of document.querySelectorAll(NAMES.map(name => `[${name}]`).join(", "))) {
      if (element.closest(THEIRS)) continue;
      for (const name of NAMES) if (element.getAttribute(name)) found.push({ where: `${path(element)} @${name}`, text: element.getAttribute(name) });
    }
    return found.map(({ where, text }) => ({ where, text: text.trim().replace(/\s+/g, " ") }));
  };

  // Where the focus cannot be seen. After the last stop of a page it is nowhere, as the browser's own stops come then.
  const focusUnseen = () => {
    const one = document.activeElement;
    if (one === document.body || one === document.documentElement) return "";
    const framed = element => {
      const style = getComputedStyle(element);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1.5) || style.boxShadow !== "none";
    };
    const around = [one, one.closest("label"), one.closest(".composer-box"), one.closest(".mud-input-control"), one.matches(".cover") ? one.closest("li, article") : null].filter(element => element);
    // Within a field for a time the browser frames its own button.
    if (!around.some(framed) && !one.matches("[type=time], [type=date]")) return `no frame around ${path(one)}`;
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth ? `out of sight: ${path(one)}` : "";
  };

  return { focusUnseen, clipped, overlapping, sideways, small, words };
})();
