//! What is known of products and vulnerabilities from elsewhere: advisories, catalogues, registers, parts lists.
//!
//! A [`Fact`] is one entry of a document, a [`Sourced`] fact says in which document of whom it stands. Facts have keys, so
//! that reading a document once more changes nothing. Names of people are not among the words.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::advisory::Advisory;

/// A fact and where it is from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sourced {
    /// Where it is from; one for all facts of a document.
    pub origin: Arc<Origin>,
    /// What is said.
    pub fact: Fact,
}

/// One document as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Which reader read it, as in `csaf`.
    pub feed: String,
    /// The name of the file; within an archive after the archive's, separated by `!`.
    pub file: String,
    /// The SHA-256 of the document's bytes once unpacked, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The date that the document states.
    pub date: Option<Timestamp>,
}

/// One entry of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// An advisory, or a VEX document.
    Advisory(Box<Advisory>),
    /// An entry of CISA's catalogue of vulnerabilities that are exploited.
    KnownExploited(KnownExploited),
    /// How likely a vulnerability is exploited within 30 days.
    ExploitPrediction(ExploitPrediction),
    /// What a catalogue of vulnerabilities says of one.
    CveRecord(Box<CveRecord>),
    /// What kind of device a product code of the FDA stands for.
    DeviceClass(DeviceClass),
    /// A recall by the FDA of one product.
    Recall(Box<Recall>),
    /// A model of a medical device with its identifiers.
    DeviceModel(Box<DeviceModel>),
    /// The parts of a product.
    Bill(Box<Bill>),
    /// What a manufacturer says of the security of a device.
    Disclosure(Box<Disclosure>),
    /// How long a product is maintained.
    Lifetime(Lifetime),
}

impl Fact {
    /// What tells this fact from others: one with the same key is the same entry, perhaps in another revision.
    pub fn key(&self) -> String {
        match self {
            Self::Advisory(advisory) => format!("advisory/{}/{}", advisory.publisher.namespace, advisory.id),
            Self::KnownExploited(entry) => format!("known-exploited/{}/{}/{}", entry.cve, entry.vendor, entry.product),
            Self::ExploitPrediction(prediction) => format!("exploit-prediction/{}", prediction.cve),
            Self::CveRecord(record) => format!("cve/{}/{}", record.catalogue.name(), record.cve),
            Self::DeviceClass(class) => format!("device-class/{}", class.product_code),
            Self::Recall(recall) => format!("recall/{}/{}", recall.register.name(), recall.number),
            Self::DeviceModel(model) => format!("device-model/{}", model.primary_identifier),
            Self::Bill(bill) => format!("bill/{}", bill.id),
            Self::Disclosure(disclosure) => {
                format!("disclosure/{}/{}/{}", disclosure.manufacturer, disclosure.model, disclosure.document)
            }
            Self::Lifetime(lifetime) => format!("lifetime/{}/{}", lifetime.product, lifetime.cycle),
        }
    }
}

/// An entry of CISA's catalogue of known exploited vulnerabilities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownExploited {
    /// The vulnerability.
    pub cve: String,
    /// Whose product it is in.
    pub vendor: String,
    /// In which.
    pub product: String,
    /// What it is called.
    pub name: String,
    /// Since when it is in the catalogue.
    pub added: Timestamp,
    /// Until when federal agencies have to act.
    pub due: Timestamp,
    /// What they have to do.
    pub action: String,
    /// Whether ransomware is known to use it.
    pub by_ransomware: bool,
    /// The kinds of weakness.
    pub cwes: Vec<String>,
}

/// A row of the Exploit Prediction Scoring System (FIRST).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExploitPrediction {
    /// The vulnerability.
    pub cve: String,
    /// How likely it is exploited within 30 days, 0 to 1.
    pub probability: f64,
    /// The share of vulnerabilities that are no likelier, 0 to 1.
    pub percentile: f64,
}

/// Which catalogue of vulnerabilities speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Catalogue {
    /// The CVE List: what the assigner and authorised data publishers say.
    CveList,
    /// The National Vulnerability Database.
    Nvd,
}

impl Catalogue {
    /// As in `cve-list`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CveList => "cve-list",
            Self::Nvd => "nvd",
        }
    }
}

