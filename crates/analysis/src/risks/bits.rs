//! 512 draws at once: a bit each, as wide as a line of the processor's cache.

use super::draws::mixed;

/// Words of 64 draws in one set.
pub(super) const LANES: usize = 8;
/// Draws of one set.
pub(super) const WIDTH: usize = 64 * LANES;
/// Bits of a probability.
const PRECISION: u32 = 24;

/// In which of 512 draws something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bits([u64; LANES]);

impl Bits {
    pub(super) const NONE: Self = Self([0; LANES]);
    pub(super) const ALL: Self = Self([u64::MAX; LANES]);

    /// The first so many draws.
    pub(super) fn first(count: usize) -> Self {
        let mut left = count;
        let mut bits = Self::NONE;
        for lane in &mut bits.0 {
            *lane = if left >= 64 { u64::MAX } else { (1_u64 << left).wrapping_sub(1) };
            left = left.saturating_sub(64);
        }
        bits
    }

    /// The draws in which a number drawn evenly lies below the probability. A lower probability gives a subset: the number depends
    /// on the key and on the draw alone. It is compared bit by bit in 64 draws at once.
    pub(super) fn below(probability: f64, key: u64) -> Self {
        const WHOLE: f64 = (1_u32 << PRECISION) as f64;
        let limit = (probability * WHOLE).round() as u32;
        if limit >= 1 << PRECISION {
            return Self::ALL;
        }
        let mut bits = Self::NONE;
        let lanes = if limit == 0 { &mut [] } else { &mut bits.0[..] };
        for (number, lane) in (0_u64..).zip(lanes) {
            let key = mixed(key ^ number.rotate_right(3));
            let (mut equal, mut bit) = (u64::MAX, PRECISION);
            while equal != 0 && bit > 0 {
                bit = bit.saturating_sub(1);
                let drawn = mixed(key.wrapping_add(u64::from(bit)));
                if limit >> bit & 1 == 1 {
                    *lane |= equal & !drawn;
                    equal &= drawn;
                } else {
                    equal &= !drawn;
                }
            }
        }
        bits
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(lane, other)| *lane &= other);
        self
    }

    pub(super) fn or(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(lane, other)| *lane |= other);
        self
    }

    /// Those that are not among the others.
    pub(super) fn without(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(lane, other)| *lane &= !other);
        self
    }

    pub(super) fn any(self) -> bool {
        self.0.iter().fold(0, |all, lane| all | lane) != 0
    }

    pub(super) fn count(self) -> u32 {
        self.0.iter().map(|lane| lane.count_ones()).sum()
    }
}
