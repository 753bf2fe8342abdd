// The map as numbers: zones with their members, bundles of flows between zones, and where everything stands.
// Placement is arithmetic, not a simulation: the same data give the same picture tomorrow, and 5,000 marks cost nothing.

const MAP_GAP = 12;
const BOX_HEAD = 32;
const BOX_FOOT = 9;
const MARK_STEPS = [13, 11, 9.500, 8, 7, 6, 5, 4.200, 3.600];
const LINKS_DRAWN = 200;

/** settings: { group: "zone" | "kind", only: "" | "inside" | "outside" | "medical" | "weak", app: "" } */
function mapModel(settings) {
  const boxes = new Map();
  const boxOf = new Map();
  const placeOf = (end) => {
    if (settings.group !== "kind" || !end.device || !end.device.kind || end.zone === "outside") return { id: end.zone, label: ZONE.get(end.zone).label, icon: ZONE.get(end.zone).icon, zone: ZONE.get(end.zone) };
    return { id: "kind:" + end.device.kind, label: end.device.kindLabel, icon: end.device.icon, zone: ZONE.get(end.zone) };
  };
  const admit = (end) => {
    if (boxOf.has(end.key)) return;
    const place = placeOf(end);
    if (!boxes.has(place.id)) boxes.set(place.id, { ...place, members: [], index: new Map() });
    boxes.get(place.id).members.push(end);
    boxOf.set(end.key, boxes.get(place.id));
  };
  for (const device of DATA.devices) admit({ key: device.id, device, zone: device.zone, label: device.name });
  for (const flow of DATA.flows) {
    admit(flow.from);
    admit(flow.to);
  }
  const rank = new Map(ZONES.map((zone, index) => [zone.id, index]));
  const list = [...boxes.values()].sort((a, b) => rank.get(a.zone.id) - rank.get(b.zone.id) || b.members.length - a.members.length || a.label.localeCompare(b.label));
  for (const box of list) {
    box.members.sort((a, b) => (b.device ? b.device.level : 0) - (a.device ? a.device.level : 0) || collator.compare(a.label, b.label));
    box.members.forEach((member, index) => box.index.set(member.key, index));
  }
  const flows = DATA.flows.filter((flow) => mapAdmits(flow, settings));
  return { boxes: list, byId: boxes, boxOf, flows, links: linksOf(flows, boxOf), inside: insideOf(flows, boxOf) };
}

function mapAdmits(flow, settings) {
  if (settings.app && flow.application !== settings.app) return false;
  if (settings.only === "outside") return flow.leaves;
  if (settings.only === "inside") return !flow.leaves && flow.to.zone !== "groups";
  const some = (test) => Boolean((flow.from.device && test(flow.from.device)) || (flow.to.device && test(flow.to.device)));
  if (settings.only === "medical") return some((device) => device.medical);
  if (settings.only === "weak") return some((device) => device.level > 0);
  return true;
}

function newBundle(a, b) {
  return { a, b, flows: [], bytes: 0, connections: 0, devices: new Set(), uses: new Map() };
}

function addToBundle(bundle, flow) {
  bundle.flows.push(flow);
  bundle.bytes += flow.bytes;
  bundle.connections += flow.connections;
  bundle.devices.add(flow.from.key).add(flow.to.key);
  bundle.uses.set(flow.application, (bundle.uses.get(flow.application) || 0) + flow.bytes);
}

function linksOf(flows, boxOf) {
  const links = new Map();
  for (const flow of flows) {
    const a = boxOf.get(flow.from.key);
    const b = boxOf.get(flow.to.key);
    if (a === b) continue;
    const key = a.id < b.id ? a.id + "|" + b.id : b.id + "|" + a.id;
    if (!links.has(key)) links.set(key, newBundle(a.id < b.id ? a : b, a.id < b.id ? b : a));
    addToBundle(links.get(key), flow);
  }
  return [...links.values()].sort((a, b) => b.bytes - a.bytes);
}

function insideOf(flows, boxOf) {
  const inside = new Map();
  for (const flow of flows) {
    const box = boxOf.get(flow.from.key);
    if (box !== boxOf.get(flow.to.key)) continue;
    if (!inside.has(box.id)) inside.set(box.id, newBundle(box, box));
    addToBundle(inside.get(box.id), flow);
  }
  return inside;
}

function usesText(bundle, most) {
  const names = [...bundle.uses].sort((a, b) => b[1] - a[1]).map((pair) => pair[0]);
  return names.slice(0, most).join(", ") + (names.length > most ? " and " + (names.length - most) + " more" : "");
}

