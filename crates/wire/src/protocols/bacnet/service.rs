//! Services by their numbers (ANSI/ASHRAE 135 clause 21, BACnetConfirmedServiceChoice and
//! BACnetUnconfirmedServiceChoice).

/// A confirmed service's name.
pub(super) const fn confirmed(choice: u8) -> Option<&'static str> {
    Some(match choice {
        0 => "acknowledge_alarm",
        1 => "confirmed_cov_notification",
        2 => "confirmed_event_notification",
        3 => "get_alarm_summary",
        4 => "get_enrollment_summary",
        5 => "subscribe_cov",
        6 => "atomic_read_file",
        7 => "atomic_write_file",
        8 => "add_list_element",
        9 => "remove_list_element",
        10 => "create_object",
        11 => "delete_object",
        12 => "read_property",
        13 => "read_property_conditional",
        14 => "read_property_multiple",
        15 => "write_property",
        16 => "write_property_multiple",
        17 => "device_communication_control",
        18 => "confirmed_private_transfer",
        19 => "confirmed_text_message",
        20 => "reinitialize_device",
        21 => "vt_open",
        22 => "vt_close",
        23 => "vt_data",
        24 => "authenticate",
        25 => "request_key",
        26 => "read_range",
        27 => "life_safety_operation",
        28 => "subscribe_cov_property",
        29 => "get_event_information",
        30 => "subscribe_cov_property_multiple",
        31 => "confirmed_cov_notification_multiple",
        32 => "confirmed_audit_notification",
        33 => "audit_log_query",
        34 => "auth_request",
        _ => return None,
    })
}

/// An unconfirmed service's name.
pub(super) const fn unconfirmed(choice: u8) -> Option<&'static str> {
    Some(match choice {
        0 => "i_am",
        1 => "i_have",
        2 => "unconfirmed_cov_notification",
        3 => "unconfirmed_event_notification",
        4 => "unconfirmed_private_transfer",
        5 => "unconfirmed_text_message",
        6 => "time_synchronization",
        7 => "who_has",
        8 => "who_is",
        9 => "utc_time_synchronization",
        10 => "write_group",
        11 => "unconfirmed_cov_notification_multiple",
        12 => "unconfirmed_audit_notification",
        13 => "who_am_i",
        14 => "you_are",
        _ => return None,
    })
}

/// Whether the service changes what a device holds or does, so that its acceptance without any password matters.
pub(super) const fn controls(choice: u8) -> bool {
    // Writing files, lists, objects and properties; communication control, restart, life safety operation.
    matches!(choice, 7 | 8 | 9 | 10 | 11 | 15 | 16 | 17 | 20 | 27)
}

pub(super) const READ_PROPERTY: u8 = 12;
pub(super) const READ_PROPERTY_MULTIPLE: u8 = 14;
pub(super) const WRITE_PROPERTY: u8 = 15;
pub(super) const DEVICE_COMMUNICATION_CONTROL: u8 = 17;
pub(super) const REINITIALIZE_DEVICE: u8 = 20;

pub(super) const I_AM: u8 = 0;
pub(super) const I_HAVE: u8 = 1;
pub(super) const UNCONFIRMED_COV_NOTIFICATION: u8 = 2;
pub(super) const UNCONFIRMED_EVENT_NOTIFICATION: u8 = 3;
pub(super) const WHO_AM_I: u8 = 13;
