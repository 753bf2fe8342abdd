//! Which open recalls of the FDA are about a device.
//!
//! A recall names firm, product and pieces in prose. It is about a device only if the firm is its maker and the text names its model;
//! and about this very piece only if the text says so of all of them, of its serial number or of its version. Whatever is not understood
//! makes a question, never an answer: an accessory *for* the model, a number that may be a quantity, a list in another form.

use std::collections::{BTreeMap, BTreeSet};

use std::sync::Arc;

use model::outside::{Recall, RecallRegister};

use super::named::{Agreement, has_version, houses};
use super::{Ask, Cited, Device, Facts, Notice, NoticeKind, RecallVerdict, Source, Told, Whom, day, short, words};
use crate::advisories::{Makers, Profile};

/// The weakness of `knowledge/risk.toml` that a defect is that lets somebody in.
const WEAKNESS: &str = "open_security_recall";
/// Letters of a statement on versions: what is longer says more than versions.
const VERSIONS_LETTERS_MAX: usize = 120;
/// Words between a name and an accessory's.
const ACCESSORY_WORDS: usize = 3;
/// Words that products have in common and recalls leave out.
const GENERIC: [&str; 16] = [
    "model",
    "series",
    "system",
    "systems",
    "monitor",
    "monitors",
    "pump",
    "pumps",
    "device",
    "patient",
    "infusion",
    "ventilator",
    "module",
    "unit",
    "the",
    "software",
];
/// What stands before the name of what a recalled product is only used with.
const FOR: [&str; 8] = ["for", "with", "compatible", "used", "accessory", "accessories", "within", "of"];
/// What belongs to a device and is recalled without it.
const ACCESSORIES: [&str; 24] = [
    "battery",
    "batteries",
    "cable",
    "cables",
    "cord",
    "sensor",
    "sensors",
    "cassette",
    "tubing",
    "set",
    "sets",
    "catheter",
    "electrode",
    "electrodes",
    "filter",
    "cuff",
    "mask",
    "kit",
    "adapter",
    "charger",
    "probe",
    "mount",
    "bracket",
    "cart",
];
/// What turns a statement round.
const EXCEPT: [&str; 7] = ["except", "excluding", "excluded", "not", "other", "without", "unless"];
/// Words of which a statement consists that means all pieces.
const ALL: [&str; 26] = [
    "all", "serial", "number", "numbers", "s", "n", "sn", "lot", "lots", "batch", "unit", "units", "device", "devices",
    "code", "codes", "model", "models", "product", "products", "software", "version", "versions", "and", "the", "of",
];
/// What a statement on versions begins with.
const VERSIONS: [&str; 8] = [
    "software version",
    "software release",
    "software revision",
    "version",
    "firmware version",
    "sw version",
    "all software version",
    "all version",
];
/// What a reason says of a defect that lets somebody in.
const SECURITY: [&str; 9] = [
    "cybersecurity",
    "cyber security",
    "cyber-security",
    "vulnerabilit",
    "unauthorized",
    "unauthorised",
    "malicious",
    "malware",
    "hacker",
];

/// Whether a register does not say that a recall is over.
pub(super) fn is_open(recall: &Recall) -> bool {
    let status = recall.status.as_deref().unwrap_or_default().to_lowercase();
    recall.ended.is_none() && !["terminated", "completed"].iter().any(|over| status.contains(over))
}

struct Recalls {
    entries: Vec<Entry>,
    by_maker: BTreeMap<String, Vec<usize>>,
}

/// A recall, of what both registers say.
struct Entry {
    recall: Arc<Recall>,
    cited: Cited,
    class: Option<u8>,
    cause: Option<String>,
    product: Vec<String>,
    pieces: Vec<String>,
    /// Both without what stands between words: what is not in it is not named.
    plain: String,
}

