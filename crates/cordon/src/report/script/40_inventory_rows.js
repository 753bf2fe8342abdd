// What one row of the inventory shows, and the strip of facts above it.

const COLUMNS_FIRST = ["device", "address", "kind", "maker", "weak", "peers", "last"];

/** Every column that the inventory can show, in the order of the table. */
function allColumns() {
  const text = (key, label, width, of) => ({ key, label, width, class: "wide", value: of, cell: (device) => (of(device) ? h("span.ell", { title: of(device) }, foreign(of(device))) : h("span.dim", null, "not known")) });
  const attribute = (key, name, label, width) => text(key, label, width, (device) => valuesOf(device.attributes[name]).map((one) => plain(one.value)).join(", "));
  const number = (key, label, width, of, say) => ({ key, label, width, class: "num." + key, first: "down", value: of, cell: (device) => say(of(device)) });
  const time = (key, label, of) => ({ key, label: DATA.oneDay ? label + ", UTC" : label + " seen, UTC", width: DATA.oneDay ? "94px" : "122px", class: "num." + key, first: "down", value: of, cell: (device) => h("span.dim", { title: fullTime(of(device)) }, shortTime(of(device))) });
  return [
    { key: "device", label: "Device", width: nameWidth(), least: 170, class: "name", value: (device) => device.name, cell: nameCell },
    { key: "address", label: "Address", width: "136px", class: "address", value: (device) => addressOrder(device.address), cell: addressCell },
    text("card", "Network card", "132px", (device) => device.macs.map(plain).join(", ")),
    { key: "kind", label: "Kind", width: "20%", least: 172, class: "kind", value: (device) => (device.kind ? device.kindLabel : ""), cell: (device) => sureCell(device.state, device.kind ? device.kindLabel : "", device.confidence) },
    { key: "maker", label: "Maker and model", class: "maker", value: (device) => device.maker, cell: makerCell },
    attribute("serial", "serial", "Serial number", "120px"),
    text("software", "Software", "120px", (device) => device.software),
    attribute("names", "hostname", "Host name", "130px"),
    attribute("titles", "ae_title", "AE title", "120px"),
    text("zone", "Zone", "120px", (device) => ZONE.get(device.zone).label),
    text("role", "Role", "120px", (device) => device.roles.map((one) => roleLabel(one.role)).join(", ")),
    text("vlan", "VLAN", "64px", (device) => [...new Set(device.interfaces.flatMap((one) => listOf(one.vlans)))].join(", ")),
    { key: "weak", label: "Weak", width: "58px", class: "weakness", first: "down", value: (device) => device.level * 100 + device.weakKinds.length, cell: (device) => (device.level ? weaknessMark(device.level, device.weakKinds.length) : h("span.dim", null, "none", heard(" seen"))) },
    number("peers", "Peers", "58px", (device) => device.peers, count),
    number("sent", "Sent", "84px", (device) => device.sent, bytes),
    number("received", "Received", "88px", (device) => device.received, bytes),
    number("traffic", "Traffic", "84px", (device) => device.sent + device.received, bytes),
    time("first", "First", (device) => device.first),
    time("last", "Last", (device) => device.last),
  ];
}

/** Hosts with short names leave the room to what they are; names made of maker and model take a share of the table. */
function nameWidth() {
  const lengths = DATA.devices.map((device) => device.name.length).sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length * 0.9)] || 0;
  return usual > 24 ? "27%" : Math.max(150, 70 + 8 * usual) + "px";
}

function inventoryColumns(keys) {
  const chosen = keys || COLUMNS_FIRST;
  return allColumns().filter((column) => chosen.includes(column.key));
}

/** "device,kind,serial" from the address; the name always stays, unknown keys fall away. */
function readColumns(text) {
  const known = allColumns().map((column) => column.key);
  const wanted = String(text || "").split(",").filter((key) => known.includes(key));
  return wanted.length ? known.filter((key) => key === "device" || wanted.includes(key)) : COLUMNS_FIRST;
}

/** Opens below its button; the choice stands in the address like the filter does. */
function columnMenu(chosen, choose) {
  const all = allColumns();
  const boxes = all.filter((column) => column.key !== "device").map((column) => {
    const box = h("input", { type: "checkbox", "data-column": column.key, on: { change: () => choose(all.map((one) => one.key).filter((key) => key === "device" || (key === column.key ? box.checked : chosen().includes(key)))) } });
    box.checked = chosen().includes(column.key);
    return h("label", null, box, column.label);
  });
  const reset = button("As at first", null, () => {
    choose(COLUMNS_FIRST);
    for (const box of menu.querySelectorAll("input")) box.checked = COLUMNS_FIRST.includes(box.dataset.column);
  }, { class: "btn quiet s" });
  const menu = h("details.columnmenu", null, h("summary.btn.s", null, icon("columns"), "Columns"), h("div", { role: "group", "aria-label": "Columns" }, boxes, h("div.row", null, reset)));
  return menu;
}

