//! How long releases are maintained, as endoflife.date says: API version 1 (`products/<name>` and `products/full`).

use model::Timestamp;
use model::outside::{End, Fact, Lifetime};
use serde::Deserialize;

use crate::written::{LIST_MAX, date, name, some};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, json};

/// The feed.
pub(crate) struct EndOfLife;

#[derive(Deserialize)]
struct Document {
    #[serde(alias = "generated_at")]
    last_modified: Option<String>,
    result: Products,
}

/// One product, or all of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Products {
    All(Vec<Product>),
    One(Box<Product>),
}

#[derive(Deserialize)]
struct Product {
    name: String,
    releases: Vec<Release>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Release {
    name: String,
    release_date: Option<String>,
    is_eoas: Option<bool>,
    eoas_from: Option<String>,
    is_eol: Option<bool>,
    eol_from: Option<String>,
    is_eoes: Option<bool>,
    eoes_from: Option<String>,
    latest: Option<Latest>,
}

#[derive(Deserialize)]
struct Latest {
    name: Option<String>,
}

impl Feed for EndOfLife {
    fn name(&self) -> &'static str {
        "endoflife"
    }

    fn title(&self) -> &'static str {
        "How long releases are maintained (endoflife.date), API version 1"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has("/schema_version") && (outline.has("/result/releases") || outline.has("/result/0/releases"))
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let document: Document = json::whole(content.bytes)?;
        let products = match document.result {
            Products::All(products) => products,
            Products::One(product) => vec![*product],
        };
        if products.iter().map(|product| product.releases.len()).fold(0, usize::saturating_add) > LIST_MAX {
            return Err(Defect::at("/result", format!("more than {LIST_MAX} releases")));
        }
        for product in &products {
            let place = || Defect::at(format!("/result/{}", crate::written::start(&product.name)), "");
            for release in &product.releases {
                taker.take(Fact::Lifetime(Lifetime {
                    product: name(&product.name, place)?,
                    cycle: name(&release.name, place)?,
                    released: release.release_date.as_deref().and_then(date),
                    support: end(release.is_eoas, release.eoas_from.as_deref(), place)?,
                    security: end(release.is_eol, release.eol_from.as_deref(), place)?,
                    extended: end(release.is_eoes, release.eoes_from.as_deref(), place)?,
                    latest: release.latest.as_ref().and_then(|latest| some(latest.name.as_deref())),
                }));
            }
        }
        Ok(Summary { date: document.last_modified.as_deref().and_then(Timestamp::read), notes: Vec::new() })
    }
}

/// A day if one is set, else whether it has ended.
fn end(is_over: Option<bool>, day: Option<&str>, place: impl FnOnce() -> Defect) -> Result<End, Defect> {
    match (day, is_over) {
        (Some(day), _) => {
            date(day).map(End::On).ok_or_else(|| Defect { why: "a day that is none".to_owned(), ..place() })
        }
        (None, Some(true)) => Ok(End::Over),
        (None, Some(false)) => Ok(End::Open),
        (None, None) => Ok(End::Unknown),
    }
}
