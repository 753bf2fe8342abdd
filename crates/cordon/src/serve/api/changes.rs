//! What became different.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::extract::{Asked, Place, Within};
use crate::serve::twin::Change;

const LIMIT: usize = 100;
const LIMIT_MAX: u64 = 1_000;

/// How many lines of a page.
type Limit = Within<1, LIMIT_MAX>;

/// Which changes.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ChangesAsked {
    /// Of this device.
    device: Option<String>,
    /// Before this one: what the page before named as `next`.
    #[param(value_type = Option<u64>, maximum = 9_007_199_254_740_991_u64)]
    before: Option<Place>,
    /// How many, at most 1,000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1_000)]
    limit: Option<Limit>,
}

/// A page of changes.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ChangeList {
    items: Vec<Change>,
    /// Ask for what follows with this.
    next: Option<u64>,
}

/// What became different, the newest first.
#[utoipa::path(get, path = "/api/v1/changes", tag = "devices", params(ChangesAsked),
    responses((status = OK, body = ChangeList)))]
pub async fn list(State(app): State<Shared>, Asked(asked): Asked<ChangesAsked>) -> Json<ChangeList> {
    let limit = asked.limit.map_or(LIMIT, Within::count);
    let device = asked.device.map(|id| app.view().identifiers(&id)).unwrap_or_default();
    let items = app.changes.newest(&device, asked.before.map(|place| place.0), limit);
    let next = (items.len() == limit).then(|| items.last().map(|change| change.id)).flatten();
    Json(ChangeList { items, next })
}
