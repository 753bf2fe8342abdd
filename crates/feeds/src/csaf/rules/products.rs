//! Rules on products and on what refers to them: 6.1.1 to 6.1.7, 6.1.25, 6.1.29 and 6.1.31 to 6.1.33.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{Branch, Csaf, Product, Products, StatusGroup};
use super::{Found, groups, products};

/// Calls `visit` with the place of every product that is defined.
pub(super) fn each_product<'a>(csaf: &'a Csaf, visit: &mut dyn FnMut(String, &'a Product)) {
    let Some(tree) = &csaf.product_tree else { return };
    each_branch(&tree.branches, "/product_tree/branches", &mut |place, branch| {
        if let Some(product) = &branch.product {
            visit(format!("{place}/product"), product);
        }
    });
    for (index, product) in tree.full_product_names.iter().enumerate() {
        visit(format!("/product_tree/full_product_names/{index}"), product);
    }
    for (index, relationship) in tree.relationships.iter().enumerate() {
        visit(format!("/product_tree/relationships/{index}/full_product_name"), &relationship.product);
    }
}

/// Calls `visit` with the place of every branch; as deep as the parser lets a document be.
fn each_branch<'a>(branches: &'a [Branch], place: &str, visit: &mut dyn FnMut(&str, &'a Branch)) {
    for (index, branch) in branches.iter().enumerate() {
        let place = format!("{place}/{index}");
        visit(&place, branch);
        each_branch(&branch.branches, &format!("{place}/branches"), visit);
    }
}

/// Every place where the vulnerabilities refer to products and groups.
fn each_reference<'a>(csaf: &'a Csaf, visit: &mut dyn FnMut(String, &'a Products)) {
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        let place = format!("/vulnerabilities/{index}");
        for (index, flag) in vulnerability.flags.iter().enumerate() {
            visit(format!("{place}/flags/{index}"), &flag.products);
        }
        for (index, remedy) in vulnerability.remedies.iter().enumerate() {
            visit(format!("{place}/remediations/{index}"), &remedy.products);
        }
        for (index, threat) in vulnerability.threats.iter().enumerate() {
            visit(format!("{place}/threats/{index}"), &threat.products);
        }
    }
}

/// 6.1.1
pub(super) fn missing_products(csaf: &Csaf, found: &mut Found) {
    let mut defined = BTreeSet::new();
    each_product(csaf, &mut |_, product| {
        defined.insert(product.product_id.as_str());
    });
    let mut check = |place: String, id: &str| {
        if !defined.contains(id) {
            found.at(place, format!("product {id} is not defined"));
        }
    };
    if let Some(tree) = &csaf.product_tree {
        for (index, group) in tree.product_groups.iter().enumerate() {
            group
                .product_ids
                .iter()
                .for_each(|id| check(format!("/product_tree/product_groups/{index}/product_ids"), id));
        }
        for (index, relationship) in tree.relationships.iter().enumerate() {
            let place = format!("/product_tree/relationships/{index}");
            check(format!("{place}/product_reference"), &relationship.product_reference);
            check(format!("{place}/relates_to_product_reference"), &relationship.relates_to_product_reference);
        }
    }
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        let place = format!("/vulnerabilities/{index}");
        for (group, ids) in vulnerability.statuses() {
            ids.iter().for_each(|id| check(format!("{place}/product_status/{}", group.name()), id));
        }
        for (index, score) in vulnerability.scores.iter().enumerate() {
            score.products.iter().for_each(|id| check(format!("{place}/scores/{index}/products"), id));
        }
    }
    each_reference(csaf, &mut |place, meant| {
        meant.product_ids.iter().flatten().for_each(|id| check(format!("{place}/product_ids"), id));
    });
}

/// 6.1.2
pub(super) fn products_twice(csaf: &Csaf, found: &mut Found) {
    let mut defined = BTreeSet::new();
    each_product(csaf, &mut |place, product| {
        if !defined.insert(product.product_id.as_str()) {
            found.at(format!("{place}/product_id"), format!("product {} is defined twice", product.product_id));
        }
    });
}

/// 6.1.3
pub(super) fn circles(csaf: &Csaf, found: &mut Found) {
    let relationships = csaf.product_tree.iter().flat_map(|tree| &tree.relationships);
    let mut refers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for relationship in relationships.clone() {
        let to = [&*relationship.product_reference, &*relationship.relates_to_product_reference];
        refers.entry(&relationship.product.product_id).or_default().extend(to);
    }
    // What refers only to what is known to end somewhere ends somewhere: what is left over runs in a circle or into one.
    let mut referred: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, to) in &refers {
        let to: BTreeSet<&str> = to.iter().copied().filter(|to| refers.contains_key(to)).collect();
        unknown.insert(id, to.len());
        to.into_iter().for_each(|to| referred.entry(to).or_default().push(id));
    }
    let mut ends: Vec<&str> = unknown.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    while let Some(id) = ends.pop() {
        refers.remove(id);
        for by in referred.remove(id).unwrap_or_default() {
            if let Some(count) = unknown.get_mut(by) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ends.push(by);
                }
            }
        }
    }
    for (index, relationship) in relationships.enumerate() {
        let id = &*relationship.product.product_id;
        if refers.contains_key(id) {
            let place = format!("/product_tree/relationships/{index}/full_product_name/product_id");
            found.at(place, format!("product {id} is defined by itself"));
        }
    }
}

