//! Signing in and out.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

use super::extract::{BROWSER, Body, From, SESSION, Short, Who, cookie, keep_cookie};
use super::problem::Problem;
use super::{Shared, beside, beside_passwords};
use crate::serve::access::{IDLE, Permission, Person, PersonError, Proof, Role, Signed};
use crate::serve::random;

/// A browser is remembered for so long.
const BROWSER_SECONDS: u64 = 400 * 86_400;
/// Letters of a name, a password or a secret.
const NAME_LETTERS_MAX: usize = 64;
const SECRET_LETTERS_MAX: usize = 256;

type Name = Short<NAME_LETTERS_MAX>;
type Password = Short<SECRET_LETTERS_MAX>;

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
    /// Whether what it shows comes from a synthetic hospital.
    synthetic: bool,
}

/// The first to sign in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInFirst {
    /// What was printed at the start.
    #[schema(value_type = String, max_length = 256)]
    secret: Password,
    /// What to be called.
    #[schema(value_type = String, max_length = 64)]
    name: Name,
    /// The password to be.
    #[schema(value_type = String, max_length = 256)]
    password: Password,
}

/// Whoever signs in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Who.
    #[schema(value_type = String, max_length = 64)]
    name: Name,
    /// Their password.
    #[schema(value_type = String, max_length = 256)]
    password: Password,
}

/// A change of password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// As it is.
    #[schema(value_type = String, max_length = 256)]
    old: Password,
    /// As it is to be.
    #[schema(value_type = String, max_length = 256)]
    new: Password,
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
    /// Whether what is shown comes from a synthetic hospital: nothing of it is real.
    synthetic: bool,
}

impl Session {
    fn new(person: &Person, signed: &Signed, synthetic: bool) -> Self {
        Self {
            name: person.name.clone(),
            role: person.role,
            permissions: person.role.permissions().to_vec(),
            must_change: person.must_change,
            signed_in: signed.since.to_string(),
            idle_minutes: IDLE.as_secs() / 60,
            synthetic,
        }
    }
}

/// Is Cordon new, and is this it?
#[utoipa::path(get, path = "/api/v1/first", tag = "session", responses((status = OK, body = First)))]
pub async fn first(State(app): State<Shared>) -> Json<First> {
    let (site, synthetic) = (app.settings().site, app.sources.is_synthetic());
    Json(First { open: app.is_new(), fingerprint: app.fingerprint.clone(), version: crate::VERSION, site, synthetic })
}

/// Signs in for the first time, with the secret that was printed.
#[utoipa::path(post, path = "/api/v1/first", tag = "session", request_body = SignInFirst,
    responses((status = OK, body = Session), (status = UNAUTHORIZED), (status = CONFLICT),
        (status = TOO_MANY_REQUESTS), (status = SERVICE_UNAVAILABLE)))]
pub async fn sign_in_first(
    State(app): State<Shared>,
    From(address): From,
    headers: HeaderMap,
    Body(asked): Body<SignInFirst>,
) -> Result<Response, Problem> {
    let SignInFirst { secret: Short(secret), name: Short(name), password: Short(password) } = asked;
    // Nobody guesses 256 bits: wrong secrets are slowed down by address alone, and whoever has the right one never is.
    if !app.is_new() || !app.is_first_secret(&secret) {
        slowed(&app, None, None, address)?;
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "The secret is not the one that was printed at the last start.",
        ));
    }
    let known = std::sync::Arc::clone(&app);
    let added = beside_passwords(move || known.people.add(&name, Role::Administrator, &password, true, &name));
    let person = added.await??;
    signed_in(&app, &person, None, &headers).await
}

/// Signs in.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn,
    responses((status = OK, body = Session), (status = UNAUTHORIZED),
        (status = TOO_MANY_REQUESTS), (status = SERVICE_UNAVAILABLE)))]
