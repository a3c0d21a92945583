// The command menu: type, arrow, Enter. The words go by POST and never into an address.
const dialog = document.getElementById("command");
if (dialog) {
  const input = dialog.querySelector("input[name='q']");
  const list = dialog.querySelector("#command-list");
  const options = () => [...list.querySelectorAll("a")];
  const select = (index) => {
    const all = options();
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const chosen = all[index];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const current = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  dialog.addEventListener("clm:opened", () => {
    input.select();
    input.focus();
    if (!list.childElementCount) input.dispatchEvent(new Event("search"));
  });
  dialog.addEventListener("keydown", (event) => {
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (all.length) select((current() + step + all.length) % all.length);
    } else if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      (all[Math.max(current(), 0)])?.click();
    }
  });
  list.addEventListener("htmx:afterSettle", () => select(0));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target === list || list.contains(event.target)) select(0);
  });
}