/// What a catalogue says of one vulnerability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CveRecord {
    /// The vulnerability.
    pub cve: String,
    /// Which catalogue.
    pub catalogue: Catalogue,
    /// Whether the number was withdrawn.
    pub is_rejected: bool,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When the record was changed last.
    pub updated: Option<Timestamp>,
    /// What it is called.
    pub title: Option<String>,
    /// What it is, in English.
    pub description: Option<String>,
    /// The products that have it, in the words of who assigned the number.
    pub affected: Vec<AffectedProduct>,
    /// The products that have it, as names of the Common Platform Enumeration.
    pub configurations: Vec<Configuration>,
    /// How severe it is.
    pub scores: Vec<SourcedScore>,
    /// How a coordinator decides on it.
    pub decisions: Vec<Decision>,
    /// The kinds of weakness.
    pub cwes: Vec<String>,
    /// Where to read more.
    pub references: Vec<String>,
}

/// A product that has a vulnerability (CVE record format 5, `affected`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedProduct {
    /// Who says so, as in `CISA-ADP`.
    pub said_by: String,
    /// Whose product.
    pub vendor: Option<String>,
    /// Which.
    pub product: Option<String>,
    /// Where versions stand that are not listed.
    pub default_status: VersionStatus,
    /// Where versions stand that are.
    pub versions: Vec<VersionRange>,
    /// On which platforms, if only on some.
    pub platforms: Vec<String>,
    /// Names of the Common Platform Enumeration.
    pub cpes: Vec<String>,
}

/// Versions of a product: one, or those from one up to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRange {
    /// The version, or the first of the range.
    pub version: String,
    /// The first version beyond the range.
    pub less_than: Option<String>,
    /// The last version of the range.
    pub less_than_or_equal: Option<String>,
    /// How versions are ordered, as in `semver`, `custom` or `date`.
    pub scheme: Option<String>,
    /// Where they stand.
    pub status: VersionStatus,
}

/// Where a version stands with a vulnerability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// It has it.
    Affected,
    /// It does not.
    Unaffected,
    /// Nobody says.
    #[default]
    Unknown,
}

/// Products that have a vulnerability together, as when software does on one system only (NVD API 2.0).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Whether every group has to match, or one.
    pub needs_all: bool,
    /// Whether it is what does not match that has it.
    pub is_negated: bool,
    /// The groups.
    pub groups: Vec<ProductGroup>,
}

/// A group of products within a [`Configuration`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductGroup {
    /// Whether every product has to match, or one.
    pub needs_all: bool,
    /// Whether it is what does not match.
    pub is_negated: bool,
    /// The products.
    pub products: Vec<PlatformRange>,
}

/// Versions of a product with a name of the Common Platform Enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformRange {
    /// The name (CPE 2.3).
    pub cpe: String,
    /// Whether it is this one that has the vulnerability, and not only what it runs on.
    pub is_vulnerable: bool,
    /// The first version of the range.
    pub from_including: Option<String>,
    /// The last version before the range.
    pub from_excluding: Option<String>,
    /// The last version of the range.
    pub to_including: Option<String>,
    /// The first version beyond the range.
    pub to_excluding: Option<String>,
}

/// A severity and who says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourcedScore {
    /// Who says so.
    pub said_by: String,
    /// The vector: see [`crate::cvss`].
    pub vector: String,
}

/// The points of a decision by Stakeholder-Specific Vulnerability Categorization (SSVC), as a coordinator publishes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who says so.
    pub said_by: String,
    /// `none`, `poc` or `active`.
    pub exploitation: Option<String>,
    /// `yes` or `no`.
    pub automatable: Option<String>,
    /// `partial` or `total`.
    pub technical_impact: Option<String>,
    /// When.
    pub date: Option<Timestamp>,
}

/// What a product code of the FDA stands for (21 CFR 860).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceClass {
    /// Three letters, as in `FRN`.
    pub product_code: String,
    /// What it is, as in `Pump, Infusion`.
    pub name: String,
    /// The class, 1 to 3; none where it is not classified.
    pub class: Option<u8>,
    /// The panel that reviews it, as in `HO`.
    pub specialty: String,
    /// The regulation, as in `880.5725`.
    pub regulation: Option<String>,
    /// Whether it sustains or supports life.
    pub sustains_life: bool,
    /// Whether it is implanted.
    pub is_implant: bool,
}

/// Which register of the FDA tells of a recall. They have the numbers in common, and neither has everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallRegister {
    /// The enforcement reports: they have the class.
    Enforcement,
    /// The recalls of the Center for Devices and Radiological Health: they have product code and cause.
    Devices,
}

impl RecallRegister {
    /// As in `enforcement`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enforcement => "enforcement",
            Self::Devices => "devices",
        }
    }
}

