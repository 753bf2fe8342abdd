//! The interface: files that the build put into the binary, and the rules that browsers are given with them.

use std::io::Read;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Path, kind and bytes (compressed with gzip) of each file of the interface, in order of path.
const FILES: &[(&str, &str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/website.rs"));
/// Files under this path are named after what they hold: they never change.
const LASTING: &str = "_app/immutable/";
/// The page that all addresses of the interface begin with.
const PAGE: &str = "index.html";

/// What a browser may load and run: what came with the binary, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer says to browsers (OWASP Secure Headers).
pub const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// A file of the interface; its first page for every address that is none.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let find = |path: &str| {
        let place = FILES.binary_search_by_key(&path, |(path, ..)| path).ok()?;
        FILES.get(place)
    };
    // What is named like a file and is none is missing; what is named like a page is one.
    let is_file = path.starts_with("_app/") || path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let found = find(path).or_else(|| if is_file && !path.starts_with("devices/") { None } else { find(PAGE) });
    let Some((path, kind, packed)) = found else {
        let text = if FILES.is_empty() {
            "Cordon runs, but this build came without its interface: build with ./up, or use the API below /api/v1."
        } else {
            "There is no such page."
        };
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response();
    };
    let caching = if path.starts_with(LASTING) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let unpacks = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let mut response = if unpacks.is_some_and(|value| value.contains("gzip")) {
        let mut response = packed.into_response();
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        let mut bytes = Vec::new();
        // Packed by the build: it unpacks.
        let _ = flate2::read::GzDecoder::new(*packed).read_to_end(&mut bytes);
        bytes.into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}
