//! `cordon hospital`: the traffic of a synthetic hospital, and the truth about it.

mod flows;

use std::path::Path;

use hospital::attacks::{self, Attack};
use hospital::changes::{self, Change};
use hospital::hospital::{Hospital, MONDAY, Plan, Variety};
use hospital::play::Frames;
use hospital::rhythm::Span;
use hospital::tap::Tap;
use hospital::truth::Truth;
use hospital::{capture, frames::Moment};

use crate::arguments;
use crate::failure::{Failure, said};
use crate::folder::{self, CAPTURE, DEVICES, FLOWS, NewFolder, TRUTH};
use crate::interrupted;
use crate::progress::Progress;

/// Frames between two looks at the clock.
const PROGRESS_FRAMES: u64 = 8_192;
/// Bytes written at once.
const BLOCK_BYTES: usize = 1 << 20;
const COMMENT: &str = "A made-up hospital, written by cordon hospital. No person, device or site is real.";

/// Runs the command.
pub fn run(arguments: &arguments::Hospital) -> Result<(), Failure> {
    interrupted::watch().map_err(|error| Failure::Failed(format!("cannot wait for signals: {}", said(&error))))?;
    let attacks = attacks(&arguments.attacks)?;
    let further_sites = usize::from(arguments.sites.saturating_sub(1));
    let variety = Variety { changes: changes(&arguments.changes)?, further_sites, ipv6: arguments.ipv6 };
    let folder = NewFolder::begin(&arguments.out, folder::HOSPITAL)?;
    let devices = usize::try_from(arguments.devices).unwrap_or(usize::MAX);
    let span = Span { start: MONDAY, days: arguments.days };
    let hospital = Hospital::varied(Plan { seed: arguments.seed, devices, span, attacks }, &variety);
    let truth = Truth::of(&hospital);
    let frames = if arguments.flows {
        flows::write(&hospital, &folder)?
    } else {
        let tap = Tap::new(&hospital, arguments.loss.into(), arguments.one_way);
        record(&hospital, tap, &folder)?
    };
    let mut file = folder.create(TRUTH)?;
    file.line(&truth)?;
    file.finish()?;
    let stands = folder.publish()?;
    let told = |name: &String| {
        truth.attacks.iter().any(|attack| attack.name == *name)
            || truth.changes.iter().any(|change| change.name == *name)
    };
    for name in arguments.attacks.iter().chain(&arguments.changes).filter(|name| *name != "all" && !told(name)) {
        crate::say(&format!("cordon: {name} is left out: it takes devices or days that so small a hospital lacks"));
    }
    let summary = summary(arguments, &truth, frames, &stands);
    crate::print(&summary, "the files are written; print to a terminal, or to a disk with free space")
}

fn summary(arguments: &arguments::Hospital, truth: &Truth, frames: u64, stands: &Path) -> String {
    let days = if arguments.days == 1 { "one day".to_owned() } else { format!("{} days", arguments.days) };
    let all =
        format!("{} devices, {} flows, {days} from seed {}", truth.devices.len(), truth.flows.len(), arguments.seed);
    let path = |name: &str| stands.join(name).display().to_string();
    let files = if arguments.flows {
        let [devices, flows] = [DEVICES, FLOWS].map(path);
        format!("Devices: {devices}\nFlows:   {flows}  ({frames} frames were looked at)\nTruth:   {}", path(TRUTH))
    } else {
        let capture = path(CAPTURE);
        let next = format!("Next:    cordon analyze {capture} --out RESULTS");
        format!("Capture: {capture}  ({frames} frames)\nTruth:   {}\n{next}", path(TRUTH))
    };
    format!("{all}\n\n{files}\n")
}

/// The attacks of these names; `all` is every one.
fn attacks(names: &[String]) -> Result<Vec<&'static dyn Attack>, Failure> {
    if names.iter().any(|name| name == "all") {
        return Ok(attacks::ALL.to_vec());
    }
    let known = || attacks::ALL.iter().map(|attack| attack.name()).collect::<Vec<_>>().join(", ");
    let find = |name: &String| {
        attacks::find(name)
            .ok_or_else(|| Failure::Wrong(format!("{name}: no such attack; there are: all, {}", known())))
    };
    names.iter().map(find).collect()
}

/// The changes of these names; `all` is every one.
fn changes(names: &[String]) -> Result<Vec<&'static dyn Change>, Failure> {
    if names.iter().any(|name| name == "all") {
        return Ok(changes::ALL.to_vec());
    }
    let known = || changes::ALL.iter().map(|change| change.name()).collect::<Vec<_>>().join(", ");
    let find = |name: &String| {
        changes::find(name)
            .ok_or_else(|| Failure::Wrong(format!("{name}: no such change; there are: all, {}", known())))
    };
    names.iter().map(find).collect()
}

/// Writes the capture; tells how many frames it holds.
fn record(hospital: &Hospital, mut tap: Tap, folder: &NewFolder) -> Result<u64, Failure> {
    let mut file = folder.create(CAPTURE)?;
    file.write(&capture::head(COMMENT, "mirror"))?;
    let Moment(start) = hospital.span().start;
    let progress = Progress::parts(hospital.span().end().0.saturating_sub(start), "of the days");
    let (mut count, mut block) = (0_u64, Vec::new());
    for (time, frame) in Frames::of(hospital).filter(|(_, frame)| tap.hears(frame)) {
        capture::add(&mut block, time, &frame);
        if block.len() >= BLOCK_BYTES {
            file.write(&block)?;
            block.clear();
        }
        count = count.saturating_add(1);
        if count.is_multiple_of(PROGRESS_FRAMES) {
            progress.at(time.saturating_sub(start));
        }
    }
    progress.end();
    file.write(&block)?;
    file.finish()?;
    Ok(count)
}
