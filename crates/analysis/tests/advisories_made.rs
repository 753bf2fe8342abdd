//! Advisories that are made up, in forms that the published ones seldom have, against devices that are made up too.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects
)]

use analysis::advisories::{
    KnownBy, Library, Makers, Matcher, Part, Profile, Question, Reading, Statement, Tier, Verdict, decide,
};
use analysis::knowledge::Notation;
use model::advisory::{self, Advisory, PublisherKind, Status, VersionKind};
use model::outside::DeviceModel;

#[path = "advisories/made.rs"]
mod made;

use made::{advisory, device, makers, word};

#[test]
fn the_makers_word_counts_more_than_a_coordinators() {
    use PublisherKind::{Coordinator, Vendor};
    let coordinator = advisory("coordinator", Coordinator, 2, &[("A", "< 3.0", Status::Affected)]);
    let maker = advisory("maker", Vendor, 1, &[("A", "< 2.0", Status::Affected), ("B", ">= 2.0", Status::Fixed)]);
    let library = Library::new(&[coordinator, maker], makers());
    let standing = |version: Option<&str>| {
        let profile = Profile {
            vendor: Some("Acme Inc.".to_owned()),
            model: Some("Vent 9".to_owned()),
            version: version.map(str::to_owned),
            ..Profile::default()
        };
        let findings = library.findings(&profile);
        let standing = library.standing(&findings, |_| Some("CVE-2026-0001".to_owned()));
        standing.get("CVE-2026-0001").map(|found| (found.advisory, word(&found.verdict), found.tier))
    };
    assert_eq!(standing(Some("1.9")), Some((1, "affected", Tier::Decided)), "both say so, the maker counts");
    assert_eq!(
        standing(Some("2.5")),
        Some((1, "not", Tier::Decided)),
        "the maker mended it before the coordinator knew"
    );
    assert_eq!(standing(Some("3.0")), Some((1, "not", Tier::Decided)));
    assert_eq!(standing(None).map(|(_, verdict, tier)| (verdict, tier)), Some(("undetermined", Tier::Likely)));
    // Who publishes on another's product is anyone, whatever it calls itself.
    let coordinator = advisory("coordinator", Coordinator, 1, &[("A", "< 3.0", Status::Affected)]);
    let mut stranger = advisory("stranger", Vendor, 2, &[("B", "< 9.0", Status::NotAffected)]);
    "Zeta".clone_into(&mut stranger.publisher.name);
    let library = Library::new(&[coordinator, stranger], makers());
    let profile = Profile {
        vendor: Some("Acme".to_owned()),
        model: Some("Vent 9".to_owned()),
        version: Some("2.5".to_owned()),
        ..Profile::default()
    };
    let findings = library.findings(&profile);
    let standing = library.standing(&findings, |_| Some("CVE-2026-0001".to_owned()));
    assert_eq!(standing.get("CVE-2026-0001").map(|found| word(&found.verdict)), Some("affected"));
    let others = Profile { vendor: Some("Zeta".to_owned()), model: Some("Vent 9".to_owned()), ..Profile::default() };
    assert!(library.findings(&others).is_empty());
}

fn verdict_of(product: &str, version: &str, device: &Profile, makers: &Makers) -> Verdict {
    let vendor = device.vendor.clone().unwrap();
    let statement = Statement { vendor: &vendor, product, version, text: product };
    decide([&Reading::new(&statement, "", makers)], device, makers)
}

