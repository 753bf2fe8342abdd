//! How Cordon works here, and the views that people keep.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::extract::{Body, Named, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::app::Settings;
use crate::serve::keeper::Kept;
use crate::words::is_unprintable;

const VIEW: &str = "view";
/// Letters of names and queries.
const NAME_LETTERS_MAX: usize = 60;
const QUERY_LETTERS_MAX: usize = 2_000;
/// Views of one person.
const VIEWS_MAX: usize = 50;
/// What went on is remembered for at most so many days.
const DAYS_MAX: u32 = 4_000;
/// Silence is told after at most so many hours.
const HOURS_MAX: u32 = 24 * 365;

/// A view that somebody keeps.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SavedView {
    /// What it is called.
    name: String,
    /// What stands behind the question mark of the page of devices.
    query: String,
    /// Whether others see it.
    shared: bool,
    /// Whose it is.
    by: String,
}

/// Views.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ViewList {
    items: Vec<SavedView>,
}

/// What a view shows.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    #[schema(max_length = 2_000)]
    query: String,
    #[serde(default)]
    shared: bool,
}

fn key(person: &str, name: &str) -> String {
    format!("{}\n{name}", person.to_lowercase())
}

/// The views of whoever asks, and those that others share.
#[utoipa::path(get, path = "/api/v1/views", tag = "settings",
    responses((status = OK, body = ViewList), (status = SERVICE_UNAVAILABLE)))]
pub async fn views(State(app): State<Shared>, who: Who) -> Result<Json<ViewList>, Problem> {
    let all: BTreeMap<String, SavedView> = beside(move || app.keeper.load(VIEW)).await??;
    let items = all.into_values().filter(|view| view.shared || view.by == who.person.name).collect();
    Ok(Json(ViewList { items }))
}

/// Keeps a view.
#[utoipa::path(put, path = "/api/v1/views/{name}", tag = "settings", params(("name" = String, Path)),
    request_body = NewView,
    responses((status = OK, body = SavedView), (status = CONFLICT), (status = SERVICE_UNAVAILABLE)))]
pub async fn keep_view(
    State(app): State<Shared>,
    who: Who,
    Named(name): Named<String>,
    Body(NewView { query, shared }): Body<NewView>,
) -> Result<Json<SavedView>, Problem> {
    let fine = |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(is_unprintable);
    let name = name.trim().to_owned();
    if name.is_empty() || !fine(&name, NAME_LETTERS_MAX) || !fine(&query, QUERY_LETTERS_MAX) {
        let detail = format!(
            "A view has a name of 1 to {NAME_LETTERS_MAX} characters and a query of at most {QUERY_LETTERS_MAX}."
        );
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let view = SavedView { name: name.clone(), query, shared, by: who.person.name.clone() };
    let kept = beside(move || {
        let own = key(&who.person.name, "");
        let all: BTreeMap<String, SavedView> = app.keeper.load(VIEW)?;
        let id = key(&who.person.name, &name);
        if !all.contains_key(&id) && all.keys().filter(|known| known.starts_with(&own)).count() >= VIEWS_MAX {
            return Ok::<_, store::StoreError>(None);
        }
        app.keeper.keep_quietly(&[Kept::put(VIEW, &id, &view)])?;
        Ok(Some(view))
    });
    let full = || Problem::new(StatusCode::CONFLICT, format!("You keep {VIEWS_MAX} views already."));
    kept.await??.map(Json).ok_or_else(full)
}

/// Lets go of a view of one's own.
#[utoipa::path(delete, path = "/api/v1/views/{name}", tag = "settings", params(("name" = String, Path)),
    responses((status = NO_CONTENT), (status = SERVICE_UNAVAILABLE)))]
pub async fn drop_view(State(app): State<Shared>, who: Who, Named(name): Named<String>) -> Result<StatusCode, Problem> {
    beside(move || app.keeper.keep_quietly(&[Kept::remove(VIEW, &key(&who.person.name, name.trim()))])).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// How Cordon works here.
#[utoipa::path(get, path = "/api/v1/settings", tag = "settings",
    responses((status = OK, body = Settings)))]
pub async fn show(State(app): State<Shared>) -> Json<Settings> {
    Json(app.settings())
}

/// Changes how Cordon works here.
#[utoipa::path(put, path = "/api/v1/settings", tag = "settings", request_body = Settings,
    responses((status = OK, body = Settings), (status = SERVICE_UNAVAILABLE)))]
pub async fn change(
    State(app): State<Shared>,
    who: Who,
    Body(settings): Body<Settings>,
) -> Result<Json<Settings>, Problem> {
    let site = settings.site.trim();
    if site.chars().count() > NAME_LETTERS_MAX || site.chars().any(is_unprintable) {
        let detail = format!("The name of the site is at most {NAME_LETTERS_MAX} characters on one line.");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    if !(1..=HOURS_MAX).contains(&settings.silent_after_hours) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("Silence is told after 1 to {HOURS_MAX} hours."),
        ));
    }
    if !(1..=DAYS_MAX).contains(&settings.retention_days) {
        let detail = format!("What went on is remembered for 1 to {DAYS_MAX} days.");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let settings = Settings { site: site.to_owned(), ..settings };
    let kept = settings.clone();
    beside(move || app.change_settings(kept, &who.person.name)).await??;
    Ok(Json(settings))
}