pub(super) fn source(facts: &Facts, makers: &Makers) -> Box<dyn Source> {
    let mut by_number: BTreeMap<&str, Vec<(&Arc<Recall>, Cited)>> = BTreeMap::new();
    for (recall, origin) in facts.recalls.values().filter(|(recall, _)| !facts.over.contains(&recall.number)) {
        by_number.entry(&recall.number).or_default().push((recall, Cited::new(origin, recall.number.clone())));
    }
    let mut recalls = Recalls { entries: Vec::new(), by_maker: BTreeMap::new() };
    for of_number in by_number.values() {
        let is_enforcement = |(recall, _): &&(&Arc<Recall>, Cited)| recall.register == RecallRegister::Enforcement;
        let Some((recall, cited)) = of_number.iter().find(is_enforcement).or_else(|| of_number.first()) else {
            continue;
        };
        for house in houses(&recall.firm, makers) {
            recalls.by_maker.entry(house).or_default().push(recalls.entries.len());
        }
        let (product, pieces) = (words(&recall.product), words(recall.pieces.as_deref().unwrap_or_default()));
        recalls.entries.push(Entry {
            recall: Arc::clone(recall),
            cited: cited.clone(),
            class: of_number.iter().find_map(|(recall, _)| recall.class),
            cause: of_number.iter().find_map(|(recall, _)| recall.cause.clone()),
            plain: [product.concat(), pieces.concat()].join(" "),
            product,
            pieces,
        });
    }
    Box::new(recalls)
}

impl Source for Recalls {
    fn tell(&self, device: &Device<'_>, makers: &Makers, told: &mut Told) {
        let (Some(vendor), Some(model)) = (&device.profile.vendor, &device.profile.model) else { return };
        let makers_words = words(vendor);
        let units: Vec<String> = model
            .split_whitespace()
            .map(|unit| words(unit).concat())
            .filter(|unit| !unit.is_empty() && !makers_words.contains(unit) && !GENERIC.contains(&unit.as_str()))
            .collect();
        let houses = makers.names_of(vendor);
        let places = houses.iter().filter_map(|house| self.by_maker.get(house)).flatten().collect::<BTreeSet<_>>();
        for entry in places.into_iter().filter_map(|place| self.entries.get(*place)) {
            if !units.iter().filter(|unit| has_digit(unit)).all(|unit| entry.plain.contains(unit.as_str())) {
                continue;
            }
            let Some(agreement) = names(&entry.product, &entry.pieces, &units) else { continue };
            let Some(pieces) = entry.includes(device.profile) else { continue };
            told.add(entry, device, agreement, pieces);
        }
    }
}

impl Told {
    fn add(&mut self, entry: &Entry, device: &Device<'_>, agreement: Agreement, includes: bool) {
        let recall = &entry.recall;
        let is_affected = agreement == Agreement::Same && includes;
        let asks = match (agreement, includes) {
            (Agreement::Same, true) => None,
            (Agreement::Same, false) => {
                let pieces = recall.pieces.as_deref().unwrap_or("the recall does not say which");
                Some(format!("whether it is one of those recalled: {}", short(pieces)))
            }
            (Agreement::Maybe, _) => Some(format!("whether it is what is recalled: {}", short(&recall.product))),
        };
        let class = entry.class.map_or_else(String::new, |class| format!("class {class} "));
        let began = recall.began.map_or_else(String::new, |began| format!(" since {}", day(began)));
        let text = format!("{class}recall {}{began}: {}", recall.number, short(&recall.reason));
        let security = is_security(&recall.reason);
        // What advisories say of the same vulnerability counts there.
        let is_counted = device.vulnerabilities.iter().any(|cve| recall.reason.contains(cve.as_str()));
        if is_affected && security && !is_counted && matches!(entry.class, Some(1 | 2)) {
            self.weaknesses.insert(WEAKNESS, format!("{text} ({})", entry.cited));
        }
        self.notices.push(Notice {
            kind: NoticeKind::Recall {
                verdict: if is_affected { RecallVerdict::Affected } else { RecallVerdict::Possible },
                class: entry.class,
                began: recall.began,
                status: recall.status.clone(),
                software: is_software(&recall.reason, entry.cause.as_deref()) || security,
                security,
            },
            text,
            source: entry.cited.clone(),
            asks: asks.map(|question| Ask { whom: Whom::Hospital, question }),
        });
    }
}

