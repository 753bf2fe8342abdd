//! What to call a device in one line.

use std::collections::BTreeMap;

use crate::inventory::{Attribute, Device, Interface};
use crate::knowledge::Knowledge;
use crate::resolve::DeviceKey;

/// What to call a device of which something else is known now.
pub fn again(device: &Device, knowledge: &Knowledge) -> String {
    let mac = || device.interfaces.iter().find_map(|interface| interface.mac).map(|mac| tail_of(&mac.to_string()));
    let tail = match (device.id.rsplit_once('~'), device.id.strip_prefix("ip-")) {
        (Some((_, identity)), _) => identity.to_owned(),
        (None, Some(ip)) => ip.to_owned(),
        (None, None) => mac().unwrap_or_default(),
    };
    called(&tail, &device.attributes, &device.interfaces, device.gateway, knowledge)
}

/// The part of a hardware address that its maker chose.
fn tail_of(mac: &str) -> String {
    mac.get(9..).unwrap_or_default().to_owned()
}

/// What to call a device in one line.
pub(crate) fn of(
    key: &DeviceKey,
    attributes: &BTreeMap<String, Attribute>,
    interfaces: &[Interface],
    is_gateway: bool,
    knowledge: &Knowledge,
) -> String {
    let tail = match key {
        DeviceKey::Mac(mac) => tail_of(&mac.to_string()),
        DeviceKey::Ip(ip) => ip.to_string(),
        DeviceKey::Behind(_, identity) => identity.clone(),
    };
    called(&tail, attributes, interfaces, is_gateway, knowledge)
}

/// Maker and model if they are known, else what it is, else how it calls itself, else whose card it has.
fn called(
    tail: &str,
    attributes: &BTreeMap<String, Attribute>,
    interfaces: &[Interface],
    is_gateway: bool,
    knowledge: &Knowledge,
) -> String {
    let value = |attribute: &str| match attributes.get(attribute)? {
        Attribute::One(one) => one.value.as_deref(),
        Attribute::Many { values } => values.first()?.value.as_deref(),
    };
    // A bare article number says little: the family goes before it, unless the model says it already.
    let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
    let product = match (value("family"), value("model")) {
        (Some(family), Some(model)) if !holds(model, family) && !holds(family, model) => {
            Some(format!("{family} {model}"))
        }
        (Some(family), Some(model)) if holds(family, model) => Some(family.to_owned()),
        (family, model) => model.or(family).map(str::to_owned),
    };
    let category =
        value("category").and_then(|id| knowledge.categories().get(id)).map(|category| category.label.as_str());
    match (value("vendor"), product, category) {
        (Some(vendor), Some(product), _) if product.to_lowercase().starts_with(&vendor.to_lowercase()) => product,
        (Some(vendor), Some(product), _) => format!("{vendor} {product}"),
        (Some(vendor), None, Some(category)) => format!("{vendor} {}", inside_a_line(category)),
        (None, Some(product), _) => product,
        (vendor, None, category) => {
            if let Some(name) = value("hostname").or_else(|| value("display_name")) {
                return name.to_owned();
            }
            if let Some(category) = category {
                return format!("{category} {tail}");
            }
            let organisation = interfaces.iter().find_map(|interface| interface.organisation.as_deref());
            match vendor.or(organisation) {
                Some(maker) => format!("{maker} {tail}"),
                None if is_gateway => format!("Gateway {tail}"),
                None => tail.to_owned(),
            }
        }
    }
}

/// A label behind other words: its first letter small, unless it begins with an abbreviation (`PACS`, `CT`, `IP`).
fn inside_a_line(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(std::iter::once(second)).chain(letters).collect()
        }
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_keep_their_capitals() {
        assert_eq!(inside_a_line("PACS or image archive"), "PACS or image archive");
        assert_eq!(inside_a_line("Patient monitor"), "patient monitor");
        assert_eq!(inside_a_line("IP camera"), "IP camera");
        assert_eq!(inside_a_line("EEG or sleep recorder"), "EEG or sleep recorder");
        assert_eq!(inside_a_line("Medical information system"), "medical information system");
    }
}
