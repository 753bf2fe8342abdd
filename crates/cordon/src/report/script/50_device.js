// One device: what it is, how sure, and why; whom it talks to; what is unsafe about it.

const PROFILE_GROUPS = [
  ["Identity", ["category", "vendor", "family", "model", "serial", "asset_tag"], ["category", "vendor", "model", "serial"]],
  ["Software", ["software", "firmware", "os", "component"], ["software", "os"]],
  ["Names and place", ["hostname", "display_name", "ae_title", "hl7_application", "location"], ["hostname"]],
];
const sheet = { shown: null, why: "", table: null, tabs: [], tab: "profile" };

VIEWS.device = {
  name: "device", page: "devices",
  show(main, route) {
    const found = DATA.byId.get(route.id);
    sheet.shown = found || null;
    sheet.table = null;
    if (!found) {
      add(main, h("h1", null, "No such device"), emptyState("unknown", "This report holds no device with that name", DATA.cut.devices ? "It is perhaps among the " + counted(DATA.cut.devices, "device") + " left out for size; devices.jsonl holds them all." : "The link belongs to another report, or the device had another name there.", link(address("devices", {}), "All devices")));
      return;
    }
    sheet.tabs = deviceTabs(found);
    sheet.tab = sheet.tabs.some((tab) => tab.id === route.query.tab) ? route.query.tab : "profile";
    sheet.why = route.query.why || "category";
    add(main, deviceHead(found), deviceFacts(found), h("nav.tabs", { "aria-label": "Device" }, sheet.tabs.map((tab) => h("a", { href: deviceAddress(found, tab.id === "profile" ? {} : { tab: tab.id }), "aria-current": tab.id === sheet.tab ? "page" : null }, tab.label, tab.number === null ? null : h("span.n", null, count(tab.number))))));
    sheet.tabs.find((tab) => tab.id === sheet.tab).show(main, found);
  },
  keys: {
    j: () => sheet.table && sheet.table.move(1), k: () => sheet.table && sheet.table.move(-1),
    "[": () => stepTab(-1), "]": () => stepTab(1),
    w: () => sheet.shown && go(deviceAddress(sheet.shown, { why: "category" })),
  },
  up: () => inventoryAddress(inventory.filter),
};

function stepTab(step) {
  if (!sheet.shown) return;
  const at = sheet.tabs.findIndex((tab) => tab.id === sheet.tab);
  const next = sheet.tabs[Math.min(sheet.tabs.length - 1, Math.max(0, at + step))];
  go(deviceAddress(sheet.shown, next.id === "profile" ? {} : { tab: next.id }));
}

function deviceTabs(one) {
  return [
    { id: "profile", label: "Profile", number: null, show: showProfile },
    { id: "traffic", label: "Traffic", number: one.flows.length, show: showTraffic },
    { id: "addresses", label: "Addresses", number: one.addresses.length, show: showAddresses },
    { id: "weaknesses", label: "Weaknesses", number: one.weakKinds.length, show: showDeviceWeaknesses },
    one.children.length ? { id: "behind", label: "Behind it", number: one.children.length, show: showBehind } : null,
  ].filter(Boolean);
}

function deviceHead(one) {
  const parent = one.behind ? DATA.byId.get(one.behind) : null;
  const says = (text) => text && !one.name.toLowerCase().includes(text.toLowerCase());
  // The name is often the maker and model already: nothing is said twice in a line.
  const what = [one.kind ? one.kindLabel : "Not known yet", says(one.maker) ? one.maker : "", says(one.address) ? one.address : ""].filter(Boolean).join(" · ");
  return h("div.head.devicehead", null,
    h("nav.crumb", { "aria-label": "Where this is" }, link(VIEWS.device.up(), "Devices"), " / ", one.kind ? link(address("devices", { q: "kind:" + one.kind }), one.kindLabel) : link(address("devices", { q: "kind:unknown" }), "Not known")),
    h("div.title", null, h("span.kindtile", null, icon(one.icon)), h("h1", null, foreign(one.name)), h("span.sub", null, foreign(what)),
      one.medical ? h("span.tag.ok", null, icon("care"), "medical") : null, one.gateway ? h("span.tag", null, icon("net"), "gateway") : null,
      one.behind ? h("span.tag", null, "behind ", parent ? link(deviceAddress(parent), foreign(parent.name)) : foreign(one.behind)) : null,
      one.roles.map((role) => h("span.tag", { title: plain(role.rule) + ": " + plain(role.field) + ", " + counted(numberOf(role.count), "time") + ", first in " + plain(role.capture) + ", frame " + count(role.frame) }, roleLabel(role.role)))),
    h("span.end", null, h("a.btn", { href: address("map", { focus: one.id }) }, icon("map"), "Show on the map")));
}

