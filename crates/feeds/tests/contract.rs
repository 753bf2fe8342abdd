//! What every feed in [`ALL`] must hold. A golden is a document in `<feed>/golden/` with `<its name>.snap` beside it: what it says.
//! `UPDATE_GOLDEN=1 cargo test -p feeds` writes the snapshots: read what changed before you commit it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use feeds::{ALL, Document, FeedError};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use model::outside::{Fact, Sourced};
use proptest::prelude::*;

struct Golden {
    feed: &'static str,
    path: PathBuf,
    bytes: Vec<u8>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn goldens() -> Vec<Golden> {
    let mut all = Vec::new();
    for feed in ALL {
        let folder = folder().join(feed.name()).join("golden");
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending != "snap"));
        paths.sort();
        assert!(!paths.is_empty(), "{} has no golden", feed.name());
        all.extend(paths.into_iter().map(|path| Golden {
            feed: feed.name(),
            bytes: std::fs::read(&path).unwrap(),
            path,
        }));
    }
    all
}

fn facts(document: &Document) -> Vec<Fact> {
    document.facts().map(|fact| fact.fact).collect()
}

fn snapshot(document: &Document) -> String {
    let mut text = String::new();
    for part in &document.parts {
        let date = part.origin.date.map(|date| date.to_string());
        text.push_str(&format!("{} of {}\n", part.origin.feed, date.as_deref().unwrap_or("no date")));
        for note in &part.notes {
            text.push_str(&format!("left out: {note}\n"));
        }
        for fact in &part.facts {
            text.push_str(&format!("\n{}\n{}\n", fact.key(), serde_json::to_string_pretty(fact).unwrap()));
        }
    }
    text
}

#[test]
fn every_folder_is_listed() {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    let folders: BTreeSet<String> = entries
        .filter(|entry| entry.path().join("golden").is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<String> = ALL.iter().map(|feed| feed.name().to_owned()).collect();
    assert_eq!(folders, listed);
    assert!(ALL.iter().all(|feed| feed.title().len() > 10));
}

#[test]
fn goldens_say_what_their_snapshots_say() {
    for golden in goldens() {
        let document =
            feeds::read("golden", &golden.bytes).unwrap_or_else(|error| panic!("{}: {error}", golden.path.display()));
        let snap = golden.path.with_extension(format!("{}.snap", golden.path.extension().unwrap().to_string_lossy()));
        let said = snapshot(&document);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&snap, &said).unwrap();
        }
        let kept = std::fs::read_to_string(&snap).unwrap_or_default();
        assert!(said == kept, "{}: not what is read now:\n{said}", snap.display());
    }
}

#[test]
fn every_golden_is_recognised_by_its_feed_alone() {
    for golden in goldens() {
        let outline = feeds::Outline::of(&golden.bytes);
        let by: Vec<&str> = ALL.iter().filter(|feed| feed.recognises(&outline)).map(|feed| feed.name()).collect();
        assert_eq!(by, [golden.feed], "{}", golden.path.display());
    }
}

#[test]
fn facts_have_keys_of_their_own_and_survive_being_written() {
    for golden in goldens() {
        let document = feeds::read("golden", &golden.bytes).unwrap();
        assert_eq!(document, feeds::read("golden", &golden.bytes).unwrap(), "reading once more says the same");
        let keys: BTreeSet<String> = document.facts().map(|fact| fact.fact.key()).collect();
        assert_eq!(keys.len(), document.facts().count(), "{}", golden.path.display());
        for fact in document.facts() {
            assert_eq!((fact.origin.feed.as_str(), fact.origin.sha256.len()), (golden.feed, 64));
            let written = serde_json::to_string(&fact).unwrap();
            assert_eq!(serde_json::from_str::<Sourced>(&written).unwrap(), fact);
        }
    }
}