/// A recall of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// Which register tells of it.
    pub register: RecallRegister,
    /// The number of the product's recall, as in `Z-1234-2024`.
    pub number: String,
    /// The event that it belongs to.
    pub event: Option<String>,
    /// 1 where it may kill, 3 where harm is unlikely.
    pub class: Option<u8>,
    /// Who recalls.
    pub firm: String,
    /// What is recalled.
    pub product: String,
    /// Its product code.
    pub product_code: Option<String>,
    /// Which pieces: models, lots, serial numbers, as written.
    pub pieces: Option<String>,
    /// Why.
    pub reason: String,
    /// The root cause as the FDA determined it.
    pub cause: Option<String>,
    /// Where the recall stands, as in `Ongoing`.
    pub status: Option<String>,
    /// When it began.
    pub began: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

/// A model of a medical device (Global Unique Device Identification Database).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceModel {
    /// The primary device identifier.
    pub primary_identifier: String,
    /// All device identifiers, with who issued them, as in `GS1`.
    pub identifiers: Vec<(String, String)>,
    /// The company on the label.
    pub company: String,
    /// The brand.
    pub brand: String,
    /// Version or model.
    pub model: Option<String>,
    /// The number in the catalogue.
    pub catalogue_number: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Product codes of the FDA.
    pub product_codes: Vec<String>,
    /// Terms of the Global Medical Device Nomenclature.
    pub terms: Vec<String>,
    /// Whether it is still sold.
    pub is_sold: Option<bool>,
    /// What is said of it and magnetic resonance.
    pub magnetic_resonance: Option<String>,
    /// The day of this revision.
    pub revised: Option<Timestamp>,
}

/// The parts of a product (software bill of materials).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// The document's own identifier, or the digest of its bytes.
    pub id: String,
    /// The format, as in `CycloneDX 1.5`.
    pub format: String,
    /// What it is the bill of.
    pub subject: Option<Component>,
    /// When it was made.
    pub made: Option<Timestamp>,
    /// The parts.
    pub components: Vec<Component>,
}

/// A part of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// How the document refers to it.
    pub id: String,
    /// Who makes it.
    pub supplier: Option<String>,
    /// The group that its name belongs to, as in `org.apache.logging.log4j`.
    pub group: Option<String>,
    /// What it is called.
    pub name: String,
    /// In which version.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its names of the Common Platform Enumeration.
    pub cpes: Vec<String>,
    /// Its digests, as in (`SHA-256`, `e3b0…`).
    pub hashes: Vec<(String, String)>,
    /// Its licences, as SPDX expressions or names.
    pub licences: Vec<String>,
}

/// A manufacturer's disclosure on the security of a device (NEMA/MITA HN 1, "MDS2").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// The edition of the form.
    pub edition: Edition,
    /// Who makes the device.
    pub manufacturer: String,
    /// Which device.
    pub model: String,
    /// Which software release.
    pub release: Option<String>,
    /// The manufacturer's number of the document.
    pub document: String,
    /// When it was released.
    pub released: Option<Timestamp>,
    /// What is answered.
    pub answers: Vec<Answer>,
}

/// The edition of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Edition {
    /// HN 1-2013.
    #[serde(rename = "HN 1-2013")]
    Hn1Of2013,
    /// HN 1-2019.
    #[serde(rename = "HN 1-2019")]
    Hn1Of2019,
}

/// An answer of a manufacturer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The question, as in `MPII-1` or `1-1.2`.
    pub question: String,
    /// The answer, as in `Yes`, `No`, `N/A`, `See Notes`.
    pub answer: String,
    /// The number of a note, or what is noted.
    pub note: Option<String>,
    /// Where it stands, as in `Sheet1!D17`.
    pub cell: String,
}

/// How long a release of a product is maintained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetime {
    /// The product, as in `windows`.
    pub product: String,
    /// The release or line of releases, as in `10-22h2`.
    pub cycle: String,
    /// When it was released.
    pub released: Option<Timestamp>,
    /// When active support ends.
    pub support: End,
    /// When security updates end.
    pub security: End,
    /// When updates that are paid for end.
    pub extended: End,
    /// The latest version of the line.
    pub latest: Option<String>,
}

/// When something ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Nobody says.
    #[default]
    Unknown,
    /// It has not, and no day is set.
    Open,
    /// It has, on a day that nobody says.
    Over,
    /// On this day.
    On(Timestamp),
}
