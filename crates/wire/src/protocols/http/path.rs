//! What may be told of a request's target: the shape of its path, never what tells one request's object from
//! another's.

use model::Message;

use super::PATH_SHAPE;

/// A segment beyond that is an identifier, not a word.
const SEGMENT_BYTES_MAX: usize = 24;
/// Segments beyond that are not told.
const SEGMENTS_MAX: usize = 8;

/// Resources whose next segments name a person (FHIR and DICOMweb among them): from there on nothing is told.
static PERSONS: &[&[u8]] = &[
    b"person",
    b"persons",
    b"people",
    b"practitioner",
    b"practitioners",
    b"relatedperson",
    b"user",
    b"users",
    b"member",
    b"members",
    b"account",
    b"accounts",
    b"home",
    b"profile",
    b"profiles",
    b"staff",
    b"doctor",
    b"doctors",
    b"nurse",
    b"nurses",
    b"name",
    b"names",
    b"encounter",
    b"encounters",
    b"study",
    b"studies",
    b"search",
    b"find",
    b"worklist",
];

/// The path of a target in origin or absolute form (RFC 9112 §3.2.1, §3.2.2), without query and fragment.
pub(super) fn of(target: &[u8]) -> &[u8] {
    let path = if target.starts_with(b"/") {
        target
    } else {
        let after_scheme = target.windows(3).position(|window| window == b"://").map(|at| at.saturating_add(3));
        let Some(authority) = after_scheme.and_then(|at| target.get(at..)) else { return b"" };
        let Some(slash) = authority.iter().position(|byte| *byte == b'/') else { return b"/" };
        authority.get(slash..).unwrap_or_default()
    };
    path.split(|byte| matches!(byte, b'?' | b'#')).next().unwrap_or_default()
}

/// In whatever a segment is called: `getPatientByName`.
const PATIENT: &[u8] = b"patient";

/// Words of programs, which name nobody. Any other word might be a person's name, and is not told.
static WORDS: &[&str] = &[
    "admin",
    "api",
    "app",
    "asp",
    "aspx",
    "assets",
    "auth",
    "bin",
    "bulkdata",
    "cgi",
    "config",
    "connect",
    "control",
    "css",
    "data",
    "default",
    "desc",
    "description",
    "device",
    "devices",
    "dicom",
    "dicomrs",
    "dicomweb",
    "download",
    "event",
    "events",
    "favicon",
    "fhir",
    "files",
    "firmware",
    "frames",
    "gif",
    "hl",
    "hnap",
    "home",
    "htm",
    "html",
    "ico",
    "icons",
    "image",
    "images",
    "img",
    "index",
    "info",
    "instances",
    "ipp",
    "jnlp",
    "jpg",
    "js",
    "json",
    "jsp",
    "login",
    "logon",
    "main",
    "media",
    "metadata",
    "mirth",
    "onvif",
    "orthanc",
    "patient",
    "patients",
    "php",
    "png",
    "portal",
    "print",
    "printers",
    "qido",
    "rendered",
    "rest",
    "robots",
    "root",
    "rs",
    "scale",
    "series",
    "service",
    "services",
    "setup",
    "signin",
    "smartplug",
    "soap",
    "start",
    "static",
    "status",
    "stow",
    "studies",
    "study",
    "svc",
    "svg",
    "system",
    "txt",
    "ui",
    "update",
    "upload",
    "upnp",
    "user",
    "users",
    "version",
    "wado",
    "web",
    "webui",
    "welcome",
    "worklist",
    "ws",
    "wsd",
    "wsdl",
    "wsman",
    "xml",
];

/// Words of programs, and what joins them. Digits tell objects apart; `%`, `=`, `^`, `,`, `@` and others carry values.
fn is_word(segment: &[u8]) -> bool {
    let is_known = |part: &[u8]| part.is_empty() || WORDS.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(part));
    segment.len() <= SEGMENT_BYTES_MAX && segment.split(|byte| matches!(byte, b'.' | b'-' | b'_')).all(is_known)
}

