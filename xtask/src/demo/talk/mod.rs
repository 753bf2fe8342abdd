//! What is said on the ward, one file for each kind of talk.

pub mod asn1;
pub mod building;
pub mod console;
pub mod dhcp;
pub mod dicom;
pub mod discovery;
pub mod hl7;
pub mod intellivue;
pub mod laboratory;
pub mod names;
pub mod neighbours;
pub mod smb;
pub mod snmp;
pub mod ssh;
pub mod time;
pub mod tls;
pub mod web;
