//! Wrong use, bad files, full disks and interruptions, as a person meets them: one clear line, the right exit code,
//! and nothing half-written.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Longest wait for a program that must end or begin something.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with a good capture in it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ward.pcapng"), hospital::ward::capture()).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cordon"));
        command.args(arguments).current_dir(self.0.path()).env("XDG_DATA_HOME", self.path("data")).stdin(Stdio::null());
        command
    }

    fn cordon(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
            .unwrap_or_default();
        names.sort();
        names
    }

    fn hidden(&self) -> Vec<String> {
        self.names(".").into_iter().filter(|name| name.starts_with('.')).collect()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// One line on standard error that says all of this, with the exit code, and no word on standard output.
fn assert_refused(output: &Output, code: i32, says: &[&str]) {
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert_eq!(error.lines().count(), 1, "one line: {error}");
    assert!(error.starts_with("cordon: ") && !error.contains("os error") && !error.contains("panicked"), "{error}");
    for part in says {
        assert!(error.contains(part), "`{part}` is missing: {error}");
    }
    assert_eq!(out, "");
}

#[test]
fn what_is_no_capture_is_refused_with_what_it_is() {
    let desk = Desk::new();
    desk.put("empty.pcap", b"");
    desk.put("zeros.pcap", &[0; 4096]);
    desk.put("archive.pcap", b"PK\x03\x04\x14\0\0\0\x08\0rest of an archive");
    desk.put("notes.txt", b"Monday: mirror port of the ward's switch\n");
    desk.put("random.bin", &[0xfe, 0x01, 0x80, 0x33, 0x99, 0x12]);
    desk.put("half.pcap", &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0]);
    // gzip of "not a capture" and the beginning of a zstd frame that never goes on.
    let stored = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x0d\0\xf2\xffnot a capture\xc3\x9d\x56\x9d\x0d\0\0\0";
    desk.put("wrong.gz", stored);
    desk.put("cut.zst", b"\x28\xb5\x2f\xfd\x04");
    fs::create_dir(desk.path("folder")).unwrap();
    for (name, says) in [
        ("missing.pcap", "no such file; check the path"),
        ("ward.pcapng/missing.pcap", "check the path"),
        ("folder", "a folder; name the captures in it"),
        ("empty.pcap", "an empty file; expected pcap or pcapng"),
        ("zeros.pcap", "begins with zeros alone"),
        ("archive.pcap", "a zip archive: unpack it"),
        ("notes.txt", "text, no capture; expected"),
        ("random.bin", "not a capture; expected"),
        ("half.pcap", "not a capture; expected"),
        ("wrong.gz", "compressed with gzip, but what is in it is no capture"),
        ("cut.zst", "compressed with zstd, but what is in it is no capture"),
    ] {
        assert_refused(&desk.cordon(&["analyze", name, "--out", "results"]), 2, &[name, says]);
        // One bad capture among good ones is found before the long work begins.
        assert_refused(&desk.cordon(&["analyze", "ward.pcapng", name, "--out", "results"]), 2, &[name, says]);
        assert_eq!((desk.names("results"), desk.hidden()), (vec![], vec![]), "{name}");
    }
}

