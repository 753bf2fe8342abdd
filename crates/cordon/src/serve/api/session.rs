//! Signing in and out.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::extract::{BROWSER, Body, From, SESSION, Who, cookie, keep_cookie};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::access::{IDLE, Permission, Person, Role, Signed};
use crate::serve::random;

/// Passwords that are looked at at once: each takes 19 MiB.
static PASSWORDS: Semaphore = Semaphore::const_new(4);
/// A browser is remembered for so long.
const BROWSER_SECONDS: u64 = 400 * 86_400;

/// Whether Cordon is new.
#[derive(Serialize, utoipa::ToSchema)]
pub struct First {
    /// Whether nobody has signed in yet: then the secret that was printed opens it.
    open: bool,
    /// SHA-256 of the certificate: compare it with what was printed at the start.
    fingerprint: String,
    /// The version of Cordon.
    #[schema(value_type = String)]
    version: &'static str,
    /// The name of the hospital or site.
    site: String,
}

/// The first to sign in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInFirst {
    /// What was printed at the start.
    secret: String,
    /// What to be called.
    name: String,
    /// The password to be.
    password: String,
}

/// Whoever signs in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Who.
    name: String,
    /// Their password.
    password: String,
}

/// A change of password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// As it is.
    old: String,
    /// As it is to be.
    new: String,
}

/// Whoever is signed in.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Session {
    name: String,
    role: Role,
    /// What the role may do.
    permissions: Vec<Permission>,
    /// Whether a password has to be chosen before anything else.
    must_change: bool,
    /// When, RFC 3339.
    signed_in: String,
    /// Signed out after so many minutes without asking for anything.
    idle_minutes: u64,
}

impl Session {
    fn new(person: &Person, signed: &Signed) -> Self {
        Self {
            name: person.name.clone(),
            role: person.role,
            permissions: person.role.permissions().to_vec(),
            must_change: person.must_change,
            signed_in: signed.since.to_string(),
            idle_minutes: IDLE.as_secs() / 60,
        }
    }
}

/// Is Cordon new, and is this it?
#[utoipa::path(get, path = "/api/v1/first", tag = "session", responses((status = OK, body = First)))]
pub async fn first(State(app): State<Shared>) -> Json<First> {
    let site = app.settings().site;
    Json(First { open: app.is_new(), fingerprint: app.fingerprint.clone(), version: crate::VERSION, site })
}

/// Signs in for the first time, with the secret that was printed.
#[utoipa::path(post, path = "/api/v1/first", tag = "session", request_body = SignInFirst,
    responses((status = OK, body = Session), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn sign_in_first(
    State(app): State<Shared>,
    From(address): From,
    headers: HeaderMap,
    Body(asked): Body<SignInFirst>,
) -> Result<Response, Problem> {
    slowed(&app, "", None, address)?;
    if !app.is_new() || !app.is_first_secret(&asked.secret) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "The secret is not the one that was printed at the last start.",
        ));
    }
    app.throttle.right("", None, address);
    let SignInFirst { name, password, .. } = asked;
    let (known, added) = (std::sync::Arc::clone(&app), name.clone());
    let person = beside(move || known.people.add(&name, Role::Administrator, &password, true, &name)).await??;
    debug_assert_eq!(person.name, added.trim());
    signed_in(&app, &person, &headers).await
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn,
    responses((status = OK, body = Session), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn sign_in(
    State(app): State<Shared>,
    From(address): From,
    headers: HeaderMap,
    Body(SignIn { name, password }): Body<SignIn>,
) -> Result<Response, Problem> {
    let browser = cookie(&headers, BROWSER).filter(|token| app.people.knows_browser(&name, token)).map(str::to_owned);
    slowed(&app, &name, browser.as_deref(), address)?;
    let permit = PASSWORDS.acquire().await;
    let (known, of) = (std::sync::Arc::clone(&app), name.clone());
    let proven = beside(move || known.people.proves(&of, &password)).await?;
    drop(permit);
    match proven {
        Ok(person) => {
            app.throttle.right(&name, browser.as_deref(), address);
            signed_in(&app, &person, &headers).await
        }
        Err(_) => Err(Problem::new(StatusCode::UNAUTHORIZED, "Name and password do not belong together.")),
    }
}

fn slowed(app: &Shared, name: &str, browser: Option<&str>, address: std::net::IpAddr) -> Result<(), Problem> {
    match app.throttle.wait(name, browser, address) {
        Some(wait) => Err(Problem::later(wait.as_secs().saturating_add(1))),
        None => Ok(()),
    }
}

/// Begins a session: always a new one, whatever the browser had before.
async fn signed_in(app: &Shared, person: &Person, headers: &HeaderMap) -> Result<Response, Problem> {
    if let Some(before) = cookie(headers, SESSION).and_then(|token| app.sessions.of(token)) {
        app.sessions.end(&before.key);
    }
    let browser = match cookie(headers, BROWSER).filter(|token| app.people.knows_browser(&person.name, token)) {
        Some(known) => known.to_owned(),
        None => random::secret()?,
    };
    let (known, name, token) = (std::sync::Arc::clone(app), person.name.clone(), browser.clone());
    beside(move || known.people.signed_in(&name, &token)).await??;
    let (token, signed) = app.sessions.begin(&person.name)?;
    let mut response = Json(Session::new(person, &signed)).into_response();
    let cookies = [keep_cookie(SESSION, &token, None), keep_cookie(BROWSER, &browser, Some(BROWSER_SECONDS))];
    for cookie in cookies {
        // Letters, digits and what stands between: always a header.
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    Ok(response)
}

/// Who is signed in?
#[utoipa::path(get, path = "/api/v1/session", tag = "session",
    responses((status = OK, body = Session), (status = "4XX", body = Problem)))]
pub async fn show(Extension(who): Extension<Who>) -> Json<Session> {
    Json(Session::new(&who.person, &who.signed))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub async fn sign_out(State(app): State<Shared>, who: Who) -> Response {
    app.sessions.end(&who.signed.key);
    let gone = HeaderValue::from_str(&keep_cookie(SESSION, "", Some(0)));
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().extend(gone.ok().map(|gone| (header::SET_COOKIE, gone)));
    response
}

/// Signs out everywhere.
#[utoipa::path(delete, path = "/api/v1/session/everywhere", tag = "session",
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub async fn sign_out_everywhere(State(app): State<Shared>, who: Who) -> StatusCode {
    app.sessions.end_all(&who.person.name, None);
    StatusCode::NO_CONTENT
}

/// Chooses another password; signs out everywhere else.
#[utoipa::path(put, path = "/api/v1/session/password", tag = "session", request_body = NewPassword,
    responses((status = NO_CONTENT), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub async fn choose_password(
    State(app): State<Shared>,
    From(address): From,
    who: Who,
    Body(NewPassword { old, new }): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    slowed(&app, &who.person.name, Some("choose"), address)?;
    let (known, name) = (std::sync::Arc::clone(&app), who.person.name.clone());
    beside(move || known.people.choose(&name, &old, &new)).await??;
    app.throttle.right(&who.person.name, Some("choose"), address);
    app.sessions.end_all(&who.person.name, Some(&who.signed.key));
    Ok(StatusCode::NO_CONTENT)
}
