//! Coagulation analysers. CS analysers tell what the site calls them too. Stago's header says no more than a number
//! and a version (`99^2.00`): what it is nobody tells. It is wired to a serial device server (host interface manuals
//! of the makers).

use super::analyser::{ALL, AND_MODEL, Analyser, Product, USUAL, Wire};
use crate::frames::{EMBEDDED, WINDOWS};
use crate::place::Zone;
use crate::rhythm::CLINIC;
use crate::talk::analyser::{Dialect, Dialler};

/// Coagulation analysers.
pub static KIND: Analyser = Analyser {
    name: "coagulation_analyzer",
    share: 2,
    samples: 40,
    day: CLINIC,
    zone: Zone::Laboratory,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 3] = [
    Product {
        share: 40,
        names: ["Sysmex", "CS", "CS-2500"],
        software: "01-70",
        told: ALL,
        prefix: [0x00, 0x19, 0x99],
        stack: WINDOWS,
        serial: ("1", 4),
        host: "CS2500-#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "CS-2500^01-70^$^^^KOAG2^AY403101",
            processing: "",
            version: "E1394-97",
            dated: false,
            queries: true,
            tests: &["^^^041^PT sec", "^^^051^APTT", "^^^062^D-Dimer"],
            ..USUAL
        }),
    },
    Product {
        share: 35,
        names: ["Stago", "STA", "STA R Max"],
        software: "",
        told: &[],
        prefix: [0x00, 0x90, 0xe8],
        stack: EMBEDDED,
        serial: ("7", 6),
        host: "NP5110_STA#",
        dialler: Dialler::Host,
        wire: Wire::Astm(Dialect {
            sender: "99^2.00",
            version: "1.00",
            record_frames: false,
            tests: &["^^^1", "^^^2", "^^^23"],
            ..USUAL
        }),
    },
    Product {
        share: 25,
        names: ["Werfen", "ACL TOP", "ACL TOP 750"],
        software: "6.3.1",
        told: AND_MODEL,
        prefix: [0x64, 0x51, 0x06],
        stack: WINDOWS,
        serial: ("16", 6),
        host: "ACLTOP#",
        dialler: Dialler::Analyser,
        wire: Wire::Astm(Dialect {
            sender: "ACL TOP 750^6.3.1^$",
            queries: true,
            tests: &["^^^PT", "^^^APTT", "^^^FIB"],
            ..USUAL
        }),
    },
];
