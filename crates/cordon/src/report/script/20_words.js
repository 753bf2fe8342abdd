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
  { id: "building", label: "Building", icon: "building", column: 2 },
  { id: "unknown", label: "Not known", icon: "unknown", column: 2 },
  { id: "silent", label: "Never answered", icon: "silent", column: 2 },
  { id: "groups", label: "Groups", icon: "group", column: 1 },
  { id: "outside", label: "Outside", icon: "outside", column: 2 },
];
const ZONE = new Map(ZONES.map((zone) => [zone.id, zone]));

// Which zone a kind belongs to: the first line that fits the kind itself, else its parent, and so on upwards.
const ZONE_OF_KIND = [
  ["laboratory", /(^|_)(lab|laboratory|analy[sz]er|poct|poc|glucose|blood_gas|ha?ematology|coagulation|patholog\w*|microscope|incubator_lab|centrifuge)(_|$)/],
  ["servers", /(^|_)(server|pacs|archive|vna|worklist|ris|lis|emr|ehr|engine|middleware|database|hypervisor|storage|nas|backup|directory|application)(_|$)/],
  ["imaging", /(^|_)(imaging|modality|ct|mr|mri|pet|xray|x_ray|radiograph\w*|fluoroscop\w*|angiograph\w*|ultrasound|mammograph\w*|echo\w*|endoscop\w*|c_arm|nuclear|linac|radiotherapy|dexa|densitometer|oct|slide_scanner)(_|$)/],
  ["care", /(^|_)(pump|monitor|ventilator|ana?esthesia|ecg|eeg|defibrillator|dialysis|telemetry|infusion|syringe|incubator|bed|nurse_call|call|spirometer|oximeter|central_station|dispens\w*|surgical|warmer|medical_gateway|hemodynamic\w*|patient|medical|clinical)(_|$)/],
  ["infrastructure", /(^|_)(switch|router|firewall|access_point|wireless|network|gateway|load_balancer|dns|dhcp|ntp|vpn|ups|pdu|infrastructure|controller_wlan|modem|console_server|time)(_|$)/],
  ["building", /(^|_)(building|hvac|camera|nvr|dvr|door|access_control|elevator|lift|plc|bms|thermostat|lighting|meter|sensor|automation|industrial|iot|alarm|intercom|controller)(_|$)/],
  ["office", /(^|_)(workstation|computer|pc|laptop|desktop|printer|copier|scanner|phone|telephone|tablet|mobile|tv|display|office|voip|conference|kiosk|thin_client|console|media|game\w*|it)(_|$)/],
];

const ICON_OF_KIND = [
  ["pump", /pump|infusion|syringe/], ["vent", /ventil|an?a?esth/], ["ecg", /ecg|eeg|defib|telemetry/], ["call", /nurse_call|bed/],
  ["monitor", /monitor|central_station|oximeter/], ["archive", /pacs|archive|vna|storage|nas|database/], ["server", /server|engine|worklist|directory/],
  ["wifi", /access_point|wireless|wlan/], ["net", /switch|router|firewall|network|gateway/], ["camera", /camera|nvr/], ["printer", /printer|copier/], ["phone", /phone|voip/],
  ["imaging", /imaging|ct_|mr_|mri|x_?ray|ultrasound|radio|angio|mammo|endoscop/], ["lab", /lab|analy[sz]er|poct|blood/], ["devices", /workstation|computer|laptop|desktop|tablet/],
];

const kindZones = new Map();
const kindIcons = new Map();

/** The zone of a category, by its own name, then its parents', then whether it is medical. */
function zoneOfKind(kind) {
  if (!kind) return "unknown";
  if (kindZones.has(kind)) return kindZones.get(kind);
  let zone = "";
  const chain = kindChain(kind);
  for (const step of chain) {
    const told = DATA.categories.get(step);
    if (told && ZONE.has(told.zone)) {
      zone = told.zone;
      break;
    }
    const hit = ZONE_OF_KIND.find((line) => line[1].test(step));
    if (hit) {
      zone = hit[0];
      break;
    }
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
