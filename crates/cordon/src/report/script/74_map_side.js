// Beside the map: the chosen zone, bundle or device as a table; and the whole map as a table.

function mapSide() {
  if (map.focus) return focusSide(map.focus);
  const other = map.settings.to ? map.model.byId.get(map.settings.to) : null;
  if (map.chosen && other) return pairSide(map.chosen, other);
  if (map.chosen) return zoneSide(map.chosen);
  return wholeSide();
}

function sidePanel(title, iconName, closes, ...children) {
  return h("aside.panel.side", { "aria-label": title }, h("header", null, icon(iconName), h("h2", null, foreign(title)), closes ? h("span.end", null, h("a.iconbtn", { href: mapAddress({ zone: "", to: "", focus: "" }), "aria-label": "Close " + title, title: "Close (Esc)" }, icon("close"))) : null), ...children);
}

function factList(rows) {
  return h("dl.factlist", null, rows.filter(Boolean).map((row) => h("div", null, h("dt", null, row[0]), h("dd", null, row.slice(1)))));
}

function bundleTable(label, bundles, own) {
  if (!bundles.length) return h("p.body.dim", null, "No flow under this filter.");
  const rows = bundles.slice(0, 60);
  return h("div.sidetable", { tabindex: "0", role: "region", "aria-label": label }, h("table.data.fixed", null, h("colgroup", null, h("col"), h("col.c2"), h("col.c3")), h("thead", null, h("tr", null, h("th", { scope: "col" }, own ? "With" : "Between"), h("th", { scope: "col" }, "Application"), h("th.num", { scope: "col" }, "Bytes"))),
    h("tbody", null, rows.map((bundle) => {
      const other = own && bundle.a === own ? bundle.b : own ? bundle.a : null;
      const name = other ? (other === own ? "among themselves" : other.label) : bundle.a === bundle.b ? bundle.a.label + ", inside" : bundle.a.label + " – " + bundle.b.label;
      const href = mapAddress({ zone: (own || bundle.a).id, to: (other || bundle.b).id, focus: "" });
      const uses = usesText(bundle, 3);
      const row = h("tr", null, h("td", { title: name }, link(href, foreign(name))), h("td.mid", { title: usesText(bundle, 20) }, uses), h("td.num", null, bytes(bundle.bytes)));
      row.addEventListener("pointerenter", () => {
        if (!map.svg || !bundle.line) return;
        clearLight();
        lightLinks((one) => one === bundle);
      });
      row.addEventListener("pointerleave", () => restMap());
      return row;
    }))), bundles.length > rows.length ? h("p.note.pad", null, counted(bundles.length - rows.length, "more") + "; the table of the whole map holds all.") : null);
}

function wholeSide() {
  const outside = map.model.flows.filter((flow) => flow.leaves).length;
  return sidePanel("The whole map", "map", false, factList([
    ["Devices", h("b", null, count(DATA.devices.length)), ", " + counted(DATA.devices.filter((device) => device.medical).length, "medical", "medical")],
    ["Flows", h("b", null, count(map.model.flows.length)), outside ? ", " + counted(outside, "leaves", "leave") + " the site" : ", none leaves the site"],
    ["Volume", bytes(map.model.flows.reduce((sum, flow) => sum + flow.bytes, 0))],
  ]), bundleTable("Busiest bundles", map.model.bundles.slice().sort((a, b) => b.bytes - a.bytes), null), h("p.note.pad", null, "Choose a box or a bundle to see what is in it; a mark, to see whom that device talks to. ", h("kbd", null, "T"), " shows the whole map as a table."));
}

function zoneSide(box) {
  const links = map.model.bundles.filter((bundle) => bundle.a === box || bundle.b === box);
  const bundles = links.slice().sort((a, b) => b.bytes - a.bytes);
  const devices = box.members.map((member) => member.device).filter(Boolean);
  const known = devices.filter((device) => device.state === "confirmed" || device.state === "probable").length;
  const weak = devices.filter((device) => device.level > 0);
  const doors = weak.filter((device) => device.level === 2).length;
  const query = box.id.startsWith("kind:") ? box.id : "zone:" + box.id;
  const addresses = box.members.length - devices.length;
  return sidePanel(box.label, box.icon, true, factList([
    devices.length ? ["Devices", h("b", null, count(devices.length)), ", " + count(known) + " probable or better"] : null,
    addresses ? [box.zone.id === "groups" ? "Groups" : "Addresses", h("b", null, count(addresses)), box.zone.id === "groups" ? " that many listen to" : ""] : null,
    devices.length ? ["Weakness", weak.length ? [weaknessMark(doors ? 2 : 1), " ", h("b", null, count(weak.length)), " devices" + (doors ? ", " + counted(doors, "has", "have") + " a way in" : "")] : "none seen"] : null,
    ["Volume", bytes(bundles.reduce((sum, bundle) => sum + bundle.bytes, 0))],
  ]), bundleTable("Who the zone talks to", bundles, box), devices.length ? h("footer.foot", null, h("a.btn.s", { href: address("devices", { q: query }) }, icon("devices"), "Show " + counted(devices.length, "device"))) : null);
}

