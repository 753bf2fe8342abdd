//! What can go wrong in a hospital's network, one file for each attack: who does what to whom, and when. One more attack
//! is one more file and one more line in [`ALL`].

mod arp_spoof;
mod beacon;
mod cloned_mac;
mod default_password;
mod dns_tunnel;
mod drug_library;
mod exfiltration;
mod find_sweep;
mod forged_order;
mod move_elsewhere;
mod ransomware;
mod remote_desktop;
mod rogue_dhcp;
mod rogue_store;
mod scan;
mod silent_monitor;
mod title_guessing;
mod unknown_device;
mod vendor_at_night;
mod worm;

use crate::device::Device;
use crate::draw::Draw;
use crate::frames::Moment;
use crate::hospital::Around;
use crate::kinds::Routine;
use crate::rhythm::Span;

/// Every attack.
pub static ALL: &[&dyn Attack] = &[
    &arp_spoof::ArpSpoof,
    &beacon::Beacon,
    &cloned_mac::ClonedMac,
    &default_password::DefaultPassword,
    &dns_tunnel::DnsTunnel,
    &drug_library::DrugLibrary,
    &exfiltration::Exfiltration,
    &find_sweep::FindSweep,
    &forged_order::ForgedOrder,
    &move_elsewhere::MoveElsewhere,
    &ransomware::Ransomware,
    &remote_desktop::RemoteDesktop,
    &rogue_dhcp::RogueDhcp,
    &rogue_store::RogueStore,
    &scan::Scan,
    &silent_monitor::SilentMonitor,
    &title_guessing::TitleGuessing,
    &unknown_device::UnknownDevice,
    &vendor_at_night::VendorAtNight,
    &worm::Worm,
];

/// An attack.
pub trait Attack: Sync {
    /// Its name, as `--attack` takes it.
    fn name(&self) -> &'static str;

    /// Techniques of MITRE ATT&CK, for industrial systems where that has them.
    fn techniques(&self) -> &'static [&'static str];

    /// A device that is brought along; its address is given to it afterwards.
    fn brings(&self, _draw: &mut Draw) -> Option<Device> {
        None
    }

    /// What is done; `None` in a hospital that lacks what it takes.
    fn act(&self, around: &Around, span: Span, draw: &mut Draw) -> Option<Act>;
}

/// What an attack does.
pub struct Act {
    /// The number of the device that does it, or to which it happens where nobody does.
    pub by: usize,
    /// The first moment.
    pub start: Moment,
    /// The last.
    pub end: Moment,
    /// What is said.
    pub routines: Vec<Routine>,
    /// Numbers of devices of which nothing is heard from the first moment on.
    pub silences: Vec<usize>,
}

/// The attack of a name.
pub fn find(name: &str) -> Option<&'static dyn Attack> {
    ALL.iter().copied().find(|attack| attack.name() == name)
}

/// A moment in the busy hours of the span's last day.
fn moment(span: Span, draw: &mut Draw) -> Moment {
    let day = u64::from(span.days.saturating_sub(1)).saturating_mul(86_400);
    // Between nine and three.
    span.start.after_s(day.saturating_add(32_400).saturating_add(draw.below(21_600)))
}

/// A workstation that somebody has taken over; in a hospital without any, the interface engine.
fn foothold<'a>(around: &'a Around, draw: &mut Draw) -> Option<&'a Device> {
    let workstations: Vec<&Device> = around.all("workstation").collect();
    draw.pick(&workstations).copied().or_else(|| around.all("interface_engine").next())
}

/// The moments in microseconds after the start of the span, as rhythms count them.
fn after_start(span: Span, moments: impl Iterator<Item = Moment>) -> Vec<u64> {
    moments.map(|moment| moment.0.saturating_sub(span.start.0)).collect()
}

/// Moments from one on, every so many milliseconds.
fn every_ms(ms: u64, from: Moment, count: u64) -> impl Iterator<Item = Moment> {
    (0..count).map(move |turn| from.after_ms(turn.saturating_mul(ms)))
}
