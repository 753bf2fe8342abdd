//! Commands in the stream (RFC 854 "TELNET COMMAND STRUCTURE"), read byte by byte: they may be cut anywhere.

use crate::protocols::Probe;

/// Interpret as command.
const IAC: u8 = 255;
const SE: u8 = 240;
const SB: u8 = 250;
const WILL: u8 = 251;
const DONT: u8 = 254;
/// `ENCRYPT` (RFC 2946) and `START_TLS` (draft-altman-telnet-starttls).
const ENCRYPT: u8 = 38;
const START_TLS: u8 = 46;
/// How far into one side's bytes commands are counted to recognise the protocol.
const PROBE_BYTES_MAX: usize = 64;

/// Options of IANA's "Telnet Options" registry, and those of game servers and of NVT compression.
const fn is_option(option: u8) -> bool {
    matches!(option, 0..=50 | 69 | 70 | 85 | 86 | 90..=93 | 138..=140 | 200 | 201 | 255)
}

/// The name of an option, where it is one that devices speak.
pub(super) const fn option_name(option: u8) -> Option<&'static str> {
    Some(match option {
        0 => "binary",
        1 => "echo",
        3 => "suppress_go_ahead",
        5 => "status",
        6 => "timing_mark",
        24 => "terminal_type",
        25 => "end_of_record",
        31 => "window_size",
        32 => "terminal_speed",
        33 => "remote_flow_control",
        34 => "linemode",
        35 => "x_display",
        36 => "environment",
        37 => "authentication",
        38 => "encrypt",
        39 => "new_environment",
        40 => "tn3270e",
        42 => "charset",
        44 => "com_port",
        46 => "start_tls",
        _ => return None,
    })
}

/// Whether one side's first bytes are commands.
pub(super) fn probe(bytes: &[u8], hinted: bool) -> Probe {
    let mut rest = bytes.get(..PROBE_BYTES_MAX).unwrap_or(bytes);
    let mut count = 0_u8;
    loop {
        rest = match rest {
            [] if count == 0 => return Probe::No,
            [] => return if count >= 2 || hinted { Probe::Yes } else { Probe::More },
            [IAC] | [IAC, SB..=DONT] => return if count >= 2 { Probe::Yes } else { Probe::More },
            [IAC, WILL..=DONT, option, behind @ ..] if is_option(*option) => behind,
            [IAC, SB, option, ..] if is_option(*option) && (count > 0 || hinted) => return Probe::Yes,
            [IAC, ..] => return Probe::No,
            // One command, then text.
            [first, ..] if count > 0 => {
                let is_text = first.is_ascii_graphic() || first.is_ascii_whitespace() || *first == 0x1b;
                return if is_text || count >= 2 { Probe::Yes } else { Probe::No };
            }
            _ => return Probe::No,
        };
        count = count.saturating_add(1);
    }
}

/// Where one direction stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Data,
    Command,
    Negotiation(u8),
    /// In parameters; the option until its first byte came.
    Parameters(Option<u8>),
    ParametersCommand(Option<u8>),
}

/// What a byte turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Part of a command.
    Nothing,
    Data(u8),
    /// `WILL`, `WONT`, `DO` or `DONT`, and the option.
    Negotiated(&'static str, u8),
    /// Encryption begins.
    Encryption,
}

impl State {
    /// Takes the next byte.
    pub(super) fn next(&mut self, byte: u8) -> Found {
        let (state, found) = match (*self, byte) {
            (Self::Data, IAC) => (Self::Command, Found::Nothing),
            (Self::Data, _) => (Self::Data, Found::Data(byte)),
            (Self::Command, SB) => (Self::Parameters(None), Found::Nothing),
            (Self::Command, WILL..=DONT) => (Self::Negotiation(byte), Found::Nothing),
            (Self::Command, IAC) => (Self::Data, Found::Data(IAC)),
            (Self::Command, _) => (Self::Data, Found::Nothing),
            (Self::Negotiation(verb), option) => (Self::Data, Found::Negotiated(verb_name(verb), option)),
            (Self::Parameters(option), IAC) => (Self::ParametersCommand(option), Found::Nothing),
            (Self::Parameters(None), option) => (Self::Parameters(Some(option)), Found::Nothing),
            (Self::Parameters(option), _) => (Self::Parameters(option), Found::Nothing),
            (Self::ParametersCommand(Some(ENCRYPT | START_TLS)), SE) => (Self::Data, Found::Encryption),
            (Self::ParametersCommand(_), SE) => (Self::Data, Found::Nothing),
            (Self::ParametersCommand(option), _) => (Self::Parameters(option), Found::Nothing),
        };
        *self = state;
        found
    }
}

const fn verb_name(verb: u8) -> &'static str {
    match verb {
        WILL => "will ",
        252 => "wont ",
        253 => "do ",
        _ => "dont ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_recognised_and_other_bytes_are_not() {
        assert_eq!(probe(&[255, 253, 24, 255, 251, 1], false), Probe::Yes);
        assert_eq!(probe(&[255, 253, 24], false), Probe::More);
        assert_eq!(probe(&[255, 253, 24], true), Probe::Yes);
        assert_eq!(probe(b"\xff\xfb\x01login: ", false), Probe::Yes);
        assert_eq!(probe(&[255, 253, 24, 255, 250, 24, 1], false), Probe::Yes);
        assert_eq!(probe(&[255, 216, 255, 224], true), Probe::No);
        assert_eq!(probe(&[255, 253, 99], true), Probe::No);
        assert_eq!(probe(b"login: ", true), Probe::No);
    }
}
