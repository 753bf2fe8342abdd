//! Somebody tries the addresses of a network, two ports each, and then the ports of one that answers.

use std::net::Ipv4Addr;

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::frames::Station;
use crate::hospital::Around;
use crate::kinds::{Routine, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::tcp::{Outcome, Talk};

/// Addresses that are tried.
const ADDRESSES: u64 = 120;
const PORTS: [u16; 12] = [21, 22, 23, 80, 104, 139, 443, 445, 2_575, 3_389, 8_080, 11_112];

/// A scan across a network and along one host's ports.
pub struct Scan;

impl Attack for Scan {
    fn name(&self) -> &'static str {
        "scan"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0846", "T1046"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let target = around.all("interface_engine").find(|engine| engine.number != by.number)?;
        let start = moment(span, draw);
        let (from, nobody, host) = (by.station, target.station, target.station);
        let first = u32::from(host.link.router_ip);
        let across = Rhythm::At(after_start(span, every_ms(95, start, ADDRESSES)));
        let across = Routine::new(across, move |tape, at, turn| {
            let offset = u32::try_from(turn).unwrap_or(0).saturating_add(512);
            let nobody = Station { ip: Ipv4Addr::from(first.saturating_add(offset)), ..nobody };
            for (wait, port) in [(0, 445), (40, 104)] {
                Talk::attempt(tape, at.after_ms(wait), &from, &nobody, port, Outcome::Silence);
            }
        });
        let begin = start.after_s(60);
        let ports = u64::try_from(PORTS.len()).unwrap_or(0);
        let along = Rhythm::At(after_start(span, every_ms(70, begin, ports)));
        let mut along = Routine::new(along, move |tape, at, turn| {
            let port = usize::try_from(turn).ok().and_then(|turn| PORTS.get(turn)).copied().unwrap_or_default();
            Talk::attempt(tape, at, &from, &host, port, Outcome::Refused);
        });
        for port in PORTS {
            along = along.over(tcp(by, target, port, ""));
        }
        Some(Act { by: by.number, start, end: begin.after_s(2), routines: vec![across, along], silences: Vec::new() })
    }
}
