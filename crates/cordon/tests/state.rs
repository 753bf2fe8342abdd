//! The made-up ward, folded with a restart in between: nothing in what is concluded shows it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::Write;
use std::sync::LazyLock;

use analysis::inventory::Inventory;
use analysis::{Analysis, seal};
use cordon::knowledge::Known;
use model::observation::FrameRef;
use model::{Observation, Timestamp};
use sensor::capture::CaptureFile;
use sensor::transcript::{self, Batch};
use sensor::{Observer, Sensor};

/// Places at which the ward is cut.
const CUTS: usize = 50;

static KNOWN: LazyLock<Known> = LazyLock::new(|| cordon::knowledge::load(&[], None).unwrap());
static WARD: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| ward(None));

/// Each observation of the ward as a batch. Connections that stay open are told so often, in nanoseconds.
fn ward(every: Option<i64>) -> Vec<Vec<u8>> {
    struct Batches(Vec<Vec<u8>>);
    impl Observer for Batches {
        fn observe(&mut self, observation: Observation<'_>) {
            let mut batch = Batch::default();
            batch.add(&observation);
            self.0.push(batch.bytes().to_vec());
        }
    }
    let mut file = tempfile::Builder::new().suffix(".pcapng").tempfile().unwrap();
    file.write_all(&hospital::ward::capture()).unwrap();
    let mut capture = CaptureFile::open(file.path()).unwrap();
    let (mut sensor, mut batches) = (Sensor::default(), Batches(Vec::new()));
    let (mut number, mut told) = (0_u64, Timestamp(0));
    while let Some(frame) = capture.next_frame() {
        number = number.saturating_add(1);
        sensor.frame(&frame, FrameRef { capture: 0, number }, &mut batches);
        if every.is_some_and(|every| frame.time.0.saturating_sub(told.0) >= every) {
            sensor.tell_open(frame.time, &mut batches);
            told = frame.time;
        }
    }
    sensor.finish(&mut batches);
    batches.0
}

struct Folding<'a, 'k>(&'a mut Analysis<'k>);

impl Observer for Folding<'_, '_> {
    fn observe(&mut self, observation: Observation<'_>) {
        self.0.observe(&observation);
    }
}

fn fold(batches: &[Vec<u8>], analysis: &mut Analysis<'_>) {
    for batch in batches {
        transcript::read(batch, &mut Folding(analysis)).unwrap();
    }
}

fn begin() -> Analysis<'static> {
    Analysis::new(&KNOWN.knowledge, &KNOWN.prefixes)
}

fn restored(bytes: &[u8]) -> Result<Analysis<'static>, analysis::StateError> {
    let protocol = |name: &str| wire::protocols::named(name).map(|decoder| decoder.name());
    Analysis::restore(&KNOWN.knowledge, &KNOWN.prefixes, protocol, bytes)
}

fn told(analysis: &Analysis<'_>) -> [String; 4] {
    let Inventory { devices, flows, weaknesses, inside, counters, .. } = analysis.conclude(&["ward.pcapng".into()]);
    let rows = [serde_json::to_string(&devices), serde_json::to_string(&flows), serde_json::to_string(&weaknesses)];
    let [devices, flows, weaknesses] = rows.map(Result::unwrap);
    [devices, flows, weaknesses, format!("{inside:?} {counters:?}")]
}

#[test]
fn a_restart_anywhere_in_the_ward_changes_nothing() {
    let mut all = begin();
    fold(&WARD, &mut all);
    let (wanted, wanted_state) = (told(&all), all.save());
    assert!(wanted[0].len() > 100_000 && wanted[1].len() > 10_000 && wanted[2].len() > 1_000);
    let mut running = begin();
    let step = WARD.len().div_ceil(CUTS);
    for (number, part) in WARD.chunks(step).enumerate() {
        fold(part, &mut running);
        let saved = running.save();
        // Whoever concludes in between, and whoever is restored and goes on, ends where all end.
        let before = told(&running);
        assert!(running.save() == saved, "concluding at cut {number} changed what was folded");
        let mut again = restored(&saved).unwrap();
        assert!(again.save() == saved && told(&again) == before, "cut {number}");
        assert_eq!(again.forgotten(), 0);
        fold(
            WARD.chunks(step).skip(number.saturating_add(1)).flatten().cloned().collect::<Vec<_>>().as_slice(),
            &mut again,
        );
        for (found, wanted) in told(&again).iter().zip(&wanted) {
            assert!(found == wanted, "cut {number}: other rows");
        }
        assert!(again.save() == wanted_state, "cut {number}: another state");
    }
    assert!(told(&running) == wanted && running.save() == wanted_state);
}

/// A card is listened to for weeks: what is told while connections go on leads to the same devices and flows, and shows more
/// hours in which they were busy.
#[test]
fn connections_told_in_parts_are_the_same_connections() {
    let (mut whole, mut parts) = (begin(), begin());
    fold(&WARD, &mut whole);
    let told_often = ward(Some(60_000_000_000));
    assert!(told_often.len() > WARD.len(), "no connection was told in parts");
    fold(&told_often, &mut parts);
    let [whole, parts] = [whole, parts].map(|analysis| analysis.conclude(&["ward.pcapng".into()]));
    assert_eq!(parts.devices.len(), whole.devices.len());
    for (part, whole) in parts.devices.iter().zip(&whole.devices) {
        assert_eq!(serde_json::to_string_pretty(part).unwrap(), serde_json::to_string_pretty(whole).unwrap());
    }
    let sums = |inventory: &Inventory| -> Vec<String> {
        let flows = inventory.flows.iter();
        let sum = |flow: &analysis::inventory::Flow| {
            let ends = (&flow.from, &flow.to, &flow.service, flow.application, flow.scope);
            let counts = (flow.connections, flow.answered, flow.bytes_sent, flow.bytes_received, &flow.operations);
            format!("{ends:?} {counts:?} {:?} {:?} {}", flow.first, flow.last, flow.frame)
        };
        flows.map(sum).collect()
    };
    assert_eq!(sums(&parts), sums(&whole));
    let hours =
        |inventory: &Inventory| inventory.flows.iter().map(|flow| flow.hours_of_week.iter().count()).sum::<usize>();
    assert!(hours(&parts) >= hours(&whole));
}

#[test]
fn no_damage_to_the_wards_state_breaks_anything() {
    let mut all = begin();
    fold(&WARD, &mut all);
    let saved = all.save();
    let devices = all.conclude(&[]).devices.len();
    println!("{} bytes for {devices} devices", saved.len());
    assert!(saved.len() < devices.saturating_mul(2_500), "{} bytes for {devices} devices", saved.len());
    for at in (0..saved.len()).step_by(97) {
        let mut cut = saved[..at].to_vec();
        seal(&mut cut);
        assert!(restored(&cut).is_err(), "{at} bytes");
        let mut bytes = saved.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(restored(&bytes).is_err(), "byte {at}");
        seal(&mut bytes);
        if let Ok(analysis) = restored(&bytes) {
            told(&analysis);
        }
    }
}
