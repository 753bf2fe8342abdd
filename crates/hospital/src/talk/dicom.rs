//! DICOM (PS3.7, PS3.8): associations, echo, storage with the equipment's description, worklist, queries.

use crate::bytes::{Bytes, noise};
use crate::frames::{Moment, Station, Tape};
use crate::tcp::Talk;

/// Verification.
pub const VERIFICATION: &str = "1.2.840.10008.1.1";
/// Storage of CT images.
pub const CT_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.2";
/// Storage of MR images.
pub const MR_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.4";
/// Storage of ultrasound images.
pub const ULTRASOUND_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.6.1";
/// Modality worklist, find.
pub const WORKLIST: &str = "1.2.840.10008.5.1.4.31";
/// Study root query, find.
pub const STUDY_FIND: &str = "1.2.840.10008.5.1.4.1.2.2.1";

const APPLICATION_CONTEXT: &str = "1.2.840.10008.3.1.1.1";
const IMPLICIT_LITTLE: &str = "1.2.840.10008.1.2";
const PDU_BYTES_MAX: u32 = 16_384;
/// Bytes of a fragment's length, context and control header, and what the PDU's limit leaves.
const FRAGMENT_BYTES_MAX: usize = 16_000;
const PENDING: u16 = 0xff00;

/// One side of an association.
#[derive(Clone, Copy)]
pub struct Entity<'a> {
    /// Its title.
    pub title: &'a str,
    /// Implementation class UID.
    pub implementation: &'a str,
    /// Implementation version name; empty if it tells none.
    pub version: &'a str,
}

/// What an image says of the machine that made it.
#[derive(Clone, Copy)]
pub struct Equipment<'a> {
    /// (0008,0060)
    pub modality: &'a str,
    /// (0008,0070)
    pub manufacturer: &'a str,
    /// (0008,1010)
    pub station: &'a str,
    /// (0008,1090)
    pub model: &'a str,
    /// (0018,1000)
    pub serial: &'a str,
    /// (0018,1020)
    pub software: &'a str,
}

/// An association that is being recorded.
pub struct Association<'t> {
    talk: Talk<'t>,
    next: u16,
}

