//! What a decoder hands out: one [`Message`] for each message on the wire, made of allow-listed fields and neutral facts.

use std::net::IpAddr;

use crate::form::{KnownTexts, Verdict};
use crate::{Field, Form, MacAddr, Weakness};

/// The longest text that a field keeps, in bytes; the rest is cut.
pub const TEXT_BYTES_MAX: usize = 255;
/// The most fields that one message keeps; further ones are dropped.
pub const FIELDS_MAX: usize = 192;

/// Whom a message tells something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Whoever sent the frame (the usual case).
    Sender,
    /// Whoever the frame was sent to.
    Receiver,
    /// The station with this hardware address.
    Hardware(MacAddr),
    /// The station with this address.
    Address(IpAddr),
    /// A device known only through the sender, told apart by the message's [`identity`](Message::identity).
    Behind,
    /// The sender itself, unless the sender is seen to speak for several identities: then devices behind it.
    SelfOrBehind,
}

/// A field's value as it is read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value<'a> {
    /// Printable text of at most [`TEXT_BYTES_MAX`] bytes.
    Text(&'a str),
    /// A number.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// A hardware address.
    Mac(MacAddr),
    /// An IP address.
    Ip(IpAddr),
}

impl Value<'_> {
    /// The address, if it is one.
    pub const fn ip(self) -> Option<IpAddr> {
        match self {
            Self::Ip(ip) => Some(ip),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Stored {
    Text(Span),
    Number(u64),
    Flag(bool),
    Mac(MacAddr),
    Ip(IpAddr),
}

/// A stretch of the message's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
}

/// An address that a message ties to a hardware address (ARP, NDP, DHCP).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The station.
    pub mac: MacAddr,
    /// Its address.
    pub ip: IpAddr,
    /// How long the address was granted for, where it was granted (a DHCP lease).
    pub lease_seconds: Option<u32>,
}

/// One decoded message: its allow-listed fields, in the order of the wire, and what they mean.
#[derive(Debug)]
pub struct Message {
    protocol: &'static str,
    kind: &'static str,
    subject: Subject,
    from_responder: bool,
    text: String,
    fields: Vec<(&'static Field, Stored)>,
    operation: Option<Span>,
    identity: Option<Span>,
    bindings: Vec<Binding>,
    weaknesses: Vec<Weakness>,
    /// Lent to the message that is being written.
    known: KnownTexts,
}

impl Message {
    fn empty() -> Self {
        Self {
            protocol: "",
            kind: "",
            subject: Subject::Sender,
            from_responder: false,
            text: String::new(),
            fields: Vec::new(),
            operation: None,
            identity: None,
            bindings: Vec::new(),
            weaknesses: Vec::new(),
            known: KnownTexts::default(),
        }
    }

    fn restart(&mut self, protocol: &'static str, kind: &'static str) {
        self.protocol = protocol;
        self.kind = kind;
        self.subject = Subject::Sender;
        self.from_responder = false;
        self.text.clear();
        self.fields.clear();
        self.operation = None;
        self.identity = None;
        self.bindings.clear();
        self.weaknesses.clear();
    }

    /// The short lower-case name of the protocol, as in `dicom`.
    pub fn protocol(&self) -> &'static str {
        self.protocol
    }

    /// Which message of the protocol this is, as in `associate_rq`.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Whom the fields describe.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// Whether the side that was asked sent it, rather than the side that opened the connection.
    pub fn from_responder(&self) -> bool {
        self.from_responder
    }

    /// The fields in the order of the wire; a list is a field that repeats.
    pub fn fields(&self) -> impl Iterator<Item = (&'static Field, Value<'_>)> {
        self.fields.iter().map(|(field, stored)| (*field, self.value(*stored)))
    }

