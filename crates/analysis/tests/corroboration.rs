//! What is told at second hand counts for more where something shows that it is told of the speaker, and only there.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use analysis::evidence::{Evidence, Ledger, Occasion, Piece, Playing};
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

const VENTILATOR: Said<'_> = ("wsd.metadata", &[("manufacturer", "Dräger"), ("model_name", "Evita V800")]);
const OTHER_VENTILATOR: Said<'_> = ("wsd.metadata", &[("manufacturer", "Dräger"), ("model_name", "Babylog VN800")]);
const PLUG: Said<'_> = ("ssdp.response", &[("search_target", "urn:Belkin:device:insight:1")]);
const DRAEGER_CARD: Said<'_> = ("mac.seen", &[("organisation", "Dräger"), ("prefix", "00:30:e6")]);
const PHILIPS_CARD: Said<'_> = ("mac.seen", &[("organisation", "Philips Medical Systems"), ("prefix", "00:09:fb")]);
const PHILIPS_IMAGE: Said<'_> =
    ("dicom.equipment", &[("manufacturer", "Philips"), ("modality", "CT"), ("model", "Brilliance 64")]);
const PHILIPS_SOFTWARE: Said<'_> =
    ("dicom.associate_rq", &[("implementation_class_uid", "1.3.46.670589.30.36.0"), ("calling_ae", "CT1")]);

/// What agreement adds to the claim of each attribute.
fn added(said: &[Said<'_>]) -> Vec<String> {
    added_to(said, &[])
}

/// The same of a device that was seen to play roles.
fn added_to(said: &[Said<'_>], plays: &[Playing<'_>]) -> Vec<String> {
    let knowledge = knowledge();
    let mut ledger = Ledger::default();
    let occasion = Occasion { time: Timestamp(0), frame: FrameRef { capture: 0, number: 1 } };
    for (on, fields) in said {
        for found in knowledge.matches_fields(on, fields) {
            ledger.add(&Piece::claimed(&found, on.split_once('.').unwrap().0), &occasion, 1);
        }
    }
    ledger.corroborate(&knowledge, plays);
    let values = knowledge.attributes().iter().flat_map(|attribute| {
        let is_agreed = |piece: &&Evidence<'_>| piece.rule.id.starts_with("agree.");
        let agreed = ledger.values(attribute).into_iter().map(move |(value, pieces)| {
            let source = |piece: &Evidence<'_>| {
                let also: Vec<&str> = piece.also.iter().map(|(field, _)| &**field).collect();
                format!("{} with {}", piece.field, also.join(", "))
            };
            let sources: Vec<String> = pieces.into_iter().filter(is_agreed).map(source).collect();
            (value, sources)
        });
        let told = agreed.filter(|(_, sources)| !sources.is_empty());
        told.map(|(value, sources)| format!("{value}: {}", sources.join(" and "))).collect::<Vec<_>>()
    });
    values.collect()
}

#[test]
fn an_announcement_agrees_with_the_card_of_its_sender() {
    let by_card = [
        "ventilator: mac.organisation with wsd.manufacturer",
        // And the card with it: its maker makes ventilators.
        "Dräger: wsd.manufacturer with mac.organisation",
        "Evita V800: mac.organisation with wsd.model_name",
    ];
    assert_eq!(added(&[VENTILATOR, DRAEGER_CARD]), by_card);
}

#[test]
fn nothing_is_added_where_the_sender_may_speak_for_others() {
    assert!(added(&[VENTILATOR]).is_empty());
    assert!(added(&[VENTILATOR, PHILIPS_CARD]).is_empty(), "a bridge of another maker");
    let of_its_maker = ["Dräger: wsd.manufacturer with mac.organisation"];
    assert_eq!(added(&[VENTILATOR, OTHER_VENTILATOR, DRAEGER_CARD]), of_its_maker, "two devices");
    assert!(added(&[VENTILATOR, PLUG, DRAEGER_CARD]).is_empty(), "devices of two makers");
    assert!(added(&[DRAEGER_CARD]).is_empty(), "nothing announced");
    let images = [PHILIPS_IMAGE, PHILIPS_SOFTWARE, PHILIPS_CARD];
    // The card's maker made it; of what kind and which it is the images do not tell.
    let of_its_maker = ["Philips: dicom.manufacturer with mac.organisation"];
    assert_eq!(
        added(&images),
        of_its_maker,
        "archives of a scanner's maker send its images with that maker's software"
    );
}

const DELL_CARD: Said<'_> = ("mac.seen", &[("organisation", "Dell Inc."), ("prefix", "8c:ec:4b")]);
const WINDOWS: Said<'_> = ("dhcp.request", &[("vendor_class", "MSFT 5.0")]);
const ANALYSER: Said<'_> = ("astm.header", &[("sender", "H500^911YOXH02831")]);

#[test]
fn a_computer_with_the_card_of_a_maker_of_computers_is_his() {
    assert_eq!(added(&[WINDOWS, DELL_CARD]), ["Dell: dhcp.vendor_class with mac.organisation"]);
    assert!(added(&[ANALYSER, DELL_CARD]).is_empty(), "an analyser with a computer in it");
    assert!(added(&[WINDOWS, DRAEGER_CARD]).is_empty(), "a computer of somebody else in a medical device");
}

const OTHER_IMAGE: Said<'_> =
    ("dicom.equipment", &[("manufacturer", "Philips"), ("modality", "CT"), ("model", "Ingenuity CT")]);

#[test]
fn images_are_of_the_station_that_asks_for_its_worklist() {
    let frame = FrameRef { capture: 0, number: 7 };
    let asks = Playing { role: "modality", field: "dicom.command_field C-FIND-RQ", frame, count: 3 };
    let views = Playing { role: "image_viewer", ..asks };
    let told = added_to(&[PHILIPS_IMAGE], &[asks]);
    assert!(told.contains(&"ct_scanner: dicom.command_field with dicom.modality".to_owned()), "{told:?}");
    assert!(added_to(&[PHILIPS_IMAGE], &[views]).is_empty(), "a viewer");
    assert!(added_to(&[PHILIPS_IMAGE, OTHER_IMAGE], &[asks]).is_empty(), "images of two scanners");
    assert!(added_to(&[DRAEGER_CARD], &[asks]).is_empty(), "no image");
}
