//! Haematology analysers. Sysmex sends unit, version, serial number and product code (`XN-10^00-25^…`), Beckman
//! Coulter begins its header with delimiters of its own (`|\!~`), Horiba's Pentra says `ABX` and is wired to a serial
//! device server, whose maker is all that its address tells (host interface manuals of the makers).

use super::analyser::{ALL, Analyser, KIND_AND_MAKER, Product, USUAL, Wire};
use crate::frames::{EMBEDDED, WINDOWS};
use crate::place::Zone;
use crate::rhythm::CLINIC;
use crate::talk::analyser::{Dialect, Dialler};

/// Haematology analysers.
pub static KIND: Analyser = Analyser {
    name: "hematology_analyzer",
    share: 3,
    samples: 60,
    day: CLINIC,
    zone: Zone::Laboratory,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 4] = [
    Product {
        share: 45,
        names: ["Sysmex", "XN-Series", "XN-10"],
        software: "00-25",
        told: ALL,
        prefix: [0x00, 0x19, 0x99],
        stack: WINDOWS,
        serial: ("1", 4),
        host: "XN-IPU#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "XN-10^00-25^$^^^^AP794500",
            processing: "",
            version: "E1394-97",
            dated: false,
            queries: true,
            tests: &["^^^^WBC^1", "^^^^RBC^1", "^^^^HGB^1", "^^^^HCT^1", "^^^^PLT^1", "^^^^NEUT%^1"],
            ..USUAL
        }),
    },
    Product {
        share: 25,
        names: ["Beckman Coulter", "DxH", "DxH 900"],
        software: "",
        told: KIND_AND_MAKER,
        prefix: [0x8c, 0xec, 0x4b],
        stack: WINDOWS,
        serial: ("AW", 5),
        host: "DXH-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            delimiters: ['|', '\\', '!', '~'],
            sender: "DxH",
            receiver: "LIS|",
            version: "LIS2-A",
            record_frames: false,
            tests: &["^^^^WBC^1", "^^^^RBC^1", "^^^^HGB^1", "^^^^HCT^1", "^^^^PLT^1", "^^^^NEUT%^1"],
            ..USUAL
        }),
    },
    Product {
        share: 15,
        names: ["Abbott", "CELL-DYN", "CELL-DYN Ruby"],
        software: "2.3ML",
        told: ALL,
        prefix: [0x00, 0x13, 0xdd],
        stack: WINDOWS,
        serial: ("3", 5),
        host: "CDRUBY#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "CELL-DYN Ruby^2.3ML^$^H1P1O1R1C1Q1L1",
            tests: &["^^^^WBC^1", "^^^^RBC^1", "^^^^HGB^1", "^^^^HCT^1", "^^^^PLT^1", "^^^^NEUT%^1"],
            ..USUAL
        }),
    },
    Product {
        share: 15,
        names: ["Horiba", "Pentra", "Pentra XLR"],
        software: "",
        told: KIND_AND_MAKER,
        prefix: [0x00, 0x90, 0xe8],
        stack: EMBEDDED,
        serial: ("7", 5),
        host: "NP5110_#",
        dialler: Dialler::Host,
        wire: Wire::Astm(Dialect {
            sender: "ABX",
            version: "E1394-97",
            tests: &["^^^^WBC^1", "^^^^RBC^1", "^^^^HGB^1", "^^^^HCT^1", "^^^^PLT^1", "^^^^NEUT%^1"],
            ..USUAL
        }),
    },
];
