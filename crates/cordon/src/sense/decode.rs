//! The process that looks into packets: frames in, observations out, nothing else within reach.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};

use model::observation::FrameRef;
use model::{Observation, Timestamp};
use sensor::transcript::Batch;
use sensor::{Observer, ROUND_NANOSECONDS, Sensor};

use super::{Reading, confine, pipe};
use crate::failure::Failure;

/// A batch is told when it holds so many observations, or when the card tells its accounting.
const BATCH_OBSERVATIONS: usize = 512;

/// What was counted is told with every so manieth accounting.
const COUNT_TELLINGS: u32 = 8;

/// What was counted, by name.
pub(super) fn counted(sensor: &Sensor) -> BTreeMap<String, u64> {
    sensor.counters().all().map(|(name, count)| (name.to_owned(), count)).collect()
}

/// Tells observations in batches that are never large, however many connections end at once.
pub(super) struct Writer<W> {
    out: W,
    batch: Batch,
    /// The first failure of a write, which an observer cannot return.
    failed: Option<std::io::Error>,
}

impl<W: Write> Observer for Writer<W> {
    fn observe(&mut self, observation: Observation<'_>) {
        self.batch.add(&observation);
        if self.batch.count() >= BATCH_OBSERVATIONS {
            self.tell();
        }
    }
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, batch: Batch::default(), failed: None }
    }

    /// Whether nobody hears it any more.
    pub(super) fn is_deaf(&self) -> bool {
        self.failed.is_some()
    }

    /// Tells what was observed so far.
    pub(super) fn tell(&mut self) {
        if self.batch.count() > 0 {
            self.write(|out, batch| pipe::write_batch(out, batch));
            self.batch.clear();
        }
    }

    /// Writes something between the batches.
    pub(super) fn write(&mut self, work: impl FnOnce(&mut W, &[u8]) -> std::io::Result<()>) {
        if self.failed.is_none() {
            self.failed = work(&mut self.out, self.batch.bytes()).err();
        }
    }
}

/// Decodes until the frames end, or nobody reads.
pub fn run() -> Result<(), Failure> {
    confine::to(confine::DECODER)?;
    let mut input = BufReader::with_capacity(1 << 16, std::io::stdin().lock());
    let mut writer = Writer::new(std::io::stdout().lock());
    let (mut sensor, mut bytes, mut number) = (Sensor::default(), Vec::new(), 0_u64);
    let (mut tellings, mut told_open) = (0_u32, Timestamp(0));
    // Who cannot be told anything any more has gone: that is an end like any other.
    while !writer.is_deaf() {
        match pipe::input(&mut input, &mut bytes) {
            Ok(Some(pipe::Input::Frame(frame))) => {
                number = number.saturating_add(1);
                sensor.frame(&frame, FrameRef { capture: 0, number }, &mut writer);
                // By the clock of the frames: where none come there is nothing to tell.
                if frame.time.0.abs_diff(told_open.0) >= ROUND_NANOSECONDS {
                    sensor.tell_open(frame.time, &mut writer);
                    told_open = frame.time;
                }
            }
            Ok(Some(pipe::Input::Accounting(accounting))) => {
                let mut told = Vec::new();
                pipe::put_accounting(&mut told, accounting);
                writer.tell();
                writer.write(|out, _| out.write_all(&told).and_then(|()| out.flush()));
                tellings = tellings.wrapping_add(1);
                if tellings.is_multiple_of(COUNT_TELLINGS) {
                    let reading = Reading { frames: number, counters: counted(&sensor), ..Reading::default() };
                    writer.write(|out, _| pipe::write_reading(out, &reading).and_then(|()| out.flush()));
                }
            }
            // However the frames ended, what was read of them stands.
            ended => {
                sensor.finish(&mut writer);
                writer.tell();
                writer.write(|out, _| out.flush());
                return match ended {
                    Err(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
                        Err(Failure::Failed(format!("frames from the card: {error}")))
                    }
                    _ => Ok(()),
                };
            }
        }
    }
    Ok(())
}
