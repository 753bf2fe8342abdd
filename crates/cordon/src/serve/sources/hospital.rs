//! A synthetic hospital that goes on for ever. Its frames are made here; from there on they go the way of a card's: the process
//! that decodes, the journal, the twin.
//!
//! The first time its last hours are played at once, stamped as they would have been. From then on its time goes with the clock,
//! some times as fast, and what happens is stamped with the clock: so nothing is ever stamped ahead. What happens while Cordon does
//! not run is not heard, as with a card.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use hospital::attacks;
use hospital::frames::Moment;
use hospital::kinds::Peer;
use hospital::live::{Drill, Live};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::StoreError;

use super::{SourceKind, Status};
use crate::clock;
use crate::failure::Failure;
use crate::say;
use crate::sense::{Frames, Sense, Told};
use crate::serve::app::App;
use crate::serve::drills::{Part, Playing, Refused, Run, RunState, Wish};
use crate::serve::keeper::Kept;
use crate::words::printable;

const KIND: &str = "hospital";
/// So much of the time before the first start is played at once.
const BEFORE_US: u64 = 6 * HOUR_US;
const HOUR_US: u64 = 3_600_000_000;
/// How often it is looked how far time has come. The decoder is told of it as often.
const LOOK: Duration = Duration::from_millis(100);
/// Frames between two looks at the clock.
const FRAMES: u32 = 256;
/// An attack begins so much later than it is asked for, in the hospital's time.
const SOON_S: u64 = 1;
/// How long to wait before it is begun again where it failed.
const AGAIN: Duration = Duration::from_secs(5);
/// What is in the pipe when Cordon stops is kept within this time.
const DRAIN_MAX: Duration = Duration::from_secs(5);
const NOTE: &str = "Nothing of this is real: every device, name and frame is made up by Cordon.";

/// Which hospital is played, and how.
#[derive(Clone, Copy, Debug)]
pub struct Synthetic {
    /// The same number gives the same hospital.
    pub seed: u64,
    /// About how many devices.
    pub devices: u32,
    /// How many of its hours pass in one.
    pub speed: u32,
}

/// How far a hospital is, as it is kept. Times in microseconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Record {
    seed: u64,
    devices: u32,
    /// At this moment of the clock …
    clock: u64,
    /// … it was this in the hospital, and went on so many times as fast.
    hospital: u64,
    speed: u32,
    /// Until then its first hours were played: written before they are, so that nothing is played twice.
    played: u64,
}

impl Synthetic {
    /// Whether it can be played into this folder.
    pub fn fits(&self, app: &App) -> Result<(), Failure> {
        let wrong = |problem: &str| {
            let folder = app.folder.display();
            Err(Failure::Wrong(format!("{folder}: holds {problem}; name another folder with --data")))
        };
        if app.sources.is_real() {
            return wrong("what cards or captures told, which a synthetic hospital is kept apart from");
        }
        let kept = kept(app).map_err(|error| Failure::Failed(error.to_string()))?;
        match kept {
            Some(kept) if (kept.seed, kept.devices) != (self.seed, self.devices) => {
                let Record { seed, devices, .. } = kept;
                wrong(&format!("the synthetic hospital of seed {seed} with {devices} devices"))
            }
            _ => Ok(()),
        }
    }
}

fn kept(app: &App) -> Result<Option<Record>, StoreError> {
    Ok(app.keeper.load(KIND)?.into_values().next())
}

impl Record {
    /// Goes on with what is kept, or begins.
    fn go_on(app: &App, synthetic: &Synthetic) -> Result<Self, StoreError> {
        let Synthetic { seed, devices, speed } = *synthetic;
        let now = now();
        let begun = Self { seed, devices, clock: now, hospital: now, speed, played: now.saturating_sub(BEFORE_US) };
        let mut record = kept(app)?.unwrap_or(begun);
        if record.speed != speed {
            let moment = record.moment(now).0;
            record = Self { clock: now, hospital: moment, played: moment, speed, ..record };
        }
        record.keep(app)?;
        Ok(record)
    }

    fn keep(&self, app: &App) -> Result<(), StoreError> {
        app.keeper.keep_quietly(&[Kept::put(KIND, "all", self)])
    }

    /// The hospital's moment at one of the clock.
    fn moment(&self, clock: u64) -> Moment {
        let since = clock.saturating_sub(self.clock).saturating_mul(self.speed.into());
        Moment(self.hospital.saturating_add(since))
    }

