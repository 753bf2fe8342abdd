//! How results are put for people.

use analysis::inventory::{Attribute, Device, One};
use analysis::knowledge::Knowledge;

/// The one value of an attribute, if it is asserted.
pub fn one<'a>(device: &'a Device, attribute: &str) -> Option<&'a One> {
    match device.attributes.get(attribute)? {
        Attribute::One(one) => one.value.as_ref().map(|_| one),
        Attribute::Many { values } => values.first(),
    }
}

/// What a device is, in words, and the probability of it.
pub fn what<'a>(device: &'a Device, knowledge: &'a Knowledge) -> Option<(&'a str, f64)> {
    let category = one(device, "category").and_then(|one| Some((one.value.as_deref()?, one.confidence)));
    match category {
        Some((id, confidence)) => {
            let label = knowledge.categories().get(id).map_or(id, |category| category.label.as_str());
            Some((label, confidence))
        }
        None if device.gateway => Some(("Gateway", 1.0)),
        None => None,
    }
}

/// Whether the device serves patients, as far as is asserted.
pub fn is_medical(device: &Device, knowledge: &Knowledge) -> bool {
    let category = one(device, "category").and_then(|one| one.value.as_deref());
    category.and_then(|id| knowledge.categories().get(id)).is_some_and(|category| category.medical)
}

/// State and probability, as in `probable 0.97`.
pub fn sure(device: &Device, confidence: f64) -> String {
    match one(device, "category") {
        Some(one) => format!("{} {}", one.state, probability(confidence)),
        None => String::new(),
    }
}

/// Two decimals, and never a 1 that is not one.
pub fn probability(confidence: f64) -> String {
    if confidence > 0.995 { "> 0.99".to_owned() } else { format!("{confidence:.2}") }
}

/// The address that people know it by, and how many more there are.
pub fn address(device: &Device) -> String {
    let mut addresses: Vec<_> = device.interfaces.iter().flat_map(|interface| &interface.addresses).collect();
    // IPv4 and routable addresses first, then the one that it had last.
    addresses.sort_by_key(|address| {
        let is_link_local = matches!(address.ip, std::net::IpAddr::V6(ip) if ip.is_unicast_link_local());
        (address.ip.is_ipv6(), is_link_local, std::cmp::Reverse(address.last), address.ip)
    });
    match addresses.as_slice() {
        [] => String::new(),
        [one] => one.ip.to_string(),
        [one, more @ ..] => format!("{} +{}", one.ip, more.len()),
    }
}

/// `1 device`, `2,345 devices`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// `2,345`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && digits.len().saturating_sub(place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether a terminal would obey the character or hide what it does: control characters, marks of text direction, and all that
/// draws nothing.
pub fn is_unprintable(character: char) -> bool {
    character.is_control() || model::message::is_hidden(character)
}

/// The text with such characters replaced.
pub fn printable(text: &str) -> String {
    text.chars().map(|character| if is_unprintable(character) { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1, "device", "devices"), "1 device");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(probability(0.999), "> 0.99");
        assert_eq!(probability(0.904), "0.90");
    }
}
