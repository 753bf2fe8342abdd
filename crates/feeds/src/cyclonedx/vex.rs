//! Vulnerabilities in CycloneDX documents, told as advisories are.

use std::collections::BTreeMap;

use model::Timestamp;
use model::advisory::{
    Advisory, Identifiers, Publisher, PublisherKind, Remedy, RemedyKind, Score, State, Statement, Status, VersionKind,
    Vulnerability as Told,
};
use model::cvss::Vector;
use model::outside::Component;
use serde::Deserialize;

use super::{Document, Number, Organization};
use crate::Defect;
use crate::written::{LIST_MAX, is_cve, name, some, start, text};

/// Ratings of a vulnerability that are read.
const RATINGS_MAX: usize = 16;

#[derive(Deserialize)]
pub(super) struct Vulnerability {
    id: Option<String>,
    #[serde(default)]
    ratings: Vec<Rating>,
    #[serde(default)]
    cwes: Vec<u64>,
    description: Option<String>,
    recommendation: Option<String>,
    workaround: Option<String>,
    analysis: Option<Analysis>,
    #[serde(default)]
    affects: Vec<Affected>,
}

#[derive(Deserialize)]
struct Rating {
    method: Option<String>,
    vector: Option<String>,
}

#[derive(Deserialize)]
struct Analysis {
    state: Option<String>,
    justification: Option<String>,
    #[serde(default, alias = "responses")]
    response: Vec<String>,
    detail: Option<String>,
}

#[derive(Deserialize)]
struct Affected {
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default)]
    versions: Vec<Version>,
}

#[derive(Deserialize)]
struct Version {
    version: Option<String>,
    range: Option<String>,
    status: Option<String>,
}

type Statements = BTreeMap<String, Statement>;

/// What a document says of vulnerabilities. `known` are its components by their references.
pub(super) fn advisory(
    document: &Document,
    id: &str,
    made: Option<Timestamp>,
    known: &BTreeMap<&str, &Component>,
    notes: &mut Vec<Defect>,
) -> Result<Advisory, Defect> {
    let mut statements = Statements::new();
    let mut vulnerabilities = Vec::new();
    let affected = document.vulnerabilities.iter().flat_map(|said| &said.affects);
    if affected.map(|affected| affected.versions.len().max(1)).fold(0, usize::saturating_add) > LIST_MAX {
        return Err(Defect::at("/vulnerabilities", format!("more than {LIST_MAX} products")));
    }
    for (index, said) in document.vulnerabilities.iter().enumerate() {
        vulnerabilities.push(vulnerability(said, &format!("/vulnerabilities/{index}"), known, &mut statements, notes)?);
    }
    let metadata = &document.metadata;
    let named = |by: &Option<Organization>| some(by.as_ref()?.name.as_deref());
    let subject = metadata.component.as_ref();
    let of_subject =
        subject.map(|part| [named(&part.manufacturer), named(&part.supplier), some(part.publisher.as_deref())]);
    let makers =
        [named(&metadata.manufacture), named(&metadata.supplier)].into_iter().chain(of_subject.into_iter().flatten());
    let makers: Vec<String> = makers.flatten().collect();
    let author = named(&metadata.manufacturer);
    // Whoever lists the parts of somebody else's product does not speak for its maker.
    let is_vendor = author.as_ref().is_some_and(|author| makers.contains(author));
    let version = match &document.version {
        Some(Number::Number(number)) => number.to_string(),
        Some(Number::Text(text)) => name(text, || Defect::at("/version", ""))?,
        None => "1".to_owned(),
    };
    Ok(Advisory {
        id: id.to_owned(),
        version,
        title: format!("CycloneDX {}", document.spec_version),
        publisher: Publisher {
            kind: if is_vendor { PublisherKind::Vendor } else { PublisherKind::Other },
            name: author.or_else(|| makers.into_iter().next()).unwrap_or_default(),
            namespace: String::new(),
        },
        initial_release: made.unwrap_or_default(),
        current_release: made.unwrap_or_default(),
        url: None,
        exploitability: None,
        statements: statements.into_values().collect(),
        vulnerabilities,
    })
}

