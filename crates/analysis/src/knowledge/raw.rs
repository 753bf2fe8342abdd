//! The TOML of the knowledge files, exactly as it is written. An unknown key is an error, so that no typing mistake is
//! taken for a rule without a condition.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

/// `fingerprints/*.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    #[serde(default)]
    pub(super) rule: Vec<RawRule>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) id: String,
    pub(super) family: String,
    pub(super) on: Texts,
    #[serde(default)]
    pub(super) when: Vec<RawCondition>,
    #[serde(default)]
    pub(super) unless: Vec<RawCondition>,
    pub(super) assert: Vec<RawAssertion>,
    pub(super) source: String,
    pub(super) positive: Vec<BTreeMap<String, Texts>>,
    pub(super) negative: Vec<BTreeMap<String, Texts>>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCondition {
    pub(super) field: String,
    pub(super) equals: Option<Text>,
    pub(super) prefix: Option<String>,
    pub(super) suffix: Option<String>,
    pub(super) contains: Option<String>,
    pub(super) regex: Option<String>,
    pub(super) r#in: Option<Texts>,
    pub(super) exists: Option<bool>,
    pub(super) maker: Option<Texts>,
    #[serde(default)]
    pub(super) joined: bool,
    #[serde(default = "one")]
    pub(super) at_least: usize,
}

fn one() -> usize {
    1
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAssertion {
    pub(super) attribute: String,
    pub(super) value: String,
    pub(super) db: f32,
}

/// `products.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductFile {
    pub(super) no_product: Vec<String>,
    pub(super) source: String,
    pub(super) place: Vec<RawPlace>,
    pub(super) product: Vec<RawProduct>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPlace {
    pub(super) id: String,
    pub(super) family: String,
    pub(super) on: Texts,
    pub(super) field: String,
    #[serde(default)]
    pub(super) maker_in: Texts,
    pub(super) letters_min: usize,
    pub(super) vendor_db: f32,
    pub(super) family_db: f32,
    pub(super) category_db: f32,
    pub(super) bare_maker_db: f32,
    pub(super) model_db: Option<f32>,
    pub(super) source: String,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProduct {
    pub(super) id: String,
    pub(super) maker: String,
    pub(super) family: Option<String>,
    pub(super) category: Option<String>,
    #[serde(default)]
    pub(super) names: Texts,
    #[serde(default)]
    pub(super) beside_maker: Texts,
    pub(super) source: Option<String>,
}

/// `roles.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleFile {
    pub(super) role: Vec<RawRole>,
    pub(super) rule: Vec<RawRoleRule>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRole {
    pub(super) id: String,
    pub(super) label: String,
    #[serde(default)]
    pub(super) infrastructure: bool,
    #[serde(default)]
    pub(super) medical: bool,
    #[serde(default)]
    pub(super) relays: bool,
    pub(super) not_with: Option<String>,
    pub(super) unless_with: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRoleRule {
    pub(super) id: String,
    pub(super) role: String,
    pub(super) on: Texts,
    #[serde(default)]
    pub(super) when: Vec<RawCondition>,
    #[serde(default)]
    pub(super) unless: Vec<RawCondition>,
    pub(super) addresses: Option<String>,
    #[serde(default)]
    pub(super) forwards: bool,
    #[serde(default = "one")]
    pub(super) peers_min: usize,
    pub(super) source: String,
    pub(super) positive: Vec<BTreeMap<String, Texts>>,
    pub(super) negative: Vec<BTreeMap<String, Texts>>,
}

/// `corroborations.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CorroborationFile {
    pub(super) corroboration: Vec<RawCorroboration>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCorroboration {
    pub(super) id: String,
    pub(super) said_on: Texts,
    pub(super) confirmed_on: Option<Texts>,
    #[serde(default)]
    pub(super) by_kind: bool,
    pub(super) role: Option<String>,
    #[serde(default)]
    pub(super) unless_roles: Texts,
    pub(super) single: Texts,
    pub(super) raises: Texts,
    pub(super) db: f32,
    pub(super) source: String,
}

/// `categories.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryFile {
    pub(super) category: Vec<RawCategory>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCategory {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) parent: Option<String>,
    #[serde(default)]
    pub(super) medical: bool,
    pub(super) built_on: Option<String>,
}

/// `attributes.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttributeFile {
    pub(super) placeholders: Vec<String>,
    pub(super) attribute: Vec<RawAttribute>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAttribute {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) kind: String,
    pub(super) prior_db: f32,
    pub(super) privacy: String,
    pub(super) recognises: Option<String>,
}

/// `weights.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WeightFile {
    pub(super) damping: f32,
    pub(super) probable: f32,
    pub(super) tentative: f32,
    pub(super) conflict_db: f32,
    pub(super) hysteresis_db: f32,
    pub(super) caps: BTreeMap<String, f32>,
}

/// `vendors.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VendorFile {
    pub(super) medical_protocols: Vec<String>,
    pub(super) corporate_suffixes: Vec<String>,
    pub(super) vendor: Vec<RawVendor>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVendor {
    pub(super) name: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(default)]
    pub(super) medical_aliases: Vec<String>,
    #[serde(default)]
    pub(super) organisation: Vec<String>,
    #[serde(default)]
    pub(super) component: bool,
    #[serde(default)]
    pub(super) medical: bool,
    #[serde(default)]
    pub(super) exact: bool,
    #[serde(default)]
    pub(super) makes: Vec<String>,
}

/// A text, a number or a truth value, as text.
#[derive(Clone, Debug)]
pub(super) struct Text(pub(super) String);

/// One text or a list of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts(pub(super) Vec<String>);

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text, a number or a truth value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Text, E> {
        Ok(Text(text))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Text, E> {
        Ok(Text(flag.to_string()))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text, a number, a truth value, or a list of them")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Texts, E> {
        Ok(Texts(vec![text.to_owned()]))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Texts, E> {
        Ok(Texts(vec![text]))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Texts, E> {
        Ok(Texts(vec![number.to_string()]))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Texts, E> {
        Ok(Texts(vec![number.to_string()]))
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Texts, E> {
        Ok(Texts(vec![flag.to_string()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
        let mut texts = Vec::new();
        while let Some(Text(text)) = list.next_element()? {
            texts.push(text);
        }
        Ok(Texts(texts))
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}