#[test]
fn a_number_to_order_by_stands_for_its_model() {
    let makers = makers();
    let monitors = "IntelliVue Patient Monitors MX (MX400 to MX850)";
    for (product, version, device, expected) in [
        (monitors, "< M", device("Philips", "865240", None, Some("L.30")), "affected"),
        (monitors, "< M", device("Philips", "", Some("865240"), Some("L.30")), "affected"),
        (monitors, "< M", device("Philips", "IntelliVue", Some("865240"), Some("M.00")), "not"),
        (monitors, "< M", device("Philips", "IntelliVue 865240", None, None), "undetermined"),
        ("IntelliVue MP5", "vers:all/*", device("Philips", "M8105A", None, None), "affected"),
        ("IntelliVue MP50", "vers:all/*", device("Philips", "M8105A", None, None), "not"),
        ("IntelliVue MP50", "vers:all/*", device("Philips", "IntelliVue 865240", None, None), "not"),
        // Nobody lists this one.
        ("IntelliVue MP50", "vers:all/*", device("Philips", "IntelliVue 865999", None, None), "undetermined"),
        // Its name and its number say different things; the name is what it says of itself.
        ("IntelliVue MX800", "vers:all/*", device("Philips", "IntelliVue MP50", Some("865240"), None), "not"),
        ("IntelliVue MP50", "vers:all/*", device("Philips", "IntelliVue MP50", Some("865240"), None), "affected"),
        // The number of another maker is another number.
        ("IntelliVue MX800", "vers:all/*", device("Acme", "865240", None, None), "not"),
        ("Carestation 620", "vers:all/*", device("GE", "", Some("1012-9620-200"), None), "affected"),
        // A number says nothing of versions.
        ("IntelliVue MX800", "B.02 | C.02", device("Philips", "865240", None, None), "undetermined"),
    ] {
        assert_eq!(word(&verdict_of(product, version, &device, &makers)), expected, "{product} {version} {device:?}");
    }
}

#[test]
fn a_series_holds_what_its_maker_lists() {
    let makers = makers();
    for (product, model, expected) in [
        ("MiniMed 600 Series Insulin Pumps", "MiniMed 640G", "affected"),
        ("MiniMed 600 Series Insulin Pumps", "MMT-1752", "affected"),
        ("MiniMed 600 Series", "MiniMed 600 Series", "affected"),
        ("MiniMed 600 Series", "MiniMed 690G", "undetermined"),
        ("MiniMed 600 Series", "MiniMed 770G", "not"),
        ("MiniMed 640G", "MiniMed 600 Series", "undetermined"),
        ("Carestation 600 Series", "Carestation 650c", "affected"),
        ("Carestation 600 Series", "Carestation 750", "not"),
    ] {
        let vendor = if product.starts_with("Mini") { "Medtronic" } else { "GE" };
        let said = verdict_of(product, "vers:all/*", &device(vendor, model, None, None), &makers);
        assert_eq!(word(&said), expected, "{product} {model}");
    }
    let said =
        verdict_of("RAPIDLab 1200 Series", "vers:all/*", &device("Siemens", "RAPIDLab 1265", None, None), &makers);
    assert_eq!(word(&said), "undetermined", "a number alone does not say so");
}

/// A model of a register, made up.
fn registered(company: &str, brand: &str, model: Option<&str>, catalogue: Option<&str>) -> DeviceModel {
    DeviceModel {
        primary_identifier: format!("{brand} {model:?} {catalogue:?}"),
        identifiers: Vec::new(),
        company: company.to_owned(),
        brand: brand.to_owned(),
        model: model.map(str::to_owned),
        catalogue_number: catalogue.map(str::to_owned),
        description: None,
        product_codes: Vec::new(),
        terms: Vec::new(),
        is_sold: None,
        magnetic_resonance: None,
        revised: None,
    }
}

#[test]
fn a_register_of_devices_teaches_numbers() {
    let affected = advisory("coordinator", PublisherKind::Coordinator, 1, &[("A", "< 3.0", Status::Affected)]);
    let mut library = Library::new(&[affected], makers());
    let ordered = |number: &str| {
        let mut device = device("Acme Medical Inc.", "", Some(number), Some("2.0"));
        device.serial = None;
        device
    };
    assert_eq!(library.findings(&ordered("770-12345")), []);
    let learnt = library.learn(&[
        registered("Acme Medical, Inc.", "Vent", Some("9"), Some("770-12345")),
        registered("Acme Medical, Inc.", "Vent 9", Some("770-12346"), None),
        registered("Acme Medical, Inc.", "Vent 9", None, Some("770-99999")),
        registered("Acme Medical, Inc.", "Vent 8", None, Some("770-99999")),
        registered("Zeta", "Vent 9", None, Some("770-55555")),
        registered("Acme Medical, Inc.", "Vent 9", None, Some("9")),
    ]);
    assert_eq!((learnt.taken, learnt.turned_away), (4, 0), "of a maker that an advisory names");
    for number in ["770-12345", "77012345", "770-12346"] {
        let findings = library.findings(&ordered(number));
        assert_eq!(findings.iter().map(|found| word(&found.verdict)).collect::<Vec<_>>(), ["affected"], "{number}");
    }
    for number in ["770-99999", "770-55555", "9"] {
        assert_eq!(library.findings(&ordered(number)), [], "{number} tells none or several");
    }
}

