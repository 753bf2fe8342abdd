//! Everything that a score depends on, one file and one entry of [`ALL`] each.

use super::score::Numbers;
use super::subject::{Control, Stage, Subject};

mod exposure;
mod host;
mod incident;
mod mission;
mod records;
mod safety;
mod takeover;
pub mod vulnerability;
mod weakness;

/// The id of the factor whose causes are the findings, one each and in their order.
pub(super) const VULNERABILITY: &str = "vulnerability";

/// Every risk factor, in the order in which an explanation tells them.
pub static ALL: &[&dyn Factor] = &[
    &vulnerability::Vulnerabilities,
    &weakness::Weaknesses,
    &exposure::Paths,
    &host::HostControls,
    &takeover::Takeover,
    &incident::Incidents,
    &safety::Safety,
    &mission::Care,
    &records::Records,
];

/// One thing that a score depends on.
pub trait Factor: Sync {
    /// Lower-case words with underscores, as in `vulnerability`.
    fn id(&self) -> &'static str;

    /// Which part of the formula it speaks for.
    fn part(&self) -> Part;

    /// Tells each cause in the device, with its number.
    fn causes<'s>(&self, subject: &'s Subject, numbers: &Numbers<'_>, tell: &mut dyn FnMut(Cause<'s>));
}

/// A part of the formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// How likely an attack succeeds that reaches the device: each cause alone is enough.
    Susceptibility,
    /// How likely an attacker reaches it: each path alone is enough.
    Exposure,
    /// What controls on the device leave of it: all multiply.
    Host,
    /// How likely it is taken over by other means, or already: each cause alone is enough.
    Incident,
    /// How much harm that does: each kind adds to the others.
    Impact,
}

/// One cause of a score.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'s> {
    /// What it is: a vulnerability, a weakness, a path.
    pub name: &'s str,
    /// What it was told from.
    pub from: &'s str,
    /// Its probability, or for [`Part::Host`] what is left behind it.
    pub value: f64,
}

/// What verified controls leave: each kind counts once, however often it stands there.
fn left_by<K: super::Scale>(controls: &[Control<K>], numbers: &Numbers<'_>) -> f64 {
    let verified = |control: &&Control<K>| control.stage == Stage::Verified;
    let mut left = 1.0;
    for (at, control) in controls.iter().enumerate().filter(|(_, control)| verified(control)) {
        let again = controls.iter().take(at).filter(verified).any(|before| before.kind == control.kind);
        left *= if again { 1.0 } else { numbers.of(control.kind) };
    }
    left
}
