//! Readers of X-ray plates. Headers of public images tell how they name themselves; what follows the makers' roots is
//! made up.

use super::modality::{BOTH, IMPLICIT, IN_IMAGES, IN_IMAGES_NO_SOFTWARE, Modality, Product};
use crate::frames::WINDOWS;
use crate::place::Zone;
use crate::rhythm::CLINIC;
use crate::talk::dicom::CR_IMAGE;

/// Readers of X-ray plates.
pub static KIND: Modality = Modality {
    name: "computed_radiography",
    share: 1,
    studies: 12,
    day: CLINIC,
    unit: "XR",
    zone: Zone::Imaging,
    asks: true,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 3] = [
    Product {
        share: 40,
        names: ["Fujifilm", "FCR", "IRS"],
        software: "",
        told: IN_IMAGES_NO_SOFTWARE,
        prefix: [0x00, 0x07, 0xe9],
        stack: WINDOWS,
        lease: None,
        tags: ["CR", "FUJI PHOTO FILM CO. LTD.", "IRS", ""],
        serial: ("S", 6),
        implementation: ["1.2.392.200036.9125.1.1", "FCR_CSL_V6"],
        title: "FCR-CSL",
        host: "FCRCSL#",
        root: "1.2.392.200036.9125.3",
        class: CR_IMAGE,
        pixels: 180000,
        images: [1, 3],
        syntaxes: IMPLICIT,
        pdu_bytes: 16384,
        steps: true,
        commits: false,
        remote: "",
    },
    Product {
        share: 35,
        names: ["Agfa HealthCare", "CR", "ADC_5156"],
        software: "c25_1107",
        told: IN_IMAGES,
        prefix: [0x00, 0x19, 0x99],
        stack: WINDOWS,
        lease: None,
        tags: ["CR", "Agfa-Gevaert AG", "ADC_5156", "c25_1107"],
        serial: ("", 4),
        implementation: ["1.3.51.0.1.1.25", "NX_3"],
        title: "CR25_#",
        host: "CR250-#",
        root: "1.3.51.0.7",
        class: CR_IMAGE,
        pixels: 180000,
        images: [1, 3],
        syntaxes: BOTH,
        pdu_bytes: 16384,
        steps: true,
        commits: true,
        remote: "",
    },
    Product {
        share: 25,
        names: ["Carestream", "DirectView", "CR 850"],
        software: "5.2",
        told: IN_IMAGES,
        prefix: [0x00, 0x06, 0x5b],
        stack: WINDOWS,
        lease: None,
        tags: ["CR", "EASTMAN KODAK COMPANY", "CR 850", "5.2"],
        serial: ("8", 6),
        implementation: ["1.2.840.113564.3.4.52", "DIRECTVIEW_52"],
        title: "CR850",
        host: "CR850-#",
        root: "1.2.840.113564",
        class: CR_IMAGE,
        pixels: 180000,
        images: [1, 3],
        syntaxes: BOTH,
        pdu_bytes: 16384,
        steps: false,
        commits: false,
        remote: "",
    },
];
