//! Blood gas analysers. They stand at the beds, where little else is of the laboratory, and are computers of makers
//! of computers (host interface manuals of the makers).

use super::analyser::{AND_MODEL, Analyser, KIND_AND_MAKER, NO_SOFTWARE, Product, USUAL, Wire};
use crate::frames::{LINUX, WINDOWS};
use crate::place::Zone;
use crate::rhythm::WARD;
use crate::talk::analyser::{Dialect, Dialler};

/// Blood gas analysers.
pub static KIND: Analyser = Analyser {
    name: "blood_gas_analyzer",
    share: 6,
    samples: 18,
    day: WARD,
    zone: Zone::Clinical,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 4] = [
    Product {
        share: 50,
        names: ["Radiometer", "ABL90", "ABL90"],
        software: "",
        told: NO_SOFTWARE,
        prefix: [0x00, 0x0b, 0xab],
        stack: WINDOWS,
        serial: ("3", 5),
        host: "ABL90-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "ABL90^$",
            processing: "",
            tests: &["^^^pH^M", "^^^pCO2^M", "^^^pO2^M", "^^^cK+^M"],
            ..USUAL
        }),
    },
    Product {
        share: 20,
        names: ["Siemens Healthineers", "RAPIDPoint", "RAPIDPoint 500"],
        software: "",
        told: KIND_AND_MAKER,
        prefix: [0x00, 0x90, 0xfb],
        stack: LINUX,
        serial: ("4", 4),
        host: "RP500-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect { sender: "RAPIDPoint500^$", tests: &["^^^mpH", "^^^mPCO2", "^^^mPO2"], ..USUAL }),
    },
    Product {
        share: 20,
        names: ["Werfen", "GEM Premier", "GEM Premier 5000"],
        software: "1.2.0",
        told: AND_MODEL,
        prefix: [0x00, 0x0b, 0xab],
        stack: LINUX,
        serial: ("17", 6),
        host: "GEM5000-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "GEM Premier 5000^1.2.0^$",
            record_frames: false,
            tests: &["^^^pH", "^^^pCO2", "^^^pO2"],
            ..USUAL
        }),
    },
    Product {
        share: 10,
        names: ["Roche", "cobas b", "cobas b 221"],
        software: "",
        told: KIND_AND_MAKER,
        prefix: [0x00, 0x60, 0x19],
        stack: WINDOWS,
        serial: ("5", 4),
        host: "cobasb221-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect { sender: "cobas b 221^Roche^$", tests: &["^^^PH", "^^^PCO2", "^^^PO2"], ..USUAL }),
    },
];