    /// What a frame of that moment is stamped with.
    fn stamp(&self, moment: Moment) -> Timestamp {
        let since = moment.0.saturating_sub(self.hospital).checked_div(self.speed.into()).unwrap_or(0);
        let before = self.hospital.saturating_sub(moment.0);
        let microseconds = self.clock.saturating_add(since).saturating_sub(before);
        Timestamp(i64::try_from(microseconds).unwrap_or(i64::MAX).saturating_mul(1_000))
    }
}

/// The clock, in microseconds since 1970.
fn now() -> u64 {
    u64::try_from(clock::now().0.div_euclid(1_000)).unwrap_or(0)
}

/// Plays it until the platform is stopped.
pub fn play(app: &App, program: &Path, synthetic: Synthetic) {
    let name = format!("Synthetic hospital {}", synthetic.seed);
    loop {
        let problem = session(app, program, &synthetic, &name);
        app.drills.close();
        if app.stop.is_set() {
            return;
        }
        say(&format!("cordon: {name}: {problem}; played again in {} s", AGAIN.as_secs()));
        if app.stop.wait(AGAIN) {
            return;
        }
    }
}

/// Plays it until something fails, which is told, or the platform is stopped.
fn session(app: &App, program: &Path, synthetic: &Synthetic, name: &str) -> String {
    let begun =
        || app.sources.begin(name, SourceKind::Hospital).and_then(|it| Ok((it, Record::go_on(app, synthetic)?)));
    let (number, record) = match begun() {
        Ok(begun) => begun,
        Err(error) => return error.to_string(),
    };
    let (mut sense, frames) = match Sense::decode(program) {
        Ok(begun) => begun,
        Err(error) => return error.to_string(),
    };
    let is_over = AtomicBool::new(false);
    let problem = std::thread::scope(|scope| {
        let over = &is_over;
        let player = scope.spawn(move || Player::begin(app, record, over, frames).run());
        let problem = hear(app, number, &mut sense);
        is_over.store(true, Ordering::Release);
        // Whoever waits to write to it waits no more.
        let complaint = sense.complaint();
        let played = player.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        complaint.or(problem).or(played.err().map(|error| error.to_string()))
    });
    let problem = printable(&problem.unwrap_or_else(|| "the decoder ended".to_owned()));
    if !app.stop.is_set() {
        app.sources.tell(number, Status::Failed, |figures| figures.note = Some(problem.clone()));
    }
    let _ = app.sources.keep(number);
    problem
}

/// Keeps what the decoder tells until it ends; why it cannot, if that is known here.
fn hear(app: &App, number: u32, sense: &mut Sense) -> Option<String> {
    let mut stopping = None;
    loop {
        match sense.hear() {
            Ok(Some(Told::Batch(batch))) => {
                // Where it cannot be kept now, nothing waits for room any more.
                let stops = app.stop.is_set();
                let kept =
                    if stops { app.journal.append_once(number, &batch) } else { app.journal.append(number, &batch) };
                if let Err(error) = kept {
                    return Some(error.to_string());
                }
            }
            Ok(Some(Told::Accounting(accounting))) => app.sources.tell(number, Status::Listening, |figures| {
                figures.frames = accounting.handed_over;
                figures.newest = Some(clock::now().0);
                figures.note = Some(NOTE.to_owned());
            }),
            Ok(Some(Told::Reading(reading))) => app.sources.count(number, reading.counters),
            Ok(None) => return None,
            Err(error) => return Some(error.to_string()),
        }
        if app.stop.is_set() && stopping.get_or_insert_with(Instant::now).elapsed() > DRAIN_MAX {
            return None;
        }
    }
}

/// Who makes the frames.
struct Player<'a> {
    app: &'a App,
    record: Record,
    live: Live,
    is_over: &'a AtomicBool,
    frames: Frames,
    wishes: Receiver<Wish>,
    /// The moment that was played up to.
    at: Moment,
    told: Instant,
}

impl<'a> Player<'a> {
    fn begin(app: &'a App, record: Record, is_over: &'a AtomicBool, frames: Frames) -> Self {
        let is_filling = record.played < record.hospital;
        let at = if is_filling { Moment(record.played) } else { record.moment(now()) };
        let live = live(&record, at);
        let soon = at.after_s(SOON_S);
        let possible = attacks::ALL.iter().filter(|attack| live.prepare(**attack, soon).is_some());
        let wishes = app.drills.open(Playing {
            seed: record.seed,
            devices: live.hospital().around().devices().len(),
            speed: record.speed,
            filling: is_filling,
            possible: possible.map(|attack| attack.name().to_owned()).collect(),
        });
        Self { app, record, live, is_over, frames, wishes, at, told: Instant::now() }
    }

