//! What was folded goes on after it was written down and read again as if nothing had happened; concluding changes nothing;
//! and bytes that nobody wrote break nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::net::IpAddr;
use std::path::Path;
use std::sync::LazyLock;

use analysis::inventory::Inventory;
use analysis::inventory::{Device, Flow, Taker};
use analysis::knowledge::{Knowledge, Notation};
use analysis::packed::{PackedDevices, PackedFlows};
use analysis::prefixes::Prefixes;
use analysis::{Analysis, Damage, StateError, seal};
use model::observation::{ConnectionState, FrameRef, Part, Side, Traffic};
use model::{Connection, Field, MacAddr, Messages, Observation, Subject, Timestamp, Weakness};
use proptest::prelude::*;

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| knowledge(|_| true));
static PREFIXES: LazyLock<Prefixes> = LazyLock::new(|| {
    let mut prefixes = Prefixes::default();
    prefixes.add("0009FB\tPhilips Medical Systems\n0030E6\tDraeger\n");
    prefixes
});
const PROTOCOLS: [&str; 5] = ["dhcp", "dicom", "hl7", "lldp", "wsd"];

fn protocol(name: &str) -> Option<&'static str> {
    PROTOCOLS.into_iter().find(|known| *known == name)
}

/// The rules of the repository, of those files that are wanted.
fn knowledge(is_wanted: impl Fn(&str) -> bool) -> Knowledge {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge");
    let folders = ["", "fingerprints"].iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let mut files: Vec<(String, String)> = folders
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| {
            (path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .filter(|(name, _)| is_wanted(name))
        .collect();
    files.sort();
    Knowledge::load(files.iter().map(|(name, text)| (name.as_str(), text.as_str())), Notation::Toml).unwrap()
}

static HOSTNAME: Field = Field::device("hostname");
static SERVER: Field = Field::device("server_identifier");
static MANUFACTURER: Field = Field::device("manufacturer");
static MODEL: Field = Field::device("model_name");
static HL7_MODEL: Field = Field::device("model");
static CAPABILITY: Field = Field::device("capability");
static COMMAND: Field = Field::device("command_field");

/// Something that happens, in small numbers: few stations, few words.
#[derive(Clone, Copy, Debug)]
struct Step {
    what: u8,
    who: u8,
    whom: u8,
    word: u8,
    /// Seconds; not in order.
    time: u16,
    flags: u8,
}

fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let parts = (0_u8..10, 0_u8..6, 0_u8..6, 0_u8..14, any::<u16>(), any::<u8>());
    let step = parts.prop_map(|(what, who, whom, word, time, flags)| Step { what, who, whom, word, time, flags });
    prop::collection::vec(step, 0..count)
}

fn mac(who: u8) -> MacAddr {
    MacAddr(
        [[0, 9, 0xfb], [0, 0x30, 0xe6], [2, 0, 0]][usize::from(who % 3)]
            .into_iter()
            .chain([0, 0, who])
            .collect::<Vec<_>>()
            .try_into()
            .unwrap(),
    )
}

fn ip(who: u8) -> IpAddr {
    match who % 5 {
        4 => IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, u16::from(who)]),
        3 => IpAddr::from([198, 51, 100, who]),
        _ => IpAddr::from([10, 0, 0, who]),
    }
}

fn side(who: u8, port: u16) -> Side {
    Side { mac: Some(mac(who)), ip: Some(ip(who)), port: Some(port) }
}

impl Step {
    fn time(&self) -> Timestamp {
        Timestamp(1_795_334_700_000_000_000 + i64::from(self.time) * 7_000_000_000)
    }

    fn vlan(&self) -> Option<u16> {
        (self.flags & 8 != 0).then_some(u16::from(self.flags >> 4))
    }

    fn observe(&self, number: u64, analysis: &mut Analysis<'_>) {
        let Self { what, who, whom, flags, .. } = *self;
        let (time, vlan, frame) = (self.time(), self.vlan(), FrameRef { capture: 0, number });
        match what {
            0 | 1 => analysis.observe(&Observation::Sighting {
                time,
                frame,
                mac: Some(mac(who)),
                // A router sends with the addresses of others.
                ip: Some(ip(if flags & 1 == 0 { who } else { whom })),
                routed: flags & 3 == 3,
                addressed: flags & 4 != 0,
                vlan,
            }),
            2 | 3 => self.connection(number, analysis),
            _ => self.message(frame, analysis),
        }
    }

