//! What every protocol in [`ALL`] must hold. A golden is `golden/<name>.hex` with `golden/<name>.snap` beside it
//! (`golden.rs` says how it is written); the word CANARY in it must never come out.
//! `UPDATE_GOLDEN=1 cargo test -p wire` writes the snapshots: read what changed before you commit it.
#![allow(clippy::disallowed_methods, clippy::arithmetic_side_effects, clippy::disallowed_types)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use model::{Message, Messages, Side, Timestamp, Value};
use proptest::prelude::*;

use super::golden::{self, Golden};
use super::{ALL, Carrier, Context, Decoder, Direction, Input, Opening, Probe, exercise, named};
use crate::conversation::{Stream, UNREAD_BYTES_MAX};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/protocols")
}

pub(super) fn goldens(decoder: &dyn Decoder) -> Vec<Golden> {
    golden::all_in(&folder().join(decoder.name()).join("golden"), decoder.carriers()[0])
}

pub(super) fn context(port: u16) -> Context {
    let side = |last: u8, port: u16| Side {
        mac: Some(model::MacAddr([0x02, 0, 0, 0, 0, last])),
        ip: Some([10, 0, 0, last].into()),
        port: Some(port),
    };
    // 2026-01-02T03:04:05Z
    Context { initiator: side(1, 40_000), responder: side(2, port), time: Timestamp(1_767_323_045_000_000_000) }
}

/// Runs the pieces through the decoder, `cut` bytes at a time where the carrier is a stream.
fn decode(decoder: &'static dyn Decoder, golden: &Golden, pieces: &[(Direction, Vec<u8>)], cut: usize) -> String {
    let mut text = String::new();
    for message in messages(decoder, golden, pieces, cut).iter() {
        check_allow_list(decoder, message);
        write_message(message, &mut text);
    }
    text
}

/// The messages that the decoder makes of the pieces.
pub(super) fn messages(
    decoder: &'static dyn Decoder,
    golden: &Golden,
    pieces: &[(Direction, Vec<u8>)],
    cut: usize,
) -> Messages {
    let mut messages = Messages::new();
    let context = context(golden.port);
    if let Carrier::Stream(_) = golden.carrier {
        let mut stream = Stream::speaking(decoder);
        for (direction, bytes) in pieces {
            for bytes in bytes.chunks(cut) {
                stream.feed(&Input { bytes, direction: *direction, context: &context }, &mut messages);
            }
        }
    } else {
        let mut session = decoder.session(golden.carrier);
        for (direction, bytes) in pieces {
            session.push(&Input { bytes, direction: *direction, context: &context }, &mut messages);
        }
    }
    messages
}

/// A protocol may carry another's messages (SOAP in HTTP): they keep that protocol's name and list.
fn check_allow_list(decoder: &dyn Decoder, message: &Message) {
    let owner = if message.protocol() == decoder.name() { Some(decoder) } else { named(message.protocol()) };
    let owner = owner.unwrap_or_else(|| panic!("{} tells of {}", decoder.name(), message.protocol()));
    for (field, _) in message.fields() {
        assert!(
            owner.fields().iter().any(|allowed| std::ptr::eq(*allowed, field)),
            "{}: field {} is not in fields()",
            decoder.name(),
            field.name
        );
    }
}

fn write_message(message: &Message, text: &mut String) {
    writeln!(text, "{} {}  about {:?}", message.protocol(), message.kind(), message.subject()).unwrap();
    for (field, value) in message.fields() {
        match value {
            Value::Text(value) => writeln!(text, "  {} = {value:?}", field.name),
            Value::Number(value) => writeln!(text, "  {} = {value}", field.name),
            Value::Flag(value) => writeln!(text, "  {} = {value}", field.name),
            Value::Mac(value) => writeln!(text, "  {} = {value}", field.name),
            Value::Ip(value) => writeln!(text, "  {} = {value}", field.name),
        }
        .unwrap();
    }
    if let Some(identity) = message.identity() {
        writeln!(text, "  identity {identity:?}").unwrap();
    }
    if let Some(operation) = message.operation() {
        writeln!(text, "  operation {operation:?}").unwrap();
    }
    for binding in message.bindings() {
        writeln!(text, "  bound {} to {} for {:?}", binding.mac, binding.ip, binding.lease_seconds).unwrap();
    }
    for weakness in message.weaknesses() {
        writeln!(text, "  weakness {}", weakness.name()).unwrap();
    }
}

#[test]
fn every_folder_is_listed() {
    let folders: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let listed: BTreeSet<String> = ALL.iter().map(|decoder| decoder.name().to_owned()).collect();
    assert_eq!(folders, listed);
    assert!(ALL.len() <= 64, "conversation.rs keeps candidates in 64 bits");
}

#[test]
fn names_and_fields_are_unique_and_well_formed() {
    let lower = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    for decoder in ALL {
        assert!(lower(decoder.name()), "{}", decoder.name());
        let mut seen = BTreeSet::new();
        for field in decoder.fields() {
            assert!(lower(field.name), "{}.{}", decoder.name(), field.name);
            assert!(seen.insert(field.name), "{}.{} is listed twice", decoder.name(), field.name);
        }
        assert!(!seen.is_empty(), "{} has no fields", decoder.name());
    }
}

