//! Presentation of data (20601 §7.4, annex A.10): the configuration that an agent reports, and the attributes of the agent.

use model::{Field, Message, Messages, Weakness};

use super::association::tell_system_id;
use super::{
    DEV_CONFIG_ID, FIRMWARE_REVISION, HARDWARE_REVISION, MANUFACTURER, METRIC, MODEL_NUMBER, SERIAL, SOFTWARE_REVISION,
    SPECIALIZATION,
};
use crate::reader::{Reader, Truncated};
use crate::stack_text::StackText;

/// How many entries of one list are read.
const ENTRIES_MAX: u16 = 64;

const EVENT_REPORT: u16 = 0x0100;
const CONFIRMED_EVENT_REPORT: u16 = 0x0101;
const GET_RESPONSE: u16 = 0x0203;
/// MDC_NOTI_CONFIG (IEEE 11073-10101).
const NOTIFICATION_CONFIG: u16 = 3_356;

const ATTRIBUTE_TYPE: u16 = 2_351;
const ATTRIBUTE_SYSTEM_ID: u16 = 2_436;
const ATTRIBUTE_SYSTEM_MODEL: u16 = 2_344;
const ATTRIBUTE_PRODUCTION_SPECIFICATION: u16 = 2_349;
const ATTRIBUTE_DEV_CONFIG_ID: u16 = 2_628;
const ATTRIBUTE_SYSTEM_TYPE_SPEC_LIST: u16 = 2_650;

/// What a data message was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Data {
    /// Measurements, which are not read.
    Measurements,
    Other,
}

/// Whether bytes begin with a data message whose lengths agree: that outside, that of the octet string, that inside.
pub(super) fn is_data(body: &[u8], outside: usize) -> bool {
    let mut reader = Reader::new(body);
    let mut read = || -> Result<bool, Truncated> {
        let inner = usize::from(reader.u16("length")?);
        reader.skip(2, "invoke-id")?;
        let choice = reader.u16("choice")?;
        let length = usize::from(reader.u16("choice.length")?);
        let is_known = matches!(choice, 0x0100..=0x0107 | 0x0201 | 0x0203 | 0x0205 | 0x0207 | 0x0300 | 0x0400);
        Ok(is_known && inner.checked_add(2) == Some(outside) && length.checked_add(6) == Some(inner))
    };
    read().unwrap_or(false)
}

/// How many bytes [`is_data`] needs.
pub(super) const DATA_BYTES: usize = 8;

/// One `DataApdu`, behind the length of its octet string.
pub(super) fn read(body: &[u8], messages: &mut Messages) -> Result<Data, Truncated> {
    let mut reader = Reader::new(body);
    reader.skip(4, "length, invoke-id")?;
    let choice = reader.u16("choice")?;
    reader.skip(2, "choice.length")?;
    let handle = reader.u16("obj-handle")?;
    match choice {
        EVENT_REPORT | CONFIRMED_EVENT_REPORT => {
            reader.skip(4, "event-time")?;
            if reader.u16("event-type")? != NOTIFICATION_CONFIG {
                return Ok(Data::Measurements);
            }
            let length = reader.u16("event-info.length")?;
            configuration(reader.part(usize::from(length), "event-info")?, messages)?;
        }
        // The object of the agent itself has handle 0.
        GET_RESPONSE if handle == 0 => {
            let list = attribute_list(&mut reader)?;
            let message = messages.begin("ieee11073", "attributes");
            message.operated("get");
            each_attribute(list, |kind, value| attribute(kind, value, message));
        }
        _ => {}
    }
    Ok(Data::Other)
}

/// That measurements cross readable.
pub(super) fn tell_measurements(messages: &mut Messages) {
    messages.begin("ieee11073", "observation").operated("scan_report").weak(Weakness::CleartextMedical);
}

/// A list of attributes behind its count and length.
fn attribute_list<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, Truncated> {
    reader.skip(2, "attribute-list.count")?;
    let length = reader.u16("attribute-list.length")?;
    reader.part(usize::from(length), "attribute-list")
}

