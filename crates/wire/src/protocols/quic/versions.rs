//! Versions of QUIC, and what the keys of their Initial packets are made of.

/// What the keys of a version's Initial packets are made of.
pub(super) struct Initial {
    /// The salt that a client's first connection identifier is mixed with.
    pub(super) salt: [u8; 20],
    /// The labels of key, initialisation vector and header protection.
    pub(super) labels: [&'static [u8]; 3],
}

const LABELS: [&[u8]; 3] = [b"quic key", b"quic iv", b"quic hp"];

/// RFC 9001 §5.2.
static VERSION_1: Initial = Initial {
    salt: [
        0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb,
        0x7f, 0x0a,
    ],
    labels: LABELS,
};

/// RFC 9369 §3.3.
static VERSION_2: Initial = Initial {
    salt: [
        0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd,
        0x2e, 0xd9,
    ],
    labels: [b"quicv2 key", b"quicv2 iv", b"quicv2 hp"],
};

/// draft-ietf-quic-tls-29 §5.2, up to draft 32.
static DRAFT_29: Initial = Initial {
    salt: [
        0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90,
        0xa8, 0x99,
    ],
    labels: LABELS,
};

/// draft-ietf-quic-tls-23 §5.2, up to draft 28.
static DRAFT_23: Initial = Initial {
    salt: [
        0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9,
        0xf5, 0x02,
    ],
    labels: LABELS,
};

/// A version that is told by its name.
pub(super) struct Version {
    number: u32,
    pub(super) name: &'static str,
    /// Without it, the version is told and nothing else.
    pub(super) initial: Option<&'static Initial>,
}

/// The number of version 2, whose packet types are numbered otherwise (RFC 9369 §3.2).
pub(super) const TWO: u32 = 0x6b33_43cf;

const fn version(number: u32, name: &'static str, initial: Option<&'static Initial>) -> Version {
    Version { number, name, initial }
}

/// IANA's registry of QUIC versions, and the drafts that were deployed.
static VERSIONS: &[Version] = &[
    version(1, "1", Some(&VERSION_1)),
    version(TWO, "2", Some(&VERSION_2)),
    version(0xff00_0017, "draft-23", Some(&DRAFT_23)),
    version(0xff00_0018, "draft-24", Some(&DRAFT_23)),
    version(0xff00_0019, "draft-25", Some(&DRAFT_23)),
    version(0xff00_001a, "draft-26", Some(&DRAFT_23)),
    version(0xff00_001b, "draft-27", Some(&DRAFT_23)),
    version(0xff00_001c, "draft-28", Some(&DRAFT_23)),
    version(0xff00_001d, "draft-29", Some(&DRAFT_29)),
    version(0xff00_001e, "draft-30", Some(&DRAFT_29)),
    version(0xff00_001f, "draft-31", Some(&DRAFT_29)),
    version(0xff00_0020, "draft-32", Some(&DRAFT_29)),
    version(0xff00_0021, "draft-33", Some(&VERSION_1)),
    version(0xff00_0022, "draft-34", Some(&VERSION_1)),
    // Facebook's, by the drafts that they follow.
    version(0xface_b001, "mvfst-22", None),
    version(0xface_b002, "mvfst-27", Some(&DRAFT_23)),
    version(0xface_b00e, "mvfst-experimental", Some(&DRAFT_23)),
    // Google's.
    version(0x5130_3433, "Q043", None),
    version(0x5130_3436, "Q046", None),
    version(0x5130_3530, "Q050", None),
    version(0x5430_3530, "T050", None),
    version(0x5430_3531, "T051", None),
];

/// Stands for all versions that exist to have a server list its own (RFC 9000 §15).
static RESERVED: Version = version(0x0a0a_0a0a, "reserved", None);

/// Whether a number is one of those that no version will ever have: `?a?a?a?a`.
pub(super) fn reserved(number: u32) -> Option<&'static Version> {
    (number & 0x0f0f_0f0f == RESERVED.number).then_some(&RESERVED)
}

/// The version of that number, if it is one that is told.
pub(super) fn of(number: u32) -> Option<&'static Version> {
    VERSIONS.iter().find(|version| version.number == number)
}
