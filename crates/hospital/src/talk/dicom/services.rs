//! What else is done over DICOM: images are moved, steps reported, storage is committed to, films are printed.

use super::pdu::fragment;
use super::set::Set;
use super::{Association, PENDING, element, short, uid};
use crate::bytes::{Bytes, noise};
use crate::frames::{Moment, Tape};
use crate::tcp::{Open, Talk};

/// Study root query, move.
pub const STUDY_MOVE: &str = "1.2.840.10008.5.1.4.1.2.2.2";
/// Modality performed procedure step.
pub const PERFORMED_STEP: &str = "1.2.840.10008.3.1.2.3.3";
/// Storage commitment, push model.
pub const COMMITMENT: &str = "1.2.840.10008.1.20.1";
/// Basic grayscale print management.
pub const PRINT: &str = "1.2.840.10008.5.1.1.9";

/// The one instance of [`COMMITMENT`] (PS3.4 §J.3.5).
const COMMITMENT_INSTANCE: &str = "1.2.840.10008.1.20.1.1";
const FILM_SESSION: &str = "1.2.840.10008.5.1.1.1";
const FILM_BOX: &str = "1.2.840.10008.5.1.1.2";
const IMAGE_BOX: &str = "1.2.840.10008.5.1.1.4";
const PRINTER: &str = "1.2.840.10008.5.1.1.16";
const PRINTER_INSTANCE: &str = "1.2.840.10008.5.1.1.17";

const MOVE: u16 = 0x0021;
const EVENT_REPORT: u16 = 0x0100;
const GET: u16 = 0x0110;
const SET: u16 = 0x0120;
const ACTION: u16 = 0x0130;
const CREATE: u16 = 0x0140;
const DELETE: u16 = 0x0150;
const RESPONSE: u16 = 0x8000;

/// A film that is printed, and what the printer says of itself.
#[derive(Clone, Copy)]
pub struct Film<'a> {
    /// Manufacturer, model, serial number, software.
    pub printer: [&'a str; 4],
    /// Bytes of the picture.
    pub pixels: usize,
}

/// An association on which somebody waits for images that come another way.
pub struct Waiting {
    open: Open,
    context: u8,
    id: u16,
    at: Moment,
}

/// A command in the making (PS3.7 §6.3.1).
struct Command<'a> {
    field: u16,
    class: &'a str,
    instance: &'a str,
    /// Elements between the message's number and what says whether there is data.
    middle: Bytes,
    /// Elements after the instance.
    tail: Bytes,
}

impl<'a> Command<'a> {
    fn new(field: u16, class: &'a str, instance: &'a str) -> Self {
        Self { field, class, instance, middle: Bytes::new(), tail: Bytes::new() }
    }

    fn encoded(&self, id: u16, status: u16, has_data: bool) -> Bytes {
        let is_response = self.field & RESPONSE != 0;
        // What is there already is requested, not affected (PS3.7 §E.1).
        let is_requested = matches!(self.field, GET | SET | ACTION | DELETE);
        let (class, instance) = if is_requested { (0x0003, 0x1001) } else { (0x0002, 0x1000) };
        let mut set = Bytes::new().raw(uid(0x0000, class, self.class)).raw(short(0x0000, 0x0100, self.field));
        set = set.raw(short(0x0000, if is_response { 0x0120 } else { 0x0110 }, id)).raw(&self.middle);
        set = set.raw(short(0x0000, 0x0800, if has_data { 0x0102 } else { 0x0101 }));
        if is_response {
            set = set.raw(short(0x0000, 0x0900, status));
        }
        if !self.instance.is_empty() {
            set = set.raw(uid(0x0000, instance, self.instance));
        }
        set = set.raw(&self.tail);
        let length = u32::try_from(set.len()).unwrap_or(0);
        element(0x0000, 0x0000, &Bytes::new().little32(length)).raw(set)
    }
}