function deviceFacts(one) {
  const weak = byLevel(one.weakKinds).map((kind) => within(weaknessTitle(kind)));
  const leaving = one.flows.filter((flow) => flow.leaves).length;
  return h("section.panel.facts.five.ofdevice", { "aria-label": "Summary" },
    factCell("Identity", h("p", null, stateChip(one.state, one.confidence)), h("p.note", null, one.conflicts.length ? counted(one.conflicts.length, "conflict") + " open" : identityNote(one))),
    factCell("Weaknesses", h("p", null, one.level ? [weaknessMark(one.level), " ", h("b", null, count(one.weakKinds.length)), " seen"] : "none seen"), h("p.note.ell", { title: weak.join(", ") || null }, weak.join(", ") || "in what crossed the wire")),
    factCell("Talks to", h("p", null, h("b", null, counted(one.peers, "peer"))), h("p.note", null, leaving ? counted(leaving, "flow") + " leave" + (leaving === 1 ? "s" : "") + " the site" : "nothing leaves the site")),
    factCell("Traffic", h("p", null, h("b", null, bytes(one.sent)), " sent"), h("p.note", null, bytes(one.received) + " received")),
    factCell("Seen", h("p", null, h("b", null, minuteTime(one.last))), h("p.note", null, "first " + shortTime(one.first) + ", " + lengthText(one.first, one.last) + " before")));
}

/** What else the kind could be, in a few words. */
function identityNote(one) {
  const category = one.attributes.category || {};
  const [first] = listOf(category.rivals).slice().sort((a, b) => numberOf(b.confidence) - numberOf(a.confidence));
  if (one.kind) return "no rival above " + probability(Math.max(numberOf(first && first.confidence), numberOf(category.unknown)));
  return first ? "perhaps " + within(kindLabel(first.value)) + ", " + probability(first.confidence) : "nothing says what it is";
}

function showProfile(main, one) {
  const left = h("div.left", null, one.conflicts.length ? conflictNote(one) : null, profilePanel(one), peersPanel(one));
  add(main, h("div.two.deviceparts", null, left, whyPanel(one, sheet.why)));
}

function conflictNote(one) {
  return h("section.message.warn", { "aria-label": "Conflicts" }, icon("warn"), h("div", null, one.conflicts.map((conflict) => h("p", null, h("b", null, attributeLabel(conflict.attribute) + ": "), foreign(conflict.text), " ", listOf(conflict.values).map((value, index) => [index ? " or " : "", h("q", null, foreign(valueText(conflict.attribute, value)))])))));
}

function profilePanel(one) {
  const table = h("table.prof", null, h("colgroup", null, h("col.c1"), h("col"), h("col.c3"), h("col.c4")), h("thead.sr", null, h("tr", null, ["Attribute", "Value", "How sure", "Why"].map((text) => h("th", { scope: "col" }, text)))));
  const placed = new Set();
  for (const [title, names, always] of PROFILE_GROUPS) {
    const rows = [];
    for (const name of names) {
      placed.add(name);
      if (one.attributes[name] || always.includes(name)) rows.push(...attributeRows(one, name));
    }
    if (rows.length) table.append(profileGroup(title, rows));
  }
  const others = Object.keys(one.attributes).filter((name) => !placed.has(name)).sort();
  if (others.length) table.append(profileGroup("More", others.flatMap((name) => attributeRows(one, name))));
  table.append(profileGroup("Network", networkRows(one)));
  return h("section.panel.profile", { "aria-label": "Profile" }, table);
}

function profileGroup(title, rows) {
  return h("tbody", null, h("tr.g", null, h("th", { colspan: 4, scope: "rowgroup" }, title)), rows);
}

/** One row per value; an attribute without a value still has its row, its mark and its question. */
function attributeRows(one, name) {
  const attribute = one.attributes[name];
  const all = !attribute ? [] : Array.isArray(attribute.values) ? attribute.values : [attribute];
  if (!all.length) return [attributeRow(one, name, name, { state: "unknown", evidence: [] }, true)];
  return all.map((value, index) => attributeRow(one, name, index ? name + "~" + index : name, value, index === 0));
}

