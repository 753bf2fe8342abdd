//! Pages of the National Vulnerability Database: API 2.0 and the files of each year in the same form (NIST, schema
//! `nvd_api_2.0`).

use model::Timestamp;
use model::cvss::Vector;
use model::outside::{Catalogue, Configuration, CveRecord, Fact, PlatformRange, ProductGroup, SourcedScore};
use serde::Deserialize;

use crate::written::{LIST_MAX, cve, is_cwe, some, text};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct Nvd;

/// References of a record that are kept.
const REFERENCES_MAX: usize = 32;

#[derive(Deserialize)]
struct Item {
    cve: Record,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    published: Option<String>,
    last_modified: Option<String>,
    vuln_status: Option<String>,
    #[serde(default)]
    descriptions: Vec<Text>,
    #[serde(default)]
    metrics: Metrics,
    #[serde(default)]
    weaknesses: Vec<Weakness>,
    #[serde(default)]
    configurations: Vec<Nodes>,
    #[serde(default)]
    references: Vec<Reference>,
}

#[derive(Deserialize)]
struct Text {
    lang: String,
    value: String,
}

#[derive(Default, Deserialize)]
struct Metrics {
    #[serde(default, rename = "cvssMetricV40")]
    version_4_0: Vec<Metric>,
    #[serde(default, rename = "cvssMetricV31")]
    version_3_1: Vec<Metric>,
    #[serde(default, rename = "cvssMetricV30")]
    version_3_0: Vec<Metric>,
    #[serde(default, rename = "cvssMetricV2")]
    version_2: Vec<Metric>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    source: Option<String>,
    cvss_data: Cvss,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cvss {
    vector_string: String,
}

#[derive(Deserialize)]
struct Weakness {
    #[serde(default)]
    description: Vec<Text>,
}

#[derive(Deserialize)]
struct Nodes {
    operator: Option<String>,
    #[serde(default)]
    negate: bool,
    #[serde(default)]
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    operator: Option<String>,
    #[serde(default)]
    negate: bool,
    #[serde(default)]
    cpe_match: Vec<Match>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Match {
    vulnerable: bool,
    criteria: String,
    version_start_including: Option<String>,
    version_start_excluding: Option<String>,
    version_end_including: Option<String>,
    version_end_excluding: Option<String>,
}

#[derive(Deserialize)]
struct Reference {
    url: String,
}

impl Feed for Nvd {
    fn name(&self) -> &'static str {
        "nvd"
    }

    fn title(&self) -> &'static str {
        "National Vulnerability Database (NIST), API 2.0 and files of a year"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.member("/format") == Some("NVD_CVE")
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let version = content.outline.member("/version").unwrap_or_default();
        if version != "2.0" {
            return Err(Defect::at("/version", format!("is «{version}», not 2.0")));
        }
        let mut notes = Vec::new();
        json::each(content.bytes, "vulnerabilities", &mut |index, item: Item| {
            let place = format!("/vulnerabilities/{index}/cve");
            taker.take(Fact::CveRecord(Box::new(fact(&item.cve, &place, &mut notes)?)));
            Ok(())
        })?;
        Ok(Summary { date: content.outline.member("/timestamp").and_then(Timestamp::read), notes })
    }
}

fn fact(record: &Record, place: &str, notes: &mut Vec<Defect>) -> Result<CveRecord, Defect> {
    let nodes = record.configurations.iter().flat_map(|configuration| &configuration.nodes);
    if nodes.map(|node| node.cpe_match.len()).fold(0, usize::saturating_add) > LIST_MAX {
        return Err(Defect::at(format!("{place}/configurations"), format!("has more than {LIST_MAX} products")));
    }
    let mut cwes: Vec<String> =
        record.weaknesses.iter().flat_map(|weakness| &weakness.description).map(|text| text.value.clone()).collect();
    cwes.retain(|cwe| is_cwe(cwe));
    cwes.sort();
    cwes.dedup();
    Ok(CveRecord {
        cve: cve(&record.id, || Defect::at(format!("{place}/id"), ""))?,
        catalogue: Catalogue::Nvd,
        is_rejected: record.vuln_status.as_deref() == Some("Rejected"),
        published: record.published.as_deref().and_then(Timestamp::read),
        updated: record.last_modified.as_deref().and_then(Timestamp::read),
        title: None,
        description: record.descriptions.iter().find(|said| said.lang == "en").map(|said| text(&said.value)),
        affected: Vec::new(),
        configurations: record.configurations.iter().map(configuration).collect(),
        scores: scores(&record.metrics, place, notes),
        decisions: Vec::new(),
        cwes,
        references: record
            .references
            .iter()
            .filter_map(|reference| some(Some(&reference.url)))
            .take(REFERENCES_MAX)
            .collect(),
    })
}

fn scores(metrics: &Metrics, place: &str, notes: &mut Vec<Defect>) -> Vec<SourcedScore> {
    let mut scores = Vec::new();
    for metric in
        [&metrics.version_4_0, &metrics.version_3_1, &metrics.version_3_0, &metrics.version_2].into_iter().flatten()
    {
        // Older entries of version 2 stand in parentheses.
        let vector = metric.cvss_data.vector_string.trim_start_matches('(').trim_end_matches(')');
        match Vector::read(vector) {
            Some(vector) => scores.push(SourcedScore {
                said_by: some(metric.source.as_deref()).unwrap_or_default(),
                vector: vector.to_string(),
            }),
            None => notes.push(Defect::at(
                format!("{place}/metrics"),
                format!("«{}» is no CVSS vector", crate::written::start(vector)),
            )),
        }
    }
    scores
}

fn configuration(nodes: &Nodes) -> Configuration {
    let needs_all = |operator: Option<&str>| operator == Some("AND");
    let groups = nodes.nodes.iter().map(|node| ProductGroup {
        needs_all: needs_all(node.operator.as_deref()),
        is_negated: node.negate,
        products: node.cpe_match.iter().filter_map(product).collect(),
    });
    Configuration {
        needs_all: needs_all(nodes.operator.as_deref()),
        is_negated: nodes.negate,
        groups: groups.collect(),
    }
}

fn product(one: &Match) -> Option<PlatformRange> {
    Some(PlatformRange {
        cpe: some(Some(&one.criteria))?,
        is_vulnerable: one.vulnerable,
        from_including: some(one.version_start_including.as_deref()),
        from_excluding: some(one.version_start_excluding.as_deref()),
        to_including: some(one.version_end_including.as_deref()),
        to_excluding: some(one.version_end_excluding.as_deref()),
    })
}
