//! Captures that people bring.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;

use super::extract::{Asked, Named, Short, Who};
use super::problem::Problem;
use super::{Shared, beside};
use crate::serve::random;
use crate::serve::sources::{FOLDER, Import};
use crate::words::is_unprintable;

/// Imports that wait for their turn.
const WAITING_MAX: usize = 100;
/// Bytes of a capture.
const CAPTURE_BYTES_MAX: u64 = 64 << 30;
/// What people bring leaves so much free of the disk: what cards tell has to be kept.
const FREE_BYTES_MIN: u64 = 1 << 30;
/// How often that is looked at, in bytes.
const LOOK_EVERY: u64 = 64 << 20;
/// Letters of a name.
const NAME_LETTERS_MAX: usize = 200;
/// Pieces of a capture that wait to be written.
const PIECES: usize = 16;

/// The name of a capture.
type FileName = Short<NAME_LETTERS_MAX>;

/// Imports.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ImportList {
    items: Vec<Import>,
}

/// What a capture is called.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportAsked {
    /// The name of the file.
    #[param(value_type = String, min_length = 1, max_length = 200)]
    name: FileName,
}

/// The bytes of a capture.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code)]
struct Capture(Vec<u8>);

/// Every import, the newest first.
#[utoipa::path(get, path = "/api/v1/imports", tag = "imports",
    responses((status = OK, body = ImportList)))]
pub async fn list(State(app): State<Shared>) -> Result<Json<ImportList>, Problem> {
    Ok(Json(ImportList { items: beside(move || app.imports.all()).await? }))
}

/// How far an import is.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = OK, body = Import), (status = NOT_FOUND)))]
pub async fn show(State(app): State<Shared>, Named(id): Named<String>) -> Result<Json<Import>, Problem> {
    beside(move || app.imports.get(&id)).await?.map(Json).ok_or_else(|| Problem::missing("import"))
}

/// Brings a capture: pcap or pcapng, plain or compressed with gzip or zstd. It is read while others go on.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports", params(ImportAsked),
    request_body(content = inline(Capture), content_type = "application/octet-stream"),
    responses((status = ACCEPTED, body = Import), (status = CONFLICT), (status = PAYLOAD_TOO_LARGE), (status = UNPROCESSABLE_ENTITY),
        (status = TOO_MANY_REQUESTS), (status = SERVICE_UNAVAILABLE), (status = INSUFFICIENT_STORAGE)))]
pub async fn bring(
    State(app): State<Shared>,
    who: Who,
    Asked(ImportAsked { name }): Asked<ImportAsked>,
    body: Body,
) -> Result<(StatusCode, Json<Import>), Problem> {
    if app.sources.is_synthetic() {
        let detail = "This is a synthetic hospital: captures are imported by a Cordon with a data folder of its own.";
        return Err(Problem::new(StatusCode::CONFLICT, detail));
    }
    let name: String = name.0.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
    if name.is_empty() || name.chars().any(is_unprintable) {
        let detail = format!("The name is 1 to {NAME_LETTERS_MAX} characters on one line.");
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let asked = std::sync::Arc::clone(&app);
    if beside(move || asked.imports.waiting()).await? >= WAITING_MAX {
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "Many captures wait already: bring this one later."));
    }
    let folder = app.folder.join(FOLDER);
    let file = format!("{}.capture", random::secret()?);
    let path = folder.join(&file);
    // Whoever goes away in the middle leaves nothing behind: then this function ends at any `await`.
    let mut unfinished = Unfinished(Some(path.clone()));
    let (pieces, taken) = mpsc::channel(PIECES);
    let writing = tokio::task::spawn_blocking({
        let path = path.clone();
        move || write(&folder, &path, taken)
    });
    let mut stream = body.into_data_stream();
    let mut broken = None;
    while let Some(piece) = stream.next().await {
        match piece {
            Ok(piece) => {
                if pieces.send(piece).await.is_err() {
                    break;
                }
            }
            Err(_) => {
                broken = Some(Problem::wrong("The capture did not arrive whole: bring it again."));
                break;
            }
        }
    }
    drop(pieces);
    let written = writing.await.map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Something failed."))?;
    let is_whole = match (broken, written) {
        (Some(problem), _) | (None, Err(problem)) => Err(problem),
        (None, Ok(0)) => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "The capture is empty.")),
        (None, Ok(_)) => Ok(()),
    };
    let added = match is_whole {
        Ok(()) => {
            let by = who.person.name.clone();
            beside(move || app.imports.bring(&name, &file, &by)).await?.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    if added.is_ok() {
        unfinished.0 = None;
    }
    added.map(|import| (StatusCode::ACCEPTED, Json(import)))
}

/// Gives an import up. What was read of it until then stays.
#[utoipa::path(delete, path = "/api/v1/imports/{id}", tag = "imports", params(("id" = String, Path)),
    responses((status = NO_CONTENT), (status = NOT_FOUND), (status = CONFLICT), (status = SERVICE_UNAVAILABLE)))]
pub async fn give_up(State(app): State<Shared>, who: Who, Named(id): Named<String>) -> Result<StatusCode, Problem> {
    let given_up = beside(move || app.imports.give_up(&id, &who.person.name));
    match given_up.await?? {
        Some(true) => Ok(StatusCode::NO_CONTENT),
        Some(false) => Err(Problem::new(StatusCode::CONFLICT, "It is over already: what was read is in.")),
        None => Err(Problem::missing("import")),
    }
}

/// A file that is removed unless it is taken out of here.
struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}

/// Bytes that are free on the disk of a folder; nothing where that cannot be told.
fn free(folder: &std::path::Path) -> Option<u64> {
    let told = nix::sys::statvfs::statvfs(folder).ok()?;
    Some(told.blocks_available().saturating_mul(told.fragment_size()))
}

/// Writes what arrives; gives how many bytes that was.
fn write(
    folder: &std::path::Path,
    path: &PathBuf,
    mut pieces: mpsc::Receiver<axum::body::Bytes>,
) -> Result<u64, Problem> {
    let failed = |error: std::io::Error| {
        let detail = format!("The capture could not be kept: {}. Nothing was imported.", crate::failure::said(&error));
        Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail)
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = fs::File::create_new(path).map_err(failed)?;
    let (mut bytes, mut looked) = (0_u64, None);
    while let Some(piece) = pieces.blocking_recv() {
        if looked.is_none_or(|looked| bytes.saturating_sub(looked) >= LOOK_EVERY) {
            looked = Some(bytes);
            if free(folder).is_some_and(|free| free < FREE_BYTES_MIN) {
                return Err(Problem::new(
                    StatusCode::INSUFFICIENT_STORAGE,
                    "Less than 1 GiB is free on the disk, and what cards tell needs it: free space, or split the capture.",
                ));
            }
        }
        bytes = bytes.saturating_add(piece.len() as u64);
        if bytes > CAPTURE_BYTES_MAX {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The capture is larger than 64 GiB: split it (editcap does).",
            ));
        }
        file.write_all(&piece).map_err(failed)?;
    }
    file.sync_all().map_err(failed)?;
    Ok(bytes)
}
