// A journey map: it asks every two seconds whether something is new and takes in only the
// difference, so that nobody who is writing, dragging or reading is disturbed. All changes go to
// one address; by key and menu the same as by drag.
import { toast } from "./frame.js";

const page = document.querySelector("[data-map]");
const data = page.dataset;
const writes = "writes" in data;
const draws = "draws" in data;
const EVERY = 2000;
let tag = data.tag;
let dragged = null; // a card, a step or a feeling on its way
let busy = null;

const $ = (selector, within = document) => within.querySelector(selector);
const token = () => $("input[name='csrfmiddlewaretoken']")?.value ?? "";
const partHere = (name) => new URLSearchParams(location.search).get(name);

// What is new ------------------------------------------------------------------------------------
const mark = () => {
  for (const one of document.querySelectorAll("#board .sel")) one.classList.remove("sel");
  const [card, step] = [partHere("card"), partHere("step")];
  if (card) document.getElementById(`c-${card}`)?.classList.add("sel");
  if (step) for (const one of document.querySelectorAll(`#board [data-step="${CSS.escape(step)}"]`)) one.classList.add("sel");
};

const take = (html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("board");
  if (!fresh) return;
  window.Idiomorph.morph($("#board"), fresh, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      // What somebody is writing here is not on the server yet.
      beforeNodeRemoved: (node) => !(node instanceof Element && node.matches(".jwrite")),
      beforeAttributeUpdated: (name) => name !== "open",
    },
  });
  mark();
};

const look = async () => {
  if (dragged) return;
  const query = data.persona ? `?persona=${encodeURIComponent(data.persona)}` : "";
  const answer = await fetch(data.map + query, {
    // Asked by the page itself: it puts off no end of a session.
    headers: { "If-None-Match": tag, "HX-Request": "true", "X-Background": "1" },
    cache: "no-store",
  });
  if (answer.status === 401) return location.reload();
  if (answer.status !== 200) return;
  const html = await answer.text();
  if (dragged) return; // it is asked again in two seconds
  tag = answer.headers.get("ETag");
  take(html);
  await renew();
};
// One question at a time: an answer on its way is waited for, and then asked again.
const refresh = async () => {
  while (busy) await busy;
  busy = look().catch(() => {});
  await busy;
  busy = null;
};
const poll = async () => {
  if (!document.hidden && !busy) await refresh();
  setTimeout(poll, EVERY);
};
setTimeout(poll, EVERY);
document.addEventListener("visibilitychange", () => document.hidden || refresh());

// What stands beside the board -------------------------------------------------------------------
const panel = () => $("#panel");
const dirty = () => [...panel().querySelectorAll("textarea, input:not([type='hidden']), select")].some((one) =>
  one === document.activeElement
  || (one.type === "checkbox" ? one.checked !== one.defaultChecked : one.nodeName === "SELECT"
    ? [...one.options].some((o) => o.selected !== o.defaultSelected) : one.value !== one.defaultValue));

const show = async (url, background) => {
  const headers = { "HX-Request": "true", "HX-Target": "panel", ...(background && { "X-Background": "1" }) };
  const answer = await fetch(url, { headers, cache: "no-store" });
  if (answer.status !== 200) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("panel");
  if (!fresh) throw new Error("panel");
  panel().replaceWith(fresh);
  window.htmx?.process(fresh);
  mark();
};
// A colleague's change may be about what stands here; what is being written stays as it is.
const renew = async () => {
  if (panel().contains(document.activeElement) || dirty() || !partHere("card") && !partHere("step") && !partHere("lane")) return;
  await show(location.href, true).catch(() => {});
};

const pick = async (href, focus) => {
  history.replaceState(null, "", href);
  await show(href);
  if (!focus) return;
  const first = $("[data-first]", panel()) ?? panel();
  first.focus({ preventScroll: matchMedia("(min-width: 72rem)").matches });
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-pick]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const url = new URL(link.getAttribute("href"), location.href);
  if (data.persona) url.searchParams.set("persona", data.persona);
  pick(url, true).catch(() => toast(document.body.dataset.failed));
});

// Changes ----------------------------------------------------------------------------------------
const send = async (fields) => {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  let answer;
  try {
    answer = await fetch(data.do, {
      method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() },
    });
  } catch {
    toast(document.body.dataset.offline);
    return null;
  }
  if (answer.status === 401) return location.reload(), null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    toast(told.said || data.unsaved);
    return null;
  }
  if (told.said) toast(told.said, "info");
  await refresh();
  return told;
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-act]");
  if (!form) return;
  event.preventDefault();
  delete form.dataset.sent; // sent by a script, it may be sent again
  const fields = new FormData(form, event.submitter);
  const doing = fields.get("do");
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const told = await send(fields);
  delete form.dataset.busy;
  if (!told) return;
  if ("again" in form.dataset) {
    form.reset();
    $("input:not([type='hidden'])", form)?.focus();
    return;
  }
  if (doing.startsWith("remove-")) {
    toast(data.removed, "info");
    const url = new URL(location.href);
    for (const name of ["card", "step", "lane"]) url.searchParams.delete(name);
    return pick(url, false).catch(() => {});
  }
  if (panel().contains(form) || doing === "undo") await show(location.href).catch(() => {});
}, true);

