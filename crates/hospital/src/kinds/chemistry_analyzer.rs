//! Chemistry analysers. Roche's older ones speak ASTM (`c311^1`) with result class and mode, the newer ones HL7 with
//! model, maker and serial number in OBX-18; Abbott tells version and serial number, and which records it knows;
//! Mindray names itself in MSH-3 and its model in MSH-4 (host interface manuals of the makers).

use super::analyser::{ALL, AND_MODEL, Analyser, KIND_AND_MAKER, Product, USUAL, Wire};
use crate::frames::WINDOWS;
use crate::place::Zone;
use crate::rhythm::CLINIC;
use crate::talk::analyser::{Dialect, Dialler};

/// Chemistry analysers.
pub static KIND: Analyser = Analyser {
    name: "chemistry_analyzer",
    share: 3,
    samples: 60,
    day: CLINIC,
    zone: Zone::Laboratory,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 5] = [
    Product {
        share: 25,
        names: ["Roche", "cobas c", "cobas c 311"],
        software: "",
        told: AND_MODEL,
        prefix: [0x00, 0x19, 0x99],
        stack: WINDOWS,
        serial: ("", 6),
        host: "c311-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "c311^1",
            receiver: "host|RSUPL^REAL",
            dated: false,
            record_frames: false,
            tests: &["^^^685/", "^^^717/", "^^^687/", "^^^690/"],
            ..USUAL
        }),
    },
    Product {
        share: 25,
        names: ["Roche", "cobas pro", "c503"],
        software: "",
        told: KIND_AND_MAKER,
        prefix: [0xb8, 0x78, 0x79],
        stack: WINDOWS,
        serial: ("22", 4),
        host: "cobaspro#",
        dialler: Dialler::Analyser,
        wire: Wire::Hl7(
            ["cobas pro", ""],
            "c503^Roche^^~Unknown^Roche^^~ID_0000$^$^^",
            "99ROC",
            &["20340", "20890", "21080", "20710"],
        ),
    },
    Product {
        share: 25,
        names: ["Abbott", "Alinity", "Alinity ci-series"],
        software: "3.6",
        told: ALL,
        prefix: [0xd4, 0xbe, 0xd9],
        stack: WINDOWS,
        serial: ("SCM", 5),
        host: "ALINITY#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "Alinity ci-series^3.6^$",
            version: "LIS2-A2",
            queries: true,
            tests: &["^^^1045^Glu", "^^^1051^Na", "^^^1053^K"],
            ..USUAL
        }),
    },
    Product {
        share: 15,
        names: ["Siemens Healthineers", "Atellica", "Atellica Solution"],
        software: "1.26.0",
        told: ALL,
        prefix: [0x20, 0xe7, 0x91],
        stack: WINDOWS,
        serial: ("SH", 5),
        host: "ATELLICA#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "Atellica Solution^1.26.0^$",
            version: "LIS2-A2",
            record_frames: false,
            queries: true,
            tests: &["^^^GLU", "^^^NA", "^^^K", "^^^CREA", "^^^ALT"],
            ..USUAL
        }),
    },
    Product {
        share: 10,
        names: ["Mindray", "BS", "BS-800"],
        software: "",
        told: AND_MODEL,
        prefix: [0x00, 0xe0, 0x4c],
        stack: WINDOWS,
        serial: ("BW", 6),
        host: "PC-BS800-#",
        dialler: Dialler::Analyser,
        wire: Wire::Mindray("BS-800", &["GLU", "ALT", "CREA", "TP"]),
    },
];
