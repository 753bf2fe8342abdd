// The other tabs of a device: its traffic, its addresses over time, its weaknesses, the devices behind it.

function showTraffic(main, one) {
  const table = makeTable({
    label: "Flows of this device", sort: "-traffic",
    columns: [
      { key: "peer", label: "Peer", class: "name", value: (flow) => other(flow).label, cell: (flow) => endCell(other(flow)) },
      { key: "way", label: "Who starts", width: "108px", class: "mid", value: (flow) => (flow.from.device === one ? "0" : "1"), cell: (flow) => (flow.from.device === one ? "→ this one" : "← the peer") },
      { key: "use", label: "Application", width: "112px", value: (flow) => flow.application, cell: (flow) => h("span.ell", { title: flow.application }, flow.application) },
      { key: "service", label: "Service", width: "96px", class: "wide", value: (flow) => serviceText(flow.raw.service), cell: (flow) => h("code.dim", null, serviceText(flow.raw.service)) },
      { key: "operations", label: "Operations", width: "170px", class: "wide", cell: (flow) => operationsCell(flow) },
      { key: "connections", label: "Times", width: "70px", class: "num", first: "down", value: (flow) => flow.connections, cell: (flow) => h("span" + (flow.raw.answered === 0 ? ".dim" : ""), { title: timesText(flow) }, count(flow.connections), flow.raw.answered === 0 ? heard(", never answered") : null) },
      { key: "sent", label: "Sent", width: "82px", class: "num", first: "down", value: sentBy, cell: (flow) => bytes(sentBy(flow)) },
      { key: "traffic", label: "Received", width: "88px", class: "num", first: "down", value: receivedBy, cell: (flow) => bytes(receivedBy(flow)) },
      { key: "last", label: "Last, UTC", width: "108px", class: "num.wide", first: "down", value: (flow) => flow.raw.last, cell: (flow) => h("span.dim", { title: fullTime(flow.raw.first) + " to " + fullTime(flow.raw.last) }, shortTime(flow.raw.last)) },
    ],
    href: (flow) => (other(flow).device ? deviceAddress(other(flow).device) : location.hash),
  });
  function other(flow) {
    return flow.from.device === one ? flow.to : flow.from;
  }
  function sentBy(flow) {
    return numberOf(flow.from.device === one ? flow.raw.bytes_sent : flow.raw.bytes_received);
  }
  function receivedBy(flow) {
    return numberOf(flow.from.device === one ? flow.raw.bytes_received : flow.raw.bytes_sent);
  }
  sheet.table = table;
  if (!one.flows.length) {
    add(main, emptyState("map", "No flow with this device", "It was seen, but not in a conversation: an announcement, or a device known only through a gateway."));
    return;
  }
  add(main, h("section.panel.list", { "aria-label": "Flows" }, table.element, tableFoot(counted(one.flows.length, "flow") + ", operations and counts, never content")), weekPanel(one.flows));
  table.setRows(one.flows);
}

function operationsCell(flow) {
  const all = Object.entries(flow.raw.operations || {}).sort((a, b) => b[1] - a[1]);
  if (!all.length) return h("span.dim", null, "not named");
  const text = all.map((pair) => plain(pair[0]) + " " + count(pair[1])).join(", ");
  return h("span.ell", { title: text }, text);
}

/** When it talks: seven days by 24 hours, four steps of one ramp. */
function weekPanel(flows) {
  const hours = new Array(168).fill(0);
  for (const flow of flows) for (const hour of listOf(flow.raw.hours_of_week)) if (hour >= 0 && hour < 168) hours[hour] += 1;
  const most = Math.max(...hours);
  const active = hours.filter(Boolean).length;
  const cells = [];
  hours.forEach((number, hour) => {
    const step = number ? Math.min(4, 1 + Math.floor((3.99 * number) / (most + 0.001))) : 0;
    cells.push(s("rect.h" + step, { x: 34 + (hour % 24) * 24, y: 16 + Math.floor(hour / 24) * 15, width: 22, height: 13, rx: 2 }));
  });
  const days = WEEKDAYS.map((day, index) => s("text", { x: 0, y: 27 + index * 15 }, day));
  const clock = [0, 6, 12, 18].map((hour) => s("text", { x: 34 + hour * 24, y: 10 }, String(hour).padStart(2, "0") + ":00"));
  const sentence = "Seen talking in " + active + " of 168 hours of the week, times in UTC.";
  return h("section.panel.week", { "aria-label": "When it talks" }, h("header", null, h("h2", null, "When it talks"), h("span.note", null, sentence)), h("div.body", null, s("svg.weekmap", { viewBox: "0 0 612 122", role: "img", "aria-label": sentence }, days, clock, cells)));
}

