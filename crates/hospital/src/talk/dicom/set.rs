//! Data sets (PS3.5 §7): elements with or without their value representations, as the transfer syntax has it.

use crate::bytes::{Bytes, length16, noise};
use crate::talk::dicom::Equipment;

/// A data set in the making.
pub struct Set {
    explicit: bool,
    bytes: Bytes,
}

/// What is searched for, and what is found.
#[derive(Clone, Copy)]
pub enum Search<'a> {
    /// What a machine is to do today (PS3.4 §K.6): its modality and title.
    Worklist(&'a str, &'a str),
    /// Studies of somebody (PS3.4 §C.6.2).
    Studies,
}

impl Set {
    /// An empty one, with value representations or without.
    pub fn new(explicit: bool) -> Self {
        Self { explicit, bytes: Bytes::new() }
    }

    /// An element. Long forms have four bytes of length in either syntax (PS3.5 §7.1.2).
    pub fn put(mut self, (group, number): (u16, u16), vr: &[u8; 2], value: &Bytes) -> Self {
        let length = u32::try_from(value.len()).unwrap_or(0);
        let start = self.bytes.little16(group).little16(number);
        let start = match (self.explicit, vr) {
            (false, _) => start.little32(length),
            (true, b"OB" | b"OW" | b"SQ" | b"UN" | b"UT") => start.raw(vr).u16(0).little32(length),
            (true, _) => start.raw(vr).little16(length16(value.as_ref())),
        };
        self.bytes = start.raw(value);
        self
    }

    /// Text, filled up to an even length with a blank (PS3.5 §6.2).
    pub fn text(self, tag: (u16, u16), vr: &[u8; 2], value: &str) -> Self {
        self.put(tag, vr, &Bytes::new().fixed(value, value.len().next_multiple_of(2), b' '))
    }

    /// A UID, filled up with a zero.
    pub fn uid(self, tag: (u16, u16), value: &str) -> Self {
        self.put(tag, b"UI", &Bytes::new().fixed(value, value.len().next_multiple_of(2), 0))
    }

    /// A number of two bytes.
    pub fn short(self, tag: (u16, u16), value: u16) -> Self {
        self.put(tag, b"US", &Bytes::new().little16(value))
    }

    /// A sequence of items of known length (PS3.5 §7.5).
    pub fn items(self, tag: (u16, u16), items: &[Self]) -> Self {
        let value = items.iter().fold(Bytes::new(), |all, item| {
            let length = u32::try_from(item.bytes.len()).unwrap_or(0);
            all.little16(0xfffe).little16(0xe000).little32(length).raw(&item.bytes)
        });
        self.put(tag, b"SQ", &value)
    }

    /// Its bytes.
    pub fn bytes(self) -> Bytes {
        self.bytes
    }
}

/// An image among those of its study.
pub struct Image<'a> {
    /// What it is.
    pub class: &'a str,
    /// Which it is.
    pub instance: &'a str,
    /// UID of its study; empty leaves study and series out.
    pub study: &'a str,
    /// Date as in `20261102`.
    pub date: &'a str,
    /// Whose noise its pixels are.
    pub seed: u64,
    /// Bytes of pixels.
    pub pixels: usize,
}

/// An image: who it shows stands among what made it.
pub fn image(explicit: bool, equipment: &Equipment<'_>, image: &Image<'_>) -> Bytes {
    let set = Set::new(explicit)
        .uid((0x0008, 0x0016), image.class)
        .uid((0x0008, 0x0018), image.instance)
        .text((0x0008, 0x0020), b"DA", image.date)
        .text((0x0008, 0x0050), b"SH", "CANARYD080050-1")
        .text((0x0008, 0x0060), b"CS", equipment.modality)
        .text((0x0008, 0x0070), b"LO", equipment.manufacturer)
        .text((0x0008, 0x0080), b"LO", "Ward Example")
        .text((0x0008, 0x0090), b"PN", "CANARYD080090^PHYSICIAN")
        .text((0x0008, 0x1010), b"SH", equipment.station)
        .text((0x0008, 0x1030), b"LO", "CANARYD081030 STUDY")
        .text((0x0008, 0x1090), b"LO", equipment.model)
        .text((0x0010, 0x0010), b"PN", "CANARYD100010^PATIENT")
        .text((0x0010, 0x0020), b"LO", "CANARYD100020-0001")
        .text((0x0010, 0x0030), b"DA", "19700101")
        .text((0x0018, 0x1000), b"LO", equipment.serial)
        .text((0x0018, 0x1020), b"LO", equipment.software);
    let set = match image.study {
        "" => set,
        study => set.uid((0x0020, 0x000d), study).uid((0x0020, 0x000e), &format!("{study}.1")).text(
            (0x0020, 0x0010),
            b"SH",
            "CANARYD200010-1",
        ),
    };
    let words = if explicit { b"OW" } else { b"OB" };
    set.short((0x0028, 0x0010), 64)
        .short((0x0028, 0x0011), 64)
        .put((0x7fe0, 0x0010), words, &Bytes::new().raw(noise(image.seed, image.pixels & !1)))
        .bytes()
}

/// What is searched for (0), or a match.
pub fn identifier(explicit: bool, search: &Search<'_>, date: &str, number: u16) -> Bytes {
    let is_match = number > 0;
    let told = |text: &str| if is_match { format!("{text}{number}") } else { String::new() };
    let set = Set::new(explicit).text((0x0008, 0x0050), b"SH", &told("CANARYD080050-"));
    match search {
        Search::Studies => set
            .text((0x0008, 0x0052), b"CS", "STUDY")
            .text((0x0008, 0x0061), b"CS", &told("CT\\SR\\OT"))
            .text((0x0008, 0x1030), b"LO", &told("CANARYD081030 STUDY "))
            .text(
                (0x0010, 0x0010),
                b"PN",
                &if is_match { told("CANARYD100010^MATCH") } else { "CANARYD100010*".to_owned() },
            )
            .text((0x0010, 0x0020), b"LO", &told("CANARYD100020-"))
            .uid((0x0020, 0x000d), &told("1.2.826.0.1.3680043.9.7777.3."))
            .bytes(),
        Search::Worklist(modality, title) => {
            let step = Set::new(explicit)
                .text((0x0008, 0x0060), b"CS", modality)
                .text((0x0040, 0x0001), b"AE", title)
                .text((0x0040, 0x0002), b"DA", date)
                .text((0x0040, 0x0003), b"TM", &told("0800"))
                .text((0x0040, 0x0006), b"PN", &told("CANARYD400006^STAFF"))
                .text((0x0040, 0x0007), b"LO", &told("CANARYD400007 STEP "))
                .text((0x0040, 0x0009), b"SH", &told("CANARYD400009-"));
            set.text((0x0010, 0x0010), b"PN", &told("CANARYD100010^MATCH"))
                .text((0x0010, 0x0020), b"LO", &told("CANARYD100020-"))
                .text((0x0010, 0x0030), b"DA", if is_match { "19700101" } else { "" })
                .text((0x0010, 0x0040), b"CS", if is_match { "O" } else { "" })
                .uid((0x0020, 0x000d), &told("1.2.826.0.1.3680043.9.7777.2."))
                .text((0x0032, 0x1060), b"LO", &told("CANARYD321060 PROCEDURE "))
                .items((0x0040, 0x0100), &[step])
                .text((0x0040, 0x1001), b"SH", &told("CANARYD401001-"))
                .bytes()
        }
    }
}
