//! Whatever is sent by whoever is signed in: it is answered, with words that help, and nothing breaks.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use cordon::serve::{Access, Role};
use serde_json::{Map, Value, json};
use tower::ServiceExt;

use crate::access::{filled, routes, signed_in, somebody};
use crate::client::{Answer, Client, start};

/// Numbers that look random and are the same each time (xorshift64, Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    fn text(&mut self) -> String {
        let pieces = [
            "a",
            "\0",
            "\n",
            "\u{1b}[2J",
            "İ",
            "\u{212a}",
            "e\u{301}",
            "👩‍⚕️",
            "'",
            "\"",
            "..",
            "/",
            "%",
            "=",
            " ",
            "9",
            "-",
        ];
        match self.below(12) {
            0 => String::new(),
            1 => "x".repeat(64 << 10),
            2 => "\u{10ffff}".repeat(self.below(300)),
            _ => (0..self.below(12)).map(|_| self.of(&pieces)).collect(),
        }
    }

    fn json(&mut self, names: &[&str], depth: usize) -> Value {
        match self.below(if depth == 0 { 7 } else { 11 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => json!(self.below(1 << 20)),
            3 => json!(-1.5e300),
            4 => json!(u64::MAX),
            5 | 6 => Value::String(self.text()),
            7 => (0..self.below(5)).map(|_| self.json(names, depth - 1)).collect(),
            _ => {
                let mut object = Map::new();
                for name in names {
                    if self.below(4) > 0 {
                        object.insert((*name).to_owned(), self.json(names, depth - 1));
                    }
                }
                if self.below(4) == 0 {
                    object.insert(self.text(), Value::Null);
                }
                Value::Object(object)
            }
        }
    }

    /// What stands in a path or behind the question mark: also what is no text.
    fn escaped(&mut self) -> String {
        match self.below(6) {
            0 => self
                .of(&["%00", "%ff%fe", "%c3%28", "%e2%82", "%0d%0a", "%2e%2e%2f", "%25", "%", "%zz", "+", "-1", "1e9"])
                .to_owned(),
            1 => "%01".repeat(self.below(100)),
            2 => "A".repeat(60_000),
            3 => ["18446744073709551616", "9007199254740992", "0", "1", "csv", "kind"][self.below(6)].to_owned(),
            _ => self.text().bytes().take(8_000).map(|byte| format!("%{byte:02x}")).collect(),
        }
    }
}

/// Sends it from an address that sent nothing before: what slows down guessing hides nothing.
fn send(client: &mut Client, chance: &mut Chance, mut request: Request<Body>) -> Answer {
    let address = IpAddr::from([127, chance.below(256) as u8, chance.below(256) as u8, chance.below(256) as u8]);
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 1)));
    client.send(request)
}

fn is_told(what: &str, answer: &Answer) {
    assert!(!answer.status.is_server_error(), "{what}: {} {}", answer.status, answer.text());
    if answer.status.is_client_error() {
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{what}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["status"], answer.status.as_u16(), "{what}");
        assert!(problem["detail"].as_str().unwrap().len() > 8, "{what}: {problem}");
    }
}

/// Sessions end with these: they are tried elsewhere.
fn ends_session(method: &str, path: &str) -> bool {
    method == "DELETE" && path.starts_with("/api/v1/session")
}

#[test]
fn whatever_anybody_sends_is_answered() {
    const NAMES: [&str; 12] = [
        "name",
        "role",
        "disabled",
        "value",
        "reason",
        "query",
        "shared",
        "site",
        "silent_after_hours",
        "old",
        "new",
        "password",
    ];
    const ASKED: [&str; 11] =
        ["q", "sort", "from", "cursor", "limit", "before", "device", "format", "group", "name", "else"];
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    Client::first(&platform).bring("ward.pcapng", hospital::ward::capture());
    let mut chance = Chance(0x5eed_0fc0_4d04);
    let mut answers = std::collections::BTreeMap::<u16, usize>::new();
    for role in Role::ALL {
        let mut client = match role {
            Role::Administrator => signed_in(&platform, "ada"),
            role => somebody(&mut signed_in(&platform, "ada"), &platform, role),
        };
        for (method, path, _) in routes() {
            if ends_session(&method, &path) {
                continue;
            }
            for _ in 0..10 {
                let mut target = path.clone();
                for hole in ["{id}", "{attribute}", "{name}"] {
                    let filling = if chance.below(3) == 0 { "model".to_owned() } else { chance.escaped() };
                    target = target.replace(hole, &filling);
                }
                if chance.below(2) == 0 {
                    for pair in 0..=chance.below(4) {
                        let name = if chance.below(9) == 0 { chance.escaped() } else { chance.of(&ASKED).to_owned() };
                        let value = chance.escaped();
                        target.push_str(&format!("{}{name}={value}", if pair == 0 { '?' } else { '&' }));
                    }
                }
                target.truncate(60_000);
                let mut request = Request::builder().method(method.as_str()).uri(&target);
                let body = match chance.below(4) {
                    0 => Body::empty(),
                    1 => Body::from(chance.text()),
                    _ => Body::from(chance.json(&NAMES, 3).to_string()),
                };
                if chance.below(5) > 0 {
                    request = request.header(header::CONTENT_TYPE, "application/json");
                }
                // What is no address at all is refused before it comes here.
                let Ok(request) = request.body(body) else { continue };
                let answer = send(&mut client, &mut chance, request);
                is_told(&format!("{role:?} {method} {}", &target[..target.len().min(300)]), &answer);
                *answers.entry(answer.status.as_u16()).or_default() += 1;
            }
        }
        assert_eq!(client.get("/api/v1/session").status, StatusCode::OK, "{role:?} was signed out");
    }
    for status in [200, 400, 403, 404, 415, 422] {
        assert!(answers.contains_key(&status), "{status} was never answered: {answers:?}");
    }
    platform.stop();
}

