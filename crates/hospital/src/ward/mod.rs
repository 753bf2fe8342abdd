//! A small hospital ward on a Monday morning, as a mirror port of its switch records it: the same bytes every time.
//!
//! [`devices`] lists the devices with what Cordon must find out about each; [`morning`] tells what they do and when.

pub mod devices;
pub mod morning;

use crate::capture;
use crate::frames::Tape;

/// The capture as a file (pcapng).
pub fn capture() -> Vec<u8> {
    let mut tape = Tape::new();
    morning::network::play(&mut tape);
    morning::bedside::play(&mut tape);
    morning::messages::play(&mut tape);
    morning::imaging::play(&mut tape);
    morning::building::play(&mut tape);
    morning::office::play(&mut tape);
    morning::trouble::play(&mut tape);
    let comment = "A made-up hospital ward, written by cargo xtask demo. No person, device or site is real.";
    capture::pcapng(comment, "sw-ward-3 mirror", &tape.frames())
}
