//! The process that reads a capture: it was opened for it as standard input, and nothing else is within reach.

use std::io::Write;

use model::observation::FrameRef;
use sensor::Sensor;
use sensor::capture::CaptureFile;

use super::decode::{Writer, counted};
use super::{Reading, confine, pipe};
use crate::failure::Failure;

/// How often it is told how far the file was read, in frames.
const TELL_FRAMES: u64 = 16_384;

/// Reads to the end, or to where the capture is damaged.
pub fn run(size: u64) -> Result<(), Failure> {
    confine::to(confine::DECODER)?;
    let refused = |error: &dyn std::fmt::Display| Failure::Wrong(error.to_string());
    let mut file = CaptureFile::of(Box::new(std::io::stdin()), size).map_err(|error| refused(&error))?;
    let mut writer = Writer::new(std::io::stdout().lock());
    let (mut sensor, mut reading) = (Sensor::default(), Reading::default());
    // Who cannot be told anything any more has gone: that is an end like any other.
    while !writer.is_deaf() {
        let Some(frame) = file.next_frame() else { break };
        reading.frames = reading.frames.saturating_add(1);
        reading.newest = reading.newest.max(Some(frame.time.0));
        sensor.frame(&frame, FrameRef { capture: 0, number: reading.frames }, &mut writer);
        if reading.frames.is_multiple_of(TELL_FRAMES) {
            reading.position = file.position();
            writer.tell();
            writer.write(|out, _| pipe::write_reading(out, &reading));
        }
    }
    sensor.finish(&mut writer);
    writer.tell();
    reading.counters = counted(&sensor);
    reading.notes = file.finish().map_err(|error| refused(&error))?.notes;
    (reading.position, reading.done) = (size, true);
    writer.write(|out, _| pipe::write_reading(out, &reading).and_then(|()| out.flush()));
    Ok(())
}
