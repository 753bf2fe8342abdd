//! Parts lists in SPDX 2 (ISO/IEC 5962), JSON and tag-value. Persons are not read, nor are files and snippets.

mod tags;

use model::Timestamp;
use model::outside::{Bill, Component, Fact};
use serde::Deserialize;

use crate::written::{LIST_MAX, name, some};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct Spdx;

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    spdx_version: String,
    document_namespace: Option<String>,
    #[serde(default)]
    creation_info: Creation,
    #[serde(default)]
    packages: Vec<Package>,
    #[serde(default)]
    document_describes: Vec<String>,
    #[serde(default)]
    relationships: Vec<Relationship>,
}

#[derive(Default, Deserialize)]
struct Creation {
    created: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(rename = "SPDXID")]
    id: String,
    name: String,
    version_info: Option<String>,
    supplier: Option<String>,
    originator: Option<String>,
    #[serde(default)]
    external_refs: Vec<Reference>,
    #[serde(default)]
    checksums: Vec<Checksum>,
    license_concluded: Option<String>,
    license_declared: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    reference_type: String,
    reference_locator: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Checksum {
    algorithm: String,
    checksum_value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    spdx_element_id: String,
    related_spdx_element: String,
    relationship_type: String,
}

impl Feed for Spdx {
    fn name(&self) -> &'static str {
        "spdx"
    }

    fn title(&self) -> &'static str {
        "Parts lists in SPDX 2.1 to 2.3, JSON and tag-value"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        let is_tags = outline.head.lines().any(|line| line.starts_with("SPDXVersion:"));
        outline.member("/spdxVersion").is_some_and(|version| version.starts_with("SPDX-")) || is_tags
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let document: Document =
            if content.outline.head.is_empty() { json::whole(content.bytes)? } else { tags::read(content.bytes)? };
        let format = document.spdx_version.replace('-', " ");
        if !format.starts_with("SPDX 2.") {
            return Err(Defect::at("/spdxVersion", format!("is «{}», not 2", crate::written::start(&format))));
        }
        if document.packages.len() > LIST_MAX {
            return Err(Defect::at("/packages", format!("more than {LIST_MAX}")));
        }
        let mut components = Vec::new();
        for (index, package) in document.packages.iter().enumerate() {
            components.push(component(package, &format!("/packages/{index}"))?);
        }
        let subject = subject(&document);
        let subject = subject.and_then(|id| components.iter().position(|component| component.id == id));
        let subject = subject.map(|index| components.remove(index));
        let made = document.creation_info.created.as_deref().and_then(Timestamp::read);
        let id = some(document.document_namespace.as_deref()).unwrap_or_else(|| content.sha256.to_owned());
        taker.take(Fact::Bill(Box::new(Bill { id, format, subject, made, components })));
        Ok(Summary { date: made, notes: Vec::new() })
    }
}

/// What the document describes; nothing if that is not one thing.
fn subject(document: &Document) -> Option<&str> {
    let is_described = |relationship: &&Relationship| {
        relationship.relationship_type == "DESCRIBES" && relationship.spdx_element_id.ends_with("SPDXRef-DOCUMENT")
    };
    let described =
        document.relationships.iter().filter(is_described).map(|relationship| &relationship.related_spdx_element);
    let mut described: Vec<&String> = document.document_describes.iter().chain(described).collect();
    described.sort();
    described.dedup();
    match described.as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

fn component(package: &Package, place: &str) -> Result<Component, Defect> {
    let here = || Defect::at(place, "");
    // `Person: …` is no supplier that anybody has to know of here.
    let organization = |said: &Option<String>| some(said.as_deref()?.strip_prefix("Organization:"));
    let external = |kind: &str| {
        let references = package.external_refs.iter().filter(move |reference| reference.reference_type == kind);
        references.filter_map(|reference| some(Some(&reference.reference_locator))).collect::<Vec<_>>()
    };
    let licences =
        [&package.license_declared, &package.license_concluded].into_iter().filter_map(|said| some(said.as_deref()));
    let mut licences: Vec<String> = licences.filter(|licence| licence != "NOASSERTION" && licence != "NONE").collect();
    licences.dedup();
    let hashes =
        package.checksums.iter().map(|hash| Ok((name(&hash.algorithm, here)?, name(&hash.checksum_value, here)?)));
    Ok(Component {
        id: name(&package.id, here)?,
        supplier: organization(&package.supplier).or_else(|| organization(&package.originator)),
        group: None,
        name: name(&package.name, here)?,
        version: some(package.version_info.as_deref()),
        purl: external("purl").into_iter().next(),
        cpes: [external("cpe23Type"), external("cpe22Type")].concat(),
        hashes: hashes.collect::<Result<_, Defect>>()?,
        licences,
    })
}