/// Whether the segments after this one may name a person.
fn names_persons(word: &[u8]) -> bool {
    PERSONS.iter().any(|known| known.eq_ignore_ascii_case(word))
        || word.windows(PATIENT.len()).any(|part| part.eq_ignore_ascii_case(PATIENT))
}

/// Adds the path's shape: each segment that is no word is a `*`.
pub(super) fn tell(target: &[u8], message: &mut Message) {
    let Some(segments) = of(target).strip_prefix(b"/") else { return };
    let mut shape = [b'/'; SEGMENTS_MAX.saturating_mul(SEGMENT_BYTES_MAX.saturating_add(1))];
    let mut length = 0_usize;
    let mut person = false;
    for segment in segments.split(|byte| *byte == b'/').take(SEGMENTS_MAX) {
        // Parameters of a segment (RFC 3986 §3.3) carry values too, session identifiers above all.
        let word = segment.split(|byte| *byte == b';').next().unwrap_or_default();
        let told: &[u8] = if word.is_empty() || (!person && is_word(word)) { word } else { b"*" };
        person |= names_persons(word);
        let start = length.saturating_add(1);
        let end = start.saturating_add(told.len());
        let Some(place) = shape.get_mut(start..end) else { break };
        place.copy_from_slice(told);
        length = end;
    }
    message.bytes(&PATH_SHAPE, shape.get(..length).unwrap_or_default());
}

/// Whether a target is a page that anyone sees first: the root, or an index or sign-in page, asked for without a query.
pub(super) fn is_entrance(target: &[u8]) -> bool {
    static STEMS: &[&[u8]] = &[b"", b"index", b"default", b"login", b"logon", b"signin", b"main", b"start", b"welcome"];
    if target.contains(&b'?') || target.contains(&b';') {
        return false;
    }
    let path = of(target);
    if path.split(|byte| *byte == b'/').count() > 5 {
        return false;
    }
    let last = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let stem = last.split(|byte| *byte == b'.').next().unwrap_or_default();
    let is_root = path == b"/";
    is_root || (!stem.is_empty() && STEMS.iter().any(|known| known.eq_ignore_ascii_case(stem)))
}

#[cfg(test)]
mod tests {
    use model::Messages;

    use super::*;

    fn shape(target: &str) -> String {
        let mut messages = Messages::new();
        let message = messages.begin("http", "request");
        tell(target.as_bytes(), message);
        message.text("path_shape").unwrap_or_default().to_owned()
    }

    #[test]
    fn a_shape_names_no_object() {
        assert_eq!(shape("/"), "/");
        assert_eq!(shape("/cgi-bin/status.cgi?patient=CANARY"), "/cgi-bin/status.cgi");
        assert_eq!(shape("/api/v2/devices/4711/"), "/api/*/devices/*/");
        assert_eq!(shape("/fhir/Patient/canary/history"), "/fhir/Patient/*/*");
        assert_eq!(shape("/web;jsessionid=CANARY/home"), "/web/home");
        assert_eq!(shape("/Canary"), "/*");
        assert_eq!(shape("/wado/Canary_John.pdf"), "/wado/*");
        assert_eq!(shape("/CANARY%5EJOHN"), "/*");
        assert_eq!(shape("http://u:CANARY@a.example/index.html#CANARY"), "/index.html");
        assert_eq!(shape("http://a.example"), "/");
        assert_eq!(shape("/api/abcdefghijklmnopqrstuvwxyz"), "/api/*");
        assert_eq!(shape("*"), "");
        assert_eq!(shape("/1/2/3/4/5/6/7/8/9"), "/*/*/*/*/*/*/*/*");
    }

    #[test]
    fn entrances_have_no_query() {
        for target in ["/", "/index.html", "/hp/device/index.htm", "/Login.asp", "http://a.example/"] {
            assert!(is_entrance(target.as_bytes()), "{target}");
        }
        for target in ["/?q=1", "/viewer/study.html", "/a/", "*", "/index.html;x=1"] {
            assert!(!is_entrance(target.as_bytes()), "{target}");
        }
    }
}
