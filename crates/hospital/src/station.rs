//! Who sends and receives, where on the network, and when.

use std::net::Ipv4Addr;

/// A hardware address.
pub type Mac = [u8; 6];

/// A router takes off one hop each.
const HOPS_TO_SERVERS: u8 = 1;

/// A moment, in microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

impl Moment {
    /// So many microseconds later.
    pub const fn after_us(self, us: u64) -> Self {
        Self(self.0.saturating_add(us))
    }

    /// So many milliseconds later.
    pub const fn after_ms(self, ms: u64) -> Self {
        self.after_us(ms.saturating_mul(1_000))
    }

    /// So many seconds later.
    pub const fn after_s(self, s: u64) -> Self {
        self.after_ms(s.saturating_mul(1_000))
    }

    /// So many microseconds earlier.
    pub const fn before_us(self, us: u64) -> Self {
        Self(self.0.saturating_sub(us))
    }
}

/// How an operating system's network stack shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The hop limit that packets start with.
    pub hop_limit: u8,
    /// The window of the first segment.
    pub window: u16,
    /// Window scale and selective acknowledgement are offered.
    pub modern: bool,
    /// Timestamps are offered (RFC 7323).
    pub timestamps: bool,
    /// The first port for connections that it opens itself.
    pub first_port: u16,
}

/// Microsoft Windows of the last decade.
pub const WINDOWS: Stack =
    Stack { hop_limit: 128, window: 64_240, modern: true, timestamps: false, first_port: 49_680 };
/// Linux.
pub const LINUX: Stack = Stack { hop_limit: 64, window: 64_240, modern: true, timestamps: true, first_port: 36_100 };
/// iOS and macOS.
pub const APPLE: Stack = Stack { hop_limit: 64, window: 65_535, modern: true, timestamps: true, first_port: 52_010 };
/// Small real-time systems.
pub const EMBEDDED: Stack = Stack { hop_limit: 64, window: 5_840, modern: false, timestamps: false, first_port: 1_030 };
/// Switches, printers and others that start at the highest hop limit.
pub const NETWORK: Stack =
    Stack { hop_limit: 255, window: 4_128, modern: false, timestamps: false, first_port: 11_000 };

/// A link: a virtual LAN with the router that leads away from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number as frames are tagged with it (IEEE 802.1Q); 0 where they are not.
    pub vlan: u16,
    /// The router's hardware address on it.
    pub router: Mac,
    /// The router's address on it.
    pub router_ip: Ipv4Addr,
    /// How many bits its addresses have in common.
    pub prefix: u8,
    /// Of two links that a packet crosses the higher one is recorded; 0 is never.
    pub rank: u8,
}

impl Link {
    /// The address that reaches everybody on the link of an address.
    pub fn broadcast(&self, ip: Ipv4Addr) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(ip) | u32::MAX.checked_shr(self.prefix.into()).unwrap_or(0))
    }

    /// The mask of its addresses.
    pub fn mask(&self) -> Ipv4Addr {
        Ipv4Addr::from(!u32::MAX.checked_shr(self.prefix.into()).unwrap_or(0))
    }
}

/// A sender or receiver.
#[derive(Clone, Copy, Debug)]
pub struct Station {
    /// Its hardware address.
    pub mac: Mac,
    /// Its network address.
    pub ip: Ipv4Addr,
    /// How its network stack shows itself.
    pub stack: Stack,
    /// Where it is.
    pub link: Link,
    /// Routers between it and whoever is on another link.
    pub hops: u8,
}

impl Station {
    /// The same station with another address.
    pub const fn with_address(self, ip: Ipv4Addr) -> Self {
        Self { ip, ..self }
    }

    /// The address that reaches everybody on its link.
    pub fn broadcast(&self) -> Ipv4Addr {
        self.link.broadcast(self.ip)
    }

    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.link == other.link && self.link.rank > 0
    }
}

/// The link on which a packet between two is recorded.
pub(crate) fn recorded<'s>(from: &'s Station, to: &'s Station) -> &'s Link {
    if (from.link.rank, from.link.vlan) >= (to.link.rank, to.link.vlan) { &from.link } else { &to.link }
}

/// How long a packet takes between the two, in microseconds.
pub fn delay_us(from: &Station, to: &Station) -> u64 {
    let hops = if from.is_beside(to) { 0 } else { from.hops.max(to.hops) };
    match hops {
        0 => 180,
        HOPS_TO_SERVERS => 420,
        _ => 11_500,
    }
}
