//! The attributes of services (RFC 6763 §6) that describe a device. Everything else a TXT record holds stays out:
//! friendly names, locations, notes and tokens can be anyone's words. So do strings without `=`: an attribute without a
//! value (§6.4) says that something is there, never what the device is, and what else stands alone has no name to be
//! allowed by. Only the product's name that cameras put there (`IC-3115W Network Camera`) is told: a model number and
//! listed words.

use model::form::Verdict;
use model::{Field, Form, Message};

use crate::line::Line;

/// The keys that are handed out, in the letters they are handed out in; on the wire any letter case will do (§6.4).
///
/// Who defines them: printers (Bonjour Printing Specification §9), AirPlay and device-info (Apple), Cast (Google),
/// HomeKit accessories (HAP §6.4), DICOM (PS3.15 §H.2), lights, storage and scanners (their makers).
static KEYS: &[&str] = &[
    // Make
    "manufacturer",
    "mfg",
    "usb_MFG",
    "vendor",
    "vendorid",
    // Model
    "am",
    "board",
    "md",
    "mdl",
    "model",
    "modelid",
    "modelname",
    "model_number",
    "model_name",
    "product",
    "productid",
    "rpMd",
    "ty",
    "usb_MDL",
    // Kind of device
    "ci",
    "PrimaryDeviceType",
    // Version
    "firmware",
    "fv",
    "fw",
    "fw_version",
    "hw",
    "hwversion",
    "osvers",
    "osxvers",
    "platform",
    "rpVr",
    "srcvers",
    "sw",
    "swversion",
    "ver",
    "vers",
    "version",
    "vs",
];

/// Those that tell one device from another: their values are numbers.
static IDENTIFIERS: &[&str] =
    &["bridgeid", "deviceid", "mac", "macaddress", "serial", "serialNumber", "sn", "usb_SN", "UUID"];

/// Adds `key=value` if the key is listed and has a value; an application entity title has a field of its own.
pub(super) fn tell(string: &[u8], field: &'static Field, ae_title: &'static Field, message: &mut Message) {
    let Some(split) = string.iter().position(|byte| *byte == b'=') else {
        if is_product(string) {
            message.bytes(field, string);
        }
        return;
    };
    let (key, value) = (string.get(..split).unwrap_or_default(), string.get(split.saturating_add(1)..).unwrap_or(&[]));
    if key.eq_ignore_ascii_case(b"AET") {
        message.bytes(ae_title, value);
        return;
    }
    let listed = |keys: &[&'static str]| keys.iter().copied().find(|known| known.as_bytes().eq_ignore_ascii_case(key));
    let (key, form) = match (listed(KEYS), listed(IDENTIFIERS)) {
        (Some(key), _) => (key, Form::Product),
        (None, Some(key)) => (key, Form::Serial),
        (None, None) => return,
    };
    if std::str::from_utf8(value).is_ok_and(|value| form.judge(value.trim()) != Verdict::Whole) {
        return;
    }
    let mut line = Line::new();
    if !value.is_empty() && line.extend(key.as_bytes()) && line.extend(b"=") && line.extend(value) {
        message.bytes(field, line.as_bytes());
    }
}

/// Whether a string without `=` is a model number (capitals, a hyphen or not, up to six digits) and listed words only.
fn is_product(string: &[u8]) -> bool {
    static KINDS: &[&str] =
        &["network", "ip", "internet", "wireless", "camera", "printer", "recorder", "server", "switch"];
    let mut words = string.split(|byte| *byte == b' ');
    let model = words.next().unwrap_or_default();
    let digits = model.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_model = (3..=16).contains(&model.len())
        && model.first().is_some_and(u8::is_ascii_uppercase)
        && (2..=6).contains(&digits)
        && model.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-');
    let is_kind = |word: &[u8]| KINDS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word));
    let kinds = words.clone().count();
    is_model && (1..=4).contains(&kinds) && words.all(is_kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_alone_is_told_only_as_a_product() {
        assert!(is_product(b"IC-3115W Network Camera"));
        for other in ["CANARY ANNA", "ROOM-12", "IC-3115W Canary", "path", "IC-3115W", "4711000815 Camera", ""] {
            assert!(!is_product(other.as_bytes()), "{other}");
        }
    }
}
