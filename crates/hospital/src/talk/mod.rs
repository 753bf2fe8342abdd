//! What devices say, in each protocol's bytes: one file for each kind of talk.

use std::net::Ipv4Addr;

use crate::frames::Station;

pub mod analyser;
pub mod asn1;
pub mod bacnet;
pub mod building;
pub mod carescape;
pub mod console;
pub mod database;
pub mod dhcp;
pub mod dicom;
pub mod directory;
pub mod discovery;
pub mod hl7;
pub mod intellivue;
pub mod laboratory;
pub mod mail;
pub mod mllp;
pub mod modbus;
pub mod names;
pub mod ndp;
pub mod neighbours;
pub mod pcd;
pub mod point_of_care;
pub mod rdp;
pub mod rtsp;
pub mod sdc;
pub mod sip;
pub mod smb;
pub mod snmp;
pub mod ssdp;
pub mod ssh;
pub mod syslog;
pub mod time;
pub mod tls;
pub mod web;

/// A device as it says who it is.
#[derive(Clone, Copy, Debug)]
pub struct Host<'a> {
    /// Its addresses.
    pub station: Station,
    /// Its name in the network.
    pub name: &'a str,
}

/// Who serves a network.
#[derive(Clone, Copy, Debug)]
pub struct Services<'a> {
    /// Gives addresses.
    pub addresses: Station,
    /// Answers for names.
    pub names: Station,
    /// Tells the time.
    pub clock: Ipv4Addr,
    /// What names end with.
    pub domain: &'a str,
}
