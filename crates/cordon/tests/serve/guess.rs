//! Signing in, attacked: by guessing, by many at once, by names that look like others, and by sessions that should be over.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use cordon::serve::{Platform, Role};
use serde_json::{Value, json};
use tokio_stream::StreamExt;
use tower::ServiceExt;

use crate::access::{signed_in, somebody};
use crate::client::{Client, PASSWORD, start};

fn request(method: &str, path: &str, cookies: &str, body: &Value) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    request.header(header::COOKIE, cookies).body(Body::from(body.to_string())).unwrap()
}

/// Sends all of them at once; gives how often which status was answered.
fn at_once(platform: &Platform, requests: Vec<Request<Body>>) -> BTreeMap<u16, usize> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let mut answers = BTreeMap::new();
    runtime.block_on(async {
        let sent: Vec<_> =
            requests.into_iter().map(|request| tokio::spawn(platform.router().oneshot(request))).collect();
        for answer in sent {
            *answers.entry(answer.await.unwrap().unwrap().status().as_u16()).or_default() += 1;
        }
    });
    answers
}

#[test]
fn fifty_at_once_are_one_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let secret = platform.first_secret().unwrap().unwrap();
    let bodies = (0..50).map(|number| json!({"secret": secret, "name": format!("eve {number}"), "password": PASSWORD}));
    let answers = at_once(&platform, bodies.map(|body| request("POST", "/api/v1/first", "", &body)).collect());
    assert_eq!(answers.get(&200), Some(&1), "{answers:?}");
    assert!(answers.keys().all(|status| [200, 403, 409, 429].contains(status)), "{answers:?}");
    let mut nobody = Client::new(&platform);
    assert_eq!(nobody.get("/api/v1/first").json()["open"], false);
    platform.stop();
}

#[test]
fn wrong_first_secrets_keep_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let secret = platform.first_secret().unwrap().unwrap();
    let mut guesser = Client::new(&platform);
    let mut answers = BTreeMap::<u16, usize>::new();
    for guess in 0..100 {
        let body = json!({"secret": format!("guess {guess}"), "name": "eve", "password": PASSWORD});
        *answers.entry(guesser.ask("POST", "/api/v1/first", Some(body)).status.as_u16()).or_default() += 1;
    }
    assert!(answers[&403] <= 55 && answers[&429] >= 45, "{answers:?}");
    let mut ada = Client::new(&platform);
    let body = json!({"secret": secret, "name": "ada", "password": PASSWORD});
    assert_eq!(ada.ask("POST", "/api/v1/first", Some(body)).status, StatusCode::OK);
    platform.stop();
}

#[test]
fn one_of_many_changes_of_a_password_counts() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let ada = Client::first(&platform);
    let bodies = (0..20).map(|number| json!({"old": PASSWORD, "new": format!("{number} horses eat their oats")}));
    let cookies = ada.cookies();
    let answers =
        at_once(&platform, bodies.map(|body| request("PUT", "/api/v1/session/password", &cookies, &body)).collect());
    assert_eq!(answers.get(&204), Some(&1), "{answers:?}");
    assert!(answers.keys().all(|status| [204, 409, 422, 429].contains(status)), "{answers:?}");
    let mut old = Client::new(&platform);
    let body = json!({"name": "ada", "password": PASSWORD});
    assert_eq!(old.ask("POST", "/api/v1/session", Some(body)).status, StatusCode::UNAUTHORIZED);
    platform.stop();
}