    /// The first value of the field of that name.
    pub fn field(&self, name: &str) -> Option<Value<'_>> {
        self.fields().find(|(field, _)| field.name == name).map(|(_, value)| value)
    }

    /// The first value of the field of that name, if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.field(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The operation that was asked for or answered, as in `C-STORE` or `ORU^R01`.
    pub fn operation(&self) -> Option<&str> {
        self.operation.map(|span| self.slice(span))
    }

    /// What tells a device behind the sender from its neighbours, usually a serial number.
    pub fn identity(&self) -> Option<&str> {
        self.identity.map(|span| self.slice(span))
    }

    /// Addresses tied to hardware addresses.
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// Weaknesses that showed.
    pub fn weaknesses(&self) -> &[Weakness] {
        &self.weaknesses
    }

    fn value(&self, stored: Stored) -> Value<'_> {
        match stored {
            Stored::Text(span) => Value::Text(self.slice(span)),
            Stored::Number(number) => Value::Number(number),
            Stored::Flag(flag) => Value::Flag(flag),
            Stored::Mac(mac) => Value::Mac(mac),
            Stored::Ip(ip) => Value::Ip(ip),
        }
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    fn put(&mut self, field: &'static Field, stored: Stored) -> &mut Self {
        if self.fields.len() < FIELDS_MAX {
            self.fields.push((field, stored));
        }
        self
    }

    /// Keeps the text cleaned: invalid UTF-8 and control characters become `�`, outer blanks and NULs go, and it ends with the
    /// first NUL inside. Nothing is kept of what holds [marks of framing](is_framing): that is no text, but what a broken length
    /// made of text and whatever follows it.
    fn keep(&mut self, text: &str) -> Span {
        let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        let start = self.text.len();
        // Nearly all text is printable ASCII, which stays as it is and can be cut anywhere.
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            self.text.push_str(text.get(..TEXT_BYTES_MAX).unwrap_or(text));
            return Span { start, end: self.text.len() };
        }
        let text = text.split('\0').next().unwrap_or_default().trim_end();
        if text.bytes().any(is_framing) {
            return Span { start, end: start };
        }
        for character in text.chars() {
            let clean = if character.is_control() || is_hidden(character) { '\u{fffd}' } else { character };
            if self.text.len().saturating_sub(start).saturating_add(clean.len_utf8()) > TEXT_BYTES_MAX {
                break;
            }
            self.text.push(clean);
        }
        Span { start, end: self.text.len() }
    }

    /// Adds text as it came off the wire. Empty text (after trimming blanks and NULs) is no value and is not added; no
    /// more is text without the [form](Form) that the field declares.
    pub fn bytes(&mut self, field: &'static Field, bytes: &[u8]) -> &mut Self {
        // Far more than TEXT_BYTES_MAX can never be kept: do not convert megabytes.
        let bytes = bytes.get(..TEXT_BYTES_MAX.saturating_mul(4)).unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => self.str(field, text),
            Err(_) => {
                let lossy = String::from_utf8_lossy(bytes);
                self.str(field, &lossy)
            }
        }
    }

    /// Adds text. Empty text (after trimming blanks and NULs) is no value and is not added; no more is text without the
    /// [form](Form) that the field declares.
    pub fn str(&mut self, field: &'static Field, text: &str) -> &mut Self {
        let span = self.keep(text);
        match self.judge(field.form, span) {
            _ if span.start == span.end => self,
            Verdict::Whole => self.put(field, Stored::Text(span)),
            Verdict::Masked => {
                let span = self.mask(field.form, span);
                self.put(field, Stored::Text(span))
            }
            Verdict::Nothing => {
                self.text.truncate(span.start);
                self
            }
        }
    }

    fn judge(&mut self, form: Form, span: Span) -> Verdict {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        self.known.judge(form, text)
    }

    /// Replaces each word that may be a person's by `*`.
    fn mask(&mut self, form: Form, span: Span) -> Span {
        let told = form.masked(self.slice(span));
        self.text.truncate(span.start);
        self.text.push_str(&told);
        Span { start: span.start, end: self.text.len() }
    }

    /// Adds bytes as lower-case hexadecimal digits.
    pub fn hex(&mut self, field: &'static Field, bytes: &[u8]) -> &mut Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let start = self.text.len();
        for byte in bytes.iter().take(TEXT_BYTES_MAX / 2) {
            for nibble in [byte >> 4, byte & 15] {
                self.text.push(DIGITS.get(usize::from(nibble)).map_or('0', |digit| char::from(*digit)));
            }
        }
        let span = Span { start, end: self.text.len() };
        if bytes.is_empty() { self } else { self.put(field, Stored::Text(span)) }
    }

    /// Adds a number.
    pub fn number(&mut self, field: &'static Field, number: impl Into<u64>) -> &mut Self {
        self.put(field, Stored::Number(number.into()))
    }

    /// Adds yes or no.
    pub fn flag(&mut self, field: &'static Field, flag: bool) -> &mut Self {
        self.put(field, Stored::Flag(flag))
    }

    /// Adds a hardware address.
    pub fn mac(&mut self, field: &'static Field, mac: MacAddr) -> &mut Self {
        self.put(field, Stored::Mac(mac))
    }

    /// Adds an IP address.
    pub fn ip(&mut self, field: &'static Field, ip: impl Into<IpAddr>) -> &mut Self {
        self.put(field, Stored::Ip(ip.into()))
    }

    /// Says whom the fields describe; the sender, if never called.
    pub fn about(&mut self, subject: Subject) -> &mut Self {
        self.subject = subject;
        self
    }

    /// Says that the fields describe a device behind the sender, told apart by `identity`.
    /// An empty identity changes nothing.
    pub fn behind(&mut self, identity: &str) -> &mut Self {
        self.identified(Subject::Behind, identity)
    }

    /// Says that the fields describe the sender, or a device behind it if the sender speaks for several identities.
    /// An empty identity changes nothing.
    pub fn self_or_behind(&mut self, identity: &str) -> &mut Self {
        self.identified(Subject::SelfOrBehind, identity)
    }

    fn identified(&mut self, subject: Subject, identity: &str) -> &mut Self {
        let mut span = self.keep(identity);
        // What may be a person's is not told, yet there is a device behind the sender.
        if self.slice(span).contains('^') || self.judge(Form::Identifier, span) != Verdict::Whole {
            self.text.truncate(span.start);
            span = self.keep("*");
        }
        if span.start != span.end {
            self.subject = subject;
            self.identity = Some(span);
        }
        self
    }

    /// Adds a value that a message of this kind held before: its text had the field's form then. It is cleaned and cut as
    /// any other.
    pub fn told(&mut self, field: &'static Field, value: Value<'_>) -> &mut Self {
        let stored = match value {
            Value::Text(text) => {
                let span = self.keep(text);
                if span.start == span.end {
                    return self;
                }
                Stored::Text(span)
            }
            Value::Number(number) => Stored::Number(number),
            Value::Flag(flag) => Stored::Flag(flag),
            Value::Mac(mac) => Stored::Mac(mac),
            Value::Ip(ip) => Stored::Ip(ip),
        };
        self.put(field, stored)
    }

    /// Says whom the fields describe, and what tells a device behind the sender, as a message said it before.
    pub fn told_about(&mut self, subject: Subject, identity: &str) -> &mut Self {
        self.identified(subject, identity).about(subject)
    }

    /// Names the operation that was asked for or answered. Decoders name it from a list or check its form themselves.
    pub fn operated(&mut self, operation: &str) -> &mut Self {
        let span = self.keep(operation);
        if span.start != span.end {
            self.operation = Some(span);
        }
        self
    }

    /// Ties an address to a hardware address.
    pub fn bound(&mut self, mac: MacAddr, ip: impl Into<IpAddr>, lease_seconds: Option<u32>) -> &mut Self {
        let ip = ip.into();
        if mac.is_station() && !ip.is_unspecified() && !ip.is_multicast() && self.bindings.len() < FIELDS_MAX {
            self.bindings.push(Binding { mac, ip, lease_seconds });
        }
        self
    }

    /// Notes a weakness; a second time for the same message changes nothing.
    pub fn weak(&mut self, weakness: Weakness) -> &mut Self {
        if !self.weaknesses.contains(&weakness) {
            self.weaknesses.push(weakness);
        }
        self
    }
}

