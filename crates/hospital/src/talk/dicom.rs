//! DICOM (PS3.7, PS3.8): associations, echo, storage with the equipment's description, worklist, queries.

mod pdu;
mod services;
pub mod set;

use crate::bytes::Bytes;
use crate::frames::{Moment, Station, Tape};
use crate::talk::hl7::time_text;
use crate::tcp::Talk;
use pdu::{associate, fragment, pdu};
pub use services::{COMMITMENT, Film, PERFORMED_STEP, PRINT, STUDY_MOVE, Waiting};
use set::{Image, Search};

/// Verification.
pub const VERIFICATION: &str = "1.2.840.10008.1.1";
/// Storage of CT images.
pub const CT_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.2";
/// Storage of MR images.
pub const MR_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.4";
/// Storage of ultrasound images.
pub const ULTRASOUND_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.6.1";
/// Storage of computed radiography.
pub const CR_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.1";
/// Storage of digital X-ray images, for presentation.
pub const DX_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.1.1";
/// Storage of digital mammography, for presentation.
pub const MG_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.1.2";
/// Storage of X-ray angiography.
pub const XA_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.12.1";
/// Storage of whole slides under the microscope.
pub const SLIDE_IMAGE: &str = "1.2.840.10008.5.1.4.1.1.77.1.6";
/// Modality worklist, find.
pub const WORKLIST: &str = "1.2.840.10008.5.1.4.31";
/// Study root query, find.
pub const STUDY_FIND: &str = "1.2.840.10008.5.1.4.1.2.2.1";

/// Implicit little endian: everybody knows it.
pub const IMPLICIT_LITTLE: &str = "1.2.840.10008.1.2";
/// Explicit little endian.
pub const EXPLICIT_LITTLE: &str = "1.2.840.10008.1.2.1";
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

/// How an association is proposed.
#[derive(Clone, Copy)]
pub struct Proposal<'a> {
    /// Services in order of their presentation contexts.
    pub services: &'a [&'a str],
    /// Transfer syntaxes of each; explicit little endian is agreed on where it is among them.
    pub syntaxes: &'a [&'a str],
    /// The most bytes that the proposer takes at once.
    pub pdu_bytes: u32,
    /// Says that it does one operation at a time (PS3.7 §D.3.3.3).
    pub window: bool,
    /// It offers to be the one who provides the services (PS3.7 §D.3.3.4).
    pub provides: bool,
    /// What the UIDs begin with that it makes.
    pub root: &'a str,
    /// When the study began that this is about: its UIDs follow from it.
    pub about: Moment,
}

impl<'a> Proposal<'a> {
    /// The simplest proposal of some services.
    pub const fn plain(services: &'a [&'a str], about: Moment) -> Self {
        let (syntaxes, pdu_bytes) = (&[IMPLICIT_LITTLE], PDU_BYTES_MAX);
        Self { services, syntaxes, pdu_bytes, window: false, provides: false, root: "", about }
    }
}

/// An association that is being recorded.
pub struct Association<'t> {
    talk: Talk<'t>,
    next: u16,
    explicit: bool,
    /// What instance UIDs begin with, and that of the study.
    root: String,
    study: String,
    date: String,
}

