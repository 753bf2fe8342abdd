//! Who may sign in, and what people did.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Body, Named, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::access::{Person, Role};
use crate::serve::random;

const LIMIT: usize = 100;
const LIMIT_MAX: usize = 1_000;

/// Everybody.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PersonList {
    items: Vec<Person>,
}

/// Somebody to be let in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    name: String,
    role: Role,
}

/// What is to be different.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    role: Option<Role>,
    disabled: Option<bool>,
}

/// Somebody who was let in.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Added {
    person: Person,
    /// With which they sign in once; shown once.
    secret: String,
}

/// A secret, shown once.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Secret {
    secret: String,
}

/// A line of what people did, with its place.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AuditRow {
    id: u64,
    time: String,
    by: String,
    text: String,
}

/// A page of what people did.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AuditList {
    items: Vec<AuditRow>,
    /// Ask for what follows with this.
    next: Option<u64>,
}

/// Which lines.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AuditAsked {
    /// Before this one.
    before: Option<u64>,
    /// How many, at most 1,000.
    limit: Option<usize>,
}

/// Everybody who may sign in.
#[utoipa::path(get, path = "/api/v1/people", tag = "people",
    responses((status = OK, body = PersonList), (status = "4XX", body = Problem)))]
pub async fn list(State(app): State<Shared>) -> Json<PersonList> {
    Json(PersonList { items: app.people.all() })
}

/// Lets somebody in, with a secret that they change at once.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = NewPerson,
    responses((status = OK, body = Added), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn add(State(app): State<Shared>, who: Who, Body(asked): Body<NewPerson>) -> Result<Json<Added>, Problem> {
    let secret = random::secret()?;
    let password = secret.clone();
    let added = beside(move || app.people.add(&asked.name, asked.role, &password, false, &who.person.name));
    Ok(Json(Added { person: added.await??, secret }))
}

/// Changes a role, shuts somebody out, or lets them in again; signs them out everywhere.
#[utoipa::path(patch, path = "/api/v1/people/{name}", tag = "people", params(("name" = String, Path)),
    request_body = PersonChange,
    responses((status = OK, body = Person), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn change(
    State(app): State<Shared>,
    who: Who,
    Named(name): Named<String>,
    Body(asked): Body<PersonChange>,
) -> Result<Json<Person>, Problem> {
    let changed = beside(move || {
        let person = app.people.change(&name, asked.role, asked.disabled, &who.person.name)?;
        app.sessions.end_all(&person.name, None);
        Ok::<_, crate::serve::access::PersonError>(person)
    });
    Ok(Json(changed.await??))
}

/// Gives somebody a new secret that they change at once; signs them out everywhere.
#[utoipa::path(post, path = "/api/v1/people/{name}/secret", tag = "people", params(("name" = String, Path)),
    responses((status = OK, body = Secret), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn reset(State(app): State<Shared>, who: Who, Named(name): Named<String>) -> Result<Json<Secret>, Problem> {
    let reset = beside(move || {
        let secret = app.people.reset(&name, &who.person.name)?;
        app.sessions.end_all(name.trim(), None);
        Ok::<_, crate::serve::access::PersonError>(secret)
    });
    Ok(Json(Secret { secret: reset.await?? }))
}

/// What people did, the newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "people", params(AuditAsked),
    responses((status = OK, body = AuditList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn audit(State(app): State<Shared>, Asked(asked): Asked<AuditAsked>) -> Result<Json<AuditList>, Problem> {
    let limit = asked.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let lines = beside(move || app.keeper.audit(asked.before, limit)).await??;
    let next = (lines.len() == limit).then(|| lines.last().map(|(id, _)| *id)).flatten();
    let items = lines.into_iter().map(|(id, line)| AuditRow { id, time: line.time, by: line.by, text: line.text });
    Ok(Json(AuditList { items: items.collect(), next }))
}
