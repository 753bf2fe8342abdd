// The map: boxes hold one mark per device, bundles join boxes; the table beside it, and the whole as a table, say the same.

const map = { settings: null, model: null, chosen: null, focus: null, svg: null, table: null, watcher: null, width: 0, height: 0 };
const MAP_ONLY = [["", "All"], ["inside", "Inside"], ["outside", "Leaves the site"], ["medical", "Medical"], ["weak", "With weakness"]];
const THREADS = 80;
const LEGEND_HEIGHT = 42;

VIEWS.map = {
  name: "map", page: "map",
  show(main, route) {
    const query = route.query;
    map.settings = { group: query.group === "kind" ? "kind" : "zone", only: MAP_ONLY.some((one) => one[0] === query.only) ? query.only || "" : "", app: query.app || "", as: query.as === "table" ? "table" : "map", zone: query.zone || "", to: query.to || "", focus: query.focus || "" };
    map.model = mapModel(map.settings);
    map.focus = DATA.byId.get(map.settings.focus) || null;
    map.chosen = map.model.byId.get(map.settings.zone) || (map.focus ? map.model.boxOf.get(map.focus.id) : null);
    map.table = null;
    add(main, h("div.head", null, h("h1", null, "Map"), h("span.sub", null, "Who talks to whom?"),
      h("span.end", null, segmented("Group by", [["zone", "Zone"], ["kind", "Kind"]], map.settings.group, (value) => mapGo({ group: value, zone: "", to: "" })), segmented("Show as", [["map", "Map", "map"], ["table", "Table", "table"]], map.settings.as, (value) => mapGo({ as: value })))), cutNote());
    if (!DATA.flows.length && !DATA.devices.length) {
      add(main, h("section.panel", { "aria-label": "Nothing seen" }, emptyState("map", "There is nothing to draw", "The captures held no device and no flow.", link(address("about", {}), "What was read"))));
      return;
    }
    add(main, mapTools());
    if (map.settings.as === "table") add(main, h("div.two.mapparts", null, mapTable(), mapSide()));
    else {
      const place = h("section.panel.mp", { "aria-label": "Map" });
      add(main, h("div.two.mapparts", null, place, mapSide()));
      drawMap(place);
      map.watcher = new ResizeObserver(() => redrawMap(place));
      map.watcher.observe(place);
    }
  },
  leave() {
    if (map.watcher) map.watcher.disconnect();
    map.watcher = null;
    map.svg = null;
  },
  keys: { t: () => mapGo({ as: map.settings.as === "table" ? "map" : "table" }), j: () => map.table && map.table.move(1), k: () => map.table && map.table.move(-1) },
  up: () => (map.settings.to || map.settings.zone || map.settings.focus ? mapAddress({ zone: "", to: "", focus: "" }) : ""),
};

function mapAddress(changes) {
  const next = { ...map.settings, ...changes };
  return address("map", { group: next.group === "zone" ? "" : next.group, only: next.only, app: next.app, as: next.as === "map" ? "" : next.as, zone: next.zone, to: next.to, focus: next.focus });
}

function mapGo(changes) {
  go(mapAddress(changes));
}

function segmented(label, values, present, choose) {
  return h("span.segmented", null, h("span.note", { "aria-hidden": "true" }, label), h("span.seg", { role: "group", "aria-label": label }, values.map((one) => h("button", { type: "button", "aria-pressed": String(one[0] === present), "data-again": label + one[0], on: { click: () => choose(one[0]) } }, one[2] && icon(one[2]), one[1], one[3] === undefined ? null : h("span.dim", null, count(one[3]))))));
}

function mapTools() {
  const uses = new Map();
  for (const flow of DATA.flows) uses.set(flow.application, (uses.get(flow.application) || 0) + 1);
  const names = [...uses].sort((a, b) => b[1] - a[1]).slice(0, 60).map((pair) => pair[0]);
  if (map.settings.app && !names.includes(map.settings.app)) names.push(map.settings.app);
  const choose = h("select", { "aria-label": "Application", "data-again": "app", on: { change: () => mapGo({ app: choose.value, to: "" }) } }, h("option", { value: "" }, "Application: all"), names.map((name) => h("option", { value: name }, name + " (" + count(uses.get(name) || 0) + ")")));
  choose.value = map.settings.app;
  const kinds = map.settings.group === "kind" ? counted(map.model.boxes.length, "box", "boxes") : counted(map.model.boxes.length, "zone");
  return h("div.row.tools", null, choose, segmented("Which traffic", MAP_ONLY.map((one) => [one[0], one[1], null]), map.settings.only, (value) => mapGo({ only: value, to: "" })), h("span.note.end", null, counted(DATA.devices.length, "device") + " in " + kinds + " · " + counted(map.model.flows.length, "flow") + " · one mark is one device"));
}

function redrawMap(place) {
  if (Math.abs(place.clientWidth - map.width) > 8 || Math.abs(place.clientHeight - map.height) > 8) drawMap(place);
}

