// What one row of the inventory shows, and the strip of facts above it.

function inventoryColumns() {
  return [
    { key: "device", label: "Device", width: "178px", class: "name", value: (device) => device.name, cell: nameCell },
    { key: "address", label: "Address", width: "118px", class: "wide", value: (device) => addressOrder(device.address), cell: (device) => (device.address ? h("code", { title: device.addresses.map((one) => plain(one.ip)).join(" ") }, device.address, device.addresses.length > 1 ? h("span.dim", null, " +" + (device.addresses.length - 1)) : null) : h("span.dim", null, "none seen")) },
    { key: "kind", label: "Kind", width: "172px", class: "kind", value: (device) => (device.kind ? device.kindLabel : ""), cell: (device) => sureCell(device.state, device.kind ? device.kindLabel : "", device.confidence) },
    { key: "maker", label: "Maker and model", class: "maker", value: (device) => device.maker, cell: makerCell },
    { key: "weak", label: "Weak", width: "64px", class: "weakness", first: "down", value: (device) => device.level * 100 + device.weakKinds.length, cell: (device) => (device.level ? weaknessMark(device.level, device.weakKinds.length) : h("span.dim", null, "none", heard(" seen"))) },
    { key: "peers", label: "Peers", width: "62px", class: "num", first: "down", value: (device) => device.peers, cell: (device) => count(device.peers) },
    { key: "traffic", label: "Traffic", width: "80px", class: "num", first: "down", value: (device) => device.sent + device.received, cell: (device) => bytes(device.sent + device.received) },
    { key: "last", label: DATA.oneDay ? "Last, UTC" : "Last seen, UTC", width: DATA.oneDay ? "90px" : "108px", class: "num", first: "down", value: (device) => device.last, cell: (device) => h("span.dim", { title: fullTime(device.last) }, shortTime(device.last)) },
  ];
}

/** Addresses in the order of their numbers, not of their letters. */
function addressOrder(text) {
  return /^\d+(\.\d+){3}$/.test(text) ? "0" + text.split(".").map((part) => part.padStart(3, "0")).join(".") : text ? "1" + text : "";
}

function nameCell(device) {
  return h("span.nm", null, icon(device.icon), h("a.ell", { href: deviceAddress(device), title: device.name }, foreign(device.name)),
    device.conflicts.length ? h("span.tag.warn.tiny", { title: "Two sources disagree" }, icon("warn"), heard("two sources disagree")) : null,
    device.gateway ? h("span.tag.tiny", { title: "A gateway: others are reached through it" }, "gateway") : null,
    device.behind ? h("span.tag.tiny", { title: "Known only through a gateway" }, "behind") : null,
    device.external ? h("span.tag.tiny", null, "outside") : null,
    h("span.second", null, device.kind ? device.kindLabel : "not known yet", device.address ? " · " + device.address : ""));
}

/** The mark stands before the value it qualifies, the number after it. */
function sureCell(state, text, confidence) {
  if (!text) return h("span.sure.dim", null, stateMark("unknown"), h("span.ell.grow", null, "not known yet"));
  return h("span.sure", null, stateMark(state), h("span.ell.grow", { title: text }, foreign(text)), state === "confirmed" ? null : h("span.dim.p", null, probability(confidence)));
}

function makerCell(device) {
  if (device.maker) return sureCell(device.makerState, device.maker, device.makerConfidence);
  const card = device.organisations[0];
  return h("span.sure.dim", null, stateMark("unknown"), h("span.ell.grow", { title: card || null }, card ? ["not known yet, card by ", foreign(card)] : "not known yet"));
}

/** Devices, how sure, weaknesses, what leaves, and what the whole rests on: five cells, each with its consequence. */
function factsStrip() {
  const devices = DATA.devices;
  const medical = devices.filter((device) => device.medical).length;
  const behind = devices.filter((device) => device.behind).length;
  const states = new Map(STATES.map((state) => [state.id, devices.filter((device) => device.state === state.id).length]));
  const known = states.get("confirmed") + states.get("probable");
  const weak = devices.filter((device) => device.level > 0).length;
  const doors = devices.filter((device) => device.level === 2).length;
  const leaving = devices.filter((device) => device.leaves && !device.external);
  const leavingMedical = leaving.filter((device) => device.medical).length;
  return h("section.panel.facts.five", { "aria-label": "Summary" },
    factCell("Devices", h("p.big", null, count(devices.length)), h("p.note", null, link(address("devices", { q: "is:medical" }), counted(medical, "medical", "medical")), behind ? [" · ", link(address("devices", { q: "is:behind" }), counted(behind, "behind a gateway", "behind a gateway"))] : null)),
    factCell("Identified, probable or better", h("p.big", null, percent(known, devices.length)), stateBar(states, devices.length), h("p.note", null, count(states.get("confirmed")) + " confirmed · " + count(states.get("probable")) + " probable · " + count(states.get("tentative")) + " tentative · ", link(address("devices", { q: "state:unknown" }), count(states.get("unknown")) + " unknown"))),
    factCell("Devices with a weakness", h("p.big", null, count(weak), h("small", null, " of " + count(devices.length))), h("p.note", null, doors ? [weaknessMark(2), " ", link(address("weaknesses", {}), counted(doors, "has", "have") + " a way in"), " · "] : null, link(address("weaknesses", {}), counted(new Set(DATA.weaknesses.map((one) => one.kind)).size, "kind") + " seen"))),
    factCell("Peers outside", h("p.big", null, count(DATA.outsidePeers.size)), h("p.note", null, leaving.length ? [link(address("devices", { q: "is:leaving" }), counted(leaving.length, "device") + " talk" + (leaving.length === 1 ? "s" : "") + " to them"), leavingMedical ? ", " + count(leavingMedical) + " of them medical" : ", none medical"] : "nothing talks outside")),
    factCell("Rests on", h("p.big", null, count(numberOf((DATA.manifest.counters || {}).frames)), h("small", null, " frames")), h("p.note" + (DATA.notes.length ? ".look" : ""), null, DATA.notes.length ? [icon("warn"), link(address("about", {}), counted(DATA.notes.length, "note") + " on the captures")] : [counted(DATA.captures.length, "capture") + ", read to the end"])));
}

function factCell(title, ...children) {
  return h("div", null, h("h2", null, title), ...children);
}

/** Known for sure in ink steps: full, grey, hatched, empty; the words stand below it. */
function stateBar(states, total) {
  if (!total) return null;
  return h("div.stack", { "aria-hidden": "true" }, ["confirmed", "probable", "tentative"].map((state) => h("i." + state, { style: { width: (100 * states.get(state)) / total + "%" } })));
}

/** Says honestly what was left out of the page for its size. */
function cutNote() {
  const { devices, flows } = DATA.cut;
  if (!devices && !flows) return null;
  const missing = [devices ? counted(devices, "device") : "", flows ? counted(flows, "flow") : ""].filter(Boolean);
  return h("p.message.warn", null, icon("warn"), h("span", null, h("b", null, sentenceList(missing) + " not on this page. "), "It holds what fits; the files beside it (devices.jsonl, flows.jsonl) hold everything."));
}
