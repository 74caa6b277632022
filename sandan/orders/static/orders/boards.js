// Boards: a refresh changes rows where they stand; choosing several shows how many can really move.

const HELD = ":hover, :focus-within";

function chosen() {
  return [...document.querySelectorAll("#rows input[name=order]:checked")].map((box) => box.closest("tr"));
}

// A second refresh with the same content touches nothing, and none touches the box that chooses a row.
function renew(row, fresh) {
  row.classList.remove("gone");
  if (fresh.dataset.can) row.dataset.can = fresh.dataset.can; else delete row.dataset.can;
  const cells = row.matches("tr") ? [...row.cells] : [row];
  const others = fresh.matches("tr") ? [...fresh.cells] : [fresh];
  cells.forEach((cell, i) => {
    if (cell.matches(".c-check") || cell.contains(document.activeElement)) return;
    if (cell.innerHTML !== others[i].innerHTML) cell.innerHTML = others[i].innerHTML;
  });
}

function arrange(list, fresh) {
  let place = list.firstElementChild;
  for (const next of [...fresh.children]) {
    const row = document.getElementById(next.id) ?? next;
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
  while (place) { const gone = place; place = place.nextElementSibling; gone.remove(); }
}

let waiting = null;

// Under the pointer, with the focus inside or with rows chosen, nothing comes, goes or moves: a button offers it.
function reconcile(page, force = false) {
  for (const one of page.querySelectorAll("[data-for]")) {
    const place = document.getElementById(one.dataset.for);
    if (place && place.textContent !== one.textContent) place.textContent = one.textContent;
  }
  const lists = [...page.querySelectorAll("[data-rows]")];
  const mine = lists.map((fresh) => document.querySelector(`#live [data-rows="${fresh.dataset.rows}"]`));
  if (!lists.length || mine.includes(null) || mine.length !== document.querySelectorAll("#live [data-rows]").length) {
    const live = document.getElementById("live");
    if (force || !live.matches(HELD)) live.replaceChildren(...page.getElementById("live").childNodes);
    else offer(page);
    return;
  }
  const held = !force && (mine.some((list) => list.matches(HELD)) || chosen().length > 0);
  let changed = false;
  lists.forEach((fresh, i) => {
    const ids = [...fresh.children].map((row) => row.id);
    for (const next of fresh.children) {
      const row = document.getElementById(next.id);
      if (row && mine[i].contains(row)) renew(row, next);
    }
    if (held) {
      for (const row of mine[i].children) row.classList.toggle("gone", !ids.includes(row.id));
      changed ||= ids.join() !== [...mine[i].children].map((row) => row.id).join();
    } else arrange(mine[i], fresh);
  });
  offer(held && changed ? page : null);
  count();
}

function offer(page) {
  waiting = page;
  const button = document.getElementById("arrived");
  if (!button || button.hidden === !page) return;
  button.textContent = page ? button.dataset.label : "";
  button.hidden = !page;
}

function count() {
  const rows = chosen();
  for (const row of document.querySelectorAll("#rows tr")) {
    const box = row.querySelector("input[name=order]");
    if (box) row.classList.toggle("on", box.checked);
  }
  const sign = document.getElementById("chosen");
  if (!sign) return;
  const words = rows.length ? sign.dataset.chosen.replace("{n}", rows.length) : sign.dataset.none;
  if (sign.textContent !== words) sign.textContent = words;
  for (const button of document.querySelectorAll("[data-verb]")) {
    button.dataset.plain ??= button.textContent;
    const able = rows.filter((row) => (row.dataset.can ?? "").split(" ").includes(button.dataset.verb)).length;
    const text = !rows.length ? button.dataset.plain : able ? button.dataset.label.replace("{n}", able) : button.dataset.none;
    if (button.textContent !== text) button.textContent = text;
    if (rows.length && !able) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]"))
    for (const box of document.querySelectorAll("#rows input[name=order]")) box.checked = event.target.checked;
  if (event.target.matches("[data-all], #rows input[name=order]")) count();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#arrived") && waiting) reconcile(waiting, true);
});

// The line on which the server says that something moved. While it stands, a page asks when it is told to, and once a
// minute because a clock runs on; without it, every ten seconds. The browser calls again by itself after a restart.
const QUIET = 60_000, NEWS_GAP = 1_000;
const line = {stands: false, asked: 0, due: false};

function listen() {
  const address = document.getElementById("refresh")?.dataset.events;
  if (!address || !window.EventSource) return;
  const source = new EventSource(address);
  source.addEventListener("open", () => { line.stands = true; ask(); });
  source.addEventListener("error", () => { line.stands = false; });
  source.addEventListener("changed", ask);
  window.addEventListener("pagehide", () => source.close());
}

// Not all boards at the same moment, and none more often than once a second.
function ask() {
  if (line.due) return;
  line.due = true;
  const wait = Math.max(0, line.asked + NEWS_GAP - Date.now()) + Math.random() * 400;
  setTimeout(() => window.htmx?.trigger("#refresh", "refresh"), wait);
}

// A hidden page asks nothing; an answer is put in place by us, not swapped.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "refresh") return;
  const isPoll = event.detail.requestConfig.triggeringEvent?.type !== "refresh";
  const idle = isPoll && line.stands && Date.now() - line.asked < QUIET;
  if (idle || document.visibilityState !== "visible") event.preventDefault();
  else line.asked = Date.now();
  if (document.visibilityState === "visible") line.due = false;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "refresh" || !event.detail.successful) return;
  reconcile(new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html"));
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") window.htmx?.trigger("#refresh", "refresh");
});

count();
listen();
