//! The `User-Agent` header by its grammar (RFC 9110 §10.1.5): products with their versions, and comments. Anything else
//! that stands in it, and what in it looks like a person's, is left out.

use model::form::{holds_short_date, is_personal};

use crate::line::Line;

/// How many products and comments are told.
const PARTS_MAX: usize = 24;
/// How deep comments may lie in comments.
const DEPTH_MAX: u8 = 3;
/// What begins a comment beyond that many bytes is prose.
const COMMENT_PART_BYTES_MAX: usize = 64;
/// Constants of browsers that look like a date, and like a family name and a given one.
const GECKO: &[u8] = b"Gecko/20100101";
const KHTML: &[u8] = b"KHTML, like Gecko";

/// What may be told of a value.
pub(super) fn told(value: &[u8]) -> Line {
    let mut line = Line::new();
    let mut rest = value.trim_ascii();
    for _ in 0..PARTS_MAX {
        rest = match rest {
            [] => break,
            [b'(', behind @ ..] => {
                let Some(length) = comment_length(behind) else { break };
                comment(behind.get(..length).unwrap_or_default(), &mut line);
                behind.get(length.saturating_add(1)..).unwrap_or_default()
            }
            _ => {
                let length = rest.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'(')).unwrap_or(rest.len());
                let (word, behind) = rest.split_at_checked(length.max(1)).unwrap_or((rest, &[]));
                if word == GECKO || is_product(word) {
                    add(word, &mut line);
                }
                behind
            }
        }
        .trim_ascii_start();
    }
    line
}

/// Adds a part behind a blank, whole or not at all.
fn add(part: &[u8], line: &mut Line) {
    let room = model::message::TEXT_BYTES_MAX.saturating_sub(line.as_bytes().len());
    if part.len() < room {
        if !line.is_empty() {
            line.extend(b" ");
        }
        line.extend(part);
    }
}

/// `product = token ["/" product-version]`
fn is_product(word: &[u8]) -> bool {
    let mut parts = word.split(|byte| *byte == b'/');
    let (name, version) = (parts.next().unwrap_or_default(), parts.next().unwrap_or(b"-"));
    // Two slashes are no product, yet `Build/x/1` is common.
    let is_token = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| is_token_byte(*byte));
    is_token(name) && is_token(version) && parts.all(is_token) && is_impersonal(word)
}

