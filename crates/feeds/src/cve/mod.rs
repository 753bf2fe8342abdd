//! Records of the CVE List (CVE Program, "CVE Record Format" 5), with what authorised data publishers add to them: CISA's
//! Vulnrichment with its decision points.

use model::Timestamp;
use model::cvss::Vector;
use model::outside::{
    AffectedProduct, Catalogue, CveRecord, Decision, Fact, SourcedScore, VersionRange, VersionStatus,
};
use serde::Deserialize;
use serde_json::Value;

use crate::written::{LIST_MAX, cve, is_cwe, some, text};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct CveList;

/// References of a record that are kept.
const REFERENCES_MAX: usize = 32;

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "cveMetadata")]
    metadata: Metadata,
    containers: Containers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    cve_id: String,
    state: String,
    date_published: Option<String>,
    date_updated: Option<String>,
}

#[derive(Deserialize)]
struct Containers {
    cna: Container,
    #[serde(default)]
    adp: Vec<Container>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    title: Option<String>,
    provider_metadata: Option<Provider>,
    #[serde(default)]
    affected: Vec<Product>,
    #[serde(default)]
    descriptions: Vec<Description>,
    #[serde(default)]
    rejected_reasons: Vec<Description>,
    #[serde(default)]
    metrics: Vec<Metric>,
    #[serde(default)]
    problem_types: Vec<ProblemType>,
    #[serde(default)]
    references: Vec<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    short_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    vendor: Option<String>,
    product: Option<String>,
    #[serde(default)]
    platforms: Vec<String>,
    #[serde(default)]
    cpes: Vec<String>,
    #[serde(default)]
    default_status: VersionStatus,
    #[serde(default)]
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    version: String,
    less_than: Option<String>,
    less_than_or_equal: Option<String>,
    version_type: Option<String>,
    #[serde(default)]
    status: VersionStatus,
}

#[derive(Deserialize)]
struct Description {
    #[serde(default)]
    lang: String,
    value: String,
}

#[derive(Deserialize)]
struct Metric {
    #[serde(rename = "cvssV4_0")]
    cvss_4_0: Option<Cvss>,
    #[serde(rename = "cvssV3_1")]
    cvss_3_1: Option<Cvss>,
    #[serde(rename = "cvssV3_0")]
    cvss_3_0: Option<Cvss>,
    #[serde(rename = "cvssV2_0")]
    cvss_2_0: Option<Cvss>,
    other: Option<Other>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cvss {
    vector_string: Option<String>,
}

#[derive(Deserialize)]
struct Other {
    #[serde(rename = "type")]
    kind: String,
    content: Option<Value>,
}

#[derive(Deserialize)]
struct ProblemType {
    #[serde(default)]
    descriptions: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    cwe_id: Option<String>,
}

#[derive(Deserialize)]
struct Reference {
    url: Option<String>,
}

impl Feed for CveList {
    fn name(&self) -> &'static str {
        "cve"
    }

    fn title(&self) -> &'static str {
        "CVE records, format 5, with CISA's Vulnrichment"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has("/cveMetadata") && outline.has("/containers")
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let version = content.outline.member("/dataVersion").unwrap_or_default();
        if !version.starts_with("5.") {
            return Err(Defect::at("/dataVersion", format!("is «{version}», not 5")));
        }
        let record: Record = json::whole(content.bytes)?;
        let mut notes = Vec::new();
        let fact = fact(&record, &mut notes)?;
        let date = fact.updated.or(fact.published);
        taker.take(Fact::CveRecord(Box::new(fact)));
        Ok(Summary { date, notes })
    }
}

