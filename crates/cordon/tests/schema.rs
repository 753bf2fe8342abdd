//! The API does what its description says, whoever asks: `schemathesis` sends each role's requests, those that the description
//! allows and those that it does not, to the program as it is shipped.
//!
//! `CORDON_SCHEMA_EXAMPLES` asks for more requests of each kind than a check has time for.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use cordon::serve::Role;
use serde_json::json;

#[path = "serve/client.rs"]
#[allow(dead_code)]
mod client;

use client::{Client, PASSWORD, start};

/// Requests of each kind and operation, beside those that cover every limit once.
const EXAMPLES: u32 = 2;
/// Sends requests at the same time.
const WORKERS: usize = 2;
/// These end the session with which the others are tried; what is told as it happens never ends.
const APART: [&str; 3] = ["delete_session", "delete_session_everywhere", "get_events"];

/// Where `.ci/install` puts the tool, or anywhere on the path.
fn tool() -> Option<PathBuf> {
    const NAME: &str = "schemathesis";
    if std::env::var_os("CORDON_WITHOUT_SCHEMATHESIS").is_some() {
        xtask::reference::skipped("CORDON_WITHOUT_SCHEMATHESIS is set: the API was not held against its description");
        return None;
    }
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home);
    let installed = cache.map(|cache| cache.join("cordon").join(NAME).join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = installed.into_iter().chain(std::env::split_paths(&path)).map(|folder| folder.join(NAME));
    let found = found.into_iter().find(|file| file.is_file());
    if found.is_none() {
        xtask::reference::skipped("no schemathesis on this machine: the API was not held against its description");
    }
    found
}

/// The name of a role, and of whoever has it here.
fn name(role: Role) -> String {
    serde_json::to_value(role).unwrap().as_str().unwrap().to_owned()
}

/// A ward, and a person of each role.
fn prepare(data: &Path) {
    let platform = start(data);
    let mut ada = Client::first(&platform);
    ada.bring("ward.pcapng", hospital::ward::capture());
    for role in Role::ALL {
        let added = ada.ask("POST", "/api/v1/people", Some(json!({"name": name(role), "role": role})));
        let secret = added.json()["secret"].clone();
        let mut person = Client::new(&platform);
        let signed = person.ask("POST", "/api/v1/session", Some(json!({"name": name(role), "password": secret})));
        assert!(signed.status.is_success(), "{}", signed.text());
        let chosen = person.ask("PUT", "/api/v1/session/password", Some(json!({"old": secret, "new": PASSWORD})));
        assert!(chosen.status.is_success(), "{}", chosen.text());
    }
    // The administrator who asks is the only one left: nobody shuts them out by chance.
    let mut last = Client::new(&platform);
    let body = json!({"name": "administrator", "password": PASSWORD});
    assert!(last.ask("POST", "/api/v1/session", Some(body)).status.is_success());
    assert!(last.ask("PATCH", "/api/v1/people/ada", Some(json!({"disabled": true}))).status.is_success());
    platform.stop();
}

/// The program, answering.
struct Server {
    child: Child,
    address: String,
    said: PathBuf,
}

impl Server {
    fn start(data: &Path, said: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
        command.arg("serve").args(["--listen", "127.0.0.1:0"]).arg("--data").arg(data);
        let errors = std::fs::File::create(said).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let greeting = lines.next().unwrap().unwrap();
        let address = greeting.strip_prefix("Cordon runs at ").unwrap().trim_end_matches('/').to_owned();
        Self { child, address, said: said.to_owned() }
    }

