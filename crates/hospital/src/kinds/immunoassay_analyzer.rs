//! Immunoassay analysers. ARCHITECT tells version, serial number and records, not whether it is the one for
//! chemistry, ACCESS (the DxI) its serial number alone; what IMMULITE calls itself is the site's own, and it sends a
//! password that anybody can read (H-4); cobas e 411 asks for orders (host interface manuals of the makers).

use super::analyser::{AND_MODEL, Analyser, KIND_AND_MAKER, Product, USUAL, Wire};
use crate::frames::{EMBEDDED, WINDOWS};
use crate::place::Zone;
use crate::rhythm::CLINIC;
use crate::talk::analyser::{Dialect, Dialler};

/// Immunoassay analysers.
pub static KIND: Analyser = Analyser {
    name: "immunoassay_analyzer",
    share: 2,
    samples: 40,
    day: CLINIC,
    zone: Zone::Laboratory,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 4] = [
    Product {
        share: 30,
        names: ["Roche", "cobas e", "cobas e 411"],
        software: "",
        told: AND_MODEL,
        prefix: [0x00, 0x19, 0x99],
        stack: WINDOWS,
        serial: ("13", 4),
        host: "e411-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "cobas-e411^1",
            receiver: "host|RSUPL^BATCH",
            dated: false,
            queries: true,
            tests: &["^^^10/1/not", "^^^20/1/not"],
            ..USUAL
        }),
    },
    Product {
        share: 30,
        names: ["Abbott", "ARCHITECT", "ARCHITECT"],
        software: "9.45",
        told: &["vendor", "model", "serial", "software"],
        prefix: [0x00, 0x23, 0x7d],
        stack: WINDOWS,
        serial: ("F3452", 6),
        host: "ARCH#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "ARCHITECT^9.45^$^H1P1O1R1C1Q1L1",
            queries: true,
            tests: &["^^^16^TSH^UNDILUTED^P", "^^^18^FT4^UNDILUTED^P"],
            ..USUAL
        }),
    },
    Product {
        share: 25,
        names: ["Beckman Coulter", "UniCel DxI", "ACCESS"],
        software: "",
        told: KIND_AND_MAKER,
        prefix: [0x00, 0x06, 0x5b],
        stack: WINDOWS,
        serial: ("50", 4),
        host: "DXI800-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "ACCESS^$",
            receiver: "LIS|",
            record_frames: false,
            tests: &["^^^TSH^1", "^^^hCG5^1", "^^^hsTnI^1"],
            ..USUAL
        }),
    },
    Product {
        share: 20,
        names: ["Siemens Healthineers", "IMMULITE", "IMMULITE 2000"],
        software: "",
        told: &[],
        prefix: [0x00, 0x80, 0xa3],
        stack: EMBEDDED,
        serial: ("C", 4),
        host: "UDS1100-#",
        dialler: Dialler::Host,
        wire: Wire::Astm(Dialect {
            password: "CANARYASTMH4-PASSWORD",
            sender: "IMM2",
            receiver: "HOST|",
            tests: &["^^^TSH", "^^^FER"],
            ..USUAL
        }),
    },
];
