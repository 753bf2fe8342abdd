//! Risk: at a glance, of groups, of one device, what if, the plan.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::extract::{Asked, Named, Short, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::plan::work_orders;
use crate::serve::risk::{
    AttackPaths, DeviceRisk, GroupBy, Picture, Plan, RiskGroups, RiskOverview, WARM_DAYS, WhatIf,
};

/// The largest budget, in person-days, and the most hours.
const DAYS_MAX: f64 = 10_000.0;
/// Letters of what is to be changed.
const CHANGES_LETTERS: usize = 2_000;

/// What devices are grouped by.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GroupsAsked {
    /// What devices are grouped by.
    #[serde(default)]
    #[param(inline)]
    by: GroupBy,
}

/// Which changes.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WhatIfAsked {
    /// Names of changes, with commas between them, as the risk of the device offers them.
    #[serde(default, rename = "do")]
    #[param(rename = "do", value_type = String, max_length = 2_000)]
    changes: Short<CHANGES_LETTERS>,
}

/// Under which budget.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PlanAsked {
    /// Person-days, at most 10,000.
    #[param(minimum = 0, maximum = 10_000)]
    days: Option<f64>,
    /// Hours in which devices may stand still in all, at most 10,000.
    #[param(minimum = 0, maximum = 10_000)]
    downtime: Option<f64>,
}

impl PlanAsked {
    fn budget(&self) -> Result<(f64, Option<f64>), Problem> {
        let (days, downtime) = (self.days.unwrap_or(WARM_DAYS), self.downtime);
        let fits = |number: f64| (0.0..=DAYS_MAX).contains(&number);
        if !fits(days) || downtime.is_some_and(|hours| !fits(hours)) {
            let detail = "Days and downtime are numbers from 0 to 10,000.";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
        }
        // What differs by less is the same plan.
        let tenths = |number: f64| (number * 10.0).round() / 10.0;
        Ok((tenths(days), downtime.map(tenths)))
    }
}

/// Before it was reckoned.
fn not_yet() -> Problem {
    Problem::new(StatusCode::CONFLICT, "Risk is being reckoned: ask again in a moment.")
}

/// Nothing was reckoned of a device: it came just now, or it is none.
fn not_reckoned(app: &Shared, id: &str) -> Problem {
    if app.view().place(id).is_some() { not_yet() } else { Problem::missing("device") }
}

fn unprocessable(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
}

/// Does something with the newest reckoning, beside what answers others.
async fn with<T: Send + 'static>(
    app: Shared,
    work: impl FnOnce(&Picture, &Shared) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    beside(move || {
        let picture = app.risk.now().ok_or_else(not_yet)?;
        work(&picture, &app)
    })
    .await?
}

/// Risk at a glance.
#[utoipa::path(get, path = "/api/v1/risk", tag = "risk",
    responses((status = OK, body = RiskOverview)))]
pub async fn overview(State(app): State<Shared>) -> Result<Json<RiskOverview>, Problem> {
    let overview = beside(move || match app.risk.now() {
        Some(picture) => picture.overview(&app),
        None => RiskOverview::none(&app),
    });
    Ok(Json(overview.await?))
}

/// Risk of groups of devices.
#[utoipa::path(get, path = "/api/v1/risk/groups", tag = "risk", params(GroupsAsked),
    responses((status = OK, body = RiskGroups), (status = CONFLICT)))]
pub async fn groups(State(app): State<Shared>, Asked(asked): Asked<GroupsAsked>) -> Result<Json<RiskGroups>, Problem> {
    Ok(Json(with(app, move |picture, app| Ok(picture.groups(asked.by, app.known))).await?))
}

/// Risk of a device, and why.
#[utoipa::path(get, path = "/api/v1/devices/{id}/risk", tag = "risk", params(("id" = String, Path)),
    responses((status = OK, body = DeviceRisk), (status = NOT_FOUND), (status = CONFLICT)))]
pub async fn device(State(app): State<Shared>, Named(id): Named<String>) -> Result<Json<DeviceRisk>, Problem> {
    let risk = with(app, move |picture, app| picture.device(&id, app).ok_or_else(|| not_reckoned(app, &id)));
    Ok(Json(risk.await?))
}

/// Risk of a device if something were changed. Nothing is.
#[utoipa::path(get, path = "/api/v1/devices/{id}/risk/what-if", tag = "risk", params(("id" = String, Path), WhatIfAsked),
    responses((status = OK, body = WhatIf), (status = NOT_FOUND), (status = UNPROCESSABLE_ENTITY), (status = CONFLICT)))]
pub async fn what_if(
    State(app): State<Shared>,
    Named(id): Named<String>,
    Asked(asked): Asked<WhatIfAsked>,
) -> Result<Json<WhatIf>, Problem> {
    let changed = with(app, move |picture, app| {
        let changes: Vec<&str> = asked.changes.0.split(',').filter(|change| !change.is_empty()).collect();
        let changed = picture.what_if(&id, &changes).ok_or_else(|| not_reckoned(app, &id))?;
        changed.map_err(unprocessable)
    });
    Ok(Json(changed.await?))
}

/// How an attacker comes to a device, and how far from it.
#[utoipa::path(get, path = "/api/v1/devices/{id}/risk/path", tag = "risk", params(("id" = String, Path)),
    responses((status = OK, body = AttackPaths), (status = NOT_FOUND), (status = UNPROCESSABLE_ENTITY), (status = CONFLICT)))]
pub async fn path(State(app): State<Shared>, Named(id): Named<String>) -> Result<Json<AttackPaths>, Problem> {
    let ways = with(app, move |picture, app| {
        let ways = picture.ways(&id, app).ok_or_else(|| not_reckoned(app, &id))?;
        ways.map_err(unprocessable)
    });
    Ok(Json(ways.await?))
}

/// What to do first under a budget.
#[utoipa::path(get, path = "/api/v1/plan", tag = "risk", params(PlanAsked),
    responses((status = OK, body = Plan), (status = UNPROCESSABLE_ENTITY)))]
pub async fn plan(State(app): State<Shared>, Asked(asked): Asked<PlanAsked>) -> Result<Json<Plan>, Problem> {
    let (days, downtime) = asked.budget()?;
    let plan = beside(move || match app.risk.now() {
        Some(picture) => Plan::new(&picture, &app, days, downtime).map_err(unprocessable),
        None => Ok(Plan::none(days, downtime)),
    });
    Ok(Json(plan.await??))
}

/// The plan as work orders, one line each.
#[utoipa::path(get, path = "/api/v1/plan/export", tag = "risk", params(PlanAsked),
    responses((status = OK, content((String = "text/csv"))), (status = UNPROCESSABLE_ENTITY), (status = CONFLICT), (status = SERVICE_UNAVAILABLE)))]
pub async fn export(State(app): State<Shared>, who: Who, Asked(asked): Asked<PlanAsked>) -> Result<Response, Problem> {
    let (days, downtime) = asked.budget()?;
    let text = with(app, move |picture, app| {
        let ranked = picture.ranked(app, days, downtime).map_err(|why| unprocessable(why.to_owned()))?;
        let groundwork = picture.groundwork(app).map_err(|why| unprocessable(why.to_owned()))?;
        let text = work_orders(groundwork, &ranked, &picture.reckoning.inventory);
        app.keeper.keep(&[], &who.person.name, &format!("exported the plan for {days} person-days"))?;
        Ok(text)
    });
    let name = "attachment; filename=\"plan.csv\"";
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)], text.await?)
        .into_response())
}
