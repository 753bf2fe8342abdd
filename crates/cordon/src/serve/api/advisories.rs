//! Advisories and other outside knowledge.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::extract::{Asked, Named, Short};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::risk::{AdvisoryDetail, AdvisoryList, Wanted};

/// Letters of a search.
const SEARCH_LETTERS: usize = 200;

/// Which advisories.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AdvisoriesAsked {
    /// What they say of the devices that are here.
    #[serde(default)]
    #[param(inline)]
    verdict: Wanted,
    /// Words that stand in identifier, title, products or vulnerabilities.
    #[serde(default)]
    #[param(value_type = String, max_length = 200)]
    q: Short<SEARCH_LETTERS>,
}

/// The advisories that fit, those about most devices first.
#[utoipa::path(get, path = "/api/v1/advisories", tag = "risk", params(AdvisoriesAsked),
    responses((status = OK, body = AdvisoryList)))]
pub async fn list(
    State(app): State<Shared>,
    Asked(asked): Asked<AdvisoriesAsked>,
) -> Result<Json<AdvisoryList>, Problem> {
    let list = beside(move || match app.risk.now() {
        Some(picture) => picture.advisories(asked.verdict, &asked.q.0),
        None => AdvisoryList { items: Vec::new(), total: 0, known: 0 },
    });
    Ok(Json(list.await?))
}

/// An advisory, and what it says of the devices that are here.
#[utoipa::path(get, path = "/api/v1/advisories/{id}", tag = "risk", params(("id" = String, Path)),
    responses((status = OK, body = AdvisoryDetail), (status = NOT_FOUND)))]
pub async fn show(State(app): State<Shared>, Named(id): Named<String>) -> Result<Json<AdvisoryDetail>, Problem> {
    let detail = beside(move || app.risk.now().and_then(|picture| picture.advisory(&id)));
    detail.await?.map(Json).ok_or_else(|| Problem::missing("advisory"))
}
