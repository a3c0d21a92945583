// The frame: drawer, narrow rail, menus, dialogs, toasts, shortcuts. Everything it does can be done without it.
const root = document.documentElement;
const app = document.querySelector(".app");

const cookie = (name, value) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
};

// Drawer on small screens -----------------------------------------------------------------------
const drawerButton = document.querySelector("[data-drawer]");
const setDrawer = (open) => {
  if (!app || !drawerButton) return;
  app.classList.toggle("rail-open", open);
  drawerButton.setAttribute("aria-expanded", String(open));
  if (open) app.querySelector(".rail a")?.focus();
};

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  if (target.closest("[data-drawer]")) return setDrawer(!app.classList.contains("rail-open"));
  if (target.closest(".scrim")) return setDrawer(false);

  if (target.closest("[data-narrow]")) {
    const narrow = app.classList.toggle("app-narrow");
    target.closest("[data-narrow]").setAttribute("aria-pressed", String(narrow));
    cookie("clm_rail", narrow ? "narrow" : "wide");
    return;
  }

  const opener = target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog && !dialog.open) {
      opener.closest("details.menu")?.removeAttribute("open");
      dialog.showModal();
      dialog.dispatchEvent(new CustomEvent("clm:opened"));
    }
    return;
  }
  if (target.closest("[data-close]")) return target.closest("dialog")?.close();
  if (target.nodeName === "DIALOG") {
    const box = target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) target.close();
    return;
  }
  if (target.closest("[data-dismiss]")) {
    target.closest(".toast-n")?.remove();
    return;
  }
  if (target.closest("[aria-disabled='true']")) event.preventDefault();

  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
});

// Toasts: good news leaves by itself unless someone is reading it; refusals stay ----------------
const watchToasts = () => {
  for (const toast of document.querySelectorAll(".toast-n:not([data-watched])")) {
    toast.dataset.watched = "1";
    if (toast.classList.contains("error") || toast.classList.contains("warning")) continue;
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, 4000);
      else toast.remove();
    };
    setTimeout(leave, 12000);
  }
};
watchToasts();
document.addEventListener("htmx:afterSettle", watchToasts);

export const toast = (text, kind = "error") => {
  const area = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if (!area || !template || !text) return;
  const node = template.content.cloneNode(true);
  const box = node.querySelector(".toast-n");
  box.classList.add(kind);
  box.querySelector("[data-text]").textContent = text;
  area.append(node);
  watchToasts();
};

// A form is sent once, however often its button is pressed --------------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("hx-post") || form.method === "dialog") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What is submitted by choosing ----------------------------------------------------------------
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-autosubmit]");
  if (form) form.requestSubmit();
});

// Shortcuts -------------------------------------------------------------------------------------
const shortcutsOn = () => root.dataset.shortcuts !== "off";
const typing = (node) => node instanceof Element && node.closest("input, textarea, select, [contenteditable='true']");
let pendingGo = 0;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
    for (const tip of document.querySelectorAll(".tip:hover, .tip:focus-within")) tip.classList.add("tip-off");
    setDrawer(false);
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.querySelector("[data-dialog='command']")?.click();
    return;
  }
  if (!shortcutsOn() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-dialog='command']")?.click();
  } else if (event.key === "?") {
    event.preventDefault();
    document.querySelector("[data-dialog='help']")?.click();
  } else if (event.key === "g") {
    pendingGo = Date.now();
  } else if (pendingGo && Date.now() - pendingGo < 1500) {
    pendingGo = 0;
    document.querySelector(`.rail a[data-go="${CSS.escape(event.key)}"]`)?.click();
  }
});
for (const type of ["mouseover", "focusin"]) {
  document.addEventListener(type, (event) => {
    const tip = event.target instanceof Element ? event.target.closest(".tip") : null;
    for (const other of document.querySelectorAll(".tip-off")) if (other !== tip) other.classList.remove("tip-off");
  });
}

// htmx: refusals are shown, failures are said ---------------------------------------------------
document.addEventListener("htmx:sendError", () => toast(document.body.dataset.offline));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401) return location.reload();
  if (![409, 412, 422].includes(status)) toast(document.body.dataset.failed);
});

// Polling sends what it last saw, so that nothing changed costs nothing -------------------------
const tags = new Map();
document.addEventListener("htmx:configRequest", (event) => {
  const key = event.detail.elt.dataset?.etag;
  if (key !== undefined && tags.has(event.detail.path)) event.detail.headers["If-None-Match"] = tags.get(event.detail.path);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const tag = event.detail.xhr?.getResponseHeader("ETag");
  if (tag && event.detail.elt.dataset?.etag !== undefined) tags.set(event.detail.requestConfig.path, tag);
});
