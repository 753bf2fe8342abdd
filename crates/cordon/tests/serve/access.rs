//! Who may do what: every route with every role, and everything around signing in.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use cordon::serve::{Access, Role, api};
use serde_json::{Value, json};

use crate::client::{Client, PASSWORD, start};

/// Every path and method of the description, and what its route asks.
pub fn routes() -> Vec<(String, String, Access)> {
    let mut all = Vec::new();
    for route in api::routes() {
        let paths = serde_json::to_value(route.paths()).unwrap();
        for (path, item) in paths.as_object().unwrap() {
            for method in item
                .as_object()
                .unwrap()
                .keys()
                .filter(|key| ["get", "put", "post", "patch", "delete"].contains(&key.as_str()))
            {
                all.push((method.to_uppercase(), path.clone(), route.access));
            }
        }
    }
    all
}

/// A path that leads to nothing that a test would miss.
pub fn filled(path: &str) -> String {
    path.replace("{id}", "nothing")
        .replace("{attribute}", "model")
        .replace("{name}", "nobody")
        .replace("{decision}", "none")
}

/// Somebody of that role, with a password of their own.
pub fn somebody(ada: &mut Client, platform: &cordon::serve::Platform, role: Role) -> Client {
    let id = serde_json::to_value(role).unwrap();
    let name = format!("a {}", id.as_str().unwrap());
    let added = ada.ask("POST", "/api/v1/people", Some(json!({"name": name, "role": id})));
    assert_eq!(added.status, StatusCode::OK, "{}", added.text());
    let secret = added.json()["secret"].as_str().unwrap().to_owned();
    let mut client = Client::new(platform);
    let signed = client.ask("POST", "/api/v1/session", Some(json!({"name": name, "password": secret})));
    assert_eq!(signed.json()["must_change"], true);
    let refused = client.get("/api/v1/devices");
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "a secret serves to choose a password and nothing else");
    let chosen = client.ask("PUT", "/api/v1/session/password", Some(json!({"old": secret, "new": PASSWORD})));
    assert_eq!(chosen.status, StatusCode::NO_CONTENT, "{}", chosen.text());
    client
}

#[test]
fn every_role_reaches_what_it_may_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    Client::first(&platform);
    let routes = routes();
    assert!(routes.len() > 30, "{routes:?}");
    let mut cells = 0;
    for role in Role::ALL {
        let name = match role {
            Role::Administrator => "ada".to_owned(),
            role => {
                somebody(&mut signed_in(&platform, "ada"), &platform, role);
                format!("a {}", serde_json::to_value(role).unwrap().as_str().unwrap())
            }
        };
        let mut client = signed_in(&platform, &name);
        for (method, path, access) in &routes {
            let answer = client.ask(method, &filled(path), body(method));
            let may = match access {
                Access::Open | Access::SignedIn => true,
                Access::May(permission) => role.may(*permission),
            };
            let is_refused = answer.status == StatusCode::FORBIDDEN && !path.ends_with("/first");
            assert_eq!(is_refused, !may, "{role:?} {method} {path}: {} {}", answer.status, answer.text());
            assert!(!answer.status.is_server_error(), "{role:?} {method} {path}: {}", answer.text());
            let is_guess = path.ends_with("/session") && method == "POST";
            assert!(is_guess || answer.status != StatusCode::UNAUTHORIZED, "{role:?} {method} {path}");
            if path.contains("/session") && method == "DELETE" {
                client = signed_in(&platform, &name);
            }
            cells += 1;
        }
    }
    assert_eq!(cells, routes.len() * Role::ALL.len());
    platform.stop();
}

pub fn signed_in(platform: &cordon::serve::Platform, name: &str) -> Client {
    let mut client = Client::new(platform);
    let signed = client.ask("POST", "/api/v1/session", Some(json!({"name": name, "password": PASSWORD})));
    assert_eq!(signed.status, StatusCode::OK, "{name}: {}", signed.text());
    client
}

fn body(method: &str) -> Option<Value> {
    matches!(method, "POST" | "PUT" | "PATCH").then(|| json!({}))
}

#[test]
fn without_signing_in_nothing_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut nobody = Client::new(&platform);
    for (method, path, access) in routes() {
        let answer = nobody.ask(&method, &filled(&path), body(&method));
        if access == Access::Open {
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        } else {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        }
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert!(answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
    }
    // Made-up cookies open nothing.
    let request = Request::builder().uri("/api/v1/devices").header(header::COOKIE, "__Host-cordon=AAAA");
    assert_eq!(nobody.send(request.body(Body::empty()).unwrap()).status, StatusCode::UNAUTHORIZED);
    platform.stop();
}

#[test]
fn other_sites_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    for (origin, site) in [
        (Some("https://evil.example"), None),
        (Some("null"), None),
        (Some("http://hospital.example"), None),
        (None, Some("cross-site")),
        (None, Some("same-site")),
        (Some("https://hospital.example"), Some("cross-site")),
    ] {
        for (method, path, _) in routes() {
            let mut request =
                Request::builder().method(method.as_str()).uri(filled(&path)).header(header::HOST, "hospital.example");
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            let answer = ada.send(request.body(Body::empty()).unwrap());
            if method != "GET" || site.is_some() {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} from {origin:?} {site:?}");
            }
        }
    }
    let request =
        Request::builder().method("DELETE").uri("/api/v1/views/mine").header(header::HOST, "hospital.example");
    let request = request.header(header::ORIGIN, "https://hospital.example").header("sec-fetch-site", "same-origin");
    assert_eq!(ada.send(request.body(Body::empty()).unwrap()).status, StatusCode::NO_CONTENT);
    platform.stop();
}

