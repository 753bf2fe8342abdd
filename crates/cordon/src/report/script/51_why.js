// The why panel: one sentence, the evidence as a waterfall in decibans, the rivals, and what would change the answer.

const EVEN = 0;
const PROBABLE_DB = 9.54; // ten times the logarithm of the odds 0.90 to 0.10
const AXIS_WIDTH = 186;

function whyPanel(one, key) {
  const [name, index] = key.split("~");
  const attribute = one.attributes[name];
  const value = !attribute ? { state: "unknown", evidence: [] } : Array.isArray(attribute.values) ? attribute.values[Number(index) || 0] || { state: "unknown", evidence: [] } : attribute;
  const asserted = value.state !== "unknown" && value.value !== null && value.value !== undefined && value.value !== "";
  const title = asserted ? "Why “" + valueText(name, value.value) + "”?" : "Why is the " + attributeLabel(name).toLowerCase() + " not known?";
  const evidence = listOf(value.evidence);
  const sum = sumOf(value);
  const body = h("div.body", null, h("p.say", null, whySentence(value, asserted)));
  if (evidence.length) body.append(waterfall(value, sum));
  body.append(h("div.tot", null, h("span.t", null, h("b", null, "Together"), h("span.note", null, togetherNote(value, sum))), stateChip(asserted ? value.state : "unknown", value.confidence), h("b.num", null, evidence.length ? decibans(sum.total) : "", heard(" decibans"))));
  const rivals = rivalList(name, value);
  if (rivals) body.append(h("h3", null, "What else it could be"), rivals);
  body.append(h("h3", null, "What would change it"), h("p.note", null, changeText(value, sum, asserted)));
  return h("aside.panel.whyp", { "aria-label": title }, h("header", null, h("h2", null, foreign(title)), h("span.end", null, button("Copy as text", "copy", () => copyText(whyText(one, name, value, sum), "Copied as text"), { class: "btn quiet s" }))), body);
}

/** What the value's families add up to, and what is left for the start: prior and the gains of the rivals. */
function sumOf(value) {
  const families = new Map();
  for (const piece of listOf(value.evidence)) {
    const family = String(piece.family);
    if (!families.has(family)) families.set(family, { family, counted: 0, pieces: [] });
    families.get(family).counted += numberOf(piece.counted_db);
    families.get(family).pieces.push(piece);
  }
  const list = [...families.values()].sort((a, b) => Math.abs(b.counted) - Math.abs(a.counted));
  for (const family of list) family.pieces.sort((a, b) => Math.abs(numberOf(b.counted_db)) - Math.abs(numberOf(a.counted_db)));
  const evidence = list.reduce((total, family) => total + family.counted, 0);
  const p = numberOf(value.confidence);
  let start = null;
  if (Number.isFinite(value.prior_db)) start = value.prior_db;
  else if (p > 0.0005 && p < 0.9995) start = 10 * Math.log10(p / (1 - p)) - evidence;
  return { families: list, start, total: evidence + (start || 0), recorded: Number.isFinite(value.prior_db) };
}

function whySentence(value, asserted) {
  const [first] = sumOf(value).families;
  if (!first) return asserted ? "The evidence is not part of this report." : "Nothing that crossed the wire says anything about it.";
  const piece = first.pieces[0];
  const parts = [h("b", null, familyLabel(first.family)), ": ", h("code", null, foreign(piece.field)), " was ", h("q", null, foreign(piece.value)), numberOf(piece.count) > 1 ? ", " + count(piece.count) + " times." : ", once."];
  if (!asserted) parts.push(" That is not enough to claim anything: below 0.60 Cordon says nothing.");
  else if (sumOf(value).families.length === 1) parts.push(" Nothing else speaks for it.");
  return parts;
}

function waterfall(value, sum) {
  const ends = [0, sum.start || 0];
  let level = sum.start || 0;
  for (const family of sum.families) {
    level += family.counted;
    ends.push(level);
  }
  if (sum.start !== null) ends.push(PROBABLE_DB);
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  const x = (db) => 4 + ((db - low) / (high - low || 1)) * (AXIS_WIDTH - 8);
  const list = h("ol.evs");
  level = sum.start || 0;
  if (sum.start !== null && Math.abs(sum.start) >= 0.5) list.append(stepRow("Before any evidence", sum.recorded ? "how common it is" : "how common it is, and what the rivals gain", 0, sum.start, x, sum, h("p.src", null, sum.recorded ? "The prior: how often a device is this before anything was seen." : "The prior and the evidence that also speaks for rivals, taken from the final probability."), true));
  for (const family of sum.families) {
    const piece = family.pieces[0];
    list.append(stepRow(familyLabel(family.family), [foreign(piece.field), " “", foreign(piece.value), "”"], level, level + family.counted, x, sum, h("div", null, family.pieces.slice(0, 12).map(pieceNote), family.pieces.length > 12 ? h("p.note", null, counted(family.pieces.length - 12, "more piece") + " of this family in devices.jsonl") : null), false));
    level += family.counted;
  }
  return h("div", null, h("div.evh", { "aria-hidden": "true" }, h("span", null, "Evidence, strongest first"), axisLabels(x, sum, value), h("span.num", null, "dB")), list);
}

