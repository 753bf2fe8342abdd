//! What the platform costs with a large hospital: `cargo run --release -p cordon --example platform -- 100000 10` makes so many
//! devices with so many flow keys each, starts the platform, asks it, and prints times and memory.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, header};
use cordon::serve::Platform;
use model::observation::{ConnectionState, FrameRef, Part, Side, Traffic};
use model::{Connection, Field, MacAddr, Messages, Observation, Timestamp};
use sensor::transcript::Batch;
use store::{Sqlite, Store};
use tower::ServiceExt;

const SECOND: i64 = 1_000_000_000;
const NOVEMBER: i64 = 1_795_334_700;
const PASSWORD: &str = "four horses eat oats";
/// Observations of one entry of the journal, as the decoder tells them.
const BATCH: u64 = 512;
/// Flows lead to so many servers.
const SERVERS: u32 = 50;
/// What is asked.
const QUESTIONS: [&str; 12] = [
    "/api/v1/devices?limit=100",
    "/api/v1/devices?limit=100&sort=-weak,name",
    "/api/v1/devices?limit=100&sort=-last&from=50000",
    "/api/v1/devices?limit=100&q=kind:ct_scanner%20state:probable",
    "/api/v1/devices?limit=100&q=medical:yes&sort=maker,model",
    "/api/v1/devices?limit=100&q=bed-4711",
    "/api/v1/devices/mac-0009fb000001",
    "/api/v1/devices/mac-0009fb000001/why/category",
    "/api/v1/changes",
    "/api/v1/overview",
    "/api/v1/coverage",
    "/api/v1/map?group=zone",
];

/// How often each question is asked.
const TIMES: usize = 200;

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1).map(|number| number.parse::<u32>().map_err(|error| error.to_string()));
    let (devices, flows) = (arguments.next().unwrap_or(Ok(100_000))?, arguments.next().unwrap_or(Ok(10))?);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("data");
    let observations = fill(&data, devices, flows)?;
    println!("{devices} devices, {flows} flow keys each, {observations} observations");
    let begun = Instant::now();
    let platform = start(&data)?;
    let mut client = Client::new(&platform)?;
    client.first(&platform)?;
    client.wait(devices)?;
    told("first start: journal folded, shown", begun);
    drop(client);
    let begun = Instant::now();
    platform.stop();
    told("stop: state written", begun);
    let begun = Instant::now();
    let platform = start(&data)?;
    let mut client = Client::new(&platform)?;
    client.sign_in()?;
    client.wait(devices)?;
    told("start: state read, shown", begun);
    for question in QUESTIONS {
        client.measure(question, TIMES)?;
    }
    drop(client);
    platform.stop();
    concluding(&data, devices, flows)?;
    folding(&data, devices, flows)
}

fn start(data: &Path) -> Result<Platform, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    Platform::start(&program, data.to_owned(), String::new(), &[]).map_err(|error| error.to_string())
}

/// What it costs to conclude anew while the view before is shown.
fn concluding(data: &Path, devices: u32, flows: u32) -> Result<(), String> {
    let platform = start(data)?;
    let mut client = Client::new(&platform)?;
    client.sign_in()?;
    client.wait(devices)?;
    for question in QUESTIONS {
        client.get(question)?;
    }
    let all = client.all()?;
    for number in 0..3_u32 {
        let mut batch = Batch::default();
        device(devices.saturating_add(number), flows, &mut batch);
        let begun = Instant::now();
        platform.observe(0, batch.bytes()).map_err(|error| error.to_string())?;
        client.wait(all.saturating_add(number).saturating_add(1))?;
        told("one more device: folded, concluded, shown", begun);
    }
    drop(client);
    platform.stop();
    Ok(())
}

