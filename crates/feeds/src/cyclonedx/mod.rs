//! Parts lists and VEX in CycloneDX (ECMA-424), JSON and XML, from 1.2 on. What a newer version adds is passed over.

mod from_xml;
mod vex;

use std::collections::BTreeMap;

use model::Timestamp;
use model::outside::{Bill, Component, Fact};
use serde::Deserialize;

use crate::written::{LIST_MAX, name, some};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct CycloneDx;

const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    spec_version: String,
    serial_number: Option<String>,
    #[serde(default)]
    version: Option<Number>,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    components: Vec<Part>,
    #[serde(default)]
    vulnerabilities: Vec<vex::Vulnerability>,
}

/// A number; a text where it comes from XML.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Number(u64),
    Text(String),
}

#[derive(Default, Deserialize)]
struct Metadata {
    timestamp: Option<String>,
    component: Option<Part>,
    /// Who made the document, from 1.6 on.
    manufacturer: Option<Organization>,
    /// Who made the product, up to 1.5.
    manufacture: Option<Organization>,
    supplier: Option<Organization>,
}

#[derive(Deserialize)]
struct Organization {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(rename = "bom-ref")]
    reference: Option<String>,
    supplier: Option<Organization>,
    manufacturer: Option<Organization>,
    publisher: Option<String>,
    group: Option<String>,
    name: String,
    version: Option<String>,
    purl: Option<String>,
    cpe: Option<String>,
    #[serde(default)]
    hashes: Vec<Hash>,
    #[serde(default)]
    licenses: Vec<Licence>,
    #[serde(default)]
    components: Vec<Part>,
}

#[derive(Deserialize)]
struct Hash {
    alg: String,
    content: String,
}

#[derive(Deserialize)]
struct Licence {
    license: Option<Named>,
    expression: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
}

impl Feed for CycloneDx {
    fn name(&self) -> &'static str {
        "cyclonedx"
    }

    fn title(&self) -> &'static str {
        "Parts lists and VEX in CycloneDX 1.2 and later, JSON and XML"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        let is_xml = outline.head.trim_start().starts_with('<') && outline.head.contains(NAMESPACE);
        outline.member("/bomFormat") == Some("CycloneDX") || is_xml
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let document: Document = if content.outline.head.is_empty() {
            json::whole(content.bytes)?
        } else {
            let tree = from_xml::tree(content.bytes)?;
            serde_json::from_value(tree).map_err(|error| Defect::whole(error.to_string()))?
        };
        if !document.spec_version.starts_with("1.") {
            return Err(Defect::at(
                "/specVersion",
                format!("is «{}», not 1", crate::written::start(&document.spec_version)),
            ));
        }
        let mut components = Vec::new();
        flatten(&document.components, "/components", &mut components)?;
        let subject = document.metadata.component.as_ref();
        let subject = subject.map(|part| component(part, "/metadata/component")).transpose()?;
        let made = document.metadata.timestamp.as_deref().and_then(Timestamp::read);
        let id = some(document.serial_number.as_deref()).unwrap_or_else(|| content.sha256.to_owned());
        let mut notes = Vec::new();
        if !document.vulnerabilities.is_empty() {
            let known: BTreeMap<&str, &Component> =
                subject.iter().chain(&components).map(|component| (component.id.as_str(), component)).collect();
            let advisory = vex::advisory(&document, &id, made, &known, &mut notes)?;
            taker.take(Fact::Advisory(Box::new(advisory)));
        }
        if !components.is_empty() || document.vulnerabilities.is_empty() {
            let format = format!("CycloneDX {}", document.spec_version);
            taker.take(Fact::Bill(Box::new(Bill { id, format, subject, made, components })));
        }
        Ok(Summary { date: made, notes })
    }
}

/// Every part, those within parts included; as deep as the parsers let a document be.
fn flatten(parts: &[Part], place: &str, all: &mut Vec<Component>) -> Result<(), Defect> {
    for (index, part) in parts.iter().enumerate() {
        let place = format!("{place}/{index}");
        all.push(component(part, &place)?);
        if all.len() > LIST_MAX {
            return Err(Defect::at(place, format!("more than {LIST_MAX} components")));
        }
        flatten(&part.components, &format!("{place}/components"), all)?;
    }
    Ok(())
}

fn component(part: &Part, place: &str) -> Result<Component, Defect> {
    let here = || Defect::at(place, "");
    let organization = |organization: &Option<Organization>| some(organization.as_ref()?.name.as_deref());
    let supplier = organization(&part.supplier).or_else(|| organization(&part.manufacturer));
    let licences = part.licenses.iter().filter_map(|licence| {
        let named = licence.license.as_ref().and_then(|named| named.id.as_deref().or(named.name.as_deref()));
        some(named.or(licence.expression.as_deref()))
    });
    let hashes = part.hashes.iter().map(|hash| Ok((name(&hash.alg, here)?, name(&hash.content, here)?)));
    Ok(Component {
        id: name(part.reference.as_deref().unwrap_or_default(), here)?,
        supplier: supplier.or_else(|| some(part.publisher.as_deref())),
        group: some(part.group.as_deref()),
        name: name(&part.name, here)?,
        version: some(part.version.as_deref()),
        purl: some(part.purl.as_deref()),
        cpes: some(part.cpe.as_deref()).into_iter().collect(),
        hashes: hashes.collect::<Result<_, Defect>>()?,
        licences: licences.collect(),
    })
}
