//! Advisories and devices that are made up, for tests.
#![allow(dead_code, unreachable_pub)]

use analysis::advisories::{Makers, Profile, Verdict};
use analysis::knowledge::Notation;
use model::Timestamp;
use model::advisory::{self, Advisory, Publisher, PublisherKind, State, Status, VersionKind, Vulnerability};

pub fn makers() -> Makers {
    Makers::read(include_str!("../../../../knowledge/makers.toml"), Notation::Toml).unwrap()
}

pub fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Affected => "affected",
        Verdict::NotAffected => "not",
        Verdict::Undetermined(_) => "undetermined",
    }
}

/// An advisory on one product in some versions: statements by identifier, and what is said of each.
pub fn advisory(id: &str, kind: PublisherKind, day: i64, leaves: &[(&str, &str, Status)]) -> Advisory {
    let statement = |(id, version, _): &(&str, &str, Status)| advisory::Statement {
        id: (*id).to_owned(),
        vendor: Some("Acme".to_owned()),
        product: "Vent 9".to_owned(),
        version: Some((*version).to_owned()),
        kind: VersionKind::Range,
        text: format!("Acme Vent 9: {version}"),
        relation: None,
        identifiers: advisory::Identifiers::default(),
    };
    let state = |(id, _, status): &(&str, &str, Status)| State {
        statement: (*id).to_owned(),
        status: *status,
        justification: None,
        impact: None,
    };
    Advisory {
        id: id.to_owned(),
        version: "1".to_owned(),
        title: String::new(),
        publisher: Publisher {
            name: if kind == PublisherKind::Vendor { "Acme" } else { id }.to_owned(),
            namespace: String::new(),
            kind,
        },
        initial_release: Timestamp(day),
        current_release: Timestamp(day),
        url: None,
        exploitability: None,
        statements: leaves.iter().map(statement).collect(),
        vulnerabilities: vec![Vulnerability {
            cve: Some("CVE-2026-0001".to_owned()),
            states: leaves.iter().map(state).collect(),
            ..Vulnerability::default()
        }],
    }
}

pub fn device(vendor: &str, model: &str, catalogue: Option<&str>, version: Option<&str>) -> Profile {
    Profile {
        vendor: Some(vendor.to_owned()),
        model: Some(model.to_owned()).filter(|model| !model.is_empty()),
        catalogue: catalogue.map(str::to_owned),
        version: version.map(str::to_owned),
        ..Profile::default()
    }
}