#[test]
fn what_is_too_deep_or_too_much_is_refused_early() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut chance = Chance(7);
    let mut tried = 0;
    for (method, path, _) in routes() {
        let takes_json = matches!(method.as_str(), "PUT" | "POST" | "PATCH");
        if !takes_json || path.ends_with("/imports") || path.ends_with("/feeds") || path.ends_with("/secret") {
            continue;
        }
        let request = || Request::builder().method(method.as_str()).uri(filled(&path));
        let json = || request().header(header::CONTENT_TYPE, "application/json");
        for (open, close) in [("[", "]"), ("{\"name\":", "}")] {
            let deep = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
            let answer = send(&mut ada, &mut chance, json().body(Body::from(deep)).unwrap());
            is_told(&path, &answer);
            assert!(answer.status.is_client_error(), "{method} {path}");
        }
        let deep = Body::from("[".repeat(100_000) + &"]".repeat(100_000));
        let answer = send(&mut ada, &mut chance, json().body(deep).unwrap());
        assert!(answer.status.is_client_error(), "{method} {path}");
        is_told(&path, &answer);
        // A gigabyte: it is refused long before it is there.
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let pieces = (0..(1 << 14)).map(move |_| {
            count.fetch_add(1 << 16, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 1 << 16]))
        });
        let answer = send(&mut ada, &mut chance, json().body(Body::from_stream(tokio_stream::iter(pieces))).unwrap());
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{method} {path}");
        is_told(&path, &answer);
        assert!(taken.load(Ordering::Relaxed) <= 1 << 20, "{method} {path} took {taken:?} bytes");
        let answer = send(&mut ada, &mut chance, request().body(Body::from("{}")).unwrap());
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{method} {path}");
        is_told(&path, &answer);
        tried += 1;
    }
    assert!(tried >= 8, "{tried} routes take JSON");
    drop(runtime);
    platform.stop();
}

#[test]
fn nothing_is_ignored_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let mut chance = Chance(11);
    for (method, path, access) in routes() {
        if ends_session(&method, &path) {
            continue;
        }
        let request = |target: String| Request::builder().method(method.as_str()).uri(target);
        let answer =
            send(&mut ada, &mut chance, request(format!("{}?nothing=1", filled(&path))).body(Body::empty()).unwrap());
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{method} {path}: {}", answer.text());
        is_told(&path, &answer);
        if method == "GET" || method == "DELETE" || path.ends_with("/secret") {
            let answer = send(&mut ada, &mut chance, request(filled(&path)).body(Body::from("{}")).unwrap());
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{method} {path}: {}", answer.text());
            is_told(&path, &answer);
        }
        // Another way of asking, and only how it is asked is told.
        for other in ["OPTIONS", "TRACE", "PROPFIND"] {
            let request = Request::builder().method(other).uri(filled(&path)).body(Body::empty()).unwrap();
            let answer = send(&mut ada, &mut chance, request);
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{other} {path}");
            is_told(&path, &answer);
            let allowed = answer.headers[header::ALLOW].to_str().unwrap();
            assert!(
                allowed.split(',').any(|allowed| allowed.trim() == method),
                "{path} allows {allowed}, not {method}"
            );
            assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{path}");
        }
        if method == "GET" && !path.ends_with("/events") {
            let head = Request::builder().method(Method::HEAD).uri(filled(&path)).body(Body::empty()).unwrap();
            let head = send(&mut ada, &mut chance, head);
            let get = send(&mut ada, &mut chance, request(filled(&path)).body(Body::empty()).unwrap());
            assert_eq!((head.status, head.bytes.len()), (get.status, 0), "{path}");
        }
        assert!(access != Access::Open || path.contains("/first") || path.ends_with("/session"), "{path} is open");
    }
    for address in ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/devices", "/api/v1/devices/", "/api/%ff"] {
        let answer = ada.get(address);
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        is_told(address, &answer);
    }
    let answer = ada.ask("POST", "/devices", None);
    assert_eq!(
        (answer.status, &answer.headers[header::ALLOW]),
        (StatusCode::METHOD_NOT_ALLOWED, &"GET, HEAD".parse().unwrap())
    );
    platform.stop();
}

