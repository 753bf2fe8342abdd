//! One connection: options first, then the server's greeting, then perhaps a sign-in.

use model::{Message, Messages, Subject, Weakness};

use super::banner;
use super::commands::{Found, State, option_name};
use super::login::{Line, Prompt};
use super::{ACCEPTED, LINE, LOGIN_PROMPT, OPTION, PASSWORD_PROMPT, PROMPT};
use crate::credentials::{self, Typed};
use crate::protocols::{Direction, Input, Session, Step};

/// How many options of each side are told.
const OPTIONS_MAX: usize = 32;
/// How many lines of a greeting are told, and how much text they may take.
const LINES_MAX: usize = 4;
const GREETING_BYTES_MAX: usize = 512;
/// After that much text nobody signs in any more.
const TEXT_BYTES_MAX: u32 = 64 * 1_024;
/// How much a server may say between a password and its verdict.
const VERDICT_BYTES_MAX: u16 = 1_024;
/// How many failed sign-ins are followed.
const ATTEMPTS_MAX: u8 = 8;

/// Whether somebody is signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The server greets; nobody typed anything.
    Greeting,
    /// Between prompts.
    Idle,
    Name,
    Password,
    /// The server's verdict on the password, so many bytes on.
    Verdict(u16),
}

/// One direction's options.
#[derive(Default)]
struct Lane {
    state: State,
    options: Vec<(&'static str, u8)>,
    told: bool,
}

/// One connection.
pub(super) struct Connection {
    client: Lane,
    server: Lane,
    phase: Phase,
    greeting: Vec<u8>,
    lines: usize,
    line: Line,
    name: Typed,
    password: Typed,
    /// The last byte typed was a CR: a NUL or LF after it belongs to it (RFC 854 "THE NVT PRINTER AND KEYBOARD").
    after_return: bool,
    text_bytes: u32,
    attempts: u8,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            client: Lane::default(),
            server: Lane::default(),
            phase: Phase::Greeting,
            greeting: Vec::new(),
            lines: 0,
            line: Line::new(),
            name: Typed::new(),
            password: Typed::new(),
            after_return: false,
            text_bytes: 0,
            attempts: 0,
        }
    }

    /// Tells the options of both sides, once the first of them says anything else.
    fn tell_options(&mut self, speaking: Direction, messages: &mut Messages) {
        for (lane, direction) in
            [(&mut self.server, Direction::ToInitiator), (&mut self.client, Direction::ToResponder)]
        {
            if lane.told || lane.options.is_empty() {
                continue;
            }
            lane.told = true;
            let message = messages.begin("telnet", "negotiation");
            about(message, direction, speaking);
            for (verb, option) in std::mem::take(&mut lane.options) {
                add_option(message, verb, option);
            }
        }
    }

    fn negotiated(&mut self, verb: &'static str, option: u8, direction: Direction) {
        let lane = match direction {
            Direction::ToResponder => &mut self.client,
            Direction::ToInitiator => &mut self.server,
        };
        if !lane.told && lane.options.len() < OPTIONS_MAX {
            lane.options.push((verb, option));
        }
    }

    /// Ends the greeting. `prompt` is what ended it, or somebody typed.
    fn greeted(&mut self, prompt: Option<Prompt>, speaking: Direction, messages: &mut Messages) {
        self.phase = Phase::Idle;
        let greeting = std::mem::take(&mut self.greeting);
        // Text alone may be from the middle of anything.
        if prompt.is_none() && !self.server.told || greeting.is_empty() && prompt.is_none() {
            return;
        }
        let message = messages.begin("telnet", "banner");
        about(message, Direction::ToInitiator, speaking);
        for line in greeting.split(|byte| *byte == b'\n') {
            if let Some(line) = banner::told(line) {
                message.bytes(&LINE, line.as_bytes());
            }
        }
        if prompt.is_some() && self.line.is_plain_prompt() {
            message.bytes(&PROMPT, self.line.text());
        }
        match prompt {
            Some(Prompt::Name) => message.flag(&LOGIN_PROMPT, true),
            Some(Prompt::Password) => message.flag(&PASSWORD_PROMPT, true),
            None => message,
        };
        message.weak(Weakness::CleartextManagement);
        if prompt.is_some() {
            message.weak(Weakness::CleartextCredentials);
        }
    }

    /// A byte that the server says. `Done` if nothing more is of interest.
    fn said(&mut self, byte: u8, messages: &mut Messages) -> Step {
        self.text_bytes = self.text_bytes.saturating_add(1);
        if self.text_bytes > TEXT_BYTES_MAX {
            return Step::Done;
        }
        if byte == b'\n' {
            return self.line_said(messages);
        }
        self.line.push(byte);
        if byte == b':'
            && let Some(prompt) = self.line.prompt()
        {
            self.prompted(prompt, messages);
        }
        match self.phase {
            Phase::Verdict(bytes) if bytes >= VERDICT_BYTES_MAX => self.verdict(true, messages),
            Phase::Verdict(_) if matches!(byte, b'#' | b'$' | b'>' | b'%') && !self.line.refuses() => {
                self.verdict(true, messages)
            }
            Phase::Verdict(bytes) => {
                self.phase = Phase::Verdict(bytes.saturating_add(1));
                Step::Read(1)
            }
            _ => Step::Read(1),
        }
    }

    fn line_said(&mut self, messages: &mut Messages) -> Step {
        let text = self.line.text();
        let step = match self.phase {
            Phase::Greeting => {
                let fits = self.greeting.len().saturating_add(text.len()) < GREETING_BYTES_MAX;
                if !text.is_empty() && fits && self.lines < LINES_MAX {
                    self.lines = self.lines.saturating_add(1);
                    self.greeting.extend_from_slice(text);
                    self.greeting.push(b'\n');
                }
                Step::Read(1)
            }
            Phase::Verdict(_) if self.line.refuses() => self.verdict(false, messages),
            Phase::Verdict(_) if self.line.welcomes() => self.verdict(true, messages),
            _ => Step::Read(1),
        };
        self.line.clear();
        step
    }

    fn prompted(&mut self, prompt: Prompt, messages: &mut Messages) {
        match self.phase {
            Phase::Greeting => self.greeted(Some(prompt), Direction::ToInitiator, messages),
            // Asked again: the password was wrong.
            Phase::Verdict(_) => {
                self.verdict(false, messages);
            }
            Phase::Idle | Phase::Name | Phase::Password => {}
        }
        match prompt {
            Prompt::Name => {
                self.name.erase();
                self.phase = Phase::Name;
            }
            Prompt::Password => {
                self.password.erase();
                self.phase = Phase::Password;
            }
        }
    }

    /// The server accepted or refused.
    fn verdict(&mut self, accepted: bool, messages: &mut Messages) -> Step {
        let message = messages.begin("telnet", "login");
        message.flag(&ACCEPTED, accepted);
        if self.password.known() != Some(b"".as_slice()) {
            message.weak(Weakness::CleartextCredentials);
        }
        if accepted {
            message.weak(Weakness::CleartextManagement);
            if let (Some(name), Some(password)) = (self.name.known(), self.password.known()) {
                if password.is_empty() {
                    message.weak(Weakness::AnonymousAccess);
                }
                if credentials::is_default(name, password) {
                    message.weak(Weakness::DefaultCredentials);
                }
            }
        }
        self.name.erase();
        self.password.erase();
        self.phase = Phase::Idle;
        self.attempts = self.attempts.saturating_add(1);
        if accepted || self.attempts >= ATTEMPTS_MAX { Step::Done } else { Step::Read(1) }
    }

    /// A byte that the client types.
    fn typed(&mut self, byte: u8, messages: &mut Messages) {
        let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
        if after_return && matches!(byte, 0 | b'\n') {
            return;
        }
        if self.phase == Phase::Greeting {
            self.greeted(None, Direction::ToResponder, messages);
        }
        let ends = matches!(byte, b'\r' | b'\n');
        match self.phase {
            Phase::Name if ends => self.phase = Phase::Idle,
            Phase::Password if ends => {
                if self.password.known() != Some(b"".as_slice()) {
                    let message = messages.begin("telnet", "login");
                    message.weak(Weakness::CleartextCredentials).weak(Weakness::CleartextManagement);
                }
                self.phase = Phase::Verdict(0);
                self.line.clear();
            }
            Phase::Name => type_into(&mut self.name, byte),
            Phase::Password => type_into(&mut self.password, byte),
            Phase::Greeting | Phase::Idle | Phase::Verdict(_) => {}
        }
    }
}

