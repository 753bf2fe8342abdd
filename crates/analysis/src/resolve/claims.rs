//! Addresses that more than one station claims: at the same time, or against what the traffic shows.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::{MacAddr, Timestamp};

use crate::stations::{Ends, Seen, Span};

/// Who comes back to an address within this time, without a lease, never gave it away: an hour, for many
/// stations announce themselves no oftener than that.
const RETURN_NANOSECONDS: u64 = 3_600_000_000_000;
/// A claim that was repeated for longer than this is no single announcement: ten minutes.
const MOMENT_NANOSECONDS: u64 = 600_000_000_000;
/// So many connections from behind a router show where an address is at home.
const ROUTED_MIN: u32 = 3;

/// A hardware address that merely sends with addresses of this weight together is a bridge or a router, and packets do not
/// show whose they are: three IPv4 addresses, two link-local ones (a station has one on a link), or one from behind a
/// router.
const CARRIED_MIN: usize = 6;
const CARRIED_V4: usize = 2;
const CARRIED_LINK_LOCAL: usize = 3;
/// Who claims so many addresses that others use, and uses none of them, claims nothing in good faith.
const IMPERSONATED_MIN: usize = 2;

/// Addresses and who claims them.
pub(super) type Claimed = BTreeMap<IpAddr, BTreeSet<MacAddr>>;

/// What is held by more than one.
#[derive(Default)]
pub(super) struct Disputes {
    /// Addresses that several held at the same time on one link, by claim or by use.
    pub(super) conflicts: Claimed,
    /// Claims on addresses that others use meanwhile and the claimant does not.
    pub(super) idle: BTreeSet<(MacAddr, IpAddr)>,
    /// Hardware addresses that claim what several others use: poisoned neighbour tables lead to them.
    pub(super) impersonators: BTreeSet<MacAddr>,
}

/// A hardware address and what was seen of one address behind it.
type Claimant<'a> = (MacAddr, &'a Seen);

