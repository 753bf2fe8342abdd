//! Bytes to observations.

use model::bytes::{Cursor, Malformed};
use model::message::{FIELDS_MAX, TEXT_BYTES_MAX};
use model::observation::{ConnectionState, FrameRef, Part, Side, Traffic};
use model::{Connection, Field, Message, Messages, Observation, Subject, Timestamp, Value, Weakness};
use wire::protocols::{self, Decoder};

use super::kinds;
use crate::flow::HOURS_MAX;

use super::{About, FORMAT, FORMAT_FIRST, HOURS_BIT, Kind, PART_SHIFT, Shape, WORD_BYTES_MAX, WORDS_MAX};
use crate::Observer;

/// Why a batch ends early. What was read before it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Another version of Cordon wrote it.
    #[error("the batch has another format")]
    Format,
    /// It ends in the middle of something.
    #[error("the batch is cut short")]
    Short,
    /// A number is larger than it may be.
    #[error("a number is out of range")]
    Number,
    /// A text or a list is longer than it may be.
    #[error("a text or a list is too long")]
    Long,
    /// A text is no UTF-8.
    #[error("a text is no text")]
    Text,
    /// It names a protocol, a field or a kind that this build does not have.
    #[error("a name is unknown")]
    Unknown,
}

impl From<Malformed> for Broken {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::Short => Self::Short,
            Malformed::Number => Self::Number,
            Malformed::Long => Self::Long,
            Malformed::Text => Self::Text,
            Malformed::Unknown => Self::Unknown,
        }
    }
}

/// Tells the observer what a batch holds, in order.
pub fn read(batch: &[u8], observer: &mut dyn Observer) -> Result<(), Broken> {
    let mut reader = Reader { cursor: Cursor(batch), words: Vec::new(), time: Timestamp(0), messages: Messages::new() };
    if !(FORMAT_FIRST..=FORMAT).contains(&reader.cursor.byte()?) {
        return Err(Broken::Format);
    }
    while !reader.cursor.is_empty() {
        reader.observation(observer)?;
    }
    Ok(())
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    words: Vec<Word<'a>>,
    time: Timestamp,
    messages: Messages,
}

/// A word, and the protocol that is called so.
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    decoder: Option<&'static dyn Decoder>,
}

impl<'a> Reader<'a> {
    fn observation(&mut self, observer: &mut dyn Observer) -> Result<(), Broken> {
        match self.cursor.one_of(&Kind::ALL)? {
            Kind::Sighting => {
                let (time, frame) = self.moment()?;
                let Side { mac, ip, .. } = self.side()?;
                let flags = self.cursor.byte()?;
                let (routed, addressed, vlan) = (flags & 1 != 0, flags & 2 != 0, self.vlan()?);
                observer.observe(Observation::Sighting { time, frame, mac, ip, routed, addressed, vlan });
            }
            Kind::Message => {
                let (time, frame) = self.moment()?;
                let connection = self.cursor.number()?.checked_sub(1);
                let ip_protocol = self.cursor.byte()?;
                let (sender, receiver) = (self.side()?, self.side()?);
                let vlan = self.vlan()?;
                self.message()?;
                for message in self.messages.iter() {
                    observer.observe(Observation::Message {
                        time,
                        frame,
                        connection,
                        ip_protocol,
                        sender,
                        receiver,
                        vlan,
                        message,
                    });
                }
            }
            Kind::Connection => observer.observe(Observation::Connection(&self.connection()?)),
        }
        Ok(())
    }

    fn moment(&mut self) -> Result<(Timestamp, FrameRef), Broken> {
        let time = self.time()?;
        Ok((time, FrameRef { capture: self.cursor.small()?, number: self.cursor.number()? }))
    }

    fn time(&mut self) -> Result<Timestamp, Broken> {
        self.time = Timestamp(self.time.0.wrapping_add(self.cursor.difference()?));
        Ok(self.time)
    }

    fn vlan(&mut self) -> Result<Option<u16>, Broken> {
        self.cursor.number()?.checked_sub(1).map(|vlan| u16::try_from(vlan).map_err(|_| Broken::Number)).transpose()
    }

    fn side(&mut self) -> Result<Side, Broken> {
        let there = self.cursor.byte()?;
        Ok(Side {
            mac: (there & 1 != 0).then(|| self.cursor.mac()).transpose()?,
            ip: (there & 2 != 0).then(|| self.cursor.ip()).transpose()?,
            port: (there & 4 != 0).then(|| self.cursor.array().map(u16::from_be_bytes)).transpose()?,
        })
    }

