use model::outside::{
    AffectedProduct, Catalogue, Component, Configuration, CveRecord, PlatformRange, ProductGroup, VersionRange,
    VersionStatus,
};

use super::*;
use crate::knowledge::Notation;

fn makers() -> Makers {
    Makers::read(include_str!("../../../../../knowledge/makers.toml"), Notation::Toml).unwrap()
}

fn record(cve: &str, catalogue: Catalogue) -> CveRecord {
    CveRecord {
        cve: cve.to_owned(),
        catalogue,
        is_rejected: false,
        published: None,
        updated: None,
        title: None,
        description: None,
        affected: Vec::new(),
        configurations: Vec::new(),
        scores: Vec::new(),
        decisions: Vec::new(),
        cwes: Vec::new(),
        references: Vec::new(),
    }
}

/// `cpe` alone, or with the ends of a range behind it: `cpe >=1.0 <2.0`; `~cpe` is what it runs on.
fn criterion(text: &str) -> PlatformRange {
    let (text, is_vulnerable) = text.strip_prefix('~').map_or((text, true), |text| (text, false));
    let mut words = text.split(' ');
    let mut range = PlatformRange {
        cpe: words.next().unwrap().to_owned(),
        is_vulnerable,
        from_including: None,
        from_excluding: None,
        to_including: None,
        to_excluding: None,
    };
    for word in words {
        let at = word.find(|letter: char| !"<>=".contains(letter)).unwrap();
        let end = Some(word[at..].to_owned());
        match &word[..at] {
            ">=" => range.from_including = end,
            ">" => range.from_excluding = end,
            "<=" => range.to_including = end,
            "<" => range.to_excluding = end,
            other => panic!("{other}"),
        }
    }
    range
}

/// A record of the NVD: groups of criteria, all of which have to match.
fn nvd(groups: &[&[&str]]) -> CveRecord {
    let group = |criteria: &&[&str]| ProductGroup {
        needs_all: false,
        is_negated: false,
        products: criteria.iter().map(|text| criterion(text)).collect(),
    };
    let configuration =
        Configuration { needs_all: groups.len() > 1, is_negated: false, groups: groups.iter().map(group).collect() };
    CveRecord { configurations: vec![configuration], ..record("CVE-2026-0001", Catalogue::Nvd) }
}

/// A record of the CVE List. Versions: `1.0`, `1.0..2.0` without and `1.0..=2.0` with the end, `!` before what is not affected.
fn assigned(vendor: &str, product: &str, versions: &[&str], default_status: VersionStatus) -> CveRecord {
    let range = |text: &&str| {
        let (text, status) =
            text.strip_prefix('!').map_or((*text, VersionStatus::Affected), |text| (text, VersionStatus::Unaffected));
        let (version, end) = text.split_once("..").map_or((text, None), |(version, end)| (version, Some(end)));
        let last = end.and_then(|end| end.strip_prefix('='));
        VersionRange {
            version: version.to_owned(),
            less_than: end.filter(|_| last.is_none()).map(str::to_owned),
            less_than_or_equal: last.map(str::to_owned),
            scheme: None,
            status,
        }
    };
    let affected = AffectedProduct {
        said_by: vendor.to_owned(),
        vendor: Some(vendor.to_owned()),
        product: Some(product.to_owned()),
        default_status,
        versions: versions.iter().map(range).collect(),
        platforms: Vec::new(),
        cpes: Vec::new(),
    };
    CveRecord { affected: vec![affected], ..record("CVE-2026-0001", Catalogue::CveList) }
}

fn part(vendor: &str, name: &str, version: &str) -> Part {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Part {
        vendor: some(vendor),
        name: name.to_owned(),
        version: some(version),
        known_by: KnownBy::Bill,
        ..Part::default()
    }
}

fn packaged(purl: &str) -> Part {
    Part { purl: Some(purl.to_owned()), ..part("", purl.rsplit('/').next().unwrap().split('@').next().unwrap(), "") }
}

