//! Names of operating systems as evidence writes them (`Windows 7 / Server 2008 R2`, `Windows 10 LTSC 2019`, `Linux 2.6`), and which
//! releases of endoflife.date they mean.

use model::outside::Lifetime;

use super::words;

/// Systems that one name is read as.
const ALTERNATIVES_MAX: usize = 8;
/// Parts of a version that are looked at.
const PARTS_MAX: usize = 4;

/// Words of a note that may name a system, from the beginning of its name on.
const DECLARED_WORDS_MAX: usize = 6;
/// Words of a system's name with its version.
const NAME_WORDS_MAX: usize = 5;
/// What follows the word Windows where it is a system's name.
const WINDOWS: [&str; 14] =
    ["server", "xp", "vista", "7", "8", "8.1", "10", "11", "embedded", "ce", "2000", "2003", "2008", "nt"];

/// Systems that are named as they are called there, with the product; the longer name first. `true`: the system is all the software of
/// such a device, so its software version is the system's.
const SYSTEMS: &[(&str, &str, bool)] = &[
    ("amazon linux", "amazon-linux", false),
    ("alpine linux", "alpine-linux", false),
    ("alpine", "alpine-linux", false),
    ("almalinux", "almalinux", false),
    ("centos stream", "centos-stream", false),
    ("centos", "centos", false),
    ("red hat enterprise linux", "rhel", false),
    ("rhel", "rhel", false),
    ("rocky linux", "rocky-linux", false),
    ("oracle linux", "oracle-linux", false),
    ("oracle solaris", "oracle-solaris", false),
    ("solaris", "oracle-solaris", false),
    ("suse linux enterprise", "sles", false),
    ("sles", "sles", false),
    ("opensuse", "opensuse", false),
    ("fedora", "fedora", false),
    ("ubuntu", "ubuntu", false),
    ("debian", "debian", false),
    ("freebsd", "freebsd", false),
    ("netbsd", "netbsd", false),
    ("openbsd", "openbsd", false),
    ("mac os x", "macos", false),
    ("os x", "macos", false),
    ("macos", "macos", false),
    ("android", "android", false),
    ("cisco ios xe", "cisco-ios-xe", true),
    ("ios xe", "cisco-ios-xe", true),
    ("apple ios", "ios", false),
    ("iphone os", "ios", false),
    ("vmware esxi", "esxi", true),
    ("esxi", "esxi", true),
    ("fortios", "fortios", true),
    ("pan os", "panos", true),
    ("openwrt", "openwrt", true),
    ("aix", "ibm-aix", false),
    ("linux kernel", "linux", false),
    ("linux", "linux", false),
];

/// Releases that a name may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The product of endoflife.date.
    pub(super) product: &'static str,
    version: Vec<u64>,
    /// Whether only this very version is meant: Windows 8 is not 8.1.
    is_exact: bool,
    /// What a release's name has besides its version, as in `r2` or `lts`.
    with: Vec<String>,
    without: Vec<&'static str>,
    /// The build, as in 19045.
    build: Option<u64>,
}

/// A release's name: its version, and what stands beside it.
struct Cycle<'a> {
    version: Vec<u64>,
    marks: Vec<&'a str>,
}

impl<'a> Cycle<'a> {
    fn read(name: &'a str) -> Self {
        let mut cycle = Self { version: Vec::new(), marks: Vec::new() };
        for part in name.split('-') {
            match version(part) {
                Some(version) if cycle.version.is_empty() => cycle.version = version,
                _ => cycle.marks.push(part),
            }
        }
        cycle
    }
}

impl Wanted {
    /// Whether a release may be meant, and how exactly its version is named.
    pub(super) fn fits(&self, lifetime: &Lifetime) -> Option<usize> {
        let cycle = Cycle::read(&lifetime.cycle);
        let is_version = match self.is_exact {
            true => cycle.version == self.version,
            false => cycle.version.starts_with(&self.version) || self.version.starts_with(&cycle.version),
        };
        let is_build = self.build.is_none_or(|build| {
            let latest = lifetime.latest.as_deref().unwrap_or_default();
            latest.rsplit('.').next().is_some_and(|last| last == build.to_string())
        });
        (!cycle.version.is_empty() && is_version && is_build && self.has_marks(&cycle)).then_some(cycle.version.len())
    }

