//! The recog collection as a further source of rules.
//!
//! Recog (BSD licence, `recog/xml/*.xml`) tells products from banners. Its files are read as they are; each fingerprint
//! becomes a rule on the field that holds the same text, with modest weights: banners are easily changed, and its names
//! for makers and kinds of device are not ours. Of one file only the first fingerprint that matches counts, as recog
//! means it. Files for protocols that no decoder reads are passed over and counted.

use super::condition::{Condition, Test};
use super::error::KnowledgeError;
use super::family::Family;
use super::pattern::Pattern;
use super::rule::{Assertion, Piece, Rule, Template};
use super::vendors::Setting;
use super::{CATEGORY, Knowledge, VENDOR};

mod file;
mod translate;

pub use file::{Examples, Fingerprint, FingerprintFile};
use file::{Param, Part};

/// What came of loading recog files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recog {
    /// Fingerprints read, of all files.
    pub fingerprints: usize,
    /// Rules made from them.
    pub rules: usize,
    /// Fingerprints of texts that no decoder hands out.
    pub without_field: usize,
    /// Fingerprints that claim nothing that we keep.
    pub without_claim: usize,
    /// Fingerprints whose pattern could not be fitted to a field, by file and description.
    pub unsupported: Vec<String>,
}

/// Decibans that a claim weighs at full certainty.
const MAKER_DB: f32 = 12.0;
const MODEL_DB: f32 = 13.0;
const PRODUCT_FAMILY_DB: f32 = 12.0;
const SERIAL_DB: f32 = 16.0;
const CATEGORY_DB: f32 = 14.0;
const SYSTEM_DB: f32 = 13.0;
const COMPONENT_DB: f32 = 16.0;
const NAME_DB: f32 = 10.0;
/// Recog's certainty where a fingerprint gives none (`hw.certainty`).
const CERTAINTY_USUAL: f32 = 0.85;

/// How the pattern meets the field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Whole,
    /// The lines of the banner as one text.
    Lines,
    Realm,
    CookieName,
    Identification,
    Name(&'static str),
}

