// The residents' pages. Everything here only helps: each page is a plain form that works without it.

const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const later = (work, ms) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(() => work(...args), ms); }; };

// Words of danger show the number to dial while one is still writing.
const words = one("[data-danger]");
if (words) {
  const danger = Object.entries(JSON.parse(words.dataset.danger));
  const look = () => {
    const text = words.elements.text.value;
    const found = danger.map(([number, list]) => list.some((word) => text.includes(word)) && number).filter(Boolean);
    const first = ["119", "120", "110"].find((number) => found.includes(number));
    for (const box of all("[data-alarm]")) box.hidden = box.dataset.alarm !== first;
  };
  words.elements.text.addEventListener("input", look);
  look();
}

// Where: names of estates while one types, what neighbours reported there, the device's position, a finger on the plan.
const where = one("form.where");
if (where) {
  const names = one("#estate-names"), typed = where.elements.estate_name;
  const suggest = later(async () => {
    const q = typed.value.trim();
    if (!q) return;
    const answer = await fetch(`${where.dataset.estates}?q=${encodeURIComponent(q)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || typed.value.trim() !== q) return;
    const { estates } = await answer.json();
    names.replaceChildren(...estates.map((estate) => {
      const option = document.createElement("option");
      option.value = estate.name;
      option.label = estate.community;
      return option;
    }));
  }, 200);
  typed.addEventListener("input", suggest);

  const here = one("[data-near-here]"), shown = one("[data-near-shown]");
  const near = later(async () => {
    const query = new URLSearchParams(new FormData(where));
    query.delete("csrfmiddlewaretoken");
    const answer = await fetch(`${where.dataset.near}?${query}`);
    const html = answer.ok ? (await answer.text()).trim() : "";
    const page = new DOMParser().parseFromString(html, "text/html");
    here.replaceChildren(...page.body.childNodes);
    shown.value = here.querySelector("li") ? "on" : "";
  }, 400);
  where.addEventListener("change", near);
  near();

  const said = one("[data-locate-said]"), finder = one("[data-locate]");
  const set = (lon, lat) => {
    where.elements.lon.value = lon;
    where.elements.lat.value = lat;
    where.dispatchEvent(new Event("change"));
  };
  if (finder && "geolocation" in navigator) {
    finder.hidden = false;
    finder.addEventListener("click", () => {
      finder.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          finder.removeAttribute("aria-busy");
          said.textContent = said.dataset.got.replace("%s", Math.max(10, Math.round(coords.accuracy / 10) * 10));
          set(coords.longitude, coords.latitude);
        },
        () => {
          finder.removeAttribute("aria-busy");
          said.textContent = said.dataset.failed;
        },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
  }
  const plan = one("[data-plan]");
  if (plan) {
    plan.hidden = false;
    const drawing = one("svg", plan), pin = one("[data-pin]", plan);
    drawing.addEventListener("click", (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      pin.setAttribute("transform", `translate(${point.x.toFixed(1)} ${point.y.toFixed(1)})`);
      pin.removeAttribute("hidden");
      const { west, north, scaleX, scaleY } = plan.dataset;
      set(Number(west) + point.x / Number(scaleX), Number(north) - point.y / Number(scaleY));
      said.textContent = said.dataset.picked;
    });
  }
}

// Read aloud what is true now.
const speaker = one("[data-speak]");
if (speaker && "speechSynthesis" in window) {
  speaker.hidden = false;
  speaker.addEventListener("click", () => {
    speechSynthesis.cancel();
    const words = new SpeechSynthesisUtterance(one(speaker.dataset.speak).innerText);
    words.lang = "zh-CN";
    words.rate = 0.9;
    speechSynthesis.speak(words);
  });
}
