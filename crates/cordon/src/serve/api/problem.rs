//! What went wrong, so that people and programs understand it (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::StoreError;

use crate::failure::Failure;
use crate::serve::access::{Permission, PersonError, Role};

/// What went wrong.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// What sort of problem; `about:blank` if the status says it all.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: &'static str,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what helps, for people.
    pub detail: String,
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem of this status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Failed").to_owned();
        Self { kind: "about:blank", title, status: status.as_u16(), detail: detail.into(), retry_after: None }
    }

    /// What was sent cannot be used.
    pub fn wrong(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// There is no such thing.
    pub fn missing(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is no such {what}."))
    }

    /// Nobody is signed in.
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Sign in first.")
    }

    /// Whoever is signed in may not do this; says who may.
    pub fn not_permitted(permission: Permission) -> Self {
        let may: Vec<&str> = Role::ALL.iter().filter(|role| role.may(permission)).map(|role| role.label()).collect();
        let detail = format!("Your role may not {}. These may: {}.", permission.deed(), may.join(", "));
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// To be tried again after so many seconds.
    pub fn later(seconds: u64) -> Self {
        let detail = format!("Too many attempts. Try again in {seconds} s.");
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        // Where data lies is nobody's business but the administrator's, who sees it on the page of sensors.
        let detail = match error {
            StoreError::Full { .. } => "The disk is full: nothing was changed. Free space, then try again.",
            _ => "The store does not answer: nothing was changed. Try again.",
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        crate::say(&failure.said());
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something failed; the log of Cordon says what.")
    }
}

impl From<PersonError> for Problem {
    fn from(error: PersonError) -> Self {
        match error {
            PersonError::Wrong(detail) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail),
            PersonError::Conflict(detail) => Self::new(StatusCode::CONFLICT, detail),
            PersonError::Unknown(_) => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            PersonError::Store(error) => error.into(),
            PersonError::Failed(failure) => failure.into(),
        }
    }
}