/// Up to the first attribute that is cut.
fn each_attribute<'a>(mut list: Reader<'a>, mut take: impl FnMut(u16, Reader<'a>)) {
    for _ in 0..ENTRIES_MAX {
        let Ok(kind) = list.u16("attribute-id") else { break };
        let value =
            list.u16("attribute-value.length").and_then(|length| list.part(usize::from(length), "attribute-value"));
        let Ok(value) = value else { break };
        take(kind, value);
    }
}

/// `ConfigReport`: the objects of the agent, each of which measures something.
fn configuration(mut reader: Reader<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    let config = reader.u16("config-report-id")?;
    let count = reader.u16("config-obj-list.count")?.min(ENTRIES_MAX);
    reader.skip(2, "config-obj-list.length")?;
    let message = messages.begin("ieee11073", "configuration");
    message.number(&DEV_CONFIG_ID, config).operated("configuration");
    for _ in 0..count {
        // What is cut ends the list; the message stands.
        let object = reader.skip(4, "obj-class, obj-handle").and_then(|()| attribute_list(&mut reader));
        let Ok(attributes) = object else { break };
        each_attribute(attributes, |kind, value| attribute(kind, value, message));
    }
    Ok(())
}

fn attribute(kind: u16, mut value: Reader<'_>, message: &mut Message) {
    // A value that is cut is no value.
    let _ = match kind {
        ATTRIBUTE_TYPE => metric(&mut value, message),
        ATTRIBUTE_SYSTEM_ID => text(&mut value).map(|identifier| tell_system_id(identifier, message)),
        ATTRIBUTE_SYSTEM_MODEL => system_model(&mut value, message),
        ATTRIBUTE_PRODUCTION_SPECIFICATION => production(&mut value, message),
        ATTRIBUTE_DEV_CONFIG_ID => value.u16("dev-config-id").map(|config| {
            message.number(&DEV_CONFIG_ID, config);
        }),
        ATTRIBUTE_SYSTEM_TYPE_SPEC_LIST => specializations(&mut value, message),
        _ => Ok(()),
    };
}

/// What an object measures: partition and code of the nomenclature, as in `2:19384`.
fn metric(value: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let (partition, code) = (value.u16("partition")?, value.u16("code")?);
    let mut text = StackText::new();
    text.push_number(partition).push(':').push_number(code);
    message.str(&METRIC, text.as_str());
    Ok(())
}

/// An octet string.
fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Truncated> {
    let length = reader.u16("octet-string.length")?;
    reader.take(usize::from(length), "octet-string")
}

fn system_model(value: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let (manufacturer, model) = (text(value)?, text(value)?);
    message.bytes(&MANUFACTURER, manufacturer).bytes(&MODEL_NUMBER, model);
    Ok(())
}

/// `ProductionSpec`: kinds of entry by 20601 annex A.3.
fn production(value: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let count = value.u16("ProductionSpec.count")?.min(ENTRIES_MAX);
    value.skip(2, "ProductionSpec.length")?;
    for _ in 0..count {
        let kind = value.u16("spec-type")?;
        value.skip(2, "component-id")?;
        let entry = text(value)?;
        let field: &'static Field = match kind {
            1 => &SERIAL,
            3 => &HARDWARE_REVISION,
            4 => &SOFTWARE_REVISION,
            5 => &FIRMWARE_REVISION,
            _ => continue,
        };
        message.bytes(field, entry);
    }
    Ok(())
}

/// `TypeVerList`: MDC_DEV_SPEC_PROFILE_… of IEEE 11073-10101 and the specialisations 11073-104xx.
fn specializations(value: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    let count = value.u16("TypeVerList.count")?.min(ENTRIES_MAX);
    value.skip(2, "TypeVerList.length")?;
    for _ in 0..count {
        let kind = value.u16("type")?;
        value.skip(2, "version")?;
        message.str(
            &SPECIALIZATION,
            match kind {
                4_100 => "pulse_oximeter",
                4_102 => "basic_ecg",
                4_103 => "blood_pressure",
                4_104 => "thermometer",
                4_111 => "weighing_scale",
                4_113 => "glucose_meter",
                _ => "",
            },
        );
    }
    Ok(())
}