fn is_software(reason: &str, cause: Option<&str>) -> bool {
    let said = format!("{} {}", reason, cause.unwrap_or_default()).to_lowercase();
    ["software", "firmware"].iter().any(|word| said.contains(word))
}

fn is_security(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    SECURITY.iter().any(|word| reason.contains(word)) || reason.contains("cve-")
}

/// Whether a product's text names a device's model.
fn names(product: &[String], pieces: &[String], units: &[String]) -> Option<Agreement> {
    let (designators, plain): (Vec<&String>, Vec<&String>) = units.iter().partition(|unit| has_digit(unit));
    let spans: Vec<Option<(usize, usize)>> = units.iter().map(|unit| find(product, unit)).collect();
    let has_word = |unit: &&String| find(product, unit).is_some();
    let is_strong = |unit: &&&String| unit.len() >= 4 && unit.contains(|letter: char| letter.is_alphabetic());
    let is_named = |unit: &&String| has_word(unit) || is_strong(&unit) && find(pieces, unit).is_some();
    if units.is_empty() || !designators.iter().all(is_named) {
        return None;
    }
    let all_plain = plain.iter().all(has_word);
    let is_same = match designators.is_empty() {
        // Words alone are a family's name as often as a product's.
        true if !all_plain => return None,
        true => plain.len() > 1 && is_in_order(&spans) && !is_followed_by_model(product, &spans),
        // `500` may be a quantity: it stands by its name, or is said to be a model.
        false => {
            designators.iter().any(|unit| is_strong(&unit))
                && (all_plain || plain.is_empty() || designators.iter().all(|unit| is_strong(&unit)))
                || all_plain && designators.iter().all(|unit| is_by_name(product, unit, &plain))
        }
    };
    let first = spans.iter().flatten().map(|(from, _)| *from).min().unwrap_or_default();
    let last = spans.iter().flatten().map(|(_, to)| *to).max().unwrap_or_default();
    let is_for = product.iter().take(first).any(|word| FOR.contains(&word.as_str()));
    let is_accessory = product.iter().skip(last).take(ACCESSORY_WORDS).any(|word| ACCESSORIES.contains(&word.as_str()));
    let is_excepted = product.iter().any(|word| EXCEPT.contains(&word.as_str()));
    let is_doubtful = is_for || is_accessory || is_excepted;
    Some(if is_same && !is_doubtful { Agreement::Same } else { Agreement::Maybe })
}

fn has_digit(word: &str) -> bool {
    word.contains(|letter: char| letter.is_ascii_digit())
}

/// Where words that make up a name when they are joined begin and end: `fs113` is `FS-113`.
fn find(text: &[String], unit: &str) -> Option<(usize, usize)> {
    (0..text.len()).find_map(|from| {
        let mut rest = unit;
        for (place, word) in text.iter().enumerate().skip(from) {
            rest = rest.strip_prefix(word.as_str())?;
            if rest.is_empty() {
                return Some((from, place.saturating_add(1)));
            }
        }
        None
    })
}

fn is_in_order(spans: &[Option<(usize, usize)>]) -> bool {
    spans.windows(2).all(|pair| matches!(pair, [Some((_, end)), Some((start, _))] if end == start))
}

fn is_followed_by_model(product: &[String], spans: &[Option<(usize, usize)>]) -> bool {
    let end = spans.iter().flatten().map(|(_, end)| *end).max().unwrap_or_default();
    product.iter().skip(end).take(ACCESSORY_WORDS).any(|word| has_digit(word))
}

