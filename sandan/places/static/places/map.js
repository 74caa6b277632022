// The schematic plan, drawn from our own outlines without any internet. `mountMap(element, options)` serves every page;
// elements with data-map mount themselves from the JSON script that the attribute names.

const WHEN = {county: 0, street: 0, community: 0, grid: 13, exclusive: 13, micro: 15, building: 15.5};
const ORDER = ["county", "community", "exclusive", "micro", "grid", "street", "building"];

const tone = (name, spare) => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || spare;

function colours() {
  return {
    ground: tone("--sunken", "#eeeeea"), cell: tone("--surface", "#fff"), ink: tone("--ink", "#1b1f24"),
    street: tone("--ink-2", "#454d57"), community: tone("--edge", "#83888f"), grid: tone("--accent", "#1f4e9c"),
    exclusive: tone("--half-mark", "#b08600"), soft: tone("--half-soft", "#faf1cd"), micro: tone("--ink-3", "#626a74"),
    house: tone("--line-2", "#c4c6c2"),
  };
}

function layersOf(kind, c) {
  const base = {source: kind, minzoom: WHEN[kind], metadata: {kind}};
  const line = (paint) => ({...base, id: `${kind}-line`, type: "line", source: `${kind}-borders`, layout: {"line-join": "round"}, paint});
  const label = (style, from, to = 24) => ({
    ...base, id: `${kind}-label`, type: "symbol", source: `${kind}-names`, minzoom: from, maxzoom: to,
    layout: {"icon-image": ["concat", style, "|", ["get", "label"]], "icon-allow-overlap": false, "icon-padding": 4},
  });
  return {
    county: [{...base, id: "county-fill", type: "fill", paint: {"fill-color": c.cell}}, line({"line-color": c.street, "line-width": 2})],
    community: [
      {...base, id: "community-fill", type: "fill", paint: {"fill-color": c.cell, "fill-opacity": 0.7}},
      line({"line-color": c.community, "line-width": 1}), label("community", 12.2, 16),
    ],
    exclusive: [
      {...base, id: "exclusive-fill", type: "fill", paint: {"fill-color": c.soft, "fill-opacity": 0.8}},
      line({"line-color": c.exclusive, "line-width": 2}),
    ],
    micro: [line({"line-color": c.micro, "line-width": 1, "line-dasharray": [1, 2]})],
    grid: [
      {...base, id: "grid-fill", type: "fill", paint: {"fill-color": c.grid, "fill-opacity": 0.03}},
      line({"line-color": c.grid, "line-width": 1.6, "line-dasharray": [4, 2]}), label("grid", 14.2),
    ],
    street: [line({"line-color": c.street, "line-width": 2.6}), label("street", 0, 12.8)],
    building: [
      {...base, id: "building-circle", type: "circle", paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 15.5, 3, 18, 9], "circle-color": c.house,
        "circle-stroke-color": c.community, "circle-stroke-width": 1}},
      label("building", 16.8),
    ],
  }[kind];
}

// A label is a small picture drawn here, so that no fonts are fetched from anywhere.
function drawLabel(id, c) {
  const [style, text] = [id.slice(0, id.indexOf("|")), id.slice(id.indexOf("|") + 1)];
  const size = {street: 15, community: 13, grid: 12, building: 12}[style] || 12;
  const ratio = Math.max(2, Math.ceil(window.devicePixelRatio || 1));
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  const font = `${style === "street" ? 700 : 500} ${size * ratio}px ${tone("--font", "sans-serif")}`;
  pen.font = font;
  canvas.width = Math.ceil(pen.measureText(text).width) + 8 * ratio;
  canvas.height = Math.ceil(size * 1.5 * ratio);
  Object.assign(pen, {font, textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 4 * ratio});
  pen.strokeStyle = c.cell;
  pen.fillStyle = style === "grid" ? c.grid : c.ink;
  pen.strokeText(text, canvas.width / 2, canvas.height / 2);
  pen.fillText(text, canvas.width / 2, canvas.height / 2);
  return {image: pen.getImageData(0, 0, canvas.width, canvas.height), ratio};
}

const shortName = (kind, props) => kind === "building" ? props.label
  : props.name.replace(/(社区)?(居民?委员?会|村民?委员?会)$/u, "$1");

// One label a place, at its inner point: an outline cut by the edge of a tile would be named twice.
function names(kind, collection) {
  const features = collection.features.map((f) => ({
    type: "Feature", properties: {label: shortName(kind, f.properties)},
    geometry: f.geometry.type === "Point" ? f.geometry : {type: "Point", coordinates: [f.properties.lon, f.properties.lat]},
  }));
  return {type: "FeatureCollection", features};
}

