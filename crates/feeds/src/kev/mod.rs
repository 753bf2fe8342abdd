//! CISA's catalogue of known exploited vulnerabilities, as JSON (its schema of 2022) and as comma-separated values.

use model::Timestamp;
use model::outside::{Fact, KnownExploited};
use serde::Deserialize;

use crate::written::{cve, is_cwe, name, start, text};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json, table};

/// The feed.
pub(crate) struct Kev;

const HEADER: &str = "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,knownRansomwareCampaignUse";

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "cveID")]
    cve: String,
    #[serde(rename = "vendorProject")]
    vendor: String,
    product: String,
    #[serde(rename = "vulnerabilityName")]
    name: String,
    #[serde(rename = "dateAdded")]
    added: String,
    #[serde(rename = "requiredAction")]
    action: String,
    #[serde(rename = "dueDate")]
    due: String,
    #[serde(default, rename = "knownRansomwareCampaignUse")]
    ransomware: String,
    #[serde(default)]
    cwes: Vec<String>,
}

impl Feed for Kev {
    fn name(&self) -> &'static str {
        "kev"
    }

    fn title(&self) -> &'static str {
        "Known exploited vulnerabilities (CISA), JSON and CSV"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        let is_json = outline.has("/catalogVersion") && outline.has("/vulnerabilities");
        is_json || outline.head.starts_with(HEADER)
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        if content.outline.head.is_empty() {
            return from_json(content, taker);
        }
        let mut columns: Vec<String> = Vec::new();
        table::each(table::text(content.bytes)?, &mut |line, fields| {
            if columns.is_empty() {
                columns = fields.to_vec();
                return Ok(());
            }
            if fields.len() != columns.len() {
                return Err(Defect::line(line, format!("has {} of {} fields", fields.len(), columns.len())));
            }
            let field = |column: &str| columns.iter().position(|known| known == column).and_then(|at| fields.get(at));
            let field = |column| field(column).cloned().unwrap_or_default();
            let entry = Entry {
                cve: field("cveID"),
                vendor: field("vendorProject"),
                product: field("product"),
                name: field("vulnerabilityName"),
                added: field("dateAdded"),
                action: field("requiredAction"),
                due: field("dueDate"),
                ransomware: field("knownRansomwareCampaignUse"),
                cwes: field("cwes").split(',').map(|cwe| cwe.trim().to_owned()).collect(),
            };
            taker.take(fact(&entry, || Defect::line(line, ""))?);
            Ok(())
        })?;
        Ok(Summary::default())
    }
}

fn from_json(content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
    let mut notes = Vec::new();
    let mut count = 0_usize;
    json::each(content.bytes, "vulnerabilities", &mut |index, entry: Entry| {
        taker.take(fact(&entry, || Defect::at(format!("/vulnerabilities/{index}"), ""))?);
        count = count.saturating_add(1);
        Ok(())
    })?;
    let said = content.outline.member("/count");
    if said.is_some_and(|said| said.parse() != Ok(count)) {
        notes.push(Defect::at("/count", format!("is {}, there are {count}", said.unwrap_or_default())));
    }
    Ok(Summary { date: content.outline.member("/dateReleased").and_then(Timestamp::read), notes })
}

fn fact(entry: &Entry, place: impl Fn() -> Defect) -> Result<Fact, Defect> {
    let date = |text: &str| {
        let wrong = || Defect { why: format!("«{}» is no date", start(text)), ..place() };
        Timestamp::read(text).ok_or_else(wrong)
    };
    Ok(Fact::KnownExploited(KnownExploited {
        cve: cve(&entry.cve, &place)?,
        vendor: name(&entry.vendor, &place)?,
        product: name(&entry.product, &place)?,
        name: text(&entry.name),
        added: date(&entry.added)?,
        due: date(&entry.due)?,
        action: text(&entry.action),
        by_ransomware: entry.ransomware == "Known",
        cwes: entry.cwes.iter().filter(|cwe| is_cwe(cwe)).cloned().collect(),
    }))
}
