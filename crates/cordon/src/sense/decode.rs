//! The process that looks into packets: frames in, observations out, nothing else within reach.

use std::io::{BufReader, Write};

use model::Observation;
use model::observation::FrameRef;
use sensor::transcript::Batch;
use sensor::{Observer, Sensor};

use super::{confine, pipe};
use crate::failure::Failure;

/// A batch is told when it holds so many observations, or when the card is waited for.
const BATCH_OBSERVATIONS: usize = 512;

#[derive(Default)]
struct Writer {
    batch: Batch,
}

impl Observer for Writer {
    fn observe(&mut self, observation: Observation<'_>) {
        self.batch.add(&observation);
    }
}

/// Decodes until the frames end, or nobody reads.
pub fn run() -> Result<(), Failure> {
    confine::to(confine::DECODER)?;
    let mut input = BufReader::with_capacity(1 << 16, std::io::stdin().lock());
    let mut out = std::io::stdout().lock();
    let (mut sensor, mut writer, mut bytes) = (Sensor::default(), Writer::default(), Vec::new());
    let mut number = 0_u64;
    loop {
        let is_due = match pipe::input(&mut input, &mut bytes) {
            Ok(Some(pipe::Input::Frame(frame))) => {
                number = number.saturating_add(1);
                sensor.frame(&frame, FrameRef { capture: 0, number }, &mut writer);
                writer.batch.count() >= BATCH_OBSERVATIONS
            }
            Ok(Some(pipe::Input::Accounting(accounting))) => {
                let mut told = Vec::new();
                pipe::put_accounting(&mut told, accounting);
                if tell(&mut out, &mut writer).and_then(|()| out.write_all(&told)).and_then(|()| out.flush()).is_err() {
                    return Ok(());
                }
                false
            }
            // However the frames ended, what was read of them stands.
            Ok(None) | Err(_) => {
                sensor.finish(&mut writer);
                let _ = tell(&mut out, &mut writer).and_then(|()| out.flush());
                return Ok(());
            }
        };
        if is_due && tell(&mut out, &mut writer).is_err() {
            return Ok(());
        }
    }
}

fn tell(out: &mut impl Write, writer: &mut Writer) -> std::io::Result<()> {
    if writer.batch.count() > 0 {
        pipe::write_batch(out, writer.batch.bytes())?;
        writer.batch.clear();
    }
    Ok(())
}