/// Whether a number stands right behind a word of the name, or is said to be a model.
fn is_by_name(product: &[String], number: &str, plain: &[&String]) -> bool {
    let Some((from, _)) = find(product, number) else { return false };
    let before = from.checked_sub(1).and_then(|place| product.get(place));
    before.is_some_and(|word| {
        matches!(word.as_str(), "model" | "type" | "models") || plain.iter().any(|plain| plain.ends_with(word.as_str()))
    })
}

impl Entry {
    /// Whether a piece is recalled; `Some(false)` if that is not said, `None` if it is not.
    fn includes(&self, profile: &Profile) -> Option<bool> {
        let is_known = |word: &String| ALL.contains(&word.as_str());
        if self.pieces.first().is_some_and(|first| first == "all") && self.pieces.iter().all(is_known) {
            return Some(true);
        }
        let text = self.recall.pieces.as_deref().unwrap_or_default();
        let lower = text.to_lowercase();
        if text.len() <= VERSIONS_LETTERS_MAX && VERSIONS.iter().any(|start| lower.starts_with(start)) {
            return match has_version(Some(text), profile) {
                Some(true) => Some(true),
                Some(false) => None,
                None => Some(false),
            };
        }
        let is_of_serials = ["serial", "s/n", "sn "].iter().any(|word| lower.contains(word));
        let is_excepted = self.pieces.iter().any(|word| EXCEPT.contains(&word.as_str()));
        let serial = profile.serial.as_deref().map(|serial| words(serial).concat()).filter(|serial| has_digit(serial));
        match serial.filter(|_| is_of_serials && !is_excepted) {
            Some(serial) if find(&self.pieces, &serial).is_some() => Some(true),
            Some(serial) if is_list_of_others(&self.pieces, text, &serial) => None,
            _ => Some(false),
        }
    }
}

/// Whether a text is nothing but serial numbers of the same form, without this one.
fn is_list_of_others(pieces: &[String], text: &str, serial: &str) -> bool {
    let form = |word: &str| -> Vec<bool> { word.chars().map(|letter| letter.is_ascii_digit()).collect() };
    let is_heading =
        |word: &String| matches!(word.as_str(), "serial" | "number" | "numbers" | "s" | "n" | "sn" | "and");
    let is_like = |word: &String| is_heading(word) || form(word) == form(serial);
    // A dash may be a range.
    !text.contains(['-', '–', '—']) && pieces.iter().any(|word| has_digit(word)) && pieces.iter().all(is_like)
}

#[cfg(test)]
mod tests {
    use model::Timestamp;
    use model::outside::{Fact, Origin};

    use super::super::Beside;
    use super::*;

    fn recall(firm: &str, product: &str, pieces: &str, reason: &str) -> Recall {
        Recall {
            register: RecallRegister::Enforcement,
            number: "Z-0001-2026".into(),
            event: None,
            class: Some(2),
            firm: firm.into(),
            product: product.into(),
            product_code: None,
            pieces: (!pieces.is_empty()).then(|| pieces.to_owned()),
            reason: reason.into(),
            cause: None,
            status: Some("Ongoing".into()),
            began: Timestamp::read("2026-01-02"),
            ended: None,
        }
    }

    fn told_of(recalls: Vec<Recall>, profile: &Profile) -> Told {
        let mut facts = Facts::default();
        let origin = Origin { feed: "fda_recall".into(), file: "e.json".into(), sha256: String::new(), date: None };
        let origin = Arc::new(origin);
        for recall in recalls {
            facts.take(&origin, Fact::Recall(Box::new(recall)));
        }
        let makers = include_str!("../../../../knowledge/makers.toml");
        let makers = Makers::read(makers, crate::knowledge::Notation::Toml).unwrap();
        let device = Device {
            profile,
            weaknesses: &BTreeMap::new(),
            services: &BTreeMap::new(),
            outwards: None,
            vulnerabilities: &BTreeSet::from(["CVE-2026-1111".to_owned()]),
            today: Timestamp(0),
        };
        Beside::new(&facts, &makers).tell(&device, &makers)
    }