impl Association<'_> {
    /// A request and its answer, each perhaps with data.
    fn service(&mut self, context: u8, command: &Command<'_>, asked: Option<Set>, answered: Option<Set>) {
        let request = command.encoded(self.next, 0, asked.is_some());
        self.talk.say(fragment(context, 3, request.as_ref()));
        if let Some(set) = asked {
            self.say_set(context, &set.bytes());
        }
        let Command { field, class, instance, .. } = *command;
        let back = Command { tail: command.tail.clone(), ..Command::new(field | RESPONSE, class, instance) };
        let response = back.encoded(self.next, 0, answered.is_some());
        self.talk.wait_ms(4).answer(fragment(context, 3, response.as_ref()));
        if let Some(set) = answered {
            self.talk.answer(fragment(context, 2, set.bytes().as_ref()));
        }
        self.next();
    }

    /// C-MOVE of a study to whoever has a title.
    pub fn ask_for(mut self, context: u8, destination: &str) -> Waiting {
        let even = destination.len().next_multiple_of(2);
        let middle =
            element(0x0000, 0x0600, &Bytes::new().fixed(destination, even, b' ')).raw(short(0x0000, 0x0700, 0));
        let command = Command { middle, ..Command::new(MOVE, STUDY_MOVE, "") };
        let request = command.encoded(self.next, 0, true);
        self.talk.say(fragment(context, 3, request.as_ref()));
        let set = Set::new(self.explicit).text((0x0008, 0x0052), b"CS", "STUDY");
        let study = format!("1.2.826.0.1.3680043.9.7777.3.{}", self.next);
        self.say_set(context, &set.uid((0x0020, 0x000d), &study).bytes());
        let (at, id) = (self.talk.at(), self.next);
        Waiting { open: self.talk.leave(), context, id, at }
    }

    /// N-CREATE of a performed procedure step: an examination begins (PS3.4 §F.7.2).
    pub fn begin_step(&mut self, context: u8, modality: &str, title: &str) -> &mut Self {
        let (date, step) = (self.date.clone(), format!("{}.9", self.root));
        let set = Set::new(self.explicit)
            .text((0x0008, 0x0060), b"CS", modality)
            .text((0x0010, 0x0010), b"PN", "CANARYD100010^PATIENT")
            .text((0x0010, 0x0020), b"LO", "CANARYD100020-0001")
            .text((0x0040, 0x0241), b"AE", title)
            .text((0x0040, 0x0242), b"SH", "")
            .text((0x0040, 0x0244), b"DA", &date)
            .text((0x0040, 0x0252), b"CS", "IN PROGRESS")
            .text((0x0040, 0x0253), b"SH", "CANARYD400253");
        self.service(context, &Command::new(CREATE, PERFORMED_STEP, &step), Some(set), None);
        self
    }

    /// N-SET of the step that was begun: the examination is over.
    pub fn end_step(&mut self, context: u8) -> &mut Self {
        let (date, step) = (self.date.clone(), format!("{}.9", self.root));
        let series = Set::new(self.explicit)
            .text((0x0008, 0x1050), b"PN", "CANARYD081050^PHYSICIAN")
            .text((0x0018, 0x1030), b"LO", "CANARYD181030 PROTOCOL")
            .uid((0x0020, 0x000e), &format!("{}.1", self.study));
        let set = Set::new(self.explicit)
            .text((0x0040, 0x0250), b"DA", &date)
            .text((0x0040, 0x0252), b"CS", "COMPLETED")
            .items((0x0040, 0x0340), &[series]);
        self.service(context, &Command::new(SET, PERFORMED_STEP, &step), Some(set), None);
        self
    }

    /// N-ACTION (1): will these images be kept? (PS3.4 §J.3.2)
    pub fn ask_commitment(&mut self, context: u8, class: &str, images: u16) -> &mut Self {
        let set = self.committed(class, images);
        let tail = short(0x0000, 0x1008, 1);
        let command = Command { tail, ..Command::new(ACTION, COMMITMENT, COMMITMENT_INSTANCE) };
        self.service(context, &command, Some(set), None);
        self
    }

    /// N-EVENT-REPORT (1): they will (PS3.4 §J.3.3).
    pub fn commit(&mut self, context: u8, class: &str, images: u16) -> &mut Self {
        let set = self.committed(class, images);
        let tail = short(0x0000, 0x1002, 1);
        let command = Command { tail, ..Command::new(EVENT_REPORT, COMMITMENT, COMMITMENT_INSTANCE) };
        self.service(context, &command, Some(set), None);
        self
    }

    fn committed(&self, class: &str, images: u16) -> Set {
        let items: Vec<Set> = (1..=images)
            .map(|number| {
                let instance = format!("{}.{number}", self.root);
                Set::new(self.explicit).uid((0x0008, 0x1150), class).uid((0x0008, 0x1155), &instance)
            })
            .collect();
        let transaction = format!("{}.8", self.root);
        Set::new(self.explicit).uid((0x0008, 0x1195), &transaction).items((0x0008, 0x1199), &items)
    }

    /// A film is printed: the printer is asked how it is, a session and a film are made, filled, printed and deleted
    /// (PS3.4 §H.4).
    pub fn print(&mut self, context: u8, film: &Film<'_>) -> &mut Self {
        let [maker, model, serial, software] = film.printer;
        let explicit = self.explicit;
        let state = Set::new(explicit)
            .text((0x0008, 0x0070), b"LO", maker)
            .text((0x0008, 0x1090), b"LO", model)
            .text((0x0018, 0x1000), b"LO", serial)
            .text((0x0018, 0x1020), b"LO", software)
            .text((0x2110, 0x0010), b"CS", "NORMAL")
            .text((0x2110, 0x0020), b"CS", "NORMAL");
        self.service(context, &Command::new(GET, PRINTER, PRINTER_INSTANCE), None, Some(state));
        let [session, sheet, picture] = [1, 2, 3].map(|number| format!("{}.7.{number}", self.root));
        let copies = Set::new(explicit).text((0x2000, 0x0010), b"IS", "1").text((0x2000, 0x0030), b"CS", "BLUE FILM");
        self.service(context, &Command::new(CREATE, FILM_SESSION, &session), Some(copies), None);
        let of = |class: &str, instance: &str| {
            Set::new(explicit).uid((0x0008, 0x1150), class).uid((0x0008, 0x1155), instance)
        };
        let asked = Set::new(explicit)
            .text((0x2010, 0x0010), b"ST", "STANDARD\\1,1")
            .text((0x2010, 0x0050), b"CS", "14INX17IN")
            .items((0x2010, 0x0500), &[of(FILM_SESSION, &session)]);
        let made = Set::new(explicit).items((0x2010, 0x0510), &[of(IMAGE_BOX, &picture)]);
        self.service(context, &Command::new(CREATE, FILM_BOX, &sheet), Some(asked), Some(made));
        // Who it shows is burnt into the picture.
        let pixels = Bytes::new().text("CANARYD7FE0010^PIXEL").raw(noise(u64::from(self.next), film.pixels & !1));
        let image = Set::new(explicit)
            .short((0x0028, 0x0002), 1)
            .text((0x0028, 0x0004), b"CS", "MONOCHROME2")
            .short((0x0028, 0x0010), 64)
            .short((0x0028, 0x0011), 64)
            .put((0x7fe0, 0x0010), b"OW", &pixels);
        let filled = Set::new(explicit).short((0x2020, 0x0010), 1).items((0x2020, 0x0110), &[image]);
        self.service(context, &Command::new(SET, IMAGE_BOX, &picture), Some(filled), None);
        let tail = short(0x0000, 0x1008, 1);
        self.service(context, &Command { tail, ..Command::new(ACTION, FILM_BOX, &sheet) }, None, None);
        self.service(context, &Command::new(DELETE, FILM_SESSION, &session), None, None);
        self
    }
}

impl Waiting {
    /// Since when.
    pub const fn at(&self) -> Moment {
        self.at
    }

    /// All images came at a moment: the archive says so, and the association is released.
    pub fn done(self, tape: &mut Tape, at: Moment, images: u16) {
        let talk = Talk::go_on(tape, at, self.open);
        let mut association = Association {
            talk,
            next: self.id,
            explicit: false,
            root: String::new(),
            study: String::new(),
            date: String::new(),
        };
        for (status, left) in [(PENDING, 1), (0, 0)] {
            let mut tail = Bytes::new();
            // Remaining operations are told while there are any (PS3.7 §9.3.4.2).
            if left > 0 {
                tail = tail.raw(short(0x0000, 0x1020, left));
            }
            tail = tail.raw(short(0x0000, 0x1021, images.saturating_sub(left)));
            tail = tail.raw(short(0x0000, 0x1022, 0)).raw(short(0x0000, 0x1023, 0));
            let response = Command { tail, ..Command::new(MOVE | RESPONSE, STUDY_MOVE, "") };
            let bytes = response.encoded(self.id, status, false);
            association.talk.wait_ms(3).answer(fragment(self.context, 3, bytes.as_ref()));
        }
        association.release();
    }
}