/// Characters that draw nothing, end a line, or turn the direction of reading (Unicode 16 §23: format characters, separators of
/// lines and paragraphs, fillers, selectors, tags): a name must look like what it is. Control characters are not among them.
pub const fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The messages of one frame, in buffers that are used again for the next.
#[derive(Debug, Default)]
pub struct Messages {
    pool: Vec<Message>,
    used: usize,
    /// The message that was begun last.
    written: usize,
}

impl Messages {
    /// No messages, no memory.
    pub const fn new() -> Self {
        Self { pool: Vec::new(), used: 0, written: 0 }
    }

    /// Starts the next message. It stands as soon as it is started: a decoder calls this when the message is whole.
    pub fn begin(&mut self, protocol: &'static str, kind: &'static str) -> &mut Message {
        if self.used == self.pool.len() {
            self.pool.push(Message::empty());
        }
        let index = self.used;
        self.used = index.saturating_add(1);
        let known = self.pool.get_mut(self.written).map(|last| std::mem::take(&mut last.known));
        self.written = index;
        // The slot exists: it was pushed above if it was missing.
        #[allow(clippy::indexing_slicing)]
        let message = &mut self.pool[index];
        message.known = known.unwrap_or_default();
        message.restart(protocol, kind);
        message
    }

    /// Notes that the responder sent the messages from `first` on.
    pub fn sent_by_responder(&mut self, first: usize) {
        for message in self.pool.iter_mut().take(self.used).skip(first) {
            message.from_responder = true;
        }
    }