    fn word(&mut self) -> Result<Word<'a>, Broken> {
        let number: usize = self.cursor.small()?;
        if let Some(word) = self.words.get(number) {
            return Ok(*word);
        }
        if number != self.words.len() {
            return Err(Broken::Unknown);
        }
        let text = self.cursor.text(WORD_BYTES_MAX)?;
        let word = Word { text, decoder: protocols::named(text) };
        if self.words.len() < WORDS_MAX {
            self.words.push(word);
        }
        Ok(word)
    }

    /// Leaves one message in `self.messages`.
    fn message(&mut self) -> Result<(), Broken> {
        let decoder = self.word()?.decoder.ok_or(Broken::Unknown)?;
        let kind = self.word()?.text;
        let kind = kinds::lasting(kind).ok_or(Broken::Long)?;
        let from_responder = self.cursor.byte()? != 0;
        let subject = self.subject()?;
        let (operation, identity) = (self.cursor.text(TEXT_BYTES_MAX)?, self.cursor.text(TEXT_BYTES_MAX)?);
        self.messages.clear();
        let message = self.messages.begin(decoder.name(), kind);
        message.operated(operation).told_about(subject, identity);
        fields(&mut self.cursor, message, decoder.fields())?;
        for _ in 0..bounded(&mut self.cursor)? {
            let (mac, ip) = (self.cursor.mac()?, self.cursor.ip()?);
            let lease = self.cursor.number()?.checked_sub(1);
            let lease = lease.map(|seconds| u32::try_from(seconds).map_err(|_| Broken::Number)).transpose()?;
            message.bound(mac, ip, lease);
        }
        for _ in 0..bounded(&mut self.cursor)? {
            message.weak(self.cursor.one_of(Weakness::ALL)?);
        }
        if from_responder {
            self.messages.sent_by_responder(0);
        }
        Ok(())
    }

    fn subject(&mut self) -> Result<Subject, Broken> {
        Ok(match self.cursor.one_of(&About::ALL)? {
            About::Sender => Subject::Sender,
            About::Receiver => Subject::Receiver,
            About::Hardware => Subject::Hardware(self.cursor.mac()?),
            About::Address => Subject::Address(self.cursor.ip()?),
            About::Behind => Subject::Behind,
            About::SelfOrBehind => Subject::SelfOrBehind,
        })
    }

    fn connection(&mut self) -> Result<Connection, Broken> {
        let (start, first_frame) = self.moment()?;
        let (end, id) = (self.time()?, self.cursor.number()?);
        let (initiator, responder) = (self.side()?, self.side()?);
        let (ip_protocol, vlan) = (self.cursor.byte()?, self.vlan()?);
        let sent = Traffic { packets: self.cursor.number()?, bytes: self.cursor.number()? };
        let received = Traffic { packets: self.cursor.number()?, bytes: self.cursor.number()? };
        let state: usize = self.cursor.small()?;
        let mut hours = Vec::new();
        if state & HOURS_BIT != 0 {
            for _ in 0..Some(self.cursor.small()?).filter(|count| *count <= HOURS_MAX).ok_or(Broken::Long)? {
                hours.push(self.cursor.small()?);
            }
        }
        let state = state & !HOURS_BIT;
        let (state, part) = (state & ((1 << PART_SHIFT) - 1), state >> PART_SHIFT);
        let state = *ConnectionState::ALL.get(state).ok_or(Broken::Unknown)?;
        let part = *Part::ALL.get(part).ok_or(Broken::Unknown)?;
        let application = match self.word()? {
            Word { text: "", .. } => "",
            Word { decoder, .. } => decoder.ok_or(Broken::Unknown)?.name(),
        };
        let oriented = self.cursor.byte()? != 0;
        Ok(Connection {
            id,
            start,
            end,
            hours,
            first_frame,
            initiator,
            responder,
            ip_protocol,
            vlan,
            sent,
            received,
            part,
            state,
            application,
            oriented,
        })
    }
}

/// A length that no message exceeds.
fn bounded(cursor: &mut Cursor<'_>) -> Result<usize, Broken> {
    Some(cursor.small::<usize>()?).filter(|count| *count <= FIELDS_MAX).ok_or(Broken::Long)
}

fn fields(cursor: &mut Cursor<'_>, message: &mut Message, declared: &'static [&'static Field]) -> Result<(), Broken> {
    for _ in 0..bounded(cursor)? {
        let field = cursor.one_of(declared)?;
        let value = match cursor.one_of(&Shape::ALL)? {
            Shape::Text => Value::Text(cursor.text(TEXT_BYTES_MAX)?),
            Shape::Number => Value::Number(cursor.number()?),
            Shape::No => Value::Flag(false),
            Shape::Yes => Value::Flag(true),
            Shape::Mac => Value::Mac(cursor.mac()?),
            Shape::Ip => Value::Ip(cursor.ip()?),
        };
        message.told(field, value);
    }
    Ok(())
}
