// The words of the page: states, zones and pictures of kinds, and the labels that came along with the data.

const STATES = [
  { id: "confirmed", mark: "c4", text: "a person or the register says so" },
  { id: "probable", mark: "c3", text: "probability of 0.90 or more" },
  { id: "tentative", mark: "c2", text: "probability of 0.60 or more" },
  { id: "unknown", mark: "c1", text: "nothing is claimed" },
];
const STATE_RANK = new Map([["confirmed", 0], ["probable", 1], ["tentative", 2], ["unknown", 3]]);

// The zones in the order of every list; `column` is the place on the map: care, servers, the rest.
const ZONES = [
  { id: "care", label: "Clinical devices", icon: "care", column: 0 },
  { id: "imaging", label: "Imaging", icon: "imaging", column: 0 },
  { id: "laboratory", label: "Laboratory", icon: "lab", column: 0 },
  { id: "servers", label: "Servers", icon: "server", column: 1 },
  { id: "infrastructure", label: "Infrastructure", icon: "net", column: 1 },
  { id: "office", label: "Office and IT", icon: "devices", column: 2 },
  { id: "building", label: "Building and things", icon: "building", column: 2 },
  { id: "unknown", label: "Not known", icon: "unknown", column: 2 },
  { id: "silent", label: "Never answered", icon: "silent", column: 2 },
  { id: "groups", label: "Groups", icon: "group", column: 1 },
  { id: "outside", label: "Outside", icon: "outside", column: 2 },
];
const ZONE = new Map(ZONES.map((zone) => [zone.id, zone]));

// Which zone a kind belongs to: the first step from the kind up to its ancestors that stands here. A kind of which
// nothing stands here goes with the clinical devices if it is medical, else with the office.
const ZONE_OF_KIND = new Map([
  ["medical_device", "care"], ["nurse_call", "care"],
  ["imaging_modality", "imaging"], ["imaging_workstation", "imaging"], ["dicom_printer", "imaging"],
  ["laboratory_device", "laboratory"],
  ["medical_system", "servers"], ["server", "servers"], ["management_controller", "servers"], ["storage", "servers"],
  ["network_device", "infrastructure"],
  ["computer", "office"], ["office_device", "office"],
  ["building_system", "building"], ["camera", "building"], ["iot_device", "building"],
]);

// Pictures of kinds, tried on the kind itself and its parent; a kind without one shows the picture of its zone.
const ICON_OF_KIND = [
  ["server", /_server$|_engine$|^server$|hypervisor|virtual_machine|management_controller/], ["pump", /pump/], ["vent", /ventilator|anesthesia|heart_lung/], ["ecg", /ecg|neurology|defib|telemetry/],
  ["call", /nurse_call|_bed$/], ["monitor", /monitor|central_station|oximeter/], ["archive", /pacs|archive|storage/], ["wifi", /access_point|wireless/],
  ["net", /switch|router|firewall|network|gateway/], ["camera", /camera|video/], ["printer", /printer/], ["phone", /phone|intercom/],
  ["imaging", /imaging|_scanner$|radio|angio|mammo|fluoro|ultrasound|c_arm|nuclear/], ["lab", /lab|analy[sz]er|glucose/], ["devices", /workstation|computer|client|mobile/],
];

const kindZones = new Map();
const kindIcons = new Map();

/** The zone of a category: as told with the data, else by the table above. */
function zoneOfKind(kind) {
  if (!kind) return "unknown";
  if (kindZones.has(kind)) return kindZones.get(kind);
  let zone = "";
  for (const step of kindChain(kind)) {
    const told = DATA.categories.get(step);
    zone = told && ZONE.has(told.zone) ? told.zone : ZONE_OF_KIND.get(step) || "";
    if (zone) break;
  }
  if (!zone) zone = isMedicalKind(kind) ? "care" : "office";
  kindZones.set(kind, zone);
  return zone;
}

function iconOfKind(kind, zone) {
  const key = kind + "|" + zone;
  if (kindIcons.has(key)) return kindIcons.get(key);
  let found = kind ? ZONE.get(zone).icon : "unknown";
  if (kind) {
    const hit = ICON_OF_KIND.find((line) => kindChain(kind).slice(0, 2).some((step) => line[1].test(step)));
    if (hit) found = hit[0];
  }
  kindIcons.set(key, found);
  return found;
}

/** A kind and its parents; the length is bounded, because a file with a loop in it must not hang the page. */
function kindChain(kind) {
  const chain = [];
  let step = kind;
  while (step && chain.length < 8) {
    chain.push(step);
    const known = DATA.categories.get(step);
    step = known ? known.parent : null;
  }
  return chain;
}

function isMedicalKind(kind) {
  return kindChain(kind).some((step) => {
    const known = DATA.categories.get(step);
    return Boolean(known && known.medical);
  });
}

function kindLabel(kind) {
  if (!kind) return "Not known yet";
  const known = DATA.categories.get(kind);
  return known && known.label ? plain(known.label) : spelled(kind);
}

function attributeLabel(id) {
  if (id === "category") return "Kind";
  return DATA.attributeLabels.has(id) ? plain(DATA.attributeLabels.get(id)) : spelled(id);
}

/** A value as people read it: a category by its label, everything else as it was seen. */
function valueText(attribute, value) {
  return attribute === "category" ? kindLabel(value) : plain(value);
}

function weaknessTitle(kind) {
  return capital(DATA.weaknessTitles.has(kind) ? plain(DATA.weaknessTitles.get(kind)) : spelled(kind));
}

function roleLabel(role) {
  return DATA.roleLabels.has(role) ? plain(DATA.roleLabels.get(role)) : spelled(role);
}

function familyLabel(family) {
  return capital(DATA.familyLabels.has(family) ? plain(DATA.familyLabels.get(family)) : spelled(family));
}

/** The disc that fills, and its word for those who do not see it. */
function stateMark(state) {
  const known = STATES.find((one) => one.id === state) || STATES[3];
  return h("span.conf.bare." + known.mark, { title: known.id + ": " + known.text }, mark(known.mark), heard(known.id + " "));
}

/** The chip: disc, word, number. `confirmed` shows no number, because somebody said so. */
function stateChip(state, confidence) {
  const known = STATES.find((one) => one.id === state) || STATES[3];
  const number = known.id === "probable" || known.id === "tentative" ? " " + probability(confidence) : "";
  return h("span.conf." + known.mark, { title: known.text }, mark(known.mark), known.id + number);
}

/** The angular mark of weaknesses: a triangle is a way in, a diamond a weak spot. */
function weaknessMark(level, number) {
  if (!level) return null;
  const word = level === 2 ? "way in" : "weak spot";
  return h("span.weak.l" + level, { title: level === 2 ? "At least one way in: a password, an open door or a command from anyone" : "Weak spots: readable or outdated" }, mark(level === 2 ? "w2" : "w1"), number === undefined ? null : count(number), heard(" " + word));
}