// Neighbours share their corners exactly, so a border that two cells have is drawn once and its dashes stay dashes.
function borders(collection) {
  const seen = new Map();
  const rings = collection.features.flatMap((f) => f.geometry.type === "Polygon" ? f.geometry.coordinates
    : f.geometry.type === "MultiPolygon" ? f.geometry.coordinates.flat() : []);
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 1) {
      const ends = [ring[i - 1], ring[i]];
      const key = ends.map(String).sort().join(" ");
      if (!seen.has(key)) seen.set(key, ends);
    }
  }
  return {type: "Feature", properties: {}, geometry: {type: "MultiLineString", coordinates: [...seen.values()]}};
}

function emptyStyle(c, tiles) {
  const style = {version: 8, sources: {}, layers: [{id: "ground", type: "background", paint: {"background-color": c.ground}}]};
  if (tiles) {
    style.sources.tiles = {type: "raster", tiles: [tiles], tileSize: 256};
    style.layers.push({id: "tiles", type: "raster", source: "tiles", paint: {"raster-opacity": 0.6}});
  }
  return style;
}

class Layers {
  constructor(map, options, c) {
    Object.assign(this, {map, options, c, shown: new Set(options.layers || ["community"]), loaded: new Map()});
    map.on("styleimagemissing", (event) => {
      const {image, ratio} = drawLabel(event.id, c);
      if (!map.hasImage(event.id)) map.addImage(event.id, image, {pixelRatio: ratio});
    });
    map.on("zoomend", () => this.update());
    this.update();
  }

  toggle(kind, on) {
    if (on) this.shown.add(kind); else this.shown.delete(kind);
    this.update();
  }

  update() {
    const zoom = this.map.getZoom() + 0.3;
    for (const kind of ORDER) {
      const on = this.shown.has(kind);
      if (on && zoom >= WHEN[kind] && !this.loaded.has(kind)) this.load(kind);
      for (const layer of this.map.getStyle().layers) {
        if (layer.metadata?.kind === kind) this.map.setLayoutProperty(layer.id, "visibility", on ? "visible" : "none");
      }
    }
  }

  async load(kind) {
    this.loaded.set(kind, false);
    try {
      const answer = await fetch(this.options.outlines.replace("KIND", kind));
      if (!answer.ok) throw new Error(`${kind}: ${answer.status}`);
      this.add(kind, await answer.json());
    } catch (error) {
      this.loaded.delete(kind);
      console.warn("outlines", error);
    }
  }

  add(kind, data) {
    this.map.addSource(kind, {type: "geojson", data, tolerance: 0.2, maxzoom: 18});
    this.map.addSource(`${kind}-names`, {type: "geojson", data: names(kind, data), maxzoom: 18});
    if (kind !== "building") this.map.addSource(`${kind}-borders`, {type: "geojson", data: borders(data), tolerance: 0.2, maxzoom: 18});
    this.loaded.set(kind, true);
    const above = ORDER.slice(ORDER.indexOf(kind) + 1).find((other) => this.map.getLayer(layersOf(other, this.c)[0].id));
    const before = above && layersOf(above, this.c)[0].id;
    for (const layer of layersOf(kind, this.c)) this.map.addLayer(layer, before);
    this.update();
  }
}

function describe(map, options, box) {
  const words = options.words || {};
  map.on("click", (event) => {
    const wanted = ["building-circle", "exclusive-fill", "grid-fill", "community-fill"].filter((id) => map.getLayer(id));
    const found = map.queryRenderedFeatures(event.point, {layers: wanted});
    const lines = [...new Map(found.map((f) => [f.layer.id, f.properties])).values()].map((p) => {
      const item = document.createElement("p");
      const name = document.createElement("b");
      name.textContent = p.name;
      const homes = p.households ? `${p.households} ${words.households || ""}` : "";
      item.append(name, ` ${[p.code, homes, words[p.origin]].filter(Boolean).join(" · ")}`);
      return item;
    });
    if (lines.length) box.replaceChildren(...lines);
  });
}

function addPoints(library, map, options) {
  for (const point of options.points || []) {
    const mark = document.createElement(point.href ? "a" : "div");
    mark.className = point.subject ? "map-point subject" : "map-point";
    mark.textContent = point.label;
    if (point.text) mark.setAttribute("aria-label", point.text);
    if (point.href) mark.href = point.href;
    new library.Marker({element: mark}).setLngLat([point.lon, point.lat]).addTo(map);
  }
}