    fn connection(&self, number: u64, analysis: &mut Analysis<'_>) {
        let received = u64::from(self.flags & 3);
        let connection = Connection {
            id: u64::from(self.word),
            start: self.time(),
            hours: Vec::new(),
            end: Timestamp(self.time().0 + i64::from(self.flags) * 60_000_000_000),
            first_frame: FrameRef { capture: 0, number },
            initiator: side(self.who, 40_000),
            responder: side(self.whom, [104, 2575, 80, 9100][usize::from(self.word % 4)]),
            ip_protocol: 6,
            vlan: self.vlan(),
            sent: Traffic { packets: 3, bytes: 180 },
            received: Traffic { packets: received, bytes: received * 60 },
            part: Part::Whole,
            state: [ConnectionState::Closed, ConnectionState::Rejected][usize::from(self.flags >> 7)],
            application: ["", "dicom", "hl7"][usize::from(self.flags % 3)],
            oriented: true,
        };
        analysis.observe(&Observation::Connection(&connection));
    }

    fn message(&self, frame: FrameRef, analysis: &mut Analysis<'_>) {
        let Self { what, who, whom, word, flags, .. } = *self;
        let mut messages = Messages::new();
        let message = match what {
            // More names than one rule may claim.
            4 => messages.begin("dhcp", "request").str(&HOSTNAME, &format!("ward-pc-{word}")),
            5 => messages.begin("dhcp", "ack").ip(&SERVER, ip(whom)).bound(
                mac(who),
                ip(whom),
                (flags & 1 == 0).then_some(60),
            ),
            6 => messages
                .begin("wsd", "metadata")
                .str(&MANUFACTURER, ["Philips", "Dräger"][usize::from(word % 2)])
                .str(&MODEL, &format!("Evita V{word}")),
            7 => messages
                .begin("hl7", "equipment")
                .str(&MANUFACTURER, "Acme Pumps")
                .str(&HL7_MODEL, &format!("Flow {word}"))
                .operated(&format!("ORU^R{word:02}")),
            8 => messages.begin("lldp", "announcement").str(&CAPABILITY, "router").bound(mac(who), ip(who), None),
            _ => messages.begin("dicom", "command").str(&COMMAND, "C-FIND-RQ").operated(&format!("C-{word}")),
        };
        match flags >> 5 {
            0 => message.behind(&format!("SN-{word}")),
            1 => message.self_or_behind(&format!("SN-{}", word % 2)),
            2 => message.about(Subject::Receiver),
            3 => message.about(Subject::Address(ip(whom))).weak(Weakness::ALL[usize::from(word)]),
            4 => message.about(Subject::Hardware(mac(whom))),
            5 => message.weak(Weakness::CleartextMedical),
            _ => message,
        };
        let (sender, receiver) = (side(who, 5_000), side(whom, 6_000));
        let (connection, vlan, time) = (Some(u64::from(word)), self.vlan(), self.time());
        for message in messages.iter() {
            let observation =
                Observation::Message { time, frame, connection, ip_protocol: 17, sender, receiver, vlan, message };
            analysis.observe(&observation);
        }
    }
}

fn begin() -> Analysis<'static> {
    Analysis::new(&KNOWLEDGE, &PREFIXES).with_inside(&["198.51.100.0/25".parse().unwrap()])
}

fn fold(steps: &[Step], from: usize, analysis: &mut Analysis<'_>) {
    for (step, number) in steps.iter().zip(0..).skip(from) {
        step.observe(number, analysis);
    }
}

fn restored(bytes: &[u8]) -> Result<Analysis<'static>, StateError> {
    Analysis::restore(&KNOWLEDGE, &PREFIXES, protocol, bytes)
}

/// All rows, as they are written.
fn told(analysis: &Analysis<'_>) -> String {
    let Inventory { devices, flows, weaknesses, owners, inside, counters } = analysis.conclude(&["a.pcap".into()]);
    let names: Vec<&str> = (0..64).map(|number| owners.name(analysis::EntityId::numbered(number))).collect();
    let rows = [
        serde_json::to_string_pretty(&devices),
        serde_json::to_string_pretty(&flows),
        serde_json::to_string(&weaknesses),
    ];
    format!("{}\n{names:?}\n{inside:?}\n{counters:?}", rows.map(Result::unwrap).join("\n"))
}

