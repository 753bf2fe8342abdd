//! Fingerprints of TLS clients beside those that others compute: JA4 as its authors' own tests and three other programs
//! have it, and JA3. Equal letter by letter, or explained in `agreement/ja4.tsv`.
//!
//! `AGREEMENT_CAPTURE=part-of-a-name` narrows the comparison.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[path = "agreement/captures.rs"]
#[allow(dead_code)]
mod captures;
#[path = "agreement/fingerprints.rs"]
mod fingerprints;
#[path = "agreement/ndpi.rs"]
mod ndpi;
#[path = "agreement/oracle.rs"]
mod oracle;
#[path = "agreement/said.rs"]
#[allow(dead_code)]
mod said;

use captures::{Captures, in_parallel};
use fingerprints::{Carrier, Fingerprint};
use oracle::{Compared, Explained, Outcome, Report};

/// Of the fingerprints of clients over TCP, in hundredths.
const SHARE_MIN: usize = 98;

#[test]
fn fingerprints_equal_those_of_others() {
    let Some(captures) = Captures::find() else { return };
    let only = std::env::var("AGREEMENT_CAPTURE").unwrap_or_default();
    let with_fingerprints = captures.paths.iter().filter_map(|path| {
        let name = captures.name(path);
        let wanted = if name.contains(&only) { fingerprints::of(path) } else { Vec::new() };
        (!wanted.is_empty()).then_some((path, name, wanted))
    });
    let all: Vec<_> = with_fingerprints.collect();
    let mut report = Report::new("fingerprints of TLS clients", Explained::new(include_str!("agreement/ja4.tsv")));
    for outcome in in_parallel(&all, |(path, name, wanted)| compare(path, name, wanted)) {
        report.add(outcome);
    }
    report.print();
    eprintln!("{} captures with fingerprints", all.len());
    if only.is_empty() {
        report.check(SHARE_MIN);
    }
}

fn compare(path: &Path, place: &str, wanted: &[Fingerprint]) -> Outcome {
    let mut outcome = Outcome::default();
    let heard = said::hear(path);
    let seen: BTreeSet<said::Ends> =
        heard.connections.iter().filter_map(|it| said::ends(&it.initiator, &it.responder)).collect();
    let mut ours: BTreeMap<(said::Ends, &str), Vec<String>> = BTreeMap::new();
    for hello in heard.said.iter().filter(|said| said.protocol == "tls" && said.kind == "client_hello") {
        let Some(ends) = hello.ends() else { continue };
        for field in ["ja3", "ja4"] {
            ours.entry((ends, field)).or_default().extend(hello.values(field).cloned());
        }
    }
    for Fingerprint { by, ends, carrier, kind, value } in wanted {
        match carrier {
            Carrier::Tcp | Carrier::Quic if seen.contains(ends) => {
                let ours = ours.get(&(*ends, *kind)).into_iter().flatten();
                let ours = ours.map(|ours| fingerprints::as_told_by(by, kind, ours)).collect();
                let theirs = fingerprints::as_told_by(by, kind, value);
                let over = if *carrier == Carrier::Quic { " over QUIC" } else { "" };
                let key = format!("{by} {kind}{over}");
                outcome.compared.push(Compared { what: key.clone(), place: place.to_owned(), key, theirs, ours });
            }
            Carrier::Tcp | Carrier::Quic => outcome.leave_out(&format!("{by}: inside a tunnel that is not unwrapped")),
            Carrier::Dtls => outcome.leave_out(&format!("{by}: over DTLS, which is not decoded")),
        }
    }
    outcome
}