/** Gives every box its place: three columns, the tallest decides how large one mark can be. */
function placeMap(model, width, wished) {
  const share = [0.27, 0.215, 0.25];
  const side = 14;
  const columns = [0, 1, 2].map((number) => model.boxes.filter((box) => box.zone.column === number));
  const used = [0, 1, 2].filter((number) => columns[number].length);
  const widths = share.map((part) => Math.round(part * width));
  const lefts = [side, 0, width - side - widths[2]];
  lefts[1] = Math.round((lefts[0] + widths[0] + lefts[2] - widths[1]) / 2);
  if (used.length === 2 && !used.includes(2)) lefts[1] = width - side - widths[1];
  const heightOf = (box, column, pitch) => BOX_HEAD + Math.ceil(box.members.length / perRow(widths[column], pitch)) * pitch + BOX_FOOT;
  const total = (column, pitch) => columns[column].reduce((sum, box) => sum + heightOf(box, column, pitch) + MAP_GAP, MAP_GAP);
  const pitch = MARK_STEPS.find((step) => used.every((column) => total(column, step) <= wished)) || MARK_STEPS[MARK_STEPS.length - 1];
  const height = Math.max(Math.min(wished, 360), ...used.map((column) => total(column, pitch)));
  for (const column of used) {
    const spare = height - total(column, pitch);
    const between = column === 1 ? Math.min(70, spare / (columns[column].length + 1)) : Math.min(26, spare / Math.max(1, columns[column].length));
    let top = MAP_GAP + (column === 1 ? Math.max(0, (spare - between * (columns[column].length - 1)) / 2) : 0);
    for (const box of columns[column]) {
      Object.assign(box, { x: lefts[column], y: top, width: widths[column], height: heightOf(box, column, pitch), pitch, perRow: perRow(widths[column], pitch) });
      top += box.height + MAP_GAP + between;
    }
  }
  placeLinks(model);
  return height + 2;
}

function perRow(width, pitch) {
  return Math.max(1, Math.floor((width - 18) / pitch));
}

/** Each end of a bundle gets its own place on the side of its box, in the order of the other ends: fewer crossings. */
function placeLinks(model) {
  const ports = new Map();
  for (const link of model.links) {
    link.drawn = true;
    const same = link.a.zone.column === link.b.zone.column;
    const aLeft = link.a.zone.column < link.b.zone.column;
    link.sideA = same ? (link.a.zone.column === 2 ? "left" : "right") : aLeft ? "right" : "left";
    link.sideB = same ? link.sideA : aLeft ? "left" : "right";
    for (const [box, sideName, otherBox, end] of [[link.a, link.sideA, link.b, "A"], [link.b, link.sideB, link.a, "B"]]) {
      const key = box.id + "|" + sideName;
      if (!ports.has(key)) ports.set(key, []);
      ports.get(key).push({ link, box, end, other: otherBox.y + otherBox.height / 2 });
    }
  }
  const most = Math.max(1, ...model.links.map((link) => link.bytes));
  for (const list of ports.values()) {
    list.sort((a, b) => a.other - b.other);
    const { box } = list[0];
    const step = Math.min(13, (box.height - 16) / list.length);
    const start = box.y + box.height / 2 - (step * (list.length - 1)) / 2;
    list.forEach((port, index) => {
      port.link["y" + port.end] = start + index * step;
    });
  }
  model.links.forEach((link, index) => {
    link.drawn = index < LINKS_DRAWN;
    link.weight = 1.4 + 12 * Math.pow(Math.log(1 + link.bytes) / Math.log(1 + most), 3);
    link.path = linkPath(link);
  });
}

function linkPath(link) {
  const xA = link.sideA === "right" ? link.a.x + link.a.width : link.a.x;
  const xB = link.sideB === "right" ? link.b.x + link.b.width : link.b.x;
  link.ends = [[xA, link.yA], [xB, link.yB]];
  if (link.sideA === link.sideB) {
    const bulge = (link.sideA === "right" ? 1 : -1) * Math.min(90, 26 + Math.abs(link.yA - link.yB) * 0.22);
    return "M" + xA + " " + link.yA.toFixed(1) + "C" + (xA + bulge) + " " + link.yA.toFixed(1) + " " + (xB + bulge) + " " + link.yB.toFixed(1) + " " + xB + " " + link.yB.toFixed(1);
  }
  const middle = (xA + xB) / 2;
  return "M" + xA + " " + link.yA.toFixed(1) + "C" + middle + " " + link.yA.toFixed(1) + " " + middle + " " + link.yB.toFixed(1) + " " + xB + " " + link.yB.toFixed(1);
}

/** The middle of one member's mark. */
function markPlace(box, index) {
  return [box.x + 10 + (index % box.perRow) * box.pitch + box.pitch / 2, box.y + BOX_HEAD + Math.floor(index / box.perRow) * box.pitch + box.pitch / 2];
}

/** Which member stands at a point of the map; a division, not a search. */
function memberAt(box, x, y) {
  const column = Math.floor((x - box.x - 10) / box.pitch);
  const row = Math.floor((y - box.y - BOX_HEAD) / box.pitch);
  if (column < 0 || column >= box.perRow || row < 0) return null;
  return box.members[row * box.perRow + column] || null;
}