    fn device(vendor: &str, model: &str) -> Profile {
        Profile { vendor: Some(vendor.into()), model: Some(model.into()), ..Profile::default() }
    }

    fn verdict(recall: Recall, profile: &Profile) -> Option<RecallVerdict> {
        match &told_of(vec![recall], profile).notices.first()?.kind {
            NoticeKind::Recall { verdict, .. } => Some(*verdict),
            other => panic!("{other:?}"),
        }
    }

    const AFFECTED: Option<RecallVerdict> = Some(RecallVerdict::Affected);
    const POSSIBLE: Option<RecallVerdict> = Some(RecallVerdict::Possible);

    #[test]
    fn firm_model_and_piece_have_to_agree() {
        for (firm, product, vendor, model) in [
            (
                "Philips North America Llc",
                "IntelliVue Patient Monitor MX450, model 866062",
                "Philips",
                "IntelliVue MX450",
            ),
            ("CareFusion 303, Inc.", "BD Alaris PC Unit, Model 8015", "BD", "Alaris 8015"),
            ("ICU Medical, Inc.", "Plum 360 Infusion System", "ICU Medical", "Plum 360"),
            ("Baxter Healthcare Corporation", "Welch Allyn Connex Spot Monitor", "Welch Allyn", "Connex Spot Monitor"),
            ("Wondfo", "Finecare FS113 analyzer", "Wondfo", "Finecare FS-113"),
        ] {
            assert_eq!(
                verdict(recall(firm, product, "All serial numbers", "x"), &device(vendor, model)),
                AFFECTED,
                "{product}"
            );
        }
    }

    #[test]
    fn another_firm_or_model_is_not_recalled() {
        for (firm, product, vendor, model) in [
            ("Baxter Healthcare Corporation", "IntelliVue MX450", "Philips", "IntelliVue MX450"),
            ("Philips North America Llc", "IntelliVue Patient Monitor MX500", "Philips", "IntelliVue MX450"),
            ("Philips North America Llc", "Efficia CM12", "Philips", "IntelliVue MX450"),
            ("CareFusion 303, Inc.", "BD Alaris Syringe Module, Model 8110", "BD", "Alaris 8015"),
            ("ICU Medical, Inc.", "Medfusion 3500 pump", "ICU Medical", "Plum 360"),
            ("ICU Medical, Inc.", "Sapphire pump", "ICU Medical", "Plum 360"),
            ("ICU Medical, Inc.", "Anything", "ICU Medical", "Pump"),
        ] {
            assert_eq!(verdict(recall(firm, product, "All lots", "x"), &device(vendor, model)), None, "{product}");
        }
    }

    #[test]
    fn what_is_not_sure_is_a_question() {
        let firm = "ICU Medical, Inc.";
        for (product, model) in [
            ("Battery pack for Plum 360", "Plum 360"),
            ("Plum 360 battery", "Plum 360"),
            ("Plum A+, 360 mL bag", "Plum 360"),
            ("Plum infusion pumps, except Plum 360", "Plum 360"),
            ("Plum 360", "Plum"),
            ("Software for use with the Plum 360", "Plum 360"),
        ] {
            assert_eq!(verdict(recall(firm, product, "All lots", "x"), &device(firm, model)), POSSIBLE, "{product}");
        }
        let profile = device(firm, "Plum 360");
        for pieces in [
            "",
            "Lot 4711",
            "All units manufactured before 2020",
            "Serial numbers 100 through 200",
            "see attached list",
        ] {
            let told = told_of(vec![recall(firm, "Plum 360", pieces, "Defective unauthorized access")], &profile);
            let [notice] = &told.notices[..] else { panic!("{pieces}: {told:?}") };
            assert!(matches!(notice.kind, NoticeKind::Recall { verdict: RecallVerdict::Possible, .. }), "{pieces}");
            assert!(notice.asks.is_some() && told.weaknesses.is_empty(), "{pieces}");
        }
    }