function axisLabels(x, sum, value) {
  const axis = h("span.ax");
  if (sum.start === null) return axis;
  const even = x(EVEN);
  const ninety = x(PROBABLE_DB);
  const place = (text, at) => axis.append(h("span", { style: { left: (100 * at) / AXIS_WIDTH + "%" } }, text));
  const end = x(sum.total);
  const clear = (at, others) => others.every((other) => Math.abs(at - other) > 33);
  place("even", Math.max(13, even));
  if (clear(ninety, [even])) place("0.90", Math.min(ninety, AXIS_WIDTH - 12));
  if (clear(end, [even, ninety])) place(probability(value.confidence), Math.min(end, AXIS_WIDTH - 16));
  return axis;
}

/** One family: its name, its strongest piece, a bar from where the sum stood to where it stands now. */
function stepRow(title, note, from, to, x, sum, inside, grey) {
  const left = Math.min(x(from), x(to));
  const width = Math.max(2, Math.abs(x(to) - x(from)));
  const against = to < from && !grey;
  const lines = sum.start === null ? null : [s("path.even", { d: "M" + x(EVEN) + " 0v16" }), s("path.ninety", { d: "M" + x(PROBABLE_DB) + " 0v16" })];
  const bar = s("svg", { viewBox: "0 0 " + AXIS_WIDTH + " 16", preserveAspectRatio: "none", class: "fall", "aria-hidden": "true" }, lines, s("rect", { x: left, y: 3, width, height: 10, rx: 1.5, class: grey ? "prior" : against ? "against" : "for" }));
  return h("li", null, h("details", null, h("summary", null, h("span.t", null, title, against ? h("span.note.inline", null, " speaks against it") : null, h("span.note.ell", null, note)), bar, h("b.num", null, decibans(to - from), heard(" decibans"))), inside));
}

function pieceNote(piece) {
  const damped = Math.abs(numberOf(piece.weight_db) - numberOf(piece.counted_db)) > 0.05;
  return h("div.src", null, h("p", null, h("code", null, plain(piece.rule) + " · " + plain(piece.capture) + ", frame " + count(piece.frame) + " · " + plain(piece.field))), h("p", null, "“", foreign(piece.value), "”, ", numberOf(piece.count) > 1 ? count(piece.count) + " times" : "once", damped ? ". Counts " + decibans(numberOf(piece.counted_db)) + " of " + decibans(numberOf(piece.weight_db)) + " dB: it repeats what its family already said, or the family is at its cap" : ""), piece.source ? h("p", null, "Source: ", foreign(piece.source)) : null);
}

function togetherNote(value, sum) {
  const number = sum.families.length;
  if (!number) return "no evidence";
  return counted(number, "kind") + " of evidence, " + counted(listOf(value.evidence).length, "piece") + (sum.start === null ? "; the start is not shown" : "");
}

function rivalList(name, value) {
  const rivals = listOf(value.rivals).filter((rival) => numberOf(rival.confidence) > 0).slice(0, 6);
  const unknown = numberOf(value.unknown);
  if (!rivals.length && !unknown) return null;
  const line = (text, p) => h("li", null, h("span.ell", null, text), h("span.tr", { "aria-hidden": "true" }, h("i", { style: { width: Math.max(0.8, 100 * p) + "%" } })), h("span.num", null, probability(p)));
  return h("ul.riv", null, rivals.map((rival) => line(foreign(valueText(name, rival.value)), numberOf(rival.confidence))), unknown ? line("Something not known to Cordon", unknown) : null);
}

function changeText(value, sum, asserted) {
  const p = numberOf(value.confidence);
  const heardOf = new Set(sum.families.map((family) => family.family));
  const silent = [...DATA.familyLabels.keys()].filter((family) => !heardOf.has(family)).slice(0, 3).map((family) => familyLabel(family).toLowerCase());
  const more = silent.length ? " Not heard yet: " + silent.join("; ") + "." : "";
  if (value.state === "confirmed") return "A second device that shows the same serial number, or a person who says otherwise.";
  const odds = p > 0 && p < 1 ? 10 * Math.log10(p / (1 - p)) : null;
  if (asserted && odds !== null && p < 0.9) return "Evidence worth " + decibans(PROBABLE_DB - odds).replace("+", "") + " dB more makes it probable (0.90)." + more;
  if (asserted && odds !== null) return "Contrary evidence worth " + decibans(odds - PROBABLE_DB).replace("+", "") + " dB takes it below 0.90; its serial number in the register confirms it." + more;
  if (asserted) return "Strong contrary evidence, or its serial number in the register, which confirms it.";
  if (odds !== null) return "Evidence worth " + decibans(1.76 - odds).replace("+", "") + " dB more makes it tentative (0.60)." + more;
  return "Any message in which it introduces itself: a longer capture, or one taken while it starts." + more;
}

/** The same panel as lines of text, for a ticket. */
function whyText(one, name, value, sum) {
  const lines = [one.name + (one.address ? " (" + one.address + ")" : ""), attributeLabel(name) + ": " + (value.value ? valueText(name, value.value) : "not known") + ", " + (value.state || "unknown") + " " + probability(value.confidence), ""];
  if (sum.start !== null) lines.push(decibans(sum.start).padStart(7) + " dB  before any evidence");
  for (const family of sum.families) {
    lines.push(decibans(family.counted).padStart(7) + " dB  " + familyLabel(family.family));
    for (const piece of family.pieces) lines.push("            " + plain(piece.rule) + ": " + plain(piece.field) + " = " + plain(piece.value) + " (" + plain(piece.capture) + ", frame " + piece.frame + ", " + piece.count + "x)");
  }
  lines.push(decibans(sum.total).padStart(7) + " dB  together");
  for (const rival of listOf(value.rivals)) lines.push("           rival: " + valueText(name, rival.value) + " " + probability(rival.confidence));
  return lines.join("\n");
}
