//! What each hardware address is to the addresses that it sends with: their owner, a router for them, or neither.
//!
//! A gateway has to show that it forwards: packets of others that passed a router, or its own word. Many addresses do
//! not make one: a server may hold many, and whoever wants to can make them up.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::{MacAddr, Timestamp};

use super::claims::{Claimed, Disputes};
use super::{Grounds, is_link_local};
use crate::stations::{Ends, Seen, Stations};

/// From so many IPv4 addresses on that nothing ties to a hardware address, nobody can tell which of them are its own.
const LOOSE_MIN: usize = 3;
/// From so many addresses on that nothing ties to a hardware address and that nobody ever answered, they are made up.
const MADE_UP_MIN: usize = 16;
/// So many addresses tied to one hardware address at once make it answer for others (proxy ARP) if it forwards for them.
const ANSWERED_FOR_MIN: usize = 6;
/// Addresses compared for that: who holds hundreds need not be counted on.
const COMPARED_MAX: usize = 64;

/// One hardware address and the addresses behind it.
#[derive(Debug, Default)]
pub struct Interface {
    /// Whether it forwards for others.
    pub is_gateway: bool,
    /// Its own addresses.
    pub own: BTreeSet<IpAddr>,
    /// Addresses that it sends with and that are nobody's.
    pub made_up: BTreeSet<IpAddr>,
    /// Addresses that it claims and that are others'.
    pub disputed: BTreeSet<IpAddr>,
    /// Whether it sent with more addresses than are told apart.
    pub is_crowded: bool,
    /// Of an address that [routers share](MacAddr::is_shared_by_routers): with which of their own the latest of them sent.
    pub latest_router: Option<IpAddr>,
}

/// An address that a hardware address sends with or is tied to.
#[derive(Clone, Copy)]
struct Held<'a> {
    ip: IpAddr,
    seen: &'a Seen,
    /// Whether somebody is there: it held a conversation, or said something about itself.
    is_alive: bool,
    /// Whether it is at home behind a router, and the claim is all that connects the two.
    is_hollow: bool,
    /// Whether another claims it at the same time, and this one never used it.
    is_disputed: bool,
    /// The same, the other uses it, and it is not the only one.
    is_anothers: bool,
}

impl Held<'_> {
    fn is_bound(&self) -> bool {
        !self.seen.bound.is_empty()
    }

    /// Nothing but packets connects the two.
    fn is_loose(&self) -> bool {
        self.seen.bound.is_empty() && !is_link_local(self.ip)
    }

    fn is_loose_here(&self) -> bool {
        self.is_loose() && !self.seen.is_routed()
    }
}

/// Decides for every hardware address. `hollow` are addresses that are at home behind a router.
pub(super) fn all<'a>(
    stations: &Stations,
    all: &[(Ends, &'a Seen)],
    grounds: &Grounds<'_>,
    disputes: &Disputes,
    hollow: &Claimed,
) -> BTreeMap<MacAddr, Interface> {
    let held = |mac: MacAddr, ip: IpAddr, seen: &'a Seen| {
        let says = || stations.find(Some(mac), Some(ip)).is_some_and(grounds.speaks);
        let is_bound = !seen.bound.is_empty();
        Held {
            ip,
            is_alive: seen.converses || says(),
            is_hollow: is_bound && hollow.get(&ip).is_some_and(|macs| macs.contains(&mac)),
            is_disputed: is_bound && seen.direct == 0 && disputes.conflicts.contains_key(&ip),
            is_anothers: disputes.impersonators.contains(&mac) && disputes.idle.contains(&(mac, ip)),
            seen,
        }
    };
    // All that was seen of one hardware address stands together.
    let by_mac = all.chunk_by(|((mac, _), _), ((next, _), _)| mac == next);
    by_mac
        .filter_map(|seen| {
            let mac = seen.first()?.0.0?;
            let held: Vec<Held<'_>> = seen.iter().filter_map(|((_, ip), seen)| Some(held(mac, (*ip)?, seen))).collect();
            let standing = Standing {
                says_so: grounds.routers.contains(&mac),
                impersonates: disputes.impersonators.contains(&mac),
            };
            let interface = match mac.is_shared_by_routers() {
                true => shared(&held),
                false => interface(&held, &standing, grounds),
            };
            Some((mac, Interface { is_crowded: stations.is_crowded(Some(mac)), ..interface }))
        })
        .collect()
}

/// What is known of a hardware address as a whole.
struct Standing {
    /// It says that it routes.
    says_so: bool,
    /// It claims what several others use.
    impersonates: bool,
}

