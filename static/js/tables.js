// Dense tables by keyboard: j and k move, x selects, Enter opens, a presses the row's own "assign to me".
const rowsOf = (table) => [...table.querySelectorAll("tbody tr[data-row]")];
const current = (table) => table.querySelector("tr[data-row][aria-selected='true']");

const go = (table, step) => {
  const rows = rowsOf(table);
  if (!rows.length) return;
  const at = rows.indexOf(current(table));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows.forEach((row) => row.removeAttribute("aria-selected"));
  next.setAttribute("aria-selected", "true");
  next.scrollIntoView({ block: "nearest" });
  // The row's link, so that Enter opens it: the box that chooses a row stands before it.
  (next.querySelector("a[href]") ?? next.querySelector("button, input"))?.focus({ preventScroll: true });
};

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest("textarea, select, [contenteditable='true'], dialog, input:not([type='checkbox'])")) return;
  const table = document.querySelector("table[data-keys]");
  if (!table) return;
  if (event.key === "j") go(table, 1);
  else if (event.key === "k") go(table, -1);
  else if (event.key === "x") {
    const box = current(table)?.querySelector("input[type='checkbox']");
    if (box) box.click();
  } else if (event.key === "a") {
    current(table)?.querySelector("[data-assign]")?.click();
  } else if (event.key === "Enter" && !target.closest("a, button, summary, input:not([data-row] input)")) {
    // On the box of a row it would send the form that the box belongs to.
    event.preventDefault();
    (current(table) ?? rowsOf(table)[0])?.querySelector("a[href]")?.click();
  }
});
