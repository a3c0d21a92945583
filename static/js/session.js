// The end of a session: said two minutes before, put off by one press, and nothing typed is lost.
// The page stays as it is; whoever was signed out signs in beside it and goes on where they were.
const root = document.querySelector("meta[name='session-ends']");
const dialog = document.getElementById("session");

if (root && dialog) {
  const WARN = 120_000;
  const BACKGROUND = { "HX-Request": "true", "X-Background": "1" };
  let ends = Number(root.content) * 1000;
  let timer = 0;

  const show = (state) => {
    if (dialog.dataset.state === state && dialog.open) return;
    dialog.dataset.state = state;
    for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    if (!dialog.open) dialog.showModal();
    dialog.querySelector(`[data-when='${state}'] [data-first], [data-when='${state}'][data-first]`)?.focus();
  };

  // Each form and htmx carry a token that signing in again replaces.
  const renewTokens = (token) => {
    for (const field of document.querySelectorAll("input[name='csrfmiddlewaretoken']")) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  };

  const learn = (answer) => {
    ends = answer.ends * 1000;
    renewTokens(answer.token);
    if (Date.now() < ends - WARN && dialog.open) dialog.close();
    plan();
  };

  // Another tab may have gone on working, so the server is asked before anybody is alarmed.
  const ask = async (method = "GET") => {
    const token = document.querySelector("input[name='csrfmiddlewaretoken']")?.value ?? "";
    const headers = method === "POST" ? { "HX-Request": "true", "X-CSRFToken": token } : BACKGROUND;
    try {
      const response = await fetch(dialog.dataset.url, { method, headers });
      if (response.ok) return learn(await response.json());
      if (response.status === 401 || response.status === 403) return show("ended");
    } catch {
      // Without a network nothing is known; the next look asks again.
    }
    plan(15_000);
  };

  const look = () => {
    const left = ends - Date.now();
    if (left > WARN) return plan();
    if (dialog.open && dialog.dataset.state === "soon" && left > 0) return plan();
    return ask().then(() => {
      const still = ends - Date.now();
      if (still <= 0) show("ended");
      else if (still <= WARN) show("soon");
    });
  };

  // A timer longer than this is late after a laptop slept; a look a minute costs nothing.
  const plan = (at_most = 60_000) => {
    clearTimeout(timer);
    const left = ends - Date.now();
    const warned = dialog.open && dialog.dataset.state === "soon";
    const wait = left > WARN ? left - WARN : warned ? left : 0;
    timer = setTimeout(look, Math.max(500, Math.min(at_most, wait)));
  };

  dialog.addEventListener("cancel", (event) => {
    if (dialog.dataset.state === "ended") event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-session]");
    if (button) ask(button.dataset.session === "stay" ? "POST" : "GET");
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (dialog.open || Date.now() > ends - WARN)) ask();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const told = event.detail.xhr?.getResponseHeader("X-Session-Ends");
    if (!told) return;
    ends = Number(told) * 1000;
    plan();
  });
  // Sending into an ended session would throw away what was typed.
  document.addEventListener("submit", (event) => {
    if (Date.now() < ends || dialog.contains(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    show("ended");
  }, true);
  plan();
}
