//! The observations whose *value* (OBX-5) is read: attributes of the device itself, by their code.
//!
//! Everything else that OBX-5 holds describes a patient. Attributes of implanted devices (`MDC_IDC_…`) are not listed:
//! the serial number of an implant names its bearer.

use model::Field;

/// Attributes of IEEE 11073-10101 and -20601 as IHE PCD sends them: code, reference identifier, field.
///
/// 531969 is the model number's code; 531696 stands for it in published examples of the same profile.
static MDC: &[(&[u8], &[u8], &Field)] = &[
    (b"67880", b"MDC_ATTR_ID_MODEL", &super::MODEL),
    (b"67972", b"MDC_ATTR_SYS_ID", &super::SYSTEM_ID),
    (b"531696", b"MDC_ID_MODEL_NUMBER", &super::MODEL),
    (b"531969", b"MDC_ID_MODEL_NUMBER", &super::MODEL),
    (b"531970", b"MDC_ID_MODEL_MANUFACTURER", &super::MANUFACTURER),
    (b"531972", b"MDC_ID_PROD_SPEC_SERIAL", &super::SERIAL),
    (b"531974", b"MDC_ID_PROD_SPEC_HW", &super::HARDWARE_VERSION),
    (b"531975", b"MDC_ID_PROD_SPEC_SW", &super::SOFTWARE_VERSION),
    (b"531976", b"MDC_ID_PROD_SPEC_FW", &super::FIRMWARE_VERSION),
];

/// Names that analysers without standard codes give the same attributes, reduced to lower-case letters and digits.
/// Each names the instrument: a bare "serial number" may be a cartridge's, a specimen's or an implant's.
static NAMED: &[(&[u8], &Field)] = &[
    (b"analyzerserialnumber", &super::SERIAL),
    (b"deviceserialnumber", &super::SERIAL),
    (b"hostswversion", &super::SOFTWARE_VERSION),
    (b"instrumentserialnumber", &super::SERIAL),
    (b"instrumentsoftwareversion", &super::SOFTWARE_VERSION),
    (b"readersernum", &super::SERIAL),
    (b"readerserialnumber", &super::SERIAL),
    (b"softwareversion", &super::SOFTWARE_VERSION),
];
/// No longer name is looked up.
const NAME_BYTES_MAX: usize = 32;

/// The field for the value of an observation, if it is a device's attribute.
pub(super) fn attribute(code: &[u8], name: &[u8], coding_system: &[u8]) -> Option<&'static Field> {
    if coding_system == b"MDC" || is_reference_identifier(name) {
        let listed = MDC.iter().find(|(known, _, _)| *known == code);
        return listed.or_else(|| MDC.iter().find(|(_, known, _)| *known == name)).map(|(_, _, field)| *field);
    }
    let mut reduced = [0_u8; NAME_BYTES_MAX];
    let mut length = 0_usize;
    for byte in code.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
        *reduced.get_mut(length)? = byte.to_ascii_lowercase();
        length = length.saturating_add(1);
    }
    let reduced = reduced.get(..length)?;
    NAMED.iter().find(|(known, _)| *known == reduced).map(|(_, field)| *field)
}

/// Whether a text is a reference identifier of IEEE 11073-10101 (or a private one of the same shape).
pub(super) fn is_reference_identifier(text: &[u8]) -> bool {
    (text.starts_with(b"MDC_") || text.starts_with(b"MDCX_"))
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_attributes_of_the_device_are_read() {
        let name = |code: &str, name: &str, system: &str| {
            attribute(code.as_bytes(), name.as_bytes(), system.as_bytes()).map(|field| field.name)
        };
        assert_eq!(name("67880", "MDC_ATTR_ID_MODEL", "MDC"), Some("model"));
        assert_eq!(name("0", "MDC_ID_PROD_SPEC_SERIAL", "MDC"), Some("serial"));
        assert_eq!(name("Host SW Version", "", ""), Some("software_version"));
        assert_eq!(name("67880", "Weight", "LN"), None);
        assert_eq!(name("720899", "MDC_IDC_DEV_SERIAL", "MDC"), None);
        assert_eq!(name("SerialNumber", "", ""), None);
        assert_eq!(name("150301", "MDC_PRESS_CUFF_SYS", "MDC"), None);
        assert_eq!(name(&"x".repeat(200), "", ""), None);
    }
}
