//! Recalls of the FDA, of both registers (openFDA, `device/enforcement` and `device/recall`).

use model::outside::{Fact, Recall, RecallRegister};
use serde::Deserialize;

use crate::written::{date, name, some, text};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct Recalls;

/// A row of either register; they call the same by different names.
#[derive(Deserialize)]
struct Row {
    #[serde(alias = "product_res_number")]
    recall_number: Option<String>,
    #[serde(alias = "res_event_number")]
    event_id: Option<String>,
    classification: Option<String>,
    product_type: Option<String>,
    recalling_firm: Option<String>,
    #[serde(default)]
    product_description: String,
    product_code: Option<String>,
    code_info: Option<String>,
    #[serde(default)]
    reason_for_recall: String,
    root_cause_description: Option<String>,
    #[serde(alias = "recall_status")]
    status: Option<String>,
    #[serde(alias = "event_date_initiated")]
    recall_initiation_date: Option<String>,
    #[serde(alias = "event_date_terminated")]
    termination_date: Option<String>,
}

impl Feed for Recalls {
    fn name(&self) -> &'static str {
        "fda_recall"
    }

    fn title(&self) -> &'static str {
        "Recalls of devices (FDA), openFDA JSON of enforcement reports and of device recalls"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        let is_either = outline.has("/results/0/recall_number") || outline.has("/results/0/product_res_number");
        is_either && outline.has("/results/0/reason_for_recall")
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let is_enforcement = content.outline.has("/results/0/recall_number");
        let register = if is_enforcement { RecallRegister::Enforcement } else { RecallRegister::Devices };
        let mut notes = Vec::new();
        json::each(content.bytes, "results", &mut |index, row: Row| {
            let pointer = format!("/results/{index}");
            if row.product_type.as_deref().is_some_and(|kind| kind != "Devices") {
                notes.push(Defect::at(pointer, "is no device"));
                return Ok(());
            }
            let Some(number) = some(row.recall_number.as_deref()) else {
                notes.push(Defect::at(pointer, "has no number yet"));
                return Ok(());
            };
            taker.take(Fact::Recall(Box::new(recall(&row, number, register, &pointer)?)));
            Ok(())
        })?;
        Ok(Summary { date: content.outline.member("/meta/last_updated").and_then(date), notes })
    }
}

fn recall(row: &Row, number: String, register: RecallRegister, pointer: &str) -> Result<Recall, Defect> {
    let class = match row.classification.as_deref() {
        Some("Class I") => Some(1),
        Some("Class II") => Some(2),
        Some("Class III") => Some(3),
        _ => None,
    };
    let said = |text: &Option<String>| text.as_deref().map(self::text).filter(|text| !text.is_empty());
    Ok(Recall {
        register,
        number,
        event: some(row.event_id.as_deref()),
        class,
        firm: name(row.recalling_firm.as_deref().unwrap_or_default(), || Defect::at(pointer, ""))?,
        product: text(&row.product_description),
        product_code: some(row.product_code.as_deref()),
        pieces: said(&row.code_info),
        reason: text(&row.reason_for_recall),
        cause: said(&row.root_cause_description),
        status: some(row.status.as_deref()),
        began: row.recall_initiation_date.as_deref().and_then(date),
        ended: row.termination_date.as_deref().and_then(date),
    })
}
