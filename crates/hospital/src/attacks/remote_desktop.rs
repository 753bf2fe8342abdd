//! Remote Desktop to a server of the imaging, from a host that is no jump host.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::rdp;
use crate::talk::tls::{Certificate, Client, Visit};

/// Remote Desktop from the wrong host.
pub struct RemoteDesktop;

impl Attack for RemoteDesktop {
    fn name(&self) -> &'static str {
        "remote_desktop"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0886", "T1021.001"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let target = around.all("imaging_workstation").next().or_else(|| around.all("central_station").next())?;
        let (from, to, name) = (by.station, target.station, target.name.clone());
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(240_000, start, 3)));
        let sessions = Routine::new(rhythm, move |tape, at, _| {
            let certificate = Certificate {
                subject: ["", "", &name],
                issuer: ["", "", &name],
                names: &[],
                validity: ["260601000000Z", "261201000000Z"],
                key_bytes: 256,
                is_sha_1: false,
            };
            let visit = Visit {
                client: Client::Plain,
                name: &name,
                port: rdp::PORT,
                certificate: Some(&certificate),
                length: 90_000,
            };
            rdp::session(tape, at, &from, &to, &visit);
        });
        let flow = tcp(by, target, rdp::PORT, "rdp");
        let end = start.after_s(720);
        Some(Act { by: by.number, start, end, routines: vec![sessions.over(flow)], silences: Vec::new() })
    }
}
