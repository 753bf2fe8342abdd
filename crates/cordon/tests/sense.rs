//! Live capture from end to end, with its processes: a ward's traffic over a veth pair, decoded by a process that holds nothing
//! but its pipes. Needs root, for the card.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::io::Write;
use std::path::Path;

use cordon::sense::{Sense, Told};
use model::Observation;
use model::observation::FrameRef;
use sensor::capture::CaptureFile;
use sensor::live::Accounting;
use sensor::{Observer, Sensor, transcript};
use xtask::cable::Cable;

/// The accounting is told with every block, and five times a second: after so many, frames that have not come are lost.
const TELLINGS_MAX: usize = 2_000;

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_cordon"))
}

/// What messages say, whenever they were said.
#[derive(Default)]
struct Messages(Vec<String>);

impl Observer for Messages {
    fn observe(&mut self, observation: Observation<'_>) {
        if let Observation::Message { sender, receiver, message, .. } = observation {
            let fields: Vec<_> = message.fields().map(|(field, value)| (field.name, value)).collect();
            let ends = (sender.mac, sender.ip, sender.port, receiver.ip, receiver.port);
            self.0.push(format!("{} {} {ends:?} {fields:?}", message.protocol(), message.kind()));
        }
    }
}

/// The frames of the demonstration ward that fit on a veth pair, and what its messages say when they are read from a file.
fn ward() -> (Vec<Vec<u8>>, Vec<String>) {
    let mut file = tempfile::Builder::new().suffix(".pcapng").tempfile().unwrap();
    file.write_all(&hospital::ward::capture()).unwrap();
    let mut capture = CaptureFile::open(file.path()).unwrap();
    let (mut frames, mut sensor, mut messages) = (Vec::new(), Sensor::default(), Messages::default());
    while let Some(frame) = capture.next_frame() {
        frames.push(frame.bytes.to_vec());
        let number = frames.len() as u64;
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut messages);
    }
    sensor.finish(&mut messages);
    (frames, messages.0)
}

/// Everything that is told until all frames are accounted for.
fn hear(sense: &mut Sense, sent: u64) -> (Messages, Accounting) {
    let (mut messages, mut last) = (Messages::default(), Accounting::default());
    let mut tellings = 0;
    while last.handed_over + last.dropped < sent {
        match sense.hear().unwrap() {
            Some(Told::Batch(batch)) => transcript::read(&batch, &mut messages).unwrap(),
            Some(Told::Reading(reading)) => assert!(!reading.done && reading.frames <= sent, "{reading:?}"),
            Some(Told::Accounting(accounting)) => {
                last = accounting;
                tellings += 1;
                assert!(tellings < TELLINGS_MAX, "{sent} frames were sent, and only these came: {last:?}");
            }
            None => panic!("ended: {:?}", sense.complaint()),
        }
    }
    (messages, last)
}

#[test]
fn what_is_heard_is_what_a_file_says() {
    let (frames, expected) = ward();
    Cable::with(|cable| {
        let mut sense = Sense::begin(program(), "hears").unwrap();
        // The first accounting says that the card is open: from here on every frame counts.
        assert!(matches!(sense.hear().unwrap(), Some(Told::Accounting(_))), "{:?}", sense.complaint());
        for frame in &frames {
            cable.send(frame);
        }
        let sent = frames.len() as u64;
        let (mut heard, accounting) = hear(&mut sense, sent);
        assert_eq!(accounting, Accounting { passed: sent, handed_over: sent, dropped: 0, times_full: 0 });
        sense.stop().unwrap();
        while let Some(told) = sense.hear().unwrap() {
            if let Told::Batch(batch) = told {
                transcript::read(&batch, &mut heard).unwrap();
            }
        }
        // What is told when a connection ends comes in the order of the ends.
        let sorted = |mut all: Vec<String>| {
            all.sort();
            all
        };
        let (heard, expected) = (sorted(heard.0), sorted(expected));
        assert!(expected.len() > 5_000);
        let missing: Vec<_> = expected.iter().filter(|message| heard.binary_search(message).is_err()).take(3).collect();
        assert!(missing.is_empty(), "not heard: {missing:#?}");
        assert_eq!(heard.len(), expected.len());
    });
}

#[test]
fn neither_process_can_do_anything_else() {
    Cable::with(|_| {
        // What whoever started this test left open is inherited by both: the filter lets nobody read or write it.
        let ours: Vec<(u32, String)> = open(std::process::id());
        let mut sense = Sense::begin(program(), "hears").unwrap();
        assert!(matches!(sense.hear().unwrap(), Some(Told::Accounting(_))), "{:?}", sense.complaint());
        let &[decoder, card] = &sense.processes()[..] else { panic!("two processes") };
        for process in [card, decoder] {
            let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
            let field = |name: &str| {
                let line = status.lines().find(|line| line.starts_with(name)).unwrap();
                line.split_once(':').unwrap().1.split_whitespace().collect::<Vec<_>>().join(" ")
            };
            assert_eq!(field("Uid"), "65534 65534 65534 65534");
            assert_eq!(field("Gid"), "65534 65534 65534 65534");
            assert_eq!(field("Groups"), "");
            for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
                assert_eq!(field(set), "0000000000000000", "{set}");
            }
            assert_eq!((field("NoNewPrivs").as_str(), field("Seccomp").as_str()), ("1", "2"));
        }
        let own = |process: u32| -> Vec<String> {
            let inherited = |(number, target): &(u32, String)| *number > 2 && ours.iter().any(|(_, our)| our == target);
            let kind = |(_, target): (u32, String)| target.split(':').next().unwrap().to_owned();
            open(process).into_iter().filter(|file| !inherited(file)).map(kind).collect()
        };
        assert_eq!(own(decoder), ["pipe", "pipe", "pipe"]);
        assert_eq!(own(card), ["/dev/null", "pipe", "pipe", "socket"]);
    });
}

/// The open files of a process, by their numbers.
fn open(process: u32) -> Vec<(u32, String)> {
    let entries = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap().map(|entry| entry.unwrap());
    let mut open: Vec<(u32, String)> = entries
        .filter_map(|entry| {
            let number = entry.file_name().to_string_lossy().parse().unwrap();
            // The folder that is being read here is gone afterwards.
            Some((number, std::fs::read_link(entry.path()).ok()?.to_string_lossy().into_owned()))
        })
        .collect();
    open.sort();
    open
}

#[test]
fn a_card_that_is_not_there_is_named() {
    let mut sense = Sense::begin(program(), "no-such-card").unwrap();
    assert_eq!(sense.hear().unwrap(), None);
    assert_eq!(sense.complaint().unwrap(), "cordon: no-such-card: there is no such network card; `ip link` lists them");
}
