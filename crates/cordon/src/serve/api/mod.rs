//! The API: one list of routes, each with what it asks of whoever calls it.

mod advisories;
mod changes;
mod corrections;
mod decisions;
mod describe;
mod devices;
mod drills;
mod extract;
mod history;
mod imports;
mod live;
mod metrics;
mod overview;
mod people;
mod problem;
mod risk;
mod session;
mod settings;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use utoipa::openapi::path::{Operation, Paths};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use super::access::{Access, Permission};
use super::app::App;
use super::website;
use extract::{SESSION, Who, cookie};
use problem::Problem;

pub use describe::description;

/// Bytes of a body, but for captures.
const BODY_BYTES_MAX: usize = 1 << 18;

type Shared = Arc<App>;

/// A route: what it asks, and who answers.
pub struct Route {
    /// What it asks of whoever calls it.
    pub access: Access,
    methods: UtoipaMethodRouter<Shared>,
}

impl Route {
    fn new(access: Access, methods: UtoipaMethodRouter<Shared>) -> Self {
        Self { access, methods }
    }

    /// Its path and methods.
    pub fn paths(&self) -> &Paths {
        &self.methods.1
    }

    fn asks(&self) -> Asks {
        let has = |what: fn(&Operation) -> bool| self.paths().paths.values().flat_map(describe::operations).any(what);
        Asks {
            access: self.access,
            takes_query: has(describe::takes_query),
            takes_body: has(|operation| operation.request_body.is_some()),
        }
    }
}

/// What a route asks of each request, before its handler is asked.
#[derive(Clone, Copy)]
struct Asks {
    access: Access,
    /// Whether anything may stand behind the question mark.
    takes_query: bool,
    /// Whether anything may be sent.
    takes_body: bool,
}

/// Every route of the API.
pub fn routes() -> Vec<Route> {
    use Access::{May, Open, SignedIn};
    use Permission::{Audit, Correct, Decide, Drill, Export, Import, People, See, Settings};
    vec![
        Route::new(Open, routes!(session::first)),
        Route::new(Open, routes!(session::sign_in_first)),
        Route::new(Open, routes!(session::sign_in)),
        Route::new(SignedIn, routes!(session::show)),
        Route::new(SignedIn, routes!(session::sign_out)),
        Route::new(SignedIn, routes!(session::sign_out_everywhere)),
        Route::new(SignedIn, routes!(session::choose_password)),
        Route::new(May(See), routes!(overview::words)),
        Route::new(May(See), routes!(overview::overview)),
        Route::new(May(See), routes!(overview::questions)),
        Route::new(May(See), routes!(overview::map)),
        Route::new(May(See), routes!(overview::coverage)),
        Route::new(May(See), routes!(devices::list)),
        Route::new(May(Export), routes!(devices::export)),
        Route::new(May(See), routes!(devices::show)),
        Route::new(May(See), routes!(devices::why)),
        Route::new(May(See), routes!(history::device)),
        Route::new(May(Export), routes!(history::export)),
        Route::new(May(See), routes!(corrections::list)),
        Route::new(May(Correct), routes!(corrections::say)),
        Route::new(May(Correct), routes!(corrections::take_back)),
        Route::new(May(See), routes!(risk::overview)),
        Route::new(May(See), routes!(risk::groups)),
        Route::new(May(See), routes!(risk::device)),
        Route::new(May(See), routes!(risk::what_if)),
        Route::new(May(See), routes!(risk::path)),
        Route::new(May(See), routes!(risk::plan)),
        Route::new(May(Export), routes!(risk::export)),
        Route::new(May(See), routes!(advisories::list)),
        Route::new(May(See), routes!(advisories::show)),
        Route::new(May(See), routes!(advisories::feeds)),
        Route::new(May(Import), routes!(advisories::bring)),
        Route::new(May(See), routes!(decisions::list)),
        Route::new(May(Decide), routes!(decisions::decide)),
        Route::new(May(Decide), routes!(decisions::take_back)),
        Route::new(May(See), routes!(changes::list)),
        Route::new(May(See), routes!(live::events)),
        Route::new(May(See), routes!(imports::list)),
        Route::new(May(See), routes!(imports::show)),
        Route::new(May(Import), routes!(imports::bring)),
        Route::new(May(Import), routes!(imports::give_up)),
        Route::new(May(Drill), routes!(drills::list)),
        Route::new(May(Drill), routes!(drills::start)),
        Route::new(May(People), routes!(people::list)),
        Route::new(May(People), routes!(people::add)),
        Route::new(May(People), routes!(people::change)),
        Route::new(May(People), routes!(people::reset)),
        Route::new(May(Audit), routes!(people::audit)),
        Route::new(SignedIn, routes!(settings::views)),
        Route::new(SignedIn, routes!(settings::keep_view)),
        Route::new(SignedIn, routes!(settings::drop_view)),
        Route::new(May(See), routes!(settings::show)),
        Route::new(May(Settings), routes!(settings::change)),
        Route::new(May(See), routes!(metrics::metrics)),
    ]
}

