// The map as numbers: zones with their members, bundles of flows between zones, and where everything stands.
// Placement is arithmetic, not a simulation: the same data give the same picture tomorrow, and 5,000 marks cost nothing.

const MAP_GAP = 14;
const BOX_HEAD = 32;
const BOX_FOOT = 9;
const BOX_SIDE = 10;
const NAME_ROW = 20;
const NAME_WIDTH = 92; // the least width of a named mark, where a box shows them in several columns
const NAMED_MOST = [48, 30, 20, 12, 8, 4, 0]; // boxes of at most so many members show names, the first that fits
const NAMED_ALWAYS = 4; // so few names cost no more room than marks do
const MARK_STEPS = [15, 13, 11, 9.5, 8, 7, 6, 5, 4.2, 3.6];
const MARK_WITH_NAMES = 7; // marks do not shrink below this only to make room for names elsewhere
const COLUMN_SHARES = [0.28, 0.23, 0.27];
const LOOP = 20; // how far the loop of a box reaches out
const LINKS_DRAWN = 400; // more are in the table only
const LINKS_AT_REST = 40; // the others show when one of their boxes is chosen

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
  const links = linksOf(flows, boxOf);
  const inside = insideOf(flows, boxOf);
  return { boxes: list, byId: boxes, boxOf, flows, links, inside, bundles: [...links, ...inside.values()] };
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

/** "12 times", "12 times, never answered". */
function timesText(flow) {
  const answered = Number.isFinite(flow.raw.answered) ? flow.raw.answered : flow.connections;
  const times = counted(flow.connections, "time");
  if (answered >= flow.connections) return times;
  return times + (answered ? ", " + count(answered) + " answered" : ", never answered");
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

/** "hl7 +3": the application with most bytes, and how many others. */
function usesShort(bundle) {
  const names = [...bundle.uses].sort((a, b) => b[1] - a[1]).map((pair) => pair[0]);
  return names[0] + (names.length > 1 ? " +" + (names.length - 1) : "");
}

function usesText(bundle, most) {
  const names = [...bundle.uses].sort((a, b) => b[1] - a[1]).map((pair) => pair[0]);
  return names.slice(0, most).join(", ") + (names.length > most ? " and " + (names.length - most) + " more" : "");
}