/// How fast what comes is durable and folded: each batch is an entry of its own, as from a card.
fn folding(data: &Path, devices: u32, flows: u32) -> Result<(), String> {
    let mut store = Sqlite::open(data).map_err(|error| error.to_string())?;
    let (mut observations, begun) = (0_u64, Instant::now());
    for number in 0..devices.min(2_000) {
        let mut batch = Batch::default();
        observations = observations.saturating_add(device(number, flows, &mut batch));
        let entry = cordon::serve::entry(0, batch.bytes());
        store.append(&[&entry]).map_err(|error| error.to_string())?;
    }
    let rate = observations as f64 / begun.elapsed().as_secs_f64();
    told(&format!("journal: {observations} observations durable, {rate:.0} a second"), begun);
    Ok(())
}

fn told(what: &str, begun: Instant) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
    };
    let seconds = begun.elapsed().as_secs_f64();
    println!("{seconds:8.2} s  {:5} MiB, peak {:5} MiB  {what}", memory("VmRSS:"), memory("VmHWM:"));
}

/// Fills the journal.
fn fill(data: &Path, devices: u32, flows: u32) -> Result<u64, String> {
    let failed = |error: store::StoreError| error.to_string();
    let mut store = Sqlite::open(data).map_err(failed)?;
    let (mut batch, mut entries, mut observations) = (Batch::default(), Vec::new(), 0_u64);
    for number in 0..devices {
        observations = observations.saturating_add(device(number, flows, &mut batch));
        if batch.count() as u64 >= BATCH || number.saturating_add(1) == devices {
            entries.push(cordon::serve::entry(0, batch.bytes()));
            batch.clear();
        }
        if entries.len() >= 256 {
            let all: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
            store.append(&all).map_err(failed)?;
            entries.clear();
        }
    }
    let all: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    store.append(&all).map_err(failed)?;
    Ok(observations)
}

fn field(protocol: &str, name: &str) -> Option<&'static Field> {
    wire::protocols::named(protocol)?.fields().iter().copied().find(|field| field.name == name)
}

/// Adds what is observed of one device; gives how many observations.
#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "a generator of small numbers")]
fn device(number: u32, flows: u32, batch: &mut Batch) -> u64 {
    let [_, a, b, c] = number.to_be_bytes();
    let (mac, ip) = (Some(MacAddr([0, 9, 0xfb, a, b, c])), Some([10, a, b, c].into()));
    let own = Side { mac, ip, port: Some(50_000) };
    let time = Timestamp(NOVEMBER * SECOND + i64::from(number) * SECOND / 16);
    let frame = FrameRef { capture: 0, number: u64::from(number) * 40 + 1 };
    batch.add(&Observation::Sighting { time, frame, mac, ip, routed: false, addressed: true, vlan: Some(7) });
    let mut messages = Messages::new();
    let name = format!("bed-{number}");
    let message = messages.begin("dhcp", "request");
    if let Some(hostname) = field("dhcp", "hostname") {
        message.str(hostname, &name);
    }
    let modality = ["CT", "MR", "US", "CR", "MG"][number as usize % 5];
    let maker = ["SIEMENS", "GE MEDICAL SYSTEMS", "Philips", "Acme"][number as usize % 4];
    let serial = format!("SN{number:08}");
    let message = messages.begin("dicom", "equipment");
    for (name, text) in [("manufacturer", maker), ("modality", modality), ("model", "Model 7"), ("serial", &serial)] {
        if let Some(field) = field("dicom", name) {
            message.str(field, text);
        }
    }
    let connection = Some(u64::from(number) * u64::from(flows));
    for message in messages.iter() {
        let receiver = server(number % SERVERS);
        batch.add(&Observation::Message {
            time,
            frame,
            connection,
            ip_protocol: 17,
            sender: own,
            receiver,
            vlan: Some(7),
            message,
        });
    }
    for flow in 0..flows {
        batch.add(&Observation::Connection(&Connection {
            hours: Vec::new(),
            id: u64::from(number) * u64::from(flows) + u64::from(flow),
            start: time,
            end: Timestamp(time.0 + 90 * SECOND),
            first_frame: FrameRef { capture: 0, number: frame.number + u64::from(flow) },
            initiator: own,
            responder: server((number + flow) % SERVERS),
            ip_protocol: 6,
            vlan: Some(7),
            sent: Traffic { packets: 20, bytes: 4_000 + u64::from(number % 999) },
            received: Traffic { packets: 18, bytes: 2_000 },
            part: Part::Whole,
            state: ConnectionState::Closed,
            application: ["hl7", "dicom", "http", ""][flow as usize % 4],
            oriented: true,
        }));
    }
    3 + u64::from(flows)
}

