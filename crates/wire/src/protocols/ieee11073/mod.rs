//! IEEE 11073-20601 over TCP: how personal health devices (oximeters, blood pressure monitors, scales, glucose meters)
//! associate with a manager, and what they say of themselves: identifier, configuration, specialisation, model, serial number,
//! versions. Measurements are passed over unseen; that they cross readable is told.
//!
//! Encoding is MDER, in network byte order (20601 annex F).

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session};

mod association;
mod data;
mod session;

static ROLE: Field = Field::device("role").form(Form::Fixed);
static SYSTEM_ID: Field = Field::device("system_id").form(Form::Fixed);
static DEV_CONFIG_ID: Field = Field::device("dev_config_id");
static RESULT: Field = Field::device("result").form(Form::Fixed);
static SPECIALIZATION: Field = Field::device("specialization").form(Form::Fixed);
static MANUFACTURER: Field = Field::device("manufacturer");
static MODEL_NUMBER: Field = Field::device("model_number");
static SERIAL: Field = Field::device("serial").form(Form::Serial);
static HARDWARE_REVISION: Field = Field::device("hardware_revision");
static SOFTWARE_REVISION: Field = Field::device("software_revision");
static FIRMWARE_REVISION: Field = Field::device("firmware_revision");
static METRIC: Field = Field::device("metric").form(Form::Fixed);

static FIELDS: &[&Field] = &[
    &ROLE,
    &SYSTEM_ID,
    &DEV_CONFIG_ID,
    &RESULT,
    &SPECIALIZATION,
    &MANUFACTURER,
    &MODEL_NUMBER,
    &SERIAL,
    &HARDWARE_REVISION,
    &SOFTWARE_REVISION,
    &FIRMWARE_REVISION,
    &METRIC,
];

/// The protocol's entry in the list.
pub static DECODER: Ieee11073 = Ieee11073;

/// IEEE 11073-20601.
pub struct Ieee11073;

impl Decoder for Ieee11073 {
    fn name(&self) -> &'static str {
        "ieee11073"
    }

    fn carriers(&self) -> &'static [Carrier] {
        // The standard names no port.
        &[Carrier::Stream(&[])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        opening.first().map_or(Probe::No, session::probe)
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<session::Connection>::default()
    }
}
