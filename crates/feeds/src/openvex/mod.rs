//! OpenVEX documents (OpenVEX Specification 0.2.0 and 0.0.1): which products have a vulnerability and which do not, and why. They are told as
//! advisories are.

use std::collections::{BTreeMap, BTreeSet};

use model::Timestamp;
use model::advisory::{
    Advisory, Identifiers, Publisher, PublisherKind, Relation, Remedy, RemedyKind, State, Statement, Status,
    VersionKind, Vulnerability,
};
use model::outside::Fact;
use serde::Deserialize;

use crate::written::{LIST_MAX, is_cve, name, some, start, text};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct OpenVex;

const CONTEXT: &str = "https://openvex.dev/ns";
const JUSTIFICATIONS: &[&str] = &[
    "component_not_present",
    "inline_mitigations_already_exist",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_not_present",
];

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "@id")]
    id: String,
    author: String,
    role: Option<String>,
    timestamp: Option<String>,
    last_updated: Option<String>,
    version: Version,
    statements: Vec<Said>,
}

/// A number; a text in version 0.0.1.
#[derive(Deserialize)]
#[serde(untagged)]
enum Version {
    Number(u64),
    Text(String),
}

#[derive(Deserialize)]
struct Said {
    vulnerability: Named,
    #[serde(default)]
    products: Vec<Product>,
    status: String,
    justification: Option<String>,
    impact_statement: Option<String>,
    action_statement: Option<String>,
    timestamp: Option<String>,
}

/// A vulnerability: an object; a text in version 0.0.1.
#[derive(Deserialize)]
#[serde(untagged)]
enum Named {
    Object {
        name: String,
        #[serde(default)]
        aliases: Vec<String>,
    },
    Text(String),
}

/// A product: an object; a text in version 0.0.1.
#[derive(Deserialize)]
#[serde(untagged)]
enum Product {
    Object(Component),
    Text(String),
}

#[derive(Deserialize)]
struct Component {
    #[serde(rename = "@id")]
    id: Option<String>,
    #[serde(default)]
    identifiers: BTreeMap<String, String>,
    #[serde(default)]
    subcomponents: Vec<Product>,
}

impl Feed for OpenVex {
    fn name(&self) -> &'static str {
        "openvex"
    }

    fn title(&self) -> &'static str {
        "OpenVEX documents, 0.2.0 and 0.0.1"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.member("/@context").is_some_and(|context| context.starts_with(CONTEXT))
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let document: Document = json::whole(content.bytes)?;
        let date = |text: Option<&str>, place: &str| {
            let wrong = || Defect::at(place, "is no date");
            text.map(|text| Timestamp::read(text).ok_or_else(wrong)).transpose()
        };
        let made = date(document.timestamp.as_deref(), "/timestamp")?;
        let first_said = document.statements.iter().find_map(|said| said.timestamp.as_deref());
        let made = match made {
            Some(made) => made,
            None => {
                date(first_said, "/statements/0/timestamp")?.ok_or_else(|| Defect::at("/timestamp", "is missing"))?
            }
        };
        let updated = date(document.last_updated.as_deref(), "/last_updated")?.unwrap_or(made);
        taker.take(Fact::Advisory(Box::new(advisory(&document, made, updated)?)));
        Ok(Summary { date: Some(updated), notes: Vec::new() })
    }
}

fn advisory(document: &Document, made: Timestamp, updated: Timestamp) -> Result<Advisory, Defect> {
    let mut statements: BTreeMap<String, Statement> = BTreeMap::new();
    let mut vulnerabilities: BTreeMap<String, Vulnerability> = BTreeMap::new();
    let mut count = 0_usize;
    for (index, said) in document.statements.iter().enumerate() {
        let place = format!("/statements/{index}");
        let parts = said.products.iter().map(|product| match product {
            Product::Object(component) => component.subcomponents.len().max(1),
            Product::Text(_) => 1,
        });
        count = parts.fold(count, usize::saturating_add);
        if count > LIST_MAX {
            return Err(Defect::at(place, format!("more than {LIST_MAX} products")));
        }
        add(said, &place, &mut statements, &mut vulnerabilities)?;
    }
    let role = document.role.as_deref().unwrap_or_default().to_lowercase();
    let kind = match &*role {
        role if role.contains("vendor") || role.contains("manufacturer") => PublisherKind::Vendor,
        role if role.contains("coordinator") => PublisherKind::Coordinator,
        _ => PublisherKind::Other,
    };
    let whole = || Defect::at("/@id", "");
    Ok(Advisory {
        id: name(&document.id, whole)?,
        version: match &document.version {
            Version::Number(number) => number.to_string(),
            Version::Text(text) => name(text, whole)?,
        },
        title: "OpenVEX".to_owned(),
        publisher: Publisher {
            name: name(&document.author, || Defect::at("/author", ""))?,
            namespace: String::new(),
            kind,
        },
        initial_release: made,
        current_release: updated,
        url: None,
        exploitability: None,
        statements: statements.into_values().collect(),
        vulnerabilities: vulnerabilities.into_values().collect(),
    })
}

