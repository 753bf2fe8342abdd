// The filter of the inventory: words and tokens ("kind:infusion_pump state:probable,tentative ward"), the same text in
// the field, in the facets and in the address.

const TOKEN_KEYS = {
  kind: { label: "kind", of: (device) => [device.kind || "unknown"], text: (value) => (value === "unknown" ? "not known" : kindLabel(value)) },
  state: { label: "identity", of: (device) => [device.state], text: (value) => value },
  zone: { label: "zone", of: (device) => [device.zone], text: (value) => (ZONE.has(value) ? ZONE.get(value).label : value) },
  weak: { label: "weakness", of: (device) => (device.weakKinds.length ? device.weakKinds : ["none"]), text: (value) => (value === "none" ? "none seen" : weaknessTitle(value)) },
  is: { label: "is", of: traitsOf, text: (value) => TRAITS.get(value) || value },
};
const TRAITS = new Map([["medical", "medical"], ["known", "identified"], ["weak", "with weakness"], ["conflict", "in conflict"], ["leaving", "talks outside"], ["gateway", "gateway"], ["behind", "behind a gateway"]]);

function traitsOf(device) {
  return [
    device.medical && "medical", (device.state === "confirmed" || device.state === "probable") && "known", device.level > 0 && "weak", device.conflicts.length > 0 && "conflict",
    device.leaves && "leaving", device.gateway && "gateway", device.behind && "behind",
  ].filter(Boolean);
}

/** "kind:ct_scanner state:probable,tentative icu" gives { tokens: [{ key, values }], text: "icu" }. */
function parseFilter(text) {
  const tokens = [];
  const words = [];
  for (const part of String(text || "").match(/"[^"]*"|\S+/g) || []) {
    const at = part.indexOf(":");
    const key = at > 0 ? part.slice(0, at).toLowerCase() : "";
    if (Object.prototype.hasOwnProperty.call(TOKEN_KEYS, key) && at < part.length - 1) {
      const values = part.slice(at + 1).split(",").filter(Boolean);
      const old = tokens.find((token) => token.key === key);
      if (old) old.values.push(...values.filter((value) => !old.values.includes(value)));
      else tokens.push({ key, values: [...new Set(values)] });
    } else words.push(part.replace(/"/g, ""));
  }
  return { tokens, text: words.join(" ") };
}

function filterText(filter) {
  return [...filter.tokens.map((token) => token.key + ":" + token.values.join(",")), filter.text.trim()].filter(Boolean).join(" ");
}

/** A test for devices; `without` leaves one key out, so that a facet can count what its other values would give. */
function filterTest(filter, without) {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const tokens = filter.tokens.filter((token) => token.key !== without);
  return (device) => tokens.every((token) => TOKEN_KEYS[token.key].of(device).some((value) => token.values.includes(value))) && words.every((word) => device.haystack.includes(word));
}

function hasValue(filter, key, value) {
  const token = filter.tokens.find((one) => one.key === key);
  return Boolean(token && token.values.includes(value));
}

/** The same filter with one value of one key switched. */
function switchValue(filter, key, value) {
  const tokens = filter.tokens.map((token) => ({ key: token.key, values: token.values.slice() }));
  const token = tokens.find((one) => one.key === key);
  if (!token) tokens.push({ key, values: [value] });
  else if (token.values.includes(value)) token.values = token.values.filter((one) => one !== value);
  else token.values.push(value);
  return { tokens: tokens.filter((one) => one.values.length), text: filter.text };
}

/** How many of the devices that pass the other filters have each value of a key, most first. */
function facetCounts(filter, key) {
  const test = filterTest(filter, key);
  const counts = new Map();
  for (const device of DATA.devices) {
    if (!test(device)) continue;
    for (const value of TOKEN_KEYS[key].of(device)) counts.set(value, (counts.get(value) || 0) + 1);
  }
  const chosen = filter.tokens.find((token) => token.key === key);
  if (chosen) for (const value of chosen.values) if (!counts.has(value)) counts.set(value, 0);
  return [...counts].sort((a, b) => b[1] - a[1] || collator.compare(a[0], b[0]));
}

/** One value of the table as a cell of a CSV file: quoted, and never a formula for the program that opens it. */
function csvCell(value) {
  let text = plain(value);
  if (/^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)) text = "'" + text;
  return '"' + text.replace(/"/g, '""') + '"';
}

function csvOf(devices) {
  const names = ["id", "name", "kind", "kind_state", "kind_confidence", "maker_and_model", "maker_state", "maker_confidence", "medical", "zone", "addresses", "macs", "software", "weaknesses", "peers", "bytes_sent", "bytes_received", "first_seen_utc", "last_seen_utc"];
  const rows = devices.map((device) => [
    device.id, device.name, device.kind, device.state, device.confidence, device.maker, device.makerState, device.makerConfidence, device.medical, device.zone, device.addresses.map((one) => one.ip).join(" "),
    device.macs.join(" "), device.software, device.weakKinds.join(" "), device.peers, device.sent, device.received, device.first, device.last,
  ].map(csvCell).join(","));
  return names.join(",") + "\r\n" + rows.join("\r\n") + "\r\n";
}