/// Finds what several hold at once.
pub(super) fn disputes(all: &[(Ends, &Seen)]) -> Disputes {
    let carriers = carriers(all);
    let mut claims: Vec<(IpAddr, Claimant<'_>)> = Vec::new();
    for ((mac, ip), seen) in all {
        if let (Some(mac), Some(ip)) = (mac, ip)
            && !(seen.bound.is_empty() && (carriers.contains(mac) || !seen.is_in_use()))
        {
            claims.push((*ip, (*mac, *seen)));
        }
    }
    claims.sort_unstable_by_key(|(ip, (mac, _))| (*ip, *mac));
    // Nearly every address has one claimant: nothing is made of those.
    let disputed = claims.chunk_by(|(ip, _), (next, _)| ip == next).filter(|claims| claims.len() > 1);
    let by_address = disputed.filter_map(|claims| {
        let (ip, _) = claims.first()?;
        Some((*ip, claims.iter().map(|(_, claimant)| *claimant).collect()))
    });
    let claimants: BTreeMap<IpAddr, Vec<Claimant<'_>>> = by_address.collect();
    let mut disputes = Disputes::default();
    for (ip, claimants) in &claimants {
        let macs = at_once(claimants);
        if !macs.is_empty() {
            disputes.add(*ip, claimants, macs);
        }
    }
    let mut idle: BTreeMap<MacAddr, usize> = BTreeMap::new();
    for (mac, _) in &disputes.idle {
        let count = idle.entry(*mac).or_default();
        *count = count.saturating_add(1);
    }
    disputes.impersonators =
        idle.into_iter().filter(|(_, count)| *count >= IMPERSONATED_MIN).map(|(mac, _)| mac).collect();
    disputes.doubt_successors(&claimants);
    disputes
}

impl Disputes {
    fn add(&mut self, ip: IpAddr, claimants: &[Claimant<'_>], macs: BTreeSet<MacAddr>) {
        let part = || claimants.iter().filter(|(mac, _)| macs.contains(mac));
        if part().any(|(_, seen)| seen.is_in_use()) {
            self.idle.extend(part().filter(|(_, seen)| !seen.is_in_use()).map(|(mac, _)| (*mac, ip)));
        }
        self.conflicts.entry(ip).or_default().extend(macs);
    }

    /// Who impersonates others has not been handed what somebody else held a while ago either.
    fn doubt_successors(&mut self, claimants: &BTreeMap<IpAddr, Vec<Claimant<'_>>>) {
        if self.impersonators.is_empty() {
            return;
        }
        for (ip, claimants) in claimants {
            let (suspects, others): (Vec<&Claimant<'_>>, Vec<&Claimant<'_>>) =
                claimants.iter().partition(|(mac, seen)| self.impersonators.contains(mac) && !seen.is_in_use());
            let mut links: BTreeMap<Option<u16>, (Timestamp, Timestamp)> = BTreeMap::new();
            for span in others.iter().flat_map(|(_, seen)| seen.bound.iter().chain(&seen.used)) {
                let (first, last) = links.entry(span.vlan).or_insert((span.first, span.last));
                (*first, *last) = ((*first).min(span.first), (*last).max(span.last));
            }
            let is_near = |span: &Span| {
                links.get(&span.vlan).is_some_and(|(first, last)| {
                    span.first.since(*last) <= RETURN_NANOSECONDS && first.since(span.last) <= RETURN_NANOSECONDS
                })
            };
            for (mac, _) in suspects.iter().filter(|(_, seen)| seen.bound.iter().any(is_near)) {
                self.idle.insert((*mac, *ip));
                self.conflicts.entry(*ip).or_default().extend(others.iter().map(|(mac, _)| *mac).chain([*mac]));
            }
        }
    }
}

/// Hardware addresses that send with what is not theirs: others' packets that passed a router, or those of many hosts.
fn carriers(all: &[(Ends, &Seen)]) -> BTreeSet<MacAddr> {
    let mut carried: BTreeMap<MacAddr, usize> = BTreeMap::new();
    for ((mac, ip), seen) in all {
        let (Some(mac), Some(ip)) = (mac, ip) else { continue };
        if !seen.bound.is_empty() || !seen.converses {
            continue;
        }
        let weight = match ip {
            _ if seen.is_routed() => CARRIED_MIN,
            IpAddr::V4(_) => CARRIED_V4,
            IpAddr::V6(ip) if ip.is_unicast_link_local() => CARRIED_LINK_LOCAL,
            IpAddr::V6(_) => 0,
        };
        let sum = carried.entry(*mac).or_default();
        *sum = sum.saturating_add(weight);
    }
    carried.into_iter().filter(|(_, sum)| *sum >= CARRIED_MIN).map(|(mac, _)| mac).collect()
}

/// Who of them held one address at the same time as another, on one link: two claimed it, or one used it while another
/// claimed or used it.
fn at_once(claimants: &[Claimant<'_>]) -> BTreeSet<MacAddr> {
    // Routers that share a hardware address send from their own as well.
    let is_shared = claimants.iter().any(|(mac, _)| mac.is_shared_by_routers());
    let mut claims: BTreeMap<Option<u16>, Vec<(MacAddr, Span)>> = BTreeMap::new();
    let mut holdings: BTreeMap<Option<u16>, Vec<(MacAddr, Span)>> = BTreeMap::new();
    for (mac, seen) in claimants {
        for span in &seen.bound {
            claims.entry(span.vlan).or_default().push((*mac, *span));
        }
        // Who knows a device's own hardware address tells it while a bridge's stands in the frames.
        let is_told_only = seen.vouched && !seen.is_in_use();
        let used = seen.used.iter().filter(|_| seen.is_in_use());
        for span in seen.bound.iter().chain(used).filter(|_| !is_told_only && !is_shared) {
            holdings.entry(span.vlan).or_default().push((*mac, *span));
        }
    }
    let mut macs = BTreeSet::new();
    for mut spans in claims.into_values().chain(holdings.into_values()) {
        spans.sort_by_key(|(mac, span)| (span.first, !span.leased, span.last, *mac));
        if cannot_hold_together(&spans) {
            macs.extend(spans.iter().map(|(mac, _)| *mac));
        }
    }
    macs
}

/// Whether claims, in order of time, overlap, or one comes back at once without having been handed the address.
fn cannot_hold_together(claims: &[(MacAddr, Span)]) -> bool {
    let mut latest: Option<(Timestamp, MacAddr)> = None;
    let mut left: BTreeMap<MacAddr, Timestamp> = BTreeMap::new();
    claims.iter().any(|(mac, span)| {
        let overlaps = latest.is_some_and(|(until, other)| other != *mac && span.first <= until);
        let is_other = latest.is_some_and(|(_, other)| other != *mac);
        let last = left.insert(*mac, span.last);
        let returns = is_other && !span.leased && last.is_some_and(|last| span.first.since(last) <= RETURN_NANOSECONDS);
        if latest.is_none_or(|(until, _)| until <= span.last) {
            latest = Some((span.last, *mac));
        }
        overlaps || returns
    })
}

/// Addresses at home behind a router that a station claims for a moment on the very link that they are routed to, without
/// ever using them: one announcement, true or forged, does not take over what many conversations show. Gives the
/// claimants and the router.
///
/// A claim on another VLAN is what the station's own link should show, and who repeats it for long may well be there: a
/// capture of two links without tags shows the claims of one and what is routed on the other.
pub(super) fn hollow(all: &[(Ends, &Seen)]) -> Claimed {
    let mut routed: BTreeMap<IpAddr, (MacAddr, &Seen)> = BTreeMap::new();
    for ((mac, ip), seen) in all {
        if let (Some(mac), Some(ip)) = (mac, ip)
            && seen.bound.is_empty()
            && seen.is_routed()
            && seen.routed >= ROUTED_MIN
        {
            routed.insert(*ip, (*mac, seen));
        }
    }
    let mut claims: Claimed = BTreeMap::new();
    for ((mac, ip), seen) in all {
        let (Some(mac), Some(ip)) = (mac, ip) else { continue };
        let is_used = seen.vouched || seen.direct > 0 || seen.routed > 0;
        let Some((router, there)) = routed.get(ip).filter(|_| !is_used && !seen.bound.is_empty()) else { continue };
        let against = |span: &Span| {
            let same_link = span.vlan.map_or(there.vlans.is_empty(), |vlan| there.vlans.contains(&vlan));
            // Who is seen behind the router long before or after has moved.
            let is_near = there.first.since(span.last) <= RETURN_NANOSECONDS
                && span.first.since(there.last) <= RETURN_NANOSECONDS;
            same_link && is_near && span.last.since(span.first) <= MOMENT_NANOSECONDS
        };
        if seen.bound.iter().all(against) {
            claims.entry(*ip).or_default().extend([*mac, *router]);
        }
    }
    claims
}
