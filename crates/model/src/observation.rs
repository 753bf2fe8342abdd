//! What the sensor tells the analysis: who, when, on which connection.

use std::net::IpAddr;

use crate::{MacAddr, Message, Timestamp};

/// One end of a frame or a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Side {
    /// The hardware address next to the capture point: the station's own, or that of the last router.
    pub mac: Option<MacAddr>,
    /// The network address.
    pub ip: Option<IpAddr>,
    /// The TCP, UDP or SCTP port.
    pub port: Option<u16>,
}

/// Where a frame stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameRef {
    /// Index of the capture among the inputs, from 0.
    pub capture: u32,
    /// Number of the frame within its capture, from 1, as Wireshark counts.
    pub number: u64,
}

/// How far a connection came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConnectionState {
    /// Packets in one direction only (UDP and others without handshake, or a half-captured TCP connection).
    OneWay,
    /// Asked for, never answered (SYN alone).
    Attempted,
    /// Refused by a reset.
    Rejected,
    /// Set up, its end was not seen.
    Established,
    /// Set up and closed in order.
    Closed,
    /// Set up and cut off by a reset.
    Reset,
    /// Already running when the capture began.
    Midstream,
    /// Packets in both directions of a protocol without handshake.
    Answered,
}

impl ConnectionState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::OneWay,
        Self::Attempted,
        Self::Rejected,
        Self::Established,
        Self::Closed,
        Self::Reset,
        Self::Midstream,
        Self::Answered,
    ];

    /// The name used in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneWay => "one_way",
            Self::Attempted => "attempted",
            Self::Rejected => "rejected",
            Self::Established => "established",
            Self::Closed => "closed",
            Self::Reset => "reset",
            Self::Midstream => "midstream",
            Self::Answered => "answered",
        }
    }
}

/// Packets and bytes in one direction; bytes are whole frames as on the wire, as Wireshark's conversations count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Traffic {
    /// Frames.
    pub packets: u64,
    /// Bytes of those frames, link header included.
    pub bytes: u64,
}

/// How much of a connection is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All of it: it has ended.
    #[default]
    Whole,
    /// What came so far: it goes on.
    First,
    /// What came since it was told last: it goes on.
    Further {
        /// Whether anything of what was told before came from the responder.
        answered: bool,
    },
    /// What came since it was told last: it has ended.
    Last {
        /// Whether anything of what was told before came from the responder.
        answered: bool,
    },
}

impl Part {
    /// Every part.
    pub const ALL: &'static [Self] = &[
        Self::Whole,
        Self::First,
        Self::Further { answered: false },
        Self::Further { answered: true },
        Self::Last { answered: false },
        Self::Last { answered: true },
    ];

    /// Whether nothing of the connection was told before.
    pub const fn begins(self) -> bool {
        matches!(self, Self::Whole | Self::First)
    }

    /// Whether the responder was heard before.
    pub const fn was_answered(self) -> bool {
        matches!(self, Self::Further { answered: true } | Self::Last { answered: true })
    }
}

/// A transport connection when it ends, or when the capture does; one that stays open for long is told in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Number of the connection in order of its first packet, from 0.
    pub id: u64,
    /// First packet.
    pub start: Timestamp,
    /// Last packet.
    pub end: Timestamp,
    /// Further hours in which it was active, in order, as whole hours since 1970: those in which it began and ended may be
    /// left out.
    pub hours: Vec<u32>,
    /// The first packet's frame.
    pub first_frame: FrameRef,
    /// Who opened it.
    pub initiator: Side,
    /// Who was asked.
    pub responder: Side,
    /// IP protocol number (IANA): 6 TCP, 17 UDP, 1 ICMP …
    pub ip_protocol: u8,
    /// VLAN identifier of the first packet (IEEE 802.1Q), the inner one if stacked.
    pub vlan: Option<u16>,
    /// From initiator to responder, in this part.
    pub sent: Traffic,
    /// From responder to initiator, in this part.
    pub received: Traffic,
    /// How much of it is told.
    pub part: Part,
    /// How far it came.
    pub state: ConnectionState,
    /// The application protocol, as in `dicom`; empty if not recognised.
    pub application: &'static str,
    /// Whether the opening direction is certain (handshake seen) or inferred from ports and order.
    pub oriented: bool,
}

impl Connection {
    /// Whether the responder was ever heard.
    pub const fn is_answered(&self) -> bool {
        self.received.packets > 0 || self.part.was_answered()
    }
}

/// What the sensor tells.
#[derive(Debug)]
pub enum Observation<'a> {
    /// An address was seen in use behind a hardware address (once for each end of each connection, and again
    /// when another hardware address or VLAN takes its place, or after
    /// minutes).
    Sighting {
        /// When.
        time: Timestamp,
        /// In which frame.
        frame: FrameRef,
        /// The hardware address that the frame came from, if the link has such.
        mac: Option<MacAddr>,
        /// The address in the packet, if it was an IP packet.
        ip: Option<IpAddr>,
        /// Whether the packet's hop limit shows that it passed a router before it was seen.
        routed: bool,
        /// Whether the other end is not known to address another hardware address: then the address is used behind
        /// this one, and not only sent with (by another card of one host, or a router that shares an address).
        addressed: bool,
        /// VLAN identifier, if tagged.
        vlan: Option<u16>,
    },
    /// A message was decoded.
    Message {
        /// When its last byte was seen.
        time: Timestamp,
        /// The frame that completed it.
        frame: FrameRef,
        /// The connection it belongs to, if it is transported by one: see [`Connection::id`].
        connection: Option<u64>,
        /// IP protocol number of what carried it; 0 if it was not IP.
        ip_protocol: u8,
        /// Who sent it.
        sender: Side,
        /// Whom it was sent to.
        receiver: Side,
        /// VLAN identifier of the frame, or of the connection's first packet; `None` if untagged.
        vlan: Option<u16>,
        /// What it says.
        message: &'a Message,
    },
    /// A connection ended.
    Connection(&'a Connection),
}
