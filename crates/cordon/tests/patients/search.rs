//! Looks for patients in whatever Cordon wrote, answered or holds, however they are written there.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use data_encoding::BASE64;

use super::identity::{PATIENTS, Patient};

/// Every way of writing every patient.
pub struct Search {
    patterns: AhoCorasick,
    /// Whom each pattern stands for.
    whom: Vec<usize>,
}

/// Who was found, and where.
#[derive(Debug, Default)]
pub struct Found {
    /// Each patient, with the words around where one was found first.
    pub whom: BTreeMap<usize, String>,
    pub places: BTreeSet<String>,
}

impl Search {
    pub fn new(patients: &[Patient]) -> Self {
        let ways = patients
            .iter()
            .enumerate()
            .flat_map(|(number, patient)| written(patient).into_iter().map(move |pattern| (number, pattern)));
        let (whom, patterns): (Vec<usize>, Vec<Vec<u8>>) = ways.unzip();
        Self { patterns: AhoCorasick::new(patterns).unwrap(), whom }
    }

    /// Adds the patients that stand in some bytes.
    pub fn look(&self, place: &str, bytes: &[u8], found: &mut Found) {
        for hit in self.patterns.find_iter(bytes) {
            let patient = self.whom[hit.pattern().as_usize()];
            let context = &bytes[hit.start().saturating_sub(60)..bytes.len().min(hit.end() + 40)];
            found.whom.entry(patient).or_insert_with(|| format!("{place}: {:?}", String::from_utf8_lossy(context)));
            if !found.places.contains(place) {
                found.places.insert(place.to_owned());
            }
        }
    }
}

/// Every way of writing a patient. Names in any case would be found among hashes too.
fn written(patient: &Patient) -> Vec<Vec<u8>> {
    let (first, rest) = patient.name.split_at(1);
    let names = [patient.name.clone(), patient.name.to_lowercase(), format!("{first}{}", rest.to_lowercase())];
    let dotted: Vec<&str> = patient.birth.split('-').rev().collect();
    let mut texts = vec![patient.number.clone(), patient.birth.clone(), dotted.join(".")];
    let mut all = Vec::new();
    for name in &names {
        let each = |format: fn(u8) -> String| name.bytes().map(format).collect::<String>();
        texts.extend([
            name.clone(),
            each(|byte| format!("{byte:02x}")),
            each(|byte| format!("{byte:02X}")),
            each(|byte| format!("%{byte:02x}")),
            each(|byte| format!("%{byte:02X}")),
            each(|byte| format!("\\u{byte:04x}")),
        ]);
        all.push(name.encode_utf16().flat_map(u16::to_le_bytes).collect());
        all.push(name.encode_utf16().flat_map(u16::to_be_bytes).collect());
        // What stands before decides how the letters fall; the digits at both ends belong to the neighbours too.
        for (before, from, to) in [(0, 0, 8), (1, 2, 9), (2, 3, 10)] {
            let text = [vec![b' '; before], name.clone().into_bytes(), vec![b' '; 4]].concat();
            all.push(BASE64.encode(&text).as_bytes()[from..to].to_vec());
        }
    }
    all.extend(texts.into_iter().map(String::into_bytes));
    all
}

impl Found {
    /// Nobody was found; in a build that leaks, somebody in each of these places.
    #[track_caller]
    pub fn is_as_it_should_be(&self, in_a_leak: &[&str]) {
        if cfg!(feature = "leak") {
            let missed: Vec<&&str> = in_a_leak.iter().filter(|place| !self.places.contains(**place)).collect();
            assert!(missed.is_empty(), "a leak was not found in {missed:?}, but in {:?}", self.places);
            println!("{} of {PATIENTS} patients found in {:?}", self.whom.len(), self.places);
            return;
        }
        let some: Vec<&String> = self.whom.values().take(20).collect();
        assert!(self.whom.is_empty(), "{} of {PATIENTS} patients came out: {some:#?}", self.whom.len());
    }
}
