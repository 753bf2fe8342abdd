// The why panel: one sentence, the evidence as a waterfall in decibans, the rivals, and what would change the answer.

const PROBABLE_DB = 9.54; // ten times the logarithm of the odds 0.90 to 0.10
const TENTATIVE_DB = 1.76; // of the odds 0.60 to 0.40
const AXIS_WIDTH = 186;
const PIECES_SHOWN = 12;
const RIVALS_SHOWN = 6;
const OPEN_AT_MOST = 2; // a long list of pieces waits to be asked for

function isAsserted(value) {
  return Boolean(value) && value.state !== "unknown" && value.value !== null && value.value !== undefined && value.value !== "";
}

/** The value that a key of the address ("vendor", "hostname~1") asks about. */
function valueOfKey(one, key) {
  const [name, index] = key.split("~");
  const attribute = one.attributes[name];
  const none = { state: "unknown", evidence: [] };
  if (!attribute) return [name, none];
  return [name, Array.isArray(attribute.values) ? attribute.values[Number(index) || 0] || none : attribute];
}

/**
 * What the panel argues about: the asserted value, or the best candidate where nothing is asserted. Its odds are those
 * of its score against "not known" (0 dB) and all other candidates, so prior + families − what the rivals take is
 * exactly the logarithm of the odds that the probability states.
 */
function caseOf(value) {
  const asserted = isAsserted(value);
  const rivals = listOf(value.rivals).slice().sort((a, b) => numberOf(b.score_db) - numberOf(a.score_db));
  const best = asserted ? value : rivals[0] || value;
  const others = asserted ? rivals : rivals.slice(1);
  const families = familiesOf(best.evidence);
  const prior = numberOf(value.prior_db);
  const counted = families.reduce((sum, family) => sum + family.counted, 0);
  const gain = others.reduce((sum, rival) => sum + (Number.isFinite(rival.score_db) ? 10 ** (rival.score_db / 10) : 0), 0);
  const taken = gain > 0 ? 10 * Math.log10(1 + gain) : 0;
  const pieces = listOf(best.evidence).length;
  return { asserted, best, others, families, prior, taken, pieces, total: prior + counted - taken, unknown: numberOf(value.unknown) };
}

function familiesOf(evidence) {
  const families = new Map();
  for (const piece of listOf(evidence)) {
    const family = String(piece.family);
    if (!families.has(family)) families.set(family, { family, counted: 0, pieces: [] });
    families.get(family).counted += numberOf(piece.counted_db);
    families.get(family).pieces.push(piece);
  }
  const size = (number) => Math.abs(numberOf(number));
  const list = [...families.values()].sort((a, b) => size(b.counted) - size(a.counted));
  for (const family of list) family.pieces.sort((a, b) => size(b.counted_db) - size(a.counted_db));
  return list;
}

/** How many pieces of evidence stand behind the row: those of the value, or of all candidates if none was chosen. */
function evidenceCount(value) {
  return listOf(value.evidence).length || listOf(value.rivals).reduce((sum, rival) => sum + listOf(rival.evidence).length, 0);
}

function whyPanel(one, key) {
  const [name, value] = valueOfKey(one, key);
  const about = caseOf(value);
  const title = about.asserted ? "Why “" + valueText(name, value.value) + "”?" : "Why is the " + within(attributeLabel(name)) + " not known?";
  const body = h("div.body", null, h("p.say", null, whySentence(name, about)));
  if (about.pieces) add(body, waterfall(name, about), together(value, about));
  const rivals = rivalList(name, about);
  if (rivals) add(body, h("h3", null, about.asserted ? "What else it could be" : "What it could be"), rivals);
  add(body, h("h3", null, "What would change it"), h("p.note", null, changeText(value, about)));
  const copy = button("Copy as text", "copy", () => copyText(whyText(one, name, value, about), "Copied as text"), { class: "btn quiet s" });
  return h("aside.panel.whyp", { "aria-label": title }, h("header", null, h("h2", null, foreign(title)), h("span.end", null, copy)), body);
}

function together(value, about) {
  const state = about.asserted ? value.state : "unknown";
  return h("div.tot", null, h("span.t", null, h("b", null, "Together"), h("span.note", null, counted(about.families.length, "kind") + " of evidence, " + counted(about.pieces, "piece"))), stateChip(state, value.confidence), h("b.num", null, decibans(about.total), heard(" decibans")));
}

