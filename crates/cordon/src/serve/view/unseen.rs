//! How many devices there may be that were not seen: told from how many were seen rarely.
//!
//! Each hour of the week in which anything was seen is a look at the network. Where many devices showed in one hour only, and
//! few in two, many more will have shown in none (A. Chao, "Estimating the Population Size for Capture-Recapture Data with
//! Unequal Catchability", Biometrics 43, 1987). It is a lower bound: a device that never sends, or on a segment that is not
//! mirrored, follows no such rule.

use analysis::inventory::HoursOfWeek;
use serde::Serialize;

use super::View;

/// Fewer hours say nothing.
const HOURS_MIN: u32 = 24;
/// Fewer devices say nothing.
const DEVICES_MIN: usize = 20;
/// Both sides of a normal distribution beyond which one in ten falls: what is told is right nine times in ten.
const NINE_IN_TEN: f64 = 1.645;

/// How many devices there may be that were not seen.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Unseen {
    /// At least so many.
    pub low: u64,
    /// At most so many.
    pub high: u64,
    /// How that is known.
    pub text: String,
}

impl View {
    /// How many devices there may be that were not seen; `None` if too little was seen to say.
    pub fn unseen(&self) -> Option<&Unseen> {
        self.unseen.get_or_init(|| self.estimate()).as_ref()
    }

    fn estimate(&self) -> Option<Unseen> {
        let (mut once, mut twice, mut devices) = (0_usize, 0_usize, 0_usize);
        let mut all = [0_u64; 3];
        let mut hours_of = vec![[0_u64; 3]; self.rows.len()];
        for flow in self.flows.briefs() {
            let HoursOfWeek(bits) = flow.hours_of_week;
            for place in [flow.ends.0, flow.ends.1].into_iter().filter_map(|owner| self.place_of_end(owner)) {
                let Some(hours) = hours_of.get_mut(place) else { continue };
                hours.iter_mut().zip(bits).for_each(|(known, more)| *known |= more);
            }
        }
        for hours in hours_of {
            all.iter_mut().zip(hours).for_each(|(known, more)| *known |= more);
            let count: u32 = hours.iter().map(|word| word.count_ones()).fold(0, u32::saturating_add);
            devices = devices.saturating_add(usize::from(count > 0));
            once = once.saturating_add(usize::from(count == 1));
            twice = twice.saturating_add(usize::from(count == 2));
        }
        let hours: u32 = all.iter().map(|word| word.count_ones()).fold(0, u32::saturating_add);
        if hours < HOURS_MIN || devices < DEVICES_MIN {
            return None;
        }
        let (low, high) = span(once as f64, twice as f64, f64::from(hours));
        let text = format!(
            "Of {devices} devices that talked in {hours} hours of the week, {once} did in one hour only and {twice} in two. \
             Devices that never talk, or where nothing is mirrored, come on top."
        );
        Some(Unseen { low, high, text })
    }
}

/// The least and the most that were seen in no hour, of `once` seen in one and `twice` in two of so many hours: right nine times
/// in ten.
fn span(once: f64, twice: f64, hours: f64) -> (u64, u64) {
    let looks = (hours - 1.0) / hours;
    // Without any that was seen twice the other form has to do.
    let missing = if twice > 0.0 { looks * once * once / (2.0 * twice) } else { looks * once * (once - 1.0) / 2.0 };
    if missing < 0.5 {
        return (0, 0);
    }
    let share = once / twice.max(1.0);
    let variance = twice.max(1.0) * (share.powi(2) / 2.0 + share.powi(3) + share.powi(4) / 4.0);
    let factor = (NINE_IN_TEN * (variance / (missing * missing)).ln_1p().sqrt()).exp();
    ((missing / factor).round() as u64, (missing * factor).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A population of which each is seen in each hour with a chance of its own; numbers from a small generator.
    #[allow(clippy::arithmetic_side_effects, reason = "small numbers")]
    fn population(size: u64, hours: u64, chance: impl Fn(u64) -> f64) -> (f64, f64, u64) {
        let mut state = 88_172_645_463_325_252_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let (mut once, mut twice, mut never) = (0.0, 0.0, 0);
        for member in 0..size {
            let seen = (0..hours).filter(|_| random() < chance(member)).count();
            match seen {
                0 => never += 1,
                1 => once += 1.0,
                2 => twice += 1.0,
                _ => {}
            }
        }
        (once, twice, never)
    }

    #[test]
    fn those_who_were_not_seen_lie_in_the_span() {
        for (size, hours, chance) in [(1_000, 48, 0.03), (5_000, 168, 0.01), (300, 24, 0.08)] {
            let (once, twice, never) = population(size, hours, |_| chance);
            let (low, high) = span(once, twice, hours as f64);
            assert!(low <= never && never <= high, "{never} of {size}: {low} to {high}");
        }
    }

    #[test]
    fn unequal_ones_are_never_overestimated_grossly() {
        let (once, twice, never) = population(2_000, 100, |member| 0.002 * (1 + member % 40) as f64);
        let (low, high) = span(once, twice, 100.0);
        assert!(low <= never && high < never * 3, "{never}: {low} to {high}");
    }

    #[test]
    fn where_all_were_seen_often_none_are_missing() {
        assert_eq!(span(0.0, 10.0, 100.0), (0, 0));
        assert_eq!(span(0.0, 0.0, 100.0), (0, 0));
        assert_eq!(span(1.0, 0.0, 100.0), (0, 0));
    }
}
