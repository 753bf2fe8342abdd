//! What a CSAF document says, in the words of the model.

use std::collections::BTreeMap;

use model::advisory::{
    Advisory, Exploitation, Identifiers, Publisher, PublisherKind, Relation, Remedy, Score, State, Statement, Status,
    VersionKind, Vulnerability,
};
use model::cvss::Vector;
use serde_json::Value;

use super::document::{self, Branch, Csaf, Product};
use super::rules::{groups, products};
use crate::written::{LIST_MAX, name, some, text};
use crate::{Defect, Place};

/// How many combinations are followed to the product that they begin with.
const RELATIONS_MAX: usize = 16;
/// References of a vulnerability that are kept.
const REFERENCES_MAX: usize = 16;

/// Reads it. What `notes` says to be wrong is left out.
pub(super) fn read(csaf: &Csaf, notes: &[Defect]) -> Result<Advisory, Defect> {
    let about = &csaf.document;
    let kind = match about.publisher.category.as_str() {
        "vendor" => PublisherKind::Vendor,
        "coordinator" => PublisherKind::Coordinator,
        _ => PublisherKind::Other,
    };
    let whole = || Defect::at("/document", "");
    let statements = statements(csaf)?;
    let size = csaf.vulnerabilities().iter().flat_map(|vulnerability| vulnerability.statuses());
    if size.map(|(_, products)| products.len()).fold(0, usize::saturating_add) > LIST_MAX {
        return Err(Defect::at("/vulnerabilities", format!("more than {LIST_MAX} statements on products")));
    }
    let groups = groups(csaf);
    let wrong_cwes = notes.iter().filter(|note| note.rule == Some("6.1.11")).map(|note| &note.place);
    let wrong_cwes: Vec<&Place> = wrong_cwes.collect();
    let vulnerabilities = csaf.vulnerabilities().iter().enumerate();
    let vulnerabilities =
        vulnerabilities.map(|(index, said)| vulnerability(index, said, &groups, &wrong_cwes)).collect();
    Ok(Advisory {
        id: name(&about.tracking.id, whole)?,
        version: name(&about.tracking.version, whole)?,
        title: text(&about.title),
        publisher: Publisher {
            name: name(&about.publisher.name, whole)?,
            namespace: name(&about.publisher.namespace, whole)?,
            kind,
        },
        initial_release: about.tracking.initial_release_date,
        current_release: about.tracking.current_release_date,
        url: page(about),
        exploitability: about
            .notes
            .iter()
            .find(|note| note.title.as_deref() == Some("Exploitability"))
            .map(|note| text(&note.text)),
        statements,
        vulnerabilities,
    })
}

/// Where a person reads it: the publisher's own page, rather than the document itself.
fn page(about: &document::About) -> Option<String> {
    let own = || about.references.iter().filter(|reference| reference.category == "self");
    let page = own().find(|reference| !reference.url.ends_with(".json")).or_else(|| own().next());
    page.and_then(|reference| some(Some(&reference.url)))
}

fn statements(csaf: &Csaf) -> Result<Vec<Statement>, Defect> {
    let Some(tree) = &csaf.product_tree else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    descend(&tree.branches, &mut Vec::new(), &mut all)?;
    for product in &tree.full_product_names {
        all.push(statement(&[], product)?);
    }
    // A relationship may be part of another that stands after it; what it is made of is looked up when all are there.
    for relationship in &tree.relationships {
        let place = || Defect::at("/product_tree/relationships", "");
        let relation = Relation {
            kind: name(&relationship.category, place)?,
            part: name(&relationship.product_reference, place)?,
            on: name(&relationship.relates_to_product_reference, place)?,
        };
        all.push(Statement { relation: Some(relation), ..statement(&[], &relationship.product)? });
    }
    complete(&mut all);
    Ok(all)
}

/// Gives each combination of products the vendor, product and version of its part.
fn complete(statements: &mut [Statement]) {
    let own: BTreeMap<String, Statement> = statements.iter().map(|one| (one.id.clone(), one.clone())).collect();
    for statement in statements.iter_mut().filter(|statement| statement.relation.is_some()) {
        let mut part = Some(&*statement);
        for _ in 0..RELATIONS_MAX {
            let Some(relation) = part.and_then(|part| part.relation.as_ref()) else { break };
            part = own.get(&relation.part);
        }
        let Some(part) = part.cloned() else { continue };
        statement.vendor = part.vendor;
        statement.product = part.product;
        statement.version = part.version;
        statement.kind = part.kind;
        if statement.identifiers.is_empty() {
            statement.identifiers = part.identifiers;
        }
    }
}