function whySentence(name, about) {
  const [first, second] = about.families;
  if (!first) return about.asserted ? "The evidence is not part of this report." : "Nothing that crossed the wire says anything about it.";
  const say = (family) => [h("b", null, familyLabel(family.family)), ": ", h("code", null, foreign(family.pieces[0].field)), " was ", h("q", null, foreign(family.pieces[0].value)), numberOf(family.pieces[0].count) > 1 ? ", " + count(family.pieces[0].count) + " times. " : ", once. "];
  if (!about.asserted) return ["The best candidate, ", h("b", null, foreign(valueText(name, about.best.value))), ", reaches " + probability(about.best.confidence) + ". Below 0.60 Cordon claims nothing. ", say(first)];
  if (!second) return [say(first), "Nothing else speaks for it."];
  return [say(first), second.counted > 0 ? say(second) : null];
}

function waterfall(name, about) {
  const levels = [0, about.prior, PROBABLE_DB];
  let level = about.prior;
  for (const family of about.families) levels.push((level += family.counted));
  levels.push(level - about.taken);
  const low = Math.min(...levels);
  const high = Math.max(...levels);
  const x = (db) => 4 + ((db - low) / (high - low || 1)) * (AXIS_WIDTH - 8);
  const list = h("ol.evs");
  const source = (...content) => h("div.src", null, h("p", null, ...content));
  if (Math.abs(about.prior) >= 0.5) add(list, stepRow("Before any evidence", "how common it is", 0, about.prior, x, source("The prior: the odds that a device is this before anything was seen of it."), { grey: true }));
  level = about.prior;
  about.families.forEach((family, index) => {
    const piece = family.pieces[0];
    const rest = family.pieces.length - PIECES_SHOWN;
    add(list, stepRow(familyLabel(family.family), [foreign(piece.field), " “", foreign(piece.value), "”"], level, level + family.counted, x, h("div", null, family.pieces.slice(0, PIECES_SHOWN).map(pieceNote), rest > 0 ? h("p.note", null, counted(rest, "more piece") + " of this family in devices.jsonl") : null), { open: index === 0 && family.pieces.length <= OPEN_AT_MOST }));
    level += family.counted;
  });
  if (about.taken >= 0.3) add(list, stepRow("What rivals take", [counted(about.others.length, "other candidate"), ", first ", foreign(valueText(name, about.others[0].value))], level, level - about.taken, x, source("Only one value can be true: the more speaks for others, the less is left for this one."), { grey: true }));
  return h("div", null, h("div.evh", { "aria-hidden": "true" }, h("span", null, "Evidence, strongest first"), axisLabels(x, about), h("span.num", null, "dB")), list);
}

function axisLabels(x, about) {
  const axis = h("span.ax");
  const taken = [];
  const place = (text, at, half) => {
    const inside = Math.min(AXIS_WIDTH - half, Math.max(half, at));
    if (taken.some((other) => Math.abs(other - inside) < 33)) return;
    taken.push(inside);
    axis.append(h("span", { style: { left: (100 * inside) / AXIS_WIDTH + "%" } }, text));
  };
  place(probability(about.best.confidence), x(about.total), 16);
  place("0.90", x(PROBABLE_DB), 12);
  place("even", x(0), 13);
  return axis;
}

/** One step: its name, its strongest piece, a bar from where the sum stood to where it stands now. */
function stepRow(title, note, from, to, x, inside, look) {
  const left = Math.min(x(from), x(to));
  const width = Math.max(2, Math.abs(x(to) - x(from)));
  const against = to < from && !look.grey;
  const bar = s("svg", { viewBox: "0 0 " + AXIS_WIDTH + " 16", preserveAspectRatio: "none", class: "fall", "aria-hidden": "true" },
    s("path.even", { d: "M" + x(0) + " 0v16" }), s("path.ninety", { d: "M" + x(PROBABLE_DB) + " 0v16" }),
    s("rect", { x: left, y: 3, width, height: 10, rx: 1.5, class: look.grey ? "prior" : against ? "against" : "for" }));
  return h("li", null, h("details", { open: look.open }, h("summary", null,
    h("span.t", null, h("span.name", null, icon("right"), h("span.ell", null, title), against ? h("span.note", null, " speaks against it") : null), h("span.note.ell", null, note)),
    bar, h("b.num", null, decibans(to - from), heard(" decibans"))), inside));
}