fn with(parts: &[Part]) -> Profile {
    Profile {
        vendor: Some("Acme".to_owned()),
        model: Some("Vent 9".to_owned()),
        parts: parts.to_vec(),
        ..Profile::default()
    }
}

fn all(library: &PartsLibrary, profile: &Profile) -> Vec<PartFinding> {
    library.findings(profile).iter().flat_map(|of_part| of_part.findings.iter().cloned()).collect()
}

fn said(records: &[CveRecord], profile: &Profile) -> &'static str {
    let findings = all(&PartsLibrary::new(records, makers()), profile);
    assert!(findings.len() < 2, "one vulnerability: {findings:?}");
    match findings.first().map(|finding| &finding.verdict) {
        Some(Verdict::Affected) => "affected",
        Some(Verdict::Undetermined(_)) => "asked",
        Some(Verdict::NotAffected) | None => "nothing",
    }
}

const OPENSSL: &str = "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*";

/// NVD API 2.0, `versionStartIncluding` and its like.
#[test]
fn ranges_of_versions_hold_as_the_catalogue_means_them() {
    for (range, version, expected) in [
        (">=1.0.2 <1.0.2k", "1.0.2", "affected"),
        (">=1.0.2 <1.0.2k", "1.0.2j", "affected"),
        (">=1.0.2 <1.0.2k", "1.0.2k", "nothing"),
        (">=1.0.2 <1.0.2k", "1.0.1u", "nothing"),
        (">1.0.2 <=1.1.0", "1.0.2", "nothing"),
        (">1.0.2 <=1.1.0", "1.1.0", "affected"),
        ("<3.0.7", "3.0.7", "nothing"),
        ("<3.0.7", "3.0.10", "nothing"),
        ("<3.0.7", "2.9", "affected"),
        ("<3.0.7", "", "asked"),
        ("<3.0.7", "unknown", "asked"),
        // Somebody else built it and may have mended it under the old number; a later number is later whoever built it.
        ("<3.0.7", "3.0.2-0ubuntu1.15", "asked"),
        ("<3.0.7", "1:3.0.8-1+deb11u1", "nothing"),
        ("<1.0.2zb", "1.0.2k-fips", "asked"),
    ] {
        let records = [nvd(&[&[&format!("{OPENSSL} {range}")]])];
        assert_eq!(said(&records, &with(&[part("OpenSSL", "OpenSSL", version)])), expected, "{range} {version}");
    }
    for (name, version, expected) in [
        (OPENSSL, "1.0", "affected"),
        ("cpe:2.3:a:openssl:openssl:1.0.2:*:*:*:*:*:*:*", "1.0.2", "affected"),
        ("cpe:2.3:a:openssl:openssl:1.0.2:*:*:*:*:*:*:*", "1.0.3", "nothing"),
        ("cpe:2.3:a:openssl:openssl:1.0.*:*:*:*:*:*:*:*", "1.0.3", "affected"),
        ("cpe:2.3:a:openssl:openssl:1.0.2:beta1:*:*:*:*:*:*", "1.0.2", "asked"),
        ("cpe:2.3:a:openssl:openssl:*:*:*:*:*:node.js:*:*", "1.0.2", "asked"),
        ("cpe:2.3:o:openssl:openssl:*:*:*:*:*:*:*:*", "1.0.2", "affected"),
        ("cpe:2.3:a:other:openssl:*:*:*:*:*:*:*:*", "1.0.2", "nothing"),
        ("cpe:2.3:a:openssl:openssl_wrapper:*:*:*:*:*:*:*:*", "1.0.2", "nothing"),
        ("cpe:2.3:a:openssl", "1.0.2", "nothing"),
    ] {
        assert_eq!(
            said(&[nvd(&[&[name]])], &with(&[part("OpenSSL", "openssl", version)])),
            expected,
            "{name} {version}"
        );
    }
}