fn descend<'a>(branches: &'a [Branch], above: &mut Vec<&'a Branch>, all: &mut Vec<Statement>) -> Result<(), Defect> {
    for branch in branches {
        above.push(branch);
        if let Some(product) = &branch.product {
            all.push(statement(above, product)?);
        }
        if all.len() > LIST_MAX {
            return Err(Defect::at("/product_tree", format!("more than {LIST_MAX} products")));
        }
        descend(&branch.branches, above, all)?;
        above.pop();
    }
    Ok(())
}

fn statement(above: &[&Branch], product: &Product) -> Result<Statement, Defect> {
    let place = || Defect::at("/product_tree", "");
    let vendor = above.iter().find(|branch| branch.category == "vendor");
    let is_version = |branch: &Branch| matches!(&*branch.category, "product_version" | "product_version_range");
    let version = above.iter().rev().find(|branch| is_version(branch));
    let between = above.iter().filter(|branch| branch.category != "vendor" && !is_version(branch));
    let between: Vec<&str> = between.map(|branch| branch.name.trim()).collect();
    let kind = match version.map(|version| &*version.category) {
        Some("product_version") => VersionKind::Version,
        Some(_) => VersionKind::Range,
        None => VersionKind::Name,
    };
    let helper = &product.helper;
    let names = |list: &[String]| list.iter().map(|one| name(one, place)).collect::<Result<Vec<_>, _>>();
    Ok(Statement {
        id: name(&product.product_id, place)?,
        vendor: vendor.map(|vendor| name(&vendor.name, place)).transpose()?,
        product: name(&between.join(" "), place)?,
        version: version.map(|version| name(&version.name, place)).transpose()?,
        kind,
        text: name(&product.name, place)?,
        relation: None,
        identifiers: Identifiers {
            cpes: names(helper.cpe.as_slice())?,
            purls: names(helper.purl.as_slice())?,
            models: names(&helper.model_numbers)?,
            serials: names(&helper.serial_numbers)?,
            skus: names(&helper.skus)?,
        },
    })
}

fn vulnerability(
    index: usize,
    said: &document::Vulnerability,
    groups: &BTreeMap<&str, &[String]>,
    wrong_cwes: &[&Place],
) -> Vulnerability {
    let statements = |meant| products(meant, groups).map(str::to_owned).collect::<Vec<_>>();
    let cwe_is_wrong = wrong_cwes.contains(&&Place::Pointer(format!("/vulnerabilities/{index}/cwe")));
    let remedies = said.remedies.iter().map(|remedy| Remedy {
        kind: remedy.category,
        text: text(&remedy.details),
        url: some(remedy.url.as_deref()),
        date: remedy.date,
        statements: statements(&remedy.products),
    });
    let exploitation = said.threats.iter().filter(|threat| threat.category == "exploit_status").map(|threat| {
        Exploitation { text: text(&threat.details), date: threat.date, statements: statements(&threat.products) }
    });
    Vulnerability {
        cve: said.cve.clone(),
        other_ids: said.ids.iter().flatten().filter_map(|id| some(Some(&id.text))).collect(),
        cwe: said.cwe.as_ref().filter(|_| !cwe_is_wrong).map(|cwe| cwe.id.clone()),
        title: said.title.as_deref().map(text),
        scores: said.scores.iter().flat_map(scores).collect(),
        states: states(said, groups),
        remedies: remedies.collect(),
        exploitation: exploitation.collect(),
        references: said
            .references
            .iter()
            .filter_map(|reference| some(Some(&reference.url)))
            .take(REFERENCES_MAX)
            .collect(),
    }
}

fn scores(said: &document::Score) -> impl Iterator<Item = Score> {
    let vector = |cvss: &Option<Value>| {
        let text = cvss.as_ref()?.get("vectorString")?.as_str()?;
        Vector::read(text).map(|vector| Score { vector: vector.to_string(), statements: said.products.clone() })
    };
    [vector(&said.cvss_v2), vector(&said.cvss_v3)].into_iter().flatten()
}

fn states(said: &document::Vulnerability, groups: &BTreeMap<&str, &[String]>) -> Vec<State> {
    let mut justified: BTreeMap<&str, &str> = BTreeMap::new();
    for flag in &said.flags {
        justified.extend(products(&flag.products, groups).map(|id| (id, &*flag.label)));
    }
    let mut impacts: BTreeMap<&str, &str> = BTreeMap::new();
    for threat in said.threats.iter().filter(|threat| threat.category == "impact") {
        impacts.extend(products(&threat.products, groups).map(|id| (id, &*threat.details)));
    }
    let mut states = Vec::new();
    for (group, ids) in said.statuses() {
        let Some(status) = group.status() else { continue };
        let is_why = status == Status::NotAffected;
        states.extend(ids.iter().map(|id| State {
            statement: id.clone(),
            status,
            justification: justified.get(&**id).filter(|_| is_why).map(|label| (*label).to_owned()),
            impact: impacts.get(&**id).filter(|_| is_why).map(|impact| text(impact)),
        }));
    }
    states
}
