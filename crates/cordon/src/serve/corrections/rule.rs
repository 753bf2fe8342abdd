//! What a person said of one device, as a rule for all devices alike.

use analysis::inventory::{Attribute, Device, Evidence};

use super::FAMILY;

/// A rule on the most telling field that was seen of the device; `None` if it told nothing of itself.
pub fn proposed_rule(device: &Device, attribute: &str, value: &str, reason: &str, by: &str) -> Option<String> {
    const TELLING: [&str; 5] = ["medical_self", "banner", "discovery", "dhcp", "name"];
    let all = device.attributes.values().flat_map(|each| match each {
        Attribute::One(one) => std::slice::from_ref(one),
        Attribute::Many { values } => values.as_slice(),
    });
    let pieces = all.flat_map(|one| &one.evidence).filter(|piece| piece.family != FAMILY && !piece.value.is_empty());
    let rank = |piece: &Evidence| TELLING.iter().position(|family| *family == piece.family);
    let piece = pieces.filter(|piece| rank(piece).is_some()).min_by_key(|piece| rank(piece))?;
    let (protocol, field) = piece.field.split_once('.')?;
    let text = |text: &str| toml_text(text);
    let family = piece.family;
    Some(format!(
        "[[rule]]\nid = {}\nfamily = {}\non = {}\nwhen = [{{ field = {}, equals = {} }}]\nassert = [{{ attribute = {}, value = {}, db = 10 }}]\nsource = {}\npositive = [{{ {field} = {} }}]\nnegative = [{{ {field} = \"something else\" }}]\n",
        text(&format!("site.{attribute}.{}", device.id)),
        text(family),
        text(&format!("{protocol}.*")),
        text(field),
        text(&piece.value),
        text(attribute),
        text(value),
        text(&format!("{by}: {reason}")),
        text(&piece.value),
    ))
}

fn toml_text(text: &str) -> String {
    // A JSON string is a basic string of TOML but for one character that JSON may leave as it is.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