/// 6.1.4
pub(super) fn missing_groups(csaf: &Csaf, found: &mut Found) {
    let defined = groups(csaf);
    each_reference(csaf, &mut |place, meant| {
        for id in meant.group_ids.iter().flatten().filter(|id| !defined.contains_key(id.as_str())) {
            found.at(format!("{place}/group_ids"), format!("group {id} is not defined"));
        }
    });
}

/// 6.1.5
pub(super) fn groups_twice(csaf: &Csaf, found: &mut Found) {
    let mut defined = BTreeSet::new();
    for (index, group) in csaf.product_tree.iter().flat_map(|tree| &tree.product_groups).enumerate() {
        if !defined.insert(&group.group_id) {
            let place = format!("/product_tree/product_groups/{index}/group_id");
            found.at(place, format!("group {} is defined twice", group.group_id));
        }
    }
}

/// 6.1.6
pub(super) fn contradicting_status(csaf: &Csaf, found: &mut Found) {
    let says = |group: StatusGroup| match group {
        StatusGroup::FirstAffected | StatusGroup::KnownAffected | StatusGroup::LastAffected => Some("affected"),
        StatusGroup::KnownNotAffected => Some("not affected"),
        StatusGroup::FirstFixed | StatusGroup::Fixed => Some("fixed"),
        StatusGroup::UnderInvestigation => Some("under investigation"),
        StatusGroup::Recommended | StatusGroup::Unknown => None,
    };
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        let mut said: BTreeMap<&str, &str> = BTreeMap::new();
        for (group, ids) in vulnerability.statuses() {
            let Some(one) = says(group) else { continue };
            for id in ids {
                let other = *said.entry(id).or_insert(one);
                if other != one {
                    let place = format!("/vulnerabilities/{index}/product_status/{}", group.name());
                    found.at(place, format!("product {id} is {other} and {one}"));
                }
            }
        }
    }
}

/// 6.1.7
pub(super) fn scores_twice(csaf: &Csaf, found: &mut Found) {
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        let mut scored = BTreeSet::new();
        for (place, score) in vulnerability.scores.iter().enumerate() {
            for (member, cvss) in [("cvss_v2", &score.cvss_v2), ("cvss_v3", &score.cvss_v3)] {
                let Some(cvss) = cvss else { continue };
                let version = cvss.get("version").and_then(serde_json::Value::as_str).unwrap_or(member);
                for id in score.products.iter().filter(|id| !scored.insert((version, id.as_str()))) {
                    let place = format!("/vulnerabilities/{index}/scores/{place}");
                    found.at(place, format!("product {id} has a second score of version {version}"));
                }
            }
        }
    }
}

/// 6.1.25
pub(super) fn hash_twice(csaf: &Csaf, found: &mut Found) {
    each_product(csaf, &mut |place, product| {
        for (index, hashes) in product.helper.hashes.iter().enumerate() {
            let mut used = BTreeSet::new();
            for hash in hashes.file_hashes.iter().filter(|hash| !used.insert(&hash.algorithm)) {
                let place = format!("{place}/product_identification_helper/hashes/{index}/file_hashes");
                found.at(place, format!("{} is used twice", hash.algorithm));
            }
        }
    });
}

/// 6.1.29
pub(super) fn remedy_without_product(csaf: &Csaf, found: &mut Found) {
    without_product(csaf, "/remediations/", found);
}

/// 6.1.32
pub(super) fn flag_without_product(csaf: &Csaf, found: &mut Found) {
    without_product(csaf, "/flags/", found);
}

fn without_product(csaf: &Csaf, kind: &str, found: &mut Found) {
    each_reference(csaf, &mut |place, meant| {
        if place.contains(kind) && meant.product_ids.is_none() && meant.group_ids.is_none() {
            found.at(place, "names neither products nor groups");
        }
    });
}

/// 6.1.31
pub(super) fn range_in_version(csaf: &Csaf, found: &mut Found) {
    const WORDS: &[&str] = &["after", "all", "before", "earlier", "later", "prior", "versions"];
    let branches = csaf.product_tree.iter().map(|tree| &tree.branches);
    for branches in branches {
        each_branch(branches, "/product_tree/branches", &mut |place, branch| {
            let name = branch.name.to_lowercase();
            // The committee takes `after-eight` for a name: words are what stands between spaces.
            let is_word = |word: &str| WORDS.contains(&word.trim_matches(|letter: char| ",;.()".contains(letter)));
            let is_range = name.contains(['<', '>']) || name.split_whitespace().any(is_word);
            if branch.category == "product_version" && is_range {
                found.at(format!("{place}/name"), format!("«{}» is a range", crate::written::start(&branch.name)));
            }
        });
    }
}

/// 6.1.33
pub(super) fn flags_twice(csaf: &Csaf, found: &mut Found) {
    let groups = groups(csaf);
    for (index, vulnerability) in csaf.vulnerabilities().iter().enumerate() {
        let mut flagged: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, flag) in vulnerability.flags.iter().enumerate() {
            for id in products(&flag.products, &groups) {
                if *flagged.entry(id).or_insert(place) != place {
                    let place = format!("/vulnerabilities/{index}/flags/{place}");
                    found.at(place, format!("product {id} has a second justification"));
                }
            }
        }
    }
}
