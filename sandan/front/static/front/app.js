// What all pages share. Every page works without it; with it, the page answers sooner.

const toasts = () => document.getElementById("toasts");

function showToast(templateId, extra = "") {
  const template = document.getElementById(templateId);
  if (!template || !toasts()) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  if (extra) toast.querySelector(".grow").append(` ${extra}`);
  toasts().replaceChildren(toast);
}

// A good message leaves by itself, a bad one stays until it is read.
function fadeGood(root) {
  for (const toast of root.querySelectorAll(".toast:not(.bad):not([data-timed])")) {
    toast.dataset.timed = "1";
    setTimeout(() => { if (!toast.matches(":hover, :focus-within")) toast.remove(); }, 10000);
  }
}

document.addEventListener("click", (event) => {
  const near = (selector) => event.target.closest(selector);
  if (near("[aria-disabled=true]")) event.preventDefault();
  near("[data-dismiss]")?.closest(".toast")?.remove();
  if (near("[data-print]")) window.print();
  const opener = near("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  near("[data-closes]")?.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// "/" goes to the search; Escape closes a menu.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});

// One press is one order: a form that is on its way cannot be sent again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// The desk's clock goes on in the server's time zone, from the server's time.
const clock = document.querySelector("[data-clock]");
if (clock) {
  const ahead = new Date(clock.dateTime).getTime() - Date.now();
  setInterval(() => {
    const now = new Date(Date.now() + ahead);
    const time = now.toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour: "numeric", minute: "2-digit", hour12: false });
    clock.textContent = clock.textContent.replace(/\d+:\d\d$/, time);
  }, 10000);
}

// htmx: what went wrong is said in words, with the number to quote.
document.addEventListener("htmx:sendError", () => showToast("toast-offline"));
document.addEventListener("htmx:responseError", (event) => {
  const answer = event.detail.xhr;
  if (answer.status === 403 || answer.status === 404) showToast("toast-refused");
  else showToast("toast-broken", answer.getResponseHeader("X-Request-Number") ?? "");
});
document.addEventListener("htmx:afterSettle", () => {
  if (toasts()) fadeGood(toasts());
  document.querySelector("[data-focus]")?.focus();
});

if (toasts()) fadeGood(toasts());
document.querySelector("[data-focus]")?.focus();
for (const dialog of document.querySelectorAll("dialog[data-open-now]")) dialog.showModal();

// The idle clock: boards that ask for news by themselves keep nobody signed in, a person who types does.
const MINUTE = 60000;
let touched = Date.now();
let told = Date.now();
for (const kind of ["pointerdown", "keydown", "input"]) {
  addEventListener(kind, () => {
    touched = Date.now();
    const csrf = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!document.querySelector("body.desk") || !csrf || touched - told < 4 * MINUTE) return;
    told = touched;
    fetch("/awake/", { method: "POST", headers: { "X-CSRFToken": csrf } });
  }, { passive: true, capture: true });
}
document.addEventListener("htmx:configRequest", (event) => {
  if (Date.now() - touched < MINUTE) event.detail.headers["X-Awake"] = "1";
});

// What was opened from under seal does not stay on a screen that nobody sits at.
let opened = location.pathname.endsWith("/reveal/");
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.pathInfo?.requestPath?.endsWith("/reveal/") && event.detail.successful) opened = true;
});
setInterval(() => {
  if (opened && Date.now() - touched > 5 * MINUTE) location.replace(location.pathname.replace(/reveal\/$/, ""));
}, 10000);
