//! A disk that fills up under the platform: it says so, people get in, and it goes on by itself when there is room.
//! Needs root, to mount a small disk.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde_json::json;

use crate::client::{Client, PASSWORD, start};

struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"]).arg(folder.path()).output();
        done.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_is_told_and_survived() {
    let Some(disk) = SmallDisk::mount() else {
        return xtask::reference::skipped("only root may mount a small disk: the platform on a full one was not tried");
    };
    let data = disk.path().join("data");
    let platform = Arc::new(start(&data));
    let mut ada = Client::first(&platform);
    let ballast = disk.path().join("ballast");
    // Room for little more.
    let mut filling = vec![0; 30_000_000];
    while fs::write(&ballast, &filling).is_err() {
        filling.truncate(filling.len() - 500_000);
    }
    // What comes waits; it is not lost.
    let observing = Arc::clone(&platform);
    let batch = vec![0; 4_000_000];
    let waiting = std::thread::spawn(move || observing.observe(0, &batch).is_ok());
    let begun = Instant::now();
    let coverage = ada.until("/api/v1/coverage", |coverage| coverage["store"]["state"] == "full");
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(coverage["store"]["text"].as_str().unwrap().contains("free space"), "{coverage}");
    // What is known is shown, people get in, and what cannot be kept is refused in words.
    assert_eq!(ada.get("/api/v1/devices").status, StatusCode::OK);
    let mut again = Client::new(&platform);
    let signed = again.ask("POST", "/api/v1/session", Some(json!({"name": "ada", "password": PASSWORD})));
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text());
    let view = json!({"query": "x".repeat(1_900)});
    let mut refused = 0;
    for number in 0..40 {
        let answer = ada.ask("PUT", &format!("/api/v1/views/view{number}"), Some(view.clone()));
        refused += usize::from(answer.status == StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.status == StatusCode::OK || answer.text().contains("disk is full"), "{}", answer.text());
    }
    assert!(!waiting.is_finished(), "what could not be kept was acknowledged");
    // Room again: it goes on by itself.
    fs::remove_file(&ballast).unwrap();
    assert!(waiting.join().unwrap(), "{refused} views were refused");
    ada.until("/api/v1/coverage", |coverage| coverage["store"]["state"] == "ok");
    drop((ada, again));
    Arc::into_inner(platform).unwrap().stop();
}

#[test]
fn an_import_is_given_up_also_while_the_disk_is_full() {
    let Some(disk) = SmallDisk::mount() else {
        return xtask::reference::skipped("only root may mount a small disk: giving up on a full one was not tried");
    };
    let platform = start(&disk.path().join("data"));
    let mut ada = Client::first(&platform);
    let captures = tempfile::tempdir().unwrap();
    let (path, ward) = (captures.path().join("long.pcapng"), hospital::ward::capture());
    fs::write(&path, ward.repeat((64 << 20) / ward.len())).unwrap();
    let ballast = disk.path().join("ballast");
    let mut filling = vec![0; 30_000_000];
    while fs::write(&ballast, &filling).is_err() {
        filling.truncate(filling.len() - 500_000);
    }
    // Room for its beginning.
    fs::File::options().write(true).open(&ballast).unwrap().set_len(filling.len() as u64 - 2_000_000).unwrap();
    platform.import(&path).unwrap();
    ada.until("/api/v1/coverage", |coverage| coverage["store"]["state"] == "full");
    let import = "/api/v1/imports/00000001";
    assert_eq!(ada.get(import).json()["state"], "reading");
    assert_eq!(ada.ask("DELETE", import, None).status, StatusCode::NO_CONTENT);
    let told = ada.until(import, |import| import["ended"].is_string());
    assert_eq!(told["state"], "cancelled", "{told}");
    fs::remove_file(&ballast).unwrap();
    drop(ada);
    platform.stop();
}