function pairSide(box, other) {
  const bundle = box === other ? map.model.inside.get(box.id) : map.model.links.find((one) => (one.a === box && one.b === other) || (one.b === box && one.a === other));
  if (!bundle) return zoneSide(box);
  const flows = bundle.flows.slice().sort((a, b) => b.bytes - a.bytes);
  const title = box === other ? box.label + " among themselves" : box.label + " and " + other.label;
  return sidePanel(title, box.icon, true, factList([
    ["Ends", h("b", null, count(bundle.devices.size)), " devices or addresses"],
    ["Flows", h("b", null, count(flows.length)), ", " + counted(bundle.connections, "connection")],
    ["Application", usesText(bundle, 6)],
    ["Volume", bytes(bundle.bytes)],
  ]), flowList(flows), h("footer.foot", null, h("a.btn.s", { href: mapAddress({ zone: box.id, to: "", focus: "" }) }, icon(box.icon), "All of " + box.label)));
}

function flowList(flows) {
  const rows = flows.slice(0, 150);
  return h("div.sidetable", { tabindex: "0", role: "region", "aria-label": "Flows" }, h("ul.flowlist", null, rows.map((flow) => h("li", null, h("span.pair", null, endCell(flow.from), h("span.dim", { title: "starts the conversation with" }, "→"), endCell(flow.to)), h("span.note", null, flow.application, " ", h("code", null, serviceText(flow.raw.service)), " · " + timesText(flow) + " · " + bytes(flow.bytes))))), flows.length > rows.length ? h("p.note.pad", null, counted(flows.length - rows.length, "more flow") + " in flows.jsonl.") : null);
}

function focusSide(one) {
  const flows = one.flows.filter((flow) => mapAdmits(flow, map.settings)).sort((a, b) => b.bytes - a.bytes);
  return sidePanel(one.name, one.icon, true, factList([
    ["Kind", stateMark(one.state), " ", one.kind ? one.kindLabel : "not known yet"],
    one.maker ? ["Maker", foreign(one.maker)] : null,
    one.address ? ["Address", h("code", null, one.address)] : null,
    ["Weakness", one.level ? [weaknessMark(one.level, one.weakKinds.length), " " + LEVEL_WORDS[one.level]] : "none seen"],
    ["Talks to", h("b", null, count(one.peers)), one.peers === 1 ? " peer" : " peers", one.peers > THREADS ? ", " + THREADS + " drawn" : ""],
  ]), flows.length ? flowList(flows) : h("p.body.dim", null, "No flow under this filter."), h("footer.foot", null, h("a.btn.s", { href: deviceAddress(one) }, icon("devices"), "Open the device")));
}

/** The same content as the picture: one row per pair of zones and application, direction kept. */
function mapTable() {
  const rows = new Map();
  for (const flow of map.model.flows) {
    const from = map.model.boxOf.get(flow.from.key);
    const to = map.model.boxOf.get(flow.to.key);
    const key = from.id + "|" + to.id + "|" + flow.application;
    if (!rows.has(key)) rows.set(key, { from, to, application: flow.application, starters: new Set(), called: new Set(), connections: 0, bytes: 0, services: new Set(), last: "" });
    const row = rows.get(key);
    row.starters.add(flow.from.key);
    row.called.add(flow.to.key);
    row.connections += flow.connections;
    row.bytes += flow.bytes;
    row.services.add(serviceText(flow.raw.service));
    if (String(flow.raw.last) > row.last) row.last = String(flow.raw.last);
  }
  const table = makeTable({
    label: "The map as a table", sort: "-bytes",
    columns: [
      { key: "from", label: "Starts", class: "name", value: (row) => row.from.label, cell: (row) => zoneCell(row.from, row.to) },
      { key: "to", label: "Is called", width: "156px", value: (row) => row.to.label, cell: (row) => h("span.nm", null, icon(row.to.icon), h("span.ell", null, foreign(row.to.label))) },
      { key: "use", label: "Application", width: "104px", value: (row) => row.application, cell: (row) => row.application },
      { key: "service", label: "Service", width: "104px", class: "wide", value: (row) => [...row.services][0], cell: (row) => h("code.dim.ell", { title: [...row.services].join(", ") }, [...row.services].slice(0, 2).join(", ") + (row.services.size > 2 ? " …" : "")) },
      { key: "pairs", label: "Devices", width: "84px", class: "num.wide", first: "down", value: (row) => row.starters.size, cell: (row) => count(row.starters.size) + " → " + count(row.called.size) },
      { key: "connections", label: "Times", width: "72px", class: "num.wide", first: "down", value: (row) => row.connections, cell: (row) => count(row.connections) },
      { key: "bytes", label: "Bytes", width: "80px", class: "num", first: "down", value: (row) => row.bytes, cell: (row) => bytes(row.bytes) },
    ],
    href: (row) => mapAddress({ zone: row.from.id, to: row.to.id, focus: "" }),
  });
  map.table = table;
  const list = [...rows.values()];
  table.setRows(list);
  requestAnimationFrame(() => table.redraw());
  return h("section.panel.list", { "aria-label": "Map as a table" }, list.length ? table.element : h("p.body.dim", null, "No flow under this filter."), tableFoot(counted(list.length, "row") + ", one for each pair of zones and application", [["J", "K", "move"], ["T", "map"]]));
}

function zoneCell(from, to) {
  return h("span.nm", null, icon(from.icon), h("a.ell", { href: mapAddress({ zone: from.id, to: to.id, focus: "" }), title: from.label }, foreign(from.label)));
}