fn interface(held: &[Held<'_>], standing: &Standing, grounds: &Grounds<'_>) -> Interface {
    let Standing { says_so, impersonates } = *standing;
    let loose = || held.iter().filter(|held| held.is_loose());
    let routed = || loose().filter(|held| held.seen.is_routed());
    // Where the capture shows conversations, those forwarded for others show as well: packets alone can be made up.
    let is_alive_itself = held.iter().any(|held| held.is_alive && !held.seen.is_routed());
    let forwards = routed().any(|held| held.is_alive || !is_alive_itself);
    let has_own =
        held.iter().any(|held| held.is_bound() && !held.is_anothers && held.ip.is_ipv4() || held.is_loose_here());
    let at_once = most_at_once(held);
    let is_disputed = |held: &Held<'_>| held.is_anothers || at_once >= ANSWERED_FOR_MIN && held.is_disputed;
    // What is taken from its users makes nobody a gateway, even if it is passed on.
    let answers_for_others = !impersonates
        && at_once >= ANSWERED_FOR_MIN
        && held.iter().any(|held| held.is_bound() && held.seen.is_routed() && !is_disputed(held));
    let forwards_openly = !impersonates && forwards && (has_own || loose().any(|held| held.ip.is_ipv4()));
    let is_gateway = says_so || answers_for_others || forwards_openly;

    let lifeless: BTreeSet<IpAddr> =
        loose().filter(|held| !is_gateway && held.is_loose_here() && !held.is_alive).map(|held| held.ip).collect();
    let made_up = if lifeless.len() >= MADE_UP_MIN { lifeless } else { BTreeSet::new() };
    let here = || loose().filter(|held| held.is_loose_here() && !made_up.contains(&held.ip));
    let takes_loose = !is_gateway && !impersonates && here().filter(|held| held.ip.is_ipv4()).count() < LOOSE_MIN;
    // Who holds a private address sends with a public one only for somebody else.
    let is_private_v4 = |held: &Held<'_>| held.ip.is_ipv4() && !is_link_local(held.ip) && !grounds.is_outside(held.ip);
    let has_private = held.iter().any(|held| is_private_v4(held) && (held.is_bound() || held.is_loose_here()));
    let is_own = |held: &&Held<'_>| {
        if is_link_local(held.ip) {
            true
        } else if held.is_loose() {
            let is_forwarded = has_private && held.ip.is_ipv4() && grounds.is_outside(held.ip);
            takes_loose && held.is_loose_here() && !made_up.contains(&held.ip) && !is_forwarded
        } else if answers_for_others {
            held.seen.direct > 0 && !held.seen.is_routed() && !held.is_anothers
        } else {
            !(held.is_hollow || is_disputed(held))
        }
    };
    let own = held.iter().filter(is_own).map(|held| held.ip).collect();
    let is_kept_from = |held: &&Held<'_>| !is_own(held) && (held.is_hollow || is_disputed(held));
    let disputed = held.iter().filter(is_kept_from).map(|held| held.ip).collect();
    Interface { is_gateway, own, made_up, disputed, ..Interface::default() }
}

/// A hardware address that routers hand to each other. What they answer for together is tied to it; what one of them sends
/// with and nothing ties to it is that router's own (RFC 9568 §7.2, RFC 2281 §5.3).
fn shared(held: &[Held<'_>]) -> Interface {
    let (bound, free): (Vec<&Held<'_>>, Vec<&Held<'_>>) = held.iter().partition(|held| held.is_bound());
    let (forwarded, routers): (Vec<&Held<'_>>, Vec<&Held<'_>>) = free.iter().partition(|held| held.seen.is_routed());
    let last_used = |held: &Held<'_>| held.seen.used.iter().map(|span| span.last).max();
    let latest_router = routers.iter().max_by_key(|held| (held.ip.is_ipv4(), last_used(held), held.ip));
    let (disputed, own): (Vec<&Held<'_>>, Vec<&Held<'_>>) =
        bound.iter().partition(|held| held.is_hollow || held.is_anothers || held.is_disputed);
    Interface {
        is_gateway: !forwarded.is_empty(),
        own: own.iter().map(|held| held.ip).collect(),
        disputed: disputed.iter().map(|held| held.ip).collect(),
        latest_router: latest_router.map(|held| held.ip),
        ..Interface::default()
    }
}

/// How many IPv4 addresses were tied to one hardware address at the same time, from the first to the last claim of each.
fn most_at_once(held: &[Held<'_>]) -> usize {
    let claimed = |held: &Held<'_>| {
        let first = held.seen.bound.iter().map(|span| span.first).min()?;
        Some((first, held.seen.bound.iter().map(|span| span.last).max()?))
    };
    let claimed: Vec<(Timestamp, Timestamp)> =
        held.iter().filter(|held| held.ip.is_ipv4()).filter_map(claimed).take(COMPARED_MAX).collect();
    let at = |start: Timestamp| claimed.iter().filter(|(first, last)| *first <= start && start <= *last).count();
    claimed.iter().map(|(start, _)| at(*start)).max().unwrap_or(0)
}
