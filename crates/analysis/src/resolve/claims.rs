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

/// Addresses and who claims them.
pub(super) type Claimed = BTreeMap<IpAddr, BTreeSet<MacAddr>>;
/// An address on a link: the same one on two VLANs is two.
type OnLink = (IpAddr, Option<u16>);

/// Addresses that two hardware addresses claimed at the same time on one link.
pub(super) fn at_once(all: &[(Ends, &Seen)]) -> Claimed {
    let mut claims: BTreeMap<OnLink, Vec<(MacAddr, Span)>> = BTreeMap::new();
    for ((mac, ip), seen) in all {
        let (Some(mac), Some(ip)) = (mac, ip) else { continue };
        for span in &seen.bound {
            claims.entry((*ip, span.vlan)).or_default().push((*mac, *span));
        }
    }
    let mut conflicts: Claimed = BTreeMap::new();
    for ((ip, _), mut claims) in claims {
        claims.sort_by_key(|(mac, span)| (span.first, span.last, *mac));
        if cannot_hold_together(&claims) {
            conflicts.entry(ip).or_default().extend(claims.iter().map(|(mac, _)| *mac));
        }
    }
    conflicts
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
