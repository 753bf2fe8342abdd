//! Rules on what a document of a category has to say: 6.1.23, 6.1.24, 6.1.26 and 6.1.27.

use std::collections::BTreeSet;

use super::super::document::{Csaf, StatusGroup, Vulnerability};
use super::{Found, groups, products};

const BASE: &str = "csaf_base";
const INCIDENT: &str = "csaf_security_incident_response";
const INFORMATION: &str = "csaf_informational_advisory";
const ADVISORY: &str = "csaf_security_advisory";
const VEX: &str = "csaf_vex";

/// Names and values of the profiles other than the base, without what separates words (6.1.26).
const RESERVED: &[&str] = &["securityincidentresponse", "informationaladvisory", "securityadvisory", "vex"];

fn is_one_of(csaf: &Csaf, categories: &[&str]) -> bool {
    categories.contains(&csaf.document.category.as_str())
}

/// 6.1.23
pub(super) fn cve_twice(csaf: &Csaf, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        if let Some(cve) = vulnerability.cve.as_ref().filter(|cve| !seen.insert(cve.as_str())) {
            found.at(format!("/vulnerabilities/{index}/cve"), format!("{cve} stands there twice"));
        }
    }
}

/// 6.1.24
pub(super) fn involvement_twice(csaf: &Csaf, found: &mut Found) {
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        let mut seen = BTreeSet::new();
        for (place, involvement) in vulnerability.involvements.iter().enumerate() {
            if !seen.insert((&involvement.party, involvement.date)) {
                let place = format!("/vulnerabilities/{index}/involvements/{place}");
                found.at(place, format!("{} stands there twice for one date", involvement.party));
            }
        }
    }
}

/// 6.1.26
pub(super) fn prohibited_category(csaf: &Csaf, found: &mut Found) {
    if is_one_of(csaf, &[BASE, INCIDENT, INFORMATION, ADVISORY, VEX]) {
        return;
    }
    let category = csaf.document.category.to_lowercase();
    let plain: String =
        category.chars().filter(|letter| !letter.is_whitespace() && *letter != '-' && *letter != '_').collect();
    let is_reserved = RESERVED.iter().any(|name| plain == *name || plain.strip_prefix("csaf") == Some(name));
    if category.starts_with("csaf_") || is_reserved {
        found.at("/document/category", format!("«{}» is kept for a profile", crate::written::start(&category)));
    }
}

/// 6.1.27.1
pub(super) fn document_notes(csaf: &Csaf, found: &mut Found) {
    let is_told = |category: &str| ["description", "details", "general", "summary"].contains(&category);
    if is_one_of(csaf, &[INFORMATION, INCIDENT]) && !csaf.document.notes.iter().any(|note| is_told(&note.category)) {
        found.at("/document/notes", "no description, details, general or summary");
    }
}

/// 6.1.27.2
pub(super) fn document_references(csaf: &Csaf, found: &mut Found) {
    let has_external = csaf.document.references.iter().any(|reference| reference.category == "external");
    if is_one_of(csaf, &[INFORMATION, INCIDENT]) && !has_external {
        found.at("/document/references", "none is external");
    }
}

/// 6.1.27.3
pub(super) fn no_vulnerabilities(csaf: &Csaf, found: &mut Found) {
    if is_one_of(csaf, &[INFORMATION]) && csaf.vulnerabilities.is_some() {
        found.at("/vulnerabilities", "stand in an informational advisory");
    }
}

/// 6.1.27.4
pub(super) fn product_tree(csaf: &Csaf, found: &mut Found) {
    if is_one_of(csaf, &[ADVISORY, VEX]) && csaf.product_tree.is_none() {
        found.at("/product_tree", "is missing");
    }
}

/// 6.1.27.11
pub(super) fn vulnerabilities(csaf: &Csaf, found: &mut Found) {
    if is_one_of(csaf, &[ADVISORY, VEX]) && csaf.vulnerabilities.is_none() {
        found.at("/vulnerabilities", "are missing");
    }
}

/// Every vulnerability of a document of these categories that does not hold.
fn each(csaf: &Csaf, categories: &[&str], found: &mut Found, why: &str, holds: fn(&Vulnerability) -> bool) {
    if is_one_of(csaf, categories) {
        for (index, _) in csaf.vulnerabilities().iter().enumerate().filter(|(_, vulnerability)| !holds(vulnerability)) {
            found.at(format!("/vulnerabilities/{index}"), why);
        }
    }
}

/// 6.1.27.5
pub(super) fn vulnerability_notes(csaf: &Csaf, found: &mut Found) {
    each(csaf, &[ADVISORY, VEX], found, "has no notes", |vulnerability| vulnerability.notes.is_some());
}

/// 6.1.27.6
pub(super) fn product_status(csaf: &Csaf, found: &mut Found) {
    each(csaf, &[ADVISORY], found, "has no product_status", |vulnerability| vulnerability.status.is_some());
}

/// 6.1.27.7
pub(super) fn vex_product_status(csaf: &Csaf, found: &mut Found) {
    let why = "has no product that is fixed, known_affected, known_not_affected or under_investigation";
    each(csaf, &[VEX], found, why, |vulnerability| {
        let asked = [
            StatusGroup::Fixed,
            StatusGroup::KnownAffected,
            StatusGroup::KnownNotAffected,
            StatusGroup::UnderInvestigation,
        ];
        vulnerability.statuses().any(|(group, _)| asked.contains(&group))
    });
}

/// 6.1.27.8
pub(super) fn vulnerability_id(csaf: &Csaf, found: &mut Found) {
    each(csaf, &[VEX], found, "has neither cve nor ids", |vulnerability| {
        vulnerability.cve.is_some() || vulnerability.ids.is_some()
    });
}

/// 6.1.27.9
pub(super) fn impact_statement(csaf: &Csaf, found: &mut Found) {
    let groups = groups(csaf);
    every_product(csaf, StatusGroup::KnownNotAffected, found, "no impact statement", |vulnerability| {
        let impacts =
            vulnerability.threats.iter().filter(|threat| threat.category == "impact").map(|threat| &threat.products);
        let told = vulnerability.flags.iter().map(|flag| &flag.products).chain(impacts);
        told.flat_map(|meant| products(meant, &groups)).map(str::to_owned).collect()
    });
}

/// 6.1.27.10
pub(super) fn action_statement(csaf: &Csaf, found: &mut Found) {
    let groups = groups(csaf);
    every_product(csaf, StatusGroup::KnownAffected, found, "no action statement", |vulnerability| {
        vulnerability
            .remedies
            .iter()
            .flat_map(|remedy| products(&remedy.products, &groups))
            .map(str::to_owned)
            .collect()
    });
}

/// Every product of a status group of a VEX document that is not among those of which something is told.
fn every_product(
    csaf: &Csaf,
    group: StatusGroup,
    found: &mut Found,
    why: &str,
    told: impl Fn(&Vulnerability) -> BTreeSet<String>,
) {
    if !is_one_of(csaf, &[VEX]) {
        return;
    }
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        let told = told(vulnerability);
        for (_, ids) in vulnerability.statuses().filter(|(name, _)| *name == group) {
            for id in ids.iter().filter(|id| !told.contains(*id)) {
                found.at(format!("/vulnerabilities/{index}"), format!("{why} for product {id}"));
            }
        }
    }
}
