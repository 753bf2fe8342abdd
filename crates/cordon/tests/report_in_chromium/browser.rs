//! A real Chromium without a window, started once per question, always in a fresh profile, always ended.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest run of one Chromium; a hang is an error, not a wait.
const RUN_SECONDS_MAX: u64 = 180;

/// One browser at a time: several would compete for the same processors.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

pub struct Browser {
    program: PathBuf,
    folder: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

/// What a run left behind.
pub struct Run {
    /// The document after the scripts ran.
    pub dom: String,
    /// Lines that the page wrote to the console: there must be none.
    pub console: Vec<String>,
    /// Wall clock, start and end of the browser included.
    pub took: Duration,
}

impl Browser {
    /// Finds Chromium on the path; `None`, said loudly, if there is none or it is left out, as by `./check quick`.
    pub fn find(test: &str) -> Option<Self> {
        if std::env::var_os("CORDON_WITHOUT_BROWSER").is_some() {
            xtask::reference::skipped(&format!("{test}: CORDON_WITHOUT_BROWSER is set"));
            return None;
        }
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
        let program = folders.iter().flat_map(|folder| names.map(|name| folder.join(name))).find(|path| path.is_file());
        let Some(program) = program else {
            xtask::reference::skipped(&format!("{test}: no Chromium on this machine; install `chromium`"));
            return None;
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        fs::create_dir_all(&folder).unwrap();
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Self { program, folder, _turn: turn })
    }

    /// Writes a page and gives its address.
    pub fn page(&self, name: &str, html: &str) -> String {
        let path = self.folder.join(name);
        fs::write(&path, html).unwrap();
        format!("file://{}", path.display())
    }

    /// Opens the address and gives the document as it is once `milliseconds` of the page's own time have passed.
    pub fn open(&self, address: &str, width: u32, milliseconds: u32) -> Run {
        self.run(address, width, &["--dump-dom".to_owned(), format!("--virtual-time-budget={milliseconds}")])
    }

    /// Opens the address with the clock of the machine: what is there once the page has loaded.
    pub fn load(&self, address: &str) -> Run {
        self.run(address, 1440, &["--dump-dom".to_owned()])
    }

    /// Opens the address and gives a picture of it.
    pub fn picture(&self, name: &str, address: &str, width: u32) -> (PathBuf, Run) {
        let path = self.folder.join(name);
        let _ = fs::remove_file(&path);
        let run = self.run(
            address,
            width,
            &[format!("--screenshot={}", path.display()), "--virtual-time-budget=4000".to_owned()],
        );
        (path, run)
    }

    /// Prints the address to a PDF file.
    pub fn paper(&self, name: &str, address: &str) -> (PathBuf, Run) {
        let path = self.folder.join(name);
        let _ = fs::remove_file(&path);
        let options = [format!("--print-to-pdf={}", path.display()), "--virtual-time-budget=4000".to_owned()];
        let run = self.run(address, 1440, &options);
        (path, run)
    }

    fn run(&self, address: &str, width: u32, options: &[String]) -> Run {
        let profile = self.folder.join("profile");
        let _ = fs::remove_dir_all(&profile);
        let (out, log) = (self.folder.join("stdout"), self.folder.join("stderr"));
        let started = Instant::now();
        let child = Command::new(&self.program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"])
            .args(["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--enable-logging=stderr", "--v=0", "--force-device-scale-factor=1"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("--window-size={width},900"))
            .args(options)
            .arg(address)
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        wait(child);
        let took = started.elapsed();
        let _ = fs::remove_dir_all(&profile);
        let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        let console = text(&log).lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
        Run { dom: text(&out), console, took }
    }
}

fn wait(mut child: Child) {
    let deadline = Instant::now() + Duration::from_secs(RUN_SECONDS_MAX);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "Chromium ended with {status}");
            return;
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            panic!("Chromium did not end within {RUN_SECONDS_MAX} s");
        }
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// Adds a script of the test to a page, permitted by name in the page's policy, which otherwise stays as it is.
pub fn with_driver(page: &str, script: &str) -> String {
    let permitted = page.replacen("script-src 'sha256-", "script-src 'nonce-driver' 'sha256-", 1);
    assert_ne!(permitted, page, "the policy names the scripts by hash");
    let at = permitted.rfind("</body>").unwrap();
    format!("{}<script nonce=\"driver\">{script}</script>{}", &permitted[..at], &permitted[at..])
}

/// What the driver wrote: base64 of JSON in an attribute of the document.
pub fn told(run: &Run) -> Value {
    let text = run.dom.split("data-told=\"").nth(1).and_then(|rest| rest.split('"').next());
    let text = text.unwrap_or_else(|| panic!("the driver did not end; console: {:#?}", run.console));
    serde_json::from_slice(&data_encoding::BASE64.decode(text.as_bytes()).unwrap()).unwrap()
}