/** One piece: the rule, where it was read, what it said, how often, how much of it counts, and who says so. */
function pieceNote(piece) {
  const damped = Math.abs(numberOf(piece.weight_db) - numberOf(piece.counted_db)) > 0.05;
  const often = numberOf(piece.count) > 1 ? count(piece.count) + " times, " + shortTime(piece.first) + " to " + shortTime(piece.last) : "once, " + shortTime(piece.first);
  const source = piece.source || DATA.sources.get(piece.rule);
  return h("div.src", null,
    h("p", null, h("code", null, foreign(piece.rule) , " · ", foreign(piece.capture), ", frame " + count(piece.frame) + " · ", foreign(piece.field))),
    h("p.where", null, "“", foreign(piece.value), "”, ", piece.first ? often : numberOf(piece.count) > 1 ? count(piece.count) + " times" : "once"),
    listOf(piece.also).map((further) => h("p.where", null, "and ", h("code", null, foreign(further.field)), " “", foreign(further.value), "”")),
    damped ? h("p", null, "Counts " + decibans(numberOf(piece.counted_db)) + " of " + decibans(numberOf(piece.weight_db)) + " dB: it repeats what its family already said, or the family is at its cap.") : null,
    source ? h("p", null, "Source: ", foreign(source)) : null);
}

/** The other candidates with what speaks for each, and the explicit "something not known". */
function rivalList(name, about) {
  const all = about.asserted ? about.others : [about.best, ...about.others].filter((one) => isCandidate(one));
  const shownRivals = all.filter((rival) => numberOf(rival.confidence) > 0).slice(0, RIVALS_SHOWN);
  if (!shownRivals.length && !about.unknown) return null;
  const bar = (p) => [h("span.tr", { "aria-hidden": "true" }, h("i", { style: { width: Math.max(0.8, 100 * p) + "%" } })), h("span.num", null, probability(p))];
  const line = (rival) => {
    const text = valueText(name, rival.value);
    const pieces = listOf(rival.evidence);
    const label = (...before) => h("span.name", null, ...before, h("span.ell", { title: text }, foreign(text)));
    if (!pieces.length || rival === about.best) return h("li", null, h("div.line", null, label(), bar(numberOf(rival.confidence))));
    return h("li", null, h("details", null, h("summary", null, label(icon("right")), bar(numberOf(rival.confidence))), h("div", null, pieces.slice(0, PIECES_SHOWN).map(pieceNote))));
  };
  const none = about.unknown ? h("li", null, h("div.line", null, h("span.name", null, "Something not known to Cordon"), bar(about.unknown))) : null;
  return h("ul.riv", null, shownRivals.map(line), none);
}

function isCandidate(one) {
  return one.value !== null && one.value !== undefined && one.value !== "";
}

function changeText(value, about) {
  const heardOf = new Set(about.families.map((family) => family.family));
  const silent = [...DATA.familyLabels.keys()].filter((family) => !heardOf.has(family)).slice(0, 3).map((family) => within(familyLabel(family)));
  const more = silent.length ? " Not heard yet: " + silent.join("; ") + "." : "";
  const needs = (db) => decibans(Math.max(0.1, db)).replace("+", "") + " dB";
  if (value.state === "confirmed") return "A person who says otherwise, or a second device that shows the same serial number.";
  if (!about.pieces) return "Any message in which it introduces itself: a longer capture, or one taken while it starts." + more;
  if (!about.asserted) return "Evidence worth " + needs(TENTATIVE_DB - about.total) + " more for one of them makes it tentative (0.60)." + more;
  if (about.total < PROBABLE_DB) return "Evidence worth " + needs(PROBABLE_DB - about.total) + " more makes it probable (0.90)." + more;
  return "Evidence against it, or for another, worth " + needs(about.total - PROBABLE_DB) + " takes it below 0.90." + more;
}

/** The same panel as lines of text, for a ticket. */
function whyText(one, name, value, about) {
  const db = (number) => decibans(number).padStart(7) + " dB  ";
  const lines = [one.name + (one.address ? " (" + one.address + ")" : ""), attributeLabel(name) + ": " + (about.asserted ? valueText(name, value.value) : "not known") + ", " + (value.state || "unknown") + " " + probability(value.confidence), ""];
  if (!about.asserted && about.pieces) lines.push("Best candidate: " + valueText(name, about.best.value) + " " + probability(about.best.confidence));
  lines.push(db(about.prior) + "before any evidence");
  for (const family of about.families) {
    lines.push(db(family.counted) + familyLabel(family.family));
    for (const piece of family.pieces) lines.push("            " + plain(piece.rule) + ": " + plain(piece.field) + " = " + plain(piece.value) + " (" + plain(piece.capture) + ", frame " + piece.frame + ", " + piece.count + "x)");
  }
  if (about.taken >= 0.3) lines.push(db(-about.taken) + "what rivals take");
  lines.push(db(about.total) + "together");
  for (const rival of about.others) lines.push("           rival: " + valueText(name, rival.value) + " " + probability(rival.confidence));
  return lines.join("\n");
}
