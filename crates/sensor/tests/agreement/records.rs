//! DNS and its relatives: which records of a message Wireshark's columns belong to.

use crate::normal::normal_of_wireshark;
use crate::ours::KIND;
use crate::pairings::Pairing;
use crate::readers::{Read, each, joined, number};
use crate::windows::netbios;

/// The columns in which Wireshark shows the values of records, each with the type that fills it.
const VALUES: &[(u64, &str)] = &[
    (1, "dns.a"),
    (28, "dns.aaaa"),
    (5, "dns.cname"),
    (12, "dns.ptr.domain_name"),
    (2, "dns.ns"),
    (33, "dns.srv.target"),
];

const COUNTS: &str = "dns.flags.response dns.flags.opcode dns.count.answers dns.count.prerequisites dns.count.auth_rr \
                      dns.count.updates dns.resp.type dns.resp.name";
/// Where the columns of values begin.
const FIRST_VALUE: usize = 8;
/// The opcode of an update (RFC 2136).
const UPDATE: u64 = 5;

pub fn all() -> Vec<Pairing> {
    let query_or_response = || each(|flag| Some(if flag == "1" { "response" } else { "query" }.to_owned()));
    let suffix = |name: &str| u64::from_str_radix(name.rsplit_once('<')?.1.get(..2)?, 16).ok().map(|s| s.to_string());
    let mut pairings = vec![
        Pairing::new("mdns", KIND, "dns.flags.response").reading(query_or_response()),
        Pairing::new("llmnr", KIND, "dns.flags.response").reading(query_or_response()),
        Pairing::new("nbns", "name", "nbns.name nbns.netbios_name").reading(each(|name| Some(netbios(name)))),
        Pairing::new("nbns", "suffix", "nbns.name nbns.netbios_name").reading(each(suffix)),
    ];
    for protocol in ["dns", "llmnr"] {
        pairings.push(records(protocol, "answer_ip", &[1, 28], Part::Answers));
        pairings.push(records(protocol, "answer_name", &[5, 12, 2, 33], Part::Answers));
    }
    pairings.push(records("mdns", "answer_ip", &[1, 28], Part::Claims));
    for (field, read) in [("service_type", service as fn(&str) -> Option<String>), ("instance", instance)] {
        // Wireshark cuts the owner of a service record into three.
        let names = "dns.srv.service dns.srv.proto dns.srv.name dns.ptr.domain_name dns.resp.name";
        let read: Read = Box::new(move |columns| {
            let owners = joined(".")(&columns[..3]);
            let names = columns[3..].iter().flatten().map(|name| (*name).to_owned());
            owners.into_iter().chain(names).filter_map(|name| read(&name)).collect()
        });
        pairings.push(Pairing::new("mdns", field, names).reading(read).part());
    }
    pairings.push(Pairing::new("mdns", "host", "dns.resp.name dns.srv.target dns.ptr.domain_name").part());
    pairings.push(Pairing::new("mdns", "txt", "dns.txt").part());
    pairings.push(
        Pairing::new("mdns", "ae_title", "dns.txt").reading(each(|t| t.split_once('=').map(|p| p.1.to_owned()))).part(),
    );
    pairings
}

/// Which records are read.
#[derive(Clone, Copy)]
enum Part {
    /// The answers of a response.
    Answers,
    /// All records of a response; the authorities of a query, which a station is about to claim (RFC 6762 §8.2).
    Claims,
}

fn records(protocol: &'static str, field: &'static str, kinds: &'static [u64], part: Part) -> Pairing {
    let columns: Vec<&str> = VALUES.iter().map(|(_, column)| *column).collect();
    Pairing::new(protocol, field, &format!("{COUNTS} {}", columns.join(" "))).reading(of_records(kinds, part))
}

/// Wireshark shows each type of record in a column of its own, in the order of the message: the types say whose turn it is.
fn of_records(kinds: &'static [u64], part: Part) -> Read {
    Box::new(move |columns| {
        let first = |index: usize| columns[index].first().and_then(|value| number(value));
        let (is_response, is_update) = (first(0) == Some(1), first(1) == Some(UPDATE));
        let answers = first(2).or(first(3)).unwrap_or(0) as usize;
        let authorities = first(4).or(first(5)).unwrap_or(0) as usize;
        let wanted = match (part, is_response) {
            // The records that an update adds stand where others have their authorities.
            (Part::Answers, false) if is_update => answers..answers + authorities,
            (Part::Answers, true) => 0..answers,
            (Part::Answers, false) => 0..0,
            (Part::Claims, true) => 0..usize::MAX,
            (Part::Claims, false) => answers..answers + authorities,
        };
        let mut taken = [0_usize; VALUES.len()];
        let mut values = Vec::new();
        for (index, kind) in columns[6].iter().enumerate() {
            let Some(place) = number(kind).and_then(|kind| VALUES.iter().position(|(of, _)| *of == kind)) else {
                continue;
            };
            let value = columns[FIRST_VALUE + place].get(taken[place]);
            taken[place] += 1;
            let kind = VALUES[place].0;
            let Some(value) = value.filter(|_| wanted.contains(&index)) else { continue };
            if is_update && matches!(kind, 1 | 28) && !kinds.contains(&kind) {
                // Of an update, the name that gets an address.
                values.extend(columns[7].get(index).map(|name| normal_of_wireshark(name)));
            } else if kinds.contains(&kind) && !(is_update && kinds != [1, 28]) {
                values.push(normal_of_wireshark(value));
            }
        }
        values
    })
}

/// `_ipp._tcp` of `Ward printer._ipp._tcp.local`.
fn service(name: &str) -> Option<String> {
    let labels: Vec<&str> = name.split('.').collect();
    let transport = labels.iter().rposition(|label| matches!(*label, "_tcp" | "_udp"))?;
    let service = transport.checked_sub(1).map(|index| labels[index])?;
    service.starts_with('_').then(|| format!("{service}.{}", labels[transport]))
}

fn instance(name: &str) -> Option<String> {
    let service = service(name)?;
    let before = name.find(&service)?;
    name[..before].strip_suffix('.').map(normal_of_wireshark)
}