/// Where a kind of text is found: what recog calls it, the messages, the field, the family, how the pattern fits.
type Place = (&'static str, &'static [&'static str], &'static str, Family, Fit);

const DHCP_CLIENT: &[&str] = &["dhcp.discover", "dhcp.request", "dhcp.inform"];

static PLACES: &[Place] = &[
    ("http_header.server", &["http.response"], "server", Family::Banner, Fit::Whole),
    ("http_header.wwwauth", &["http.response"], "realm", Family::Banner, Fit::Realm),
    ("http_header.cookie", &["http.response"], "cookie_name", Family::Banner, Fit::CookieName),
    ("http_header.x-powered-by", &["http.response"], "powered_by", Family::Banner, Fit::Whole),
    ("html_title", &["http.response"], "title", Family::Banner, Fit::Whole),
    ("ssh.banner", &["ssh.banner"], "banner", Family::Banner, Fit::Identification),
    ("ftp.banner", &["ftp.greeting"], "banner", Family::Banner, Fit::Whole),
    ("telnet", &["telnet.banner"], "line", Family::Banner, Fit::Lines),
    ("snmp.sys_description", &["snmp.*"], "sys_description", Family::Banner, Fit::Whole),
    ("snmp.sys_object_id", &["snmp.*"], "sys_object_id", Family::Banner, Fit::Whole),
    ("smb.native_os", &["smb.session_setup"], "native_os", Family::Banner, Fit::Whole),
    ("smb.native_lm", &["smb.session_setup"], "native_lan_manager", Family::Banner, Fit::Whole),
    ("mdns.device-info.txt", &["mdns.response"], "txt", Family::Discovery, Fit::Whole),
    ("sip_header.user_agent", &["sip.request"], "user_agent", Family::Banner, Fit::Whole),
    ("sip_header.server", &["sip.response"], "server", Family::Banner, Fit::Whole),
    ("rtsp_header.server", &["rtsp.response"], "server", Family::Banner, Fit::Whole),
    ("smtp.banner", &["smtp.greeting"], "banner", Family::Banner, Fit::Whole),
    ("dhcp_vendor_class", DHCP_CLIENT, "vendor_class", Family::Dhcp, Fit::Whole),
    ("x509.subject", &["tls.certificate"], "", Family::Tls, Fit::Name("subject")),
    ("x509.issuer", &["tls.certificate"], "", Family::Tls, Fit::Name("issuer")),
];

/// Recog's names for kinds of device, and ours.
static DEVICES: &[(&str, &str)] = &[
    ("ADSL Modem", "router"),
    ("Access Control", "access_control"),
    ("Broadband Router", "router"),
    ("Broadband router", "router"),
    ("Building Automation", "building_controller"),
    ("Cable Modem", "router"),
    ("DSL Modem", "router"),
    ("DVR", "video_recorder"),
    ("Device Server", "serial_server"),
    ("Firewall", "firewall"),
    ("Game Console", "game_console"),
    ("Hypervisor", "hypervisor"),
    ("IP Camera", "ip_camera"),
    ("Light Bulb", "smart_light"),
    ("Lights Out Management", "management_controller"),
    ("Load Balancer", "load_balancer"),
    ("Load balancer", "load_balancer"),
    ("Laptop", "workstation"),
    ("Desktop", "workstation"),
    ("Media Player", "media_player"),
    ("Medical", "medical_device"),
    ("Mobile Phone", "mobile_device"),
    ("Multifunction Device", "printer"),
    ("NAS", "storage"),
    ("Network Scanner", "scanner"),
    ("PDU", "pdu"),
    ("PLC", "plc"),
    ("Power Meter", "power_meter"),
    ("Print Server", "printer"),
    ("Printer", "printer"),
    ("Router", "router"),
    ("Scanner", "scanner"),
    ("Smart TV", "media_player"),
    ("Storage", "storage"),
    ("Switch", "switch"),
    ("Tablet", "mobile_device"),
    ("Thin Client", "thin_client"),
    ("UPS", "ups"),
    ("Video Conferencing", "conference_system"),
    ("VoIP", "voip_phone"),
    ("WAP", "access_point"),
    ("Web Cam", "ip_camera"),
    ("Web cam", "ip_camera"),
    ("Wireless Controller", "wireless_controller"),
];

impl Knowledge {
    /// Takes up the fingerprints of recog files: pairs of a file's name and its XML.
    ///
    /// Nothing is compiled; [`FingerprintFile::check`] tries a file's own examples.
    pub fn add_recog<'f>(
        &mut self,
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<Recog, KnowledgeError> {
        let mut recog = Recog::default();
        for (name, text) in files {
            let file = FingerprintFile::read(name, text)?;
            recog.fingerprints = recog.fingerprints.saturating_add(file.fingerprints.len());
            let kind = if file.matches.is_empty() { &file.protocol } else { &file.matches };
            let Some(place) = PLACES.iter().find(|(known, ..)| known == kind) else {
                recog.without_field = recog.without_field.saturating_add(file.fingerprints.len());
                continue;
            };
            let group = self.rules.rules().iter().map(|rule| rule.group).max().unwrap_or(0).saturating_add(1);
            for (number, fingerprint) in file.fingerprints.iter().enumerate() {
                let Some(when) = conditions(fingerprint, place) else {
                    recog.unsupported.push(format!("{name}: {}", fingerprint.description.trim()));
                    continue;
                };
                let mut assert = self.claims_of(fingerprint, place.4);
                // A pattern that was cut may have lost the group that holds a value.
                assert.retain(|assertion| assertion.value.0.iter().all(|piece| is_held(piece, &when)));
                if assert.is_empty() {
                    recog.without_claim = recog.without_claim.saturating_add(1);
                }
                recog.rules = recog.rules.saturating_add(1);
                self.rules.push(Rule {
                    id: format!("recog.{}.{}", stem(name), number.saturating_add(1)).into(),
                    file: name.to_owned(),
                    family: place.3,
                    source: format!("recog {}: {}", stem(name), fingerprint.description.trim()).into(),
                    assert,
                    on: place.1.iter().filter_map(|on| on.split_once('.')).map(owned).collect(),
                    // A group needs rules of one condition: see the index.
                    group: if when.len() == 1 { group } else { 0 },
                    when,
                    unless: Vec::new(),
                    setting: Setting::Any,
                    positive: Vec::new(),
                    negative: Vec::new(),
                });
            }
        }
        Ok(recog)
    }

    fn claims_of(&self, fingerprint: &Fingerprint, fit: Fit) -> Vec<Assertion> {
        let find = |name: &str| fingerprint.params.iter().find(|param| param.name == name);
        let piece = |param: &Param| -> Vec<Piece> {
            let piece = |part| match (part, fit) {
                (Part::Plain(text), _) => Piece::Plain(str::to_owned(text)),
                (Part::Group(group), Fit::Whole | Fit::Lines | Fit::Identification) => Piece::Group(group.to_string()),
                (Part::Group(group), Fit::Realm | Fit::CookieName | Fit::Name(_)) => Piece::Group(format!("g{group}")),
            };
            fingerprint.pieces(param).into_iter().map(piece).collect()
        };
        let certainty = |of: &str| {
            let given = find(&format!("{of}.certainty")).and_then(|param| param.value.parse::<f32>().ok());
            (given.unwrap_or(CERTAINTY_USUAL) / CERTAINTY_USUAL).clamp(0.0, 1.0)
        };
        let (hardware, system, service) = (certainty("hw"), certainty("os"), certainty("service"));
        let mut claims = Vec::new();
        let mut claim = |attribute: &str, value: Option<Vec<Piece>>, db: f32| {
            let place = self.attributes.place(attribute);
            if let (Some(place), Some(value), true) = (place, value, db > 0.0) {
                claims.push(Assertion { attribute: place, value: Template(value), db });
            }
        };
        let one = |name: &str| find(name).map(&piece).filter(|pieces| !pieces.is_empty());
        let maker = find("hw.vendor").map(|param| match param.group {
            0 => vec![Piece::Plain(self.vendor(&param.value).into_owned())],
            _ => piece(param),
        });
        claim(VENDOR, maker, MAKER_DB * hardware);
        claim("model", one("hw.model").or_else(|| one("hw.product")), MODEL_DB * hardware);
        claim("family", one("hw.family"), PRODUCT_FAMILY_DB * hardware);
        claim("serial", one("hw.serial_number"), SERIAL_DB * hardware);
        let device =
            find("hw.device").map(|param| (param, hardware)).or_else(|| find("os.device").map(|param| (param, system)));
        let category = device.and_then(|(param, certainty)| {
            let (_, id) = DEVICES.iter().find(|(name, _)| *name == param.value)?;
            self.categories.get(id).map(|category| (category.id.clone(), certainty))
        });
        if let Some((id, certainty)) = category {
            claim(CATEGORY, Some(vec![Piece::Plain(id)]), CATEGORY_DB * certainty);
        }
        claim("os", named(find("os.vendor"), find("os.product"), &piece), SYSTEM_DB * system);
        let mut product = named(find("service.vendor"), find("service.product"), &piece);
        if let (Some(product), Some(version)) = (&mut product, find("service.version")) {
            product.push(Piece::Plain(" ".to_owned()));
            product.extend(piece(version));
        }
        claim("component", product, COMPONENT_DB * service);
        claim("hostname", one("host.name"), NAME_DB);
        claims
    }
}

/// Maker and product, unless the product begins with the maker; `Microsoft` and `Linux` go without saying.
fn named(maker: Option<&Param>, product: Option<&Param>, piece: &impl Fn(&Param) -> Vec<Piece>) -> Option<Vec<Piece>> {
    let product = product?;
    let maker = maker.filter(|maker| {
        maker.group == 0
            && !matches!(maker.value.as_str(), "Microsoft" | "Linux" | "")
            && !product.value.starts_with(maker.value.as_str())
    });
    let maker = maker.map(|maker| Piece::Plain(format!("{} ", maker.value)));
    Some(maker.into_iter().chain(piece(product)).collect())
}

fn conditions(fingerprint: &Fingerprint, (_, _, field, _, fit): &Place) -> Option<Vec<Condition>> {
    let pattern = &fingerprint.pattern;
    let pairs: Vec<(String, String)> = match fit {
        Fit::Whole | Fit::Lines => vec![((*field).to_owned(), pattern.clone())],
        Fit::Identification => vec![((*field).to_owned(), translate::identification(pattern))],
        Fit::Realm => vec![((*field).to_owned(), translate::realm(pattern)?)],
        Fit::CookieName => vec![((*field).to_owned(), translate::cookie_name(pattern)?)],
        Fit::Name(of) => {
            let parts = translate::distinguished_name(pattern)?;
            // Of the issuer only name and organisation are handed out.
            let told = parts.into_iter().filter(|(part, _)| *of == "subject" || matches!(*part, "cn" | "o"));
            told.map(|(part, pattern)| (format!("{of}_{part}"), pattern)).collect()
        }
    };
    let condition = |(field, pattern): (String, String)| Condition {
        field,
        test: Test::Regex(std::sync::Arc::new(Pattern::new(pattern))),
        joined: *fit == Fit::Lines,
        at_least: 1,
    };
    (!pairs.is_empty()).then(|| pairs.into_iter().map(condition).collect())
}

fn is_held(piece: &Piece, when: &[Condition]) -> bool {
    let Piece::Group(name) = piece else { return true };
    let named = format!("(?P<{name}>");
    let holds =
        |condition: &Condition| matches!(&condition.test, Test::Regex(pattern) if pattern.as_str().contains(&named));
    !name.starts_with('g') || when.iter().any(holds)
}

fn owned((protocol, kind): (&str, &str)) -> (String, String) {
    (protocol.to_owned(), kind.to_owned())
}

/// A file's name without folders and ending.
fn stem(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.strip_suffix(".xml").unwrap_or(name)
}
