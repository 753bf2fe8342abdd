//! Somebody sends orders to the interface engine in the name of the hospital information system.

use super::{Act, Attack, after_start, every_ms, foothold, moment};
use crate::draw::Draw;
use crate::hospital::Around;
use crate::kinds::{Routine, tcp};
use crate::rhythm::{Rhythm, Span};
use crate::talk::Host;
use crate::talk::hl7::{self, MLLP, Party, exchange};

const ORDERS: u64 = 6;

/// Forged HL7 orders.
pub struct ForgedOrder;

impl Attack for ForgedOrder {
    fn name(&self) -> &'static str {
        "forged_order"
    }

    fn techniques(&self) -> &'static [&'static str] {
        &["T0855", "T0856"]
    }

    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act> {
        let by = foothold(around, draw)?;
        let engine = around.all("interface_engine").find(|engine| engine.number != by.number)?;
        let (station, to, name) = (by.station, engine.station, engine.name.clone());
        let start = moment(span, draw);
        let rhythm = Rhythm::At(after_start(span, every_ms(20_000, start, ORDERS)));
        let orders = Routine::new(rhythm, move |tape, at, turn| {
            let from = Party { host: Host { station, name: "HIS1" }, application: "ORBIS", facility: "HOSP" };
            let to = Party { host: Host { station: to, name: &name }, application: "MIRTH", facility: "IT" };
            let number = u32::try_from(turn).unwrap_or(0).saturating_add(90_000);
            exchange(tape, &from, &to, MLLP, &[(at, hl7::order(number))]);
        });
        let flow = tcp(by, engine, MLLP, "hl7").doing(&["ORM^O01"]);
        let end = start.after_s(20 * ORDERS);
        Some(Act { by: by.number, start, end, routines: vec![orders.over(flow)], silences: Vec::new() })
    }
}