function addressCell(device) {
  if (!device.address) return throughCell(device);
  return h("code", { title: device.addresses.map((one) => plain(one.ip)).join(" ") }, device.address, device.addresses.length > 1 ? h("span.dim", null, " +" + (device.addresses.length - 1)) : null);
}

/** A device that others speak for has no address of its own: it is reached through theirs. */
function throughCell(device) {
  const through = device.behind ? DATA.byId.get(device.behind) : null;
  if (!device.behind) return h("span.dim", null, "none seen");
  return h("span.dim.ell", { title: "Known only through " + (through ? through.name : plain(device.behind)) }, "via ", through && through.address ? h("code", null, through.address) : foreign(through ? through.name : device.behind));
}

/** The same in words. */
function placeText(device) {
  const through = device.behind && !device.address ? DATA.byId.get(device.behind) : null;
  return through ? "via " + (through.address || through.name) : device.address;
}

/** Addresses in the order of their numbers, not of their letters. */
function addressOrder(text) {
  return /^\d+(\.\d+){3}$/.test(text) ? "0" + text.split(".").map((part) => part.padStart(3, "0")).join(".") : text ? "1" + text : "";
}

function nameCell(device) {
  return h("span.nm", null, icon(device.icon), h("a.ell", { href: deviceAddress(device), title: device.name }, foreign(device.name)),
    device.conflicts.length ? h("span.tag.warn.tiny", { title: "Two sources disagree" }, icon("warn"), heard("two sources disagree")) : null,
    device.gateway ? h("span.tag.tiny", { title: "A gateway: others are reached through it" }, "gateway") : null,
    h("span.second", null, device.kind ? device.kindLabel : "not known yet", device.address ? " · " + device.address : ""));
}

/** The mark stands before the value it qualifies, the number after it. */
function sureCell(state, text, confidence) {
  if (!text) return h("span.sure.dim", null, stateMark("unknown"), h("span.ell.grow", null, "not known yet"));
  return h("span.sure", null, stateMark(state), h("span.ell.grow", { title: text }, foreign(text)), state === "confirmed" || confidence >= 0.99 ? null : h("span.dim.p", null, probability(confidence)));
}

function makerCell(device) {
  if (device.maker) return sureCell(device.makerState, device.maker, device.makerConfidence);
  const card = device.organisations[0];
  return h("span.sure.dim", null, stateMark("unknown"), h("span.ell.grow", { title: card || null }, card ? ["card by ", foreign(card)] : "not known yet"));
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
  const leaving = devices.filter((device) => device.leaves);
  const leavingMedical = leaving.filter((device) => device.medical).length;
  return h("section.panel.facts.five", { "aria-label": "Summary" },
    factCell("Devices", h("p.big", null, count(devices.length)), h("p.note", null, link(address("devices", { q: "is:medical" }), counted(medical, "medical", "medical")), behind ? [" · ", link(address("devices", { q: "is:behind" }), counted(behind, "behind others", "behind others"))] : null)),
    factCell("Identified, probable or better", h("p.big", null, devices.length ? percent(known, devices.length) : "none"), stateBar(states, devices.length), h("p.note", null, stateCounts(states))),
    factCell("Devices with a weakness", h("p.big", null, count(weak), h("small", null, " of " + count(devices.length))), h("p.note", null, doors ? [weaknessMark(2), " ", link(address("weaknesses", {}), counted(doors, "has", "have") + " a way in"), " · "] : null, link(address("weaknesses", {}), counted(new Set(DATA.weaknesses.map((one) => one.kind)).size, "kind") + " seen"))),
    factCell("Peers outside", h("p.big", null, count(DATA.outsidePeers.size)), h("p.note", null, leaving.length ? [link(address("devices", { q: "is:leaving" }), counted(leaving.length, "device") + " talk" + (leaving.length === 1 ? "s" : "") + " to them"), leavingMedical ? ", " + count(leavingMedical) + " of them medical" : ", none medical"] : "nothing talks outside")),
    factCell("Rests on", h("p.big", null, count(numberOf((DATA.manifest.counters || {}).frames)), h("small", null, " frames")), h("p.note" + (DATA.notes.length ? ".look" : ""), null, DATA.notes.length ? [icon("warn"), link(address("about", {}), counted(DATA.notes.length, "note") + " on the captures")] : [counted(DATA.captures.length, "capture") + ", read to the end"])));
}

function factCell(title, ...children) {
  return h("div", null, h("h2", null, title), ...children);
}

/** "46 probable · 17 unknown", each opening its list; what does not occur is not said. */
function stateCounts(states) {
  return STATES.filter((state) => states.get(state.id)).map((state, index) => [index ? " · " : "", link(address("devices", { q: "state:" + state.id }), count(states.get(state.id)) + "\u00a0" + state.id)]);
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
