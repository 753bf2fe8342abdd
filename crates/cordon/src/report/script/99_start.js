// Starts the page: colours, keys, the frame around the views, the first view.

const settings = { letters: true };

function remember(key, value) {
  try {
    localStorage.setItem("cordon." + key, value);
  } catch (error) {
    // A page from a file or in a private window forgets; nothing depends on it.
  }
}

function recall(key) {
  try {
    return localStorage.getItem("cordon." + key);
  } catch (error) {
    return null;
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  const toggle = document.getElementById("theme");
  const dark = theme === "dark";
  toggle.setAttribute("aria-label", dark ? "Light colours" : "Dark colours");
  toggle.querySelector("use").setAttribute("href", dark ? "#i-sun" : "#i-moon");
}

function startTheme() {
  const asked = /[?&]theme=(light|dark)/.exec(location.search);
  const system = matchMedia("(prefers-color-scheme: dark)");
  const present = () => (asked ? asked[1] : recall("theme") || (system.matches ? "dark" : "light"));
  setTheme(present() === "dark" ? "dark" : "light");
  system.addEventListener("change", () => setTheme(present() === "dark" ? "dark" : "light"));
}

function switchTheme() {
  const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  remember("theme", next);
  setTheme(next);
}

const KEY_LIST = [
  ["Ctrl K", "find a device or page"], ["/", "filter the devices"], ["J K", "next, previous row"], ["Enter", "open"], ["W", "why, on a device"], ["[ ]", "previous, next tab"],
  ["T", "map as a table"], ["Arrows", "move between boxes of the map"], ["E", "save what is shown as CSV"], ["G then D M W A", "devices, map, weaknesses, about"], ["Shift D", "light or dark"], ["Esc", "one level up"], ["?", "this list"],
];

function openKeys() {
  const dialog = document.getElementById("keys");
  const box = h("input", { type: "checkbox", id: "letters", on: { change: () => {
    settings.letters = box.checked;
    remember("letters", box.checked ? "on" : "off");
  } } });
  box.checked = settings.letters;
  empty(dialog).append(h("header", null, h("h2", { id: "keys-title" }, "Keys"), h("span.end", null, h("button.iconbtn", { type: "button", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("close")))),
    h("dl.keylist", null, KEY_LIST.map((row) => h("div", null, h("dt", null, row[0].split(" ").map((key) => (key === "then" ? " then " : h("kbd", null, key)))), h("dd", null, row[1])))), h("label.check", { for: "letters" }, box, "Single letters act as keys"));
  if (!dialog.open) dialog.showModal();
}

let goPrefix = 0;

function pressed(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.getElementById("find-input").focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("keys").open) return;
  const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
  if (event.key === "Escape") return oneLevelUp(event, typing);
  if (typing || (!settings.letters && /^[a-z/?[\]]$/i.test(event.key))) return;
  if (event.key === "D" && event.shiftKey) return switchTheme();
  if (event.key === "?") return openKeys();
  if (goPrefix && Date.now() - goPrefix < 1500) {
    goPrefix = 0;
    const page = { d: "devices", m: "map", w: "weaknesses", a: "about" }[event.key];
    if (page) return go(address(page, {}));
  }
  if (event.key === "g") {
    goPrefix = Date.now();
    return;
  }
  const keys = (shown && shown.view.keys) || {};
  const action = keys[event.key] || (event.key === "/" ? () => document.getElementById("find-input").focus() : null);
  if (!action) return;
  event.preventDefault();
  action();
}

function oneLevelUp(event, typing) {
  const menu = document.querySelector(".columnmenu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  if (typing) {
    event.target.blur();
    return;
  }
  const up = shown && shown.view.up ? shown.view.up() : "";
  if (up) go(up);
}

function fillFrame() {
  const numbers = { devices: count(DATA.devices.length), weaknesses: DATA.weaknesses.length ? count(new Set(DATA.weaknesses.map((one) => one.kind)).size) + (new Set(DATA.weaknesses.map((one) => one.kind)).size === 1 ? " kind" : " kinds") : "" };
  for (const item of document.querySelectorAll(".rail [data-page]")) {
    item.querySelector(".n").textContent = numbers[item.dataset.page] || "";
    item.setAttribute("title", item.querySelector("span").textContent);
  }
  const names = DATA.captures.map((capture) => plain(capture.name));
  document.getElementById("site").append(icon("about"), h("b.ell", { title: names.join(", ") }, names.length ? foreign(names[0]) : "No capture named"), names.length > 1 ? h("span.dim", null, "and " + counted(names.length - 1, "more", "more")) : "", h("span.dim.when", null, spanText(DATA.manifest.first, DATA.manifest.last)));
  const knowledge = DATA.manifest.knowledge || {};
  const counters = DATA.manifest.counters || {};
  const item = (label, value) => h("span", null, label + " ", h("b", null, value));
  document.getElementById("ledger").append(
    DATA.notes.length ? h("a.look", { href: address("about", {}) }, icon("warn"), counted(DATA.notes.length, "note") + " on the captures") : h("span", null, icon("check"), h("b", null, counted(DATA.captures.length, "capture")), " read to the end"),
    item("frames", count(numberOf(counters.frames))), Number.isFinite(counters.messages) ? item("messages decoded", count(counters.messages)) : "", item("rules", count(numberOf(knowledge.rules))), item("Cordon", plain(DATA.manifest.cordon)),
    h("span.end", null, "newest packet ", h("b", null, fullTime(DATA.manifest.last))));
}

function start() {
  startTheme();
  settings.letters = recall("letters") !== "off";
  loadData();
  fillFrame();
  startFind();
  document.getElementById("theme").addEventListener("click", switchTheme);
  document.getElementById("open-keys").addEventListener("click", openKeys);
  document.getElementById("print").addEventListener("click", () => window.print());
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
  document.addEventListener("keydown", pressed);
  document.addEventListener("pointerdown", (event) => {
    const menu = document.querySelector(".columnmenu[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
  window.addEventListener("hashchange", showRoute);
  showRoute();
}

start();
