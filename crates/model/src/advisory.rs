//! Security advisories: which products of whom have which vulnerabilities, and what helps.
//!
//! The words are those of CSAF 2.0 (OASIS, "Common Security Advisory Framework Version 2.0", section 3.2); advisories from
//! elsewhere and VEX documents are told in the same ones. Names of people are not among them.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// One advisory in one revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    /// The publisher's identifier, as in `ICSMA-17-082-01`.
    pub id: String,
    /// The revision of the document.
    pub version: String,
    /// Its title.
    pub title: String,
    /// Who says it.
    pub publisher: Publisher,
    /// When it was first published.
    pub initial_release: Timestamp,
    /// When this revision was published; the beginning of 1970 where it does not say, so that any other is newer.
    pub current_release: Timestamp,
    /// Where a person reads it.
    pub url: Option<String>,
    /// What the whole document says of exploitation.
    pub exploitability: Option<String>,
    /// The products that it speaks of.
    pub statements: Vec<Statement>,
    /// What is wrong with them.
    pub vulnerabilities: Vec<Vulnerability>,
}

/// Who says it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Publisher {
    /// The name.
    pub name: String,
    /// The address that stands for the publisher, as in `https://www.cisa.gov/`; empty where there is none.
    pub namespace: String,
    /// In which role.
    pub kind: PublisherKind,
}

/// In which role an advisory is published. A vendor's word on its own product outweighs a coordinator's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublisherKind {
    /// The maker of the product.
    Vendor,
    /// A computer emergency response team or the like.
    Coordinator,
    /// Anyone else.
    Other,
}

/// A product in some of its versions, or one product installed on another: what a vulnerability's lists refer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// How the document refers to it, as in `CSAFPID-0001`.
    pub id: String,
    /// Who makes it, as written.
    pub vendor: Option<String>,
    /// Which product: the names between vendor and version, as written, outermost first.
    pub product: String,
    /// Which versions, as written: `2.0.14`, `< 8.2.2`, `vers:all/*`, `2.X`.
    pub version: Option<String>,
    /// How the version is meant.
    pub kind: VersionKind,
    /// The full product name, as written.
    pub text: String,
    /// For a combination of products: what is installed, and on what.
    pub relation: Option<Relation>,
    /// Identifiers of the product that are given beside its name.
    #[serde(default, skip_serializing_if = "Identifiers::is_empty")]
    pub identifiers: Identifiers,
}

/// How the version of a [`Statement`] is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionKind {
    /// Exactly this version.
    Version,
    /// A range of versions.
    Range,
    /// None is given: the name is all there is.
    Name,
}

/// One product as a part of, or installed on, another. Both are statements of the same advisory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// How they belong together, as in `installed_on`.
    pub kind: String,
    /// The part.
    pub part: String,
    /// What it is a part of, or installed on.
    pub on: String,
}

/// Identifiers of a product (CSAF 2.0 section 3.1.3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifiers {
    /// Common Platform Enumeration names, 2.3 or 2.2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cpes: Vec<String>,
    /// Package URLs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purls: Vec<String>,
    /// Model numbers; `*` and `?` stand for characters left open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// Serial numbers, with the same wildcards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serials: Vec<String>,
    /// Stock keeping units, with the same wildcards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
}

impl Identifiers {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is wrong, with what, and what helps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vulnerability {
    /// Its number, as in `CVE-2017-6022`.
    pub cve: Option<String>,
    /// Numbers that others gave it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_ids: Vec<String>,
    /// The kind of weakness, as in `CWE-259`.
    pub cwe: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// How severe it is, for which statements.
    pub scores: Vec<Score>,
    /// Which statements are affected, and which are not.
    pub states: Vec<State>,
    /// What helps.
    pub remedies: Vec<Remedy>,
    /// What is said about its use by attackers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exploitation: Vec<Exploitation>,
    /// Where to read more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
}

/// A published severity. What counts is the vector: see [`crate::cvss`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The CVSS vector, as in `CVSS:3.1/AV:N/…`; without a prefix for version 2.
    pub vector: String,
    /// The statements that it is for; for all where it names none.
    pub statements: Vec<String>,
}

/// Where one statement stands with a vulnerability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The statement.
    pub statement: String,
    /// Where it stands.
    pub status: Status,
    /// Why it is not affected, as a VEX justification, as in `vulnerable_code_not_present`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub justification: Option<String>,
    /// The same in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
}

/// Where a product stands with a vulnerability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has the vulnerability.
    Affected,
    /// The first version that has it.
    FirstAffected,
    /// The last version that has it.
    LastAffected,
    /// It does not have it.
    NotAffected,
    /// It had it, and has not any more.
    Fixed,
    /// The first version without it.
    FirstFixed,
    /// Nobody knows yet.
    UnderInvestigation,
    /// The version that the publisher recommends to use.
    Recommended,
}

/// What helps against a vulnerability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// Of which kind it is.
    pub kind: RemedyKind,
    /// What to do.
    pub text: String,
    /// Where to get it.
    pub url: Option<String>,
    /// From when on.
    pub date: Option<Timestamp>,
    /// For which statements.
    pub statements: Vec<String>,
}

/// The kind of a [`Remedy`] (CSAF 2.0 section 3.2.3.12.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyKind {
    /// The maker's own correction.
    VendorFix,
    /// Makes use of it harder.
    Mitigation,
    /// Avoids it altogether, at a price.
    Workaround,
    /// Nothing helps yet.
    NoneAvailable,
    /// Nothing will.
    NoFixPlanned,
}

/// What is said about the use of a vulnerability by attackers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exploitation {
    /// What is said.
    pub text: String,
    /// When.
    pub date: Option<Timestamp>,
    /// Of which statements; of all where it names none.
    pub statements: Vec<String>,
}
