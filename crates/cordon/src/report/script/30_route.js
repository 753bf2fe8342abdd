// The address is the state: page, device, filter and open question all stand after the #, so a link to a file on a
// stick opens the same view. Everything that links goes through address().

const VIEWS = {};
let shown = null;

/** address("devices/mac-1", { why: "vendor" }) gives "#/devices/mac-1?why=vendor". */
function address(path, query) {
  const parts = path.split("/").map(encodeURIComponent).join("/");
  const pairs = Object.entries(query || {}).filter((pair) => pair[1] !== "" && pair[1] !== null && pair[1] !== undefined);
  return "#/" + parts + (pairs.length ? "?" + pairs.map((pair) => pair[0] + "=" + encodeURIComponent(pair[1])).join("&") : "");
}

function deviceAddress(device, query) {
  const parts = Object.entries(query || {}).map((pair) => pair[0] + "=" + encodeURIComponent(pair[1]));
  return "#/devices/" + encodeURIComponent(device.id) + (parts.length ? "?" + parts.join("&") : "");
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return text;
  }
}

function readRoute() {
  const text = location.hash.startsWith("#/") ? location.hash.slice(2) : "devices";
  const [path, query] = text.split("?");
  const parts = path.split("/");
  const values = {};
  for (const pair of (query || "").split("&")) {
    const at = pair.indexOf("=");
    if (at > 0) values[pair.slice(0, at)] = decoded(pair.slice(at + 1));
  }
  return { page: parts[0] || "devices", id: parts.length > 1 ? decoded(parts.slice(1).join("/")) : "", query: values };
}

/** Follows a link inside the page. */
function go(hash) {
  if (location.hash === hash) showRoute();
  else location.hash = hash;
}

/** Writes the state of the present view into the address without a new step in the history. */
function keepAddress(hash) {
  if (location.hash === hash) return;
  try {
    history.replaceState(null, "", hash);
  } catch (error) {
    // A browser that forbids this for files keeps the older address; the view itself is right.
  }
}

let focusNext = "";

function showRoute() {
  const route = readRoute();
  const view = route.page === "devices" && route.id ? VIEWS.device : VIEWS[route.page] || VIEWS.devices;
  const main = document.getElementById("main");
  const before = placeBefore(main, view, route);
  if (shown && shown.view.leave) shown.view.leave();
  hideTip();
  shown = { view, route };
  empty(main);
  main.className = "main view-" + view.name;
  if (DATA.failed) add(main, h("h1", null, "This report cannot be read"), h("p.message.broken", { role: "alert" }, DATA.failed));
  else view.show(main, route);
  for (const item of document.querySelectorAll(".rail [data-page]")) {
    if (item.dataset.page === view.page) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
  const heading = main.querySelector("h1");
  document.title = (heading ? heading.textContent + " · " : "") + "Cordon report";
  returnTo(main, before);
}

/** Where the reader is: how far down, and on which control. A view that is drawn anew must not throw anyone back. */
function placeBefore(main, view, route) {
  const stays = Boolean(shown && shown.view === view && shown.route.id === route.id && shown.route.query.tab === route.query.tab);
  const active = document.activeElement;
  const key = focusNext || (active && main.contains(active) ? active.dataset.again || active.getAttribute("href") || "" : "");
  const kept = [...main.querySelectorAll("[data-keep]")].map((one) => [one.dataset.keep, one.scrollTop]);
  focusNext = "";
  return { first: !shown, stays, key, inside: Boolean(active && main.contains(active)), top: main.scrollTop, kept };
}

function returnTo(main, before) {
  main.scrollTop = before.stays ? before.top : 0;
  for (const [name, top] of before.stays ? before.kept : []) {
    const one = [...main.querySelectorAll("[data-keep]")].find((element) => element.dataset.keep === name);
    if (one) one.scrollTop = top;
  }
  if (before.first) return;
  const control = before.key && before.stays ? [...main.querySelectorAll("[data-again], a[href]")].find((one) => (one.dataset.again || one.getAttribute("href")) === before.key) : null;
  if (control) {
    control.focus({ preventScroll: true });
    control.scrollIntoView({ block: "nearest" });
  } else if (before.inside) main.focus({ preventScroll: true });
}

// One small box beside the pointer, for the marks of the map; what it says stands elsewhere as text, too.
function showTip(x, y, lines) {
  let tip = document.getElementById("tip");
  if (!tip) {
    tip = h("div.tip", { id: "tip", "aria-hidden": "true" });
    document.body.append(tip);
  }
  empty(tip).append(...lines.map((line, index) => h(index ? "p.note" : "b", null, line)));
  tip.hidden = false;
  const width = tip.offsetWidth;
  const left = x + 14 + width > innerWidth - 8 ? Math.max(8, x - width - 12) : x + 14;
  const top = y + 16 + tip.offsetHeight > innerHeight - 8 ? y - tip.offsetHeight - 10 : y + 16;
  tip.style.setProperty("left", left + "px");
  tip.style.setProperty("top", top + "px");
}

function hideTip() {
  const tip = document.getElementById("tip");
  if (tip) tip.hidden = true;
}
