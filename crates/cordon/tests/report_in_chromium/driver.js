// Walks through the report like a person with a keyboard would and writes down what is there. Runs in the tests only.

// The page's time runs ahead of the frames that the browser draws; what waits for a frame gets one.
window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 16);

const told = { routes: {}, notes: {} };
const pause = (ms) => new Promise((done) => setTimeout(done, ms || 60));
const all = (selector) => [...document.querySelectorAll(selector)];
const shownText = (element) => (element ? element.textContent : "");

function nameless() {
  return all("a, button, input, select, summary, [role=button], [role=region], dialog, nav, aside, main, [role=listbox]").filter((one) => {
    if (one.closest("[hidden], dialog:not([open])") && one.tagName !== "DIALOG") return false;
    const label = one.getAttribute("aria-label") || shownText(one).trim() || (one.labels && [...one.labels].map(shownText).join("").trim()) || (one.getAttribute("aria-labelledby") && "named");
    return !label && one.id !== "main";
  }).map((one) => one.outerHTML.slice(0, 120));
}

function look() {
  const main = document.getElementById("main");
  const ids = all("[id]").map((one) => one.id);
  return {
    heading: shownText(main.querySelector("h1")), title: document.title, rows: main.querySelectorAll("tr[data-row]").length, rowCount: (main.querySelector("table[aria-rowcount]") || document.body).getAttribute("aria-rowcount"),
    current: all(".rail [aria-current]").map((one) => one.dataset.page), errors: document.documentElement.dataset.errors, nameless: nameless(),
    twice: ids.filter((id, index) => ids.indexOf(id) !== index), sideways: main.scrollWidth - main.clientWidth, images: document.images.length, scripts: document.scripts.length,
    boxes: main.querySelectorAll("svg.map .z").length, lines: all("svg.map path.f").filter((one) => one.getBBox().width > 1).length, marks: all("svg.map .boxes path").length, text: main.textContent.slice(0, 100000), headings: main.querySelectorAll("h1").length,
  };
}

async function visit(hash) {
  location.hash = hash;
  await pause(120);
  told.routes[hash] = look();
  return told.routes[hash];
}

function press(key, options) {
  (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));
}

function type(field, text) {
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function write() {
  const bytes = new TextEncoder().encode(JSON.stringify(told));
  let letters = "";
  for (let at = 0; at < bytes.length; at += 32768) letters += String.fromCharCode(...bytes.subarray(at, at + 32768));
  document.documentElement.dataset.told = btoa(letters);
}

async function tell(steps) {
  told.notes.startMs = Math.round(performance.now());
  try {
    await steps();
  } catch (error) {
    told.notes.failed = String(error && error.stack);
  }
  told.notes.pwned = String(window.pwned);
  told.notes.requests = performance.getEntriesByType("resource").map((one) => one.name);
  write();
}
