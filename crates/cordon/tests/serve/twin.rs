//! The twin survives kills, and what is folded in parts is what is folded at once.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::client::{Client, start};

/// Kills of the whole platform while it imports; `CORDON_KILLS` asks for more.
const KILLS: u32 = 6;

fn run(folder: &Path, capture: Option<&Path>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
    command.arg("serve").args(["--listen", "127.0.0.1:0"]).arg("--data").arg(folder);
    if let Some(capture) = capture {
        command.arg("--capture").arg(capture);
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let line = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    assert!(line.starts_with("Cordon runs at https://"), "{line}");
    child
}

fn devices(client: &mut Client) -> Vec<Value> {
    client.get("/api/v1/devices/export?format=json").json().as_array().unwrap().clone()
}

#[test]
fn kills_lose_nothing_that_was_folded() {
    let folder = tempfile::tempdir().unwrap();
    let capture = folder.path().join("ward.pcapng");
    std::fs::write(&capture, hospital::ward::capture()).unwrap();
    let kills = std::env::var("CORDON_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    for kill in 0..kills {
        let data = folder.path().join(format!("data{kill}"));
        let mut child = run(&data, Some(&capture));
        std::thread::sleep(Duration::from_millis(u64::from(kill) * 97 % 900));
        child.kill().unwrap();
        child.wait().unwrap();
        // What was kept opens, and what was in before is in after it was stopped in order, and again. An import that waited
        // still is read now.
        let platform = start(&data);
        let mut ada = Client::first(&platform);
        let over = |imports: &Value| {
            let states = imports["items"].as_array().unwrap().iter().map(|import| import["state"].as_str().unwrap());
            states.into_iter().all(|state| state == "done" || state == "failed")
        };
        let imports = ada.until("/api/v1/imports", over);
        ada.until("/api/v1/coverage", |coverage| coverage["behind"] == 0);
        let first = ada.until("/api/v1/devices?limit=1", |list| list["version"].as_u64() > Some(0));
        let before = devices(&mut ada);
        assert_eq!(first["total"], before.len());
        let state = imports["items"][0]["state"].as_str().unwrap_or("none").to_owned();
        // The same command again reads nothing twice.
        platform.import(&capture).unwrap();
        assert_eq!(ada.get("/api/v1/imports").json()["items"].as_array().unwrap().len(), 1, "{imports}");
        if state == "done" {
            assert_eq!(before.len(), 44, "{imports}");
        }
        drop(ada);
        platform.stop();
        let platform = start(&data);
        let mut ada = crate::walk::signed_in(&platform);
        ada.until("/api/v1/devices?limit=1", |list| list["version"].as_u64() > Some(0));
        ada.until("/api/v1/coverage", |coverage| coverage["behind"] == 0);
        let after = devices(&mut ada);
        assert!(before == after, "after kill {kill} ({state})");
        platform.stop();
    }
}

#[test]
fn two_do_not_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = run(folder.path(), None);
    let mut second = Command::new(env!("CARGO_BIN_EXE_cordon"));
    let second =
        second.arg("serve").args(["--listen", "127.0.0.1:0"]).arg("--data").arg(folder.path()).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another Cordon"), "{second:?}");
    first.kill().unwrap();
    first.wait().unwrap();
}

#[test]
fn what_another_version_learnt_is_put_aside_and_learnt_anew() {
    use store::{Sqlite, State, Store};
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let platform = start(&data);
    let mut ada = Client::first(&platform);
    ada.bring("ward.pcapng", hospital::ward::capture());
    drop(ada);
    platform.stop();
    let mut store = Sqlite::open(&data).unwrap();
    let State { upto, mut bytes } = store.state().unwrap().unwrap();
    // A format that is not known.
    bytes[8..16].fill(0xee);
    store.keep_state(&State { upto, bytes: bytes.clone() }, &[]).unwrap();
    drop(store);
    let platform = start(&data);
    let mut ada = crate::walk::signed_in(&platform);
    ada.bring("again.pcapng", hospital::ward::capture());
    ada.until("/api/v1/devices?limit=1", |list| list["total"] == 44);
    drop(ada);
    platform.stop();
    let copies: Vec<_> = std::fs::read_dir(&data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("before-"))
        .collect();
    let [copy] = copies.as_slice() else { panic!("{copies:?}") };
    let restored = folder.path().join("restored");
    Sqlite::restore(copy, &restored).unwrap();
    assert_eq!(Sqlite::open(&restored).unwrap().state().unwrap(), Some(State { upto, bytes }));
}