/// Of a text that is cut at the end of a line nobody can say that it was cut; else nothing is taken of what is cut.
#[test]
fn what_is_cut_is_refused() {
    for golden in goldens() {
        for end in 0..golden.bytes.len() {
            let rest = &golden.bytes[end..];
            match feeds::read("golden", &golden.bytes[..end]) {
                Err(error) => assert!(error.to_string().starts_with("golden: "), "{error}"),
                Ok(_) if rest.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let is_text = !matches!(golden.bytes[0], b'{' | b'<');
                    assert!(is_text && golden.bytes[..end].ends_with(b"\n"), "{} cut at {end}", golden.path.display());
                }
            }
        }
    }
}

#[test]
fn no_damage_causes_a_panic() {
    for golden in goldens() {
        let mut bytes = golden.bytes.clone();
        for place in 0..bytes.len() {
            let right = bytes[place];
            for wrong in [right ^ 1, 0xff, b'"'] {
                bytes[place] = wrong;
                if let Ok(document) = feeds::read("golden", &bytes) {
                    assert!(document.facts().all(|fact| !fact.fact.key().is_empty()));
                }
            }
            bytes[place] = right;
        }
    }
}

#[test]
fn what_is_absurd_is_refused_or_bounded() {
    let deep = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    assert!(feeds::read("deep", &deep).unwrap_err().to_string().contains("no document that is known"));
    let deep = [br#"{"document": {"csaf_version": "2.0", "title": "#, deep.as_slice(), b"}}"].concat();
    assert!(feeds::read("deep", &deep).unwrap_err().to_string().contains("recursion limit"));
    for golden in goldens() {
        let Ok(text) = std::str::from_utf8(&golden.bytes) else { continue };
        let long = "A".repeat(1 << 20);
        for place in text.match_indices("Example").map(|(place, _)| place) {
            let longer = [&text[..place], &long, &text[place..]].concat();
            if let Ok(document) = feeds::read("long", longer.as_bytes()) {
                let size = serde_json::to_string(&facts(&document)).unwrap().len();
                assert!(size < 200_000, "{}: {size} bytes of facts", golden.path.display());
            }
        }
        for number in ["1e999", "-1", "99999999999999999999999999", "NaN", "1.5"] {
            for (place, digits) in
                text.match_indices(": 1").chain(text.match_indices(": 2")).chain(text.match_indices(",0."))
            {
                let other = [&text[..place + 1], " ", number, &text[place + digits.len()..]].concat();
                let _ = feeds::read("number", other.as_bytes());
            }
        }
        let mut invalid = golden.bytes.clone();
        let place = text.find("Example").or_else(|| text.find("CVE-")).unwrap_or(text.len() / 2);
        invalid[place + 1] = 0xc0;
        let error = feeds::read("invalid", &invalid).unwrap_err().to_string();
        assert!(error.starts_with("invalid: "), "{error}");
    }
    assert!(feeds::read("empty", b"").unwrap_err().to_string().starts_with("empty: "));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A ZIP file (PKWARE APPNOTE 6.3): each member deflated, the directory, the end of the directory.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        let packed = encoder.finish().unwrap();
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let mut head = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        head.extend(crc.sum().to_le_bytes());
        head.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        head.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        head.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        head.extend([0, 0]);
        let offset = u32::try_from(file.len()).unwrap();
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&head);
        file.extend(name.as_bytes());
        file.extend(packed);
    }
    let (start, count) = (u32::try_from(file.len()).unwrap(), u16::try_from(members.len()).unwrap());
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// What says much in few bytes is refused at once, and what is long is read in time that is proportional to it.
#[test]
fn nothing_takes_much_longer_than_it_is_long() {
    let document = |tree: &str, vulnerabilities: &str| {
        let golden = std::fs::read_to_string(folder().join("csaf/golden/extracted_from_prose.json")).unwrap();
        let mut document: serde_json::Value = serde_json::from_str(&golden).unwrap();
        document["product_tree"] = serde_json::from_str(tree).unwrap();
        document["vulnerabilities"] = serde_json::from_str(vulnerabilities).unwrap();
        feeds::read("large", document.to_string().as_bytes())
    };
    let join = |parts: Vec<String>| parts.join(",");
    let names =
        |count: usize| join((0..count).map(|index| format!(r#"{{"name":"N","product_id":"P{index}"}}"#)).collect());
    let ids = |count: usize| join((0..count).map(|index| format!(r#""P{index}""#)).collect());
    let groups = format!(
        r#"{{"full_product_names":[{}],"product_groups":[{{"group_id":"G","product_ids":[{}]}}]}}"#,
        names(5_000),
        ids(5_000)
    );
    let remedies = join(vec![r#"{"category":"mitigation","details":"d","group_ids":["G"]}"#.to_owned(); 5_000]);
    let vulnerability = format!(
        r#"[{{"notes":[{{"category":"summary","text":"t"}}],"product_status":{{"fixed":["P1"]}},"remediations":[{remedies}]}}]"#
    );
    assert!(document(&groups, &vulnerability).unwrap_err().to_string().contains("more than 1000000 times"));
    let chain = join((1..20_000).map(|index| format!(r#"{{"category":"installed_on","full_product_name":{{"name":"N","product_id":"P{index}"}},"product_reference":"P{}","relates_to_product_reference":"P0"}}"#, index - 1)).collect());
    let chain = format!(r#"{{"full_product_names":[{}],"relationships":[{chain}]}}"#, names(1));
    let vulnerability = r#"[{"notes":[{"category":"summary","text":"t"}],"product_status":{"fixed":["P1"]}}]"#;
    assert_eq!(document(&chain, vulnerability).unwrap().facts().count(), 1);
    let circle = chain.replacen(r#""product_reference":"P0""#, r#""product_reference":"P19999""#, 1);
    assert_eq!(document(&circle, vulnerability).unwrap_err().defect.rule, Some("6.1.3"));
}

#[test]
fn packing_changes_nothing() {
    for golden in goldens() {
        let plain = facts(&feeds::read("golden", &golden.bytes).unwrap());
        let archive = zip(&[("LICENSE", b"words"), ("a/", b""), ("a/golden", &golden.bytes)]);
        let packed = [gzip(&golden.bytes), archive.clone(), zip(&[("inner.zip", &archive)])];
        for bytes in packed {
            let document = feeds::read("packed", &bytes).unwrap();
            assert_eq!(facts(&document), plain, "{}", golden.path.display());
            let mut parts = Vec::new();
            assert_eq!(feeds::read_into("packed", &bytes, &mut |part| parts.push(part)), Ok(document.passed_over));
            assert_eq!(parts, document.parts);
            assert!(document.facts().all(|fact| fact.origin.file.starts_with("packed")));
        }
    }
}

#[test]
fn an_archive_with_a_broken_document_changes_nothing() {
    for golden in goldens().iter().filter(|golden| golden.bytes.starts_with(b"{")) {
        let cut = &golden.bytes[..golden.bytes.len() - 3];
        let archive = zip(&[("whole", &golden.bytes), ("cut", cut)]);
        let mut taken = 0;
        let error: FeedError = feeds::read_into("archive", &archive, &mut |_| taken += 1).unwrap_err();
        assert_eq!(taken, 0, "{}", golden.path.display());
        assert!(error.to_string().starts_with("archive!cut: line "), "{error}");
    }
    let damaged = |place: usize| {
        let mut archive = zip(&[("whole", &goldens()[0].bytes)]);
        archive[place] ^= 0xff;
        feeds::read("archive", &archive)
    };
    assert!(damaged(200).unwrap_err().to_string().starts_with("archive!whole: "));
    let archive = zip(&[("whole", &goldens()[0].bytes)]);
    for end in 0..archive.len() {
        assert!(feeds::read("archive", &archive[..end]).is_err(), "cut at {end}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_cause_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..512), at in any::<prop::sample::Index>(), which in any::<prop::sample::Index>()) {
        let goldens = goldens();
        let golden = which.get(&goldens);
        let _ = feeds::read("random", &bytes);
        feeds::exercise(golden.feed, &bytes);
        let mut spliced = golden.bytes.clone();
        let place = at.index(spliced.len());
        spliced.splice(place..place, bytes);
        let _ = feeds::read("spliced", &spliced);
        feeds::exercise(golden.feed, &spliced);
    }
}
