//! A tap that does not hear everything: frames that are lost, or one direction alone. What is true of the hospital stays so.

use std::collections::BTreeSet;

use crate::draw::Draw;
use crate::frames::Mac;
use crate::hospital::Hospital;
use crate::place::Zone;

/// What a tap hears.
pub struct Tap {
    draw: Draw,
    loss_percent: u64,
    /// Who is not heard: routers, and whoever is in the middle. `None` where both directions are.
    unheard: Option<BTreeSet<Mac>>,
}

impl Tap {
    /// A tap that loses so many of a hundred frames, and hears only what goes towards the middle if it is one way.
    pub fn new(hospital: &Hospital, loss_percent: u64, is_one_way: bool) -> Self {
        let draw = Draw::new(hospital.plan.seed).of("tap", loss_percent);
        let in_the_middle = hospital
            .around()
            .devices()
            .iter()
            .filter(|device| device.kind == "router" || matches!(device.zone, Zone::Servers | Zone::Management));
        let unheard = is_one_way.then(|| in_the_middle.map(|device| device.station.mac).collect());
        Self { draw, loss_percent, unheard }
    }

    /// Whether it hears a frame.
    pub fn hears(&mut self, frame: &[u8]) -> bool {
        let is_lost = self.loss_percent > 0 && self.draw.chance(self.loss_percent);
        let source = frame.get(6..12).and_then(|source| Mac::try_from(source).ok());
        let is_heard = |unheard: &BTreeSet<Mac>| source.is_none_or(|source| !unheard.contains(&source));
        !is_lost && self.unheard.as_ref().is_none_or(is_heard)
    }
}