#[test]
fn whoever_signs_in_while_the_password_is_reset_is_out() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let path = "/api/v1/people/a%20clinician";
    let clinician = somebody(&mut ada, &platform, Role::Clinician);
    drop(clinician);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let mut password = PASSWORD.to_owned();
    for turn in 0..6 {
        let body = json!({"name": "a clinician", "password": password});
        let cookies = ada.cookies();
        let (signed, reset) = runtime.block_on(async {
            let signing = tokio::spawn(platform.router().oneshot(request("POST", "/api/v1/session", "", &body)));
            tokio::time::sleep(Duration::from_millis(turn * 15)).await;
            let reset = Request::builder().method("POST").uri(format!("{path}/secret")).header(header::COOKIE, cookies);
            let reset = tokio::spawn(platform.router().oneshot(reset.body(Body::empty()).unwrap()));
            (signing.await.unwrap().unwrap(), reset.await.unwrap().unwrap())
        });
        assert_eq!(reset.status(), StatusCode::OK);
        let told = runtime.block_on(axum::body::to_bytes(reset.into_body(), 1 << 16)).unwrap();
        password = serde_json::from_slice::<Value>(&told).unwrap()["secret"].as_str().unwrap().to_owned();
        let cookies: Vec<String> = (signed.headers().get_all(header::SET_COOKIE).iter())
            .map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned())
            .collect();
        let request = request("GET", "/api/v1/session", &cookies.join("; "), &Value::Null);
        let (parts, _) = request.into_parts();
        let answer = runtime.block_on(platform.router().oneshot(Request::from_parts(parts, Body::empty()))).unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "signed in with a password that was reset, turn {turn}");
    }
    platform.stop();
}

#[test]
fn ten_thousand_guesses_from_everywhere_are_few() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    Client::first(&platform);
    let mut guesser = Client::new(&platform);
    let mut looked_at = 0;
    for guess in 0..10_000_u32 {
        let [_, high, middle, low] = guess.to_be_bytes();
        // Names that are the same one, and what proxies would say.
        let name = ["ada", "ADA", " ada ", "Ada\t"][guess as usize % 4];
        let mut guessed =
            request("POST", "/api/v1/session", "", &json!({"name": name, "password": format!("guess number {guess}")}));
        guessed.headers_mut().insert("x-forwarded-for", format!("198.51.{middle}.{low}").parse().unwrap());
        guessed.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, high, middle, low], 443))));
        let answer = guesser.send(guessed);
        match answer.status {
            StatusCode::UNAUTHORIZED => looked_at += 1,
            status => assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text()),
        }
    }
    assert!((1..=100).contains(&looked_at), "{looked_at} guesses were looked at");
    // Whoever was shut out by that is let in by a new secret.
    let mut ada = signed_in_from(&platform, "ada");
    let mut clinician = somebody(&mut ada, &platform, Role::Clinician);
    clinician.forget_cookies();
    for guess in 0..20 {
        let body = json!({"name": "a clinician", "password": format!("guess number {guess}")});
        guesser.ask("POST", "/api/v1/session", Some(body));
    }
    let reset = Request::builder().method("POST").uri("/api/v1/people/a%20clinician/secret").body(Body::empty());
    let secret = ada.send(reset.unwrap()).json()["secret"].as_str().unwrap().to_owned();
    let body = json!({"name": "a clinician", "password": secret});
    assert_eq!(clinician.ask("POST", "/api/v1/session", Some(body)).status, StatusCode::OK);
    platform.stop();
}

/// Somebody whom the throttle does not know: the platform is asked until it lets them in.
fn signed_in_from(platform: &Platform, name: &str) -> Client {
    let begun = Instant::now();
    loop {
        let mut client = Client::new(platform);
        if client.ask("POST", "/api/v1/session", Some(json!({"name": name, "password": PASSWORD}))).status
            == StatusCode::OK
        {
            return client;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "locked out");
        std::thread::sleep(Duration::from_millis(250));
    }
}

#[test]
fn what_forwards_say_of_addresses_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    Client::first(&platform);
    let mut guesser = Client::new(&platform);
    let mut looked_at = 0;
    for guess in 0..120 {
        let mut guessed =
            request("POST", "/api/v1/session", "", &json!({"name": format!("n{guess}"), "password": "x"}));
        for (name, value) in [
            ("x-forwarded-for", format!("198.51.100.{guess}")),
            ("forwarded", format!("for=198.51.100.{guess}")),
            ("x-real-ip", format!("198.51.100.{guess}")),
        ] {
            guessed.headers_mut().insert(name, value.parse().unwrap());
        }
        guessed.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 9], 443))));
        looked_at += usize::from(guesser.send(guessed).status == StatusCode::UNAUTHORIZED);
    }
    assert!(looked_at <= 60, "{looked_at} names were tried from one address");
    platform.stop();
}

