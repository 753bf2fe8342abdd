//! Devices: lists, files, one in full, and why.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::extract::{Asked, Named, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::view::{DeviceDetail, DeviceList, Filter, Sort, Why, export_csv};

/// Rows of a page, and the most that can be asked for.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1_000;
/// Changes shown of one device.
const CHANGES: usize = 100;

/// Which devices.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListAsked {
    /// The filter, as in `kind:ct_scanner state:tentative siemens`.
    #[serde(default)]
    q: String,
    /// The order, as in `-last,name`.
    #[serde(default)]
    sort: String,
    /// The first row, from 0.
    from: Option<usize>,
    /// What the page before named as `next`.
    cursor: Option<String>,
    /// How many rows, at most 1,000.
    limit: Option<usize>,
}

/// A page of the devices that fit.
#[utoipa::path(get, path = "/api/v1/devices", tag = "devices", params(ListAsked),
    responses((status = OK, body = DeviceList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn list(State(app): State<Shared>, Asked(asked): Asked<ListAsked>) -> Result<Json<DeviceList>, Problem> {
    let sort = Sort::new(&asked.sort).map_err(Problem::wrong)?;
    let cursor =
        asked.cursor.as_deref().map(str::parse).transpose().map_err(|_| Problem::wrong("No page ended there."))?;
    let from = cursor.or(asked.from).unwrap_or(0);
    let limit = asked.limit.unwrap_or(LIMIT).min(LIMIT_MAX);
    let list = move || app.view().list(&Filter::new(&asked.q), &sort, from, limit, &app.known.knowledge);
    Ok(Json(beside(list).await?))
}

/// How a file is written.
#[derive(Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// For spreadsheets.
    #[default]
    Csv,
    /// For programs.
    Json,
}

/// Which devices, in what form.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportAsked {
    /// The form.
    #[serde(default)]
    #[param(inline)]
    format: FileFormat,
    /// The filter.
    #[serde(default)]
    q: String,
    /// The order.
    #[serde(default)]
    sort: String,
}

/// The devices that fit, as a file.
#[utoipa::path(get, path = "/api/v1/devices/export", tag = "devices", params(ExportAsked),
    responses((status = OK, content_type = "text/csv", body = String), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn export(
    State(app): State<Shared>,
    who: Who,
    Asked(asked): Asked<ExportAsked>,
) -> Result<Response, Problem> {
    let sort = Sort::new(&asked.sort).map_err(Problem::wrong)?;
    let (kind, name) = match asked.format {
        FileFormat::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"devices.csv\""),
        FileFormat::Json => ("application/json", "attachment; filename=\"devices.json\""),
    };
    let text = beside(move || {
        let view = app.view();
        let places = view.select(&Filter::new(&asked.q), &sort);
        let text = match asked.format {
            FileFormat::Csv => export_csv(places.iter().filter_map(|place| view.rows.get(*place))),
            FileFormat::Json => {
                let devices: Vec<_> = places.iter().filter_map(|place| view.inventory.devices.get(*place)).collect();
                serde_json::to_string(&devices).unwrap_or_default()
            }
        };
        let what = crate::words::count(places.len() as u64, "device", "devices");
        app.keeper.keep(&[], &who.person.name, &format!("exported {what}")).map(|()| text)
    });
    let text = beside_store(text.await?)?;
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}

fn beside_store<T>(done: Result<T, store::StoreError>) -> Result<T, Problem> {
    done.map_err(Problem::from)
}

/// A device in full.
#[utoipa::path(get, path = "/api/v1/devices/{id}", tag = "devices", params(("id" = String, Path)),
    responses((status = OK, body = DeviceDetail), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn show(State(app): State<Shared>, Named(id): Named<String>) -> Result<Json<DeviceDetail>, Problem> {
    let detail = beside(move || {
        let mut detail = app.view().detail(&id, app.known)?;
        detail.corrections = app.corrections().of(&id).cloned().collect();
        detail.changes = app.changes.newest(Some(&id), None, CHANGES);
        Some(detail)
    });
    detail.await?.map(Json).ok_or_else(|| Problem::missing("device"))
}

/// Why an attribute of a device is what it is.
#[utoipa::path(get, path = "/api/v1/devices/{id}/why/{attribute}", tag = "devices",
    params(("id" = String, Path), ("attribute" = String, Path)),
    responses((status = OK, body = Why), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn why(
    State(app): State<Shared>,
    Named((id, attribute)): Named<(String, String)>,
) -> Result<Json<Why>, Problem> {
    let why = beside(move || app.view().why(&id, &attribute, app.known)).await?;
    why.map(Json).ok_or_else(|| Problem::missing("device or attribute"))
}