/// Everything that answers: the API, and the interface for all other addresses.
pub fn router(app: &Shared) -> Router {
    let mut router = OpenApiRouter::new();
    for route in routes() {
        let asks = route.asks();
        router = router.routes(route.methods.layer(from_fn_with_state((Arc::clone(app), asks), authorize)));
    }
    let (router, _) = router.split_for_parts();
    router
        .route("/api", axum::routing::any(no_such_route))
        .route("/api/", axum::routing::any(no_such_route))
        .route("/api/{*rest}", axum::routing::any(no_such_route))
        .method_not_allowed_fallback(no_such_method)
        .fallback(website::serve)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(secure))
        .with_state(Arc::clone(app))
}

async fn no_such_route() -> Problem {
    Problem::missing("address")
}

async fn no_such_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "This cannot be done with this address.")
}

/// Lets through whoever may.
async fn authorize(State((app, asks)): State<(Shared, Asks)>, mut request: Request, next: Next) -> Response {
    if !comes_from_here(request.method(), request.headers()) {
        return Problem::new(StatusCode::FORBIDDEN, "This was asked for by another site.").into_response();
    }
    if asks.access == Access::Open {
        return answered(asks, request, next).await;
    }
    let token = cookie(request.headers(), SESSION);
    let signed = token.and_then(|token| app.sessions.of(token));
    let who = signed.and_then(|signed| Some((app.people.get(&signed.name)?, signed)));
    let Some((person, signed)) = who.filter(|(person, _)| !person.disabled) else {
        return Problem::not_signed_in().into_response();
    };
    if let Access::May(permission) = asks.access {
        if person.must_change {
            return Problem::new(StatusCode::FORBIDDEN, "Choose a password of your own first.").into_response();
        }
        if !person.role.may(permission) {
            return Problem::not_permitted(permission).into_response();
        }
    }
    request.extensions_mut().insert(Who { signed, person });
    answered(asks, request, next).await
}

/// What the handler answers, unless it was sent what it does not take: nothing is ignored in silence.
async fn answered(asks: Asks, request: Request, next: Next) -> Response {
    if !asks.takes_query && request.uri().query().is_some_and(|query| !query.is_empty()) {
        return Problem::wrong("This address takes nothing behind the question mark.").into_response();
    }
    if !asks.takes_body && !axum::body::HttpBody::is_end_stream(request.body()) {
        return Problem::wrong("Nothing can be sent to this address in this way: leave the body out.").into_response();
    }
    next.run(request).await
}

/// Whether a browser says that its user, and no other site, asked for a change. Programs that are no browsers say nothing.
fn comes_from_here(method: &Method, headers: &HeaderMap) -> bool {
    // Who says two things may be read in two ways.
    if [header::ORIGIN, header::HOST].iter().any(|name| headers.get_all(name).iter().count() > 1) {
        return false;
    }
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or_default());
    if matches!(*method, Method::GET | Method::HEAD) {
        // Pages elsewhere may link here; they may not ask the API.
        return site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    }
    let own = match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => !host.is_empty() && origin.strip_prefix("https://") == Some(host),
        (Some(_), None) => false,
        (None, _) => true,
    };
    own && site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// What every answer tells browsers; what the API says is never kept by them.
async fn secure(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/") || request.uri().path() == "/metrics";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.extend(website::HEADERS);
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Work on passwords: each takes 19 MiB, so that few are looked at at once.
async fn beside_passwords<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    static PASSWORDS: Semaphore = Semaphore::const_new(4);
    // Never closed: there is always a permit in the end.
    let _permit = PASSWORDS.acquire().await;
    beside(work).await
}

/// Work that takes long, beside what answers others.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Something failed; the log of Cordon says what."))
}