#[test]
fn names_that_look_alike_open_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    for name in ["ADA", " ada", "ada ", "ada\0", "ad\0a", "a\u{200b}da", "ada\u{202e}", "\u{a0}", "", " ", "ada\n"] {
        let added = ada.ask("POST", "/api/v1/people", Some(json!({"name": name, "role": "administrator"})));
        assert!([409, 422].contains(&added.status.as_u16()), "{name:?}: {} {}", added.status, added.text());
    }
    let long = "n".repeat(100_000);
    assert!(
        ada.ask("POST", "/api/v1/people", Some(json!({"name": long, "role": "clinician"}))).status.is_client_error()
    );
    let mut nobody = Client::new(&platform);
    let refused = nobody.ask("POST", "/api/v1/session", Some(json!({"name": long, "password": PASSWORD})));
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Names whose small letters are longer, or the same as those of others (Unicode, CaseFolding.txt).
    let secret = |answer: crate::client::Answer| answer.json()["secret"].as_str().unwrap().to_owned();
    let first = secret(ada.ask("POST", "/api/v1/people", Some(json!({"name": "Kim İnan Öz", "role": "clinician"}))));
    let again =
        ada.ask("POST", "/api/v1/people", Some(json!({"name": "\u{212a}IM i\u{307}nan öZ", "role": "clinician"})));
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a combining mark is no letter: {}", again.text());
    let again = ada.ask("POST", "/api/v1/people", Some(json!({"name": "\u{212a}im İNAN öz", "role": "clinician"})));
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());
    let mut kim = Client::new(&platform);
    let body = json!({"name": "kIM İnan ÖZ", "password": first});
    assert_eq!(kim.ask("POST", "/api/v1/session", Some(body)).status, StatusCode::OK);
    assert_eq!(kim.get("/api/v1/session").status, StatusCode::OK);
    // By any of these names, a new secret ends their sessions.
    let path = "/api/v1/people/%E2%84%AAIM%20%C4%B0nan%20%C3%B6Z/secret";
    assert_eq!(ada.ask("POST", path, None).status, StatusCode::OK);
    assert_eq!(kim.get("/api/v1/session").status, StatusCode::UNAUTHORIZED, "their session outlived their password");
    platform.stop();
}

#[test]
fn no_session_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let ada = Client::first(&platform);
    let token =
        |cookies: &str| cookies.split("; ").find_map(|pair| pair.strip_prefix("__Host-cordon=")).unwrap().to_owned();
    let before = token(&ada.cookies());
    let answer = |cookies: &str| {
        let mut client = Client::new(&platform);
        let request = Request::builder().uri("/api/v1/session").header(header::COOKIE, cookies).body(Body::empty());
        client.send(request.unwrap()).status
    };
    assert_eq!(answer(&format!("__Host-cordon={before}")), StatusCode::OK);
    // Cookies that others could set open nothing, and stand in the way of nothing.
    for cookies in [
        format!("cordon={before}"),
        format!("__host-cordon={before}"),
        format!("__Secure-cordon={before}"),
        format!("__Host-cordon=\"{before}\""),
        format!("__Host-cordon-browser={before}"),
        "__Host-cordon=".to_owned(),
        format!("__Host-cordon={}", "A".repeat(60_000)),
    ] {
        assert_eq!(answer(&cookies), StatusCode::UNAUTHORIZED, "{:.80}", cookies);
    }
    // Signing in takes no token that somebody brought, and ends the one that was there.
    let mut client = Client::new(&platform);
    let brought = "A".repeat(43);
    let body = json!({"name": "ada", "password": PASSWORD});
    let cookies = format!("__Host-cordon={before}; __Host-cordon-browser={brought}");
    let signed = client.send(request("POST", "/api/v1/session", &cookies, &body));
    assert_eq!(signed.status, StatusCode::OK);
    assert!(
        !client.cookies().contains(&before) && !client.cookies().contains(&brought),
        "a token that was brought is used"
    );
    assert_eq!(answer(&format!("__Host-cordon={before}")), StatusCode::UNAUTHORIZED);
    assert_eq!(answer(&format!("__Host-cordon={brought}")), StatusCode::UNAUTHORIZED);
    platform.stop();
}

