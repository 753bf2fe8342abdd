//! A platform in a folder of its own, and somebody who asks it.

use std::path::Path;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use cordon::serve::Platform;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Long enough for the slowest machine; what is waited for is there long before.
const PATIENCE: Duration = Duration::from_secs(240);
pub const PASSWORD: &str = "four horses eat oats";

/// A platform, and whoever is signed in.
pub struct Client {
    router: axum::Router,
    cookies: Vec<(String, String)>,
    runtime: tokio::runtime::Runtime,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

pub fn start(folder: &Path) -> Platform {
    let program = Path::new(env!("CARGO_BIN_EXE_cordon"));
    Platform::start(program, folder.to_owned(), "AA:BB".to_owned(), &[]).unwrap()
}

impl Client {
    /// Somebody who is not signed in.
    pub fn new(platform: &Platform) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { router: platform.router(), cookies: Vec::new(), runtime }
    }

    /// The first administrator.
    pub fn first(platform: &Platform) -> Self {
        let mut client = Self::new(platform);
        let secret = platform.first_secret().unwrap().unwrap();
        let answer =
            client.ask("POST", "/api/v1/first", Some(json!({"secret": secret, "name": "ada", "password": PASSWORD})));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        client
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    pub fn ask(&mut self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap())
    }

    pub fn send(&mut self, mut request: Request<Body>) -> Answer {
        // What a test brings itself stays.
        if !self.cookies.is_empty() && !request.headers().contains_key(header::COOKIE) {
            request.headers_mut().insert(header::COOKIE, self.cookies().parse().unwrap());
        }
        let router = self.router.clone();
        let answer = self.runtime.block_on(async {
            let response = router.oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let is_stream = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
            let bytes =
                if is_stream { Vec::new() } else { axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec() };
            Answer { status: parts.status, headers: parts.headers, bytes }
        });
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            for needed in ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
                assert!(text.contains(needed), "{text}");
            }
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }

    /// As a browser sends them.
    pub fn cookies(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    pub fn forget_cookies(&mut self) {
        self.cookies.clear();
    }

    /// Asks until the answer fits.
    pub fn until(&mut self, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let answer = self.get(path).json();
            if fits(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < PATIENCE, "{path} stays {answer}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Brings a capture and waits until it is folded and shown.
    pub fn bring(&mut self, name: &str, bytes: Vec<u8>) -> Value {
        let before = self.get("/api/v1/devices?limit=1").json()["version"].as_u64().unwrap();
        let request = Request::builder().method(Method::POST).uri(format!("/api/v1/imports?name={name}"));
        let answer = self.send(request.body(Body::from(bytes)).unwrap());
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        let over = |import: &Value| import["state"] == "done" || import["state"] == "failed";
        let import = self.until(&format!("/api/v1/imports/{id}"), over);
        if import["state"] == "done" {
            self.until("/api/v1/devices?limit=1", |list| list["version"].as_u64().unwrap() > before);
            self.until("/api/v1/coverage", |coverage| coverage["behind"] == 0);
        }
        import
    }
}
