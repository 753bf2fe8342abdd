//! What people decide about findings.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::Timestamp;
use serde::{Deserialize, Serialize};

use super::extract::{Body, Named, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::clock;
use crate::risk::DecisionKind;
use crate::serve::corrections::{REASON_LETTERS_MAX, Recognition};
use crate::serve::random;
use crate::serve::risk::{Decision, DecisionRow, OWNER_LETTERS_MAX};
use crate::words::is_unprintable;

/// For so many days a decision counts at most.
const DAYS_MAX: i64 = 366;
const DAY_NANOSECONDS: i64 = 86_400_000_000_000;
/// Letters of what it is about.
const ABOUT_LETTERS_MAX: usize = 200;

/// Everything that was decided.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DecisionList {
    items: Vec<DecisionRow>,
}

/// What a person decides.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// What.
    kind: DecisionKind,
    /// The number of a vulnerability, or a weakness, that the device has.
    #[schema(min_length = 1, max_length = 200)]
    about: String,
    /// Why.
    #[schema(min_length = 1, max_length = 1_000)]
    reason: String,
    /// How it was verified that something holds it back; without it a mitigation does not count.
    #[schema(min_length = 1, max_length = 1_000)]
    verified: Option<String>,
    /// Who answers for it.
    #[schema(min_length = 1, max_length = 100)]
    owner: String,
    /// Until which day, as in `2027-05-31`, at most a year from now.
    #[schema(min_length = 10, max_length = 10)]
    until: String,
}

/// Everything that was decided, the newest first.
#[utoipa::path(get, path = "/api/v1/risk/decisions", tag = "risk",
    responses((status = OK, body = DecisionList)))]
pub async fn list(State(app): State<Shared>) -> Result<Json<DecisionList>, Problem> {
    let list = beside(move || app.decisions.rows(None, &app.view(), app.known, clock::now()));
    Ok(Json(DecisionList { items: list.await? }))
}

/// Decides about a finding on a device, in place of what was decided about it before.
#[utoipa::path(post, path = "/api/v1/devices/{id}/risk/decisions", tag = "risk", request_body = Decide,
    params(("id" = String, Path)),
    responses((status = OK, body = Decision), (status = NOT_FOUND), (status = CONFLICT), (status = UNPROCESSABLE_ENTITY), (status = SERVICE_UNAVAILABLE)))]
pub async fn decide(
    State(app): State<Shared>,
    who: Who,
    Named(id): Named<String>,
    Body(said): Body<Decide>,
) -> Result<Json<Decision>, Problem> {
    let decided = beside(move || {
        let decision = decided(&app, &who, &id, &said)?;
        let kept = app.decisions.decide(decision)?;
        kept.ok_or_else(|| Problem::new(StatusCode::CONFLICT, "Too much was decided already."))
    });
    Ok(Json(decided.await??))
}

/// Takes back what was decided.
#[utoipa::path(delete, path = "/api/v1/devices/{id}/risk/decisions/{decision}", tag = "risk",
    params(("id" = String, Path), ("decision" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND), (status = SERVICE_UNAVAILABLE)))]
pub async fn take_back(
    State(app): State<Shared>,
    who: Who,
    Named((id, decision)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let taken = beside(move || app.decisions.take_back(&id, &decision, &who.person.name));
    taken.await??.map(|()| StatusCode::NO_CONTENT).ok_or_else(|| Problem::missing("decision"))
}

fn decided(app: &Shared, who: &Who, id: &str, said: &Decide) -> Result<Decision, Problem> {
    let unprocessable = |detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
    let view = app.view();
    let device = view.device(id).ok_or_else(|| Problem::missing("device"))?;
    let texts = [
        ("what it is about", Some(&said.about), ABOUT_LETTERS_MAX),
        ("reason", Some(&said.reason), REASON_LETTERS_MAX),
        ("verification", said.verified.as_ref(), REASON_LETTERS_MAX),
        ("owner", Some(&said.owner), OWNER_LETTERS_MAX),
    ];
    for (what, text, most) in texts {
        let Some(text) = text.map(|text| text.trim()) else { continue };
        if text.is_empty() || text.chars().count() > most || text.chars().any(is_unprintable) {
            return Err(unprocessable(format!("The {what} is 1 to {most} characters on one line.")));
        }
    }
    let now = clock::now();
    let until = Timestamp::read(&format!("{}T23:59:59Z", said.until));
    let latest = now.0.saturating_add(DAYS_MAX.saturating_mul(DAY_NANOSECONDS));
    let in_time = |until: &Timestamp| (now.0..latest).contains(&until.0);
    if until.filter(in_time).is_none() {
        return Err(unprocessable(format!(
            "It counts until a day from today on, as in 2027-05-31, for {DAYS_MAX} days at most."
        )));
    }
    let has_it = app.risk.now().is_some_and(|picture| picture.has(id, said.about.trim()));
    if !has_it {
        return Err(unprocessable(format!("Nothing was found on this device that is called {}.", said.about.trim())));
    }
    Ok(Decision {
        id: random::secret()?,
        kind: said.kind,
        about: said.about.trim().to_owned(),
        device: id.to_owned(),
        device_name: device.name.clone(),
        reason: said.reason.trim().to_owned(),
        verified: said.verified.as_deref().map(|text| text.trim().to_owned()),
        owner: said.owner.trim().to_owned(),
        by: who.person.name.clone(),
        at: now.to_string(),
        until: format!("{}T23:59:59Z", said.until),
        recognised: Recognition::of(&device, app.known.knowledge.attributes()),
    })
}