#[test]
fn sessions_end_when_they_should() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let mut analyst = somebody(&mut ada, &platform, Role::SecurityAnalyst);
    assert_eq!(analyst.get("/api/v1/devices").status, StatusCode::OK);

    // Another role, another session.
    let change = json!({"role": "clinician"});
    let path = "/api/v1/people/a%20security_analyst";
    assert_eq!(ada.ask("PATCH", path, Some(change)).status, StatusCode::OK);
    assert_eq!(analyst.get("/api/v1/devices").status, StatusCode::UNAUTHORIZED);

    // Shut out.
    let mut clinician = signed_in(&platform, "a security_analyst");
    assert_eq!(ada.ask("PATCH", path, Some(json!({"disabled": true}))).status, StatusCode::OK);
    assert_eq!(clinician.get("/api/v1/devices").status, StatusCode::UNAUTHORIZED);
    let refused =
        clinician.ask("POST", "/api/v1/session", Some(json!({"name": "a security_analyst", "password": PASSWORD})));
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);

    // Everywhere.
    let mut elsewhere = signed_in(&platform, "ada");
    assert_eq!(ada.ask("DELETE", "/api/v1/session/everywhere", None).status, StatusCode::NO_CONTENT);
    assert_eq!(elsewhere.get("/api/v1/session").status, StatusCode::UNAUTHORIZED);
    assert_eq!(ada.get("/api/v1/session").status, StatusCode::UNAUTHORIZED);

    // The last administrator stays.
    let mut ada = signed_in(&platform, "ada");
    for change in [json!({"role": "manager"}), json!({"disabled": true})] {
        assert_eq!(ada.ask("PATCH", "/api/v1/people/ada", Some(change)).status, StatusCode::CONFLICT);
    }
    // A session that is begun is never one that was there before.
    assert_eq!(ada.ask("DELETE", "/api/v1/session", None).status, StatusCode::NO_CONTENT);
    assert_eq!(ada.get("/api/v1/session").status, StatusCode::UNAUTHORIZED);
    platform.stop();
}

#[test]
fn guessing_is_slowed_down_and_locks_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let mut guesser = Client::new(&platform);
    let mut answers: BTreeMap<u16, usize> = BTreeMap::new();
    for guess in 0..40 {
        let body = json!({"name": "ada", "password": format!("guess number {guess}")});
        let answer = guesser.ask("POST", "/api/v1/session", Some(body));
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
        }
        *answers.entry(answer.status.as_u16()).or_default() += 1;
    }
    assert!(answers[&401] <= 8, "{answers:?}");
    // Even the right password has to wait there, and not at home.
    let right = json!({"name": "ada", "password": PASSWORD});
    assert_eq!(guesser.ask("POST", "/api/v1/session", Some(right.clone())).status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ada.ask("POST", "/api/v1/session", Some(right)).status, StatusCode::OK);
    platform.stop();
}

#[test]
fn the_first_secret_serves_once() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let secret = platform.first_secret().unwrap().unwrap();
    let mut client = Client::new(&platform);
    let asked = |secret: &str, password: &str| Some(json!({"secret": secret, "name": "ada", "password": password}));
    assert_eq!(client.ask("POST", "/api/v1/first", asked("guess", PASSWORD)).status, StatusCode::FORBIDDEN);
    let easy = client.ask("POST", "/api/v1/first", asked(&secret, "password123456789"));
    assert_eq!(easy.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", easy.text());
    assert_eq!(client.ask("POST", "/api/v1/first", asked(&secret, PASSWORD)).status, StatusCode::OK);
    let mut other = Client::new(&platform);
    let again = Some(json!({"secret": secret, "name": "eve", "password": PASSWORD}));
    assert_eq!(other.ask("POST", "/api/v1/first", again).status, StatusCode::FORBIDDEN);
    assert_eq!(other.get("/api/v1/first").json()["open"], false);
    other.forget_cookies();
    platform.stop();
}

#[test]
fn the_description_is_the_one_that_is_committed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let now = format!("{}\n", api::description().to_pretty_json().unwrap());
    if std::env::var_os("CORDON_WRITE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == now, "the API changed: run the test with CORDON_WRITE=1 and look at the difference");
}

#[test]
fn nothing_described_asks_for_two_types_at_once() {
    let description = serde_json::to_value(api::description()).unwrap();
    let mut waiting = vec![("", &description)];
    while let Some((name, value)) = waiting.pop() {
        if let Some(parts) = value["allOf"].as_array() {
            let types: BTreeSet<_> = parts.iter().filter_map(|part| part["type"].as_str()).collect();
            assert!(types.len() <= 1, "{name}: nothing is of each of {types:?}");
        }
        waiting.extend(value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
        waiting.extend(value.as_array().into_iter().flatten().map(|value| (name, value)));
    }
}
