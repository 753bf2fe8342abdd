//! The description of the API (OpenAPI 3.1). Handlers say what is their own; what is true of all routes alike is added here.

use axum::http::StatusCode;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::response::Responses;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::extract::SESSION;
use super::problem::Problem;
use super::{Shared, routes};
use crate::serve::access::Access;

/// The name of the cookie's scheme.
const SCHEME: &str = "session";

/// The description of the API (OpenAPI 3.1).
pub fn description() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Cordon")
        .version(crate::VERSION)
        .description(Some("What is connected, what it is, how sure that is, and why."))
        .build();
    let api = OpenApiBuilder::new().info(info).build();
    let mut router: OpenApiRouter<Shared> = OpenApiRouter::with_openapi(api);
    for mut route in routes() {
        for (path, item) in &mut route.methods.1.paths {
            for (method, operation) in operations_mut(item) {
                complete(operation, route.access);
                operation.operation_id = Some(operation_id(method, path));
            }
        }
        router = router.routes(route.methods);
    }
    let mut api = router.into_openapi();
    let components = api.components.get_or_insert_default();
    components.add_security_scheme(SCHEME, SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION))));
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.schemas.values_mut().for_each(date);
    api
}

/// The operations of a path.
pub fn operations(item: &PathItem) -> impl Iterator<Item = &Operation> {
    [&item.get, &item.put, &item.post, &item.delete, &item.patch].into_iter().flatten()
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    let all = [("get", get), ("put", put), ("post", post), ("delete", delete), ("patch", patch)];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// A name of its own for each operation, for programs that are made from the description: `get_devices_by_id_history`.
fn operation_id(method: &str, path: &str) -> String {
    let parts = path.trim_start_matches("/api/v1").split('/').filter(|part| !part.is_empty());
    let words = parts.map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => format!("by_{name}"),
        None => part.to_owned(),
    });
    std::iter::once(method.to_owned()).chain(words).collect::<Vec<_>>().join("_")
}

/// Whether anything may stand behind the question mark.
pub fn takes_query(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
        RefOr::Ref(_) => false,
    })
}

/// Adds what is true of all routes that ask the same: who may, and how it fails.
fn complete(operation: &mut Operation, access: Access) {
    let asked = if access == Access::Open { Vec::new() } else { vec![SecurityRequirement::new(SCHEME, [""; 0])] };
    operation.security = Some(asked);
    // Anything may be malformed, come from another site, or meet a fault of Cordon's own.
    let mut failures = vec![StatusCode::BAD_REQUEST, StatusCode::FORBIDDEN, StatusCode::INTERNAL_SERVER_ERROR];
    if access != Access::Open {
        failures.push(StatusCode::UNAUTHORIZED);
    }
    let takes_json = match &operation.request_body {
        Some(RefOr::T(body)) => body.content.contains_key("application/json"),
        Some(RefOr::Ref(_)) | None => false,
    };
    if takes_json {
        failures.extend([
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ]);
    }
    let responses = &mut operation.responses;
    for status in failures {
        responses.responses.entry(status.as_str().to_owned()).or_insert_with(|| ResponseBuilder::new().build().into());
    }
    tell(responses);
}

/// Gives every response its words, and every failure its form.
fn tell(responses: &mut Responses) {
    for (status, response) in &mut responses.responses {
        let (Ok(status), RefOr::T(response)) = (status.parse::<StatusCode>(), response) else { continue };
        if response.description.is_empty() {
            response.description = status.canonical_reason().unwrap_or_default().to_owned();
        }
        if status.is_client_error() || status.is_server_error() {
            let content = Content::new(Some(Ref::from_schema_name(Problem::name())));
            response.content.insert("application/problem+json".to_owned(), content.into());
        }
    }
}

/// What is described as a time of RFC 3339 has that form.
fn date(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    if object.description.as_ref().is_some_and(|text| text.contains("RFC 3339")) && object.properties.is_empty() {
        object.format = Some(SchemaFormat::KnownFormat(KnownFormat::DateTime));
    }
    object.properties.values_mut().for_each(date);
}