#[test]
fn golden() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    for decoder in ALL {
        let goldens = goldens(*decoder);
        assert!(!goldens.is_empty(), "{} has no golden", decoder.name());
        for golden in &goldens {
            let snapshot = golden.path.with_extension("snap");
            let got = decode(*decoder, golden, &golden.pieces, usize::MAX);
            assert!(!got.contains("CANARY"), "{}: patient data came out:\n{got}", golden.path.display());
            if update {
                std::fs::write(&snapshot, &got).unwrap();
            }
            let expected = std::fs::read_to_string(&snapshot).unwrap_or_default();
            assert_eq!(got, expected, "{}: left is new, right is {}", golden.path.display(), snapshot.display());
        }
    }
}

#[test]
fn cutting_a_stream_elsewhere_changes_nothing() {
    for decoder in ALL {
        for golden in goldens(*decoder) {
            let whole = decode(*decoder, &golden, &golden.pieces, usize::MAX);
            for cut in [1, 2, 3, 7, 64] {
                assert_eq!(decode(*decoder, &golden, &golden.pieces, cut), whole, "{} by {cut}", golden.path.display());
            }
        }
    }
}

#[test]
fn a_protocol_recognises_its_own_goldens_and_no_other_stream_does() {
    for decoder in ALL {
        for golden in goldens(*decoder) {
            let (is_stream, is_datagram) =
                (matches!(golden.carrier, Carrier::Stream(_)), matches!(golden.carrier, Carrier::Datagram(_)));
            if is_stream {
                for cut in [1, 5, usize::MAX] {
                    let mut stream = Stream::new([40_000, golden.port], false);
                    let mut messages = Messages::new();
                    let context = context(golden.port);
                    for (direction, bytes) in &golden.pieces {
                        for bytes in bytes.chunks(cut) {
                            stream.feed(&Input { bytes, direction: *direction, context: &context }, &mut messages);
                        }
                    }
                    let found = stream.decoder().map(Decoder::name);
                    let is_body = matches!(decoder.carriers(), [Carrier::Body(_)]);
                    let expected = if is_body { "http" } else { decoder.name() };
                    assert_eq!(found, Some(expected), "{} by {cut}", golden.path.display());
                }
            } else if is_datagram {
                let mut datagrams = crate::conversation::Datagrams::default();
                let context = context(golden.port);
                for (direction, bytes) in &golden.pieces {
                    datagrams.feed(&Input { bytes, direction: *direction, context: &context }, &mut Messages::new());
                }
                let found = datagrams.decoder().map(Decoder::name);
                assert_eq!(found, Some(decoder.name()), "{}", golden.path.display());
            }
        }
    }
}

#[test]
fn no_prefix_and_no_damage_of_a_golden_causes_a_panic() {
    for decoder in ALL {
        for golden in goldens(*decoder) {
            for index in 0..golden.pieces.len() {
                let length = golden.pieces[index].1.len();
                for position in 0..length.min(4_096) {
                    let mut cut = golden.pieces.clone();
                    cut[index].1.truncate(position);
                    let got = decode(*decoder, &golden, &cut, usize::MAX);
                    assert!(!got.contains("CANARY"), "{} cut at {position}: {got}", golden.path.display());
                    for damage in [0x00, 0x01, 0x80, 0xff] {
                        let mut damaged = golden.pieces.clone();
                        damaged[index].1[position] ^= damage;
                        decode(*decoder, &golden, &damaged, usize::MAX);
                    }
                }
            }
        }
    }
}

#[test]
fn every_protocol_has_a_fuzz_target() {
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
    for decoder in ALL {
        let target = targets.join(format!("{}.rs", decoder.name()));
        assert!(target.is_file(), "{} is missing", target.display());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_cause_a_panic(data in proptest::collection::vec(any::<u8>(), 0..600)) {
        for decoder in ALL {
            exercise(decoder.name(), &data);
        }
    }

    /// A hint alone never suffices: random bytes on a hinted port are nobody's.
    #[test]
    fn random_bytes_are_recognised_by_nobody(seed in any::<u64>()) {
        let mut state = seed | 1;
        let bytes: Vec<u8> = (0..512).map(|_| { state ^= state << 13; state ^= state >> 7; state ^= state << 17; (state >> 24) as u8 }).collect();
        for decoder in ALL.iter().filter(|decoder| decoder.carriers().iter().any(|c| matches!(c, Carrier::Stream(_)))) {
            let opening = Opening { initiator: &bytes, responder: &[], hinted: true };
            prop_assert_ne!(decoder.probe(&opening), Probe::Yes, "{}", decoder.name());
        }
    }
}

#[test]
fn unread_bytes_are_bounded() {
    struct Greedy;
    impl super::Session for Greedy {
        fn push(&mut self, input: &Input<'_>, _: &mut Messages) -> super::Step {
            super::Step::Wait(input.bytes.len() + 1)
        }
    }
    let mut stream = Stream::with_session(ALL[0], Box::new(Greedy));
    let context = Context::default();
    let bytes = [0; 1_000];
    let mut fed = 0;
    while stream
        .feed(&Input { bytes: &bytes, direction: Direction::ToResponder, context: &context }, &mut Messages::new())
        == crate::conversation::Interest::More
    {
        fed += bytes.len();
        assert!(fed <= UNREAD_BYTES_MAX + bytes.len());
    }
    assert!(named("no such protocol").is_none());
}