// Writing a card where it shall stand ------------------------------------------------------------
const compose = (cell) => {
  $("#board .jwrite textarea:placeholder-shown")?.closest(".jwrite").remove();
  let form = $(".jwrite", cell);
  if (!form) {
    form = document.createElement("form");
    form.className = "jwrite";
    const text = document.createElement("textarea");
    text.className = "form-control";
    text.maxLength = 500;
    text.placeholder = data.placeholder;
    text.setAttribute("aria-label", $("[data-add]", cell).getAttribute("aria-label"));
    form.append(text);
    $("[data-add]", cell).before(form);
  }
  $("textarea", form).focus();
};
const place = (cell) => ({ lane: cell.closest("tr").dataset.lane, step: cell.dataset.step });

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-add]");
  if (button) compose(button.closest("td"));
});

// Keys -------------------------------------------------------------------------------------------
const cellsOf = (row) => [...row.querySelectorAll("td[data-step]")];
// Keys come faster than answers: each is about the board as the one before left it.
let turn = Promise.resolve();
const inTurn = (move) => {
  turn = turn.then(move).catch(() => {});
};
const moveCard = async (card, key) => {
  if (!card) return;
  const cell = card.closest("td"), row = cell.closest("tr");
  const cards = [...cell.querySelectorAll("[data-card]")], at = cards.indexOf(card);
  let target = cell, before = "";
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const cells = cellsOf(row);
    target = cells[cells.indexOf(cell) + (key === "ArrowRight" ? 1 : -1)];
  } else if (key === "ArrowUp" && at > 0) before = cards[at - 1].dataset.card;
  else if (key === "ArrowDown" && at < cards.length - 1) before = cards[at + 2]?.dataset.card ?? "";
  else {
    const rows = [...document.querySelectorAll("#board tr[data-lane]")];
    const next = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
    target = next && cellsOf(next)[cellsOf(row).indexOf(cell)];
    if (key === "ArrowDown" && target) before = $("[data-card]", target)?.dataset.card ?? "";
  }
  if (!target) return;
  const { card: id } = card.dataset;
  await send({ do: "move-card", card: id, before, ...place(target) });
  const moved = document.getElementById(`c-${id}`);
  moved?.focus();
  moved?.scrollIntoView({ block: "nearest", inline: "nearest" });
};
const moveStep = async (head, key) => {
  if (!head) return;
  const heads = [...head.parentElement.querySelectorAll("th[data-step]")], at = heads.indexOf(head);
  const to = key === "ArrowLeft" ? at - 1 : at + 2;
  if (to < 0 || (key === "ArrowRight" && at === heads.length - 1)) return;
  const { step } = head.dataset;
  await send({ do: "move-step", step, before: heads[to]?.dataset.step ?? "" });
  $("a", document.getElementById(`s-${step}`))?.focus();
};

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  const write = target.closest(".jwrite");
  if (write) {
    if (event.key === "Escape") {
      const back = $("[data-add]", write.closest("td"));
      write.remove();
      return back?.focus();
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    const text = $("textarea", write), said = text.value;
    if (!said.trim() || write.dataset.busy) return;
    write.dataset.busy = "1";
    text.value = "";
    send({ do: "add-card", text: said, ...place(write.closest("td")) }).then((told) => {
      delete write.dataset.busy;
      if (!told && !text.value) text.value = said;
    });
    return;
  }
  if (!$("dialog[open]") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = target.closest("form[data-act]");
    if (form) {
      event.preventDefault();
      form.requestSubmit($("button[type='submit']", form));
    }
    return;
  }
  if (!writes || target.closest("input, textarea, select")) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
    event.preventDefault();
    send({ do: "undo" });
    return;
  }
  const arrow = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key);
  const card = target.closest("[data-card]");
  if (card && event.altKey && arrow) {
    event.preventDefault();
    inTurn(() => moveCard(document.getElementById(card.id), event.key));
  } else if (card && event.key === "Delete") {
    event.preventDefault();
    const stay = $("[data-add]", card.closest("td"));
    send({ do: "remove-card", card: card.dataset.card }).then((told) => {
      if (told) toast(data.removed, "info");
      stay?.focus();
    });
  } else if (draws && event.altKey && arrow && target.closest("th[data-step]")) {
    event.preventDefault();
    const { id } = target.closest("th[data-step]");
    inTurn(() => moveStep(document.getElementById(id), event.key));
  }
});

