//! The Global Unique Device Identification Database (FDA): releases in XML and openFDA's `device/udi`. Who to call about a device is not
//! read.

use model::outside::{DeviceModel, Fact};
use serde::Deserialize;

use crate::written::{date, name, some, text};
use crate::xml::{self, Element};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct Gudid;

const NAMESPACE: &str = "http://www.fda.gov/cdrh/gudid";
const SOLD: &str = "In Commercial Distribution";

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    identifiers: Vec<Identifier>,
    #[serde(default)]
    company_name: String,
    #[serde(default)]
    brand_name: String,
    version_or_model_number: Option<String>,
    catalog_number: Option<String>,
    device_description: Option<String>,
    #[serde(default)]
    product_codes: Vec<Code>,
    #[serde(default)]
    gmdn_terms: Vec<Term>,
    commercial_distribution_status: Option<String>,
    mri_safety: Option<String>,
    public_version_date: Option<String>,
}

#[derive(Deserialize)]
struct Identifier {
    id: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    issuing_agency: String,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Term {
    name: String,
}

impl Feed for Gudid {
    fn name(&self) -> &'static str {
        "gudid"
    }

    fn title(&self) -> &'static str {
        "Models of medical devices (GUDID, FDA), release XML and openFDA JSON"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        let is_json = outline.has("/results/0/identifiers") && outline.has("/results/0/brand_name");
        is_json || (outline.head.trim_start().starts_with('<') && outline.head.contains(NAMESPACE))
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let mut newest = None;
        let mut take = |row: &Row, place: Defect| {
            let model = model(row, &place)?;
            newest = newest.max(model.revised);
            taker.take(Fact::DeviceModel(Box::new(model)));
            Ok(())
        };
        if content.outline.head.is_empty() {
            json::each(content.bytes, "results", &mut |index, row: Row| {
                take(&row, Defect::at(format!("/results/{index}"), ""))
            })?;
            return Ok(Summary {
                date: content.outline.member("/meta/last_updated").and_then(date),
                notes: Vec::new(),
            });
        }
        let mut created = None;
        xml::each(content.bytes, Some("creationDate"), &mut |_, element| {
            created = created.or(date(&element.text));
            Ok(())
        })?;
        xml::each(content.bytes, Some("device"), &mut |line, device| take(&row(&device), Defect::line(line, "")))?;
        Ok(Summary { date: created.or(newest), notes: Vec::new() })
    }
}

/// A device of a release, in openFDA's words.
fn row(device: &Element) -> Row {
    let own = |name: &str| device.text_of(name).map(str::to_owned);
    let identifiers = device.below("identifiers").iter().map(|identifier| Identifier {
        id: identifier.text_of("deviceId").unwrap_or_default().to_owned(),
        kind: identifier.text_of("deviceIdType").unwrap_or_default().to_owned(),
        issuing_agency: identifier.text_of("deviceIdIssuingAgency").unwrap_or_default().to_owned(),
    });
    let codes = device.below("productCodes").iter().filter_map(|code| code.text_of("productCode"));
    let terms = device.below("gmdnTerms").iter().filter_map(|term| term.text_of("gmdnPTName"));
    Row {
        identifiers: identifiers.collect(),
        company_name: own("companyName").unwrap_or_default(),
        brand_name: own("brandName").unwrap_or_default(),
        version_or_model_number: own("versionModelNumber"),
        catalog_number: own("catalogNumber"),
        device_description: own("deviceDescription"),
        product_codes: codes.map(|code| Code { code: code.to_owned() }).collect(),
        gmdn_terms: terms.map(|name| Term { name: name.to_owned() }).collect(),
        commercial_distribution_status: own("deviceCommDistributionStatus"),
        mri_safety: own("MRISafetyStatus"),
        public_version_date: own("publicVersionDate"),
    }
}

fn model(row: &Row, place: &Defect) -> Result<DeviceModel, Defect> {
    let here = || place.clone();
    let primary = row.identifiers.iter().find(|identifier| identifier.kind == "Primary");
    let primary = primary.ok_or_else(|| Defect { why: "has no primary identifier".to_owned(), ..here() })?;
    let identifiers = row.identifiers.iter();
    let identifiers =
        identifiers.map(|identifier| Ok((name(&identifier.id, here)?, name(&identifier.issuing_agency, here)?)));
    Ok(DeviceModel {
        primary_identifier: name(&primary.id, here)?,
        identifiers: identifiers.collect::<Result<_, Defect>>()?,
        company: name(&row.company_name, here)?,
        brand: name(&row.brand_name, here)?,
        model: some(row.version_or_model_number.as_deref()),
        catalogue_number: some(row.catalog_number.as_deref()),
        description: row.device_description.as_deref().map(text).filter(|text| !text.is_empty()),
        product_codes: row.product_codes.iter().filter_map(|code| some(Some(&code.code))).collect(),
        terms: row.gmdn_terms.iter().filter_map(|term| some(Some(&term.name))).collect(),
        is_sold: row.commercial_distribution_status.as_deref().map(|status| status == SOLD),
        magnetic_resonance: some(row.mri_safety.as_deref()),
        revised: row.public_version_date.as_deref().and_then(date),
    })
}
