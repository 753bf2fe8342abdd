//! Guessing is slowed down, and nobody is locked out by it.
//!
//! Wrong guesses are counted for a name as seen from one browser that the person used before, for a name as seen from all
//! other browsers together, and for an address. After a few, each further one has to wait, ever longer. Whoever guesses from
//! elsewhere slows down others elsewhere, and not the person at the browser that they always use.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::serve::random;

/// Wrong guesses that cost nothing.
const FREE: u32 = 5;
/// The same for an address: a ward may share one.
const FREE_ADDRESS: u32 = 50;
/// The longest wait.
const WAIT_MAX: Duration = Duration::from_secs(15 * 60);
/// After so long without a guess the count is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(24 * 60 * 60);
/// Counts remembered; the oldest goes first.
const COUNTS_MAX: usize = 65_536;
/// The network of an IPv6 address (RFC 6177: a site has 64 bits of them at least).
const NETWORK: u128 = !0 << 64;

/// What guesses are counted for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    /// The digest of a name and, if there is one, of a browser: what others send is not kept, however long it is.
    Name([u8; 32]),
    /// An address; of IPv6 the network, of which whoever has one address has all.
    Address(IpAddr),
}

struct Count {
    wrong: u32,
    last: Instant,
}

/// The counts.
#[derive(Default)]
pub struct Throttle(Mutex<BTreeMap<Of, Count>>);

impl Throttle {
    /// How long whoever asks has to wait before the next guess is looked at; `browser` is the token of a browser that the
    /// person is known to use. What may go on counts as a wrong guess until [`right`](Self::right) says otherwise, so that
    /// many at once do not all go through.
    pub fn wait(&self, name: Option<&str>, browser: Option<&str>, address: IpAddr) -> Option<Duration> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let keys = keys(name, browser, address);
        let left = |of: &Of| {
            let count = counts.get(of)?;
            let wait = penalty(of, count.wrong).checked_sub(now.duration_since(count.last))?;
            (!wait.is_zero()).then_some(wait)
        };
        if let Some(wait) = keys.iter().filter_map(left).max() {
            return Some(wait);
        }
        counts.retain(|_, count| now.duration_since(count.last) < FORGOTTEN);
        for of in keys {
            if counts.len() >= COUNTS_MAX
                && let Some(oldest) = counts.iter().min_by_key(|(_, count)| count.last).map(|(of, _)| of.clone())
            {
                counts.remove(&oldest);
            }
            let count = counts.entry(of).or_insert(Count { wrong: 0, last: now });
            (count.wrong, count.last) = (count.wrong.saturating_add(1), now);
        }
        None
    }

    /// The name has a new password: what was guessed before does not count.
    pub fn forget(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&of_name(name, None));
    }

    /// The guess was right.
    pub fn right(&self, name: &str, browser: Option<&str>, address: IpAddr) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for of in keys(Some(name), browser, address) {
            if matches!(of, Of::Name(..)) {
                counts.remove(&of);
            } else if let Some(count) = counts.get_mut(&of) {
                count.wrong = count.wrong.saturating_sub(1);
            }
        }
    }
}

fn keys(name: Option<&str>, browser: Option<&str>, address: IpAddr) -> Vec<Of> {
    name.map(|name| of_name(name, browser)).into_iter().chain([Of::Address(whose(address))]).collect()
}

/// The address that stands for all that whoever has it may have: of IPv6 the network.
pub fn whose(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::from((address.to_bits() & NETWORK).to_be_bytes()),
        address => address,
    }
}

fn of_name(name: &str, browser: Option<&str>) -> Of {
    // Names hold no line ends.
    Of::Name(random::digest(&format!("{}\n{}", name.trim().to_lowercase(), browser.unwrap_or_default())))
}

fn penalty(of: &Of, wrong: u32) -> Duration {
    let free = if matches!(of, Of::Name(..)) { FREE } else { FREE_ADDRESS };
    match wrong.checked_sub(free) {
        None => Duration::ZERO,
        Some(over) => Duration::from_secs(1_u64.checked_shl(over).unwrap_or(u64::MAX)).min(WAIT_MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_from_elsewhere_slows_nobody_down_at_home() {
        let throttle = Throttle::default();
        let elsewhere = |last: u8| IpAddr::from([203, 0, 113, last]);
        let tried = (0..200_u8).filter(|guess| throttle.wait(Some("ada"), None, elsewhere(*guess)).is_none()).count();
        assert_eq!(tried, FREE as usize);
        assert_eq!(throttle.wait(Some("Ada "), Some("home"), IpAddr::from([10, 0, 0, 1])), None);
        throttle.right("ada", Some("home"), IpAddr::from([10, 0, 0, 1]));
        assert!(throttle.wait(Some("ada"), None, elsewhere(250)).is_some(), "elsewhere it goes on");
    }

    #[test]
    fn many_names_from_one_address_are_slowed_down() {
        let throttle = Throttle::default();
        let address = IpAddr::from([203, 0, 113, 9]);
        let tried =
            (0..1_000).filter(|guess| throttle.wait(Some(&format!("person {guess}")), None, address).is_none()).count();
        assert_eq!(tried, FREE_ADDRESS as usize);
    }

    #[test]
    fn whoever_has_one_address_of_a_network_has_all() {
        let throttle = Throttle::default();
        let tried = (0..1_000_u128).filter(|guess| {
            let address = IpAddr::from((0x2001_0db8_0000_0001_u128 << 64 | guess << 40).to_be_bytes());
            throttle.wait(Some(&format!("person {guess}")), None, address).is_none()
        });
        assert_eq!(tried.count(), FREE_ADDRESS as usize);
        let mapped = |last: u8| IpAddr::from(std::net::Ipv4Addr::new(192, 0, 2, last).to_ipv6_mapped().octets());
        assert_eq!(throttle.wait(Some("one"), None, mapped(1)), None);
        assert!((0..200_u8).all(|last| throttle.wait(Some(&format!("each {last}")), None, mapped(last)).is_none()));
    }

    #[test]
    fn waits_grow_and_end() {
        let of = of_name("ada", None);
        assert_eq!(penalty(&of, 4), Duration::ZERO);
        assert_eq!(penalty(&of, 5), Duration::from_secs(1));
        assert_eq!(penalty(&of, 9), Duration::from_secs(16));
        assert_eq!(penalty(&of, u32::MAX), WAIT_MAX);
    }
}
