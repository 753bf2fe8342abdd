//! `cordon serve`: the platform. Cards and captures in, an interface in the browser out.
//!
//! ```text
//! sources ── batches ─► journal (store) ─► twin: fold, conclude ─► view ─► api ─► browser
//!                                             └─ state (store), now and then
//! ```

mod access;
pub mod api;
mod app;
mod backup;
mod certificate;

mod corrections;
mod door;
mod drills;
mod events;
mod hearing;
mod keeper;
mod random;
mod risk;
mod sources;
mod stop;
mod twin;
mod view;
mod website;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use app::App;
use axum_server::tls_rustls::RustlsConfig;
use sources::{listen, play};
use twin::Twin;

pub use backup::{backup, restore};

pub use access::{Access, Permission, Role};
pub use sources::{Synthetic, entry};

use crate::arguments::Serve;
use crate::failure::{Failure, said};
use crate::risk::Model;
use crate::{folder, knowledge, say};

/// What goes on when it is told to stop is waited for so long.
const GRACE: Duration = Duration::from_secs(2);
/// Whoever connects has to say what they want within this time.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// Runs the platform until it is interrupted.
pub fn run(arguments: &Serve) -> Result<(), Failure> {
    let program = std::env::current_exe();
    let program = program.map_err(|error| {
        Failure::Failed(format!("cannot find this program: {}; start it by its path", said(&error)))
    })?;
    raise_limits();
    let data = folder::data(arguments.data.as_deref())?;
    let Captures { cards, files } = sorted(&arguments.captures)?;
    // The certificate lies in it too.
    prepare(&data)?;
    let certificate = certificate::load(&data, &arguments.names, arguments.listen.ip())?;
    let listener = std::net::TcpListener::bind(arguments.listen).map_err(|error| {
        let remedy = "stop what listens there, or name another address with --listen";
        Failure::Wrong(format!("{}: cannot listen: {}; {remedy}", arguments.listen, said(&error)))
    })?;
    let shown = data.clone();
    let mut platform = Platform::start(&program, data, certificate.fingerprint.clone(), &arguments.inside)?;
    stop_on_signals(&platform.app)?;
    if let Some(synthetic) = synthetic(arguments) {
        platform.play(synthetic)?;
    } else if platform.app.sources.is_synthetic() && !arguments.captures.is_empty() {
        let problem = "holds a synthetic hospital, which is not to be taken for a real one";
        return Err(Failure::Wrong(format!("{}: {problem}; name another folder with --data", shown.display())));
    }
    for path in &files {
        platform.import(path)?;
    }
    for card in cards {
        platform.listen(card)?;
    }
    greet(&platform, &certificate, listener.local_addr().unwrap_or(arguments.listen))?;
    let served = serve(&platform.app, certificate, listener);
    let app = Arc::clone(&platform.app);
    platform.stop();
    if app.has_failed() {
        return Err(Failure::Failed(
            "a part of Cordon failed, so that all of it was stopped: start it again".to_owned(),
        ));
    }
    served
}

/// The synthetic hospital of the command line.
fn synthetic(arguments: &Serve) -> Option<Synthetic> {
    let devices = arguments.hospital_devices;
    arguments.hospital.map(|seed| Synthetic { seed, devices, speed: arguments.hospital_speed })
}