    /// Takes back the message that was begun last.
    pub fn discard_last(&mut self) {
        self.used = self.used.saturating_sub(1);
    }

    /// The messages begun since the last [`clear`](Self::clear).
    pub fn iter(&self) -> impl Iterator<Item = &Message> {
        self.pool.iter().take(self.used)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.used
    }

    /// Forgets the messages, keeps the buffers.
    pub fn clear(&mut self) {
        self.used = 0;
    }
}

/// Control characters that stand in binary framing, as small numbers and tags, and command no terminal.
const fn is_framing(byte: u8) -> bool {
    matches!(byte, 1..=6 | 0x10..=0x1a | 0x1c..=0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    static NAME: Field = Field::site("name");

    #[test]
    fn text_is_bounded_and_printable() {
        let mut messages = Messages::new();
        let message = messages.begin("test", "one");
        message.bytes(&NAME, b"  A\x07B\xff\0\0");
        message.bytes(&NAME, b"told\0and whatever lay behind it");
        message.bytes(&NAME, b"A\x03B");
        message.bytes(&NAME, &[b'x'; 10_000]);
        message.str(&NAME, "safe\u{202e}exe.txt");
        message.bytes(&NAME, b" \0 ");
        let values: Vec<Value<'_>> = message.fields().map(|(_, value)| value).collect();
        assert_eq!(values.len(), 4);
        assert_eq!(values[0], Value::Text("A\u{fffd}B\u{fffd}"));
        assert_eq!(values[1], Value::Text("told"));
        assert!(matches!(values[2], Value::Text(text) if text.len() == TEXT_BYTES_MAX));
        assert_eq!(values[3], Value::Text("safe\u{fffd}exe.txt"));
    }

    #[test]
    fn buffers_are_used_again_and_hold_nothing_old() {
        let mut messages = Messages::new();
        messages.begin("test", "one").str(&NAME, "secret").operated("GET").weak(Weakness::SmbUnsigned);
        messages.clear();
        let message = messages.begin("test", "two");
        assert_eq!((message.fields().count(), message.operation(), message.weaknesses().len()), (0, None, 0));
        assert_eq!(messages.len(), 1);
    }
}