fn fact(record: &Record, notes: &mut Vec<Defect>) -> Result<CveRecord, Defect> {
    let metadata = &record.metadata;
    let cna = &record.containers.cna;
    let mut fact = CveRecord {
        cve: cve(&metadata.cve_id, || Defect::at("/cveMetadata/cveId", ""))?,
        catalogue: Catalogue::CveList,
        is_rejected: metadata.state == "REJECTED",
        published: metadata.date_published.as_deref().and_then(Timestamp::read),
        updated: metadata.date_updated.as_deref().and_then(Timestamp::read),
        title: some(cna.title.as_deref()),
        description: in_english(&cna.descriptions).or_else(|| in_english(&cna.rejected_reasons)),
        affected: Vec::new(),
        configurations: Vec::new(),
        scores: Vec::new(),
        decisions: Vec::new(),
        cwes: Vec::new(),
        references: Vec::new(),
    };
    if !matches!(&*metadata.state, "PUBLISHED" | "REJECTED") {
        return Err(Defect::at("/cveMetadata/state", "is neither PUBLISHED nor REJECTED"));
    }
    for (index, container) in std::iter::once(cna).chain(&record.containers.adp).enumerate() {
        let place = if index == 0 {
            "/containers/cna".to_owned()
        } else {
            format!("/containers/adp/{}", index.saturating_sub(1))
        };
        add(container, &place, &mut fact, notes)?;
    }
    fact.cwes.sort();
    fact.cwes.dedup();
    Ok(fact)
}

/// Adds what one container says.
fn add(container: &Container, place: &str, fact: &mut CveRecord, notes: &mut Vec<Defect>) -> Result<(), Defect> {
    let said_by = container.provider_metadata.as_ref().and_then(|provider| some(provider.short_name.as_deref()));
    let said_by = said_by.unwrap_or_default();
    let count = container.affected.iter().map(|product| product.versions.len()).fold(0, usize::saturating_add);
    if count > LIST_MAX {
        return Err(Defect::at(format!("{place}/affected"), format!("has more than {LIST_MAX} versions")));
    }
    for product in &container.affected {
        fact.affected.push(affected(product, &said_by));
    }
    for (index, metric) in container.metrics.iter().enumerate() {
        let vectors = [&metric.cvss_4_0, &metric.cvss_3_1, &metric.cvss_3_0, &metric.cvss_2_0];
        for vector in vectors.into_iter().flatten().filter_map(|cvss| cvss.vector_string.as_deref()) {
            match Vector::read(vector) {
                Some(vector) => fact.scores.push(SourcedScore { said_by: said_by.clone(), vector: vector.to_string() }),
                None => notes.push(Defect::at(format!("{place}/metrics/{index}"), "is no CVSS vector")),
            }
        }
        fact.decisions.extend(metric.other.as_ref().and_then(|other| decision(other, &said_by)));
    }
    let cwes = container.problem_types.iter().flat_map(|problem| &problem.descriptions);
    fact.cwes.extend(cwes.filter_map(|problem| problem.cwe_id.clone()).filter(|cwe| is_cwe(cwe)));
    let room = REFERENCES_MAX.saturating_sub(fact.references.len());
    let references = container.references.iter().filter_map(|reference| some(reference.url.as_deref()));
    fact.references.extend(references.take(room));
    Ok(())
}

fn affected(product: &Product, said_by: &str) -> AffectedProduct {
    let versions = product.versions.iter().filter_map(|range| {
        Some(VersionRange {
            version: some(Some(&range.version))?,
            less_than: some(range.less_than.as_deref()),
            less_than_or_equal: some(range.less_than_or_equal.as_deref()),
            scheme: some(range.version_type.as_deref()),
            status: range.status,
        })
    });
    let names = |list: &[String]| list.iter().filter_map(|name| some(Some(name))).collect();
    AffectedProduct {
        said_by: said_by.to_owned(),
        vendor: some(product.vendor.as_deref()),
        product: some(product.product.as_deref()),
        default_status: product.default_status,
        versions: versions.collect(),
        platforms: names(&product.platforms),
        cpes: names(&product.cpes),
    }
}

/// The points of a decision: an `other` metric of type `ssvc`, as CISA writes it.
fn decision(other: &Other, said_by: &str) -> Option<Decision> {
    let content = other.content.as_ref().filter(|_| other.kind == "ssvc")?;
    let options = content.get("options")?.as_array()?;
    let option = |name: &str| {
        let value = options.iter().find_map(|option| option.get(name)?.as_str());
        some(value).map(|value| value.to_ascii_lowercase())
    };
    Some(Decision {
        said_by: said_by.to_owned(),
        exploitation: option("Exploitation"),
        automatable: option("Automatable"),
        technical_impact: option("Technical Impact"),
        date: content.get("timestamp").and_then(Value::as_str).and_then(Timestamp::read),
    })
}

fn in_english(descriptions: &[Description]) -> Option<String> {
    let english = descriptions.iter().find(|description| description.lang.starts_with("en"));
    english.map(|description| text(&description.value))
}
