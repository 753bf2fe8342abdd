//! The knowledge files of the repository do what their examples say, and the real recog files keep their promises.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects)]

use std::path::{Path, PathBuf};

use analysis::knowledge::{FingerprintFile, Knowledge, Notation};
use xtask::scoreboard::{self, Rightness};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, ending: &str, out: &mut Vec<(PathBuf, String)>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, ending, out);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            out.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn knowledge() -> Knowledge {
    let root = repository().join("knowledge");
    let mut all = Vec::new();
    files(&root, "toml", &mut all);
    let named: Vec<(String, &str)> = all
        .iter()
        .map(|(path, text)| (path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(), text.as_str()))
        .collect();
    Knowledge::load(named.iter().map(|(path, text)| (path.as_str(), *text)), Notation::Toml).unwrap()
}

#[test]
fn every_rule_does_what_its_examples_say() {
    let faults: Vec<String> = knowledge().check().iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whoever names itself by a name of a product is told to be of that product's maker, and of that kind.
#[test]
fn no_name_of_a_product_is_that_of_another_makers() {
    #[derive(serde::Deserialize)]
    struct File {
        product: Vec<Product>,
    }
    #[derive(serde::Deserialize)]
    struct Product {
        maker: String,
        category: Option<String>,
        #[serde(default)]
        names: Vec<String>,
        #[serde(default)]
        beside_maker: Vec<String>,
    }
    let text = std::fs::read_to_string(repository().join("knowledge/products.toml")).unwrap();
    let file: File = toml::from_str(&text).unwrap();
    let knowledge = knowledge();
    let mut wrong = Vec::new();
    for product in &file.product {
        let example = |name: &String| name.trim_end_matches('$').replace('#', "7");
        let beside = product.beside_maker.iter().map(|name| format!("{} {}", product.maker, example(name)));
        for name in product.names.iter().map(example).chain(beside) {
            let fields = [("sender_component", name.as_str())];
            let found = knowledge.matches_fields("astm.header", &fields);
            let told = |attribute: &str| {
                let of_it = found.iter().filter(|found| found.attribute.id == attribute);
                of_it
                    .filter(|found| found.rule.id.starts_with("product."))
                    .map(|found| &*found.value)
                    .collect::<Vec<_>>()
            };
            let category: Vec<&str> = product.category.iter().map(String::as_str).collect();
            if told("vendor") != [product.maker.as_str()] || told("category") != category {
                wrong.push(format!(
                    "{name}: {:?} {:?}, not {} {category:?}",
                    told("vendor"),
                    told("category"),
                    product.maker
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn makers_and_products_enough_are_known() {
    let knowledge = knowledge();
    let rules = knowledge.rules();
    let makers: std::collections::BTreeSet<&str> = rules
        .iter()
        .flat_map(|rule| &rule.assert)
        .filter_map(|assertion| assertion.value.plain())
        .filter(|value| knowledge.vendors().iter().any(|vendor| vendor.medical && vendor.name == *value))
        .collect();
    assert!(makers.len() >= 40, "{} medical makers", makers.len());
    println!("{} rules, {} roles, {} medical makers told", rules.len(), knowledge.roles().len(), makers.len());
}

#[test]
fn weak_evidence_stays_weak() {
    for rule in knowledge().rules() {
        let strongest = rule.assert.iter().map(|assertion| assertion.db).fold(0.0, f32::max);
        if rule.id.starts_with("mac.") {
            assert!(strongest <= 12.0, "{}: an address prefix proves nothing", rule.id);
        }
        if rule.source.contains("weak on purpose") {
            assert!(strongest <= 4.0, "{}: a port proves nothing", rule.id);
        }
    }
}

#[test]
fn toolkits_are_components_and_no_makers() {
    let knowledge = knowledge();
    for rule in knowledge.rules().iter().filter(|rule| rule.file.ends_with("dicom_toolkits.toml")) {
        let fields = [
            ("implementation_class_uid", "1.2.276.0.7230010.3.0.3.6.7"),
            ("implementation_version", "OFFIS_DCMTK_367"),
        ];
        let found = knowledge.matches_fields("dicom.associate_rq", &fields);
        assert!(found.iter().all(|found| found.attribute.id == "component"), "{}", rule.id);
    }
}

#[test]
fn recog_files_keep_their_promises() {
    let Some(data) = xtask::reference::data() else { return };
    let folder = data.join("fingerprint-db/rapid7+recog/xml");
    let mut all = Vec::new();
    files(&folder, "xml", &mut all);
    let (mut total, mut passed) = (0, 0);
    for (path, text) in &all {
        let examples = FingerprintFile::read(&path.to_string_lossy(), text).unwrap().check();
        total += examples.total;
        passed += examples.passed;
        examples.failed.iter().for_each(|problem| println!("{problem}"));
    }
    println!("recog: {passed} of {total} examples");
    scoreboard::record("recog", "example", Rightness { of: total, right: passed, ..Rightness::default() });
    assert!(total > 1_000 && passed * 1_000 >= total * 993, "{passed} of {total}");
    let mut knowledge = knowledge();
    let names: Vec<String> = all.iter().map(|(path, _)| path.to_string_lossy().into_owned()).collect();
    let recog =
        knowledge.add_recog(names.iter().map(String::as_str).zip(all.iter().map(|(_, text)| text.as_str()))).unwrap();
    println!(
        "{} fingerprints, {} rules, {} without a field, {} without a claim, {} unsupported",
        recog.fingerprints,
        recog.rules,
        recog.without_field,
        recog.without_claim,
        recog.unsupported.len()
    );
    let faults: Vec<String> = knowledge.check().iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let banner = [("banner", "SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.6")];
    let found = knowledge.matches_fields("ssh.banner", &banner);
    assert!(found.iter().any(|found| found.rule.id.starts_with("recog.")), "no recog rule for an Ubuntu banner");
}