// Drag: cards into cells or before other cards, steps before other steps --------------------------
const over = (node) => {
  for (const one of document.querySelectorAll("#board .is-over")) if (one !== node) one.classList.remove("is-over");
  node?.classList.add("is-over");
};
const targetOf = (event) => {
  if (!dragged || !(event.target instanceof Element)) return null;
  if (dragged.dataset.card) return event.target.closest("[data-card]") ?? event.target.closest("#board tr[data-lane] > td");
  return event.target.closest("#board th[data-step]");
};
document.addEventListener("dragstart", (event) => {
  const node = event.target.closest?.("#board [data-card][draggable], #board th[draggable]");
  if (!node) return;
  dragged = node;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  node.classList.add("is-dragged");
});
document.addEventListener("dragover", (event) => {
  const target = targetOf(event);
  if (!target) return;
  event.preventDefault();
  over(target);
});
const stop = () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  over(null);
};
document.addEventListener("dragend", stop);
document.addEventListener("drop", (event) => {
  const target = targetOf(event), node = dragged;
  if (!target) return;
  event.preventDefault();
  stop();
  if (target === node) return;
  if (node.dataset.card) {
    const before = target.dataset.card ?? "";
    send({ do: "move-card", card: node.dataset.card, before, ...place(target.closest("td")) });
  } else {
    // Dropped on a later step it goes behind that one, as people expect.
    const heads = [...node.parentElement.querySelectorAll("th[data-step]")];
    const later = heads.indexOf(target) > heads.indexOf(node);
    const before = later ? heads[heads.indexOf(target) + 1]?.dataset.step ?? "" : target.dataset.step;
    send({ do: "move-step", step: node.dataset.step, before });
  }
});

// Feelings: dragged up and down, or by the arrow keys --------------------------------------------
const ZERO = 118, UNIT = 50;
const draw = (point, value) => {
  const y = ZERO - value * UNIT;
  for (const circle of point.querySelectorAll("circle")) circle.setAttribute("cy", y);
  const label = $("text", point);
  if (label) {
    label.setAttribute("y", y + (y < ZERO ? 21 : -12));
    label.textContent = (value > 0 ? "+" : "") + value.toFixed(1).replace("-", "−");
  }
  point.classList.remove("is-unsaid");
  point.setAttribute("aria-valuenow", value);
  point.setAttribute("aria-valuetext", value.toFixed(1));
};
const round = (value) => Math.round(Math.min(Math.max(value, -2), 2) * 10) / 10;
const feel = (point, value) => {
  const persona = $("select[name='persona']")?.value ?? "";
  return send({ do: "feel", step: point.dataset.feel, persona, value });
};
const waiting = new Map();
document.addEventListener("keydown", (event) => {
  const point = event.target.closest?.("[data-feel]");
  if (!point || event.altKey || event.ctrlKey || event.metaKey) return;
  const now = Number(point.getAttribute("aria-valuenow"));
  const to = { ArrowUp: now + 0.1, ArrowRight: now + 0.1, ArrowDown: now - 0.1, ArrowLeft: now - 0.1,
    PageUp: now + 0.5, PageDown: now - 0.5, Home: -2, End: 2 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  draw(point, round(to));
  dragged = point; // until the key rests
  clearTimeout(waiting.get(point));
  waiting.set(point, setTimeout(() => {
    waiting.delete(point);
    if (dragged === point) dragged = null;
    feel(point, round(Number(point.getAttribute("aria-valuenow"))));
  }, 500));
});
document.addEventListener("pointerdown", (event) => {
  const point = event.target.closest?.("[data-feel]");
  if (!point || event.button) return;
  event.preventDefault();
  point.focus({ preventScroll: true });
  dragged = point;
  const box = point.ownerSVGElement.getBoundingClientRect();
  const scale = point.ownerSVGElement.viewBox.baseVal.height / box.height;
  const move = (at) => draw(point, round((ZERO - (at.clientY - box.top) * scale) / UNIT));
  const before = point.getAttribute("aria-valuenow");
  const end = new AbortController();
  const drop = (at) => {
    end.abort();
    dragged = null;
    const now = point.getAttribute("aria-valuenow");
    if (now === before) return;
    if (at.type === "pointerup") feel(point, Number(now));
    else draw(point, Number(before));
  };
  for (const [name, then] of [["pointermove", move], ["pointerup", drop], ["pointercancel", drop]]) {
    addEventListener(name, then, { signal: end.signal });
  }
});

mark();
