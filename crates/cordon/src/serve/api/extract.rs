//! What handlers take from a request; what cannot be read is a [`Problem`].

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use super::problem::Problem;
use crate::serve::access::{Person, Signed};

/// The cookie of a session; `__Host-` binds it to this host, to TLS and to the whole site (RFC 6265bis §4.1.3.2).
pub const SESSION: &str = "__Host-cordon";
/// The cookie of a browser that somebody signed in from.
pub const BROWSER: &str = "__Host-cordon-browser";

/// A body in JSON has to be there within this time; captures may take longer.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// A whole number of a range.
#[derive(Clone, Copy)]
pub struct Within<const LEAST: u64, const MOST: u64>(pub u64);

impl<'de, const LEAST: u64, const MOST: u64> Deserialize<'de> for Within<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u64::deserialize(deserializer)?;
        if (LEAST..=MOST).contains(&number) {
            Ok(Self(number))
        } else {
            Err(D::Error::custom(format!("{number} is not from {LEAST} to {MOST}")))
        }
    }
}

impl<const LEAST: u64, const MOST: u64> Within<LEAST, MOST> {
    /// As a count of things in memory.
    pub fn count(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// The last place that can be named: the largest number that every reader of JSON holds (RFC 8259 §6).
pub const PLACE_MAX: u64 = (1 << 53) - 1;
/// A place in a log.
pub type Place = Within<0, PLACE_MAX>;
/// A filter.
pub type FilterText = Short<1_000>;
/// An order.
pub type SortText = Short<200>;

/// A text of at most so many letters.
#[derive(Clone, Default)]
pub struct Short<const LETTERS: usize>(pub String);

impl<'de, const LETTERS: usize> Deserialize<'de> for Short<LETTERS> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.chars().count() > LETTERS {
            return Err(D::Error::custom(format!("a text is longer than {LETTERS} characters")));
        }
        Ok(Self(text))
    }
}

/// Whoever is signed in.
#[derive(Clone)]
pub struct Who {
    /// The session.
    pub signed: Signed,
    /// The person, as they are now.
    pub person: Person,
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_signed_in)
    }
}

/// A body in JSON.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = tokio::time::timeout(BODY_WITHIN, Json::<T>::from_request(request, state)).await;
        let read = read.map_err(|_| {
            let detail = format!("What was sent did not arrive within {} s: send it again.", BODY_WITHIN.as_secs());
            Problem::new(StatusCode::REQUEST_TIMEOUT, detail)
        })?;
        read.map(|Json(body)| Self(body)).map_err(|error| {
            Problem::new(error.status(), format!("What was sent cannot be used: {}.", error.body_text()))
        })
    }
}

/// What stands behind the question mark.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(asked)| Self(asked)).map_err(|error| Problem::wrong(format!("{}.", error.body_text())))
    }
}

/// What stands in the path.
pub struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Path::<T>::from_request_parts(parts, state).await;
        read.map(|Path(named)| Self(named)).map_err(|_| Problem::wrong("The address cannot be read."))
    }
}

/// The address that the request came from. What proxies say of others is not believed.
pub struct From(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(address.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(address)| address.ip())))
    }
}

/// A cookie of the request.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next()
}

/// A cookie for browsers to keep: never shown to scripts, never sent to or from elsewhere.
pub fn keep_cookie(name: &str, value: &str, seconds: Option<u64>) -> String {
    let lasting = seconds.map_or(String::new(), |seconds| format!("; Max-Age={seconds}"));
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict{lasting}")
}