/// `tchar` (RFC 9110 §5.6.2), without the two that join a person's name or address.
const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.' | b'_' | b'`' | b'|' | b'~'
        )
}

fn is_impersonal(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| !text.split([' ', ',', ':']).any(is_personal))
}

/// How long a comment is, without its closing parenthesis; `None` if there is none.
fn comment_length(bytes: &[u8]) -> Option<usize> {
    let mut depth = 1_u8;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return None;
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// Words with which programs say in comments what they run on; any other word may be anybody's name.
static PLATFORMS: &[&str] = &[
    // Systems
    "android",
    "beos",
    "cpu",
    "cros",
    "cygwin",
    "darwin",
    "debian",
    "fedora",
    "freebsd",
    "gnu",
    "gnu/linux",
    "hp-ux",
    "ia32",
    "intel",
    "ios",
    "ipad",
    "iphone",
    "ipod",
    "kernel",
    "like",
    "linux",
    "mac",
    "macintosh",
    "macos",
    "microsoft",
    "netbsd",
    "nt",
    "openbsd",
    "os",
    "ppc",
    "qnx",
    "qt",
    "solaris",
    "sparc",
    "sunos",
    "touch",
    "tizen",
    "ubuntu",
    "unix",
    "vxworks",
    "wayland",
    "webos",
    "win",
    "windows",
    "wow64",
    "x",
    "x11",
    "x86",
    "xbox",
    // Processors and builds
    "aarch64",
    ".net",
    "clr",
    "centos",
    "media",
    "center",
    "miui",
    "release",
    "rhel",
    "suse",
    "apple",
    "glibc",
    "gnueabihf",
    "musl",
    "pc",
    "redhat",
    "uclibc",
    "unknown",
    "amd64",
    "arm",
    "arm64",
    "armv6l",
    "armv7l",
    "armv8l",
    "bit",
    "build",
    "i386",
    "i486",
    "i586",
    "i686",
    "mips",
    "mipsel",
    "powerpc",
    "ppc64",
    "ppc64le",
    "riscv64",
    "s390x",
    "win32",
    "win64",
    "x64",
    "x86_64",
    // Browsers, libraries and robots
    "applewebkit",
    "bot",
    "chrome",
    "chromium",
    "cli",
    "client",
    "code",
    "compatible",
    "compiled",
    "crawler",
    "curl",
    "dalvik",
    "desktop",
    "edge",
    "firefox",
    "gecko",
    "go",
    "http",
    "https",
    "i",
    "java",
    "jvm",
    "khtml",
    "khtml,",
    "lib",
    "libcurl",
    "metasr",
    "mobile",
    "msie",
    "n",
    "net",
    "openjdk",
    "openssl",
    "opera",
    "outlook",
    "phone",
    "php",
    "presto",
    "python",
    "ruby",
    "safari",
    "server",
    "slcc2",
    "ssl",
    "tablet",
    "trident",
    "tv",
    "u",
    "upnp",
    "version",
    "wv",
    "zlib",
    // Devices
    "chromecast",
    "galaxy",
    "honor",
    "huawei",
    "lg",
    "mi",
    "moto",
    "motorola",
    "nexus",
    "nokia",
    "note",
    "oneplus",
    "oppo",
    "pixel",
    "pro",
    "realme",
    "redmi",
    "samsung",
    "sony",
    "tab",
    "vivo",
    "xiaomi",
    "zebra",
    "honeywell",
];

/// Adds the parts of a comment that say something about a system: neither a setting (`=`) nor a person's. In them,
/// words that are not listed become `*`.
fn comment(text: &[u8], line: &mut Line) {
    let is_told = |part: &&[u8]| {
        !part.is_empty()
            && part.len() <= COMMENT_PART_BYTES_MAX
            && (*part == KHTML || !part.iter().any(|byte| matches!(byte, b'=' | b',' | b'"' | b'\\')))
            && part.iter().all(|byte| matches!(byte, b' '..=b'~'))
            && is_impersonal(part)
    };
    let mut told = Line::new();
    for part in text.split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(is_told) {
        let part = listed(part);
        if !part.as_bytes().iter().any(u8::is_ascii_alphanumeric) {
            continue;
        }
        let separator: &[u8] = if told.is_empty() { b"(" } else { b"; " };
        told.extend(separator);
        told.extend(part.as_bytes());
    }
    if !told.is_empty() && told.extend(b")") {
        add(told.as_bytes(), line);
    }
}

/// The part with `*` for each run of words that are neither listed nor a version or a model.
fn listed(part: &[u8]) -> Line {
    let mut told = Line::new();
    // What a comment begins with may be a version (`CUPS/2.3.4 (2.2.4)`) or a model.
    let mut is_behind_listed = true;
    for word in part.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
        let is_told = is_platform(word) || is_language(word) || is_code(word, is_behind_listed);
        is_behind_listed = is_told;
        if !is_told && told.as_bytes().ends_with(b"*") {
            continue;
        }
        if !told.is_empty() {
            told.extend(b" ");
        }
        told.extend(if is_told { word } else { b"*" });
    }
    told
}

/// A listed word, or several with hyphens between them and a version behind: `linux-uclibc`, `x86_64-apple-darwin12.0`.
fn is_platform(word: &[u8]) -> bool {
    let is_listed = |word: &[u8]| PLATFORMS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word));
    let is_group = |group: &[u8]| {
        let is_version = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
        let end = group.iter().rposition(|byte| !is_version(byte)).map_or(0, |at| at.saturating_add(1));
        is_listed(group) || (group.len() <= 16 && group.get(..end).is_some_and(is_listed))
    };
    is_listed(word) || (word.contains(&b'-') && word.split(|byte| *byte == b'-').all(is_group))
}

/// `en`, `en-US`, `de_DE`
fn is_language(word: &[u8]) -> bool {
    match word {
        [a, b] => a.is_ascii_lowercase() && b.is_ascii_lowercase(),
        [a, b, b'-' | b'_', c, d] => {
            a.is_ascii_lowercase() && b.is_ascii_lowercase() && c.is_ascii_alphabetic() && d.is_ascii_alphabetic()
        }
        _ => false,
    }
}

/// `10.0`, `10_15_7`, `rv:102.0`, `SM-G960F`, `Build/PPR1`, `Trident/6.0`: what is behind a slash or a colon belongs to
/// a listed word, and nothing holds a word of letters or a long number.
fn is_code(word: &[u8], is_behind_listed: bool) -> bool {
    let word = word.strip_prefix(b"(").unwrap_or(word);
    let word = word.strip_suffix(b")").unwrap_or(word);
    if let Some(split) = word.iter().position(|byte| matches!(byte, b'/' | b':')) {
        let (name, behind) = word.split_at_checked(split).unwrap_or((word, &[]));
        let is_known = name == b"rv" || is_platform(name);
        return is_known && behind.get(1..).is_some_and(is_code_alone);
    }
    is_code_alone(word)
        && (is_behind_listed || word.iter().any(u8::is_ascii_alphabetic))
        && !std::str::from_utf8(word).is_ok_and(holds_short_date)
}

fn is_code_alone(word: &[u8]) -> bool {
    let is_name = |group: &[u8]| group.len() >= 4 && group.iter().all(u8::is_ascii_alphabetic);
    word.iter().any(u8::is_ascii_digit)
        && word.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+'))
        && word.split(|byte| !byte.is_ascii_digit()).all(|digits| digits.len() <= 5)
        && !word.split(|byte| !byte.is_ascii_alphanumeric()).any(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(value: &str) -> String {
        String::from_utf8(told(value.as_bytes()).as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn products_and_comments_stay_as_they_are() {
        for whole in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Firefox/102.0",
            "gSOAP/2.8",
            "curl",
            "Microsoft BITS/7.8",
            "Dalvik/2.1.0 (Linux; U; Android 9; SM-T510 Build/PPR1)",
            "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; WOW64; Trident/6.0)",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15",
            "Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10_15_7; en-US)",
            "Mozilla/5.0 (Linux; Android 13; Pixel 7)",
            "CUPS/2.3.4 (Darwin 20.6.0)",
            "Wget/1.13 (linux-uclibc)",
            "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1; .NET CLR 2.0.50727)",
            "Mozilla/5.0 (X11; U; Linux i686; ko-KR; rv:1.7.12)",
            "curl/7.24.0 (x86_64-apple-darwin12.0) libcurl/7.24.0",
            "Debian APT-HTTP/1.3 (2.2.4)",
        ] {
            assert_eq!(agent(whole), whole);
        }
    }

    #[test]
    fn what_is_no_product_or_looks_like_a_person_is_left_out() {
        assert_eq!(agent("Viewer/1.0 (user=Canary; Windows)"), "Viewer/1.0 (Windows)");
        assert_eq!(agent("Viewer/1.0 (Canary, Anna) Qt/5"), "Viewer/1.0 Qt/5");
        assert_eq!(agent("Viewer/1.0 CANARY^ANNA canary@example.org 4711000815 1950-01-01"), "Viewer/1.0");
        assert_eq!(agent("Viewer/1.0 (MRN 4711000815; born 01.01.1950; Windows)"), "Viewer/1.0 (Windows)");
        assert_eq!(agent("Monitor/1.0 (ZQUA Anna Meier; Bed 3; MRN 471108)"), "Monitor/1.0");
        assert_eq!(agent("Monitor/1.0 (Windows NT 10.0 Anna Meier; 01.01.50)"), "Monitor/1.0 (Windows NT 10.0 *)");
        assert_eq!(agent("Monitor/1.0 (Anna-50; Meier 7; x64)"), "Monitor/1.0 (x64)");
        assert_eq!(agent("Viewer/1.0 patient=\"Canary\" (open"), "Viewer/1.0");
        assert_eq!(agent(&"(".repeat(5_000)), "");
    }
}