// The pin can be dragged, set by a click, and moved by the arrow keys; every change calls options.onPin(lon, lat).
function addPin(library, map, options) {
  if (!options.pin) return null;
  const mark = document.createElement("button");
  mark.type = "button";
  mark.className = "map-pin";
  mark.append(document.createElement("span"));
  mark.setAttribute("aria-label", options.words?.pin || "");
  const pin = new library.Marker({element: mark, draggable: Boolean(options.movable), rotation: -45, rotationAlignment: "viewport"})
    .setLngLat([options.pin.lon, options.pin.lat]).addTo(map);
  const tell = () => {
    const {lng, lat} = pin.getLngLat();
    const at = {lon: Number(lng.toFixed(6)), lat: Number(lat.toFixed(6))};
    options.onPin?.(at.lon, at.lat);
    map.getContainer().dispatchEvent(new CustomEvent("map:pin", {detail: at, bubbles: true}));
  };
  if (!options.movable) return pin;
  pin.on("dragend", tell);
  map.on("click", (event) => { pin.setLngLat(event.lngLat); tell(); });
  mark.addEventListener("keydown", (event) => {
    const step = {ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8]}[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const spot = map.project(pin.getLngLat());
    pin.setLngLat(map.unproject([spot.x + step[0], spot.y + step[1]]));
    tell();
  });
  return pin;
}

// What a page wants to show over the ground: planned cells dashed, what is wrong with them filled.
function addShapes(map, options, c, box) {
  if (!options.shapes) return;
  const bad = tone("--over", "#b3261e");
  map.addSource("shapes", {type: "geojson", data: options.shapes, maxzoom: 18});
  const plan = ["==", ["get", "what"], "cell"];
  map.addLayer({id: "shapes-plan", type: "line", source: "shapes", filter: plan,
    paint: {"line-color": c.grid, "line-width": 2, "line-dasharray": [3, 2]}});
  map.addLayer({id: "shapes-fill", type: "fill", source: "shapes", filter: ["!", plan], paint: {"fill-color": bad, "fill-opacity": 0.5}});
  map.addLayer({id: "shapes-edge", type: "line", source: "shapes", filter: ["!", plan], paint: {"line-color": bad, "line-width": 3}});
  map.on("click", "shapes-fill", (event) => { if (box) box.textContent = event.features[0].properties.name; });
}

function viewOf(options) {
  if (options.bounds) return {bounds: options.bounds, fitBoundsOptions: {padding: 24}};
  const centre = options.center || options.pin || options.points?.[0] || {lon: 112.55, lat: 37.87};
  return {center: [centre.lon, centre.lat], zoom: options.zoom || 15};
}

/**
 * Draw a map into an element. Options: outlines (address with KIND), worker, library (addresses), layers, bounds or
 * center and zoom, points [{lon, lat, label, text, href, subject}], pin {lon, lat}, movable, onPin, info (id of a box).
 * Answers {map, layers, pin}, or null where the device cannot draw; the element then says so.
 */
export async function mountMap(element, options) {
  try {
    if (!globalThis.maplibregl) await import(options.library);
    const library = globalThis.maplibregl;
    library.setWorkerUrl(options.worker);
    const c = colours();
    const map = new library.Map({
      container: element, style: emptyStyle(c, options.tiles), attributionControl: false, dragRotate: false,
      pitchWithRotate: false, touchPitch: false, locale: options.words || {}, maxZoom: 19, ...viewOf(options),
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new library.NavigationControl({showCompass: false}));
    await new Promise((ready) => { map.once("load", ready); });
    element.querySelector("[data-map-wait]")?.setAttribute("hidden", "");
    const layers = new Layers(map, options, c);
    addPoints(library, map, options);
    const pin = addPin(library, map, options);
    const box = options.info && document.getElementById(options.info);
    if (box) describe(map, options, box);
    addShapes(map, options, c, box);
    element.dataset.mounted = "yes";
    return {map, layers, pin};
  } catch (error) {
    element.querySelector("[data-map-wait]")?.setAttribute("hidden", "");
    element.querySelector("[data-map-failed]")?.removeAttribute("hidden");
    element.dataset.mounted = "no";
    console.warn("map", error);
    return null;
  }
}

async function mountDeclared(element) {
  const told = JSON.parse(document.getElementById(element.dataset.map).textContent);
  const {library, worker, outlines, tiles} = element.dataset;
  element.mounted = mountMap(element, {...told, library, worker, outlines, tiles}); // for a page that adds its own
  const mounted = await element.mounted;
  for (const box of document.querySelectorAll(`[data-layer][data-for="${element.id}"]`)) {
    box.addEventListener("change", () => mounted?.layers.toggle(box.dataset.layer, box.checked));
    if (!box.checked) mounted?.layers.toggle(box.dataset.layer, false);
  }
}

for (const element of document.querySelectorAll("[data-map]")) mountDeclared(element);
