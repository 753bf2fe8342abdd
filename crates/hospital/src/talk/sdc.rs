//! What medical devices say in IEEE 11073 SDC: who they are (by WS-Discovery and DPWS, IEEE 11073-20702), and the
//! certificate that each shows (IEEE 11073-20701 asks for mutual TLS; what is measured goes there, unreadable).

use super::discovery::{self, Announcement, Model, hello};
use super::tls::Certificate;
use crate::device::Device;
use crate::frames::{Moment, Station, Tape};

/// Where the devices answer what they are (IANA sdc).
pub const PLAIN: u16 = 6_464;
/// Where their encrypted services are.
pub const ENCRYPTED: u16 = 6_465;

/// Where the alarm server takes events: a port that it chose when it was started.
pub const EVENTS: u16 = 50_211;

/// An SDC device.
#[derive(Clone, Debug)]
pub struct Medical {
    /// The device's number.
    pub number: usize,
    /// Its addresses.
    pub station: Station,
    /// What its endpoint's UUID is made from.
    pub endpoint: u64,
    name: &'static str,
    firmware: &'static str,
    serial: String,
    friendly: String,
    scopes: String,
}

impl Medical {
    /// A Dräger device: where it stands and who is connected to it is among its scopes.
    pub fn of(device: &Device) -> Self {
        let [_, _, c, d, e, f] = device.station.mac;
        let spot = &device.spot;
        let (unit, bed) = (spot.unit, spot.label());
        Self {
            number: device.number,
            station: device.station,
            endpoint: u64::from(u32::from_be_bytes([c, d, e, f])),
            name: device.truth.model,
            firmware: device.truth.software,
            serial: device.truth.serial.clone(),
            friendly: bed.clone(),
            scopes: format!(
                "sdc.mds.pkp:1.2.840.10004.20701.1.1 sdc.ctxt.pat:/urn%3Aoid%3A1.2.3/CANARYSDCPATIENT-4711 \
                 sdc.ctxt.loc:/sdc.ctxt.loc.detail/HOSP%2F%2F%2F{unit}%2F%2F{bed}?fac=HOSP&amp;poc={unit}&amp;bed={bed}"
            ),
        }
    }

    /// What it is by its metadata.
    pub fn model(&self) -> Model<'_> {
        let Self { name, firmware, serial, friendly, .. } = self;
        Model { manufacturer: "Drägerwerk AG & Co. KGaA", name, friendly, firmware, serial }
    }

    /// It tells its link that it is there.
    pub fn join(&self, tape: &mut Tape, at: Moment) {
        let what = Announcement {
            endpoint: self.endpoint,
            types: "dpws:Device mdpws:MedicalDevice",
            scopes: &self.scopes,
            address: format!("https://{}:{ENCRYPTED}/{}", self.station.ip, discovery::uuid(self.endpoint)),
            is_standard: true,
        };
        hello(tape, at, &self.station, &what);
    }
}

/// What every device shows; the hospital's own authority signed it.
pub const fn certificate() -> Certificate<'static> {
    Certificate {
        subject: ["DE", "Drägerwerk AG & Co. KGaA", "sdc-device"],
        issuer: ["DE", "Hospital Example", "Hospital Example Device CA"],
        names: &[],
        validity: ["250101000000Z", "300101000000Z"],
        key_bytes: 256,
        is_sha_1: false,
    }
}

/// What the alarm server shows to devices that bring it events.
pub const fn subscriber() -> Certificate<'static> {
    Certificate { subject: ["SE", "Ascom UMS srl", "digistat1"], ..certificate() }
}
