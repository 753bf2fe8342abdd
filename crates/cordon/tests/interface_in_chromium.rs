//! The interface in a real browser, over the real platform: starts the binary on the demonstration ward, and once more on a
//! synthetic hospital, and runs the tests
//! of `web/tests` against it. Needs Chromium, node and the packages of `web/`; without them the test says so and checks
//! nothing.

#![cfg(target_os = "linux")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected stops there"
)]

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

#[path = "hostile/mod.rs"]
#[allow(dead_code)]
mod hostile;

/// Long enough for the slowest machine: a hang is an error, not a wait.
const PATIENCE: Duration = Duration::from_secs(600);

#[test]
fn people_use_the_interface() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    if let Err(why) = possible(&web) {
        xtask::reference::skipped(&format!("people_use_the_interface: {why}"));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let ward = folder.path().join("ward.pcapng");
    fs::write(&ward, hospital::ward::capture()).unwrap();
    let names = folder.path().join("names.pcap");
    fs::write(&names, hostile::attack().0).unwrap();
    let platform = Platform::start(&["--capture", ward.to_str().unwrap()], &folder.path().join("data"));
    let hospital = ["--hospital", "7", "--hospital-devices", "60", "--hospital-speed", "30"];
    let hospital = Platform::start(&hospital, &folder.path().join("hospital"));
    if !has_interface(&platform.address) {
        xtask::reference::skipped(
            "people_use_the_interface: the binary was built without the interface; run ./up or ./check",
        );
        return;
    }
    let mut tests = Command::new("npm")
        .args(["test", "--silent"])
        .current_dir(&web)
        .env("CORDON_ADDRESS", &platform.address)
        .env("CORDON_SECRET", &platform.secret)
        .env("CORDON_HOSTILE", &names)
        .env("CORDON_DRILL_ADDRESS", &hospital.address)
        .env("CORDON_DRILL_SECRET", &hospital.secret)
        .stdout(File::create(folder.path().join("tests.txt")).unwrap())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let status = loop {
        match tests.try_wait().unwrap() {
            Some(status) => break Some(status),
            None if began.elapsed() > PATIENCE => {
                let _ = tests.kill();
                break None;
            }
            None => thread::sleep(Duration::from_millis(100)),
        }
    };
    let said = fs::read_to_string(folder.path().join("tests.txt")).unwrap();
    assert!(status.is_some_and(|status| status.success()), "{said}");
    println!("{said}");
}

/// Why the test cannot run here, if it cannot.
fn possible(web: &Path) -> Result<(), String> {
    if env::var_os("CORDON_WITHOUT_BROWSER").is_some() {
        return Err("CORDON_WITHOUT_BROWSER is set".to_owned());
    }
    let folders: Vec<PathBuf> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let has = |name: &str| folders.iter().any(|folder| folder.join(name).is_file());
    if !["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().any(has) {
        return Err("no Chromium on this machine; install `chromium`".to_owned());
    }
    if !has("npm") || !web.join("node_modules/playwright-core").is_dir() {
        return Err("the packages of web/ are missing; run `npm ci` there".to_owned());
    }
    Ok(())
}

/// Whether the address answers with a page of the interface; without one the platform says so in words.
fn has_interface(address: &str) -> bool {
    let page = Command::new("node")
        .args([
            "-e",
            "fetch(process.argv[1]).then(async (a) => process.exit((await a.text()).includes('<html') ? 0 : 3))",
        ])
        .arg(address)
        // Its certificate is one that it made itself.
        .env("NODE_TLS_REJECT_UNAUTHORIZED", "0")
        .env("NODE_NO_WARNINGS", "1")
        .status()
        .unwrap();
    page.success()
}

/// The binary, serving.
struct Platform {
    process: Child,
    address: String,
    secret: String,
}

impl Platform {
    fn start(source: &[&str], data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_cordon"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(source)
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let lines = listen(process.stdout.take().unwrap());
        let next = || lines.recv_timeout(PATIENCE).expect("the platform says where it runs and how to begin");
        let (mut address, mut secret) = (String::new(), String::new());
        while secret.is_empty() {
            let line = next();
            if let Some(at) = line.split_whitespace().find(|word| word.starts_with("https://")) {
                at.trim_end_matches('/').clone_into(&mut address);
            }
            if line.starts_with("First sign-in") {
                next().trim().clone_into(&mut secret);
            }
        }
        Self { process, address, secret }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Lines as they come; read to the end, so that the pipe never fills.
fn listen(from: ChildStdout) -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    lines
}
