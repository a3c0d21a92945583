// A board: cards are dragged to a column, or moved by their menu, or by the arrow keys with Alt.
// All three press the same button of the card's menu, so that a refused move says why.
import { toast } from "./frame.js";

const menuOf = async (card) => {
  const menu = card.querySelector("details.menu");
  const panel = menu.querySelector("[data-moves]");
  if (!panel.dataset.loaded) {
    const answer = await fetch(panel.dataset.moves, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    panel.replaceChildren(...fresh.body.childNodes);
    panel.dataset.loaded = "1";
    // A dialog inside a closed menu would not be shown.
    for (const dialog of panel.querySelectorAll("dialog")) card.append(dialog);
    window.htmx?.process(panel);
  }
  return menu;
};

const move = async (card, state) => {
  let menu;
  try {
    menu = await menuOf(card);
  } catch {
    return toast(document.body.dataset.failed);
  }
  const button = menu.querySelector(`[data-to="${CSS.escape(state)}"]`);
  if (!button) return toast(card.closest("[data-board]").dataset.noWay);
  if (button.getAttribute("aria-disabled") === "true") return toast(button.dataset.why);
  button.click();
};

document.addEventListener("toggle", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (card && event.target.open) menuOf(card).catch(() => toast(document.body.dataset.failed));
}, true);

let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  dragged.classList.add("is-dragged");
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  for (const column of document.querySelectorAll(".board-col.is-over")) column.classList.remove("is-over");
});
document.addEventListener("dragover", (event) => {
  const column = event.target.closest?.("[data-column]");
  if (!dragged || !column) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".board-col.is-over")) if (other !== column) other.classList.remove("is-over");
  column.classList.add("is-over");
});
document.addEventListener("drop", (event) => {
  const column = event.target.closest?.("[data-column]");
  if (!dragged || !column) return;
  event.preventDefault();
  if (!column.contains(dragged)) move(dragged, column.dataset.column);
});

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || !event.altKey || !["ArrowRight", "ArrowLeft"].includes(event.key)) return;
  event.preventDefault();
  const columns = [...card.closest("[data-board]").querySelectorAll("[data-column]")];
  const next = columns[columns.findIndex((one) => one.contains(card)) + (event.key === "ArrowRight" ? 1 : -1)];
  if (next) move(card, next.dataset.column);
});