#[test]
fn a_part_is_known_by_its_names() {
    let records = [nvd(&[&["cpe:2.3:a:haxx:curl:*:*:*:*:*:*:*:* <8.0"]])];
    let by_cpe = |cpe: &str, version: &str| Part { cpes: vec![cpe.to_owned()], ..part("", "some library", version) };
    for (part, expected) in [
        (part("Haxx", "curl", "7.1"), "affected"),
        // Whose curl it is nobody said.
        (part("", "curl", "7.1"), "asked"),
        (part("", "curl", "8.1"), "nothing"),
        (part("Acme", "curl", "7.1"), "nothing"),
        (by_cpe("cpe:2.3:a:haxx:curl:7.1:*:*:*:*:*:*:*", ""), "affected"),
        (by_cpe("cpe:2.3:a:haxx:curl:*:*:*:*:*:*:*:*", "7.1"), "affected"),
        (by_cpe("cpe:2.3:a:haxx:curl:8.1:*:*:*:*:*:*:*", "7.1"), "nothing"),
        (by_cpe("cpe:2.3:a:haxx:libcurl:7.1:*:*:*:*:*:*:*", ""), "nothing"),
        (by_cpe("cpe:/a:haxx:curl:7.1", ""), "affected"),
        (packaged("pkg:generic/curl@7.1"), "asked"),
        (packaged("pkg:deb/debian/curl@8.1-1"), "nothing"),
    ] {
        assert_eq!(said(&records, &with(std::slice::from_ref(&part))), expected, "{part:?}");
    }
    // The product is called as its vendor is; a distribution may have mended it.
    let records = [nvd(&[&[&format!("{OPENSSL} <3.0.7")]])];
    assert_eq!(said(&records, &with(&[part("", "openssl", "3.0.2")])), "affected");
    assert_eq!(said(&records, &with(&[packaged("pkg:deb/debian/openssl@3.0.2-0")])), "asked");
    assert_eq!(said(&records, &with(&[packaged("pkg:apk/alpine/openssl@3.0.2")])), "asked");
    let supplied = Part { vendor: Some("Debian".to_owned()), ..packaged("pkg:deb/debian/openssl@3.0.2-0") };
    assert_eq!(said(&records, &with(&[supplied])), "asked", "who supplies a package is not who makes the product");
    // What is called so in a registry is what speaks to it.
    for purl in ["pkg:npm/openssl@3.0.2", "pkg:pypi/openssl@3.0.2"] {
        let part = Part { vendor: Some("OpenSSL".to_owned()), ..packaged(purl) };
        assert_eq!(said(&records, &with(&[part])), "asked", "{purl}");
    }
    let component = Component { name: "OpenSSL".to_owned(), version: Some("3.0.2".to_owned()), ..Component::default() };
    assert_eq!(said(&records, &with(&[Part::of_bill(&component)])), "affected");
}