#[test]
fn a_branch_of_a_house_teaches_its_numbers() {
    let monitors = form("A", Some("Philips"), "IntelliVue MX450", Some("< N"), "IntelliVue MX450: < N");
    let mut library = Library::new(&[with_statements(PublisherKind::Coordinator, vec![monitors])], makers());
    library.learn(&[registered("Philips North America Llc", "IntelliVue MX450", Some("999062"), None)]);
    let findings = library.findings(&device("Philips", "999062", None, Some("M.00")));
    assert_eq!(findings.iter().map(|found| word(&found.verdict)).collect::<Vec<_>>(), ["affected"]);
}

#[test]
fn a_list_of_makers_has_to_be_sound() {
    let house = "[[house]]\nname = \"Acme\"\nnames = []\n";
    let read = |more: &str| Makers::read(&format!("{house}{more}"), Notation::Toml).map(|_| ());
    let model = |house: &str, number: &str, source: &str| {
        format!("[[model]]\nhouse = \"{house}\"\nname = \"Vent 9\"\nnumbers = [\"{number}\"]\nsource = \"{source}\"\n")
    };
    assert_eq!(read(&model("Acme", "123456", "a manual")), Ok(()));
    for wrong in [
        model("Acme", "123456", ""),
        model("Zeta", "123456", "a manual"),
        model("Acme", "123456", "a manual") + &model("Acme", "123-456", "another"),
        "[[series]]\nhouse = \"Acme\"\nname = \"Vent 900 Series\"\nmodels = []\nsource = \"\"\n".to_owned(),
    ] {
        assert!(read(&wrong).is_err(), "{wrong}");
    }
}

/// The advisory of [`advisory`] with statements of other forms; the first is affected.
fn with_statements(kind: PublisherKind, statements: Vec<advisory::Statement>) -> Advisory {
    let mut told = advisory("other forms", kind, 1, &[("A", "< 3.0", Status::Affected)]);
    told.statements = statements;
    told.vulnerabilities[0].states[0].statement.clone_from(&told.statements[0].id);
    told
}

fn form(id: &str, vendor: Option<&str>, product: &str, version: Option<&str>, text: &str) -> advisory::Statement {
    advisory::Statement {
        id: id.to_owned(),
        vendor: vendor.map(str::to_owned),
        product: product.to_owned(),
        version: version.map(str::to_owned),
        kind: VersionKind::Range,
        text: text.to_owned(),
        relation: None,
        identifiers: advisory::Identifiers::default(),
    }
}

fn said_by(advisory: Advisory, device: &Profile) -> &'static str {
    let findings = Library::new(&[advisory], makers()).findings(device);
    findings.first().map_or("nothing", |found| word(&found.verdict))
}

#[test]
fn statements_without_a_vendor_are_the_publishers_or_begin_with_a_maker() {
    use PublisherKind::{Coordinator, Vendor};
    let vent = |vendor, version| device(vendor, "Vent 9", None, version);
    for (kind, product, version, text, device, expected) in [
        (Vendor, "Vent 9", Some("< 3.0"), "Vent 9 < 3.0", vent("Acme Inc.", Some("2.0")), "affected"),
        (Vendor, "Vent 9", Some("< 3.0"), "Vent 9 < 3.0", vent("Acme Inc.", Some("3.0")), "nothing"),
        (Vendor, "Vent 9", Some("< 3.0"), "Vent 9 < 3.0", vent("Zeta", Some("2.0")), "nothing"),
        (Coordinator, "Vent 9", Some("< 3.0"), "Vent 9 < 3.0", vent("Acme Inc.", Some("2.0")), "nothing"),
        (Vendor, "", None, "Vent 9 < 3.0", vent("Acme", Some("2.0")), "affected"),
        (Vendor, "", None, "Vent 9 version 2.1", vent("Acme", Some("2.2")), "nothing"),
        (Vendor, "", None, "Vent 9 v2.1", vent("Acme", Some("2.1")), "affected"),
        (Vendor, "", None, "Vent 9", vent("Acme", Some("2.0")), "affected"),
        // What stands behind the name may be a version.
        (Vendor, "", None, "Vent 9 2.1", vent("Acme", Some("3.0")), "undetermined"),
        (Vendor, "", None, "Vent 9 Gateway", vent("Acme", Some("3.0")), "undetermined"),
        (Coordinator, "", None, "GE Healthcare Vent 9: prior to 3.0", vent("GE", Some("2.0")), "affected"),
        (Coordinator, "", None, "Philips Healthcare Vent 9 prior to 3.0", vent("Philips", Some("3.0")), "nothing"),
        (Coordinator, "", None, "Philips Healthcare Vent 9 prior to 3.0", vent("Acme", Some("2.0")), "nothing"),
        (Vendor, "urn:cdx:1/1#vent-9", None, "urn:cdx:1/1#vent-9", vent("Acme", Some("2.0")), "nothing"),
    ] {
        let statement = form("A", None, product, version, text);
        assert_eq!(
            said_by(with_statements(kind, vec![statement]), &device),
            expected,
            "{kind:?} {product} {text} {device:?}"
        );
    }
}

