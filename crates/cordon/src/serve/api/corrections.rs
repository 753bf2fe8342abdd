//! What people say of devices.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::extract::{Body, Named, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::clock;
use crate::serve::corrections::{
    Correction, CorrectionRow, REASON_LETTERS_MAX, Recognition, VALUE_LETTERS_MAX, proposed_rule,
};
use crate::serve::events::Event;
use crate::serve::twin::{Change, ChangeKind};
use crate::serve::view::label;
use crate::words::is_unprintable;

/// Everything that people said.
#[derive(Serialize, utoipa::ToSchema)]
pub struct CorrectionList {
    items: Vec<CorrectionRow>,
}

/// What a person says.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// What is true; for kinds the identifier.
    #[schema(min_length = 1, max_length = 200)]
    value: String,
    /// Why the person knows.
    #[schema(min_length = 1, max_length = 1_000)]
    reason: String,
}

/// Everything that people said, the newest first.
#[utoipa::path(get, path = "/api/v1/corrections", tag = "devices",
    responses((status = OK, body = CorrectionList)))]
pub async fn list(State(app): State<Shared>) -> Result<Json<CorrectionList>, Problem> {
    // There may be very many.
    let list = beside(move || {
        let (view, all) = (app.view(), app.corrections().all());
        all.into_iter().map(|said| view.correction_row(said, app.known)).collect()
    });
    Ok(Json(CorrectionList { items: list.await? }))
}

/// Confirms or corrects an attribute of a device.
#[utoipa::path(put, path = "/api/v1/devices/{id}/corrections/{attribute}", tag = "devices", request_body = Said,
    params(("id" = String, Path), ("attribute" = String, Path)),
    responses((status = OK, body = Correction), (status = NOT_FOUND), (status = CONFLICT), (status = SERVICE_UNAVAILABLE)))]
pub async fn say(
    State(app): State<Shared>,
    who: Who,
    Named((id, attribute)): Named<(String, String)>,
    Body(said): Body<Said>,
) -> Result<Json<Correction>, Problem> {
    let correction = corrected(&app, &who, &id, &attribute, &said)?;
    let kept = beside(move || {
        let kept = app.say(correction.clone())?;
        if kept.is_some() {
            let text = format!("{} said: {} — {}", correction.by, correction.label, correction.reason);
            tell(&app, &correction, text);
        }
        Ok::<_, store::StoreError>(kept.map(|()| correction))
    });
    let kept = kept.await??;
    kept.map(Json).ok_or_else(|| Problem::new(StatusCode::CONFLICT, "Too much was corrected already."))
}

/// Takes back what was said of an attribute of a device.
#[utoipa::path(delete, path = "/api/v1/devices/{id}/corrections/{attribute}", tag = "devices",
    params(("id" = String, Path), ("attribute" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND), (status = SERVICE_UNAVAILABLE)))]
pub async fn take_back(
    State(app): State<Shared>,
    who: Who,
    Named((id, attribute)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let taken = beside(move || {
        let taken = app.take_back(&id, &attribute, &who.person.name)?;
        if let Some(correction) = &taken {
            tell(&app, correction, format!("{} took back: {}", who.person.name, correction.label));
        }
        Ok::<_, store::StoreError>(taken)
    });
    taken.await??.map(|_| StatusCode::NO_CONTENT).ok_or_else(|| Problem::missing("correction"))
}

fn corrected(app: &Shared, who: &Who, id: &str, attribute: &str, said: &Said) -> Result<Correction, Problem> {
    let unprocessable = |detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
    let knowledge = &app.known.knowledge;
    let view = app.view();
    let device = &view.device(id).ok_or_else(|| Problem::missing("device"))?;
    let known = knowledge.attributes().get(attribute).ok_or_else(|| Problem::missing("attribute"))?;
    let (value, reason) = (said.value.trim(), said.reason.trim());
    for (what, text, most) in [("value", value, VALUE_LETTERS_MAX), ("reason", reason, REASON_LETTERS_MAX)] {
        if text.is_empty() || text.chars().count() > most || text.chars().any(is_unprintable) {
            return Err(unprocessable(format!("The {what} is 1 to {most} characters on one line.")));
        }
    }
    if known.id == "category" && knowledge.categories().get(value).is_none() {
        return Err(unprocessable(format!("`{value}` is no kind of device: choose one of the list.")));
    }
    let before = crate::serve::view::asserted(device, attribute);
    let is_confirmed = before.as_deref() == Some(value);
    Ok(Correction {
        device: id.to_owned(),
        device_name: device.name.clone(),
        attribute: attribute.to_owned(),
        value: value.to_owned(),
        label: label(attribute, value, knowledge),
        rule: if is_confirmed { None } else { proposed_rule(device, attribute, value, reason, &who.person.name) },
        before,
        reason: reason.to_owned(),
        by: who.person.name.clone(),
        at: clock::now().to_string(),
        recognised: Recognition::of(device, knowledge.attributes()),
    })
}

fn tell(app: &Shared, correction: &Correction, text: String) {
    let change = Change {
        id: 0,
        time: clock::now().to_string(),
        kind: ChangeKind::Corrected,
        device: correction.device.clone(),
        name: correction.device_name.clone(),
        text,
    };
    // The correction itself is kept; that the list of changes misses a line is told on the page of sensors.
    match app.changes.add(vec![change]) {
        Ok(added) => added.into_iter().for_each(|change| app.events.tell(Event::Change(Box::new(change)))),
        Err(error) => app.journal.failed(&error),
    }
    app.was_said();
}
