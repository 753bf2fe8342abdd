//! What can be asked for on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  cordon analyze ward.pcapng --out results
  cordon why 10.20.0.41 --flows results
  cordon serve --capture eth0

Exit codes: 0 done, 1 failed, 2 wrong use, 3 a check did not hold.";

/// Cordon sees what is connected, says what it is, how sure that is, and why.
#[derive(Debug, Parser)]
#[command(
    name = "cordon",
    version,
    about,
    after_help = EXAMPLES,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read captures; write the inventory, flows, weaknesses and a report
    Analyze(Analyze),
    /// Show the evidence behind a device or one of its attributes
    Why(Why),
    /// Write the traffic of a synthetic hospital, and the truth about it
    Hospital(Hospital),
    /// Hold an analysis against the truth: how often it is right, and how sure it is of what is wrong
    Score(Score),
    /// Show how risky each device is, why, and what would have to be known
    Risk(Risk),
    /// Rank what to do about it, under a budget of person-days
    Plan(Plan),
    /// Take in advisories and other outside knowledge, or show how old it is
    Feeds(Feeds),
    /// Run the platform: live capture, imports, and the interface in a browser
    #[cfg(target_os = "linux")]
    Serve(Serve),
    /// Write a copy of everything the platform keeps, while it runs
    #[cfg(target_os = "linux")]
    Backup(Copy),
    /// Put a copy in place of an empty data folder
    #[cfg(target_os = "linux")]
    Restore(Copy),
    /// Hand on the frames of a card: a process that Cordon starts beside itself
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    SenseCard {
        /// The card, as `ip link` names it
        card: String,
    },
    /// Decode the frames on standard input: a process that Cordon starts beside itself
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    SenseDecode,
    /// Decode the capture on standard input: a process that Cordon starts beside itself
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    SenseFile {
        /// Its size in bytes
        size: u64,
    },
}

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

const ANALYZE_EXAMPLES: &str = "\
Examples:
  cordon analyze ward.pcapng
  cordon analyze monday.pcap.gz tuesday.pcap.zst --out results
  cordon analyze ward.pcap --out results --events --format json
  cordon analyze campus.pcap --inside 192.0.2.0/24 --inside 2001:db8::/32

The folder holds manifest.json, devices.jsonl, connections.jsonl, flows.jsonl, weaknesses.jsonl, report.html and, with
--events, events.jsonl. The same captures give the same bytes. A damaged capture is read up to the damage, which the
manifest names. Patient data is never read out of a message.

Exit codes: 0 done, 1 failed, 2 wrong use (no such file, not a capture), 130 or 143 interrupted: nothing was written.";