pub async fn sign_in(
    State(app): State<Shared>,
    From(address): From,
    headers: HeaderMap,
    Body(SignIn { name: Short(name), password: Short(password) }): Body<SignIn>,
) -> Result<Response, Problem> {
    let browser = cookie(&headers, BROWSER).filter(|token| app.people.knows_browser(&name, token)).map(str::to_owned);
    slowed(&app, Some(&name), browser.as_deref(), address)?;
    let (known, of) = (std::sync::Arc::clone(&app), name.clone());
    match beside_passwords(move || known.people.proves(&of, &password)).await? {
        Ok((person, proof)) => {
            app.throttle.right(&name, browser.as_deref(), address);
            signed_in(&app, &person, Some(proof), &headers).await
        }
        Err(_) => Err(Problem::new(StatusCode::UNAUTHORIZED, "Name and password do not belong together.")),
    }
}

fn slowed(app: &Shared, name: Option<&str>, browser: Option<&str>, address: std::net::IpAddr) -> Result<(), Problem> {
    match app.throttle.wait(name, browser, address) {
        Some(wait) => Err(Problem::later(wait.as_secs().saturating_add(1))),
        None => Ok(()),
    }
}

/// Begins a session: always a new one, whatever the browser had before.
async fn signed_in(
    app: &Shared,
    person: &Person,
    proof: Option<Proof>,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    if let Some(before) = cookie(headers, SESSION).and_then(|token| app.sessions.of(token)) {
        app.sessions.end(&before.key);
    }
    let browser = match cookie(headers, BROWSER).filter(|token| app.people.knows_browser(&person.name, token)) {
        Some(known) => known.to_owned(),
        None => random::secret()?,
    };
    // The session first: whoever gives a new password afterwards ends it, and whoever did so before is noticed.
    let (token, signed) = app.sessions.begin(&person.name)?;
    let (known, name, of) = (std::sync::Arc::clone(app), person.name.clone(), browser.clone());
    if let Err(problem) = beside(move || known.people.signed_in(&name, &of, proof.as_ref())).await? {
        app.sessions.end(&signed.key);
        return Err(match problem {
            PersonError::Wrong(detail) => Problem::new(StatusCode::UNAUTHORIZED, detail),
            problem => problem.into(),
        });
    }
    let mut response = Json(Session::new(person, &signed, app.sources.is_synthetic())).into_response();
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
    responses((status = OK, body = Session)))]
pub async fn show(State(app): State<Shared>, Extension(who): Extension<Who>) -> Json<Session> {
    Json(Session::new(&who.person, &who.signed, app.sources.is_synthetic()))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session",
    responses((status = NO_CONTENT)))]
pub async fn sign_out(State(app): State<Shared>, who: Who) -> Response {
    app.sessions.end(&who.signed.key);
    let gone = HeaderValue::from_str(&keep_cookie(SESSION, "", Some(0)));
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().extend(gone.ok().map(|gone| (header::SET_COOKIE, gone)));
    response
}

/// Signs out everywhere.
#[utoipa::path(delete, path = "/api/v1/session/everywhere", tag = "session",
    responses((status = NO_CONTENT)))]
pub async fn sign_out_everywhere(State(app): State<Shared>, who: Who) -> StatusCode {
    app.sessions.end_all(&who.person.name, None);
    StatusCode::NO_CONTENT
}

/// Chooses another password; signs out everywhere else.
#[utoipa::path(put, path = "/api/v1/session/password", tag = "session", request_body = NewPassword,
    responses((status = NO_CONTENT), (status = CONFLICT),
        (status = TOO_MANY_REQUESTS), (status = SERVICE_UNAVAILABLE)))]
pub async fn choose_password(
    State(app): State<Shared>,
    From(address): From,
    who: Who,
    Body(NewPassword { old: Short(old), new: Short(new) }): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    slowed(&app, Some(&who.person.name), Some("choose"), address)?;
    let (known, name) = (std::sync::Arc::clone(&app), who.person.name.clone());
    beside_passwords(move || known.people.choose(&name, &old, &new)).await??;
    app.throttle.right(&who.person.name, Some("choose"), address);
    app.sessions.end_all(&who.person.name, Some(&who.signed.key));
    Ok(StatusCode::NO_CONTENT)
}