    fn run(mut self) -> io::Result<()> {
        while self.at.0 < self.record.hospital && !self.ends() {
            let end = self.at.after_us(HOUR_US).0.min(self.record.hospital);
            self.record.played = end;
            self.record.keep(self.app).map_err(io::Error::other)?;
            self.play(Moment(end))?;
        }
        self.app.drills.filled();
        while !self.ends() {
            self.play(self.record.moment(now()))?;
            while let Ok(wish) = self.wishes.try_recv() {
                let begun = self.attack(&wish);
                // Who asked may have gone.
                let _ = wish.answer.try_send(begun);
            }
            // What cannot be kept now is kept at the next look.
            let _ = self.app.drills.come_to(self.record.stamp(self.at).0);
            self.app.stop.wait(LOOK);
        }
        Ok(())
    }

    fn ends(&self) -> bool {
        self.app.stop.is_set() || self.is_over.load(Ordering::Acquire)
    }

    /// Hands on what is said until then.
    fn play(&mut self, end: Moment) -> io::Result<()> {
        while self.at < end {
            let until = end.min(self.live.end());
            let mut count = 0_u32;
            while let Some((at, frame)) = self.live.next_before(until) {
                self.frames.put(self.record.stamp(at), &frame)?;
                count = count.wrapping_add(1);
                if count.is_multiple_of(FRAMES) {
                    if self.ends() {
                        return Ok(());
                    }
                    self.tell()?;
                }
            }
            self.at = until;
            if until == self.live.end() {
                self.live = live(&self.record, until);
            }
        }
        self.tell()
    }

    fn tell(&mut self) -> io::Result<()> {
        if self.told.elapsed() < LOOK {
            return Ok(());
        }
        self.told = Instant::now();
        self.frames.tell()
    }

    /// Begins an attack, once it is written down who wanted it.
    fn attack(&mut self, wish: &Wish) -> Result<Run, Refused> {
        let drill = self.live.prepare(wish.attack, self.at.after_s(SOON_S)).ok_or(Refused::Lacks)?;
        let stamp = |moment| self.record.stamp(moment).to_string();
        let run = self.app.drills.begin(Run {
            id: 0,
            attack: wish.attack.name().to_owned(),
            by: wish.by.clone(),
            began: stamp(drill.start),
            ends: drill.end.map(stamp),
            state: RunState::Running,
            devices: self.parts(&drill),
        })?;
        self.live.start(drill);
        Ok(run)
    }

    /// Who takes part in it, whoever acts first.
    fn parts(&self, drill: &Drill) -> Vec<Part> {
        let devices = self.live.hospital().around().devices();
        let part = |end: &Peer, acts: bool| match end {
            Peer::Device(number) => devices.get(*number).map(|device| Part {
                name: device.name.clone(),
                address: device.station.ip.to_string(),
                mac: Some(device.mac_text()),
                acts,
            }),
            Peer::Outside(ip) => Some(Part { name: String::new(), address: ip.to_string(), mac: None, acts }),
        };
        let others = drill.others.iter().filter_map(|end| part(end, false));
        part(&Peer::Device(drill.by), true).into_iter().chain(others).collect()
    }
}

fn live(record: &Record, from: Moment) -> Live {
    Live::begin(record.seed, usize::try_from(record.devices).unwrap_or(usize::MAX), from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_stamped_ahead_and_time_goes_on_after_a_restart() {
        let start = 1_793_577_600_000_000;
        let record = Record { seed: 1, devices: 20, clock: start, hospital: start, speed: 6, played: start };
        let micros = |moment| record.stamp(moment).0 / 1_000;
        // Before: as it would have been. After: six hours in one.
        assert_eq!(micros(Moment(start - 3 * HOUR_US)), (start - 3 * HOUR_US) as i64);
        assert_eq!(micros(Moment(start + 6 * HOUR_US)), (start + HOUR_US) as i64);
        let mut last = i64::MIN;
        for step in 0..100 {
            let clock = start + step * 77_777_777;
            let stamp = micros(record.moment(clock));
            assert!(stamp > last && stamp <= clock as i64, "{stamp} at {clock}");
            last = stamp;
        }
    }
}
