//! Whose product a statement is about, and which, where it does not say so in fields of their own.
//!
//! CSAF allows products as full names only (CSAF 2.0 section 3.2.2.2), VEX documents name them by package URLs
//! (ECMA-427). A name from which nobody can tell the maker is of no use: it is counted, not guessed.

use std::borrow::Cow;

use model::advisory::{Advisory, PublisherKind, Statement};

use super::makers::Makers;

/// What a name ends with where versions begin.
const VERSION_MARKS: [&str; 13] = [
    ": ",
    " <",
    " >",
    " all versions",
    " versions",
    " version",
    " prior to",
    " before ",
    " release ",
    " revision ",
    " software ",
    " firmware ",
    " up to ",
];
/// Beginnings of names that only machines read.
const FOR_MACHINES: [&str; 5] = ["urn:", "http:", "https:", "pkg:", "cpe:"];

/// A statement in the words that are compared with those of devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<'a> {
    /// Who makes the product.
    pub vendor: Cow<'a, str>,
    /// What it is called.
    pub product: Cow<'a, str>,
    /// What is said of versions.
    pub version: Cow<'a, str>,
    /// The product's full name.
    pub text: &'a str,
    /// Whether product and version were told apart here: what is left in the name may be a version.
    pub is_told_apart: bool,
}

impl<'a> Written<'a> {
    /// The words of a statement; `None` where nobody can tell whose product it is.
    pub fn of(statement: &'a Statement, advisory: &'a Advisory, makers: &Makers) -> Option<Self> {
        let text = statement.text.as_str();
        let version = Cow::from(statement.version.as_deref().unwrap_or_default());
        if let Some(vendor) = statement.vendor.as_deref().filter(|vendor| !vendor.trim().is_empty()) {
            let product = Cow::from(statement.product.as_str());
            return Some(Self { vendor: vendor.into(), product, version, text, is_told_apart: false });
        }
        let publisher = || {
            let is_vendor = advisory.publisher.kind == PublisherKind::Vendor && !advisory.publisher.name.is_empty();
            is_vendor.then(|| Cow::from(advisory.publisher.name.as_str()))
        };
        if let Some(purl) = statement.identifiers.purls.first() {
            let Purl { namespace, name, version, .. } = Purl::read(purl).filter(|purl| purl.is_of_a_maker)?;
            let vendor = namespace.map(Cow::from).or_else(publisher)?;
            let version = version.unwrap_or_default().into();
            return Some(Self { vendor, product: name.into(), version, text, is_told_apart: false });
        }
        let full = if statement.product.is_empty() { text } else { &statement.product };
        if full.trim().is_empty() || FOR_MACHINES.iter().any(|start| full.starts_with(start)) {
            return None;
        }
        // A name that begins with a maker's names it.
        let (vendor, name) = match makers.leading(full) {
            Some((vendor, name)) => (Cow::from(vendor), name),
            None => (publisher()?, full),
        };
        if !statement.product.is_empty() {
            return Some(Self {
                vendor,
                product: name.into(),
                version,
                text,
                is_told_apart: statement.version.is_none(),
            });
        }
        let (product, said) = told_apart(name);
        let version = if version.is_empty() { said.into() } else { version };
        Some(Self { vendor, product: product.into(), version, text: "", is_told_apart: true })
    }
}

/// A full name as product and what is said of versions.
fn told_apart(name: &str) -> (&str, &str) {
    let lower = name.to_ascii_lowercase();
    let is_number =
        |place: usize| lower.get(place..).is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    let numbered = lower
        .match_indices(" v")
        .map(|(place, mark)| (place, mark.len()))
        .find(|(place, length)| is_number(place.saturating_add(*length)));
    let marked = VERSION_MARKS.iter().filter_map(|mark| lower.find(mark)).chain(numbered.map(|(place, _)| place));
    let place = marked.filter(|place| *place > 0).min().unwrap_or(name.len());
    let (product, said) = name.split_at_checked(place).unwrap_or((name, ""));
    (product.trim(), said.trim_start_matches([':', ' ', ',', '-']))
}

/// A package URL, as far as it names a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purl {
    /// Whose: the last part of the namespace.
    pub namespace: Option<String>,
    /// What it is called.
    pub name: String,
    /// In which version.
    pub version: Option<String>,
    /// Whether it is a product as its maker sells it, and no package of a distribution or a registry.
    pub is_of_a_maker: bool,
}

impl Purl {
    /// Reads `pkg:type/namespace/name@version?qualifiers#subpath` (ECMA-427 section 5).
    pub fn read(purl: &str) -> Option<Self> {
        let path = purl.strip_prefix("pkg:")?.split(['?', '#']).next()?.trim_start_matches('/');
        let (kind, path) = path.split_once('/')?;
        let (path, version) = path.rsplit_once('@').map_or((path, None), |(path, version)| (path, Some(version)));
        let mut parts = path.rsplit('/').map(decoded);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let namespace = parts.next().filter(|name| !name.is_empty());
        let version = version.map(decoded).filter(|version| !version.is_empty());
        Some(Self { namespace, name, version, is_of_a_maker: kind.eq_ignore_ascii_case("generic") })
    }
}

/// Octets that are written as `%20` (RFC 3986 section 2.1).
pub fn decoded(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.first_chunk::<2>().filter(|_| *first == b'%');
        let value = escaped.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        octets.push(value.unwrap_or(*first));
        rest = if value.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&octets).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_is_a_product_and_what_is_said_of_versions() {
        for (name, product, said) in [
            ("Vent 9 < 3.0", "Vent 9", "< 3.0"),
            ("Vent 9: all versions prior to 3.0", "Vent 9", "all versions prior to 3.0"),
            ("Vent 9 v2.1", "Vent 9", "v2.1"),
            ("Vent 9 Version 2.1", "Vent 9", "Version 2.1"),
            ("Vent 9 2.1", "Vent 9 2.1", ""),
            ("Ventilator Vital 9", "Ventilator Vital 9", ""),
        ] {
            assert_eq!(told_apart(name), (product, said), "{name}");
        }
    }

    #[test]
    fn package_urls_are_read() {
        let read = |purl: &str| {
            let purl = Purl::read(purl)?;
            Some((purl.namespace, purl.name, purl.version, purl.is_of_a_maker))
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            read("pkg:generic/acme%20medical/vent-9@2.1?arch=arm#x"),
            Some((text("acme medical"), "vent-9".to_owned(), text("2.1"), true))
        );
        assert_eq!(
            read("pkg:deb/debian/openssl@1.1.1"),
            Some((text("debian"), "openssl".to_owned(), text("1.1.1"), false))
        );
        assert_eq!(read("pkg:npm/%40scope/name"), Some((text("@scope"), "name".to_owned(), None, false)));
        for wrong in ["", "pkg:", "pkg:generic", "pkg:generic/", "vent@1", "pkg:generic/acme/@1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
