// What the report rests on, what every counter says, what Cordon cannot see, and how to read the marks.

const COUNTER_WORDS = new Map([
  ["frames", "frames read"], ["bytes", "bytes read"], ["messages", "messages decoded"], ["connections", "connections"], ["connections_recognised", "of them with a known application"],
  ["skipped_link_type", "skipped: link type that is not read"], ["skipped_malformed", "skipped: headers cut or broken"], ["skipped_tunnel_depth", "skipped: tunnel in too many tunnels"], ["skipped_not_ip", "skipped: neither IP nor a protocol that is read"],
  ["reassembled_packets", "packets put together from fragments"], ["fragments_dropped", "fragments dropped"], ["stream_gaps", "gaps in TCP streams"], ["stream_gap_bytes", "bytes in those gaps"],
  ["cut_by_segment_limit", "limit: segments waiting for others"], ["cut_by_waiting_limit", "limit: all segments waiting together"], ["cut_by_buffer_limit", "limit: all bytes not read yet together"], ["cut_by_unread_limit", "limit: messages too long to decode"], ["cut_by_flow_limit", "limit: connections open at once"],
  ["made_up_addresses", "made-up source addresses"], ["addresses_turned_away", "limit: addresses of one sender turned away"], ["address_claims_turned_away", "limit: changes of an address forgotten"], ["flow_details_turned_away", "limit: operations and days of a flow turned away"],
  ["entities_turned_away", "limit: devices turned away"], ["flow_keys_turned_away", "limit: flows turned away"], ["weaknesses_turned_away", "limit: weaknesses turned away"],
]);
// The order in which people ask; what stands here first is read first, the rest follows by name.
const COUNTER_ORDER = [...COUNTER_WORDS.keys()];
const NOT_SEEN = [
  ["What did not talk", "A device that was off, silent, or on a part of the network that was not captured is not in this report. Its absence here says nothing about the ward."],
  ["What stayed behind a switch", "A capture at one place sees what passes that place. Traffic between two ports of another switch does not."],
  ["What is encrypted", "Cordon reads names, certificates and sizes of encrypted connections, never their content. A weakness inside is not seen."],
  ["Patients", "Never, by construction: decoders hand out a fixed list of technical fields, and none of them can hold a name, a number or a result of a patient."],
  ["Passwords", "That one crossed readable is kept as a yes with its frame; the password itself is never kept."],
  ["What a failure would do", "This report says what a device is and what is weak. It does not weigh what that means for a patient."],
];

VIEWS.about = {
  name: "about", page: "about",
  show(main) {
    add(main, h("div.head", null, h("h1", null, "About this report"), h("span.sub", null, "What does it rest on, and what can it not see?")),
      DATA.notes.length ? h("section.message.warn", { "aria-label": "Notes on the captures" }, icon("warn"), h("div", null, DATA.notes.map((one) => h("p", null, h("b", null, foreign(one.capture) , ": "), foreign(one.note), ".")))) : null,
      cutNote(), capturesPanel(),
      h("div.columns", null, countersPanel(), h("section.panel", { "aria-label": "What Cordon does not see" }, h("header", null, h("h2", null, "What Cordon does not see")), h("dl.body.prose", null, NOT_SEEN.map((row) => [h("dt", null, row[0]), h("dd", null, row[1])]))),
        h("div.left", null, marksPanel(), knowledgePanel())));
  },
  keys: {},
};

