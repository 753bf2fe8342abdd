//! Urine analysers. cobas u 411 tells its version, UF version and serial number; CLINITEK is called so by many (host
//! interface manuals of the makers).

use super::analyser::{ALL, Analyser, KIND_AND_MAKER, Product, USUAL, Wire};
use crate::frames::{EMBEDDED, WINDOWS};
use crate::place::Zone;
use crate::rhythm::CLINIC;
use crate::talk::analyser::{Dialect, Dialler};

/// Urine analysers.
pub static KIND: Analyser = Analyser {
    name: "urinalysis_analyzer",
    share: 2,
    samples: 25,
    day: CLINIC,
    zone: Zone::Laboratory,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 3] = [
    Product {
        share: 35,
        names: ["Roche", "cobas u", "cobas u 411"],
        software: "3.1.0.1004",
        told: &["category", "vendor", "model", "software"],
        prefix: [0x00, 0x90, 0xe8],
        stack: EMBEDDED,
        serial: ("21", 4),
        host: "NP5110_U#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "cobas u 411^8^3.1.0.1004^Int",
            receiver: "|",
            version: "",
            tests: &["1^SG", "2^pH", "3^LEU"],
            ..USUAL
        }),
    },
    Product {
        share: 35,
        names: ["Sysmex", "UF-Series", "UF-5000"],
        software: "00-12",
        told: ALL,
        prefix: [0x00, 0x19, 0x99],
        stack: WINDOWS,
        serial: ("1", 4),
        host: "UF5000-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "UF-5000^00-12^$^^^^CJ501001",
            processing: "",
            version: "E1394-97",
            dated: false,
            queries: true,
            tests: &["^^^^RBC^1", "^^^^WBC^1", "^^^^BACT^1"],
            ..USUAL
        }),
    },
    Product {
        share: 30,
        names: ["Siemens Healthineers", "CLINITEK", "CLINITEK Novus"],
        software: "",
        told: KIND_AND_MAKER,
        prefix: [0x00, 0x90, 0xfb],
        stack: WINDOWS,
        serial: ("5", 4),
        host: "NOVUS#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect { sender: "CLINITEK Novus^1.2^$", tests: &["^^^GLU", "^^^KET", "^^^PRO"], ..USUAL }),
    },
];
