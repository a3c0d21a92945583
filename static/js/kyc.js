// Match review by keyboard: 1-3 choose, c comments, n and p go on, u undoes, Ctrl+Enter decides.
const typing = (target) => target.closest("textarea, select, [contenteditable='true'], dialog, input:not([type='radio']):not([type='checkbox'])");

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  const form = document.querySelector("form[data-decide]");
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) return;
  if (form && ["1", "2", "3"].includes(event.key)) {
    const choice = form.querySelectorAll("input[name='decision']")[Number(event.key) - 1];
    choice.checked = true;
    choice.focus();
    event.preventDefault();
  } else if (form && event.key === "c") {
    form.querySelector("input[name='comment']").focus();
    event.preventDefault();
  } else if (["n", "p", "u"].includes(event.key)) {
    const way = document.querySelector(`[data-key='${event.key}']`);
    if (way) {
      event.preventDefault();
      way.click();
    }
  }
});