#[test]
fn a_package_url_of_a_maker_names_its_product() {
    let named = |purl: &str| {
        let mut statement = form("A", None, "vent-9", None, purl);
        statement.identifiers.purls = vec![purl.to_owned()];
        with_statements(PublisherKind::Other, vec![statement])
    };
    for (purl, version, expected) in [
        ("pkg:generic/acme/vent-9@2.1", "2.1", "affected"),
        ("pkg:generic/acme/vent-9@2.1", "2.2", "nothing"),
        ("pkg:generic/acme/vent-9", "2.2", "affected"),
        ("pkg:generic/zeta/vent-9@2.1", "2.1", "nothing"),
        ("pkg:deb/acme/vent-9@2.1", "2.1", "nothing"),
        ("pkg:generic/vent-9@2.1", "2.1", "nothing"),
    ] {
        assert_eq!(said_by(named(purl), &device("Acme", "Vent 9", None, Some(version))), expected, "{purl} {version}");
    }
    let library = Library::new(&[named("pkg:generic/acme/vent-9"), named("pkg:generic/vent-9")], makers());
    let unusable: Vec<_> =
        library.unusable().iter().map(|(place, unusable)| (*place, unusable.statements, unusable.of)).collect();
    assert_eq!(unusable, [(1, 1, 1)], "nobody can tell whose it is");
}

#[test]
fn a_product_within_another_asks_for_both() {
    use advisory::Relation;
    let combined = |kind: &str, part: advisory::Statement, on: advisory::Statement| {
        let relation = Relation { kind: kind.to_owned(), part: part.id.clone(), on: on.id.clone() };
        let whole = advisory::Statement { id: "AB".to_owned(), relation: Some(relation), ..part.clone() };
        with_statements(PublisherKind::Vendor, vec![whole, part, on])
    };
    let radio = || form("R", Some("Acme"), "Radio Module", Some("< 5"), "Radio Module < 5");
    let vent = |version| form("V", Some("Acme"), "Vent 9", version, "Vent 9");
    let windows = |version| form("W", Some("Microsoft"), "Windows 7", version, "Windows 7");
    let plain = || device("Acme", "Vent 9", None, Some("2.0"));
    let with_module =
        |version: &str| Profile { modules: vec![("radio module".to_owned(), version.to_owned())], ..plain() };
    let on_system = |system: &str| Profile { system: Some(system.to_owned()), ..plain() };
    for (kind, part, on, device, expected) in [
        // The maker says that the product of this version has it.
        ("default_component_of", radio(), vent(Some("< 3.0")), plain(), "affected"),
        ("default_component_of", radio(), vent(Some("< 2.0")), plain(), "nothing"),
        // The product has it by this part, whichever version of it.
        ("subcomponent_of", radio(), vent(None), plain(), "affected"),
        // Of which versions the product has this part nobody says.
        ("default_component_of", radio(), vent(None), plain(), "undetermined"),
        ("optional_component_of", radio(), vent(Some("< 3.0")), plain(), "undetermined"),
        ("optional_component_of", radio(), vent(Some("< 3.0")), with_module("4"), "affected"),
        ("optional_component_of", radio(), vent(Some("< 3.0")), with_module("5"), "nothing"),
        ("installed_on", vent(Some("< 3.0")), windows(None), plain(), "undetermined"),
        ("installed_on", vent(Some("< 3.0")), windows(None), on_system("Windows 7"), "affected"),
        ("installed_on", vent(Some("< 3.0")), windows(None), on_system("Windows 10"), "nothing"),
        ("installed_on", vent(Some("< 3.0")), windows(Some("SP1")), on_system("Windows 7"), "undetermined"),
        ("installed_on", vent(Some("< 2.0")), windows(None), on_system("Windows 7"), "nothing"),
        // The part is what is on the network; in what it is built nobody knows.
        (
            "default_component_of",
            vent(Some("< 3.0")),
            form("C", Some("Acme"), "Cart 3", None, "Cart 3"),
            plain(),
            "undetermined",
        ),
    ] {
        let note = format!("{kind} {part:?} {on:?} {device:?}");
        assert_eq!(said_by(combined(kind, part, on), &device), expected, "{note}");
    }
    // A combination that refers to itself, or to nothing, is used for nothing.
    let mut circle = form("A", Some("Acme"), "Vent 9", None, "Vent 9");
    circle.relation = Some(Relation { kind: "installed_on".to_owned(), part: "A".to_owned(), on: "A".to_owned() });
    let library = Library::new(&[with_statements(PublisherKind::Vendor, vec![circle])], makers());
    assert!(library.findings(&plain()).is_empty());
    assert_eq!(library.unusable().len(), 1);
}