/// `cordon analyze`.
#[derive(Debug, Args)]
#[command(after_help = ANALYZE_EXAMPLES)]
pub struct Analyze {
    /// Captures in order of time: pcap or pcapng, plain or compressed with gzip or zstd
    #[arg(required = true, value_name = "CAPTURE")]
    pub captures: Vec<PathBuf>,
    /// Folder to write; a former result there is replaced [default: `analysis` in the data folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write every decoded message to events.jsonl
    #[arg(long)]
    pub events: bool,
    /// Folder of Recog fingerprint files (*.xml) to use as further knowledge
    #[arg(long, value_name = "DIR")]
    pub fingerprints: Option<PathBuf>,
    /// IEEE prefix list (oui.csv, mam.csv, oui36.csv) newer than the built-in one; may be repeated
    #[arg(long, value_name = "FILE")]
    pub prefixes: Vec<PathBuf>,
    /// Range of public addresses that are the hospital's own, as in 192.0.2.0/24; may be repeated
    #[arg(long, value_name = "CIDR")]
    pub inside: Vec<analysis::Network>,
    /// How to print the inventory
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Print every device, not the first 40
    #[arg(long)]
    pub all: bool,
    /// Folder in which Cordon keeps its state [default: the user's data directory]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

const WHY_EXAMPLES: &str = "\
Examples:
  cordon why 10.20.0.41
  cordon why mac-0009fb1a2b3c category --flows results
  cordon why 'infusion pump' maker --format json
  cordon why 10.20.0.41 risk

What fits several devices lists them. Colours are left out where NO_COLOR is set.

Exit codes: 0 done, 1 failed, 2 wrong use (no such device or attribute, several devices).";

/// `cordon why`.
#[derive(Debug, Args)]
#[command(after_help = WHY_EXAMPLES)]
pub struct Why {
    /// Identifier, hardware address, network address, name, serial number or kind; a part of it if only one device has it
    #[arg(value_name = "DEVICE")]
    pub device: String,
    /// Attribute by name or label, as in `category`, `maker` or `serial`, or `risk` [default: all attributes]
    #[arg(value_name = "ATTRIBUTE")]
    pub attribute: Option<String>,
    /// Folder that `cordon analyze` wrote [default: `analysis` in the data folder]
    #[arg(long, value_name = "DIR", visible_alias = "out")]
    pub flows: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Folder in which Cordon keeps its state [default: the user's data directory]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

const RISK_EXAMPLES: &str = "\
Examples:
  cordon analyze ward.pcapng --out ward && cordon feeds import advisories/
  cordon risk --flows ward
  cordon risk --flows ward --format json | jq '.[0].causes'

A score from 0 to 100 is how likely a device is taken over times how much harm that does, patients first. Vulnerabilities come from
what was imported with `cordon feeds`, weaknesses and paths from the traffic. What is not known makes the interval wider.

Exit codes: 0 done, 1 failed, 2 wrong use (no results in the folder).";

/// `cordon risk`.
#[derive(Debug, Args)]
#[command(after_help = RISK_EXAMPLES)]
pub struct Risk {
    /// Folder that `cordon analyze` wrote [default: `analysis` in the data folder]
    #[arg(long, value_name = "DIR", visible_alias = "out")]
    pub flows: Option<PathBuf>,
    /// Show all devices, not only the riskiest
    #[arg(long)]
    pub all: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Folder in which Cordon keeps its state [default: the user's data directory]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

const PLAN_EXAMPLES: &str = "\
Examples:
  cordon plan --flows ward --days 10
  cordon plan --flows ward --days 20 --downtime 8
  cordon plan --flows ward --days 20 --format csv > work-orders.csv

Each action is one for all devices that it concerns: a segment, the way to the internet, the maker's update, a setting, a virtual
patch. They are ranked by the harm that they take away for the days they cost, each after the ones before it. Updates of
medical devices come from their makers only, with the advisory's own words; what care depends on is never blocked.

Exit codes: 0 done, 1 failed, 2 wrong use (no results in the folder).";

/// `cordon plan`.
#[derive(Debug, Args)]
#[command(after_help = PLAN_EXAMPLES)]
pub struct Plan {
    /// The budget, in person-days
    #[arg(long, value_name = "N", default_value = "20")]
    pub days: f64,
    /// The most hours that devices may stand still, all together [default: any]
    #[arg(long, value_name = "HOURS")]
    pub downtime: Option<f64>,
    /// Folder that `cordon analyze` wrote [default: `analysis` in the data folder]
    #[arg(long, value_name = "DIR", visible_alias = "out")]
    pub flows: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: PlanFormat,
    /// Folder in which Cordon keeps its state [default: the user's data directory]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// How to print a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// Work orders, for a system of maintenance.
    Csv,
}

const FEEDS_EXAMPLES: &str = "\
Examples:
  cordon feeds import advisories/ known_exploited_vulnerabilities.json epss_scores-current.csv.gz
  cordon feeds import cves.zip --data try
  cordon feeds status

What a file is, is told by what it holds: CSAF 2.0 advisories and VEX, the CISA catalogue of exploited vulnerabilities, EPSS, CVE
records, NVD, OpenVEX, registers of the FDA, parts lists, MDS2, ends of life. They may be packed. A file that is broken changes nothing, and the error says where it is. A file that
was taken before is passed over.

Exit codes: 0 done, 1 failed (a file was refused; the others were taken), 2 wrong use.";

/// `cordon feeds`.
#[derive(Debug, Args)]
#[command(after_help = FEEDS_EXAMPLES)]
pub struct Feeds {
    /// What to do.
    #[command(subcommand)]
    pub command: FeedsCommand,
    /// Folder in which Cordon keeps its state [default: the user's data directory]
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
}

/// What to do with outside knowledge.
#[derive(Debug, Subcommand)]
pub enum FeedsCommand {
    /// Take in files, or all files of folders
    Import {
        /// Files and folders
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Show what there is of each feed, and how old it is
    Status {
        /// How to print
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
}

const HOSPITAL_EXAMPLES: &str = "\
Examples:
  cordon hospital --seed 7 --out ward
  cordon hospital --seed 7 --devices 1000 --days 2 --out clinic
  cordon hospital --seed 7 --devices 1000 --days 28 --flows --out month
  cordon hospital --seed 7 --attack scan --attack beacon --out attacked
  cordon hospital --seed 7 --days 3 --change moved_device --change lease_churn --out moving
  cordon hospital --seed 7 --sites 2 --ipv6 --out two-sites
  cordon hospital --seed 7 --loss 2 --one-way --out badly-heard
  cordon analyze clinic/capture.pcapng --out clinic-seen && cordon score --truth clinic/truth.json clinic-seen

The folder holds capture.pcapng, as mirror ports of all its switches record it, and truth.json: every device, what it is, where, what it does
for others, and who speaks to whom. The same seed gives the same bytes. Nobody and nothing in it is real; where real
traffic carries patients stands a canary.

Exit codes: 0 done, 1 failed, 2 wrong use.";

/// `cordon hospital`.
#[derive(Debug, Args)]
#[command(after_help = HOSPITAL_EXAMPLES)]
pub struct Hospital {
    /// The same number gives the same hospital
    #[arg(long, value_name = "N")]
    pub seed: u64,
    /// About how many devices
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(20..=100_000))]
    pub devices: u32,
    /// How many days, beginning with a Monday
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub days: u32,
    /// Write no capture, but devices and flows as an analysis of it would: weeks in seconds
    #[arg(long)]
    pub flows: bool,
    /// Something that goes wrong, as in `scan` or `arp_spoof`, or `all`; may be repeated
    #[arg(long = "attack", value_name = "NAME")]
    pub attacks: Vec<String>,
    /// Something that changes, as in `moved_device` or `firmware_update`, or `all`; may be repeated
    #[arg(long = "change", value_name = "NAME")]
    pub changes: Vec<String>,
    /// How many sites; each but the first is behind a router of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=4))]
    pub sites: u8,
    /// Computers, telephones and tablets speak IPv6 too
    #[arg(long)]
    pub ipv6: bool,
    /// So many of a hundred frames are not in the capture; the truth stays
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=90), conflicts_with = "flows")]
    pub loss: u8,
    /// Only what goes towards servers and routers is in the capture; the truth stays
    #[arg(long, conflicts_with = "flows")]
    pub one_way: bool,
    /// Folder to write; a former hospital there is replaced
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

const SCORE_EXAMPLES: &str = "\
Examples:
  cordon score --truth clinic/truth.json clinic-seen
  cordon score --truth clinic/truth.json clinic-seen --format json
  cordon score --truth clinic/truth.json clinic-seen --wrong

Of each attribute: how many devices whose traffic tells it (n), for how many something is asserted (coverage), for how many
it is right (accuracy), the mean over the values of the harmonic mean of precision and recall (macro F1), for how many it is wrong although stated as
probable or confirmed, and how far stated confidence is from how often it is right (expected calibration error, ten bins).

Exit codes: 0 done, 1 failed, 2 wrong use.";

/// `cordon score`.
#[derive(Debug, Args)]
#[command(after_help = SCORE_EXAMPLES)]
pub struct Score {
    /// The truth, as `cordon hospital` writes it
    #[arg(long, value_name = "FILE")]
    pub truth: PathBuf,
    /// Folder that `cordon analyze` wrote
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Name every device of which something is wrong or missing
    #[arg(long)]
    pub wrong: bool,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  cordon serve --capture eth0
  cordon serve --capture monday.pcapng --listen 0.0.0.0:8443 --data /var/lib/cordon
  cordon serve --hospital 7 --data try                # a synthetic hospital: six hours at once, then an hour in ten minutes
  cordon serve --hospital 7 --hospital-speed 1 --data try      # … in step with the clock

At the first start it prints a secret with which the first administrator signs in. Listening to a card needs the right to open it
(root, or CAP_NET_RAW); nothing is ever sent there. A synthetic hospital has a data folder of its own, every page says that
nothing of it is real, and administrators can start attacks in it.

Exit codes: 0 stopped, 1 failed, 2 wrong use.";

/// `cordon serve`.
#[derive(Debug, Args)]
#[command(after_help = SERVE_EXAMPLES)]
pub struct Serve {
    /// A network card to listen to, or a capture to import; may be repeated
    #[arg(long = "capture", value_name = "CARD|FILE")]
    pub captures: Vec<PathBuf>,
    /// Play the synthetic hospital of a seed, for ever; no card and no capture is seen beside it
    #[arg(long, value_name = "SEED", conflicts_with = "captures", requires = "data")]
    pub hospital: Option<u64>,
    /// About how many devices it has
    #[arg(long, value_name = "N", default_value_t = 300, requires = "hospital", value_parser = clap::value_parser!(u32).range(20..=5_000))]
    pub hospital_devices: u32,
    /// How many of its hours pass in one
    #[arg(long, value_name = "X", default_value_t = 6, requires = "hospital", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub hospital_speed: u32,
    /// Address and port of the interface
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8443")]
    pub listen: std::net::SocketAddr,
    /// Names under which browsers reach it, for the certificate that is made at the first start
    #[arg(long = "name", value_name = "NAME")]
    pub names: Vec<String>,
    /// A range of public addresses that is the hospital's own, as in 198.51.100.0/24; may be repeated
    #[arg(long, value_name = "CIDR")]
    pub inside: Vec<analysis::Network>,
    /// Folder in which Cordon keeps its state [default: the user's data directory]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

const COPY_EXAMPLES: &str = "\
Examples:
  cordon backup /backup/monday.db
  cordon restore /backup/monday.db --data /var/lib/cordon-new

A copy holds what was learnt, people and their passwords' hashes, corrections and logs: keep it as safe as the data folder. It does
not hold the certificate.

Exit codes: 0 done, 1 failed, 2 wrong use.";

/// `cordon backup` and `cordon restore`.
#[derive(Debug, Args)]
#[command(after_help = COPY_EXAMPLES)]
pub struct Copy {
    /// The copy
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Folder in which Cordon keeps its state [default: the user's data directory]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}