#[test]
fn what_runs_on_something_asks_for_both() {
    let program = "cpe:2.3:a:acme:viewer:*:*:*:*:*:*:*:* <2.0";
    let (windows, linux) =
        ("~cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*", "~cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*");
    let seven = "~cpe:2.3:o:microsoft:windows_7:-:*:*:*:*:*:*:*";
    let hardware = "~cpe:2.3:h:acme:vent_9:-:*:*:*:*:*:*:*";
    let other_hardware = "~cpe:2.3:h:zeta:vent_9:-:*:*:*:*:*:*:*";
    let runtime = "~cpe:2.3:a:oracle:jre:1.8:*:*:*:*:*:*:*";
    let viewer = || part("Acme", "Viewer", "1.5");
    let system = |text: &str| Part::system(text, KnownBy::Bill);
    for (needed, parts, expected) in [
        (windows, vec![viewer(), system("Windows 7 SP1")], "affected"),
        (seven, vec![viewer(), system("Windows 7 SP1")], "affected"),
        (seven, vec![viewer(), system("Windows 10")], "nothing"),
        (windows, vec![viewer(), system("Linux 4.15")], "nothing"),
        (linux, vec![viewer(), system("Windows 10")], "nothing"),
        (linux, vec![viewer(), system("VxWorks 6.9")], "asked"),
        (windows, vec![viewer()], "asked"),
        (windows, vec![system("Windows 7")], "nothing"),
        (hardware, vec![viewer()], "affected"),
        (other_hardware, vec![viewer()], "nothing"),
        ("~cpe:2.3:h:acme:vent_8:-:*:*:*:*:*:*:*", vec![viewer()], "asked"),
        (runtime, vec![viewer(), part("Oracle", "JRE", "1.8")], "affected"),
        (runtime, vec![viewer(), part("Oracle", "JRE", "1.9")], "nothing"),
        (runtime, vec![viewer()], "asked"),
        ("~nothing", vec![viewer()], "asked"),
    ] {
        let records = [nvd(&[&[program], &[needed]])];
        assert_eq!(said(&records, &with(&parts)), expected, "{needed} {parts:?}");
    }
    // Only the operating system is told, and not as a part.
    let profile = Profile { system: Some("Windows 7 SP1".to_owned()), ..with(&[viewer()]) };
    assert_eq!(said(&[nvd(&[&[program], &[windows]])], &profile), "affected");
    // What does not match: a program on everything but Windows.
    let mut negated = nvd(&[&[program], &[windows]]);
    negated.configurations[0].groups[1].is_negated = true;
    assert_eq!(said(&[negated.clone()], &with(&[viewer(), system("Windows 7")])), "nothing");
    assert_eq!(said(&[negated], &with(&[viewer(), system("Linux 4.15")])), "affected");
}

#[test]
fn updates_of_windows_are_asked_for() {
    let old = "cpe:2.3:o:microsoft:windows_7:-:sp1:*:*:*:*:*:*";
    let named = "cpe:2.3:o:microsoft:windows_10_1809:*:*:*:*:*:*:*:* <10.0.17763.5329";
    for (criterion, system, expected) in [
        (old, "Windows 7 SP1", "asked"),
        (old, "Microsoft Windows 7", "asked"),
        (old, "Windows 10", "nothing"),
        ("cpe:2.3:o:microsoft:windows_server_2008:r2:sp1:*:*:*:*:*:*", "Windows Server 2008 R2 SP1", "asked"),
        ("cpe:2.3:o:microsoft:windows_server_2008:r2:sp1:*:*:*:*:*:*", "Windows Server 2012 R2", "nothing"),
        (named, "Windows 10 1809", "asked"),
        (named, "Windows 10 22H2", "nothing"),
        ("cpe:2.3:o:windriver:vxworks:6.9:*:*:*:*:*:*:*", "VxWorks 6.9", "asked"),
        ("cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:* <4.16", "Linux 4.15", "asked"),
        ("cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:* <4.15", "Linux 4.15", "nothing"),
    ] {
        let records = [nvd(&[&[criterion]])];
        assert_eq!(said(&records, &with(&[Part::system(system, KnownBy::Wire)])), expected, "{criterion} {system}");
    }
    let built = Part {
        cpes: vec!["cpe:2.3:o:microsoft:windows_10_1809:10.0.17763.100:*:*:*:*:*:*:*".to_owned()],
        ..part("", "Windows 10", "")
    };
    assert_eq!(said(&[nvd(&[&[named]])], &with(&[built])), "affected", "the build tells");
}

