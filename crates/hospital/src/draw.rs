//! Numbers that look random and follow from a seed: whoever draws has a stream of its own, so that one more drawing of
//! one device changes nothing for the others.

/// A stream of numbers (`SplitMix64`, Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A stream of its own for whoever has this name and number.
    pub fn of(&self, name: &str, number: u64) -> Self {
        let seed = name.bytes().fold(self.0 ^ number.wrapping_mul(0xd134_2543_de82_ef95), |seed, byte| {
            (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut stream = Self(seed);
        Self(stream.number())
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below a limit; 0 where there is nothing below it.
    pub fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.number()).wrapping_mul(u128::from(limit)) >> 64;
        u64::try_from(wide).unwrap_or(0)
    }

    /// Whether something happens that does in so many of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several; `None` of none.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.index(among.len()))
    }

    /// The place of one of so many.
    pub fn index(&mut self, count: usize) -> usize {
        usize::try_from(self.below(u64::try_from(count).unwrap_or(0))).unwrap_or(0)
    }

    /// So many digits.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0'.saturating_add(self.digit(10)))).collect()
    }

    /// So many capital letters and digits, as serial numbers and host names have them.
    pub fn letters(&mut self, count: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
        (0..count).filter_map(|_| self.pick(LETTERS).copied()).map(char::from).collect()
    }

    /// The second half of a hardware address behind a maker's first half.
    pub fn mac(&mut self, [a, b, c]: [u8; 3]) -> [u8; 6] {
        [a, b, c, self.digit(255), self.digit(255), self.digit(255)]
    }

    fn digit(&mut self, limit: u64) -> u8 {
        u8::try_from(self.below(limit)).unwrap_or(0)
    }
}