function attributeRow(one, name, key, value, first) {
  const asserted = isAsserted(value);
  const chosen = sheet.why === key;
  const number = evidenceCount(value);
  const conflict = one.conflicts.some((conflict) => conflict.attribute === name);
  const text = asserted ? valueText(name, value.value) : "not known yet";
  return h("tr" + (chosen ? ".sel" : "") + (conflict ? ".cf" : ""), { "aria-selected": chosen ? "true" : null },
    h("th", { scope: "row" }, first ? attributeLabel(name) : heard(attributeLabel(name) + ", also")),
    h("td", { title: asserted ? text : null }, asserted ? foreign(text) : h("span.dim", null, text)),
    h("td", null, stateChip(asserted ? value.state : "unknown", value.confidence)),
    h("td", null, h("a.why", { href: deviceAddress(one, { why: key }), "aria-current": chosen ? "true" : null }, "why", h("span.dim", null, count(number)), heard((number === 1 ? " piece" : " pieces") + " of evidence for " + attributeLabel(name)))));
}

function networkRows(one) {
  const rows = [];
  const add = (label, ...content) => rows.push(h("tr", null, h("th", { scope: "row" }, label), h("td.free", { colspan: 3 }, ...content)));
  const [first, ...more] = one.addresses;
  add(one.addresses.length === 1 ? "Address" : "Addresses", first ? [h("code", null, plain(first.ip)), more.length ? ", " : "", more.length ? link(deviceAddress(one, { tab: "addresses" }), counted(more.length, "more", "more")) : null] : h("span.dim", null, "none seen"));
  for (const card of one.interfaces.slice(0, 4)) {
    add("Network card", h("code", null, plain(card.mac) || "no hardware address"), card.local ? ", random (names no maker)" : card.organisation ? [", by ", foreign(card.organisation)] : "", listOf(card.vlans).length ? ", VLAN " + listOf(card.vlans).join(", ") : "");
  }
  if (one.interfaces.length > 4) add("", link(deviceAddress(one, { tab: "addresses" }), counted(one.interfaces.length - 4, "more card")));
  for (const role of one.roles.slice(0, 6)) add("Role", roleLabel(role.role), h("span.dim", null, ": ", foreign(role.field), ", " + counted(numberOf(role.count), "time") + ", first in ", foreign(role.capture), ", frame " + count(role.frame)));
  return rows;
}

/** The busiest peers in one glance; all flows have their own tab. */
function peersPanel(one) {
  if (!one.flows.length) return h("section.panel", { "aria-label": "Talks to" }, h("header", null, h("h2", null, "Talks to")), h("p.body.dim", null, "Nothing else was seen talking with it."));
  const top = peersOf(one).slice(0, 6);
  return h("section.panel.peers", { "aria-label": "Talks to" }, h("table.data.fixed", null, h("colgroup", null, h("col"), h("col.c2"), h("col.c3"), h("col.c4")),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, "Talks to, busiest first"), h("th", { scope: "col" }, "For"), h("th.num", { scope: "col" }, "Sent"), h("th.num", { scope: "col" }, "Received"))),
    h("tbody", null, top.map((peer) => h("tr", null, h("td", null, endCell(peer.end)), h("td.mid", { title: peer.uses.join(", ") }, peer.uses.join(", ")), h("td.num", null, bytes(peer.sent)), h("td.num", null, bytes(peer.received)))))),
    peersOf(one).length > top.length ? h("footer.foot", null, link(deviceAddress(one, { tab: "traffic" }), "All " + counted(one.flows.length, "flow"))) : null);
}

function peersOf(one) {
  const peers = new Map();
  for (const flow of one.flows) {
    const out = flow.from.device === one;
    const end = out ? flow.to : flow.from;
    if (!peers.has(end.key)) peers.set(end.key, { end, sent: 0, received: 0, uses: [] });
    const peer = peers.get(end.key);
    peer.sent += numberOf(out ? flow.raw.bytes_sent : flow.raw.bytes_received);
    peer.received += numberOf(out ? flow.raw.bytes_received : flow.raw.bytes_sent);
    if (!peer.uses.includes(flow.application)) peer.uses.push(flow.application);
  }
  return [...peers.values()].sort((a, b) => b.sent + b.received - a.sent - a.received);
}

/** One end of a flow as a link with its picture. */
function endCell(end) {
  const picture = end.device ? end.device.icon : (ZONE.get(end.zone) || ZONE.get("unknown")).icon;
  return h("span.nm", { title: end.label }, icon(picture), end.device ? h("a.ell", { href: deviceAddress(end.device) }, foreign(end.label)) : h("code.ell", null, foreign(end.label)), end.zone === "outside" ? heard(" outside") : null);
}