fn vulnerability(
    said: &Vulnerability,
    place: &str,
    known: &BTreeMap<&str, &Component>,
    statements: &mut Statements,
    notes: &mut Vec<Defect>,
) -> Result<Told, Defect> {
    let analysis = said.analysis.as_ref();
    let state = analysis.and_then(|analysis| analysis.state.as_deref());
    let overall = match state {
        None | Some("exploitable") => Status::Affected,
        Some("resolved" | "resolved_with_pedigree") => Status::Fixed,
        Some("in_triage") => Status::UnderInvestigation,
        Some("false_positive" | "not_affected") => Status::NotAffected,
        Some(other) => {
            return Err(Defect::at(format!("{place}/analysis/state"), format!("«{}» is no state", start(other))));
        }
    };
    let mut states = Vec::new();
    for (index, affected) in said.affects.iter().enumerate() {
        let place = format!("{place}/affects/{index}");
        for (statement, status) in concerned(affected, overall, &place, known)? {
            let is_why = status == Status::NotAffected;
            states.push(State {
                statement: statement.id.clone(),
                status,
                justification: analysis
                    .filter(|_| is_why)
                    .and_then(|analysis| analysis.justification.as_deref())
                    .map(justification),
                impact: analysis.filter(|_| is_why).and_then(|analysis| analysis.detail.as_deref()).map(text),
            });
            statements.insert(statement.id.clone(), statement);
        }
    }
    let about: Vec<String> = states.iter().map(|state| state.statement.clone()).collect();
    let id = said.id.as_deref().map(|id| name(id, || Defect::at(format!("{place}/id"), ""))).transpose()?;
    let (cve, other_ids) = match id {
        Some(id) if is_cve(&id) => (Some(id), Vec::new()),
        id => (None, id.into_iter().collect()),
    };
    let mut scores = Vec::new();
    for (index, rating) in said.ratings.iter().enumerate().take(RATINGS_MAX) {
        let Some(vector) = rating.vector.as_deref() else { continue };
        match vector_of(vector, rating.method.as_deref()) {
            Some(vector) => scores.push(Score { vector: vector.to_string(), statements: about.clone() }),
            None => notes.push(Defect::at(
                format!("{place}/ratings/{index}"),
                format!("«{}» is no vector of CVSS", start(vector)),
            )),
        }
    }
    Ok(Told {
        cve,
        other_ids,
        cwe: said.cwes.first().map(|number| format!("CWE-{number}")),
        title: said.description.as_deref().map(text),
        scores,
        states,
        remedies: remedies(said, &about),
        ..Told::default()
    })
}

/// What is affected, as one statement or one for each range of versions that is told apart.
fn concerned(
    affected: &Affected,
    overall: Status,
    place: &str,
    known: &BTreeMap<&str, &Component>,
) -> Result<Vec<(Statement, Status)>, Defect> {
    let reference = name(&affected.reference, || Defect::at(place, ""))?;
    let component = known.get(reference.as_str());
    let whole = Statement {
        id: reference.clone(),
        vendor: component.and_then(|component| component.supplier.clone()),
        product: component.map_or_else(|| reference.clone(), |component| component.name.clone()),
        version: component.and_then(|component| component.version.clone()),
        kind: if component.is_some_and(|component| component.version.is_some()) {
            VersionKind::Version
        } else {
            VersionKind::Name
        },
        text: component.map_or_else(|| reference.clone(), |component| component.name.clone()),
        relation: None,
        identifiers: Identifiers {
            purls: component.and_then(|component| component.purl.clone()).into_iter().collect(),
            cpes: component.map(|component| component.cpes.clone()).unwrap_or_default(),
            ..Identifiers::default()
        },
    };
    let mut all = Vec::new();
    for range in &affected.versions {
        let Some(version) = some(range.version.as_deref().or(range.range.as_deref())) else { continue };
        let status = match (range.status.as_deref(), overall) {
            (Some("unaffected"), Status::Fixed) => Status::Fixed,
            (Some("unaffected"), _) => Status::NotAffected,
            (Some("unknown"), _) => Status::UnderInvestigation,
            // A range is `affected` unless it says otherwise, but no more than the document as a whole says.
            _ => overall,
        };
        let kind = if range.version.is_some() { VersionKind::Version } else { VersionKind::Range };
        all.push((
            Statement { id: format!("{reference} {version}"), version: Some(version), kind, ..whole.clone() },
            status,
        ));
    }
    if all.is_empty() {
        all.push((whole, overall));
    }
    Ok(all)
}

/// CycloneDX writes a vector with or without the prefix that says its version.
fn vector_of(vector: &str, method: Option<&str>) -> Option<Vector> {
    let prefix = match method {
        Some("CVSSv3") => "CVSS:3.0/",
        Some("CVSSv31") => "CVSS:3.1/",
        Some("CVSSv4") => "CVSS:4.0/",
        _ => "",
    };
    Vector::read(vector)
        .filter(|_| vector.starts_with("CVSS:") || prefix.is_empty())
        .or_else(|| Vector::read(&format!("{prefix}{vector}")))
}

/// The VEX justification that means the same, if there is one; CycloneDX knows more of them.
fn justification(label: &str) -> String {
    match label {
        "code_not_present" => "vulnerable_code_not_present".to_owned(),
        "code_not_reachable" => "vulnerable_code_not_in_execute_path".to_owned(),
        other => text(other),
    }
}

fn remedies(said: &Vulnerability, about: &[String]) -> Vec<Remedy> {
    let remedy = |kind, text| Remedy { kind, text, url: None, date: None, statements: about.to_vec() };
    let mut all = Vec::new();
    all.extend(said.recommendation.as_deref().map(|said| remedy(RemedyKind::VendorFix, text(said))));
    all.extend(said.workaround.as_deref().map(|said| remedy(RemedyKind::Workaround, text(said))));
    for response in said.analysis.iter().flat_map(|analysis| &analysis.response) {
        let kind = match response.as_str() {
            "update" => RemedyKind::VendorFix,
            "rollback" => RemedyKind::Mitigation,
            "workaround_available" => RemedyKind::Workaround,
            "can_not_fix" | "will_not_fix" => RemedyKind::NoFixPlanned,
            _ => continue,
        };
        if !all.iter().any(|known: &Remedy| known.kind == kind) {
            all.push(remedy(kind, text(response)));
        }
    }
    all
}