function showAddresses(main, one) {
  if (!one.interfaces.length) {
    add(main, emptyState("net", "No address of its own", "This device is known only through " + (one.behind ? "the gateway it stands behind." : "what others say of it.")));
    return;
  }
  const first = Date.parse(DATA.manifest.first);
  const last = Date.parse(DATA.manifest.last);
  const at = (stamp) => (last > first ? Math.min(100, Math.max(0, (100 * (Date.parse(stamp) - first)) / (last - first))) : 0);
  for (const card of one.interfaces) {
    const rows = listOf(card.addresses).slice().sort((a, b) => String(a.first).localeCompare(String(b.first)));
    add(main, h("section.panel", { "aria-label": "Interface " + plain(card.mac) },
      h("header", null, h("h2", null, h("code", null, plain(card.mac) || "no hardware address seen")), h("span.note", null, card.local ? "random hardware address: names no maker and keys no device" : card.organisation ? ["card by ", foreign(card.organisation)] : "maker of the card not registered", listOf(card.vlans).length ? ", VLAN " + listOf(card.vlans).join(", ") : "")),
      rows.length ? h("table.data.fixed.spans", null, h("colgroup", null, h("col.c1"), h("col"), h("col.c3"), h("col.c4")), h("thead", null, h("tr", null, ["Address", "Time of the capture", "First, UTC", "Last, UTC"].map((text) => h("th", { scope: "col" }, text)))), h("tbody", null, rows.map((row) => addressRow(row, at)))) : h("p.body.dim", null, "No IP address was seen with this card.")));
  }
  add(main, h("p.note", null, "Solid: bound to the card by DHCP, ARP or neighbour discovery. Dashed: only seen in packets. The line is the whole capture, ", spanText(DATA.manifest.first, DATA.manifest.last), "."));
}

function addressRow(row, at) {
  const from = at(row.first);
  const width = Math.max(0.6, at(row.last) - from);
  return h("tr", null, h("td", null, h("code", null, plain(row.ip)), " ", h("span.note", null, row.bound ? "bound" : "seen")), h("td", null, h("span.spanline", { "aria-hidden": "true" }, h("i" + (row.bound ? "" : ".loose"), { style: { left: from + "%", width: Math.min(width, 100 - from) + "%" } }))), h("td.dim", { title: fullTime(row.first) }, shortTime(row.first)), h("td.dim", { title: fullTime(row.last) }, shortTime(row.last)));
}

function showDeviceWeaknesses(main, one) {
  if (!one.weaknesses.length) {
    add(main, emptyState("check", "No weakness was seen", "That says what crossed the wire during the capture, not that there is none: what did not talk was not seen."));
    return;
  }
  for (const kind of byLevel(one.weakKinds)) {
    const rows = one.weaknesses.filter((weakness) => weakness.kind === kind);
    add(main, h("section.panel.remedy", { "aria-label": weaknessTitle(kind) },
      h("header", null, h("h2", null, weaknessMark(remedyOf(kind).level), weaknessTitle(kind)), h("span.end", null, link(address("weaknesses", { kind }), "All devices with it"))),
      h("div.body", null, remedyText(kind), evidenceTable(rows))));
  }
}

function evidenceTable(rows) {
  return h("table.data.evidence", null, h("thead", null, h("tr", null, ["Protocol", "First towards", "Times", "First, UTC", "Last, UTC", "Seen in"].map((text, index) => h("th" + (index === 2 ? ".num" : ""), { scope: "col" }, text)))),
    h("tbody", null, rows.slice(0, 200).map((row) => h("tr", null, h("td", null, plain(row.raw.protocol)), h("td", null, peerCell(row)), h("td.num", null, count(row.count)), h("td.dim", null, shortTime(row.raw.first)), h("td.dim", null, shortTime(row.raw.last)), h("td", null, h("code", null, plain(row.raw.capture) + ", frame " + count(row.raw.frame)))))));
}

function showBehind(main, one) {
  const table = makeTable({ label: "Devices behind this gateway", columns: inventoryColumns(), sort: "device", href: (child) => deviceAddress(child) });
  sheet.table = table;
  add(main, h("p.message", null, icon("net"), h("span", null, "These devices were never seen themselves; messages that passed through ", h("b", null, foreign(one.name)), " name them.")), h("section.panel.list", { "aria-label": "Devices behind it" }, table.element, tableFoot(counted(one.children.length, "device"))));
  table.setRows(one.children);
}