/// Something of everything.
fn busy() -> Vec<Step> {
    let step = |number: u64| {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
        Step {
            what: mixed[3] % 10,
            who: mixed[4] % 6,
            whom: mixed[5] % 6,
            word: mixed[6] % 14,
            time: u16::from_le_bytes([mixed[1], mixed[2]]),
            flags: mixed[7],
        }
    };
    (1..600).map(step).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_shows_that_it_was_restored(steps in steps(240), cut in 0_usize..240) {
        let cut = cut.min(steps.len());
        let mut analysis = begin();
        fold(&steps[..cut], 0, &mut analysis);
        let saved = analysis.save();
        let mut again = restored(&saved).unwrap();
        prop_assert_eq!(&again.save(), &saved);
        prop_assert_eq!(told(&again), told(&analysis));
        fold(&steps, cut, &mut again);
        fold(&steps, cut, &mut analysis);
        prop_assert_eq!(told(&again), told(&analysis));
        prop_assert_eq!(again.save(), analysis.save());
        prop_assert_eq!(again.forgotten(), 0);
    }

    #[test]
    fn concluding_changes_nothing(steps in steps(160), every in 1_usize..40) {
        let mut analysis = begin();
        for (step, number) in steps.iter().zip(0..) {
            step.observe(number, &mut analysis);
            if (number as usize).is_multiple_of(every) {
                let before = analysis.save();
                prop_assert_eq!(told(&analysis), told(&analysis));
                prop_assert!(analysis.save() == before);
            }
        }
        let mut undisturbed = begin();
        fold(&steps, 0, &mut undisturbed);
        prop_assert_eq!(told(&analysis), told(&undisturbed));
        prop_assert!(analysis.save() == undisturbed.save());
    }

    #[test]
    fn any_bytes_end(body in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let mut bytes = vec![0; 20];
        bytes.extend(body);
        seal(&mut bytes);
        if let Ok(analysis) = restored(&bytes) {
            told(&analysis);
        }
    }
}

/// What is kept small comes back as it was, to the last bit.
fn packed(analysis: &Analysis<'_>) {
    #[derive(Default)]
    struct Small(PackedDevices, PackedFlows);
    impl Taker for Small {
        fn flow(&mut self, flow: Flow) {
            self.1.push(&flow);
        }
        fn device(&mut self, device: Device) {
            self.0.push(&device);
        }
    }
    let names = ["a.pcap".into()];
    let whole = analysis.conclude(&names);
    let mut small = Small::default();
    let rest = analysis.conclude_into(&names, &mut small);
    let Small(devices, flows) = small;
    assert_eq!((devices.len(), flows.len()), (whole.devices.len(), whole.flows.len()));
    for (packed, device) in devices.iter().zip(&whole.devices) {
        assert_eq!(serde_json::to_string(&packed).unwrap(), serde_json::to_string(device).unwrap());
    }
    for (place, flow) in whole.flows.iter().enumerate() {
        let packed = flows.get(place, &rest.owners).unwrap();
        assert_eq!(serde_json::to_string(&packed).unwrap(), serde_json::to_string(flow).unwrap());
        let brief = flows.brief(place).unwrap();
        assert_eq!((brief.connections, brief.scope, brief.port), (flow.connections, flow.scope, flow.service.port));
    }
}

#[test]
fn what_happens_here_is_a_good_deal() {
    let mut analysis = begin();
    fold(&busy(), 0, &mut analysis);
    packed(&analysis);
    let inventory = analysis.conclude(&["a.pcap".into()]);
    assert!(inventory.devices.iter().any(|device| device.id.contains('~')), "a device behind another");
    assert!(inventory.devices.iter().any(|device| !device.roles.is_empty()), "a role");
    assert!(inventory.flows.iter().any(|flow| !flow.operations.is_empty()), "an operation");
    assert!(!inventory.weaknesses.is_empty());
    for counter in ["evidence_turned_away", "address_claims_turned_away"] {
        assert!(inventory.counters[counter] > 0, "{counter}");
    }
}

#[test]
fn a_restored_state_counts_what_is_turned_away_as_often() {
    // Twelve names where one rule may claim eight, again and again, and in between by another station.
    let steps: Vec<Step> = (0..200)
        .map(|number: u16| Step {
            what: 4,
            who: (number % 2) as u8,
            whom: 3,
            word: (number / 2 % 12) as u8,
            time: 500 - number,
            flags: 0xe0,
        })
        .collect();
    let (mut straight, mut interrupted) = (begin(), begin());
    fold(&steps, 0, &mut straight);
    for (step, number) in steps.iter().zip(0..) {
        step.observe(number, &mut interrupted);
        interrupted = restored(&interrupted.save()).unwrap();
    }
    assert_eq!(told(&interrupted), told(&straight));
    assert!(straight.conclude(&[]).counters["evidence_turned_away"] > 20);
}

