//! Pages that look at everything at once.

use std::collections::BTreeMap;

use analysis::knowledge::Family;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use model::Weakness;
use serde::{Deserialize, Serialize};

use super::extract::{Asked, FilterText};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::access::{Permission, Role};
use crate::serve::view::{Coverage, Filter, Group, MapData, Overview, Question};

/// Changes on the first page.
const CHANGES: usize = 8;

/// What people read of everything that has an identifier.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Words {
    categories: BTreeMap<String, CategoryWords>,
    attributes: BTreeMap<String, String>,
    weaknesses: BTreeMap<String, String>,
    roles: BTreeMap<String, String>,
    families: BTreeMap<String, String>,
    people_roles: BTreeMap<String, RoleWords>,
}

/// A kind of device.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CategoryWords {
    label: String,
    /// What it is a kind of.
    parent: Option<String>,
    /// Whether it serves patients.
    medical: bool,
}

/// What a person is here for.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RoleWords {
    #[schema(value_type = String)]
    label: &'static str,
    permissions: Vec<Permission>,
}

/// What people read of everything that has an identifier.
#[utoipa::path(get, path = "/api/v1/words", tag = "overview",
    responses((status = OK, body = Words)))]
pub async fn words(State(app): State<Shared>) -> Json<Words> {
    let knowledge = &app.known.knowledge;
    let pair = |id: &str, label: &str| (id.to_owned(), label.to_owned());
    Json(Words {
        categories: knowledge
            .categories()
            .iter()
            .map(|kind| {
                let words =
                    CategoryWords { label: kind.label.clone(), parent: kind.parent.clone(), medical: kind.medical };
                (kind.id.clone(), words)
            })
            .collect(),
        attributes: knowledge.attributes().iter().map(|each| pair(&each.id, &each.label)).collect(),
        weaknesses: Weakness::ALL.iter().map(|each| pair(each.name(), each.title())).collect(),
        roles: knowledge.roles().iter().map(|each| pair(&each.id, &each.label)).collect(),
        families: Family::ALL.iter().map(|each| pair(each.name(), each.title())).collect(),
        people_roles: Role::ALL
            .iter()
            .map(|role| {
                let id = serde_json::to_value(role).ok().and_then(|id| id.as_str().map(str::to_owned));
                (id.unwrap_or_default(), RoleWords { label: role.label(), permissions: role.permissions().to_vec() })
            })
            .collect(),
    })
}

/// What is here, how sure, what is new, what is not seen.
#[utoipa::path(get, path = "/api/v1/overview", tag = "overview",
    responses((status = OK, body = Overview)))]
pub async fn overview(State(app): State<Shared>) -> Result<Json<Overview>, Problem> {
    let overview = beside(move || {
        let mut overview = app.view().overview(app.known, &app.coverage());
        overview.changes = app.changes.newest(&[], None, CHANGES);
        overview
    });
    Ok(Json(overview.await?))
}

/// A list of questions.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Questions {
    items: Vec<Question>,
}

/// What only a person knows.
#[utoipa::path(get, path = "/api/v1/questions", tag = "overview",
    responses((status = OK, body = Questions)))]
pub async fn questions(State(app): State<Shared>) -> Result<Json<Questions>, Problem> {
    Ok(Json(Questions { items: beside(move || app.view().questions(app.known).to_vec()).await? }))
}

/// Which map.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MapAsked {
    /// What devices are grouped by.
    #[serde(default)]
    #[param(inline)]
    group: Group,
    /// The filter.
    #[serde(default)]
    #[param(value_type = String, max_length = 1_000)]
    q: FilterText,
}

/// Who talks to whom.
#[utoipa::path(get, path = "/api/v1/map", tag = "overview", params(MapAsked),
    responses((status = OK, body = MapData)))]
pub async fn map(State(app): State<Shared>, Asked(asked): Asked<MapAsked>) -> Result<Response, Problem> {
    let json = beside(move || app.view().map_json(asked.group, &Filter::new(&asked.q.0), app.known)).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// How far the picture can be believed.
#[utoipa::path(get, path = "/api/v1/coverage", tag = "overview",
    responses((status = OK, body = Coverage)))]
pub async fn coverage(State(app): State<Shared>) -> Result<Json<Coverage>, Problem> {
    Ok(Json(beside(move || app.coverage()).await?))
}