fn type_into(typed: &mut Typed, byte: u8) {
    match byte {
        0x08 | 0x7f => typed.rub_out(),
        0..=0x1f => {}
        _ => typed.push(byte),
    }
}

/// A message about one side may be complete only when the other speaks.
fn about(message: &mut Message, direction: Direction, speaking: Direction) {
    if direction != speaking {
        message.about(Subject::Receiver);
    }
}

/// Adds an option as `do terminal_type`, or `do 99` if it has no name here.
fn add_option(message: &mut Message, verb: &'static str, option: u8) {
    let mut text = [0_u8; 32];
    let mut digits = [b'0'; 3];
    let mut rest = option;
    for digit in digits.iter_mut().rev() {
        *digit = b'0'.saturating_add(rest % 10);
        rest /= 10;
    }
    let zeros = digits.iter().take(2).take_while(|digit| **digit == b'0').count();
    let number = digits.get(zeros..).unwrap_or_default();
    let name = option_name(option).map_or(number, str::as_bytes);
    let mut length = 0_usize;
    for (place, byte) in text.iter_mut().zip(verb.bytes().chain(name.iter().copied())) {
        *place = byte;
        length = length.saturating_add(1);
    }
    message.bytes(&OPTION, text.get(..length).unwrap_or_default());
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        for byte in input.bytes {
            let lane = match input.direction {
                Direction::ToResponder => &mut self.client,
                Direction::ToInitiator => &mut self.server,
            };
            match lane.state.next(*byte) {
                Found::Nothing => {}
                Found::Negotiated(verb, option) => self.negotiated(verb, option, input.direction),
                Found::Encryption => return Step::Done,
                Found::Data(byte) => {
                    self.tell_options(input.direction, messages);
                    match input.direction {
                        Direction::ToResponder => self.typed(byte, messages),
                        Direction::ToInitiator => {
                            if self.said(byte, messages) == Step::Done {
                                return Step::Done;
                            }
                        }
                    }
                }
            }
        }
        Step::Read(input.bytes.len().max(1))
    }

    fn gap(&mut self, direction: Direction) -> bool {
        let lane = match direction {
            Direction::ToResponder => &mut self.client,
            Direction::ToInitiator => &mut self.server,
        };
        lane.state = State::Data;
        // What is missing may have been the prompt, or part of what was typed.
        self.phase = Phase::Idle;
        self.greeting.clear();
        self.line.clear();
        self.name.erase();
        self.password.erase();
        true
    }
}
