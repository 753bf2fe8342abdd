// The report on paper: built when the browser prints, thrown away after. On a device it prints that device, elsewhere
// the whole: summary, weaknesses with what helps, inventory, and what the whole rests on.

const PAPER_ROWS = 6000;

function buildPaper() {
  const paper = empty(document.getElementById("paper"));
  const one = shown && shown.view === VIEWS.device ? sheet.shown : null;
  add(paper, paperHead(one ? one.name : "Devices and weaknesses"));
  if (one) paperDevice(paper, one);
  else paperAll(paper);
  paper.hidden = false;
}

function paperHead(title) {
  return h("header.paperhead", null, h("p.maker", null, "Cordon report"), h("h1", null, foreign(title)), h("p", null, DATA.captures.map((capture) => plain(capture.name)).join(", ") || "no capture named", ". ", spanText(DATA.manifest.first, DATA.manifest.last), ". All times in UTC."));
}

function paperTable(heads, rows) {
  return h("table.pt", null, h("thead", null, h("tr", null, heads.map((text) => h("th", { scope: "col" }, text)))), h("tbody", null, rows.map((row) => h("tr", null, row.map((cell) => h("td", null, cell))))));
}

function paperAll(paper) {
  const filtered = shown && shown.view === VIEWS.devices && inventory.table ? inventory.table.rows() : DATA.devices;
  const kinds = weaknessKinds();
  const known = DATA.devices.filter((device) => device.state === "confirmed" || device.state === "probable").length;
  add(paper, h("h2", null, "Summary"), factList([
    ["Devices", count(DATA.devices.length) + ", " + count(DATA.devices.filter((device) => device.medical).length) + " of them medical"],
    ["Identified", count(known) + " of " + count(DATA.devices.length) + " probable or better (" + percent(known, DATA.devices.length) + ")"],
    ["Weaknesses", count(DATA.devices.filter((device) => device.level > 0).length) + " devices, " + count(kinds.length) + " kinds; " + counted(DATA.devices.filter((device) => device.level === 2).length, "device") + " with a way in"],
    ["Outside", counted(DATA.outsidePeers.size, "peer") + " outside the site"],
    ["Notes", DATA.notes.length ? DATA.notes.map((one) => plain(one.capture) + ": " + plain(one.note)).join("; ") : "every capture was read to its end"],
  ]), cutNote(), h("h2", null, "Weaknesses"));
  if (!kinds.length) add(paper, h("p", null, "No weakness was seen. That says what crossed the wire during the capture, not that there is none."));
  for (const kind of kinds) {
    add(paper, h("section.pk", null, h("h3", null, weaknessMark(kind.level), " ", weaknessTitle(kind.kind), " (" + LEVEL_WORDS[kind.level] + "), " + counted(kind.devices.size, "device")), remedyText(kind.kind)),
      paperTable(["Device", "Address", "Protocol", "Times", "Seen in"], kind.rows.slice(0, PAPER_ROWS).map((row) => [foreign(row.label), row.device ? placeText(row.device) : "", plain(row.raw.protocol), count(row.count), plain(row.raw.capture) + ", frame " + count(row.raw.frame)])));
  }
  add(paper, h("h2.newpage", null, filtered.length === DATA.devices.length ? "Inventory" : "Inventory, " + count(filtered.length) + " of " + count(DATA.devices.length) + " devices: " + filterText(inventory.filter)),
    paperTable(["Device", "Address", "Kind", "Maker and model", "How sure", "Weak", "Last seen"], filtered.slice(0, PAPER_ROWS).map((device) => [foreign(device.name), placeText(device), device.kind ? device.kindLabel : "not known yet", device.maker ? foreign(device.maker) : "not known yet", [stateMark(device.state), " ", device.state, device.state === "unknown" ? "" : " " + probability(device.confidence)], device.level ? weaknessMark(device.level, device.weakKinds.length) : "none", shortTime(device.last)])),
    h("h2", null, "What it rests on"), paperTable(["Capture", "Frames", "Size", "SHA-256"], DATA.captures.map((capture) => [foreign(capture.name), count(numberOf(capture.frames)), bytes(numberOf(capture.bytes)), h("code", null, plain(capture.sha256))])),
    h("h2", null, "What Cordon does not see"), h("dl", null, NOT_SEEN.map((row) => [h("dt", null, row[0]), h("dd", null, row[1])])));
}

function paperDevice(paper, one) {
  add(paper, h("p.lead", null, stateMark(one.state), " ", one.kind ? one.kindLabel : "Not known yet", one.maker ? [", ", foreign(one.maker)] : "", one.address ? ", " + one.address : ""));
  for (const conflict of one.conflicts) add(paper, h("p", null, h("b", null, "Conflict: "), foreign(conflict.text), " (", listOf(conflict.values).map(plain).join(" or "), ")"));
  const rows = [];
  for (const name of Object.keys(one.attributes)) {
    const attribute = one.attributes[name];
    for (const value of Array.isArray(attribute.values) ? attribute.values : [attribute]) rows.push(paperAttribute(name, caseOf(value), value));
  }
  add(paper, h("h2", null, "Profile and evidence"), rows.length ? paperTable(["Attribute", "Value", "How sure", "Why"], rows) : h("p", null, "Nothing says what it is."));
  add(paper, h("h2", null, "Weaknesses"));
  if (!one.weakKinds.length) add(paper, h("p", null, "None seen."));
  for (const kind of byLevel(one.weakKinds)) add(paper, h("section.pk", null, h("h3", null, weaknessMark(remedyOf(kind).level), " ", weaknessTitle(kind)), remedyText(kind)), paperTable(["Protocol", "Peer", "Times", "Seen in"], one.weaknesses.filter((row) => row.kind === kind).map((row) => [plain(row.raw.protocol), row.peer ? foreign(row.peer.label) : "not told", count(row.count), plain(row.raw.capture) + ", frame " + count(row.raw.frame)])));
  add(paper, h("h2", null, "Talks to"), paperTable(["Peer", "For", "Sent", "Received"], peersOf(one).slice(0, 200).map((peer) => [foreign(peer.end.label), peer.uses.join(", "), bytes(peer.sent), bytes(peer.received)])),
    h("h2", null, "Addresses"), paperTable(["Card", "Address", "First", "Last"], one.interfaces.flatMap((card) => listOf(card.addresses).map((row) => [plain(card.mac), plain(row.ip), fullTime(row.first), fullTime(row.last)]))));
}

/** One row of the profile; where nothing is claimed, what speaks for the best candidate. */
function paperAttribute(name, about, value) {
  const evidence = listOf(about.best.evidence).slice(0, 6).map((piece) => h("p", null, decibans(numberOf(piece.counted_db)) + " dB ", foreign(piece.rule), ": ", foreign(piece.field), " “", foreign(piece.value), "”, ", foreign(piece.capture), " frame " + count(piece.frame)));
  const best = !about.asserted && about.pieces ? [", perhaps ", foreign(valueText(name, about.best.value)), " " + probability(about.best.confidence)] : null;
  const sure = about.asserted ? [stateMark(value.state), " ", value.state, " ", value.state === "confirmed" ? "" : probability(value.confidence)] : [stateMark("unknown"), " unknown"];
  return [attributeLabel(name), about.asserted ? foreign(valueText(name, value.value)) : ["not known yet", best], sure, evidence];
}

window.addEventListener("beforeprint", buildPaper);
window.addEventListener("afterprint", () => {
  const paper = document.getElementById("paper");
  paper.hidden = true;
  empty(paper);
});
