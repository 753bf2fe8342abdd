//! What went on when.

use std::collections::BTreeMap;
use std::fmt::Write;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use model::Timestamp;
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Named, Who, Within};
use super::problem::Problem;
use super::{Shared, beside};
use crate::clock;
use crate::serve::twin::{Ends, Sum, told};
use crate::serve::view::cell;

const HOUR: i64 = 3_600_000_000_000;
const DAY: i64 = 86_400_000_000_000;
/// Days that are told of one device if none are asked for, and the most.
const DAYS: i64 = 7;
const DAYS_MAX: u64 = 4_000;
/// Rows of a file.
const ROWS_MAX: usize = 2_000_000;

/// How far back.
type Days = Within<1, DAYS_MAX>;

/// What went on in an hour or a day.
#[derive(Serialize, utoipa::ToSchema)]
pub struct HistoryRow {
    /// When it began, RFC 3339.
    #[schema(value_type = String)]
    time: Timestamp,
    /// Hours that it lasts: 1 or 24.
    hours: u8,
    /// What went on.
    #[serde(flatten)]
    sum: Sum,
}

/// What went on with a device, in order of time.
#[derive(Serialize, utoipa::ToSchema)]
pub struct HistoryList {
    items: Vec<HistoryRow>,
}

/// How far back.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HistoryAsked {
    /// Days before the newest moment that anything was seen; 7 if nothing is said.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 4_000)]
    days: Option<Days>,
}

/// What went on with a device: by the hour for a week, by the day before.
#[utoipa::path(get, path = "/api/v1/devices/{id}/history", tag = "devices", params(("id" = String, Path), HistoryAsked),
    responses((status = OK, body = HistoryList), (status = NOT_FOUND), (status = SERVICE_UNAVAILABLE)))]
pub async fn device(
    State(app): State<Shared>,
    Named(id): Named<String>,
    Asked(asked): Asked<HistoryAsked>,
) -> Result<Json<HistoryList>, Problem> {
    let days = asked.days.map_or(DAYS, |Within(days)| days.cast_signed());
    let items = beside(move || {
        let view = app.view();
        view.row(&id).ok_or_else(|| Problem::missing("device"))?;
        let former = view.former(&id);
        let newest = view.newest.unwrap_or_else(clock::now);
        let from = Timestamp(newest.0.saturating_sub(days.saturating_mul(DAY)));
        let mut rows = Vec::new();
        told(&app.keeper, from, newest, &mut |stretch| {
            let mut sum = Sum::default();
            let hours: u8 = if stretch.is_day { 24 } else { 1 };
            let end = Timestamp(stretch.begin.0.saturating_add(HOUR.saturating_mul(hours.into())));
            // Whoever had the address at another time is another.
            let former = former.iter().filter(|former| former.from <= end && former.to >= stretch.begin);
            let ids: Vec<&str> = former.map(|former| former.id.as_str()).chain([id.as_str()]).collect();
            let is_own = |ends: &Ends| ids.contains(&ends.from.as_str()) || ids.contains(&ends.to.as_str());
            stretch.sums.iter().filter(|(ends, _)| is_own(ends)).for_each(|(_, part)| sum.add(*part));
            // What goes on in connections that were told before counts as bytes only.
            if sum != Sum::default() {
                rows.push(HistoryRow { time: stretch.begin, hours, sum });
            }
            true
        })?;
        Ok::<_, Problem>(rows)
    });
    Ok(Json(HistoryList { items: items.await?? }))
}

/// Which flows.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FlowsAsked {
    /// Days before the newest moment that anything was seen; 7 if nothing is said.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 4_000)]
    days: Option<Days>,
}

/// What went on between whom, by the hour for a week and by the day before, as CSV.
#[utoipa::path(get, path = "/api/v1/flows/export", tag = "devices", params(FlowsAsked),
    responses((status = OK, content_type = "text/csv", body = String), (status = SERVICE_UNAVAILABLE)))]
pub async fn export(State(app): State<Shared>, who: Who, Asked(asked): Asked<FlowsAsked>) -> Result<Response, Problem> {
    let days = asked.days.map_or(DAYS, |Within(days)| days.cast_signed());
    let text = beside(move || {
        let newest = app.view().newest.unwrap_or_else(clock::now);
        let from = Timestamp(newest.0.saturating_sub(days.saturating_mul(DAY)));
        let mut text =
            "time,hours,from,to,ip_protocol,port,application,connections,bytes_sent,bytes_received\r\n".to_owned();
        let mut rows = 0_usize;
        told(&app.keeper, from, newest, &mut |stretch| {
            // Days and hours come one after the other, each in order of their ends.
            let sums: BTreeMap<_, _> = stretch.sums.iter().map(|(ends, sum)| (ends, sum)).collect();
            for (ends, sum) in sums {
                rows = rows.saturating_add(1);
                if rows > ROWS_MAX {
                    return false;
                }
                let _ = write!(text, "{},{},", stretch.begin, if stretch.is_day { 24 } else { 1 });
                cell(&mut text, &ends.from);
                text.push(',');
                cell(&mut text, &ends.to);
                let port = ends.port.map(|port| port.to_string()).unwrap_or_default();
                let _ = write!(text, ",{},{port},{},", ends.ip_protocol, ends.application);
                let _ = write!(text, "{},{},{}\r\n", sum.connections, sum.bytes_sent, sum.bytes_received);
            }
            true
        })?;
        let what = crate::words::count(rows.min(ROWS_MAX) as u64, "flow", "flows");
        app.keeper.keep(&[], &who.person.name, &format!("exported {what}"))?;
        Ok::<_, Problem>(text)
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"flows.csv\""),
    ];
    Ok((headers, text.await??).into_response())
}
