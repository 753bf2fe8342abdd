//! BACnet: fields that Wireshark has in another form.

use crate::normal::normal_of_wireshark;
use crate::ours::OPERATION;
use crate::pairings::Pairing;
use crate::readers::{Read, each, named};

pub fn all() -> Vec<Pairing> {
    // What an operation is about. Objects and properties among the values that it carries are not told.
    let part = |field: &'static str, theirs: &str| Pairing::new("bacnet", field, theirs).part();
    vec![
        part("device_instance", "bacapp.instance_number"),
        part("object_instance", "bacapp.instance_number"),
        part("object_type", "bacapp.objectType"),
        part("property", "bacapp.property_identifier"),
        part("object_name", "bacapp.object_name"),
        // Errors of the properties of a list are not told.
        part("error_class", "bacapp.error_class"),
        part("error_code", "bacapp.error_code"),
        part("vendor_id", "bacapp.vendor_identifier text").reading(value_of("vendor-identifier", true)),
        part("max_apdu", "text").reading(value_of("Maximum ADPU Length Accepted|max-apdu-length-accepted", false)),
        part("vendor_name", "text").reading(value_of("vendor-name", false)),
        part("model_name", "text").reading(value_of("model-name", false)),
        part("serial_number", "text").reading(value_of("serial-number", false)),
        part("firmware_revision", "text").reading(value_of("firmware-revision", false)),
        part("application_software_version", "text").reading(value_of("application-software-version", false)),
        part("location", "text").reading(value_of("location", false)),
        part("description", "text").reading(value_of("description", false)),
        part(OPERATION, "bacapp.confirmed_service").reading(named(CONFIRMED)).only_kinds_of(CONFIRMED),
        part(OPERATION, "bacapp.unconfirmed_service").reading(named(UNCONFIRMED)).only_kinds_of(UNCONFIRMED),
    ]
}

/// The value behind one of the labels in lines such as `vendor-name: UTF-8 'Example'` or `vendor-identifier: (Unsigned) 5`.
fn value_of(label: &'static str, bare: bool) -> Read {
    each(move |line| {
        let value = label.split('|').find_map(|label| line.strip_prefix(label)?.strip_prefix(": "));
        let Some(value) = value else {
            return (bare && line.bytes().all(|byte| byte.is_ascii_digit())).then(|| line.to_owned());
        };
        let value = match value.split_once('\'') {
            Some((_, quoted)) => quoted.strip_suffix('\'').unwrap_or(quoted),
            None => value.rsplit_once(") ").map_or(value, |(_, value)| value),
        };
        Some(normal_of_wireshark(value))
    })
}

const CONFIRMED: &[(u64, &str)] = &[
    (0, "acknowledge_alarm"),
    (1, "confirmed_cov_notification"),
    (2, "confirmed_event_notification"),
    (5, "subscribe_cov"),
    (6, "atomic_read_file"),
    (7, "atomic_write_file"),
    (10, "create_object"),
    (11, "delete_object"),
    (12, "read_property"),
    (14, "read_property_multiple"),
    (15, "write_property"),
    (16, "write_property_multiple"),
    (17, "device_communication_control"),
    (18, "confirmed_private_transfer"),
    (20, "reinitialize_device"),
    (26, "read_range"),
];

const UNCONFIRMED: &[(u64, &str)] = &[
    (0, "i_am"),
    (1, "i_have"),
    (2, "unconfirmed_cov_notification"),
    (3, "unconfirmed_event_notification"),
    (4, "unconfirmed_private_transfer"),
    (6, "time_synchronization"),
    (7, "who_has"),
    (8, "who_is"),
    (9, "utc_time_synchronization"),
];
