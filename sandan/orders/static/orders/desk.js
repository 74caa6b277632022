// The desk's keys and helps. Every page works without it.

const typing = (node) => node.closest("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])");
const acting = (node) => node.closest("a[href], button, summary, input[type=checkbox]");

// One key presses the control that names it: data-hot="enter p".
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "enter" && acting(event.target) && event.target !== document.body) {
    if (!event.target.matches("input[type=checkbox]")) return;
  }
  const target = [...document.querySelectorAll("[data-hot]")].find((one) => one.dataset.hot.split(" ").includes(key));
  if (!target) return;
  event.preventDefault();
  target.click();
  if (target.matches("summary")) target.parentElement.querySelector("input:not([type=hidden]), select, textarea, form button")?.focus();
});

// A box above a long list leaves only the entries that hold its words.
for (const box of document.querySelectorAll("[data-filters]")) {
  const select = document.getElementById(box.dataset.filters);
  if (!select) continue;
  box.hidden = false;
  const all = [...select.options].map((option) => ({ option, group: option.closest("optgroup") }));
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    for (const { option } of all) option.hidden = option.disabled = Boolean(wanted) && !(option.text + (option.dataset.words ?? "")).toLowerCase().includes(wanted);
    const first = all.find(({ option }) => !option.disabled && option.value);
    if (wanted && first) select.value = first.option.value;
  });
  const settle = () => select.dispatchEvent(new Event("change", { bubbles: true }));
  box.addEventListener("change", settle);
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); settle(); select.focus(); } });
}

// Lists renew themselves while somebody looks at them, and keep their place under the pointer.
const waiting = document.getElementById("waiting");
if (waiting) setInterval(() => {
  if (document.visibilityState === "visible" && !waiting.matches(":hover, :focus-within")) waiting.dispatchEvent(new Event("refresh"));
}, 10000);

// What is open around the place that is being typed.
const beside = document.getElementById("beside");
const place = document.querySelector("[data-also='#beside']");
let pause;
place?.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => beside?.dispatchEvent(new Event("look")), 300);
});

// In the words of a call Enter writes the order down; Shift and Enter begin a new line.
document.querySelector("[data-enters]")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});