#[test]
fn a_makers_later_and_narrower_word_takes_back_a_coordinators() {
    use PublisherKind::{Coordinator, Other, Vendor};
    use Status::{Affected, Fixed, UnderInvestigation};
    let wide = |day| advisory("coordinator", Coordinator, day, &[("A", "< 3.0", Affected)]);
    let everything = |day| advisory("coordinator", Coordinator, day, &[("A", "vers:all/*", Affected)]);
    let narrow = |day, version, status| advisory("maker", Vendor, day, &[("A", version, status)]);
    let other = |mut told: Advisory, change: fn(&mut Advisory)| {
        change(&mut told);
        told
    };
    for (told, version, expected) in [
        ([wide(1), narrow(2, "< 2.0", Affected)], "2.5", "not"),
        ([narrow(2, "< 2.0", Affected), wide(1)], "2.5", "not"),
        ([everything(1), narrow(2, ">= 1.0 | < 2.0", Affected)], "2.0", "not"),
        ([wide(1), narrow(2, "< 2.0", Affected)], "1.5", "affected"),
        // Earlier, or on the same day: the coordinator may know more.
        ([wide(2), narrow(1, "< 2.0", Affected)], "2.5", "affected"),
        ([wide(2), narrow(2, "< 2.0", Affected)], "2.5", "affected"),
        // A version before the first that the maker lists, or of another line, is one that nobody looked at.
        ([wide(1), narrow(2, ">= 2.0 | < 2.4", Affected)], "1.5", "affected"),
        ([wide(1), narrow(2, "1.0 | 1.1", Affected)], "2.5", "affected"),
        ([wide(1), narrow(2, "< U61", Affected)], "2.5", "affected"),
        // What is mended from 2.9 on says nothing of 2.5, nor does what is still looked into.
        ([wide(1), narrow(2, ">= 2.9", Fixed)], "2.5", "affected"),
        ([wide(1), narrow(2, "< 2.0", UnderInvestigation)], "2.5", "affected"),
        ([wide(1), advisory("somebody", Other, 2, &[("A", "< 2.0", Affected)])], "2.5", "affected"),
        // The word of another maker on this product is anyone's, and another vulnerability is another.
        (
            [wide(1), other(narrow(2, "< 2.0", Affected), |told| "Zeta".clone_into(&mut told.publisher.name))],
            "2.5",
            "affected",
        ),
        (
            [
                wide(1),
                other(narrow(2, "< 2.0", Affected), |told| {
                    told.vulnerabilities[0].cve = Some("CVE-2026-0002".to_owned())
                }),
            ],
            "2.5",
            "affected",
        ),
        (
            [
                wide(1),
                other(narrow(2, "< 2.0", Affected), |told| {
                    "Vent 9 Gateway".clone_into(&mut told.statements[0].product)
                }),
            ],
            "2.5",
            "affected",
        ),
    ] {
        let library = Library::new(&told, makers());
        let findings = library.findings(&device("Acme", "Vent 9", None, Some(version)));
        let id = |found: &analysis::advisories::Finding| told[found.advisory].vulnerabilities[0].cve.clone();
        let standing = library.standing(&findings, id);
        let said = standing.get("CVE-2026-0001").map(|found| word(&found.verdict));
        assert_eq!(
            said,
            Some(expected),
            "{version} {:?}",
            told.map(|told| (told.id, told.current_release, told.statements))
        );
    }
    // Where nobody said that it is affected, silence is no finding.
    let library = Library::new(&[narrow(2, "< 2.0", Affected)], makers());
    assert!(library.findings(&device("Acme", "Vent 9", None, Some("2.5"))).is_empty());
    // Nor does a later list of another line take back what the maker itself said.
    let lines = [wide(1), narrow(2, ">= 2.0 | < 2.9", Affected), narrow(3, ">= 1.0 | < 1.4", Affected)];
    let library = Library::new(&lines, makers());
    let findings = library.findings(&device("Acme", "Vent 9", None, Some("2.5")));
    assert_eq!(findings.iter().map(|found| word(&found.verdict)).collect::<Vec<_>>(), ["affected", "affected"]);
}

