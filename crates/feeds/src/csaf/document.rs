//! A CSAF document as far as its rules and its readers look at it (section 3.2). Its shape was checked before.

use std::collections::BTreeMap;

use model::Timestamp;
use model::advisory::{RemedyKind, Status};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(super) struct Csaf {
    pub(super) document: About,
    #[serde(default)]
    pub(super) product_tree: Option<ProductTree>,
    #[serde(default)]
    pub(super) vulnerabilities: Option<Vec<Vulnerability>>,
}

impl Csaf {
    pub(super) fn vulnerabilities(&self) -> &[Vulnerability] {
        self.vulnerabilities.as_deref().unwrap_or_default()
    }
}

#[derive(Deserialize)]
pub(super) struct About {
    pub(super) category: String,
    pub(super) lang: Option<String>,
    #[serde(default)]
    pub(super) notes: Vec<Note>,
    pub(super) publisher: Publisher,
    #[serde(default)]
    pub(super) references: Vec<Reference>,
    pub(super) source_lang: Option<String>,
    pub(super) title: String,
    pub(super) tracking: Tracking,
}

#[derive(Deserialize)]
pub(super) struct Note {
    pub(super) category: String,
    pub(super) title: Option<String>,
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct Publisher {
    pub(super) category: String,
    pub(super) name: String,
    pub(super) namespace: String,
}

#[derive(Deserialize)]
pub(super) struct Reference {
    #[serde(default = "external")]
    pub(super) category: String,
    pub(super) url: String,
}

fn external() -> String {
    "external".to_owned()
}

#[derive(Deserialize)]
pub(super) struct Tracking {
    pub(super) current_release_date: Timestamp,
    pub(super) id: String,
    pub(super) initial_release_date: Timestamp,
    pub(super) revision_history: Vec<Revision>,
    pub(super) status: String,
    pub(super) version: String,
}

#[derive(Deserialize)]
pub(super) struct Revision {
    pub(super) date: Timestamp,
    pub(super) number: String,
}

#[derive(Default, Deserialize)]
pub(super) struct ProductTree {
    #[serde(default)]
    pub(super) branches: Vec<Branch>,
    #[serde(default)]
    pub(super) full_product_names: Vec<Product>,
    #[serde(default)]
    pub(super) product_groups: Vec<ProductGroup>,
    #[serde(default)]
    pub(super) relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
pub(super) struct Branch {
    pub(super) category: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) branches: Vec<Branch>,
    pub(super) product: Option<Product>,
}

#[derive(Deserialize)]
pub(super) struct Product {
    pub(super) name: String,
    pub(super) product_id: String,
    #[serde(default, rename = "product_identification_helper")]
    pub(super) helper: Helper,
}

#[derive(Default, Deserialize)]
pub(super) struct Helper {
    pub(super) cpe: Option<String>,
    #[serde(default)]
    pub(super) hashes: Vec<Hashes>,
    #[serde(default)]
    pub(super) model_numbers: Vec<String>,
    pub(super) purl: Option<String>,
    #[serde(default)]
    pub(super) serial_numbers: Vec<String>,
    #[serde(default)]
    pub(super) skus: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Hashes {
    pub(super) file_hashes: Vec<FileHash>,
}

#[derive(Deserialize)]
pub(super) struct FileHash {
    pub(super) algorithm: String,
}

#[derive(Deserialize)]
pub(super) struct ProductGroup {
    pub(super) group_id: String,
    pub(super) product_ids: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Relationship {
    pub(super) category: String,
    #[serde(rename = "full_product_name")]
    pub(super) product: Product,
    pub(super) product_reference: String,
    pub(super) relates_to_product_reference: String,
}

#[derive(Deserialize)]
pub(super) struct Vulnerability {
    pub(super) cve: Option<String>,
    pub(super) cwe: Option<Cwe>,
    #[serde(default)]
    pub(super) flags: Vec<Flag>,
    pub(super) ids: Option<Vec<OtherId>>,
    #[serde(default)]
    pub(super) involvements: Vec<Involvement>,
    pub(super) notes: Option<Vec<Note>>,
    #[serde(rename = "product_status")]
    pub(super) status: Option<BTreeMap<StatusGroup, Vec<String>>>,
    #[serde(default)]
    pub(super) references: Vec<Reference>,
    #[serde(default, rename = "remediations")]
    pub(super) remedies: Vec<Remedy>,
    #[serde(default)]
    pub(super) scores: Vec<Score>,
    #[serde(default)]
    pub(super) threats: Vec<Threat>,
    pub(super) title: Option<String>,
}

impl Vulnerability {
    /// Each list of products of the status, with its name.
    pub(super) fn statuses(&self) -> impl Iterator<Item = (StatusGroup, &[String])> {
        self.status.iter().flatten().map(|(group, products)| (*group, products.as_slice()))
    }
}

#[derive(Deserialize)]
pub(super) struct Cwe {
    pub(super) id: String,
    pub(super) name: String,
}

/// The lists of a product status (section 3.2.3.9).
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusGroup {
    FirstAffected,
    FirstFixed,
    Fixed,
    KnownAffected,
    KnownNotAffected,
    LastAffected,
    Recommended,
    UnderInvestigation,
    #[serde(other)]
    Unknown,
}

impl StatusGroup {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::FirstAffected => "first_affected",
            Self::FirstFixed => "first_fixed",
            Self::Fixed => "fixed",
            Self::KnownAffected => "known_affected",
            Self::KnownNotAffected => "known_not_affected",
            Self::LastAffected => "last_affected",
            Self::Recommended => "recommended",
            Self::UnderInvestigation => "under_investigation",
            Self::Unknown => "another",
        }
    }

    pub(super) const fn status(self) -> Option<Status> {
        match self {
            Self::FirstAffected => Some(Status::FirstAffected),
            Self::FirstFixed => Some(Status::FirstFixed),
            Self::Fixed => Some(Status::Fixed),
            Self::KnownAffected => Some(Status::Affected),
            Self::KnownNotAffected => Some(Status::NotAffected),
            Self::LastAffected => Some(Status::LastAffected),
            Self::Recommended => Some(Status::Recommended),
            Self::UnderInvestigation => Some(Status::UnderInvestigation),
            Self::Unknown => None,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Flag {
    pub(super) label: String,
    #[serde(flatten)]
    pub(super) products: Products,
}

#[derive(Deserialize)]
pub(super) struct OtherId {
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct Involvement {
    pub(super) date: Option<Timestamp>,
    pub(super) party: String,
}

/// Products, by themselves and in groups.
#[derive(Default, Deserialize)]
pub(super) struct Products {
    pub(super) product_ids: Option<Vec<String>>,
    pub(super) group_ids: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct Remedy {
    pub(super) category: RemedyKind,
    pub(super) date: Option<Timestamp>,
    pub(super) details: String,
    pub(super) url: Option<String>,
    #[serde(flatten)]
    pub(super) products: Products,
}

#[derive(Deserialize)]
pub(super) struct Score {
    pub(super) products: Vec<String>,
    pub(super) cvss_v2: Option<Value>,
    pub(super) cvss_v3: Option<Value>,
}

#[derive(Deserialize)]
pub(super) struct Threat {
    pub(super) category: String,
    pub(super) date: Option<Timestamp>,
    pub(super) details: String,
    #[serde(flatten)]
    pub(super) products: Products,
}