/// The platform without its listener: what is kept, folded and answered.
pub struct Platform {
    app: Arc<App>,
    program: PathBuf,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Platform {
    /// Opens the store in a folder that is private already and goes on from it. `program` is the program that reads and listens beside this process.
    pub fn start(
        program: &Path,
        data: PathBuf,
        fingerprint: String,
        inside: &[analysis::Network],
    ) -> Result<Self, Failure> {
        // Lives as long as the process: everything that is concluded refers to it.
        let known: &'static knowledge::Known = Box::leak(Box::new(knowledge::load(&[], None)?));
        let app = Arc::new(App::open(known, data, fingerprint)?);
        let twin = Twin::load(Arc::clone(&app), known, inside)?;
        let (importing, reader) = (Arc::clone(&app), program.to_owned());
        let model: &'static Model = Box::leak(Box::new(Model::load(known)?));
        let reckoning = Arc::clone(&app);
        let [twin_watch, import_watch, risk_watch] = [(); 3].map(|()| Watch(Arc::clone(&app)));
        let threads = vec![
            begin("twin", move || {
                let _watch = twin_watch;
                twin.run();
            })?,
            begin("risk", move || {
                let _watch = risk_watch;
                risk::work(&reckoning, model);
            })?,
            begin("imports", move || {
                let _watch = import_watch;
                importing.imports.work(&importing, &reader);
            })?,
        ];
        Ok(Self { app, program: program.to_owned(), threads })
    }

    /// Imports a capture that lies on this machine, unless the same bytes are in already: the same command may be given again.
    pub fn import(&self, path: &Path) -> Result<(), Failure> {
        let name = crate::words::printable(&path.file_name().unwrap_or(path.as_os_str()).to_string_lossy());
        let digest = digest(path).map_err(|error| Failure::reading(path, &error))?;
        if let Some(known) = self.app.imports.known(&digest) {
            let note = known.note.map(|note| format!(" ({note})")).unwrap_or_default();
            say(&format!("cordon: {name} is in already{note}"));
            return Ok(());
        }
        let added = self.app.imports.name(&name, path, digest);
        added.map(|_| ()).map_err(|error| Failure::Failed(error.to_string()))
    }

    /// Listens to a card.
    pub fn listen(&mut self, card: String) -> Result<(), Failure> {
        let (app, program) = (Arc::clone(&self.app), self.program.clone());
        let watch = Watch(Arc::clone(&app));
        self.threads.push(begin("card", move || {
            let _watch = watch;
            listen(&app, &program, &card);
        })?);
        Ok(())
    }

    /// Plays a synthetic hospital; in a folder that holds anything real none is played.
    pub fn play(&mut self, synthetic: Synthetic) -> Result<(), Failure> {
        synthetic.fits(&self.app)?;
        let (app, program) = (Arc::clone(&self.app), self.program.clone());
        let watch = Watch(Arc::clone(&app));
        self.threads.push(begin("hospital", move || {
            let _watch = watch;
            play(&app, &program, synthetic);
        })?);
        Ok(())
    }

    /// Takes a batch of observations from a source that this process does not run itself.
    pub fn observe(&self, source: u32, batch: &[u8]) -> Result<(), Failure> {
        self.app.journal.append(source, batch).map_err(|error| Failure::Failed(error.to_string()))
    }

    /// What answers requests.
    pub fn router(&self) -> axum::Router {
        api::router(&self.app)
    }

    /// Makes the secret with which the first administrator signs in; `None` once there are people.
    pub fn first_secret(&self) -> Result<Option<String>, Failure> {
        self.app.first_secret()
    }

    /// Ends everything, and keeps what was folded.
    pub fn stop(self) {
        self.app.stop.set();
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

/// Makes the folder where everything is kept, for nobody else on this machine. One that is there is closed to others if it is
/// Cordon's or empty; any other is left alone.
fn prepare(data: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
    const OWN: [&str; 3] = [store::DATABASE, "analysis", "tls"];
    let wrong = |problem: String| {
        let remedy = "name a folder of your own with --data, or take others' rights to it away (chmod 700)";
        Failure::Wrong(format!("{}: {problem}; {remedy}", data.display()))
    };
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.map_err(|error| wrong(format!("cannot be made: {}", said(&error))))?;
    let mode = std::fs::metadata(data).map_err(|error| wrong(said(&error)))?.mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let is_empty = std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_none());
    if !is_empty && !OWN.iter().any(|name| data.join(name).exists()) {
        return Err(wrong("holds something else, and others may look into it".to_owned()));
    }
    let closed = std::fs::set_permissions(data, std::fs::Permissions::from_mode(0o700));
    closed.map_err(|error| wrong(format!("cannot be closed to others: {}", said(&error))))
}

/// SHA-256 of a file, in letters.
fn digest(path: &Path) -> std::io::Result<String> {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    let (mut file, mut bytes) = (std::fs::File::open(path)?, vec![0_u8; 1 << 20]);
    loop {
        let read = std::io::Read::read(&mut file, &mut bytes)?;
        if read == 0 {
            break;
        }
        hash.update(bytes.get(..read).unwrap_or_default());
    }
    // What stood in the packets is not left behind in memory.
    std::hint::black_box(&mut bytes).fill(0);
    std::hint::black_box(&bytes);
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

/// Cards and files of the command line.
struct Captures {
    cards: Vec<String>,
    files: Vec<PathBuf>,
}

fn sorted(captures: &[PathBuf]) -> Result<Captures, Failure> {
    let mut sorted = Captures { cards: Vec::new(), files: Vec::new() };
    for capture in captures {
        let is_card = |name: &&str| !name.contains('/') && Path::new("/sys/class/net").join(name).exists();
        if let Some(card) = capture.to_str().filter(is_card) {
            sorted.cards.push(card.to_owned());
        } else if capture.is_file() {
            sorted.files.push(capture.canonicalize().map_err(|error| Failure::reading(capture, &error))?);
        } else {
            let problem = "neither a card nor a capture; `ip link` lists the cards";
            return Err(Failure::Wrong(format!("{}: {problem}", capture.display())));
        }
    }
    Ok(sorted)
}

fn begin(name: &str, work: impl FnOnce() + Send + 'static) -> Result<std::thread::JoinHandle<()>, Failure> {
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
    thread.map_err(|error| Failure::Failed(format!("cannot start a thread: {}", said(&error))))
}

/// Ends everything if the thread that holds it fails: a platform of which a part is gone only looks well.
struct Watch(Arc<App>);

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail();
        }
    }
}

