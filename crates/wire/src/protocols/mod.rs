//! The application protocols: one folder each, one line in [`ALL`].

use model::{Field, Messages, Side, Timestamp};

use crate::reader::Truncated;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod corpus;
mod exercise;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod privacy;

pub mod arp;
pub mod astm;
pub mod bacnet;
pub mod carescape;
pub mod cdp;
pub mod coap;
pub mod dhcp;
pub mod dhcpv6;
pub mod dicom;
pub mod dns;
pub mod enip;
pub mod ftp;
pub mod hl7;
pub mod hsrp;
pub mod http;
pub mod ieee11073;
pub mod igmp;
pub mod intellivue;
pub mod ipp;
pub mod kerberos;
pub mod ldap;
pub mod lldp;
pub mod llmnr;
pub mod lpd;
pub mod mdns;
pub mod medibus;
pub mod modbus;
pub mod mqtt;
pub mod nbns;
pub mod ndp;
pub mod nfs;
pub mod ntp;
pub mod opcua;
pub mod pgsql;
pub mod pn_dcp;
pub mod poct1a;
pub mod portmap;
pub mod quic;
pub mod radius;
pub mod rdp;
pub mod rtsp;
pub mod s7comm;
pub mod sip;
pub mod smb;
pub mod smtp;
pub mod snmp;
pub mod ssdp;
pub mod ssh;
pub mod stp;
pub mod stun;
pub mod syslog;
pub mod tds;
pub mod telnet;
pub mod tls;
pub mod vnc;
pub mod vrrp;
pub mod wsd;

pub use exercise::{exercise, pieces, seed};

/// Every protocol, in the order they are probed: the more telling a protocol's opening, the earlier it stands.
pub static ALL: &[&dyn Decoder] = &[
    &arp::DECODER,
    &ndp::DECODER,
    &lldp::DECODER,
    &cdp::DECODER,
    &igmp::DECODER,
    &stp::DECODER,
    &vrrp::DECODER,
    &pn_dcp::DECODER,
    &dicom::DECODER,
    &hl7::DECODER,
    &astm::DECODER,
    &poct1a::DECODER,
    &ieee11073::DECODER,
    &medibus::DECODER,
    &tls::DECODER,
    &quic::DECODER,
    &ssh::DECODER,
    &smb::DECODER,
    &rdp::DECODER,
    &vnc::DECODER,
    &tds::DECODER,
    &pgsql::DECODER,
    &http::DECODER,
    &ipp::DECODER,
    &wsd::DECODER,
    &kerberos::DECODER,
    &ldap::DECODER,
    &sip::DECODER,
    &rtsp::DECODER,
    &mqtt::DECODER,
    &stun::DECODER,
    &ssdp::DECODER,
    &intellivue::DECODER,
    &carescape::DECODER,
    &dhcp::DECODER,
    &dhcpv6::DECODER,
    &snmp::DECODER,
    &nbns::DECODER,
    &dns::DECODER,
    &mdns::DECODER,
    &llmnr::DECODER,
    &bacnet::DECODER,
    &radius::DECODER,
    &nfs::DECODER,
    &portmap::DECODER,
    &modbus::DECODER,
    &enip::DECODER,
    &opcua::DECODER,
    &s7comm::DECODER,
    &hsrp::DECODER,
    &ntp::DECODER,
    &lpd::DECODER,
    &coap::DECODER,
    &smtp::DECODER,
    &ftp::DECODER,
    &telnet::DECODER,
    &syslog::DECODER,
];

/// The decoder of that name, as in `dicom`.
pub fn named(name: &str) -> Option<&'static dyn Decoder> {
    ALL.iter().copied().find(|decoder| decoder.name() == name)
}

/// What a protocol is carried by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Frames of this EtherType.
    EtherType(u16),
    /// IEEE 802.2 SNAP frames of this organisation and protocol.
    Snap([u8; 3], u16),
    /// Unnumbered information between IEEE 802.2 service access points of this number.
    Llc(u8),
    /// IP packets of this protocol number.
    IpProtocol(u8),
    /// UDP datagrams; the ports are hints.
    Datagram(&'static [u16]),
    /// TCP streams; the ports are hints.
    Stream(&'static [u16]),
    /// Bodies of HTTP messages of this media type: HTTP is what is recognised, and hands them on.
    Body(&'static str),
}

impl Carrier {
    /// Whether a header says by itself what follows it.
    pub const fn is_named_by_a_header(&self) -> bool {
        matches!(self, Self::EtherType(_) | Self::Snap(..) | Self::Llc(_) | Self::IpProtocol(_))
    }
}

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the side that opened the connection (or sent the first packet).
    ToResponder,
    /// Back to it.
    ToInitiator,
}

impl Direction {
    /// The other way.
    pub const fn reverse(self) -> Self {
        match self {
            Self::ToResponder => Self::ToInitiator,
            Self::ToInitiator => Self::ToResponder,
        }
    }
}

/// The beginning of what both sides said, for [`Decoder::probe`]. For a datagram, one side is empty.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// First bytes from the side that opened the connection.
    pub initiator: &'a [u8],
    /// First bytes from the other side.
    pub responder: &'a [u8],
    /// Whether one of the ports is among the decoder's hints. A hint alone never suffices for a yes.
    pub hinted: bool,
}