/// CVE record format 5: the first entry that a version matches decides, else `defaultStatus`.
#[test]
fn versions_of_assigners_hold_as_the_format_says() {
    use VersionStatus::{Affected, Unaffected, Unknown};
    for (versions, default_status, version, expected) in [
        (&["0..2.0"][..], Unaffected, "1.9", "affected"),
        (&["0..2.0"], Unaffected, "2.0", "nothing"),
        (&["0..=2.0"], Unknown, "2.0", "affected"),
        (&["0..2.0"], Unknown, "2.1", "nothing"),
        (&["1.0..*"], Unaffected, "9.0", "affected"),
        (&["1.0"], Unaffected, "1.0", "affected"),
        (&["1.0"], Unaffected, "1.0.1", "nothing"),
        (&["!2.0..*"], Affected, "1.0", "affected"),
        (&["!2.0..*"], Affected, "2.1", "nothing"),
        (&[], Affected, "2.1", "affected"),
        (&[], Unknown, "2.1", "asked"),
        (&["5.15", "!0..5.15", "!5.15.75..=5.15.*"], Affected, "5.15.10", "affected"),
        (&["5.15", "!0..5.15", "!5.15.75..=5.15.*"], Affected, "5.15.80", "nothing"),
        (&["5.15", "!0..5.15", "!5.15.75..=5.15.*"], Affected, "5.14", "nothing"),
        (&["n/a"], Unknown, "1.0", "asked"),
        (&["< 2.3"], Unaffected, "2.2", "affected"),
        (&["prior to 2.3"], Unaffected, "2.3", "nothing"),
        (&["All versions"], Unaffected, "2.3", "affected"),
        (&["see the advisory"], Unaffected, "2.3", "asked"),
        (&["0..2.0"], Unaffected, "", "asked"),
        (&["0..2.0"], Unaffected, "1.9-3.el7", "asked"),
    ] {
        let records = [assigned("Apache Software Foundation", "Apache Thing", versions, default_status)];
        let part = part("Apache", "thing", version);
        assert_eq!(said(&records, &with(&[part])), expected, "{versions:?} {default_status:?} {version}");
    }
    let mut revisions = assigned("Acme", "thing", &["1f0e..77ab"], Unaffected);
    revisions.affected[0].versions[0].scheme = Some("git".to_owned());
    assert_eq!(said(&[revisions], &with(&[part("Acme", "thing", "1.0")])), "asked");
    let mut platforms = assigned("Acme", "thing", &["0..2.0"], Unaffected);
    platforms.affected[0].platforms = vec!["Windows".to_owned()];
    let on = |system: &str| with(&[part("Acme", "thing", "1.0"), Part::system(system, KnownBy::Bill)]);
    assert_eq!(said(&[platforms.clone()], &on("Windows 10")), "affected");
    assert_eq!(said(&[platforms.clone()], &on("Linux 5.10")), "nothing");
    assert_eq!(said(&[platforms], &with(&[part("Acme", "thing", "1.0")])), "asked");
    assert_eq!(said(&[assigned("n/a", "n/a", &["n/a"], Affected)], &with(&[part("", "n/a", "1.0")])), "nothing");
}

#[test]
fn who_assigned_the_number_counts_more() {
    use VersionStatus::Unaffected;
    let nvd = || nvd(&[&["cpe:2.3:a:acme:thing:*:*:*:*:*:*:*:* <3.0"]]);
    let profile = with(&[part("Acme", "thing", "2.5")]);
    let own = |versions: &[&str]| assigned("Acme", "thing", versions, Unaffected);
    assert_eq!(said(&[nvd()], &profile), "affected");
    assert_eq!(said(&[own(&["0..2.0"]), nvd()], &profile), "nothing");
    assert_eq!(said(&[nvd(), own(&["0..2.0"])], &profile), "nothing");
    assert_eq!(said(&[nvd(), own(&["0..2.9"])], &profile), "affected");
    assert_eq!(said(&[nvd(), own(&["n/a"])], &profile), "affected", "who says nothing leaves it to others");
    // Two parts of one name are two: what is said of the one is not said of the other.
    let both = with(&[part("Acme", "thing", "1.5"), part("Acme", "thing", "2.5")]);
    let library = PartsLibrary::new(&[nvd(), own(&["0..2.0"])], makers());
    let told: Vec<_> = library.findings(&both).iter().map(|of_part| (of_part.part, of_part.findings.len())).collect();
    assert_eq!(told, [(0, 1)]);
    let mut added = own(&["0..2.0"]);
    added.affected[0].said_by = "CISA-ADP".to_owned();
    assert_eq!(said(&[added, own(&["0..2.9"])], &profile), "affected");
    let mut withdrawn = nvd();
    withdrawn.is_rejected = true;
    assert_eq!(said(&[withdrawn], &profile), "nothing");
}