#[test]
fn many_devices_are_told_the_same_as_one() {
    let told = [
        advisory("coordinator", PublisherKind::Coordinator, 1, &[("A", "< 3.0", Status::Affected)]),
        advisory("maker", PublisherKind::Vendor, 2, &[("A", "< 2.0", Status::Affected)]),
    ];
    let library = Library::new(&told, makers());
    let mut matcher = Matcher::new(&library);
    let mut said = 0;
    for version in [None, Some("1.0"), Some("2.5"), Some("3.0"), Some("1.0")] {
        for model in ["Vent 9", "Vent 8", "Vent", ""] {
            let device = device("Acme", model, None, version);
            let findings = matcher.findings(&device);
            said += findings.len();
            assert_eq!(findings, library.findings(&device), "{device:?}");
        }
    }
    assert!(said > 10, "{said}");
}

fn part(vendor: Option<&str>, name: &str, version: Option<&str>, known_by: KnownBy) -> Part {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Part { vendor: text(vendor), name: name.to_owned(), version: text(version), known_by, ..Part::default() }
}

#[test]
fn advisories_on_parts_are_about_devices_that_have_them() {
    let statement = form("A", Some("Wind River"), "VxWorks", Some(">= 6.5 | < 7.0"), "VxWorks >= 6.5 < 7.0");
    let library = Library::new(&[with_statements(PublisherKind::Coordinator, vec![statement])], makers());
    let said = |part: &Part| {
        let findings = library.part_findings(part, &Profile::default());
        findings.iter().map(|found| (word(&found.verdict), found.tier)).collect::<Vec<_>>()
    };
    let vxworks = |version, known_by| part(Some("Wind River"), "VxWorks", version, known_by);
    assert_eq!(said(&vxworks(Some("6.9"), KnownBy::Bill)), [("affected", Tier::Decided)]);
    assert_eq!(said(&vxworks(Some("6.9"), KnownBy::Disclosure)), [("affected", Tier::Likely)]);
    assert_eq!(said(&vxworks(Some("6.9"), KnownBy::Wire)), [("affected", Tier::Possible)]);
    assert_eq!(said(&vxworks(None, KnownBy::Bill)), [("undetermined", Tier::Likely)]);
    assert_eq!(
        said(&vxworks(Some("6.9-3"), KnownBy::Bill)),
        [("undetermined", Tier::Likely)],
        "somebody else built it"
    );
    assert_eq!(said(&vxworks(Some("7.0"), KnownBy::Bill)), []);
    assert_eq!(said(&part(None, "VxWorks", Some("6.9"), KnownBy::Wire)), [("undetermined", Tier::Possible)]);
    assert_eq!(said(&part(None, "VxWorks Runtime", Some("6.9"), KnownBy::Wire)), []);
    assert_eq!(said(&part(Some("Acme"), "VxWorks", Some("6.9"), KnownBy::Bill)), []);
    let by_cpe = Part {
        cpes: vec!["cpe:2.3:o:wind_river:vxworks:6.9:*:*:*:*:*:*:*".to_owned()],
        ..part(None, "VxWorks", Some("6.9"), KnownBy::Bill)
    };
    assert_eq!(said(&by_cpe), [("affected", Tier::Decided)]);
    let asked = library.part_findings(&vxworks(None, KnownBy::Bill), &Profile::default());
    assert_eq!(asked[0].verdict, Verdict::Undetermined([Question::Module("VxWorks".to_owned())].into()));
}

