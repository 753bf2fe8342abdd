//! Product classification of the FDA: what a product code stands for (openFDA, `device/classification`).

use model::outside::{DeviceClass, Fact};
use serde::Deserialize;

use crate::written::{date, name, some};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct Classification;

#[derive(Deserialize)]
struct Row {
    product_code: String,
    device_name: String,
    #[serde(default)]
    device_class: String,
    #[serde(default)]
    medical_specialty: String,
    #[serde(default)]
    review_panel: String,
    regulation_number: Option<String>,
    #[serde(default)]
    life_sustain_support_flag: String,
    #[serde(default)]
    implant_flag: String,
}

impl Feed for Classification {
    fn name(&self) -> &'static str {
        "fda_classification"
    }

    fn title(&self) -> &'static str {
        "Device classification (FDA), openFDA JSON"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has("/results/0/product_code")
            && outline.has("/results/0/device_class")
            && outline.has("/results/0/device_name")
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        json::each(content.bytes, "results", &mut |index, row: Row| {
            let place = || Defect::at(format!("/results/{index}"), "");
            let product_code = name(&row.product_code, place)?;
            if product_code.len() != 3 || !product_code.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err(Defect::at(format!("/results/{index}/product_code"), "is not three letters"));
            }
            let specialty =
                if row.medical_specialty.trim().is_empty() { &row.review_panel } else { &row.medical_specialty };
            taker.take(Fact::DeviceClass(DeviceClass {
                product_code,
                name: name(&row.device_name, place)?,
                // `U` is unclassified, `N` not classified, `f` for facilities.
                class: row.device_class.parse().ok().filter(|class| (1..=3).contains(class)),
                specialty: name(specialty, place)?,
                regulation: some(row.regulation_number.as_deref()),
                sustains_life: row.life_sustain_support_flag == "Y",
                is_implant: row.implant_flag == "Y",
            }));
            Ok(())
        })?;
        Ok(Summary { date: content.outline.member("/meta/last_updated").and_then(date), notes: Vec::new() })
    }
}