impl<'t> Association<'t> {
    /// Opens one for the given services; their presentation contexts count 1, 3, 5 and so on.
    pub fn open(
        tape: &'t mut Tape,
        at: Moment,
        from: (&Station, &Entity<'_>),
        to: (&Station, &Entity<'_>, u16),
        services: &[&str],
    ) -> Self {
        Self::propose(tape, at, from, to, &Proposal::plain(services, at))
    }

    /// Opens one as it is proposed.
    pub fn propose(
        tape: &'t mut Tape,
        at: Moment,
        (from, calling): (&Station, &Entity<'_>),
        (to, called, port): (&Station, &Entity<'_>, u16),
        proposal: &Proposal<'_>,
    ) -> Self {
        let mut talk = Talk::open(tape, at, from, to, port);
        talk.say(associate(1, calling, called, calling, proposal));
        talk.wait_ms(3).answer(associate(2, calling, called, called, proposal));
        let [root, study] = match proposal.root {
            "" => Default::default(),
            root => {
                let second = proposal.about.0.div_euclid(1_000_000);
                [format!("{root}.{}.{second}", u32::from(from.ip)), format!("{root}.1.{second}")]
            }
        };
        let explicit = proposal.syntaxes.contains(&EXPLICIT_LITTLE);
        let date = time_text(at).get(..8).unwrap_or_default().to_owned();
        Self { talk, next: 1, explicit, root, study, date }
    }

    /// Proposes one that is rejected for good: the called title is not known (PS3.8 §9.3.4: source 1, reason 7).
    pub fn rejected(
        tape: &'t mut Tape,
        at: Moment,
        (from, calling): (&Station, &Entity<'_>),
        (to, called, port): (&Station, &Entity<'_>, u16),
        proposal: &Proposal<'_>,
    ) {
        let mut talk = Talk::open(tape, at, from, to, port);
        talk.say(associate(1, calling, called, calling, proposal));
        talk.wait_ms(2).answer(pdu(3, &Bytes::new().raw([0, 1, 1, 7])));
        talk.close();
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
        let instance = match self.root.as_str() {
            "" => format!("1.2.826.0.1.3680043.9.7777.{}.{}", equipment.serial.len(), self.next),
            root => format!("{root}.{}", self.next),
        };
        self.command(context, true, class, 0x0001, Some(&instance));
        let (instance, seed) = (instance.as_str(), u64::from(self.next));
        let image = Image { class, instance, study: &self.study, date: &self.date, seed, pixels };
        let image = set::image(self.explicit, equipment, &image);
        self.say_set(context, &image);
        self.talk.wait_ms(8);
        self.command(context, false, class, 0x8001, Some(instance));
        self.next()
    }

    /// C-FIND of something, with so many matches.
    pub fn search(&mut self, context: u8, class: &str, search: &Search<'_>, matches: u16) -> &mut Self {
        self.command(context, true, class, 0x0020, None);
        self.say_set(context, &set::identifier(self.explicit, search, &self.date, 0));
        for number in 1..=matches {
            let pending = command(class, 0x8020, self.next, PENDING, None, true);
            self.talk.wait_ms(5).answer(fragment(context, 3, pending.as_ref()));
            let found = set::identifier(self.explicit, search, &self.date, number);
            self.talk.answer(fragment(context, 2, found.as_ref()));
        }
        self.command(context, false, class, 0x8020, None);
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

    /// What time it is.
    pub const fn at(&self) -> Moment {
        self.talk.at()
    }

    /// Releases the association.
    pub fn release(mut self) {
        self.talk.say(pdu(5, &Bytes::new().zeros(4)));
        self.talk.answer(pdu(6, &Bytes::new().zeros(4)));
        self.talk.close();
    }

    /// A data set in as many pieces as it needs.
    fn say_set(&mut self, context: u8, set: &Bytes) {
        for (index, part) in set.as_ref().chunks(FRAGMENT_BYTES_MAX).enumerate() {
            let is_last = index.saturating_add(1).saturating_mul(FRAGMENT_BYTES_MAX) >= set.len();
            self.talk.say(fragment(context, if is_last { 2 } else { 0 }, part));
        }
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

/// What is searched for (0), or a match.
fn identifier(number: u16) -> Bytes {
    let name = if number == 0 { "CANARYD100010*".to_owned() } else { format!("CANARYD100010^MATCH{number}") };
    Bytes::new()
        .raw(text(0x0008, 0x0050, &format!("CANARYD080050-{number}")))
        .raw(text(0x0010, 0x0010, &name))
        .raw(text(0x0010, 0x0020, &format!("CANARYD100020-{number}")))
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