#[test]
fn a_damaged_capture_is_read_as_far_as_it_goes() {
    let desk = Desk::new();
    let whole = hospital::ward::capture();
    desk.put("cut.pcapng", &whole[..whole.len() / 2 + 1]);
    let output = desk.cordon(&["analyze", "cut.pcapng", "--out", "results"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Note: cut.pcapng: cut short at byte "), "{}", text(&output.stdout));
    // A header, and then nothing that can be read: no results.
    let mut header: Vec<u8> =
        [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 0xffff, 1].into_iter().flat_map(u32::to_le_bytes).collect();
    desk.put("none.pcap", &header);
    header.extend([0xff; 40]);
    desk.put("broken.pcap", &header);
    let refused = desk.cordon(&["analyze", "broken.pcap", "--out", "more"]);
    assert_refused(&refused, 2, &["broken.pcap", "no frame that can be read", "at byte 24", "copy it again"]);
    assert_eq!((desk.names("more"), desk.hidden()), (vec![], vec![]));
    // A capture in which nothing happened is a capture.
    let output = desk.cordon(&["analyze", "none.pcap", "--out", "nothing"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Note: none.pcap: holds no frame."), "{}", text(&output.stdout));
}

#[test]
fn frames_of_a_link_that_is_not_read_are_told() {
    let desk = Desk::new();
    // A pcap of link type 9 with one frame of four bytes.
    let mut capture = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 9, 0, 0, 0];
    capture.extend([0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 0xff, 3, 0, 0x21]);
    desk.put("link.pcap", &capture);
    let output = desk.cordon(&["analyze", "link.pcap", "--out", "link"]);
    assert_eq!(output.status.code(), Some(0));
    let told = text(&output.stdout);
    assert!(told.contains("link type 9 (PPP) are not read: 1 "), "{told}");
}

#[test]
fn a_place_that_cannot_be_written_to_is_refused_before_the_work() {
    let desk = Desk::new();
    desk.put("file", b"mine");
    fs::create_dir(desk.path("papers")).unwrap();
    desk.put("papers/thesis.odt", b"mine");
    for (out, says) in [
        ("file", "not a folder; name"),
        ("file/results", "not a folder; name"),
        ("papers", "holds `thesis.odt`, which is no result of Cordon; name a new or empty folder"),
        (".", "which is no result of Cordon"),
        ("/proc/cordon-results", "cannot write"),
    ] {
        assert_refused(
            &desk.cordon(&["analyze", "ward.pcapng", "--out", out]),
            if out.starts_with("/proc") { 1 } else { 2 },
            &[says],
        );
    }
    assert_eq!(fs::read(desk.path("papers/thesis.odt")).unwrap(), b"mine");
    assert_eq!(desk.names("."), ["file", "papers", "ward.pcapng"]);
}

#[cfg(unix)]
#[test]
fn through_a_link_only_our_files_are_replaced() {
    let desk = Desk::new();
    fs::create_dir(desk.path("real")).unwrap();
    std::os::unix::fs::symlink("real", desk.path("link")).unwrap();
    std::os::unix::fs::symlink("gone", desk.path("dangling")).unwrap();
    for _ in 0..2 {
        let output = desk.cordon(&["analyze", "ward.pcapng", "--out", "link"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(fs::symlink_metadata(desk.path("link")).unwrap().is_symlink());
        assert_eq!(desk.names("real").len(), 6);
    }
    // A file of ours that is a link: the link is replaced, what it leads to is not.
    desk.put("precious", b"mine");
    fs::remove_file(desk.path("real/flows.jsonl")).unwrap();
    std::os::unix::fs::symlink("../precious", desk.path("real/flows.jsonl")).unwrap();
    assert_eq!(desk.cordon(&["analyze", "ward.pcapng", "--out", "link"]).status.code(), Some(0));
    assert_eq!(fs::read(desk.path("precious")).unwrap(), b"mine");
    assert!(!fs::symlink_metadata(desk.path("real/flows.jsonl")).unwrap().is_symlink());
    let refused = desk.cordon(&["analyze", "ward.pcapng", "--out", "dangling"]);
    assert_refused(&refused, 2, &["dangling", "a link that leads nowhere"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_or_closed_is_told_once() {
    let desk = Desk::new();
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    let output = desk.command(&["analyze", "ward.pcapng", "--out", "results"]).stdout(full()).output().unwrap();
    assert_refused(&output, 1, &["standard output: cannot write: no space left", "the results are complete in"]);
    assert_eq!(desk.names("results").len(), 6);
    let output = desk.command(&["why", "10.20.30.70", "--flows", "results"]).stdout(full()).output().unwrap();
    assert_refused(&output, 1, &["standard output: cannot write: no space left"]);
    // Where not even the failure can be told, the exit code still tells it.
    let output = desk.command(&["why", "nobody", "--flows", "results"]).stderr(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    // A reader that has seen enough.
    let mut child = desk.command(&["why", "10.20.30.70", "--flows", "results"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

/// A disk of 1 MiB, where the test may mount one; elsewhere a limit on the size of files stands for it.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let desk = Desk::new();
    fs::create_dir(desk.path("disk")).unwrap();
    let disk = desk.path("disk");
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(&disk).stderr(Stdio::null()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        xtask::reference::skipped("a_full_disk_leaves_nothing_behind: only root may mount a small disk");
        return;
    }
    fs::create_dir(desk.path("disk/former")).unwrap();
    desk.put("disk/former/manifest.json", b"{}");
    let ballast = vec![1; 900_000];
    File::create(desk.path("disk/ballast")).unwrap().write_all(&ballast).unwrap();
    let mut seen = Vec::new();
    for out in ["disk/results", "disk/deep/er/results", "disk/former"] {
        seen.push((
            desk.cordon(&["analyze", "ward.pcapng", "--events", "--out", out]),
            desk.names("disk"),
            desk.names("disk/former"),
        ));
    }
    let unmounted = Command::new("umount").arg(&disk).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    for (output, disk, former) in seen {
        assert_refused(&output, 1, &["no space left on the device", "free some space", "nothing was changed"]);
        assert_eq!(disk, ["ballast", "former"]);
        assert_eq!(former, ["manifest.json"]);
    }
}

#[test]
fn a_device_or_attribute_that_is_not_there_is_refused() {
    let desk = Desk::new();
    let none = desk.cordon(&["why", "10.20.30.70"]);
    assert_refused(&none, 2, &["devices.jsonl", "no such file or folder", "cordon analyze CAPTURE", "--flows"]);
    assert_eq!(desk.cordon(&["analyze", "ward.pcapng"]).status.code(), Some(0), "into the data folder");
    for (device, says) in
        [("", "no device is named"), ("  ", "no device is named"), ("nobody", "no device `nobody` in")]
    {
        assert_refused(&desk.cordon(&["why", device]), 2, &[says]);
    }
    assert_refused(
        &desk.cordon(&["why", "10.20.30.70", "colour"]),
        2,
        &["nothing speaks for `colour`", "category (What it is)"],
    );
    assert_refused(&desk.cordon(&["why", "10.20.30.70\u{1b}[2J\n"]), 2, &["no device"]);
}

#[test]
fn every_device_is_found_by_what_people_call_it() {
    let desk = Desk::new();
    assert_eq!(desk.cordon(&["analyze", "ward.pcapng"]).status.code(), Some(0));
    let ct = hospital::ward::devices::CT;
    for device in [
        ct.id().as_str(),
        &ct.ip.to_string(),
        "88:4b:39:0a:00:70",
        "88-4B-39-0A-00-70",
        "884b.390a.0070",
        "ct1",
        "CT scanner",
        "somatom",
        "ct",
    ] {
        for (attribute, says) in [
            ("category", "CT scanner"),
            ("kind", "CT scanner"),
            ("What it is", "CT scanner"),
            ("maker", "Siemens"),
            ("serial", "000070"),
        ] {
            let output = desk.cordon(&["why", device, attribute]);
            assert_eq!(output.status.code(), Some(0), "{device} {attribute}: {}", text(&output.stderr));
            assert!(text(&output.stdout).contains(says), "{device} {attribute}: {}", text(&output.stdout));
            assert!(!text(&output.stdout).contains('\u{1b}'), "no colours where no terminal is");
        }
        let output = desk.cordon(&["why", device, "serial", "--format", "json"]);
        let row: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(row["attributes"]["serial"]["value"], "000070");
    }
    let output = desk.cordon(&["why", "pump"]);
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<String> = text(&output.stderr).lines().map(str::to_owned).collect();
    assert!(lines[0].contains("`pump` fits 3 devices; name one by its identifier"), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.contains("mac-") && line.contains("B. Braun")).count(), 3, "{lines:?}");
}

#[test]
fn every_help_has_an_example() {
    let desk = Desk::new();
    for arguments in [&["--help"][..], &["analyze", "--help"], &["why", "--help"]] {
        let output = desk.cordon(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("Examples:\n  cordon "), "{}", text(&output.stdout));
        assert!(text(&output.stdout).contains("Exit codes: 0 done, 1 failed, 2 wrong use"));
    }
    for arguments in [&[][..], &["analyze"], &["why"], &["analyse", "ward.pcapng"], &["analyze", "--nonsense", "x"]] {
        assert_eq!(desk.cordon(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

/// Begins an analysis that cannot end: its capture is a pipe that nobody closes. Returns once it works in its folder.
#[cfg(unix)]
fn begin(desk: &Desk, out: &str) -> (std::process::Child, File) {
    let pipe = desk.path("pipe.pcapng");
    if !pipe.exists() {
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    }
    let child = desk
        .command(&["analyze", "pipe.pcapng", "--out", out])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut writer = File::options().write(true).open(&pipe).unwrap();
    let whole = hospital::ward::capture();
    writer.write_all(&whole[..whole.len() / 2]).unwrap();
    let begun = Instant::now();
    while !works(desk) {
        assert!(begun.elapsed() < PATIENCE, "the analysis does not begin");
        std::thread::sleep(Duration::from_millis(20));
    }
    (child, writer)
}

/// Whether a folder in the making stands on the desk.
#[cfg(unix)]
fn works(desk: &Desk) -> bool {
    let is_work = |folder: &Path| {
        fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .any(|entry| entry.path().join("connections.part").is_file())
    };
    is_work(&desk.path(".")) || is_work(&desk.path("results")) || is_work(&desk.path("deep/er"))
}

#[cfg(unix)]
fn signal(child: &std::process::Child, name: &str) {
    assert!(Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_nothing_behind() {
    let desk = Desk::new();
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        for out in ["results", "deep/er/results"] {
            let (child, _writer) = begin(&desk, out);
            signal(&child, name);
            assert_refused(&child.wait_with_output().unwrap(), code, &["interrupted; nothing was written"]);
            assert_eq!(desk.names("."), ["pipe.pcapng", "ward.pcapng"], "{name}");
        }
    }
    // A former result stays as it was.
    assert_eq!(desk.cordon(&["analyze", "ward.pcapng", "--out", "results"]).status.code(), Some(0));
    let before = fs::read(desk.path("results/manifest.json")).unwrap();
    let (child, _writer) = begin(&desk, "results");
    signal(&child, "TERM");
    assert_refused(&child.wait_with_output().unwrap(), 143, &["nothing was written"]);
    assert_eq!(desk.names("results").len(), 6);
    assert_eq!(fs::read(desk.path("results/manifest.json")).unwrap(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_run_left_is_swept_and_what_a_living_one_uses_is_not() {
    let desk = Desk::new();
    let (mut child, _writer) = begin(&desk, "results");
    let analyze = || assert_eq!(desk.cordon(&["analyze", "ward.pcapng", "--out", "other"]).status.code(), Some(0));
    analyze();
    assert!(works(&desk), "the folder of a living run was swept");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(desk.hidden().len(), 1);
    fs::create_dir(desk.path(".cordon-mine00")).unwrap();
    desk.put(".cordon-mine00/letter.txt", b"mine");
    analyze();
    assert_eq!(desk.hidden(), [".cordon-mine00"]);
}
