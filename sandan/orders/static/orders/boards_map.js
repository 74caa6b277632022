// The open orders on the plan: heaps from afar, one by one when near, asked anew when the window or an order moves.

const aside = document.getElementById("map_orders");
await import(aside.dataset.module);
const box = document.getElementById("orders_map");
const NEWS_GAP = 1000, WITHOUT_LINE = 10_000;
let map, library, marks = [], asked = 0, newest = 0, stands = false, timer = null;

const said = (name, n) => aside.dataset[name].replace("{n}", n);

function place(element, lon, lat) {
  marks.push(new library.Marker({element}).setLngLat([lon, lat]).addTo(map));
}

function heapMark(heap) {
  const mark = document.createElement("button");
  mark.type = "button";
  mark.className = `map-heap${heap.urgency > 1 ? " urgent" : ""}${heap.count > 99 ? " many" : ""}`;
  mark.textContent = heap.count;
  mark.setAttribute("aria-label", said("heap", heap.count));
  mark.addEventListener("click", () => map.easeTo({center: [heap.lon, heap.lat], zoom: map.getZoom() + 2, duration: 0}));
  place(mark, heap.lon, heap.lat);
}

function orderMark(order) {
  const mark = document.createElement("a");
  mark.className = `map-heap one ${order.light}${order.urgency > 1 ? " urgent" : ""}`;
  mark.href = aside.dataset.page.replace("NUMBER", order.full);
  mark.setAttribute("aria-label", order.text);
  place(mark, order.lon, order.lat);
}

function listed(order) {
  const item = document.createElement("li"), link = document.createElement("a");
  link.href = aside.dataset.page.replace("NUMBER", order.full);
  link.textContent = order.text;
  item.append(link);
  return item;
}

function draw(found) {
  const held = marks.some((mark) => mark.getElement().matches(":focus, :hover"));
  if (held && found.total === Number(document.getElementById("map_total").textContent)) return;
  for (const mark of marks.splice(0)) mark.remove();
  found.heaps.forEach(heapMark);
  found.orders.forEach(orderMark);
  document.getElementById("map_total").textContent = found.total;
  document.getElementById("map_list").replaceChildren(...found.orders.slice(0, 60).map(listed));
  document.getElementById("map_said").textContent = !found.total ? said("none") : found.orders.length ? "" : said("more");
}

async function ask() {
  asked = Date.now();
  const mine = ++newest, sides = map.getBounds();
  const window = {west: sides.getWest(), south: sides.getSouth(), east: sides.getEast(), north: sides.getNorth(), zoom: map.getZoom()};
  const query = new URLSearchParams(Object.entries(window).map(([name, value]) => [name, value.toFixed(6)]));
  try {
    const answer = await fetch(`${aside.dataset.orders}?${query}`);
    if (!answer.ok) throw new Error(answer.status);
    const found = await answer.json();
    if (mine === newest) draw(found);
  } catch (fault) {
    document.getElementById("map_said").textContent = said("lost");
    console.warn("orders on the map", fault);
  }
}

function soon() {
  if (timer || document.visibilityState !== "visible") return;
  timer = setTimeout(() => { timer = null; ask(); }, Math.max(0, asked + NEWS_GAP - Date.now()));
}

function listen() {
  if (!window.EventSource) return;
  const source = new EventSource(aside.dataset.events);
  source.addEventListener("open", () => { stands = true; soon(); });
  source.addEventListener("error", () => { stands = false; });
  source.addEventListener("changed", soon);
  window.addEventListener("pagehide", () => source.close());
}

const mounted = await box.mounted;
if (mounted) {
  map = mounted.map;
  library = globalThis.maplibregl;
  map.on("moveend", soon);
  document.addEventListener("visibilitychange", soon);
  setInterval(() => { if (!stands) soon(); }, WITHOUT_LINE);
  await ask();
  listen();
}
