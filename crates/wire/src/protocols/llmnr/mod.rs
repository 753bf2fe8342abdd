//! Link-Local Multicast Name Resolution (RFC 4795): which single-label names stations ask for and claim.
//!
//! The same messages as DNS, between the stations of one link. Left out: the rare transport over TCP.

use model::{Field, Messages};

use super::dns::message::{Header, begins_well};
use super::{Carrier, Decoder, Input, Opening, Probe, Session, Step, dns};

/// The protocol's entry in the list.
pub static DECODER: Llmnr = Llmnr;

/// Link-Local Multicast Name Resolution.
pub struct Llmnr;

impl Decoder for Llmnr {
    fn name(&self) -> &'static str {
        "llmnr"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Datagram(&[5355])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        dns::FIELDS
    }

    /// Only the port tells it from DNS. A message holds exactly one question (§2.1.1).
    fn probe(&self, opening: &Opening<'_>) -> Probe {
        let Some(bytes) = opening.first().filter(|_| opening.hinted) else { return Probe::No };
        let is_query = Header::read(bytes).is_ok_and(|header| header.opcode() == 0 && header.questions == 1);
        if is_query && begins_well(bytes, false) { Probe::Yes } else { Probe::No }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::new(OverDatagram)
    }
}

struct OverDatagram;

impl Session for OverDatagram {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let _ = dns::decode("llmnr", input.bytes, messages);
        Step::Read(input.bytes.len().max(1))
    }
}
