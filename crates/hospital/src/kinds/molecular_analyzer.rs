//! Molecular analysers. GeneXpert has delimiters of its own (`@^\`), calls itself by the site's name and a number,
//! and tells product and version; Roche's large ones speak HL7 (host interface manuals of the makers).

use super::analyser::{ALL, Analyser, Product, USUAL, Wire};
use crate::frames::WINDOWS;
use crate::place::Zone;
use crate::rhythm::CLINIC;
use crate::talk::analyser::{Dialect, Dialler};

/// Molecular analysers.
pub static KIND: Analyser = Analyser {
    name: "molecular_analyzer",
    share: 2,
    samples: 12,
    day: CLINIC,
    zone: Zone::Laboratory,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 3] = [
    Product {
        share: 45,
        names: ["Cepheid", "GeneXpert", "GeneXpert"],
        software: "6.4",
        told: &["category", "vendor", "model", "software"],
        prefix: [0x8c, 0xec, 0x4b],
        stack: WINDOWS,
        serial: ("80", 4),
        host: "GX-PC#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            delimiters: ['|', '@', '^', '\\'],
            id: "GXM-88424700101",
            sender: "EXAMPLE HOSPITAL - 800001^GeneXpert^6.4",
            receiver: "LIS|",
            version: "1394-97",
            tests: &["^SARS^^Xpert^1", "^FLU^^Xpert^1"],
            ..USUAL
        }),
    },
    Product {
        share: 30,
        names: ["Roche", "cobas 6800", "cobas 6800/8800"],
        software: "",
        told: &["category", "vendor", "serial"],
        prefix: [0xb8, 0x78, 0x79],
        stack: WINDOWS,
        serial: ("IM300-00", 4),
        host: "c6800-#",
        dialler: Dialler::Analyser,
        wire: Wire::Hl7(
            ["COBAS6800/8800", ""],
            "C6800/8800^Roche^^~Unknown^Roche^^~ID_00000000$^$^^",
            "99ROC",
            &["SARS-COV-2", "HIV-1"],
        ),
    },
    Product {
        share: 25,
        names: ["Abbott", "m2000", "m2000"],
        software: "8.1.7.0",
        told: ALL,
        prefix: [0x00, 0x23, 0x7d],
        stack: WINDOWS,
        serial: ("27500", 4),
        host: "m2000-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect { sender: "m2000^8.1.7.0^$^H1P1O1R1C1L1", tests: &["^^^HIV06^HIV06"], ..USUAL }),
    },
];
