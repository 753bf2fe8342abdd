//! Devices: lists, files, one in full, and why.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::extract::{Asked, FilterText, Named, SortText, Who, Within};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::view::{DeviceDetail, DeviceList, Filter, Sort, Why, export_csv};

/// Rows of a page, and the most that can be asked for.
const LIMIT: usize = 100;
const LIMIT_MAX: u64 = 1_000;
/// The last row that a page can begin with.
const FROM_MAX: u64 = u32::MAX as u64;
/// Digits of a cursor.
const CURSOR_DIGITS_MAX: usize = 10;
/// Changes shown of one device.
const CHANGES: usize = 100;

/// How many rows of a page.
type Limit = Within<0, LIMIT_MAX>;
/// The first row of a page.
type FirstRow = Within<0, FROM_MAX>;

/// Which devices.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListAsked {
    /// The filter, as in `kind:ct_scanner state:tentative siemens`.
    #[serde(default)]
    #[param(value_type = String, max_length = 1_000)]
    q: FilterText,
    /// The order, as in `-last,name`.
    #[serde(default)]
    #[param(value_type = String, max_length = 200)]
    sort: SortText,
    /// The first row, from 0.
    #[param(value_type = Option<u64>, maximum = 4_294_967_295_u64)]
    from: Option<FirstRow>,
    /// What the page before named as `next`.
    #[param(pattern = "^[0-9]{1,10}$")]
    cursor: Option<String>,
    /// How many rows, at most 1,000.
    #[param(value_type = Option<u64>, maximum = 1_000)]
    limit: Option<Limit>,
}

/// A page of the devices that fit.
#[utoipa::path(get, path = "/api/v1/devices", tag = "devices", params(ListAsked),
    responses((status = OK, body = DeviceList), (status = UNPROCESSABLE_ENTITY)))]
pub async fn list(State(app): State<Shared>, Asked(asked): Asked<ListAsked>) -> Result<Json<DeviceList>, Problem> {
    let sort = sorted(&asked.sort)?;
    let cursor = asked.cursor.as_deref().map(place).transpose()?;
    let from = cursor.or(asked.from.map(Within::count)).unwrap_or(0);
    let limit = asked.limit.map_or(LIMIT, Within::count);
    let list = move || app.view().list(&Filter::new(&asked.q.0), &sort, from, limit, &app.known.knowledge);
    Ok(Json(beside(list).await?))
}

fn sorted(text: &SortText) -> Result<Sort, Problem> {
    Sort::new(&text.0).map_err(|problem| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, problem))
}

/// Where the page before ended.
fn place(cursor: &str) -> Result<usize, Problem> {
    let is_place = cursor.len() <= CURSOR_DIGITS_MAX && cursor.bytes().all(|byte| byte.is_ascii_digit());
    let place = is_place.then(|| cursor.parse().ok()).flatten();
    place.ok_or_else(|| Problem::wrong("No page ended there."))
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

/// A device as `cordon analyze --format json` writes it.
#[derive(utoipa::ToSchema)]
#[schema(value_type = Object)]
#[allow(dead_code)]
pub struct Exported(());

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
    #[param(value_type = String, max_length = 1_000)]
    q: FilterText,
    /// The order.
    #[serde(default)]
    #[param(value_type = String, max_length = 200)]
    sort: SortText,
}

/// The devices that fit, as a file.
#[utoipa::path(get, path = "/api/v1/devices/export", tag = "devices", params(ExportAsked),
    responses((status = OK, content((String = "text/csv"), (Vec<Exported> = "application/json"))), (status = UNPROCESSABLE_ENTITY), (status = SERVICE_UNAVAILABLE)))]
pub async fn export(
    State(app): State<Shared>,
    who: Who,
    Asked(asked): Asked<ExportAsked>,
) -> Result<Response, Problem> {
    let sort = sorted(&asked.sort)?;
    let filter = Filter::new(&asked.q.0);
    // A file with more than was asked for would be taken for what was asked for.
    if let Some(problem) = filter.problem {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, problem));
    }
    let (kind, name) = match asked.format {
        FileFormat::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"devices.csv\""),
        FileFormat::Json => ("application/json", "attachment; filename=\"devices.json\""),
    };
    let text = beside(move || {
        let view = app.view();
        let places = view.select(&filter, &sort);
        let text = match asked.format {
            FileFormat::Csv => export_csv(places.iter().filter_map(|place| view.rows.get(*place))),
            FileFormat::Json => {
                let devices: Vec<_> = places.iter().filter_map(|place| view.devices.get(*place)).collect();
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
    responses((status = OK, body = DeviceDetail), (status = NOT_FOUND)))]
pub async fn show(State(app): State<Shared>, Named(id): Named<String>) -> Result<Json<DeviceDetail>, Problem> {
    let detail = beside(move || {
        let view = app.view();
        let mut detail = view.detail(&id, app.known)?;
        detail.corrections = view.said_of(&id, &app.corrections(), app.known);
        detail.changes = app.changes.newest(&view.identifiers(&id), None, CHANGES);
        Some(detail)
    });
    detail.await?.map(Json).ok_or_else(|| Problem::missing("device"))
}

/// Why an attribute of a device is what it is.
#[utoipa::path(get, path = "/api/v1/devices/{id}/why/{attribute}", tag = "devices",
    params(("id" = String, Path), ("attribute" = String, Path)),
    responses((status = OK, body = Why), (status = NOT_FOUND)))]
pub async fn why(
    State(app): State<Shared>,
    Named((id, attribute)): Named<(String, String)>,
) -> Result<Json<Why>, Problem> {
    let why = beside(move || app.view().why(&id, &attribute, app.known)).await?;
    why.map(Json).ok_or_else(|| Problem::missing("device or attribute"))
}