    #[test]
    fn serial_numbers_and_versions_decide() {
        let firm = "ICU Medical, Inc.";
        let piece = |pieces: &str, serial: Option<&str>, version: Option<&str>| {
            let (serial, version) = (serial.map(str::to_owned), version.map(str::to_owned));
            verdict(recall(firm, "Plum 360", pieces, "x"), &Profile { serial, version, ..device(firm, "Plum 360") })
        };
        let list = "Serial numbers: A10001, A10002, A10003";
        assert_eq!(piece(list, Some("A10002"), None), AFFECTED);
        assert_eq!(piece(list, Some("A10009"), None), None);
        assert_eq!(piece(list, Some("77-B"), None), POSSIBLE, "another form: perhaps another number");
        assert_eq!(piece(list, None, None), POSSIBLE);
        assert_eq!(piece("Serial numbers: A10001-A10099", Some("A10009"), None), POSSIBLE);
        assert_eq!(piece("All serial numbers except A10009", Some("A10009"), None), POSSIBLE);
        assert_eq!(piece("Lots: A10009", Some("A10009"), None), POSSIBLE, "a lot is no serial number");
        assert_eq!(piece("Software version 15.10 and lower", None, Some("15.2")), AFFECTED);
        assert_eq!(piece("Software version 15.10 and lower", None, Some("15.11")), None);
        assert_eq!(piece("Software version 15.10 and lower", None, None), POSSIBLE);
        assert_eq!(piece("All software versions", None, None), AFFECTED);
    }

    #[test]
    fn only_an_open_recall_for_security_is_a_cause() {
        let profile = device("ICU Medical", "Plum 360");
        let of = |change: &dyn Fn(&mut Recall)| {
            let mut one =
                recall("ICU Medical, Inc.", "Plum 360", "All lots", "A cybersecurity vulnerability lets anyone in");
            change(&mut one);
            told_of(vec![one], &profile)
        };
        let told = of(&|_| {});
        let from = &told.weaknesses["open_security_recall"];
        assert!(from.contains("class 2 recall Z-0001-2026 since 2026-01-02") && from.contains("e.json"), "{from}");
        assert!(matches!(
            told.notices[0].kind,
            NoticeKind::Recall { software: true, security: true, class: Some(2), .. }
        ));
        for (change, notices) in [
            (&(|one: &mut Recall| one.reason = "The software may freeze".into()) as &dyn Fn(&mut Recall), 1),
            (&|one| one.class = Some(3), 1),
            (&|one| one.class = None, 1),
            (&|one| one.reason = "Cybersecurity: CVE-2026-1111".into(), 1),
            (&|one| one.status = Some("Terminated".into()), 0),
            (&|one| one.ended = Timestamp::read("2026-02-03"), 0),
        ] {
            let told = of(change);
            assert_eq!((told.notices.len(), told.weaknesses.len()), (notices, 0), "{:?}", told.notices);
        }
    }

    #[test]
    fn both_registers_are_one_recall() {
        let enforcement = recall("ICU Medical, Inc.", "Plum 360", "All lots", "It stops");
        let devices = Recall {
            register: RecallRegister::Devices,
            class: None,
            cause: Some("Software design".into()),
            status: Some("Open, Classified".into()),
            ..enforcement.clone()
        };
        let profile = device("ICU Medical", "Plum 360");
        let told = told_of(vec![devices.clone(), enforcement.clone()], &profile);
        let [notice] = &told.notices[..] else { panic!("{told:?}") };
        assert!(matches!(notice.kind, NoticeKind::Recall { software: true, security: false, class: Some(2), .. }));
        let over = Recall { status: Some("Terminated".into()), ..devices };
        assert!(told_of(vec![enforcement, over], &profile).notices.is_empty());
    }
}