#[test]
fn pages_of_other_hosts_are_other_sites() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    for (host, origin, is_let) in [
        (Some("cordon.example:8443"), "https://cordon.example:8443", true),
        (Some("[::1]:8443"), "https://[::1]:8443", true),
        (Some("cordon.example:8443"), "https://cordon.example:8443.evil.example", false),
        (Some("cordon.example:8443"), "https://cordon.example:8443@evil.example", false),
        (Some("cordon.example:8443"), "https://cordon.example", false),
        (Some("cordon.example:8443"), "http://cordon.example:8443", false),
        (Some("cordon.example:8443"), "HTTPS://cordon.example:8443/", false),
        (Some("[::1]:8443"), "https://[::1]", false),
        (Some("[::1]:8443"), "https://[::2]:8443", false),
        (Some("cordon.example"), "null", false),
        (Some(""), "https://", false),
        (None, "https://cordon.example", false),
    ] {
        let mut request = Request::builder().method("DELETE").uri("/api/v1/views/mine").header(header::ORIGIN, origin);
        if let Some(host) = host {
            request = request.header(header::HOST, host);
        }
        let answer = ada.send(request.body(Body::empty()).unwrap());
        let expected = if is_let { StatusCode::NO_CONTENT } else { StatusCode::FORBIDDEN };
        assert_eq!(answer.status, expected, "{host:?} asked by {origin}");
    }
    // Two of either: whoever reads the other one would be deceived.
    for (name, value) in [(header::HOST, "evil.example"), (header::ORIGIN, "https://evil.example")] {
        let request =
            Request::builder().method("DELETE").uri("/api/v1/views/mine").header(header::HOST, "cordon.example");
        let request = request.header(header::ORIGIN, "https://cordon.example").header(name, value);
        assert_eq!(ada.send(request.body(Body::empty()).unwrap()).status, StatusCode::FORBIDDEN);
    }
    platform.stop();
}

#[test]
fn what_is_told_ends_with_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let platform = start(folder.path());
    let mut ada = Client::first(&platform);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut analyst = somebody(&mut ada, &platform, Role::SecurityAnalyst);
    let (name, path) = ("a security_analyst", "/api/v1/people/a%20security_analyst");
    for (turn, what) in ["sign out", "everywhere", "role", "disable", "secret"].into_iter().enumerate() {
        if turn > 0 {
            analyst = signed_in(&platform, name);
        }
        let listening = Request::builder().uri("/api/v1/events").header(header::COOKIE, analyst.cookies());
        let answer = runtime.block_on(platform.router().oneshot(listening.body(Body::empty()).unwrap())).unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{what}");
        let mut told = answer.into_body().into_data_stream();
        runtime.block_on(told.next()).unwrap().unwrap();
        let status = match what {
            "sign out" => analyst.ask("DELETE", "/api/v1/session", None).status,
            "everywhere" => analyst.ask("DELETE", "/api/v1/session/everywhere", None).status,
            "role" => ada.ask("PATCH", path, Some(json!({"role": "manager"}))).status,
            "disable" => ada.ask("PATCH", path, Some(json!({"disabled": true}))).status,
            _ => ada.ask("POST", &format!("{path}/secret"), None).status,
        };
        assert!(status.is_success(), "{what}: {status}");
        let ended = Instant::now();
        let rest = async {
            let mut rest = Vec::new();
            while let Some(Ok(piece)) = told.next().await {
                rest.extend_from_slice(&piece);
            }
            String::from_utf8_lossy(&rest).into_owned()
        };
        let rest = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), rest).await }).unwrap();
        assert!(rest.contains("event: session"), "{what}: {rest}");
        assert!(ended.elapsed() < Duration::from_secs(1), "{what}: told for {:?} more", ended.elapsed());
        if what == "disable" {
            assert_eq!(ada.ask("PATCH", path, Some(json!({"disabled": false}))).status, StatusCode::OK);
        }
    }
    platform.stop();
}
