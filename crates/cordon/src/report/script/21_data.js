// Reads the data once and joins what belongs together: devices with their flows, weaknesses and the devices behind them.
// Everything that a table compares or a filter reads is computed here, so that typing and scrolling stay quick.

const DATA = {
  manifest: {}, captures: [], counters: [], devices: [], flows: [], weaknesses: [], cut: { devices: 0, flows: 0 },
  byId: new Map(), categories: new Map(), attributeLabels: new Map(), weaknessTitles: new Map(), roleLabels: new Map(), familyLabels: new Map(), sources: new Map(),
  outsidePeers: new Map(), oneDay: false, manyYears: false, notes: [], failed: "",
};

function listOf(value) {
  return Array.isArray(value) ? value : [];
}

function mapOf(value) {
  return new Map(value && typeof value === "object" ? Object.entries(value) : []);
}

function numberOf(value) {
  return Number.isFinite(value) ? value : 0;
}

function loadData() {
  let raw = null;
  const element = document.getElementById("data");
  try {
    raw = JSON.parse(element.textContent);
  } catch (error) {
    DATA.failed = "The data of this report do not read as JSON: " + error.message;
    return;
  }
  const manifest = raw.manifest || {};
  const labels = raw.labels || {};
  DATA.manifest = manifest;
  DATA.captures = listOf(manifest.captures);
  DATA.counters = Object.entries(manifest.counters || {});
  DATA.cut = { devices: numberOf(raw.cut && raw.cut.devices), flows: numberOf(raw.cut && raw.cut.flows) };
  DATA.categories = mapOf(labels.categories);
  DATA.attributeLabels = mapOf(labels.attributes);
  DATA.weaknessTitles = mapOf(labels.weaknesses);
  DATA.roleLabels = mapOf(labels.roles);
  DATA.familyLabels = mapOf(labels.families);
  DATA.sources = mapOf(labels.sources);
  DATA.oneDay = Boolean(manifest.first) && String(manifest.first).slice(0, 10) === String(manifest.last).slice(0, 10);
  DATA.manyYears = Boolean(manifest.first) && String(manifest.first).slice(0, 4) !== String(manifest.last).slice(0, 4);
  for (const capture of DATA.captures) for (const note of listOf(capture.notes)) DATA.notes.push({ capture: capture.name, note });
  DATA.devices = listOf(raw.devices).map(deviceOf);
  for (const device of DATA.devices) DATA.byId.set(device.id, device);
  joinFlows(listOf(raw.flows));
  joinWeaknesses(listOf(raw.weaknesses));
  for (const device of DATA.devices) finishDevice(device);
  DATA.devices.sort(byImportance);
}

