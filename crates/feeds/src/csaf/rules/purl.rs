//! Rule 6.1.13: package URLs (the purl specification, "Rules for each purl component").

use super::super::document::Csaf;
use super::Found;
use super::products::each_product;

/// 6.1.13
pub(super) fn invalid(csaf: &Csaf, found: &mut Found) {
    each_product(csaf, &mut |place, product| {
        let purl = product.helper.purl.as_deref();
        if let Some(why) = purl.and_then(wrong) {
            found.at(format!("{place}/product_identification_helper/purl"), why);
        }
    });
}

/// Why a package URL is none.
fn wrong(purl: &str) -> Option<&'static str> {
    let Some(rest) = purl.strip_prefix("pkg:") else { return Some("does not begin with pkg:") };
    let (rest, _subpath) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    let Some((kind, path)) = rest.trim_matches('/').split_once('/') else { return Some("has no name") };
    // An @ within the namespace belongs to it.
    let last_slash = path.rfind('/').unwrap_or(0);
    let version_at = path.rfind('@').filter(|at| *at >= last_slash);
    let path = version_at.and_then(|at| path.get(..at)).unwrap_or(path);
    let name = path.trim_matches('/').rsplit('/').next().unwrap_or_default();
    let is_kind = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    if name.is_empty() || path.ends_with('/') {
        return Some("has no name");
    }
    if !kind.chars().all(is_kind) || kind.starts_with(|first: char| first.is_ascii_digit()) {
        return Some("has no type");
    }
    if !rest.bytes().all(|byte| byte.is_ascii_graphic()) || !is_percent_encoded(purl) {
        return Some("is not percent-encoded");
    }
    let is_pair = |pair: &str| pair.split_once('=').is_some_and(|(key, _)| is_qualifier_key(key));
    let has_pairs = qualifiers.is_empty() || qualifiers.split('&').all(is_pair);
    if has_pairs { None } else { Some("has qualifiers that are no pairs") }
}

fn is_qualifier_key(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(letter))
}

fn is_percent_encoded(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|rest| rest.get(..2).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_are_told_apart() {
        // The examples of the purl specification.
        let right = [
            "pkg:bitbucket/birkenfeld/pygments-main@244fd47e07d1014f0aed9c",
            "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie",
            "pkg:golang/google.golang.org/genproto#googleapis/api/annotations",
            "pkg:npm/%40angular/animation@12.3.1",
            "pkg:npm/@angular/animation",
            "pkg:rpm/opensuse/curl@7.56.1-1.1.?arch=i386",
        ];
        for purl in right {
            assert_eq!(wrong(purl), None, "{purl}");
        }
        for purl in ["pkg:maven/@1.3.4", "pkg:npm", "pkg:1npm/a", "pkg:npm/a%4", "pkg:npm/a?b", "npm/a", "pkg:npm/a/@1"]
        {
            assert!(wrong(purl).is_some(), "{purl}");
        }
    }
}