fn server(number: u32) -> Side {
    let low = number.to_be_bytes().last().copied().unwrap_or(0);
    Side { mac: Some(MacAddr([0, 0x50, 0x56, 0, 0, low])), ip: Some([10, 250, 250, low].into()), port: Some(2_575) }
}

/// Somebody who asks.
struct Client {
    router: axum::Router,
    runtime: tokio::runtime::Runtime,
    cookie: String,
}

impl Client {
    fn new(platform: &Platform) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        Ok(Self { router: platform.router(), runtime, cookie: String::new() })
    }

    fn first(&mut self, platform: &Platform) -> Result<(), String> {
        let secret = platform.first_secret().map_err(|error| error.to_string())?.ok_or("somebody is known")?;
        self.post("/api/v1/first", &serde_json::json!({"secret": secret, "name": "ada", "password": PASSWORD}))
    }

    fn sign_in(&mut self) -> Result<(), String> {
        self.post("/api/v1/session", &serde_json::json!({"name": "ada", "password": PASSWORD}))
    }

    fn post(&mut self, path: &str, body: &serde_json::Value) -> Result<(), String> {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body.to_string())).map_err(|error| error.to_string())?;
        let response = self.runtime.block_on(self.router.clone().oneshot(request));
        let response = response.map_err(|error| error.to_string())?;
        let cookie = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
        self.cookie = cookie.and_then(|cookie| cookie.split(';').next()).unwrap_or_default().to_owned();
        if response.status().is_success() { Ok(()) } else { Err(format!("{path}: {}", response.status())) }
    }

    fn get(&self, path: &str) -> Result<Vec<u8>, String> {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        let request = request.body(Body::empty()).map_err(|error| error.to_string())?;
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.map_err(|error| error.to_string())?;
            let status = response.status();
            let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await;
            let bytes = bytes.map_err(|error| error.to_string())?;
            if status.is_success() { Ok(bytes.to_vec()) } else { Err(format!("{path}: {status}")) }
        })
    }

    /// How many devices are shown.
    fn all(&self) -> Result<u32, String> {
        let list = self.get("/api/v1/devices?limit=1")?;
        let list: serde_json::Value = serde_json::from_slice(&list).map_err(|error| error.to_string())?;
        let all = list.get("all").and_then(serde_json::Value::as_u64);
        all.and_then(|all| u32::try_from(all).ok()).ok_or_else(|| "the list does not say how many".to_owned())
    }

    /// Waits until so many devices are shown.
    fn wait(&self, devices: u32) -> Result<(), String> {
        while self.all()? < devices {
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn measure(&self, path: &str, times: usize) -> Result<(), String> {
        let mut taken = Vec::new();
        let mut bytes = 0;
        for _ in 0..times {
            let begun = Instant::now();
            bytes = self.get(path)?.len();
            taken.push(begun.elapsed());
        }
        taken.sort_unstable();
        let at = |share: usize| taken.get(taken.len().saturating_sub(1).saturating_mul(share) / 100).copied();
        let shown = |share| at(share).unwrap_or_default().as_secs_f64() * 1e3;
        println!("{:8.2} ms median, {:8.2} ms p99  {bytes:8} bytes  {path}", shown(50), shown(99));
        Ok(())
    }
}