/// The first signal ends everything in order, the second at once. A closed terminal is no reason to end.
fn stop_on_signals(app: &Arc<App>) -> Result<(), Failure> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    const ENDED_BY_SIGNAL: i32 = 128;
    let failed = |error: std::io::Error| Failure::Failed(format!("cannot wait for signals: {}", said(&error)));
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(failed)?;
    let stop = Arc::clone(&app.stop);
    begin("signals", move || {
        for signal in signals.forever().filter(|signal| *signal != SIGHUP) {
            if stop.is_set() {
                std::process::exit(ENDED_BY_SIGNAL.saturating_add(signal));
            }
            say("cordon: stopping: what was learnt is being kept");
            stop.set();
        }
    })?;
    Ok(())
}

/// As many files and connections as the system lets this user have.
fn raise_limits() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        // With fewer it works for fewer.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
}

/// Says where it is and how to get in.
fn greet(platform: &Platform, certificate: &certificate::Certificate, address: SocketAddr) -> Result<(), Failure> {
    let place =
        if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() };
    let mut text = format!("Cordon runs at https://{place}/\n");
    text.push_str(&format!(
        "Its certificate was made here: browsers warn once. It is the right one if its SHA-256 is\n  {}\n  (yours instead? put it in place of {})\n",
        certificate.fingerprint,
        certificate.path.display()
    ));
    if let Some(secret) = platform.first_secret()? {
        text.push_str(&format!("First sign-in, once, with this secret:\n  {secret}\n"));
    }
    crate::print(&text, "start it again")
}

fn serve(
    app: &Arc<App>,
    certificate: certificate::Certificate,
    listener: std::net::TcpListener,
) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Failed(format!("the interface failed: {}", said(&error)));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let config = RustlsConfig::from_config(Arc::new(certificate.config));
    let router = api::router(app);
    let done = runtime.block_on(async {
        let handle = axum_server::Handle::new();
        let (ending, stop) = (handle.clone(), Arc::clone(&app.stop));
        tokio::task::spawn_blocking(move || {
            while !stop.wait(Duration::from_secs(3_600)) {}
            ending.graceful_shutdown(Some(GRACE));
        });
        let server = axum_server::from_tcp_rustls(listener, config)?;
        let mut server = server.map(|tls| tls.acceptor(door::Door::open())).handle(handle);
        server.http_builder().http1().header_read_timeout(HEADERS_WITHIN).timer(hyper_util::rt::TokioTimer::new());
        server.serve(router.into_make_service_with_connect_info::<SocketAddr>()).await
    });
    if app.stop.is_set() {
        say("cordon: stopped");
    }
    runtime.shutdown_timeout(GRACE);
    done.map_err(failed)
}
