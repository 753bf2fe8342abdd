//! The formula, over whatever [`factors::ALL`](super::factors::ALL) tells.

use super::draws::{Draws, mixed};
use super::factors::{self, Part};
use super::scales::Scale;
use super::subject::{Share, Subject};
use super::tables::Tables;

/// The risk of one device, with the parts that it is made of.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Score {
    /// S: how likely an attack succeeds that reaches the device.
    pub susceptibility: f64,
    /// R: how likely an attacker reaches it.
    pub exposure: f64,
    /// What verified controls on the device leave.
    pub host: f64,
    /// How likely it is taken over by other means, or already.
    pub incident: f64,
    /// L = 1 - (1 - S·R·host)·(1 - incident). It orders devices; it is no actuarial frequency.
    pub likelihood: f64,
    /// I: harm to patients first, care and records added to it.
    pub impact: f64,
    /// E = L·I: expected harm, which adds up over devices.
    pub expected_harm: f64,
}

/// How urgent a score is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Below all others.
    Low,
    /// Soon.
    Medium,
    /// Next.
    High,
    /// First.
    Critical,
}

impl Band {
    /// The band of a score, 0 to 100.
    pub fn of(score: f64, tables: &Tables) -> Self {
        match score {
            score if score >= tables.bands.critical => Self::Critical,
            score if score >= tables.bands.high => Self::High,
            score if score >= tables.bands.medium => Self::Medium,
            _ => Self::Low,
        }
    }

    /// The name in files and sentences.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl Score {
    /// The risk of the device by the numbers of the tables.
    pub fn of(subject: &Subject, tables: &Tables) -> Self {
        Self::with(subject, &Numbers::expected(tables))
    }

    /// The risk of the device by the numbers of one draw, or by those of the tables.
    pub fn with(subject: &Subject, numbers: &Numbers<'_>) -> Self {
        let (mut safe, mut unreached, mut host, mut untouched, mut harmless) = (1.0, 1.0, 1.0, 1.0, 1.0);
        for factor in factors::ALL {
            let (part, one) = match factor.part() {
                Part::Susceptibility => (&mut safe, 1.0),
                Part::Exposure => (&mut unreached, 1.0),
                Part::Host => (&mut host, 0.0),
                Part::Incident => (&mut untouched, 1.0),
                Part::Impact => (&mut harmless, 1.0),
            };
            // One cause is enough: what is multiplied is that none happens. What is left behind controls multiplies itself.
            factor.causes(subject, numbers, &mut |cause| *part *= (one - cause.value).abs());
        }
        let (susceptibility, exposure, incident, impact) =
            (1.0 - safe, 1.0 - unreached, 1.0 - untouched, 1.0 - harmless);
        let likelihood = 1.0 - (1.0 - susceptibility * exposure * host) * untouched;
        Self { susceptibility, exposure, host, incident, likelihood, impact, expected_harm: likelihood * impact }
    }

    /// What people see: 100·√E, from 0 to 100. The root changes no order.
    pub fn display(&self) -> f64 {
        displayed(self.expected_harm)
    }

    /// Its band.
    pub fn band(&self, tables: &Tables) -> Band {
        Band::of(self.display(), tables)
    }
}

/// 100·√E.
pub(super) fn displayed(expected_harm: f64) -> f64 {
    100.0 * expected_harm.max(0.0).sqrt()
}

/// The numbers that one score is reckoned with: the expected ones, or one draw of what they may be.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    tables: &'a Tables,
    draw: Option<(&'a Draws, usize, u64)>,
}

impl<'a> Numbers<'a> {
    /// The numbers of the tables.
    pub const fn expected(tables: &'a Tables) -> Self {
        Self { tables, draw: None }
    }

    /// The numbers of one draw: the same for all devices, but for what is not known of this one.
    pub const fn drawn(tables: &'a Tables, draws: &'a Draws, draw: usize, device: u64) -> Self {
        Self { tables, draw: Some((draws, draw, device)) }
    }

    pub(super) fn tables(&self) -> &'a Tables {
        self.tables
    }

    /// The number of a step.
    pub fn of<S: Scale>(&self, step: S) -> f64 {
        self.at(step.place())
    }

    /// The number of a step that may be unknown.
    pub fn known<S: Scale>(&self, step: Option<S>) -> f64 {
        step.map_or_else(|| self.missing(S::UNKNOWN), |step| self.of(step))
    }

    /// The number at that place.
    pub(super) fn at(&self, place: usize) -> f64 {
        match self.draw {
            Some((draws, draw, _)) => draws.value(draw, place),
            None => self.tables.priors().get(place).map_or(1.0, |prior| prior.value),
        }
    }

    /// The number at that place for something that is not known of this device: devices differ in what nobody knows of them.
    pub(super) fn missing(&self, place: usize) -> f64 {
        match self.draw {
            Some((draws, draw, device)) => {
                let turn = mixed(device ^ (place as u64).rotate_right(8)) >> 32;
                draws.value(draw.wrapping_add(turn as usize), place)
            }
            None => self.at(place),
        }
    }

    /// Whether a weakness is there that nobody could look for: so often, or in one draw there or not.
    pub(super) fn presence(&self, place: usize, share: Share) -> f64 {
        match self.draw {
            Some((draws, draw, device)) => {
                let drawn = mixed(device ^ (place as u64).rotate_right(8) ^ mixed(draws.seed() ^ draw as u64));
                f64::from(u8::from(unit(drawn) < share.value()))
            }
            None => share.value(),
        }
    }
}

/// A number from 0 up to 1, without 1.
fn unit(bits: u64) -> f64 {
    const STEPS: f64 = (1_u64 << 53) as f64;
    (bits >> 11) as f64 / STEPS
}
