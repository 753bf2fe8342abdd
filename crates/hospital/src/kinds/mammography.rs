//! Mammography systems. Hologic's associations tell of DCF alone, the library of Laurel Bridge; GE's images have the
//! version in their model's name (headers of public images). What follows the roots of GE and Siemens is made up.

use super::modality::{BOTH, IN_IMAGES, Modality, Product, WITH_BIG};
use crate::frames::{LINUX, WINDOWS};
use crate::place::Zone;
use crate::rhythm::OFFICE;
use crate::talk::dicom::MG_IMAGE;

/// Mammography systems.
pub static KIND: Modality = Modality {
    name: "mammography",
    share: 1,
    studies: 10,
    day: OFFICE,
    unit: "MG",
    zone: Zone::Imaging,
    asks: true,
    products: &PRODUCTS,
};

static PRODUCTS: [Product; 3] = [
    Product {
        share: 50,
        names: ["Hologic", "Selenia", "Selenia Dimensions"],
        software: "AWS:1.9.0.41",
        told: IN_IMAGES,
        prefix: [0x8c, 0xec, 0x4b],
        stack: WINDOWS,
        lease: None,
        tags: ["MG", "HOLOGIC, Inc.", "Selenia Dimensions", "AWS:1.9.0.41\\PXCM:1.9.0.7\\ARR:1.8.0.2"],
        serial: ("81", 9),
        implementation: ["1.2.840.114089.1.0.0.3.3.12", "DCF 3.3.12c"],
        title: "DIMENSIONS#",
        host: "Dimensions",
        root: "1.2.840.113681",
        class: MG_IMAGE,
        pixels: 250000,
        images: [4, 4],
        syntaxes: BOTH,
        pdu_bytes: 16384,
        steps: true,
        commits: true,
        remote: "connect.hologic.example",
    },
    Product {
        share: 30,
        names: ["GE HealthCare", "Senographe", "Senographe Essential"],
        software: "ADS_55.20",
        told: IN_IMAGES,
        prefix: [0x00, 0x23, 0x7d],
        stack: LINUX,
        lease: None,
        tags: [
            "MG",
            "GE MEDICAL SYSTEMS",
            "Senographe Essential VERSION ADS_55.20",
            "Ads Application Package VERSION ADS_55.20",
        ],
        serial: ("MG", 6),
        implementation: ["1.2.840.113619.6.227", "ADS_55.20"],
        title: "GESEN#",
        host: "GESEN#",
        root: "1.2.840.113619.2.227",
        class: MG_IMAGE,
        pixels: 250000,
        images: [4, 4],
        syntaxes: WITH_BIG,
        pdu_bytes: 51200,
        steps: true,
        commits: true,
        remote: "insite.ge.example",
    },
    Product {
        share: 20,
        names: ["Siemens Healthineers", "MAMMOMAT", "Mammomat Inspiration"],
        software: "VB60G",
        told: IN_IMAGES,
        prefix: [0x00, 0x19, 0x99],
        stack: WINDOWS,
        lease: None,
        tags: ["MG", "SIEMENS", "Mammomat Inspiration", "VB60G"],
        serial: ("1", 4),
        implementation: ["1.3.12.2.1107.5.12", "SIEMENS_MAVB60"],
        title: "MAMMO_#",
        host: "MAMMO-$",
        root: "1.3.12.2.1107.5.12.7",
        class: MG_IMAGE,
        pixels: 250000,
        images: [4, 4],
        syntaxes: BOTH,
        pdu_bytes: 28672,
        steps: true,
        commits: true,
        remote: "srs.siemens.example",
    },
];
