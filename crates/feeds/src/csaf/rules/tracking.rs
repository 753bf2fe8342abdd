//! Rules on revisions: 6.1.14, 6.1.16 to 6.1.22 and 6.1.30.

use std::collections::BTreeSet;

use super::super::document::Csaf;
use super::super::version::Version;
use super::Found;

const HISTORY: &str = "/document/tracking/revision_history";
const VERSION: &str = "/document/tracking/version";
const STATUS: &str = "/document/tracking/status";

/// The versions of the history by their dates; of one day by themselves.
fn history(csaf: &Csaf) -> Vec<Version> {
    let revisions = csaf.document.tracking.revision_history.iter();
    let mut dated: Vec<_> =
        revisions.filter_map(|revision| Some((revision.date, Version::read(&revision.number)?))).collect();
    dated.sort();
    dated.into_iter().map(|(_, version)| version).collect()
}

fn version(csaf: &Csaf) -> Option<Version> {
    Version::read(&csaf.document.tracking.version)
}

fn is_draft(csaf: &Csaf) -> bool {
    csaf.document.tracking.status == "draft"
}

/// 6.1.14
pub(super) fn unsorted(csaf: &Csaf, found: &mut Found) {
    if !history(csaf).is_sorted() {
        found.at(HISTORY, "a later revision has a lower number");
    }
}

/// 6.1.16
pub(super) fn not_the_latest(csaf: &Csaf, found: &mut Found) {
    let (Some(version), Some(last)) = (version(csaf), history(csaf).pop()) else { return };
    let (version, last) = if is_draft(csaf) { (version.released(), last.released()) } else { (version, last) };
    if version != last {
        found.at(VERSION, "is not that of the last revision");
    }
}

/// 6.1.17
pub(super) fn no_draft(csaf: &Csaf, found: &mut Found) {
    let is_unreleased = version(csaf).is_some_and(|version| version.major() == 0 || version.is_pre_release());
    if is_unreleased && !is_draft(csaf) {
        found.at(STATUS, format!("version {} is a draft", csaf.document.tracking.version));
    }
}

/// 6.1.18
pub(super) fn draft_in_history(csaf: &Csaf, found: &mut Found) {
    if !is_draft(csaf) && history(csaf).iter().any(|version| version.major() == 0) {
        found.at(HISTORY, "a document that is released has a revision 0");
    }
}

/// 6.1.19
pub(super) fn pre_release_in_history(csaf: &Csaf, found: &mut Found) {
    if history(csaf).iter().any(Version::is_pre_release) {
        found.at(HISTORY, "a revision is from before a release");
    }
}

/// 6.1.20
pub(super) fn pre_release(csaf: &Csaf, found: &mut Found) {
    if !is_draft(csaf) && version(csaf).is_some_and(|version| version.is_pre_release()) {
        found.at(VERSION, "is from before a release, the document is no draft");
    }
}

/// 6.1.21
pub(super) fn missing_revision(csaf: &Csaf, found: &mut Found) {
    let history = history(csaf);
    if history.first().is_some_and(|first| first.major() > 1) {
        found.at(HISTORY, "begins with neither 0 nor 1");
    }
    for pair in history.windows(2) {
        let [before, after] = pair else { continue };
        if after.major() > before.major().saturating_add(1) {
            found.at(HISTORY, format!("revision {} is missing", before.major().saturating_add(1)));
        }
    }
}

/// 6.1.22
pub(super) fn revision_twice(csaf: &Csaf, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for version in history(csaf) {
        if let Some(twice) = seen.replace(version) {
            found.at(HISTORY, format!("revision {} stands there twice", twice.major()));
        }
    }
}

/// 6.1.30
pub(super) fn mixed_versions(csaf: &Csaf, found: &mut Found) {
    let all = history(csaf).into_iter().chain(version(csaf));
    let integers: BTreeSet<bool> = all.map(|version| matches!(version, Version::Integer(_))).collect();
    if integers.len() > 1 {
        found.at(VERSION, "integers and semantic versions are mixed");
    }
}
