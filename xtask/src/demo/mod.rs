//! A small hospital ward on a Monday morning, as a mirror port of its switch records it: the same bytes every time.
//!
//! Everything is made up: names, serial numbers and addresses (RFC 1918 inside, RFC 5737 outside) – only the first
//! halves of hardware addresses are those of real makers, so that they can be recognised. No patient is in it. Where
//! real traffic carries patients, staff or secrets stands a canary ([`ward::CANARY`]), which may appear in no output.
//!
//! [`ward`] lists the devices with what Cordon must find out about each; [`morning`] tells what they do and when;
//! [`talk`] says it in each protocol's bytes; [`tcp`] and [`frames`] carry it; [`capture`] writes the file.

pub mod bytes;
pub mod capture;
pub mod frames;
pub mod morning;
pub mod talk;
pub mod tcp;
pub mod ward;

/// The capture as a file (pcapng).
pub fn capture() -> Vec<u8> {
    let mut tape = frames::Tape::new();
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
