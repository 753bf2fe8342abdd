//! What images say counts for more where their sender is of the same make, and only there.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use analysis::evidence::{Evidence, Ledger};
use analysis::knowledge::{Knowledge, Notation};
use model::Timestamp;
use model::observation::FrameRef;

fn knowledge() -> Knowledge {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge");
    let mut paths: Vec<_> = ["", "fingerprints"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    paths.sort();
    let texts: Vec<(String, String)> = paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    Knowledge::load(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())), Notation::Toml).unwrap()
}

/// A message's kind and its fields.
type Said<'a> = (&'a str, &'a [(&'a str, &'a str)]);

const IMAGE: Said<'_> =
    ("dicom.equipment", &[("manufacturer", "Philips"), ("modality", "CT"), ("model", "Brilliance 64")]);
const OTHER_SCANNER: Said<'_> =
    ("dicom.equipment", &[("manufacturer", "Philips"), ("modality", "CT"), ("model", "Ingenuity CT")]);
const OTHER_MAKER: Said<'_> =
    ("dicom.equipment", &[("manufacturer", "SIEMENS"), ("modality", "CT"), ("model", "Brilliance 64")]);
const PHILIPS_SOFTWARE: Said<'_> =
    ("dicom.associate_rq", &[("implementation_class_uid", "1.3.46.670589.30.36.0"), ("calling_ae", "A1")]);
const TOOLKIT: Said<'_> =
    ("dicom.associate_rq", &[("implementation_class_uid", "1.2.276.0.7230010.3.0.3.6.7"), ("calling_ae", "A1")]);
const PHILIPS_CARD: Said<'_> = ("mac.seen", &[("organisation", "Philips Medical Systems"), ("prefix", "00:09:fb")]);

/// What agreement adds to the claim of each attribute.
fn added(said: &[Said<'_>]) -> Vec<String> {
    let knowledge = knowledge();
    let mut ledger = Ledger::default();
    for (on, fields) in said {
        for found in knowledge.matches_fields(on, fields) {
            let evidence = Evidence {
                rule: found.rule,
                weight_db: found.db,
                field: found.field.into(),
                field_value: (*found.field_value).into(),
                frame: FrameRef { capture: 0, number: 1 },
                first: Timestamp(0),
                last: Timestamp(0),
                count: 1,
            };
            ledger.add(found.attribute, &found.value, evidence);
        }
    }
    ledger.corroborate(knowledge.corroborations());
    let values = knowledge.attributes().iter().flat_map(|attribute| {
        let is_agreed = |piece: &&Evidence<'_>| piece.rule.id.starts_with("agree.");
        let agreed = ledger.values(attribute).into_iter().map(move |(value, pieces)| {
            let sources: Vec<String> =
                pieces.into_iter().filter(is_agreed).map(|piece| piece.field.to_string()).collect();
            (value, sources)
        });
        let told = agreed.filter(|(_, sources)| !sources.is_empty());
        told.map(|(value, sources)| format!("{value}: {}", sources.join(" and "))).collect::<Vec<_>>()
    });
    values.collect()
}

#[test]
fn a_sender_of_the_same_make_made_the_images() {
    let by_software = ["ct_scanner: implementation_class_uid", "Brilliance 64: implementation_class_uid"];
    assert_eq!(added(&[IMAGE, PHILIPS_SOFTWARE]), by_software);
    assert_eq!(added(&[IMAGE, PHILIPS_CARD]), ["ct_scanner: organisation", "Brilliance 64: organisation"]);
    let by_both = "implementation_class_uid and organisation";
    let both = [format!("ct_scanner: {by_both}"), format!("Brilliance 64: {by_both}")];
    assert_eq!(added(&[IMAGE, PHILIPS_SOFTWARE, PHILIPS_CARD]), both);
}

#[test]
fn nothing_is_added_where_the_sender_may_pass_images_on() {
    assert!(added(&[IMAGE]).is_empty());
    assert!(added(&[IMAGE, TOOLKIT]).is_empty(), "a toolkit is of no maker");
    assert!(added(&[OTHER_MAKER, PHILIPS_SOFTWARE, PHILIPS_CARD]).is_empty(), "images of another maker");
    assert!(added(&[IMAGE, OTHER_SCANNER, PHILIPS_SOFTWARE, PHILIPS_CARD]).is_empty(), "two scanners");
    assert!(added(&[IMAGE, OTHER_MAKER, PHILIPS_SOFTWARE]).is_empty(), "two makers");
    assert!(added(&[PHILIPS_SOFTWARE, PHILIPS_CARD]).is_empty(), "no image");
}
