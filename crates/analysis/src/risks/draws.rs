//! Draws of what the numbers of the tables may be. The seed is an argument; every device meets the same draws (common random
//! numbers), so that two devices, or one before and after a change, differ by what they are and not by chance.

use super::tables::{Prior, Tables};

/// Draws of every number.
pub const DRAWS_MAX: usize = 4_096;
/// Draws that give an interval its first decimal in well under a second for ten thousand devices.
pub const DRAWS: usize = 256;
/// Halvings of the interval in which a quantile is looked for: 2⁻³² is finer than any belief.
const HALVINGS: usize = 32;
/// Steps of the continued fraction; it converges within a few dozen for all strengths a table may hold.
const FRACTION_STEPS: u32 = 300;

/// So many draws of every number of the tables.
#[derive(Clone, Debug)]
pub struct Draws {
    seed: u64,
    count: usize,
    places: usize,
    values: Vec<f64>,
}

impl Draws {
    /// Draws every number `count` times, at least once and at most [`DRAWS_MAX`] times.
    ///
    /// Each number meets every one of its `count` quantiles once, in an order of its own (a Latin hypercube); the steps of a
    /// scale meet the same, so that their order holds in every draw.
    pub fn new(tables: &Tables, seed: u64, count: usize) -> Self {
        let count = count.clamp(1, DRAWS_MAX);
        let places = tables.priors().len();
        let mut values = vec![1.0; places.saturating_mul(count)];
        for (stream, range) in tables.streams().into_iter().enumerate() {
            let order = shuffled(count, mixed(seed ^ mixed(stream as u64)));
            for place in range {
                let Some(prior) = tables.priors().get(place) else { continue };
                for (draw, quantile) in order.iter().enumerate() {
                    let at = draw.saturating_mul(places).saturating_add(place);
                    if let Some(value) = values.get_mut(at) {
                        *value = beta_quantile(*prior, (*quantile as f64 + 0.5) / count as f64);
                    }
                }
            }
        }
        Self { seed, count, places, values }
    }

    /// How many draws there are.
    pub const fn count(&self) -> usize {
        self.count
    }

    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }

    /// The number at that place in that draw; draws are counted round.
    pub(super) fn value(&self, draw: usize, place: usize) -> f64 {
        let draw = draw.checked_rem(self.count).unwrap_or(0);
        self.values.get(draw.saturating_mul(self.places).saturating_add(place)).copied().unwrap_or(1.0)
    }
}

/// Bits that look random and depend on all bits of the number (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
pub(super) const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

/// The numbers below `count` in an order of the seed's choice.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| mixed(seed.wrapping_add(*at as u64)));
    order
}

/// The quantile of the Beta distribution of that mean and strength.
fn beta_quantile(prior: Prior, quantile: f64) -> f64 {
    let (a, b) = (prior.value * prior.strength, (1.0 - prior.value) * prior.strength);
    if a <= 0.0 || b <= 0.0 {
        return prior.value;
    }
    let beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if beta_share(a, b, beta, middle) < quantile { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// The regularised incomplete beta function (NIST DLMF 8.17.22), `beta` being the logarithm of the complete one.
fn beta_share(a: f64, b: f64, beta: f64, x: f64) -> f64 {
    let front = |a: f64, b: f64, x: f64| (a * x.ln() + b * (1.0 - x).ln() - beta).exp() / a;
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x < (a + 1.0) / (a + b + 2.0) {
        front(a, b, x) * beta_fraction(a, b, x)
    } else {
        1.0 - front(b, a, 1.0 - x) * beta_fraction(b, a, 1.0 - x)
    }
}

/// Its continued fraction, by the modified method of Lentz (NIST DLMF 3.10).
fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let held = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / held(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = d;
    for step in 1..FRACTION_STEPS {
        let m = f64::from(step);
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / held(1.0 + term * d);
            c = held(1.0 + term / c);
            value *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-12 {
            break;
        }
    }
    value
}

/// The logarithm of the gamma function: Stirling's series (NIST DLMF 5.11.1), where need be from a larger argument down.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += x.ln();
        x += 1.0;
    }
    let square = x * x;
    let series = (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_beta_distribution() {
        // Closed forms: Beta(1, 1) is uniform, Beta(2, 1) has the quantile √u, Beta(1, 3) has 1 - (1 - u)^(1/3),
        // and the median of the arcsine distribution Beta(½, ½) at u is sin²(πu/2).
        for quantile in [0.01, 0.1, 0.37, 0.5, 0.9, 0.995] {
            let of = |a: f64, b: f64| beta_quantile(Prior { value: a / (a + b), strength: a + b }, quantile);
            let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-8, "{found} {expected}");
            near(of(1.0, 1.0), quantile);
            near(of(2.0, 1.0), quantile.sqrt());
            near(of(1.0, 3.0), 1.0 - (1.0 - quantile).cbrt());
            near(of(0.5, 0.5), (std::f64::consts::FRAC_PI_2 * quantile).sin().powi(2));
            near(of(0.4, 0.0), 1.0);
        }
    }
}
