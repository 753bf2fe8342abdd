//! Scanners of slides in pathology: they store what is under the microscope, tile by tile, and ask nobody for a list. The
//! roots are those of Aperio (1.3.6.1.4.1.36533, now Leica Biosystems) and Hamamatsu (1.2.392.200140.2), as the UIDs of
//! public slides show; what follows them is made up.

use super::modality::{BOTH, IN_IMAGES, Modality, Product, WITH_JPEG};
use crate::frames::WINDOWS;
use crate::place::Zone;
use crate::rhythm::OFFICE;
use crate::talk::dicom::SLIDE_IMAGE;

/// Scanners of slides.
pub static KIND: Modality = Modality {
    name: "slide_scanner",
    share: 1,
    studies: 15,
    day: OFFICE,
    unit: "PATH",
    zone: Zone::Laboratory,
    asks: false,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 2] = [
    Product {
        share: 60,
        names: ["Leica Biosystems", "Aperio", "Aperio GT450 DX"],
        software: "1.1.0",
        told: IN_IMAGES,
        prefix: [0x8c, 0xec, 0x4b],
        stack: WINDOWS,
        lease: None,
        tags: ["SM", "Leica Biosystems", "Aperio GT450 DX", "1.1.0"],
        serial: ("SS45", 5),
        implementation: ["1.3.6.1.4.1.36533.190", "APERIO_11"],
        title: "GT450_#",
        host: "SAM-$",
        root: "1.3.6.1.4.1.36533.204",
        class: SLIDE_IMAGE,
        pixels: 120_000,
        images: [2, 4],
        syntaxes: WITH_JPEG,
        pdu_bytes: 65_536,
        steps: false,
        commits: false,
        remote: "",
    },
    Product {
        share: 40,
        names: ["Hamamatsu", "NanoZoomer", "NanoZoomer S360"],
        software: "1.3.0",
        told: IN_IMAGES,
        prefix: [0x3c, 0x52, 0x82],
        stack: WINDOWS,
        lease: None,
        tags: ["SM", "Hamamatsu", "NanoZoomer S360", "1.3.0"],
        serial: ("S", 6),
        implementation: ["1.2.392.200140.2.1.1.1", "NZACQUIRE"],
        title: "NANOZOOMER#",
        host: "NZ-S360-#",
        root: "1.2.392.200140.2.1.1.1.2",
        class: SLIDE_IMAGE,
        pixels: 120_000,
        images: [2, 4],
        syntaxes: BOTH,
        pdu_bytes: 16_384,
        steps: false,
        commits: false,
        remote: "",
    },
];