/// Adds one statement. A later one on the same product and vulnerability replaces an earlier one.
fn add(
    said: &Said,
    place: &str,
    statements: &mut BTreeMap<String, Statement>,
    vulnerabilities: &mut BTreeMap<String, Vulnerability>,
) -> Result<(), Defect> {
    let status = match &*said.status {
        "affected" => Status::Affected,
        "not_affected" => Status::NotAffected,
        "fixed" => Status::Fixed,
        "under_investigation" => Status::UnderInvestigation,
        other => return Err(Defect::at(format!("{place}/status"), format!("«{}» is no status", start(other)))),
    };
    let is_unknown = |justification: &&String| !JUSTIFICATIONS.contains(&justification.as_str());
    if let Some(unknown) = said.justification.as_ref().filter(is_unknown) {
        return Err(Defect::at(format!("{place}/justification"), format!("«{}» is no justification", start(unknown))));
    }
    if status == Status::NotAffected && said.justification.is_none() && said.impact_statement.is_none() {
        return Err(Defect::at(place, "not_affected has neither justification nor impact_statement"));
    }
    let (id, aliases) = match &said.vulnerability {
        Named::Object { name, aliases } => (name, aliases.as_slice()),
        Named::Text(name) => (name, [].as_slice()),
    };
    let id = name(id, || Defect::at(format!("{place}/vulnerability"), ""))?;
    let cve = std::iter::once(&id).chain(aliases).find(|id| is_cve(id)).cloned();
    let others =
        std::iter::once(&id).chain(aliases).filter(|id| Some(*id) != cve.as_ref()).filter_map(|id| some(Some(id)));
    let entry = Vulnerability { cve: cve.clone(), other_ids: others.collect(), ..Vulnerability::default() };
    let vulnerability = vulnerabilities.entry(id.clone()).or_insert(entry);
    let mut about = Vec::new();
    for (index, product) in said.products.iter().enumerate() {
        let place = format!("{place}/products/{index}");
        for statement in products(product, &place)? {
            // What a combination is made of stands there by itself too, and nothing is said of it.
            if is_whole(product) || statement.relation.is_some() {
                about.push(statement.id.clone());
            }
            statements.insert(statement.id.clone(), statement);
        }
    }
    let again: BTreeSet<&String> = about.iter().collect();
    vulnerability.states.retain(|state| !again.contains(&state.statement));
    vulnerability.states.extend(about.iter().map(|statement| State {
        statement: statement.clone(),
        status,
        justification: said.justification.clone(),
        impact: said.impact_statement.as_deref().map(text),
    }));
    if let Some(action) = &said.action_statement {
        let kind = RemedyKind::Mitigation;
        vulnerability.remedies.push(Remedy { kind, text: text(action), url: None, date: None, statements: about });
    }
    Ok(())
}

/// Whether a product is meant as a whole.
fn is_whole(product: &Product) -> bool {
    !matches!(product, Product::Object(Component { subcomponents, .. }) if !subcomponents.is_empty())
}

/// A product; if only parts of it are meant also these, by themselves and as parts of it.
fn products(product: &Product, place: &str) -> Result<Vec<Statement>, Defect> {
    let whole = statement(product, place)?;
    let mut all = vec![whole.clone()];
    if let Product::Object(Component { subcomponents, .. }) = product {
        for part in subcomponents {
            let part = statement(part, place)?;
            let relation = Relation { kind: "subcomponent_of".to_owned(), part: part.id.clone(), on: whole.id.clone() };
            all.push(Statement { id: format!("{} {}", whole.id, part.id), relation: Some(relation), ..part.clone() });
            all.push(part);
        }
    }
    Ok(all)
}

fn statement(product: &Product, place: &str) -> Result<Statement, Defect> {
    let (id, identifiers) = match product {
        Product::Object(Component { id, identifiers, .. }) => {
            (id.as_deref().or_else(|| identifiers.values().next().map(String::as_str)), Some(identifiers))
        }
        Product::Text(id) => (Some(id.as_str()), None),
    };
    let id = name(id.ok_or_else(|| Defect::at(place, "has neither @id nor identifiers"))?, || Defect::at(place, ""))?;
    let named = |key: &str| identifiers.and_then(|all| all.get(key)).and_then(|value| some(Some(value)));
    let purl = named("purl").or_else(|| Some(id.clone()).filter(|id| id.starts_with("pkg:")));
    let cpes = [named("cpe23"), named("cpe22")].into_iter().flatten().collect();
    // `pkg:type/namespace/name@version?qualifiers`: the name and version are what a person reads.
    let path = purl.as_deref().and_then(|purl| purl.split(['?', '#']).next()).unwrap_or(&id);
    let (path, version) = path.rsplit_once('@').map_or((path, None), |(path, version)| (path, Some(version)));
    let product = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(path);
    let version = purl.as_ref().and(some(version));
    Ok(Statement {
        vendor: None,
        product: product.to_owned(),
        kind: if version.is_some() { VersionKind::Version } else { VersionKind::Name },
        version,
        text: id.clone(),
        relation: None,
        identifiers: Identifiers { purls: purl.into_iter().collect(), cpes, ..Identifiers::default() },
        id,
    })
}