#[test]
fn a_statement_on_a_package_is_about_the_same_package() {
    let mut statement = form("A", None, "openssl", Some("3.0.2-0"), "openssl");
    statement.identifiers.purls = vec!["pkg:deb/debian/openssl@3.0.2-0?arch=arm64".to_owned()];
    let told = |status| {
        let mut told = with_statements(PublisherKind::Other, vec![statement.clone()]);
        told.vulnerabilities[0].states[0].status = status;
        told
    };
    let has = |purl: &str| Part { purl: Some(purl.to_owned()), ..part(None, "openssl", None, KnownBy::Bill) };
    for (status, purl, expected) in [
        (Status::Affected, "pkg:deb/debian/openssl@3.0.2-0", Some("affected")),
        (Status::UnderInvestigation, "pkg:deb/debian/openssl@3.0.2-0", Some("undetermined")),
        (Status::Affected, "pkg:deb/debian/openssl@3.0.2-1", None),
        (Status::Affected, "pkg:deb/debian/openssl", None),
        (Status::Affected, "pkg:deb/ubuntu/openssl@3.0.2-0", None),
        (Status::Affected, "pkg:generic/openssl@3.0.2-0", None),
    ] {
        let library = Library::new(&[told(status)], makers());
        assert!(library.unusable().is_empty(), "it is used for parts");
        let findings = library.part_findings(&has(purl), &device("Acme", "Vent 9", None, None));
        let said: Vec<_> = findings.iter().map(|found| word(&found.verdict)).collect();
        assert_eq!(said, expected.into_iter().collect::<Vec<_>>(), "{status:?} {purl}");
    }
    // Who says that a package does no harm: the maker of this device, of another, who builds the package, somebody.
    for (kind, publisher, expected) in [
        (PublisherKind::Vendor, "Acme", 1),
        (PublisherKind::Vendor, "Zeta", 0),
        (PublisherKind::Other, "Debian", 1),
        (PublisherKind::Other, "Acme", 0),
    ] {
        for status in [Status::NotAffected, Status::Fixed] {
            let mut told = told(status);
            told.publisher.kind = kind;
            publisher.clone_into(&mut told.publisher.name);
            let part = has("pkg:deb/Debian/openssl@3.0.2-0?arch=amd64");
            let findings =
                Library::new(&[told], makers()).part_findings(&part, &device("Acme Inc.", "Vent 9", None, None));
            assert_eq!(findings.len(), expected, "{kind:?} {publisher}");
            assert!(findings.iter().all(|found| found.verdict == Verdict::NotAffected));
        }
    }
}

#[test]
fn what_is_built_in_answers_conditions() {
    let makers = makers();
    let has = |parts: Vec<Part>| Profile { parts, ..device("Acme", "Vent 9", None, Some("2.0")) };
    let wbm = |version| part(None, "Wireless Battery Module", Some(version), KnownBy::Bill);
    for (said, parts, expected) in [
        ("2.x (with Wireless Battery Modules 9 | >= 11)", vec![wbm("12")], "affected"),
        ("2.x (with Wireless Battery Modules 9 | >= 11)", vec![wbm("10")], "not"),
        ("2.x (with Wireless Battery Modules 9 | >= 11)", vec![], "undetermined"),
        ("* running on Windows 7", vec![Part::system("Windows 7 SP1", KnownBy::Disclosure)], "affected"),
        ("* running on Windows 7", vec![Part::system("Windows 10", KnownBy::Wire)], "not"),
        ("* running on Windows 7", vec![wbm("10")], "undetermined"),
    ] {
        assert_eq!(word(&verdict_of("Vent 9", said, &has(parts.clone()), &makers)), expected, "{said} {parts:?}");
    }
}
