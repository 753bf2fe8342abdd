//! The host through which administrators and makers' service come to the servers: Windows, by Remote Desktop.

use super::habits::{Site, computer_room, visits_outside};
use super::thin_client::desktop;
use super::{Kind, Routine};
use crate::device::Device;
use crate::draw::Draw;
use crate::frames::WINDOWS;
use crate::hospital::Around;
use crate::place::Zone;
use crate::rhythm::{OFFICE, Rhythm};

/// Seconds between the tunnel's signs of life.
const ALIVE_S: u64 = 900;
/// Who runs the makers' remote service outside.
const SERVICE: u8 = 76;

/// The jump host.
pub struct JumpHost;

impl Kind for JumpHost {
    fn name(&self) -> &'static str {
        "jump_host"
    }

    fn count(&self, _: usize) -> usize {
        1
    }

    fn make(&self, draw: &mut Draw, _: usize) -> Device {
        Device::new("JUMP1", draw.mac([0x00, 0x50, 0x56]), WINDOWS, Zone::Management)
            .is("virtual_machine", "", &["category"])
            .does(&["remote_desktop"])
            .shows(&["cleartext_credentials", "cleartext_management", "self_signed_certificate"])
            .at(computer_room(7))
            .on_time()
    }

    fn speak(&self, me: &Device, around: &Around, draw: &mut Draw) -> Vec<Routine> {
        let mut routines = Vec::new();
        // Administrators sit at three of the workstations.
        for administrator in around.all("workstation").take(3) {
            routines.extend(desktop(administrator, me, around, Rhythm::daily(4, OFFICE, draw)));
        }
        for server in around.all("terminal_server").chain(around.all("file_server")) {
            routines.extend(desktop(me, server, around, Rhythm::daily(2, OFFICE, draw)));
        }
        // The tunnel of the makers' service is opened from inside.
        let site = Site::outside(around.outside(SERVICE), "remote.maker.example", 900);
        routines.push(visits_outside(me, site, around, Rhythm::every(ALIVE_S, draw)));
        routines
    }
}
