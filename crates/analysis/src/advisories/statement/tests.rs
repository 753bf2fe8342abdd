use super::*;
use crate::advisories::predicate::{Profile, Truth};

/// What a statement says of versions: `+` before one that it holds for, `-` before one that it does not, `?` else.
fn said(statement: &str, versions: &str) -> String {
    let said = read(statement);
    let sign = |version: &str| {
        let profile = Profile { version: Some(version.to_owned()), ..Profile::default() };
        let all = said.versions.iter().chain(&said.conditions);
        match all.fold(Truth::Yes, |truth, part| truth.and(part.holds(&profile, &[]))) {
            Truth::Yes => "+",
            Truth::No => "-",
            Truth::Unknown(_) => "?",
        }
    };
    versions.split(' ').map(|version| format!("{}{version}", sign(version))).collect::<Vec<_>>().join(" ")
}

#[test]
fn statements_are_read_however_they_are_written() {
    for (statement, expected) in [
        ("< 2.4", "+2.3.9 -2.4 -2.4.1"),
        ("<=2.4", "+2.4 -2.4.1"),
        ("vers:generic/>=1.0|<2.0", "-0.9 +1.0 +1.9 -2.0"),
        (">= 1.0, < 2.0", "-0.9 +1.0 -2.0"),
        (">= 1.0 and < 2.0", "-0.9 +1.0 -2.0"),
        ("All versions prior to v3.1", "+3.0 -3.1"),
        ("versions up to and including 3.1", "+3.1 -3.2"),
        ("prior to and including version 4.2", "+4.2 -4.3"),
        ("software version 1.7 and earlier", "+1.7 -1.8"),
        ("Firmware 2.0 or later", "-1.9 +2.0"),
        ("Versions 1.2 through 1.5 and 2.0", "-1.1 +1.2 +1.5 -1.6 +2.0 -2.1"),
        ("1.1.3 Build 10 | 1.1.3 MR Build 11", "-1.1.3"),
        ("8.0.x and 7.0.x", "+8.0.2 +7.0 -6.0 -8.1"),
        ("<= 2.4A", "+2.3C +2.4A -2.4B -2.5A"),
        ("vers:all/*", "+1 +99"),
        ("*", "+1"),
        ("between 2.0 and 3.0", "-1.9 +2.0 +2.5 +3.0 -3.1"),
        ("2.0.1-3.0.4", "-2.0.0 +2.0.1 +2.5.0 -3.0.5"),
        ("later than 3.0", "-3.0 +3.1"),
        ("3.0 onwards", "-2.9 +3.0 +3.1"),
        ("under 3.0", "+2.9 -3.0"),
        ("any version before 3.0", "+2.9 -3.0"),
        ("all software versions before 3.0", "+2.9 -3.0"),
        ("＜3.0", "+2.9 -3.0"),
        ("2018-1", "+2018-1 -2018-2"),
        ("all versions except 3.0", "?2.9 ?3.0"),
        ("1.0, exclusive of 2.0", "?1.0 ?2.0"),
        ("2.x before 2.5", "?2.4 ?2.7"),
        ("2.0.x < 2.0.5", "?2.0.6"),
        ("not later than 3.0", "?2.0 ?3.1"),
        ("vor 3.0", "?2.0 ?3.0"),
        ("without hotfix 3", "?3.0"),
        ("manufactured after 2018", "?2018 ?2019"),
        ("Part number 123456", "?1.0"),
        ("hardware version 2.0", "?2.0"),
        ("vers:generic/!=2.0", "?2.0 ?1.0"),
        ("All versions, if configured for remote access", "?1.0"),
        ("All versions; fixed in 5.0", "?6.0"),
        ("unspecified", "?1.0"),
        ("< 1.0 || unless the moon is full", "?1.0"),
        ("", "+1.0"),
    ] {
        let versions: Vec<&str> =
            expected.split(' ').map(|version| version.trim_start_matches(['+', '-', '?'])).collect();
        assert_eq!(said(statement, &versions.join(" ")), expected, "{statement}: {:?}", read(statement));
    }
}

#[test]
fn what_is_asked_besides_is_a_question_of_its_own() {
    for (statement, device, holds) in [
        ("* running on Windows Server 2008", "Windows Server 2019", Truth::No),
        ("* running on Windows Server 2008", "Windows Server 2008 R2", Truth::Yes),
        ("* running on Windows 7 and Windows XP", "Windows XP", Truth::Yes),
    ] {
        let profile = Profile { system: Some(device.to_owned()), ..Profile::default() };
        let said = read(statement);
        let all = said.versions.iter().chain(&said.conditions);
        assert_eq!(
            all.fold(Truth::Yes, |truth, part| truth.and(part.holds(&profile, &[]))),
            holds,
            "{statement} {device}"
        );
    }
    for (statement, asked) in [
        ("< 2.0 (with Radio Modules 9 | >= 11)", "Module"),
        ("* running on Windows 7", "System"),
        ("< july 1 2017", "Made"),
        ("with printer option", "Has"),
        ("2.x model 35700", "Catalogue"),
        ("1.0 (beware of the dog)", "Unread"),
    ] {
        assert!(format!("{:?}", read(statement)).contains(asked), "{statement}: {:?}", read(statement));
    }
    assert!(format!("{:?}", read_prose("Version 2.1: SN 1200 and higher")).contains("SerialFrom(1200)"));
}