impl<'t> Association<'t> {
    /// Opens one for the given services; their presentation contexts count 1, 3, 5 and so on.
    pub fn open(
        tape: &'t mut Tape,
        at: Moment,
        (from, calling): (&Station, &Entity<'_>),
        (to, called, port): (&Station, &Entity<'_>, u16),
        services: &[&str],
    ) -> Self {
        let mut talk = Talk::open(tape, at, from, to, port);
        talk.say(associate(1, calling, called, calling, services));
        talk.wait_ms(3).answer(associate(2, calling, called, called, services));
        Self { talk, next: 1 }
    }

    /// C-ECHO.
    pub fn echo(&mut self, context: u8) -> &mut Self {
        self.command(context, true, VERIFICATION, 0x0030, None);
        self.command(context, false, VERIFICATION, 0x8030, None);
        self.next()
    }

    /// C-STORE of an image of so many bytes of pixels.
    pub fn store(&mut self, context: u8, class: &str, equipment: &Equipment<'_>, pixels: usize) -> &mut Self {
        self.talk.wait_ms(60);
        let instance = format!("1.2.826.0.1.3680043.9.7777.{}.{}", equipment.serial.len(), self.next);
        self.command(context, true, class, 0x0001, Some(&instance));
        let image = image(class, &instance, equipment, u64::from(self.next), pixels);
        for (index, part) in image.as_ref().chunks(FRAGMENT_BYTES_MAX).enumerate() {
            let is_last = index.saturating_add(1).saturating_mul(FRAGMENT_BYTES_MAX) >= image.len();
            self.talk.say(fragment(context, if is_last { 2 } else { 0 }, part));
        }
        self.talk.wait_ms(8);
        self.command(context, false, class, 0x8001, Some(&instance));
        self.next()
    }

    /// C-FIND with so many matches.
    pub fn find(&mut self, context: u8, class: &str, matches: u16) -> &mut Self {
        self.command(context, true, class, 0x0020, None);
        self.talk.say(fragment(context, 2, identifier(0).as_ref()));
        for number in 1..=matches {
            self.talk.wait_ms(5).answer(fragment(
                context,
                3,
                command(class, 0x8020, self.next, PENDING, None, true).as_ref(),
            ));
            self.talk.answer(fragment(context, 2, identifier(number).as_ref()));
        }
        self.command(context, false, class, 0x8020, None);
        self.next()
    }

    /// Lets time pass.
    pub fn wait_s(&mut self, s: u64) -> &mut Self {
        self.talk.wait_ms(s.saturating_mul(1_000));
        self
    }

    /// Releases the association.
    pub fn release(mut self) {
        self.talk.say(pdu(5, &Bytes::new().zeros(4)));
        self.talk.answer(pdu(6, &Bytes::new().zeros(4)));
        self.talk.close();
    }

    fn next(&mut self) -> &mut Self {
        self.next = self.next.saturating_add(1);
        self
    }

    fn command(&mut self, context: u8, is_request: bool, class: &str, field: u16, instance: Option<&str>) {
        let has_data = is_request && field != 0x0030;
        let bytes = fragment(context, 3, command(class, field, self.next, 0, instance, has_data).as_ref());
        if is_request {
            self.talk.say(bytes);
        } else {
            self.talk.wait_ms(2).answer(bytes);
        }
    }
}

/// A-ASSOCIATE-RQ (1) or -AC (2) (PS3.8 §9.3.2, §9.3.3).
fn associate(kind: u8, calling: &Entity<'_>, called: &Entity<'_>, speaker: &Entity<'_>, services: &[&str]) -> Bytes {
    let is_request = kind == 1;
    let mut items = Bytes::new().raw(item(0x10, &Bytes::new().text(APPLICATION_CONTEXT)));
    for (id, service) in (1_u8..).step_by(2).zip(services) {
        let context = Bytes::new().raw([id, 0, 0, 0]);
        let context = if is_request { context.raw(item(0x30, &Bytes::new().text(service))) } else { context };
        let context = context.raw(item(0x40, &Bytes::new().text(IMPLICIT_LITTLE)));
        items = items.raw(item(if is_request { 0x20 } else { 0x21 }, &context));
    }
    let user = Bytes::new()
        .raw(item(0x51, &Bytes::new().u32(PDU_BYTES_MAX)))
        .raw(item(0x52, &Bytes::new().text(speaker.implementation)))
        .raw(item(0x55, &Bytes::new().text(speaker.version)));
    let body = Bytes::new().u16(1).u16(0).fixed(called.title, 16, b' ').fixed(calling.title, 16, b' ').zeros(32);
    pdu(kind, &body.raw(items).raw(item(0x50, &user)))
}

fn pdu(kind: u8, body: &Bytes) -> Bytes {
    Bytes::new().u8(kind).u8(0).counted32(body)
}

fn item(kind: u8, body: &Bytes) -> Bytes {
    Bytes::new().u8(kind).u8(0).counted16(body)
}

/// P-DATA-TF with one value: control bit 0 says command, bit 1 says last (PS3.8 §9.3.5, annex E.2).
fn fragment(context: u8, control: u8, bytes: &[u8]) -> Bytes {
    pdu(4, &Bytes::new().counted32(Bytes::new().raw([context, control]).raw(bytes)))
}

/// A command set (PS3.7 §6.3.1, annex E): implicit little endian.
fn command(class: &str, field: u16, id: u16, status: u16, instance: Option<&str>, has_data: bool) -> Bytes {
    let is_response = field & 0x8000 != 0;
    let mut set = Bytes::new().raw(uid(0x0000, 0x0002, class)).raw(short(0x0000, 0x0100, field));
    set = set.raw(short(0x0000, if is_response { 0x0120 } else { 0x0110 }, id));
    if !is_response && field != 0x0030 {
        set = set.raw(short(0x0000, 0x0700, 0));
    }
    set = set.raw(short(0x0000, 0x0800, if has_data { 0x0102 } else { 0x0101 }));
    if is_response {
        set = set.raw(short(0x0000, 0x0900, status));
    }
    if let Some(instance) = instance {
        set = set.raw(uid(0x0000, 0x1000, instance));
    }
    let length = u32::try_from(set.len()).unwrap_or(0);
    element(0x0000, 0x0000, &Bytes::new().little32(length)).raw(set)
}

/// An image: who it shows stands among what made it.
fn image(class: &str, instance: &str, equipment: &Equipment<'_>, seed: u64, pixels: usize) -> Bytes {
    Bytes::new()
        .raw(uid(0x0008, 0x0016, class))
        .raw(uid(0x0008, 0x0018, instance))
        .raw(text(0x0008, 0x0020, "20261116"))
        .raw(text(0x0008, 0x0050, "CANARY-ACC-1"))
        .raw(text(0x0008, 0x0060, equipment.modality))
        .raw(text(0x0008, 0x0070, equipment.manufacturer))
        .raw(text(0x0008, 0x0080, "Ward Example"))
        .raw(text(0x0008, 0x0090, "CANARY^PHYSICIAN"))
        .raw(text(0x0008, 0x1010, equipment.station))
        .raw(text(0x0008, 0x1030, "CANARY STUDY"))
        .raw(text(0x0008, 0x1090, equipment.model))
        .raw(text(0x0010, 0x0010, "CANARY^PATIENT"))
        .raw(text(0x0010, 0x0020, "CANARY-0001"))
        .raw(text(0x0010, 0x0030, "19700101"))
        .raw(text(0x0018, 0x1000, equipment.serial))
        .raw(text(0x0018, 0x1020, equipment.software))
        .raw(short(0x0028, 0x0010, 64))
        .raw(short(0x0028, 0x0011, 64))
        .raw(element(0x7fe0, 0x0010, &Bytes::new().raw(noise(seed, pixels & !1))))
}

/// What is searched for (0), or a match.
fn identifier(number: u16) -> Bytes {
    let name = if number == 0 { "CANARY*".to_owned() } else { format!("CANARY^MATCH{number}") };
    Bytes::new().raw(text(0x0008, 0x0050, &format!("CANARY-ACC-{number}"))).raw(text(0x0010, 0x0010, &name)).raw(text(
        0x0010,
        0x0020,
        &format!("CANARY-{number}"),
    ))
}

fn element(group: u16, number: u16, value: &Bytes) -> Bytes {
    Bytes::new().little16(group).little16(number).little32(u32::try_from(value.len()).unwrap_or(0)).raw(value)
}

fn short(group: u16, number: u16, value: u16) -> Bytes {
    element(group, number, &Bytes::new().little16(value))
}

/// Text, filled up to an even length with a blank (PS3.5 §6.2).
fn text(group: u16, number: u16, value: &str) -> Bytes {
    element(group, number, &Bytes::new().fixed(value, value.len().next_multiple_of(2), b' '))
}

/// A UID, filled up with a zero.
fn uid(group: u16, number: u16, value: &str) -> Bytes {
    element(group, number, &Bytes::new().fixed(value, value.len().next_multiple_of(2), 0))
}
