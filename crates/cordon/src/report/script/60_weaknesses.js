// Weaknesses by kind: what it means, what helps, who does it, and each time it was seen.

VIEWS.weaknesses = {
  name: "weaknesses", page: "weaknesses", table: null, order: [],
  show(main, route) {
    const kinds = weaknessKinds();
    VIEWS.weaknesses.order = kinds;
    VIEWS.weaknesses.table = null;
    add(main, h("div.head", null, h("h1", null, "Weaknesses"), h("span.sub", null, "What is unsafe on the wire, and what helps?"), kinds.length ? h("span.end", null, button("Save as CSV", "save", saveWeaknesses, { class: "btn" })) : null));
    if (!kinds.length) {
      add(main, h("section.panel", { "aria-label": "Nothing seen" }, emptyState("check", "No weakness was seen", "That says what crossed the wire during the capture, not that there is none. What was encrypted, silent or not captured was not judged.", link(address("about", {}), "What Cordon does not see"))));
      return;
    }
    const chosen = kinds.find((one) => one.kind === route.query.kind) || kinds[0];
    add(main, weaknessFacts(kinds),
      h("p.message", null, icon("care"), h("span", null, h("b", null, "Before anything is changed on a medical device: "), "ask clinical engineering and the maker. A change without the maker’s consent can end its conformity, and a ward needs to know when a device is away.")),
      h("div.two.weakparts", null, kindList(kinds, chosen), kindPanel(chosen)));
  },
  keys: {
    j: () => stepKind(1), k: () => stepKind(-1), e: () => saveWeaknesses(),
  },
};

/** Kinds in the order of work: ways in first, then by medical devices, then by devices. */
function weaknessKinds() {
  const kinds = new Map();
  for (const weakness of DATA.weaknesses) {
    if (!kinds.has(weakness.kind)) kinds.set(weakness.kind, { kind: weakness.kind, level: remedyOf(weakness.kind).level, rows: [], devices: new Set(), medical: new Set(), times: 0 });
    const one = kinds.get(weakness.kind);
    one.rows.push(weakness);
    one.times += weakness.count;
    one.devices.add(weakness.raw.device);
    if (weakness.device && weakness.device.medical) one.medical.add(weakness.raw.device);
  }
  return [...kinds.values()].sort((a, b) => b.level - a.level || b.medical.size - a.medical.size || b.devices.size - a.devices.size || a.kind.localeCompare(b.kind));
}

function weaknessFacts(kinds) {
  const weak = DATA.devices.filter((device) => device.level > 0);
  const doors = weak.filter((device) => device.level === 2);
  const medical = weak.filter((device) => device.medical);
  const most = kinds.slice().sort((a, b) => b.devices.size - a.devices.size)[0];
  return h("section.panel.facts.four", { "aria-label": "Summary" },
    factCell("Devices with a weakness", h("p.big", null, count(weak.length), h("small", null, " of " + count(DATA.devices.length))), h("p.note", null, link(address("devices", { q: "is:weak" }), counted(medical.length, "medical", "medical")))),
    factCell("With a way in", h("p.big", null, count(doors.length)), h("p.note", null, "password readable, default or missing, or commands from anyone")),
    factCell("Kinds seen", h("p.big", null, count(kinds.length), h("small", null, " of " + count(REMEDIES.size) + " looked for")), h("p.note", null, counted(DATA.weaknesses.length, "finding"))),
    factCell("Most widespread", h("p.lead", null, weaknessTitle(most.kind)), h("p.note", null, counted(most.devices.size, "device"))));
}

function kindList(kinds, chosen) {
  const most = Math.max(...kinds.map((one) => one.devices.size));
  const group = (level, title) => {
    const some = kinds.filter((one) => one.level === level);
    if (!some.length) return null;
    return [h("h3", null, weaknessMark(level), " ", title), h("ul", null, some.map((one) => h("li", null, h("a", { href: address("weaknesses", { kind: one.kind }), "aria-current": one === chosen ? "true" : null }, h("span.grow", null, weaknessTitle(one.kind)), h("span.bar2", { "aria-hidden": "true" }, h("i", { style: { width: (100 * (one.devices.size - one.medical.size)) / most + "%" } }), h("i.medical", { style: { width: (100 * one.medical.size) / most + "%" } })), h("span.num", null, count(one.devices.size), heard(" devices"))))))];
  };
  return h("nav.panel.kinds", { "aria-label": "Kinds of weakness", "data-keep": "kinds" }, group(2, "Ways in"), group(1, "Weak spots"), h("p.note.legend", null, h("i.sw"), "devices ", h("i.sw.medical"), "of them medical"));
}

