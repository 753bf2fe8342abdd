//! Advisories and other outside knowledge.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio_stream::StreamExt;

use super::extract::{Asked, Named, Short, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::clock;
use crate::feeds::{self, Brought, FeedState};
use crate::serve::risk::{AdvisoryDetail, AdvisoryList, Wanted};
use crate::words::is_unprintable;

/// Letters of a search.
const SEARCH_LETTERS: usize = 200;
/// Letters of a file's name.
const NAME_LETTERS_MAX: usize = 200;
/// Bytes of a file; `cordon feeds import` takes larger ones.
const FILE_BYTES_MAX: usize = 256 << 20;
/// A file has to arrive within this time: others wait for it.
const FILE_WITHIN: Duration = Duration::from_secs(300);

/// Which advisories.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AdvisoriesAsked {
    /// What they say of the devices that are here.
    #[serde(default)]
    #[param(inline)]
    verdict: Wanted,
    /// Words that stand in identifier, title, products or vulnerabilities.
    #[serde(default)]
    #[param(value_type = String, max_length = 200)]
    q: Short<SEARCH_LETTERS>,
}

/// The advisories that fit, those about most devices first.
#[utoipa::path(get, path = "/api/v1/advisories", tag = "risk", params(AdvisoriesAsked),
    responses((status = OK, body = AdvisoryList)))]
pub async fn list(
    State(app): State<Shared>,
    Asked(asked): Asked<AdvisoriesAsked>,
) -> Result<Json<AdvisoryList>, Problem> {
    let list = beside(move || match app.risk.now() {
        Some(picture) => picture.advisories(asked.verdict, &asked.q.0),
        None => AdvisoryList { items: Vec::new(), total: 0, known: 0 },
    });
    Ok(Json(list.await?))
}

/// An advisory, and what it says of the devices that are here.
#[utoipa::path(get, path = "/api/v1/advisories/{id}", tag = "risk", params(("id" = String, Path)),
    responses((status = OK, body = AdvisoryDetail), (status = NOT_FOUND)))]
pub async fn show(State(app): State<Shared>, Named(id): Named<String>) -> Result<Json<AdvisoryDetail>, Problem> {
    let detail = beside(move || app.risk.now().and_then(|picture| picture.advisory(&id)));
    detail.await?.map(Json).ok_or_else(|| Problem::missing("advisory"))
}

/// What there is of each feed.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FeedList {
    items: Vec<FeedState>,
}

/// What a file is called.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FeedAsked {
    /// The name of the file.
    #[param(value_type = String, min_length = 1, max_length = 200)]
    name: Short<NAME_LETTERS_MAX>,
}

/// The bytes of a file.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code)]
struct FeedFile(Vec<u8>);

/// What there is of each feed, and how old it is.
#[utoipa::path(get, path = "/api/v1/feeds", tag = "risk",
    responses((status = OK, body = FeedList), (status = SERVICE_UNAVAILABLE)))]
pub async fn feeds(State(app): State<Shared>) -> Result<Json<FeedList>, Problem> {
    let items = beside(move || feeds::states(&app.folder, clock::now()));
    let items = items.await?.map_err(|failure| Problem::new(StatusCode::SERVICE_UNAVAILABLE, failure.said()))?;
    Ok(Json(FeedList { items }))
}

/// Brings a file of outside knowledge: it is recognised by what is in it. Of a file of which any part is broken nothing is taken.
#[utoipa::path(post, path = "/api/v1/feeds", tag = "risk", params(FeedAsked),
    request_body(content = inline(FeedFile), content_type = "application/octet-stream"),
    responses((status = OK, body = Brought), (status = PAYLOAD_TOO_LARGE), (status = UNPROCESSABLE_ENTITY), (status = SERVICE_UNAVAILABLE)))]
pub async fn bring(
    State(app): State<Shared>,
    who: Who,
    Asked(FeedAsked { name }): Asked<FeedAsked>,
    body: Body,
) -> Result<Json<Brought>, Problem> {
    // One after the other: each is held in memory while it is read.
    static ONE: Semaphore = Semaphore::const_new(1);
    let unprocessable = |detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
    let name: String = name.0.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
    if name.is_empty() || name.chars().any(is_unprintable) {
        return Err(unprocessable(format!("The name is 1 to {NAME_LETTERS_MAX} characters on one line.")));
    }
    // Never closed: there is always a permit in the end.
    let _permit = ONE.acquire().await;
    let late = |_| {
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "The file did not arrive in time: take it with `cordon feeds import`.",
        )
    };
    let bytes = tokio::time::timeout(FILE_WITHIN, received(body)).await.map_err(late)??;
    let brought = beside(move || {
        let brought = feeds::bring(&app.folder, &name, &bytes);
        let brought = brought.map_err(|failure| Problem::new(StatusCode::SERVICE_UNAVAILABLE, failure.said()))?;
        let brought = brought.map_err(unprocessable)?;
        if !brought.known {
            app.keeper.keep(&[], &who.person.name, &format!("brought outside knowledge: {name}"))?;
        }
        Ok::<_, Problem>(brought)
    });
    Ok(Json(brought.await??))
}

async fn received(body: Body) -> Result<Vec<u8>, Problem> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(piece) if bytes.len().saturating_add(piece.len()) <= FILE_BYTES_MAX => {
                bytes.extend_from_slice(&piece);
            }
            Ok(_) => {
                let detail = format!(
                    "The file is larger than {} MiB: take it with `cordon feeds import`.",
                    FILE_BYTES_MAX >> 20
                );
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
            }
            Err(_) => return Err(Problem::wrong("The file did not arrive whole: bring it again.")),
        }
    }
    Ok(bytes)
}