#[test]
fn no_state_that_nobody_wrote_breaks_anything() {
    let mut analysis = begin();
    let steps = busy();
    fold(&steps[..20], 0, &mut analysis);
    let saved = analysis.save();
    let goes_on = |bytes: &[u8]| {
        if let Ok(mut analysis) = restored(bytes) {
            fold(&steps[..24], 20, &mut analysis);
            told(&analysis);
            // What was taken for a state is one.
            let saved = analysis.save();
            assert_eq!(restored(&saved).unwrap().save(), saved);
        }
    };
    for length in 0..saved.len() {
        let mut bytes = saved[..length].to_vec();
        assert!(restored(&bytes).is_err(), "{length} bytes");
        seal(&mut bytes);
        assert!(restored(&bytes).is_err(), "{length} bytes, sealed");
    }
    for at in 0..saved.len() {
        for damage in [0xff, 0x01] {
            let mut bytes = saved.clone();
            bytes[at] ^= damage;
            assert!(restored(&bytes).is_err(), "byte {at} ^ {damage}");
            seal(&mut bytes);
            goes_on(&bytes);
        }
    }
    let mut bytes = saved;
    bytes.push(0);
    seal(&mut bytes);
    assert_eq!(restored(&bytes).err(), Some(StateError::Damaged { damage: Damage::Long, left: 1 }));
}

#[test]
fn other_bytes_are_refused_in_words() {
    let saved = begin().save();
    let mut newer = saved.clone();
    newer[8] = 9;
    let refused = |bytes: &[u8]| restored(bytes).err().unwrap().to_string();
    assert!(refused(b"SQLite format 3").contains("name the folder"));
    assert!(refused(&newer).contains("in format 9, and this Cordon reads format 1"));
    assert!(refused(&saved[..15]).contains("restore a backup"));
    assert!(refused(b"").contains("cut short"));
}

#[test]
fn what_the_knowledge_does_not_say_any_more_is_forgotten_and_counted() {
    let mut analysis = begin();
    fold(&busy(), 0, &mut analysis);
    let before = analysis.conclude(&[]);
    let saved = analysis.save();
    let without = knowledge(|name| name != "fingerprints/claims_names.toml");
    let again = Analysis::restore(&without, &PREFIXES, protocol, &saved).unwrap();
    let after = again.conclude(&[]);
    assert!(again.forgotten() > 0 && after.counters["forgotten"] == again.forgotten());
    assert_eq!((after.devices.len(), after.flows.len()), (before.devices.len(), before.flows.len()));
    assert!(!serde_json::to_string(&after.devices).unwrap().contains("claims.dhcp.hostname"));
    assert!(serde_json::to_string(&after.devices).unwrap().contains("claims.hl7.model"));
    // What was forgotten stays counted.
    let saved = again.save();
    assert_eq!(Analysis::restore(&without, &PREFIXES, protocol, &saved).unwrap().forgotten(), again.forgotten());

    let without_dicom = |name: &str| protocol(name).filter(|name| *name != "dicom");
    let fewer = Analysis::restore(&KNOWLEDGE, &PREFIXES, without_dicom, &restored(&analysis.save()).unwrap().save());
    let fewer = fewer.unwrap();
    let inventory = fewer.conclude(&[]);
    assert!(fewer.forgotten() > 0);
    assert!(
        inventory.flows.iter().all(|flow| flow.application != Some("dicom"))
            && inventory.flows.len() < before.flows.len()
    );
}

#[test]
fn open_connections_are_forgotten_with_whoever_counted_them() {
    let steps = busy();
    let message = Step { what: 7, who: 0, whom: 1, word: 3, time: 0, flags: 0xe0 };
    let connection = Step { what: 2, who: 0, whom: 1, word: 3, time: 1, flags: 0x02 };
    let operations = |forgets: bool| {
        let mut analysis = begin();
        message.observe(0, &mut analysis);
        let mut analysis = restored(&analysis.save()).unwrap();
        if forgets {
            analysis.forget_open();
        }
        connection.observe(1, &mut analysis);
        analysis.conclude(&[]).flows[0].operations.len()
    };
    assert_eq!((operations(false), operations(true)), (1, 0));
    assert!(!steps.is_empty());
}