    /// Asks by the program that everybody has; gives status and headers.
    fn ask(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("curl");
        command.args(["--silent", "--insecure", "--max-time", "60", "--dump-header", "-", "--output", "/dev/null"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Signs in; gives the cookie's value.
    fn signed_in(&self, role: Role) -> String {
        let body = json!({"name": name(role), "password": PASSWORD}).to_string();
        let address = format!("{}/api/v1/session", self.address);
        let headers = self.ask(&["--header", "content-type: application/json", "--data", &body, &address]);
        let cookie = headers.lines().find_map(|line| line.strip_prefix("set-cookie: __Host-cordon="));
        cookie.unwrap_or_else(|| panic!("{headers}")).split(';').next().unwrap().to_owned()
    }

    fn stands(&self, cookie: &str) -> bool {
        let address = format!("{}/api/v1/session", self.address);
        self.ask(&["--cookie", &format!("__Host-cordon={cookie}"), &address]).starts_with("HTTP/1.1 200")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs the tool as one role; gives what it said if anything was not as described.
fn held_against(tool: &Path, server: &Server, folder: &Path, role: Role, only: Option<&str>) -> Result<(), String> {
    let cookie = server.signed_in(role);
    let own = folder.join(format!("{}-{}", name(role), only.unwrap_or("all")));
    std::fs::create_dir_all(&own).unwrap();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema");
    // 422 is what is well formed and yet cannot be; 429 what is slowed down.
    let configuration = format!(
        "hooks = {hooks:?}\ntls-verify = false\n[auth.openapi.session]\napi_key = {cookie:?}\n\
         [checks.positive_data_acceptance]\nexpected-statuses = [\"2xx\", 401, 403, 404, 409, 422, 429]\n\
         [checks.negative_data_rejection]\nexpected-statuses = [400, 401, 403, 404, 413, 415, 422, 429]\n\
         [phases.coverage]\nunexpected-methods = [\"POST\", \"DELETE\", \"TRACE\"]\n",
        hooks = tests.join("hooks.py"),
    );
    std::fs::write(own.join("schemathesis.toml"), configuration).unwrap();
    let examples = std::env::var("CORDON_SCHEMA_EXAMPLES").unwrap_or_else(|_| EXAMPLES.to_string());
    let mut command = Command::new(tool);
    command.current_dir(&own).env("CORDON_OWN_NAME", name(role));
    command.args(["--config-file", "schemathesis.toml", "run"]);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json"));
    command.args([
        "--url",
        &server.address,
        "--max-examples",
        &examples,
        "--request-timeout",
        "60",
        "--request-retries",
        "3",
    ]);
    command.args([
        "--no-color",
        "--warnings",
        "off",
        "--continue-on-failure",
        "--suppress-health-check",
        "all",
        "--no-shrink",
    ]);
    // Every limit once is long: roles that may the same are asked at random but for the first.
    if only.is_none()
        && Role::ALL.iter().take_while(|other| **other != role).any(|other| other.permissions() == role.permissions())
    {
        command.args(["--phases", "fuzzing,stateful"]);
    }
    match only {
        Some(only) => command.args(["--include-operation-id", only]),
        None => command.args(APART.iter().flat_map(|apart| ["--exclude-operation-id", apart])),
    };
    let output = command.output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        return Err(format!("as {role:?}:\n{text}"));
    }
    match only {
        None if !server.stands(&cookie) => {
            Err(format!("as {role:?}: the session ended, what was asked after it says nothing"))
        }
        Some(_) if server.stands(&cookie) => Err(format!("as {role:?}: {only:?} did not end the session")),
        _ => Ok(()),
    }
}

#[test]
fn the_api_does_what_its_description_says() {
    let Some(tool) = tool() else { return };
    let description =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json")).unwrap();
    for apart in APART {
        assert!(description.contains(&format!("\"operationId\": \"{apart}\"")), "no operation is called {apart}");
    }
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    prepare(&data);
    let server = Server::start(&data, &folder.path().join("said"));
    let failed = Mutex::new(Vec::new());
    // Whoever may change others comes last.
    let waiting = Mutex::new(Role::ALL.to_vec());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap().pop();
                    let Some(role) = next.filter(|role| *role != Role::Administrator) else { return };
                    // One of them also ends their sessions.
                    let apart: &[_] = if role == Role::Clinician {
                        &[Some("delete_session"), Some("delete_session_everywhere")]
                    } else {
                        &[]
                    };
                    for only in std::iter::once(&None).chain(apart) {
                        let held = held_against(&tool, &server, folder.path(), role, *only);
                        failed.lock().unwrap().extend(held.err());
                    }
                }
            });
        }
    });
    let last = held_against(&tool, &server, folder.path(), Role::Administrator, None);
    failed.lock().unwrap().extend(last.err());
    let said = std::fs::read_to_string(&server.said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}