impl<'a> Opening<'a> {
    /// What either side said, the initiator's words first; `None` if neither spoke.
    pub const fn first(&self) -> Option<&'a [u8]> {
        match (self.initiator, self.responder) {
            ([], []) => None,
            ([], spoken) | (spoken, _) => Some(spoken),
        }
    }
}

/// What a decoder thinks of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Not this protocol.
    No,
    /// It may be; more bytes will tell.
    More,
    /// It is.
    Yes,
}

/// Who talks to whom, when.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// The side that opened the connection, or sent the first packet.
    pub initiator: Side,
    /// The other side.
    pub responder: Side,
    /// When the frame at hand was captured.
    pub time: Timestamp,
}

/// Bytes for a session.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Stream: all unread bytes in this direction, contiguous. Otherwise: the whole payload.
    pub bytes: &'a [u8],
    /// Which way they go.
    pub direction: Direction,
    /// Who and when.
    pub context: &'a Context,
}

impl Input<'_> {
    /// Who sent the bytes.
    pub const fn sender(&self) -> Side {
        match self.direction {
            Direction::ToResponder => self.context.initiator,
            Direction::ToInitiator => self.context.responder,
        }
    }

    /// Whom they were sent to.
    pub const fn receiver(&self) -> Side {
        match self.direction {
            Direction::ToResponder => self.context.responder,
            Direction::ToInitiator => self.context.initiator,
        }
    }
}

/// What a session did with its input. Datagrams and packets are given once, whatever the step says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read that many bytes (at least one); call again if bytes are left.
    Read(usize),
    /// Call again when this direction holds at least that many unread bytes (more than there are now).
    Wait(usize),
    /// Read all given bytes and pass over that many to come, unseen and unbuffered.
    Skip(u64),
    /// Nothing more of interest in this connection: only count from here on.
    Done,
}

/// Why a message was not decoded. Never a reason to stop the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// More bytes may complete the message.
    #[error(transparent)]
    Truncated(#[from] Truncated),
    /// The bytes break a rule of the specification.
    #[error("{field}: {rule}")]
    Malformed {
        /// What was being read.
        field: &'static str,
        /// The rule that does not hold.
        rule: &'static str,
    },
}

/// One protocol.
pub trait Decoder: Sync {
    /// The short lower-case name that Wireshark and Zeek users know, as in `dicom`; also the folder's name.
    fn name(&self) -> &'static str;

    /// What carries it.
    fn carriers(&self) -> &'static [Carrier];

    /// Every field it can hand out.
    fn fields(&self) -> &'static [&'static Field];

    /// Whether an opening is this protocol's. Not asked for carriers that name the protocol themselves
    /// (EtherType, SNAP, LLC, IP protocol).
    fn probe(&self, opening: &Opening<'_>) -> Probe;

    /// The state for one connection (or one sequence of packets).
    fn session(&self, carrier: Carrier) -> Box<dyn Session>;
}

/// One connection's decoding state. Bounded: a session keeps what the protocol needs to go on, never the payload.
pub trait Session: Send {
    /// Reads bytes and begins the messages that they complete.
    ///
    /// The same stream gives the same messages however it is cut into calls. Messages are begun only when whole.
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step;

    /// Bytes are missing from the capture; what follows starts anywhere. Returns whether the session can go on: it
    /// looks for the next beginning of a message itself. What was unread in this direction is dropped.
    fn gap(&mut self, _direction: Direction) -> bool {
        false
    }
}

/// A session without state: each payload stands for itself (datagrams, link-layer frames).
pub struct Stateless(pub fn(&Input<'_>, &mut Messages) -> Result<(), DecodeError>);

impl Session for Stateless {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        // A message that cannot be read is not begun: there is nothing to undo, and the flow goes on.
        let _ = (self.0)(input, messages);
        Step::Read(input.bytes.len().max(1))
    }
}