/** What a person should see first: devices that serve patients, then ways in, then weak spots, then kinds together. */
function byImportance(a, b) {
  return Number(b.medical) - Number(a.medical) || b.level - a.level || b.weakKinds.length - a.weakKinds.length
    || Number(Boolean(b.kind)) - Number(Boolean(a.kind)) || collator.compare(a.kindLabel, b.kindLabel) || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** One device as the views read it; `raw` keeps the row of devices.jsonl. */
function deviceOf(raw) {
  const attributes = raw.attributes || {};
  const category = attributes.category || {};
  const kind = category.state && category.state !== "unknown" && category.value ? String(category.value) : "";
  const device = {
    raw, id: String(raw.id), kind, kindLabel: kindLabel(kind), state: kind ? category.state : "unknown", confidence: kind ? numberOf(category.confidence) : 0,
    medical: isMedicalKind(kind), gateway: Boolean(raw.gateway), behind: raw.behind || null, attributes,
    interfaces: listOf(raw.interfaces), addresses: [], macs: [], organisations: [], conflicts: listOf(raw.conflicts), roles: listOf(raw.roles), first: raw.first || "", last: raw.last || "",
    sent: numberOf(raw.bytes_sent), received: numberOf(raw.bytes_received), peers: numberOf(raw.peers), flows: [], weaknesses: [], weakKinds: [], level: 0, children: [], leaves: false,
  };
  for (const card of device.interfaces) {
    if (card.mac) device.macs.push(card.mac);
    if (card.organisation) device.organisations.push(plain(card.organisation));
    for (const address of listOf(card.addresses)) device.addresses.push(address);
  }
  device.addresses.sort((a, b) => addressRank(a.ip) - addressRank(b.ip) || String(b.last).localeCompare(String(a.last)));
  device.address = device.addresses.length ? plain(device.addresses[0].ip) : device.macs.length ? plain(device.macs[0]) : "";
  device.name = plain(raw.name).trim() || device.address || plain(raw.id);
  device.zone = zoneOfKind(kind);
  device.icon = iconOfKind(kind, device.zone);
  Object.assign(device, makerOf(attributes));
  return device;
}

/** What people know a device by comes first: an IPv4 address, then a routable IPv6 one, then what it gave itself. */
function addressRank(ip) {
  const text = String(ip);
  if (text === "0.0.0.0" || text === "::") return 3;
  if (/^(fe[89ab]|169\.254\.)/i.test(text)) return 2;
  return text.includes(":") ? 1 : 0;
}

/** The asserted values of an attribute: one, several, or none. */
function valuesOf(attribute) {
  if (!attribute) return [];
  const all = Array.isArray(attribute.values) ? attribute.values : [attribute];
  return all.filter((one) => one && one.value !== null && one.value !== undefined && one.value !== "" && one.state !== "unknown");
}

/** Maker, family and model in one line, as sure as the least sure of the parts shown. */
function makerOf(attributes) {
  const words = [];
  let confidence = 1;
  let state = "unknown";
  let rank = -1;
  for (const name of ["vendor", "family", "model"]) {
    const [value] = valuesOf(attributes[name]);
    if (!value) continue;
    const text = plain(value.value);
    const same = words.findIndex((word) => word.toLowerCase().includes(text.toLowerCase()) || text.toLowerCase().startsWith(word.toLowerCase()));
    if (same < 0) words.push(text);
    else if (text.length > words[same].length) words[same] = text;
    if ((STATE_RANK.get(value.state) || 0) > rank) {
      rank = STATE_RANK.get(value.state) || 0;
      state = value.state;
    }
    confidence = Math.min(confidence, numberOf(value.confidence));
  }
  return { maker: words.join(" "), makerState: words.length ? state : "unknown", makerConfidence: words.length ? confidence : 0, vendor: valuesOf(attributes.vendor).map((one) => plain(one.value))[0] || "" };
}

/** What stands at one end of a flow: a device, an address outside, a group, or a device that was left out for size. */
function endOf(reference) {
  const text = String(reference);
  const device = DATA.byId.get(text);
  if (device) return { key: text, device, zone: device.zone, label: device.name };
  if (text.startsWith("external:")) return { key: text, device: null, zone: "outside", label: plain(text.slice(9)) };
  if (text.startsWith("group:")) return { key: text, device: null, zone: "groups", label: plain(text.slice(6)) };
  if (text.startsWith("silent:")) return { key: text, device: null, zone: "silent", label: plain(text.slice(7)) };
  return { key: text, device: null, zone: "unknown", label: text === "nobody" ? "nobody" : plain(text) };
}

function joinFlows(rows) {
  const ends = new Map();
  const end = (reference) => {
    if (!ends.has(reference)) ends.set(reference, endOf(reference));
    return ends.get(reference);
  };
  DATA.flows = rows.map((raw) => {
    const flow = { raw, from: end(raw.from), to: end(raw.to), application: plain(raw.application) || serviceText(raw.service), bytes: numberOf(raw.bytes_sent) + numberOf(raw.bytes_received), connections: numberOf(raw.connections), scope: raw.scope };
    flow.leaves = raw.scope === "external" || flow.to.zone === "outside" || flow.from.zone === "outside";
    if (flow.from.device) flow.from.device.flows.push(flow);
    if (flow.to.device && flow.to.device !== flow.from.device) flow.to.device.flows.push(flow);
    if (flow.leaves) {
      for (const side of [flow.from, flow.to]) {
        if (side.zone === "outside") DATA.outsidePeers.set(side.key, side);
        else if (side.device) side.device.leaves = true;
      }
    }
    return flow;
  });
}

function joinWeaknesses(rows) {
  DATA.weaknesses = rows.map((raw) => {
    const { device, zone, label } = endOf(raw.device);
    const weakness = { raw, kind: String(raw.kind), device, zone, peer: raw.peer ? endOf(raw.peer) : null, label, count: numberOf(raw.count) };
    if (device) device.weaknesses.push(weakness);
    return weakness;
  });
}

function finishDevice(device) {
  device.weakKinds = [...new Set(device.weaknesses.map((one) => one.kind))];
  for (const kind of device.weakKinds) device.level = Math.max(device.level, remedyOf(kind).level);
  const parent = device.behind ? DATA.byId.get(device.behind) : null;
  if (parent) parent.children.push(device);
  const seen = [device.name, device.id, device.maker, device.kindLabel, ...device.macs, ...device.organisations, ...device.addresses.map((one) => one.ip), ...device.roles.map((one) => roleLabel(one.role))];
  for (const name of Object.keys(device.attributes)) for (const one of valuesOf(device.attributes[name])) seen.push(one.value);
  device.haystack = seen.map(plain).join("\n").toLowerCase();
  device.software = ["software", "os", "firmware"].map((name) => valuesOf(device.attributes[name])[0]).filter(Boolean).map((one) => plain(one.value))[0] || "";
}
