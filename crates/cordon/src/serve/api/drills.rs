//! Attacks on the synthetic hospital, for people to see what Cordon shows of them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hospital::{attacks, drill};
use serde::{Deserialize, Serialize};

use super::extract::{Body, Short, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::drills::{Playing, Refused, Run};

/// Letters of an attack's name.
const NAME_LETTERS_MAX: usize = 64;

/// What can be started, and what was.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DrillList {
    /// The hospital that is played; nothing can be started without one.
    hospital: Option<Playing>,
    /// Every attack.
    attacks: Vec<AttackWords>,
    /// Those that were started, the newest first.
    runs: Vec<Run>,
}

/// An attack in words.
#[derive(Serialize, utoipa::ToSchema)]
pub struct AttackWords {
    /// Identifier.
    #[schema(value_type = String)]
    id: &'static str,
    /// What it is called.
    #[schema(value_type = String)]
    title: &'static str,
    /// What is done.
    #[schema(value_type = String)]
    does: &'static str,
    /// What a hospital needs to have for it.
    #[schema(value_type = String)]
    needs: &'static str,
    /// Techniques of MITRE ATT&CK.
    #[schema(value_type = Vec<String>)]
    techniques: &'static [&'static str],
}

/// Which attack.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDrill {
    /// Its identifier.
    #[schema(value_type = String, max_length = 64)]
    attack: Short<NAME_LETTERS_MAX>,
}

/// What can be started in the synthetic hospital, and what was.
#[utoipa::path(get, path = "/api/v1/drills", tag = "drills", responses((status = OK, body = DrillList)))]
pub async fn list(State(app): State<Shared>) -> Json<DrillList> {
    let attacks = attacks::ALL.iter().filter_map(|attack| {
        let drill::Words { attack: id, title, does, needs } = *drill::words(attack.name())?;
        Some(AttackWords { id, title, does, needs, techniques: attack.techniques() })
    });
    Json(DrillList { hospital: app.drills.playing(), attacks: attacks.collect(), runs: app.drills.runs() })
}

/// Starts an attack in the synthetic hospital.
#[utoipa::path(post, path = "/api/v1/drills", tag = "drills", request_body = NewDrill,
    responses((status = ACCEPTED, body = Run), (status = CONFLICT), (status = TOO_MANY_REQUESTS),
        (status = SERVICE_UNAVAILABLE)))]
pub async fn start(
    State(app): State<Shared>,
    who: Who,
    Body(NewDrill { attack }): Body<NewDrill>,
) -> Result<(StatusCode, Json<Run>), Problem> {
    let unknown = || Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "There is no attack of that name.");
    let attack = attacks::find(&attack.0).ok_or_else(unknown)?;
    let run = beside(move || app.drills.start(attack, &who.person.name)).await??;
    Ok((StatusCode::ACCEPTED, Json(run)))
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let status = match refused {
            Refused::Store(error) => return error.into(),
            Refused::NoHospital | Refused::Lacks => StatusCode::CONFLICT,
            Refused::Many => StatusCode::TOO_MANY_REQUESTS,
            Refused::Filling | Refused::Busy => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self::new(status, refused.to_string())
    }
}