function capturesPanel() {
  const rows = DATA.captures;
  const total = (name) => rows.reduce((sum, capture) => sum + numberOf(capture[name]), 0);
  if (!rows.length) return h("section.panel", { "aria-label": "Captures" }, emptyState("about", "No capture is named", "The manifest of this report lists no input."));
  return h("section.panel", { "aria-label": "Captures" }, h("header", null, h("h2", null, "Captures"), h("span.note", null, counted(rows.length, "file") + ", " + counted(total("frames"), "frame") + ", " + bytes(total("bytes")))),
    h("div.sidetable", { tabindex: "0", role: "region", "aria-label": "Captures" }, h("table.data.captures", null, h("thead", null, h("tr", null, ["File", "Format", "Frames", "Size", "First, UTC", "Last, UTC", "SHA-256", "Notes"].map((text, index) => h("th" + (index === 2 || index === 3 ? ".num" : index === 1 || index === 4 ? ".wide" : ""), { scope: "col" }, text)))),
      h("tbody", null, rows.map((capture) => h("tr", null, h("td", null, h("b", null, foreign(capture.name))), h("td.wide", null, plain(capture.format)), h("td.num", null, count(numberOf(capture.frames))), h("td.num", null, bytes(numberOf(capture.bytes))), h("td.wide", { title: fullTime(capture.first) }, fullTime(capture.first).replace(" UTC", "")), h("td", { title: fullTime(capture.last) }, fullTime(capture.last).replace(" UTC", "")), h("td", null, hashCell(capture.sha256)), h("td", null, listOf(capture.notes).length ? h("span.tag.warn", null, icon("warn"), counted(capture.notes.length, "note")) : h("span.dim", null, "read to the end"))))))));
}

function hashCell(hash) {
  const text = plain(hash);
  return h("span.hash", null, h("code", { title: text }, text.slice(0, 12) + (text.length > 12 ? "…" : "")), text ? h("button.iconbtn.s", { type: "button", "aria-label": "Copy the whole hash", title: text, on: { click: () => copyText(text, "Hash copied") } }, icon("copy")) : null, h("code.whole", null, text));
}

function countersPanel() {
  const place = (name) => (COUNTER_WORDS.has(name) ? COUNTER_ORDER.indexOf(name) : COUNTER_ORDER.length);
  const rows = DATA.counters.slice().sort((a, b) => place(a[0]) - place(b[0]) || a[0].localeCompare(b[0]));
  return h("section.panel", { "aria-label": "Counters" }, h("header", null, h("h2", null, "Every frame accounted for"), h("span.note", null, counted(rows.length, "counter"))), rows.length ? h("dl.body.counters", null, rows.map((row) => h("div", null, h("dt", null, COUNTER_WORDS.has(row[0]) ? capital(COUNTER_WORDS.get(row[0])) : spelled(row[0])), h("dd" + (row[1] ? "" : ".dim"), null, /^bytes$|_bytes$/.test(row[0]) ? bytes(row[1]) : count(row[1]))))) : h("p.body.dim", null, "No counter came with this report."));
}

function knowledgePanel() {
  const knowledge = DATA.manifest.knowledge || {};
  return h("section.panel", { "aria-label": "Made with" }, h("header", null, h("h2", null, "Made with")), h("div.body", null, factList([
    ["Cordon", plain(DATA.manifest.cordon) || "not known"],
    ["Rules", count(numberOf(knowledge.rules))],
    Number.isFinite(knowledge.vendors) ? ["Makers", count(knowledge.vendors)] : null,
    ["Prefixes", count(numberOf(knowledge.prefixes)) + " makers’ address blocks"],
    knowledge.sha256 ? ["Hash", hashCell(knowledge.sha256)] : null,
    ["Times", "all in UTC"],
  ]), listOf(knowledge.notes).map((note) => h("p.note", null, foreign(note)))));
}

function marksPanel() {
  return h("section.panel", { "aria-label": "How to read the marks" }, h("header", null, h("h2", null, "How to read the marks")), h("div.body", null, h("ul.marks", null, STATES.map((state) => h("li", null, stateChip(state.id, state.id === "probable" ? 0.97 : 0.71), h("span.note", null, state.text))), h("li", null, weaknessMark(2, 3), h("span.note", null, "a way in: a password readable, default or missing; a command from anyone")), h("li", null, weaknessMark(1, 1), h("span.note", null, "weak spots only: readable or outdated"))), h("p.note", null, "The number behind a weakness mark counts kinds. Evidence is added in decibans: 10 dB make a claim ten times as likely.")));
}
