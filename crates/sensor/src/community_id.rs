//! Community ID v1 (<https://github.com/corelight/community-id-spec>, seed 0): the same name for a flow in every tool.

use std::net::IpAddr;

use sha1::{Digest, Sha1};
use wire::packet::transport::{ICMP, ICMP6, SCTP, TCP, UDP};

/// The identifier of a flow. For ICMP, the ports are the type and code of the first message.
pub fn of(source: IpAddr, destination: IpAddr, ip_protocol: u8, ports: Option<(u16, u16)>) -> String {
    let (mut ports, one_way) = match (ip_protocol, ports) {
        (ICMP, Some((kind, code))) => icmp_ports(kind, code, ICMP_PAIRS),
        (ICMP6, Some((kind, code))) => icmp_ports(kind, code, ICMP6_PAIRS),
        (TCP | UDP | SCTP, Some(ports)) => (Some(ports), false),
        _ => (None, false),
    };
    let (mut first, mut second) = (source, destination);
    let in_order = match first.cmp(&second) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Equal => ports.is_none_or(|(source, destination)| source <= destination),
        std::cmp::Ordering::Greater => false,
    };
    if !one_way && !in_order {
        std::mem::swap(&mut first, &mut second);
        ports = ports.map(|(source, destination)| (destination, source));
    }
    let mut hash = Sha1::new();
    hash.update([0, 0]);
    for address in [first, second] {
        match address {
            IpAddr::V4(address) => hash.update(address.octets()),
            IpAddr::V6(address) => hash.update(address.octets()),
        }
    }
    hash.update([ip_protocol, 0]);
    if let Some((source, destination)) = ports {
        hash.update(source.to_be_bytes());
        hash.update(destination.to_be_bytes());
    }
    let mut text = String::with_capacity(30);
    text.push_str("1:");
    data_encoding::BASE64.encode_append(&hash.finalize(), &mut text);
    text
}

/// Requests and their replies, so that both give one flow.
const ICMP_PAIRS: &[(u16, u16)] = &[(8, 0), (13, 14), (15, 16), (10, 9), (17, 18)];
const ICMP6_PAIRS: &[(u16, u16)] = &[(128, 129), (133, 134), (135, 136), (130, 131), (139, 140), (144, 145)];

/// The port stand-ins, and whether the message stands for itself.
fn icmp_ports(kind: u16, code: u16, pairs: &[(u16, u16)]) -> (Option<(u16, u16)>, bool) {
    let other = pairs.iter().find_map(|(request, reply)| {
        if kind == *request {
            Some(*reply)
        } else if kind == *reply {
            Some(*request)
        } else {
            None
        }
    });
    match other {
        Some(other) => (Some((kind, other)), false),
        None => (Some((kind, code)), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values computed by hand from the specification's published examples.
    #[test]
    fn equals_the_reference_values() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let tcp = of(ip("128.232.110.120"), ip("66.35.250.204"), TCP, Some((34_855, 80)));
        assert_eq!(tcp, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
        assert_eq!(of(ip("66.35.250.204"), ip("128.232.110.120"), TCP, Some((80, 34_855))), tcp);
        let udp = of(ip("192.168.1.52"), ip("8.8.8.8"), UDP, Some((54_585, 53)));
        assert_eq!(udp, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
        let echo = of(ip("192.168.0.89"), ip("192.168.0.1"), ICMP, Some((8, 0)));
        assert_eq!(echo, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
    }
}
