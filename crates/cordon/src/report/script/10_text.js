// Numbers, times and names as text. Every number that a reader sees passes through here, so that units, separators and
// the number of digits are the same on every view.

// Characters that change how the text around them is shown: controls, direction overrides, invisible joins.
// Names come from the network; whoever chose them must not rearrange this page.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Text from outside with every invisible character made visible. */
function plain(text) {
  return String(text === null || text === undefined ? "" : text).replace(INVISIBLE, "\ufffd");
}

function count(number) {
  return Number.isFinite(number) ? grouped.format(number) : "not known";
}

/** "1 device", "2,846 devices". */
function counted(number, one, many) {
  return count(number) + "\u00a0" + (number === 1 ? one : many || one + "s");
}

/** Bytes in decimal units, as network people count: 412 B, 41.2 MB. */
function bytes(number) {
  if (!Number.isFinite(number)) return "not known";
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = number;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return value.toFixed(digits) + "\u00a0" + units[unit];
}

/** Two digits, three above 0.99; never a rounded 1 or 0, which would claim certainty. */
function probability(p) {
  if (!Number.isFinite(p)) return "";
  if (p >= 0.9995) return "0.999+";
  if (p >= 0.99) return p.toFixed(3);
  if (p > 0 && p < 0.001) return "<\u20090.001";
  return p < 0.01 ? p.toFixed(3) : p.toFixed(2);
}

/** Decibans with their sign; a true minus, so that columns of figures align. */
function decibans(value) {
  const size = Math.abs(value);
  const text = size >= 9.95 || Math.abs(size - Math.round(size)) < 0.05 ? size.toFixed(0) : size.toFixed(1);
  if (text === "0") return "0";
  return (value < 0 ? "\u2212" : "+") + text;
}

function percent(part, whole) {
  if (!whole) return "0\u00a0%";
  const value = (100 * part) / whole;
  return (value > 99.95 || value === 0 ? value.toFixed(0) : value.toFixed(1)) + "\u00a0%";
}

/** The parts of a time stamp of our files ("2026-11-22T14:02:31.5Z", always UTC), or null. */
function timeParts(stamp) {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(stamp || "");
  if (!match) return null;
  return { year: match[1], month: MONTHS[Number(match[2]) - 1] || match[2], day: String(Number(match[3])), clock: match[4] };
}

/** "22 Nov 2026, 14:02:31 UTC". */
function fullTime(stamp) {
  const t = timeParts(stamp);
  return t ? t.day + " " + t.month + " " + t.year + ", " + t.clock + " UTC" : "not known";
}

/** "22 Nov 2026, 14:02 UTC". */
function minuteTime(stamp) {
  const t = timeParts(stamp);
  return t ? t.day + " " + t.month + " " + t.year + ", " + t.clock.slice(0, 5) + " UTC" : "not known";
}

/** As short as the length of the capture allows: the clock of one day, day and minute of one year, else the day. */
function shortTime(stamp) {
  const t = timeParts(stamp);
  if (!t) return "not known";
  if (DATA.oneDay) return t.clock;
  if (DATA.manyYears) return t.day + " " + t.month + " " + t.year;
  return t.day + " " + t.month + " " + t.clock.slice(0, 5);
}

function dayOf(stamp) {
  const t = timeParts(stamp);
  return t ? t.day + " " + t.month + " " + t.year : "not known";
}

/** "20 to 22 Nov 2026", "22 Nov 2026, 08:00 to 09:12 UTC". */
function spanText(first, last) {
  const a = timeParts(first);
  const b = timeParts(last);
  if (!a || !b) return "no time known";
  if (first.slice(0, 10) === last.slice(0, 10)) {
    return dayOf(first) + ", " + a.clock.slice(0, 5) + " to " + b.clock.slice(0, 5) + " UTC";
  }
  const from = a.year !== b.year ? dayOf(first) : a.month !== b.month ? a.day + " " + a.month : a.day;
  return from + " to " + dayOf(last);
}

/** Seconds between two stamps as a length: "2 d 18 h", "41 min", "0.4 s". */
function lengthText(first, last) {
  const seconds = (Date.parse(last) - Date.parse(first)) / 1000;
  if (!Number.isFinite(seconds) || seconds < 0) return "not known";
  if (seconds < 10) return seconds.toFixed(1) + "\u00a0s";
  if (seconds < 120) return seconds.toFixed(0) + "\u00a0s";
  if (seconds < 7200) return Math.round(seconds / 60) + "\u00a0min";
  const hours = Math.round(seconds / 3600);
  if (hours < 48) return hours + "\u00a0h";
  return Math.floor(hours / 24) + "\u00a0d" + (hours % 24 ? " " + (hours % 24) + "\u00a0h" : "");
}

const IP_PROTOCOLS = new Map([[1, "icmp"], [2, "igmp"], [6, "tcp"], [17, "udp"], [47, "gre"], [50, "esp"], [58, "icmpv6"], [89, "ospf"], [103, "pim"], [112, "vrrp"], [132, "sctp"]]);

/** "tcp/104", "icmp", "ip/253". */
function serviceText(service) {
  if (!service) return "";
  const name = IP_PROTOCOLS.get(service.ip_protocol) || "ip/" + service.ip_protocol;
  return Number.isFinite(service.port) && (service.ip_protocol === 6 || service.ip_protocol === 17 || service.ip_protocol === 132) ? name + "/" + service.port : name;
}

/** "cleartext_medical" as a last resort where no label came along. */
function spelled(id) {
  const words = plain(id).replace(/_/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** As within a sentence: "patient monitor", but "CT scanner" and "Remote Desktop" stay as they are. */
function within(text) {
  return /^[A-Z][a-z]/.test(text) && !/^[A-Z][a-z]+ [A-Z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a, b and c". */
function sentenceList(items) {
  if (items.length < 2) return items.join("");
  return items.slice(0, -1).join(", ") + " and " + items[items.length - 1];
}
