//! Arbitrary bytes as a folded state, with a head that fits.
#![no_main]

use std::sync::LazyLock;

use analysis::Analysis;
use analysis::knowledge::{Knowledge, Notation};
use analysis::prefixes::Prefixes;

static KNOWLEDGE: LazyLock<Option<Knowledge>> = LazyLock::new(|| {
    let files = [
        ("attributes.toml", include_str!("../../knowledge/attributes.toml")),
        ("categories.toml", include_str!("../../knowledge/categories.toml")),
        ("corroborations.toml", include_str!("../../knowledge/corroborations.toml")),
        ("fingerprints/claims_names.toml", include_str!("../../knowledge/fingerprints/claims_names.toml")),
        ("roles.toml", include_str!("../../knowledge/roles.toml")),
        ("vendors.toml", include_str!("../../knowledge/vendors.toml")),
        ("weights.toml", include_str!("../../knowledge/weights.toml")),
    ];
    Knowledge::load(files, Notation::Toml).ok()
});
static PREFIXES: LazyLock<Prefixes> = LazyLock::new(Prefixes::default);

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let knowledge = KNOWLEDGE.as_ref().expect("the repository's knowledge is whole");
    let protocol = |name: &str| wire::protocols::named(name).map(|decoder| decoder.name());
    let restore = |bytes: &[u8]| Analysis::restore(knowledge, &PREFIXES, protocol, bytes);
    let _ = restore(data);
    let mut bytes = vec![0; 20];
    bytes.extend_from_slice(data);
    analysis::seal(&mut bytes);
    if let Ok(analysis) = restore(&bytes) {
        analysis.conclude(&[]);
        let saved = analysis.save();
        assert!(restore(&saved).is_ok_and(|again| again.save() == saved));
    }
});
