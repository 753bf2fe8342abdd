//! The mandatory tests of CSAF 2.0 (section 6.1), each under its number.

mod language;
mod products;
mod profile;
mod purl;
mod scoring;
mod tracking;

use std::collections::BTreeMap;

use super::document::{Csaf, Products};
use crate::{Defect, Place};

/// What was found wrong so far.
pub(super) struct Found {
    rule: &'static str,
    /// In the order of the rules.
    pub(super) defects: Vec<Defect>,
}

impl Found {
    fn at(&mut self, pointer: impl Into<String>, why: impl Into<String>) {
        // One that fails everywhere has said enough.
        if self.defects.len() < DEFECTS_MAX {
            let defect = Defect { place: Place::Pointer(pointer.into()), rule: Some(self.rule), why: why.into() };
            self.defects.push(defect);
        }
    }
}

const DEFECTS_MAX: usize = 1_000;

type Rule = fn(&Csaf, &mut Found);

/// Every rule and its number.
static ALL: &[(&str, Rule)] = &[
    ("6.1.1", products::missing_products),
    ("6.1.2", products::products_twice),
    ("6.1.3", products::circles),
    ("6.1.4", products::missing_groups),
    ("6.1.5", products::groups_twice),
    ("6.1.6", products::contradicting_status),
    ("6.1.7", products::scores_twice),
    ("6.1.8", scoring::invalid),
    ("6.1.9", scoring::wrongly_computed),
    ("6.1.10", scoring::inconsistent),
    ("6.1.11", scoring::weakness),
    ("6.1.12", language::unknown),
    ("6.1.13", purl::invalid),
    ("6.1.14", tracking::unsorted),
    ("6.1.15", language::translator_without_source),
    ("6.1.16", tracking::not_the_latest),
    ("6.1.17", tracking::no_draft),
    ("6.1.18", tracking::draft_in_history),
    ("6.1.19", tracking::pre_release_in_history),
    ("6.1.20", tracking::pre_release),
    ("6.1.21", tracking::missing_revision),
    ("6.1.22", tracking::revision_twice),
    ("6.1.23", profile::cve_twice),
    ("6.1.24", profile::involvement_twice),
    ("6.1.25", products::hash_twice),
    ("6.1.26", profile::prohibited_category),
    ("6.1.27.1", profile::document_notes),
    ("6.1.27.2", profile::document_references),
    ("6.1.27.3", profile::no_vulnerabilities),
    ("6.1.27.4", profile::product_tree),
    ("6.1.27.5", profile::vulnerability_notes),
    ("6.1.27.6", profile::product_status),
    ("6.1.27.7", profile::vex_product_status),
    ("6.1.27.8", profile::vulnerability_id),
    ("6.1.27.9", profile::impact_statement),
    ("6.1.27.10", profile::action_statement),
    ("6.1.27.11", profile::vulnerabilities),
    ("6.1.28", language::translated_into_itself),
    ("6.1.29", products::remedy_without_product),
    ("6.1.30", tracking::mixed_versions),
    ("6.1.31", products::range_in_version),
    ("6.1.32", products::flag_without_product),
    ("6.1.33", products::flags_twice),
];

/// Everything that is wrong with a document.
pub(super) fn check(csaf: &Csaf) -> Vec<Defect> {
    let mut found = Found { rule: "", defects: Vec::new() };
    for (rule, check) in ALL {
        found.rule = rule;
        check(csaf, &mut found);
    }
    found.defects
}

/// Whether there is a rule of that number.
#[cfg(test)]
pub(super) fn is_known(rule: &str) -> bool {
    ALL.iter().any(|(known, _)| *known == rule)
}

/// The members of each group of products.
pub(super) fn groups(csaf: &Csaf) -> BTreeMap<&str, &[String]> {
    let tree = csaf.product_tree.iter();
    tree.flat_map(|tree| &tree.product_groups).map(|group| (&*group.group_id, group.product_ids.as_slice())).collect()
}

/// The products that are meant, those of groups included.
pub(super) fn products<'a>(
    meant: &'a Products,
    groups: &BTreeMap<&str, &'a [String]>,
) -> impl Iterator<Item = &'a str> {
    let of_groups =
        meant.group_ids.iter().flatten().filter_map(|id| groups.get(&**id)).flat_map(|products| products.iter());
    meant.product_ids.iter().flatten().chain(of_groups.collect::<Vec<_>>()).map(String::as_str)
}