#[test]
fn every_way_of_failing_is_described() {
    let api = serde_json::to_value(cordon::serve::api::description()).unwrap();
    let mut operations = 0;
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            let (_, _, access) =
                routes().into_iter().find(|(other, of, _)| other.eq_ignore_ascii_case(method) && of == path).unwrap();
            assert_eq!(operation["security"] == json!([]), access == Access::Open, "{what}");
            let responses = operation["responses"].as_object().unwrap();
            for (status, response) in responses {
                let status: u16 = status.parse().unwrap_or_else(|_| panic!("{what}: {status} is no single status"));
                assert!(!response["description"].as_str().unwrap().is_empty(), "{what} {status}");
                let kinds: Vec<&String> = response["content"].as_object().into_iter().flat_map(Map::keys).collect();
                assert!(status < 400 || kinds == ["application/problem+json"], "{what} {status}: {kinds:?}");
            }
            for status in
                ["400", "403", "500"].iter().chain(if access == Access::Open { [].iter() } else { ["401"].iter() })
            {
                assert!(responses.contains_key(*status), "{what} does not say {status}");
            }
            operations += 1;
        }
    }
    assert_eq!(operations, routes().len());
}

#[test]
fn limits_are_those_of_the_description() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    for (path, status) in [
        ("/api/v1/devices?limit=1000", 200),
        ("/api/v1/devices?limit=1001", 400),
        ("/api/v1/devices?limit=-1", 400),
        ("/api/v1/devices?limit=1&limit=2", 400),
        ("/api/v1/devices?from=4294967295", 200),
        ("/api/v1/devices?from=4294967296", 400),
        ("/api/v1/devices?cursor=9999999999", 200),
        ("/api/v1/devices?cursor=%2B1", 400),
        ("/api/v1/devices?cursor=", 400),
        ("/api/v1/devices?sort=nothing", 422),
        ("/api/v1/devices?q=peers:many", 200),
        ("/api/v1/devices/export?q=peers:many", 422),
        ("/api/v1/devices/export?format=pdf", 400),
        ("/api/v1/changes?limit=0", 400),
        ("/api/v1/changes?before=9007199254740991", 200),
        ("/api/v1/audit?before=9007199254740992", 400),
    ] {
        let answer = ada.get(path);
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
        is_told(path, &answer);
    }
    let long = "weak,".repeat(60);
    assert_eq!(ada.get(&format!("/api/v1/devices?sort={long}")).status, StatusCode::BAD_REQUEST);
    let long = "a".repeat(1_001);
    for path in ["devices", "devices/export", "map"] {
        assert_eq!(ada.get(&format!("/api/v1/{path}?q={long}")).status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert_eq!(ada.ask("PATCH", "/api/v1/people/ada", Some(json!({}))).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ada.get("/api/v1/session").status, StatusCode::OK, "a change of nothing signs nobody out");
    platform.stop();
}

#[test]
fn a_capture_that_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let lying = || std::fs::read_dir(folder.path().join("imports")).map_or(0, Iterator::count);
    let pieces = [Ok(Bytes::from_static(&[0; 4_096])), Err(std::io::Error::other("gone"))];
    let request = Request::builder().method("POST").uri("/api/v1/imports?name=broken.pcap");
    let answer = ada.send(request.body(Body::from_stream(tokio_stream::iter(pieces))).unwrap());
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    is_told("broken", &answer);
    assert_eq!(lying(), 0);

    // Whoever goes away in the middle: what answers them is dropped.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (mut teller, told) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(4);
    let body = Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(told));
    let request =
        Request::builder().method("POST").uri("/api/v1/imports?name=gone.pcap").header(header::COOKIE, ada.cookies());
    let router = platform.router();
    runtime.block_on(async {
        teller.send(Ok(Bytes::from_static(&[0; 4_096]))).await.unwrap();
        let answering = router.oneshot(request.body(body).unwrap());
        assert!(tokio::time::timeout(Duration::from_millis(500), answering).await.is_err());
        teller.closed().await;
    });
    let begun = std::time::Instant::now();
    while lying() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the file stays");
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = &mut teller;
    platform.stop();
}
