//! Who may sign in, and what people did.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::extract::{Asked, Body, Named, Place, Who, Within};
use super::problem::Problem;
use super::{Shared, beside, beside_passwords};
use crate::serve::access::{Person, Role};
use crate::serve::random;

const LIMIT: usize = 100;
const LIMIT_MAX: u64 = 1_000;

/// How many lines of a page.
type Limit = Within<1, LIMIT_MAX>;

/// Everybody.
#[derive(Serialize, utoipa::ToSchema)]
pub struct PersonList {
    items: Vec<Person>,
}

/// Somebody to be let in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    #[schema(min_length = 1, max_length = 64)]
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
    #[schema(format = DateTime)]
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
    #[param(value_type = Option<u64>, maximum = 9_007_199_254_740_991_u64)]
    before: Option<Place>,
    /// How many, at most 1,000.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 1_000)]
    limit: Option<Limit>,
}

/// Everybody who may sign in.
#[utoipa::path(get, path = "/api/v1/people", tag = "people",
    responses((status = OK, body = PersonList)))]
pub async fn list(State(app): State<Shared>) -> Json<PersonList> {
    Json(PersonList { items: app.people.all() })
}

/// Lets somebody in, with a secret that they change at once.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = NewPerson,
    responses((status = OK, body = Added), (status = CONFLICT), (status = SERVICE_UNAVAILABLE)))]
pub async fn add(State(app): State<Shared>, who: Who, Body(asked): Body<NewPerson>) -> Result<Json<Added>, Problem> {
    let secret = random::secret()?;
    let password = secret.clone();
    let added = beside_passwords(move || app.people.add(&asked.name, asked.role, &password, false, &who.person.name));
    Ok(Json(Added { person: added.await??, secret }))
}

/// Changes a role, shuts somebody out, or lets them in again; signs them out everywhere.
#[utoipa::path(patch, path = "/api/v1/people/{name}", tag = "people", params(("name" = String, Path)),
    request_body = PersonChange,
    responses((status = OK, body = Person), (status = NOT_FOUND), (status = CONFLICT), (status = SERVICE_UNAVAILABLE)))]
pub async fn change(
    State(app): State<Shared>,
    who: Who,
    Named(name): Named<String>,
    Body(asked): Body<PersonChange>,
) -> Result<Json<Person>, Problem> {
    if asked.role.is_none() && asked.disabled.is_none() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "Say what is to be different: role or disabled."));
    }
    let changed = beside(move || {
        let person = app.people.change(&name, asked.role, asked.disabled, &who.person.name)?;
        app.sessions.end_all(&person.name, None);
        Ok::<_, crate::serve::access::PersonError>(person)
    });
    Ok(Json(changed.await??))
}

/// Gives somebody a new secret that they change at once; signs them out everywhere.
#[utoipa::path(post, path = "/api/v1/people/{name}/secret", tag = "people", params(("name" = String, Path)),
    responses((status = OK, body = Secret), (status = NOT_FOUND), (status = SERVICE_UNAVAILABLE)))]
pub async fn reset(State(app): State<Shared>, who: Who, Named(name): Named<String>) -> Result<Json<Secret>, Problem> {
    let reset = beside_passwords(move || {
        let (person, secret) = app.people.reset(&name, &who.person.name)?;
        app.sessions.end_all(&person.name, None);
        // Whoever guessed until now kept the person out; with the new secret they come in.
        app.throttle.forget(&person.name);
        Ok::<_, crate::serve::access::PersonError>(secret)
    });
    Ok(Json(Secret { secret: reset.await?? }))
}

/// What people did, the newest first.
#[utoipa::path(get, path = "/api/v1/audit", tag = "people", params(AuditAsked),
    responses((status = OK, body = AuditList), (status = SERVICE_UNAVAILABLE)))]
pub async fn audit(State(app): State<Shared>, Asked(asked): Asked<AuditAsked>) -> Result<Json<AuditList>, Problem> {
    let limit = asked.limit.map_or(LIMIT, Within::count);
    let lines = beside(move || app.keeper.audit(asked.before.map(|place| place.0), limit)).await??;
    let next = (lines.len() == limit).then(|| lines.last().map(|(id, _)| *id)).flatten();
    let items = lines.into_iter().map(|(id, line)| AuditRow { id, time: line.time, by: line.by, text: line.text });
    Ok(Json(AuditList { items: items.collect(), next }))
}
