//! The XML form of CycloneDX in the members of its JSON form: elements that only hold others of one kind are lists, all else with
//! children or attributes are objects.

use serde_json::{Map, Value};

use crate::Defect;
use crate::xml::{self, Element};

/// Elements that are lists in JSON, as far as anything is read of them.
const LISTS: &[&str] =
    &["components", "hashes", "licenses", "vulnerabilities", "ratings", "affects", "cwes", "responses", "versions"];

/// A document in the members of the JSON form.
pub(super) fn tree(bytes: &[u8]) -> Result<Value, Defect> {
    let mut root = None;
    xml::each(bytes, None, &mut |_, element| {
        root = Some(element);
        Ok(())
    })?;
    let Some(root) = root.filter(|root| root.name == "bom") else { return Err(Defect::whole("is no bom")) };
    let namespace =
        root.attribute("xmlns").and_then(|namespace| namespace.rsplit('/').next()).unwrap_or_default().to_owned();
    let mut members = object(&root);
    members.insert("specVersion".to_owned(), Value::String(namespace));
    Ok(Value::Object(members))
}

fn object(element: &Element) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, text) in &element.attributes {
        members.insert(name.clone(), Value::String(text.clone()));
    }
    for child in &element.children {
        members.insert(child.name.clone(), value(child));
    }
    members
}

fn value(element: &Element) -> Value {
    let text = element.text.trim();
    match element.name.as_str() {
        "licenses" => {
            let entry = |child: &Element| Value::Object(Map::from_iter([(child.name.clone(), value(child))]));
            Value::Array(element.children.iter().map(entry).collect())
        }
        name if LISTS.contains(&name) => Value::Array(element.children.iter().map(value).collect()),
        "hash" => {
            let algorithm = element.attribute("alg").unwrap_or_default();
            let members = [("alg", algorithm), ("content", text)];
            Value::Object(members.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect())
        }
        // In JSON a weakness is its number alone.
        "cwe" => text.parse::<u64>().map_or_else(|_| text.into(), Value::from),
        _ if element.children.is_empty() && element.attributes.is_empty() => text.into(),
        // An expression may have an attribute, and is a text nevertheless.
        "expression" => text.into(),
        _ => Value::Object(object(element)),
    }
}