#[test]
fn a_finding_is_as_sure_as_the_part_is_known() {
    let library = PartsLibrary::new(&[nvd(&[&["cpe:2.3:a:acme:thing:*:*:*:*:*:*:*:* <3.0"]])], makers());
    let tier = |known_by, version| {
        let findings = all(&library, &with(&[Part { known_by, ..part("Acme", "thing", version) }]));
        findings.iter().map(|finding| finding.tier).collect::<Vec<_>>()
    };
    assert_eq!(tier(KnownBy::Bill, "1.0"), [Tier::Decided]);
    assert_eq!(tier(KnownBy::Disclosure, "1.0"), [Tier::Likely]);
    assert_eq!(tier(KnownBy::Wire, "1.0"), [Tier::Possible]);
    assert_eq!(tier(KnownBy::Bill, ""), [Tier::Likely]);
    // It depends on a system that was only seen on the wire.
    let both =
        nvd(&[&["cpe:2.3:a:acme:thing:*:*:*:*:*:*:*:* <3.0"], &["~cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*"]]);
    let library = PartsLibrary::new(&[both], makers());
    let findings = library.findings(&with(&[part("Acme", "thing", "1.0"), Part::system("Windows 7", KnownBy::Wire)]));
    let told: Vec<_> = findings.iter().map(|of_part| (of_part.part, of_part.findings[0].tier)).collect();
    assert_eq!(told, [(0, Tier::Possible)]);
}

#[test]
fn many_devices_are_told_the_same_as_one() {
    let records =
        [nvd(&[&["cpe:2.3:a:acme:thing:*:*:*:*:*:*:*:* <3.0"], &["~cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*"]])];
    let library = PartsLibrary::new(&records, makers());
    let mut matcher = PartsMatcher::new(&library);
    for system in ["Windows 7", "Linux 4.15", "Windows 7"] {
        for version in ["1.0", "3.0", ""] {
            let profile = Profile { system: Some(system.to_owned()), ..with(&[part("Acme", "thing", version)]) };
            assert_eq!(matcher.findings(&profile), library.findings(&profile), "{system} {version}");
        }
    }
}

/// Whoever writes records can write anything.
#[test]
fn any_record_is_read() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let pieces = [
        "cpe:2.3:", "a:", "o:", "*", "?", "\\", ":", "windows", "acme", "-", "1.0", "%", "@", "pkg:deb/", "..", " ",
        "ü", "~", "2.0-", "sp1",
    ];
    let mut word = || {
        let mut text = String::new();
        for _ in 0..6 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text += pieces[(state >> 33) as usize % pieces.len()];
        }
        text
    };
    for _ in 0..3_000 {
        let mut criterion = criterion("cpe:2.3:a:acme:windows");
        criterion.cpe = format!("cpe:2.3:o:{}", word());
        criterion.to_excluding = Some(word());
        let mut told = nvd(&[&[]]);
        told.configurations[0].groups[0].products = vec![criterion];
        told.affected = assigned(&word(), &word(), &[&word(), &word()], VersionStatus::Affected).affected;
        let part = Part {
            cpes: vec![word(), told.configurations[0].groups[0].products[0].cpe.clone()],
            purl: Some(word()),
            ..part("", &word(), &word())
        };
        PartsLibrary::new(&[told], Makers::default()).findings(&with(&[part, Part::system(&word(), KnownBy::Wire)]));
    }
}
