//! Angiography systems. Siemens' images say `AXIOM-Artis` whatever stands there. What follows the makers' roots is
//! made up.

use super::modality::{BOTH, IN_IMAGES, Modality, Product, WITH_JPEG};
use crate::frames::WINDOWS;
use crate::place::Zone;
use crate::rhythm::CLINIC;
use crate::talk::dicom::XA_IMAGE;

/// Angiography systems.
pub static KIND: Modality = Modality {
    name: "angiography",
    share: 2,
    studies: 6,
    day: CLINIC,
    unit: "CATH",
    zone: Zone::Imaging,
    asks: true,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 2] = [
    Product {
        share: 55,
        names: ["Siemens Healthineers", "Artis", "AXIOM-Artis"],
        software: "VC21C",
        told: IN_IMAGES,
        prefix: [0x00, 0x19, 0x99],
        stack: WINDOWS,
        lease: None,
        tags: ["XA", "SIEMENS", "AXIOM-Artis", "VC21C"],
        serial: ("15", 4),
        implementation: ["1.3.12.2.1107.5.4", "SIEMENS_AXVC21C"],
        title: "AXIS#",
        host: "AXIS$",
        root: "1.3.12.2.1107.5.4.5",
        class: XA_IMAGE,
        pixels: 400000,
        images: [2, 5],
        syntaxes: WITH_JPEG,
        pdu_bytes: 28672,
        steps: true,
        commits: true,
        remote: "srs.siemens.example",
    },
    Product {
        share: 45,
        names: ["Philips", "Allura Xper", "AlluraXper FD20"],
        software: "8.1.17.2",
        told: IN_IMAGES,
        prefix: [0xb8, 0xca, 0x3a],
        stack: WINDOWS,
        lease: None,
        tags: ["XA", "Philips Medical Systems", "AlluraXper FD20", "8.1.17.2"],
        serial: ("72", 4),
        implementation: ["1.3.46.670589.28.8.1", "ALLURA_8"],
        title: "XPER#",
        host: "XPER-$",
        root: "1.3.46.670589.28",
        class: XA_IMAGE,
        pixels: 400000,
        images: [2, 5],
        syntaxes: BOTH,
        pdu_bytes: 65536,
        steps: true,
        commits: true,
        remote: "prs.philips.example",
    },
];