function stepKind(step) {
  const kinds = VIEWS.weaknesses.order;
  if (!kinds.length) return;
  const at = Math.max(0, kinds.findIndex((one) => one.kind === readRoute().query.kind));
  const next = kinds[Math.min(kinds.length - 1, Math.max(0, at + step))];
  focusNext = address("weaknesses", { kind: next.kind });
  go(focusNext);
}

function remedyText(kind) {
  const remedy = remedyOf(kind);
  return h("div.remedytext", null, h("div", null, h("h3", null, "What it means"), h("p", null, remedy.means)), h("div", null, h("h3", null, "What helps"), h("ol.steps", null, remedy.steps.map((step) => h("li", null, step))), h("p.note", null, "Who: " + remedy.who + ".")));
}

function kindPanel(one) {
  const table = makeTable({
    label: "Devices with: " + weaknessTitle(one.kind), sort: "device",
    columns: [
      { key: "device", label: "Device", width: "26%", least: 170, class: "name", value: (row) => row.label, cell: weakDeviceCell },
      { key: "kind", label: "Kind", width: "19%", least: 140, class: "kind", value: (row) => (row.device ? row.device.kindLabel : ""), cell: (row) => (row.device ? sureCell(row.device.state, row.device.kind ? row.device.kindLabel : "", row.device.confidence) : h("span.dim", null, row.zone === "outside" ? "outside" : "left out")) },
      { key: "protocol", label: "Protocol", width: "74px", class: "roomy", value: (row) => row.raw.protocol, cell: (row) => plain(row.raw.protocol) },
      { key: "peer", label: "First towards", least: 142, class: "roomy", value: (row) => (row.peer ? row.peer.label : ""), cell: peerCell },
      { key: "times", label: "Times", width: "62px", class: "num", first: "down", value: (row) => row.count, cell: (row) => count(row.count) },
      { key: "last", label: "Last, UTC", width: DATA.oneDay ? "92px" : "104px", class: DATA.oneDay ? "num.roomy" : "num.late", first: "down", value: (row) => row.raw.last, cell: (row) => h("span.dim", { title: fullTime(row.raw.first) + " to " + fullTime(row.raw.last) }, shortTime(row.raw.last)) },
      { key: "frame", label: "Seen in", width: DATA.captures.length === 1 ? "92px" : "136px", class: "roomy", value: (row) => plain(row.raw.capture) + " " + String(row.raw.frame).padStart(12, "0"), cell: (row) => h("code.ell.dim", { title: plain(row.raw.capture) + ", frame " + count(row.raw.frame) }, "frame " + count(row.raw.frame) + (DATA.captures.length === 1 ? "" : " " + plain(row.raw.capture))) },
    ],
    href: (row) => (row.device ? deviceAddress(row.device, { tab: "weaknesses" }) : location.hash),
  });
  VIEWS.weaknesses.table = table;
  const element = h("section.panel.kindpanel", { "aria-label": weaknessTitle(one.kind) },
    h("header", null, h("h2", null, weaknessMark(one.level), " ", weaknessTitle(one.kind)), h("span.note", null, counted(one.devices.size, "device") + ", " + counted(one.medical.size, "medical", "medical")), h("span.end", null, link(address("devices", { q: "weak:" + one.kind }), "In the inventory"))),
    h("div.body", null, remedyText(one.kind)), table.element, tableFoot(counted(one.rows.length, "finding") + ". The secret itself is never kept.", [["J", "K", "next kind"], ["E", "save"]]));
  requestAnimationFrame(() => table.redraw());
  table.setRows(one.rows);
  return element;
}

function weakDeviceCell(row) {
  if (!row.device) return h("span.nm", null, icon((ZONE.get(row.zone) || ZONE.get("unknown")).icon), foreign(row.label, "ell"));
  return h("span.nm", null, icon(row.device.icon), h("a.ell", { href: deviceAddress(row.device, { tab: "weaknesses" }), title: row.device.name }, foreign(row.device.name)), h("span.second", null, row.device.kindLabel + " · " + plain(row.raw.protocol) + " · frame " + count(row.raw.frame)));
}

/** Towards whom it first showed. */
function peerCell(row) {
  return row.peer ? endCell(row.peer) : h("span.dim", null, "not told");
}

function saveWeaknesses() {
  const names = ["kind", "level", "device", "name", "protocol", "peer", "count", "first_utc", "last_utc", "capture", "frame"];
  const rows = DATA.weaknesses.map((one) => [one.kind, LEVEL_WORDS[remedyOf(one.kind).level], one.raw.device, one.label, one.raw.protocol, one.raw.peer, one.count, one.raw.first, one.raw.last, one.raw.capture, one.raw.frame].map(csvCell).join(","));
  saveText("cordon-weaknesses.csv", "text/csv", names.join(",") + "\r\n" + rows.join("\r\n") + "\r\n");
  announce(counted(rows.length, "row") + " saved as cordon-weaknesses.csv");
}
