// The key / leads to the search, unless one is writing.
addEventListener("keydown", event => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog, .mud-dialog")) return;
  event.preventDefault();
  const field = document.querySelector(".search-form input[type=search]");
  if (field) { field.focus(); field.select(); } else location.assign("/search");
});
