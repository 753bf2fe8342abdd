//! Whoever takes over the decoder gets nothing: each act is tried in a process of its own, which the kernel has to end.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_types,
    clippy::exit,
    clippy::print_stdout
)]

use std::fs::{self, File};
use std::io::{BufRead, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use nix::sched::CloneFlags;
use nix::sys::signal::{Signal, kill};
use nix::sys::socket::{AddressFamily, SockFlag, SockType};

/// Names the act; set only in the process that is to be ended.
const ACT: &str = "CORDON_ACT";

/// An act by its name. Whether it succeeds does not matter: it must not come to that.
type Act = (&'static str, fn(File));

const ACTS: &[Act] = &[
    ("reads what was left open", |mut file| done(file.read(&mut [0; 16]))),
    ("writes to what was left open", |mut file| done(file.write(b"x"))),
    ("asks for the size of what was left open", |file| done(file.metadata())),
    ("reads a file", |_| done(File::open("/etc/passwd"))),
    ("writes a file", |_| done(fs::write("/tmp/cordon-confined", "x"))),
    ("lists a folder", |_| done(fs::read_dir("/"))),
    ("removes a file", |_| done(fs::remove_file("/tmp/cordon-confined"))),
    ("connects", |_| done(TcpStream::connect("127.0.0.1:9"))),
    ("listens", |_| done(TcpListener::bind("127.0.0.1:0"))),
    ("sends a datagram", |_| done(UdpSocket::bind("127.0.0.1:0"))),
    ("asks a local service", |_| done(UnixStream::connect("/run/systemd/notify"))),
    ("opens a raw socket", |_| {
        drop(nix::sys::socket::socket(AddressFamily::Packet, SockType::Raw, SockFlag::empty(), None))
    }),
    ("starts a program", |_| done(Command::new("/bin/true").spawn())),
    ("signals its parent", |_| done(kill(nix::unistd::getppid(), Signal::SIGCONT))),
    ("becomes root", |_| done(nix::unistd::setuid(nix::unistd::Uid::from_raw(0)))),
    ("makes a namespace", |_| done(nix::sched::unshare(CloneFlags::CLONE_NEWNET))),
    ("starts a thread", |_| done(std::thread::spawn(|| {}).join())),
];

/// Goes on for ever, confined, without asking the kernel for anything.
const GOES_ON: &str = "goes on";
/// Starts one that does, and ends.
const STARTS: &str = "starts another";

/// Whatever came of it.
fn done<T>(_: T) {}

/// Does what it is told and says so if it lives. Does nothing when it is run as a test.
#[test]
fn acts_until_it_is_ended() {
    let Some(act) = std::env::var_os(ACT) else { return };
    if act == STARTS {
        return starts_another();
    }
    let left_open = File::open("/etc/passwd").unwrap();
    cordon::sense::confine_as_decoder().unwrap();
    println!("confined");
    if act == GOES_ON {
        loop {
            std::hint::spin_loop();
        }
    }
    if let Some((_, act)) = ACTS.iter().find(|(name, _)| act == *name) {
        act(left_open);
    }
    println!("lives");
    std::process::exit(0);
}

/// Starts a confined process and ends without a word to it.
fn starts_another() {
    let mut other = again(GOES_ON).stdout(Stdio::piped()).spawn().unwrap();
    let said = std::io::BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(said.map_while(Result::ok).any(|line| line.contains("confined")));
    println!("other {}", other.id());
    std::process::exit(0);
}

fn again(act: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "acts_until_it_is_ended", "--nocapture", "--test-threads=1"]);
    command.env(ACT, act).stderr(Stdio::null());
    command
}

#[test]
fn nobody_outlives_who_started_it() {
    let (said, _) = tried(STARTS);
    let number = said.lines().find_map(|line| line.split_once("other ")?.1.trim().parse::<i32>().ok()).unwrap();
    let has_ended = || {
        let status = fs::read_to_string(format!("/proc/{number}/status")).unwrap_or_default();
        status.is_empty() || status.contains("State:\tZ")
    };
    let ends = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        has_ended()
    });
    let _ = kill(nix::unistd::Pid::from_raw(number), Signal::SIGKILL);
    assert!(ends, "it goes on for ever");
}

/// What the process said, and the signal that ended it.
fn tried(act: &str) -> (String, Option<i32>) {
    let output = again(act).output().unwrap();
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.signal())
}

#[test]
fn every_act_ends_the_process() {
    for (act, _) in ACTS {
        let (said, signal) = tried(act);
        assert!(said.contains("confined"), "{act}: {said}");
        assert!(!said.contains("lives"), "{act}: and lives");
        assert_eq!(signal, Some(Signal::SIGSYS as i32), "{act}");
    }
    // So that the test can fail: without an act it lives.
    let (said, signal) = tried("does nothing");
    assert!(said.contains("lives") && signal.is_none(), "{said}");
}