function drawMap(place) {
  map.width = place.clientWidth;
  map.height = place.clientHeight;
  const width = Math.max(560, map.width - 2);
  const wished = Math.max(420, place.clientHeight - LEGEND_HEIGHT);
  const height = placeMap(map.model, width, wished);
  const svg = s("svg.map", { viewBox: "0 0 " + width + " " + height, width, height, role: "group", "aria-label": "Zones and the traffic between them" });
  map.svg = svg;
  const links = s("g.links", { fill: "none" });
  for (const bundle of map.model.bundles) {
    if (!bundle.drawn) continue;
    bundle.line = s(bundle.atRest ? "path.f" : "path.f.quiet", { d: bundle.path, "stroke-width": bundle.weight.toFixed(1) });
    links.append(bundle.line);
    if (!bundle.atRest) continue;
    const wide = s("path.hit", { d: bundle.path, "stroke-width": Math.max(12, bundle.weight + 6) });
    wide.addEventListener("pointerenter", (event) => overLink(bundle, event));
    wide.addEventListener("pointerleave", leaveMap);
    wide.addEventListener("click", () => go(mapAddress({ zone: (map.chosen === bundle.b ? bundle.b : bundle.a).id, to: (map.chosen === bundle.b ? bundle.a : bundle.b).id, focus: "" })));
    links.append(wide);
  }
  svg.append(links, s("g.boxes", null, map.model.boxes.map(boxElement)), s("g.threads", { fill: "none" }), s("g.labels"));
  empty(place).append(h("div.mapscroll", null, svg), mapLegend());
  svg.addEventListener("pointermove", overMap);
  svg.addEventListener("pointerleave", leaveMap);
  svg.addEventListener("click", clickMap);
  restMap();
}

/** A box: outline, name, number, and all marks of one shape in one path. */
function boxElement(box) {
  const shapes = ["", "", ""];
  box.members.forEach((member, index) => {
    const [x, y] = markPlace(box, index);
    const level = member.device ? member.device.level : 0;
    shapes[level] += markPath(level, x, y, box.mark);
  });
  const weak = box.members.filter((member) => member.device && member.device.level > 0).length;
  const label = box.label + ", " + counted(box.members.length, box.zone.id === "outside" || box.zone.id === "groups" ? "peer" : "device") + (weak ? ", " + weak + " with a weakness" : "");
  const number = count(box.members.length);
  const names = box.named ? box.members.map((member, index) => memberName(box, member, index)) : null;
  const group = s("g.z.zone-" + box.zone.id, { tabindex: "0", role: "button", "aria-label": label, "aria-pressed": String(map.chosen === box), "data-zone": box.id, "data-again": "box" + box.id },
    s("rect.box", { x: box.x, y: box.y, width: box.width, height: box.height, rx: 6 }),
    s("use.i", { href: "#i-" + box.icon, x: box.x + 10, y: box.y + 9, width: 15, height: 15 }),
    s("text.zt", { x: box.x + 31, y: box.y + 21 }, textWithin(box.label, box.width - 50 - 7 * number.length, 600, 12.5)),
    s("text.zn", { x: box.x + box.width - 10, y: box.y + 21, "text-anchor": "end" }, number),
    shapes.map((path, level) => (path ? s("path.d" + level, { d: path }) : null)), names);
  box.element = group;
  group.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      chooseBox(box);
    } else if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      stepBox(box, event.key);
    }
  });
  group.addEventListener("focus", () => lightBox(box));
  group.addEventListener("blur", restMap);
  return group;
}

/** The name beside a mark, in a box that is small enough to name its members. */
function memberName(box, member, index) {
  const [x, y] = markPlace(box, index);
  return s("text.zm", { x: x + 11, y: y + 4 }, nameWithin(member.label, box.cellWidth - 22, 400, 12));
}

function markPath(level, x, y, size) {
  const half = size / 2;
  const f = (number) => number.toFixed(1);
  if (level === 2) return "M" + f(x - half) + " " + f(y + half) + "L" + f(x) + " " + f(y - half) + "L" + f(x + half) + " " + f(y + half) + "z";
  if (level === 1) return "M" + f(x) + " " + f(y - half) + "L" + f(x + half) + " " + f(y) + "L" + f(x) + " " + f(y + half) + "L" + f(x - half) + " " + f(y) + "z";
  const inner = half * 0.86;
  return "M" + f(x - inner) + " " + f(y - inner) + "h" + f(inner * 2) + "v" + f(inner * 2) + "h" + f(-inner * 2) + "z";
}

function chooseBox(box) {
  const same = map.chosen === box && !map.settings.focus && !map.settings.to;
  go(mapAddress({ zone: same ? "" : box.id, to: "", focus: "" }));
}

/** Arrow keys go to the nearest box in that direction. */
function stepBox(box, key) {
  const centre = (one) => [one.x + one.width / 2, one.y + one.height / 2];
  const [x, y] = centre(box);
  const ahead = { ArrowUp: (dx, dy) => -dy, ArrowDown: (dx, dy) => dy, ArrowLeft: (dx) => -dx, ArrowRight: (dx) => dx }[key];
  let best = null;
  for (const one of map.model.boxes) {
    const [otherX, otherY] = centre(one);
    const forward = ahead(otherX - x, otherY - y);
    if (one === box || forward < 8) continue;
    const cost = Math.hypot(otherX - x, otherY - y) + 2 * (Math.hypot(otherX - x, otherY - y) - forward);
    if (!best || cost < best.cost) best = { cost, one };
  }
  if (best) best.one.element.focus();
}

function mapLegend() {
  const piece = (level, text) => h("span", null, s("svg", { viewBox: "0 0 12 12", width: 12, height: 12, class: "map", "aria-hidden": "true" }, s("path.d" + level, { d: markPath(level, 6, 6, 10) })), text);
  return h("div.lgd", null, piece(2, "a way in"), piece(1, "weak spot"), piece(0, "no weakness seen"), h("span.sep"), h("span", null, h("i.ln.rest"), map.model.links.length > LINKS_AT_REST ? "the " + LINKS_AT_REST + " busiest of " + count(map.model.links.length) + " bundles" : "traffic, wider is more"), h("span", null, h("i.ln"), "chosen"));
}
