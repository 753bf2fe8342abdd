//! Which way a connection goes: who opened it, and what its packets say about how far it came.

use std::net::IpAddr;

use model::{Connection, Timestamp};
use wire::conversation::is_hinted_port;
use wire::packet::transport::{ICMP, ICMP6};
use wire::packet::{IpPacket, Tcp, Transport};
use wire::protocols::{Context, Direction};

use crate::flow::TcpSeen;

/// Both ends of a connection, for its decoder.
pub(crate) const fn context(connection: &Connection, time: Timestamp) -> Context {
    Context { initiator: connection.initiator, responder: connection.responder, time }
}

/// The same, the other way round.
pub(crate) const fn reversed(context: &Context) -> Context {
    Context { initiator: context.responder, responder: context.initiator, time: context.time }
}

/// Notes the flags of a segment that tell how far its connection came.
pub(crate) fn note_flags(seen: &mut TcpSeen, direction: Direction, tcp: &Tcp<'_>) {
    let [to_responder, to_initiator] = &mut seen.fin;
    match direction {
        Direction::ToResponder => {
            if tcp.has(Tcp::SYN) && !tcp.has(Tcp::ACK) {
                seen.syn = true;
                seen.initial = Some(tcp.sequence);
            }
            *to_responder |= tcp.has(Tcp::FIN);
        }
        Direction::ToInitiator => {
            seen.syn_ack |= tcp.has(Tcp::SYN) && tcp.has(Tcp::ACK);
            *to_initiator |= tcp.has(Tcp::FIN);
        }
    }
    if tcp.has(Tcp::RST) && seen.reset_by.is_none() {
        seen.reset_by = Some(direction);
    }
}

/// Hop limits that systems start with: a packet that still holds one of them has passed no router.
const fn is_initial_hop_limit(hop_limit: u8) -> bool {
    matches!(hop_limit, 1 | 2 | 4 | 30 | 32 | 60 | 64 | 100 | 128 | 150 | 200 | 254 | 255)
}

/// Whether a packet's hop limit shows that it passed a router. To groups, any hop limit may be chosen.
pub(crate) fn has_passed_router(packet: &IpPacket<'_>) -> bool {
    !packet.destination.is_multicast()
        && packet.destination != IpAddr::from([255; 4])
        && !is_initial_hop_limit(packet.hop_limit)
}

/// The stand-ins for ports that keep requests and replies of ICMP in one flow.
pub(crate) fn icmp_ports(ip_protocol: u8, kind: u8, code: u8) -> (u16, u16) {
    let reply_of = |request: u8, reply: u8| (u16::from(reply), u16::from(request));
    match (ip_protocol, kind) {
        (ICMP, 8) | (ICMP6, 128) => (u16::from(kind), if kind == 8 { 0 } else { 129 }),
        (ICMP, 0) => reply_of(8, 0),
        (ICMP6, 129) => reply_of(128, 129),
        (ICMP, 13 | 15 | 17) => (u16::from(kind), u16::from(kind).saturating_add(1)),
        (ICMP, 14 | 16 | 18) => (u16::from(kind), u16::from(kind).saturating_sub(1)),
        _ => (u16::from(kind), u16::from(code)),
    }
}

/// Whether a first packet's source opened the connection, and whether that is certain.
pub(crate) fn opener(packet: &IpPacket<'_>, transport: &Transport<'_>, ports: (u16, u16)) -> (bool, bool) {
    match transport {
        Transport::Tcp(tcp) if tcp.has(Tcp::SYN) => (!tcp.has(Tcp::ACK), true),
        Transport::Icmp { kind, .. } => {
            let is_reply = matches!((packet.protocol, kind), (ICMP, 0 | 14 | 16 | 18) | (ICMP6, 129));
            (!is_reply, false)
        }
        Transport::Tcp(_) | Transport::Udp { .. } | Transport::Sctp { .. } => {
            // The capture began in the middle, or there is no handshake: the better known port was asked.
            let to_group = packet.destination.is_multicast();
            (to_group || service_rank(ports.0, packet.protocol) <= service_rank(ports.1, packet.protocol), false)
        }
        Transport::Other => (true, false),
    }
}

/// How much a port looks like a service's.
fn service_rank(port: u16, ip_protocol: u8) -> u8 {
    match port {
        _ if is_hinted_port(port, ip_protocol) => 3,
        1..1_024 => 2,
        1_024..32_768 => 1,
        _ => 0,
    }
}