    /// The version of a release that is later than what is meant, of the same line.
    pub(super) fn later(&self, lifetime: &Lifetime) -> Option<Vec<u64>> {
        let cycle = Cycle::read(&lifetime.cycle);
        let is_later = self.version < cycle.version && !cycle.version.starts_with(&self.version);
        is_later.then_some(cycle.version)
    }

    /// Whether a release is of the line that is meant: of Windows Compact, say.
    pub(super) fn is_of_line(&self, lifetime: &Lifetime) -> bool {
        self.has_marks(&Cycle::read(&lifetime.cycle))
    }

    /// Whether distributions mend what the project itself no longer does. The oldest kernel that one still mends is 3.10 (Red Hat
    /// Enterprise Linux 7, until 2028).
    pub(super) fn is_mended_by_others(&self) -> bool {
        self.product == "linux" && self.version.first().is_some_and(|major| *major >= 3)
    }

    fn has_marks(&self, cycle: &Cycle<'_>) -> bool {
        self.with.iter().all(|mark| cycle.marks.contains(&mark.as_str()))
            && !self.without.iter().any(|mark| cycle.marks.contains(mark))
    }
}

/// The systems that a name may stand for; none where it names no version. `software` is the version of the device's software.
pub(super) fn read(system: &str, software: Option<&str>) -> Vec<Wanted> {
    let is_windows = system.to_lowercase().contains("windows");
    let alternatives = system.split(" / ").flat_map(|name| name.split(" or ")).take(ALTERNATIVES_MAX).map(words);
    let read = |words: Vec<String>| if is_windows { windows(&words) } else { other(&words, software) };
    // One alternative that is not understood leaves everything open.
    alternatives.map(read).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The system that a maker's note names, in the note's words; only where its version follows its name: `Windows updates within 7 days`
/// names none.
pub(super) fn declared(note: &str) -> Option<String> {
    let words = words(note);
    let name = words.iter().position(|word| word == "windows").filter(|place| {
        let next = words.get(place.saturating_add(1)).map(String::as_str);
        next.is_some_and(|next| WINDOWS.contains(&next))
    });
    let name = name.or_else(|| {
        let is_name =
            |window: &[String]| SYSTEMS.iter().any(|(name, ..)| name.split(' ').eq(window.iter().map(String::as_str)));
        (1..=NAME_WORDS_MAX).rev().find_map(|count| words.windows(count).position(is_name))
    })?;
    let named = words.iter().skip(name).take(DECLARED_WORDS_MAX).cloned().collect::<Vec<_>>().join(" ");
    let is_number = |word: &&String| word.starts_with(|letter: char| letter.is_ascii_digit());
    let has_version = words.iter().skip(name).take(NAME_WORDS_MAX).any(|word| is_number(&word) && word.contains('.'));
    (named.starts_with("windows") || has_version).then_some(named).filter(|named| !read(named, None).is_empty())
}

fn other(words: &[String], software: Option<&str>) -> Option<Wanted> {
    let named = SYSTEMS.iter().find_map(|(name, product, is_all)| {
        let name: Vec<&str> = name.split(' ').collect();
        let place =
            words.windows(name.len()).position(|window| window.iter().zip(&name).all(|(one, two)| one == two))?;
        Some((place.saturating_add(name.len()), *product, *is_all))
    });
    let (after, product, is_all) = named?;
    // `Photon Linux 1.0` is no kernel.
    if product == "linux" && words.first().is_none_or(|first| first != "linux") {
        return None;
    }
    let rest = words.get(after..).unwrap_or_default();
    let told = rest.iter().take(PARTS_MAX).find_map(|word| version(word.trim_start_matches('v')));
    let mut version = told.or_else(|| version(software?.trim()).filter(|_| is_all))?;
    if let Some(pack) = rest.iter().find_map(|word| service_pack(word)).or_else(|| spaced_pack(rest)) {
        version.push(pack);
    }
    Some(Wanted { product, version, is_exact: false, with: Vec::new(), without: Vec::new(), build: None })
}

/// `12 SP5`, `12 SP 5`.
fn spaced_pack(words: &[String]) -> Option<u64> {
    words.windows(2).find_map(|pair| match pair {
        [name, number] if name == "sp" => number.parse().ok(),
        _ => None,
    })
}

fn service_pack(word: &str) -> Option<u64> {
    word.strip_prefix("sp")?.parse().ok()
}

/// Releases of Windows by the names that people use, with the numbers of endoflife.date.
fn windows(words: &[String]) -> Option<Wanted> {
    let has = |word: &str| words.iter().any(|other| other == word);
    let year = || words.iter().find_map(|word| word.parse::<u64>().ok().filter(|year| (2000..2100).contains(year)));
    let wanted = |product, number: Vec<u64>| Wanted {
        product,
        version: number,
        is_exact: true,
        with: Vec::new(),
        without: Vec::new(),
        build: None,
    };
    let build = words.iter().find_map(|word| word.strip_prefix("10.0.")?.split('.').next()?.parse().ok());
    if has("phone") || has("mobile") {
        return None;
    }
    if has("nt") && !has("10.0") {
        return Some(wanted("windows", vec![4]));
    }
    if has("server") || has("2000") && !has("10") {
        let mut server = wanted("windows-server", vec![year()?]);
        match has("r2") {
            true => server.with.push("r2".to_owned()),
            false => server.without.push("r2"),
        }
        return Some(server);
    }
    let is_compact = has("ce") || has("compact");
    if is_compact || ["embedded", "posready", "wes7", "pos", "industry"].iter().any(|word| has(word)) {
        let number = words.iter().find_map(|word| match word.as_str() {
            // Both are Windows XP underneath.
            "xp" | "2009" => Some(vec![5]),
            "wes7" => Some(vec![7]),
            _ => version(word),
        });
        let mut embedded = wanted("windows-embedded", number?);
        let lines = ["standard", "posready", "industry"];
        embedded.with.extend(lines.iter().filter(|line| has(line)).map(|line| (*line).to_owned()));
        match is_compact {
            true => embedded.with.push("compact".to_owned()),
            false => embedded.without.push("compact"),
        }
        return Some(embedded);
    }
    if has("xp") || has("vista") {
        return Some(wanted("windows", vec![if has("xp") { 5 } else { 6 }]));
    }
    if ["95", "98", "me"].iter().any(|word| has(word)) {
        return Some(wanted("windows", vec![4]));
    }
    let number = words.iter().find_map(|word| match word.as_str() {
        "7" | "8" | "10" | "11" => word.parse().ok().map(|number| vec![number]),
        "8.1" => Some(vec![8, 1]),
        _ => None,
    });
    let number = number.or_else(|| build.map(|build: u64| vec![if build >= 22_000 { 11 } else { 10 }]))?;
    let mut client = Wanted { build, ..wanted("windows", number) };
    let is_long_term = ["ltsc", "ltsb", "lts"].iter().any(|word| has(word));
    if is_long_term {
        client.with.push("lts".to_owned());
    } else if has("pro") || has("home") {
        client.without.extend(["lts", "iot", "e"]);
    }
    if let Some(release) = words.iter().find_map(|word| release(word)).or_else(|| long_term(year()?)) {
        client.with.push(release);
    }
    Some(client)
}

/// `1809` or `21h2`.
fn release(word: &str) -> Option<String> {
    let (year, half) = word.split_at_checked(2)?;
    let is_half = half.strip_prefix('h').is_some_and(|half| half == "1" || half == "2");
    let is_month = half.len() == 2 && half.parse().is_ok_and(|month: u64| (3..=11).contains(&month));
    let year: u64 = year.parse().ok()?;
    ((is_half || is_month) && (15..=40).contains(&year)).then(|| word.to_owned())
}

/// The release that the edition of a year for long-term servicing is (Microsoft, Windows release information).
fn long_term(year: u64) -> Option<String> {
    let release = match year {
        2015 => "1507",
        2016 => "1607",
        2019 => "1809",
        2021 => "21h2",
        2024 => "24h2",
        _ => return None,
    };
    Some(release.to_owned())
}

/// Numbers with dots between them, and whatever follows.
fn version(text: &str) -> Option<Vec<u64>> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (numbers, rest) = text.split_at_checked(end)?;
    // `21h2` is no version 21; `15(4)` and `3.10_x` are 15 and 3.10.
    if rest.starts_with(char::is_alphanumeric) && !numbers.contains('.') {
        return None;
    }
    let parts: Option<Vec<u64>> =
        numbers.split('.').filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect();
    parts.filter(|parts| !parts.is_empty()).map(|mut parts| {
        parts.truncate(PARTS_MAX);
        parts
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(system: &str) -> Vec<(&'static str, Vec<u64>)> {
        read(system, None).into_iter().map(|wanted| (wanted.product, wanted.version)).collect()
    }

    #[test]
    fn names_are_read_as_evidence_writes_them() {
        for (system, product_name, version) in [
            ("Windows XP", "windows", vec![5]),
            ("Microsoft Windows XP Professional SP3", "windows", vec![5]),
            ("Windows XP Embedded", "windows-embedded", vec![5]),
            ("Windows Embedded Standard 2009", "windows-embedded", vec![5]),
            ("Windows Embedded Standard 7", "windows-embedded", vec![7]),
            ("Windows CE 6.0", "windows-embedded", vec![6, 0]),
            ("Windows 7", "windows", vec![7]),
            ("Windows 8.1", "windows", vec![8, 1]),
            ("Windows 10 LTSC 2019", "windows", vec![10]),
            ("Windows Server 2012 R2", "windows-server", vec![2012]),
            ("Windows 2000", "windows-server", vec![2000]),
            ("Windows NT 4.0", "windows", vec![4]),
            ("Linux 2.6", "linux", vec![2, 6]),
            ("Linux 2.6.32-431.el6.x86_64", "linux", vec![2, 6, 32]),
            ("Ubuntu Linux 16.04", "ubuntu", vec![16, 4]),
            ("SUSE Linux Enterprise Server 12 SP5", "sles", vec![12, 5]),
            ("Red Hat Enterprise Linux 7.9", "rhel", vec![7, 9]),
            ("Mac OS X 10.6", "macos", vec![10, 6]),
            ("Android 4.4", "android", vec![4, 4]),
        ] {
            assert_eq!(product(system), [(product_name, version)], "{system}");
        }
        assert_eq!(product("Windows 7 / Server 2008 R2"), [("windows", vec![7]), ("windows-server", vec![2008])],);
        assert_eq!(product("Windows Server 2003 / XP x64"), [("windows-server", vec![2003]), ("windows", vec![5])]);
        assert_eq!(product("Windows 98 / ME"), [("windows", vec![4]), ("windows", vec![4])]);
    }

    #[test]
    fn who_names_no_version_names_no_release() {
        for system in [
            "Photon Linux 1.0",
            "Windows Phone 8",
            "Windows",
            "Windows Server",
            "Linux",
            "Ubuntu Linux",
            "Cisco IOS",
            "macOS",
            "VxWorks 6.9",
            "",
            "QNX",
        ] {
            assert_eq!(product(system), [], "{system}");
        }
        // One of two is not understood: then nothing is.
        assert_eq!(product("Windows 7 / Phone"), []);
        assert_eq!(read("Cisco IOS XE", Some("17.3.4a")).len(), 1, "all its software is the system");
        assert_eq!(read("Ubuntu Linux", Some("17.3")), [], "software of a device is not its system's");
    }

    #[test]
    fn editions_and_builds_choose_releases() {
        let with = |system: &str| read(system, None).remove(0).with;
        assert_eq!(with("Windows 10 LTSC 2019"), ["lts", "1809"]);
        assert_eq!(with("Windows 10 Enterprise LTSB 2016"), ["lts", "1607"]);
        assert_eq!(with("Windows 10 IoT Enterprise 21H2"), ["21h2"]);
        assert_eq!(with("Windows 10 1809"), ["1809"]);
        assert_eq!(with("Windows Server 2008 R2"), ["r2"]);
        assert_eq!(read("Windows 10.0.19045", None).remove(0).build, Some(19_045));
        assert_eq!(read("Windows 10.0.22631", None).remove(0).version, [11]);
    }
}
