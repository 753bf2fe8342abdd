//! Parts of devices, and under which names catalogues know them.

use model::outside::Component;

use super::super::makers::Makers;
use super::super::predicate::{plain, words};
use super::super::written::Purl;
use super::cpe::{Attribute, Cpe, OTHERS};

/// Names that mean one product in different catalogues.
const SAME: [(&str, &str); 2] = [("linux", "linuxkernel"), ("log4j", "log4j2")];
/// Kinds of package URLs that distributions make: they mend older versions without a new number.
const DISTRIBUTIONS: [&str; 6] = ["pkg:deb/", "pkg:rpm/", "pkg:apk/", "pkg:alpm/", "pkg:ebuild/", "pkg:opkg/"];
/// Identities of a part that are looked at.
const IDENTITIES_MAX: usize = 8;

/// A part of a device: its operating system, a library, a program.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// Who makes it.
    pub vendor: Option<String>,
    /// What it is called.
    pub name: String,
    /// In which version.
    pub version: Option<String>,
    /// Its names of the Common Platform Enumeration, if somebody gave it some.
    pub cpes: Vec<String>,
    /// Its package URL, if somebody gave it one.
    pub purl: Option<String>,
    /// How it is known.
    pub known_by: KnownBy,
}

/// How a part is known: the later, the surer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KnownBy {
    /// From what the device sends: a banner, a fingerprint.
    #[default]
    Wire,
    /// The maker says so of the model.
    Disclosure,
    /// It stands in the bill of materials.
    Bill,
}

impl Part {
    /// A component of a bill of materials.
    pub fn of_bill(component: &Component) -> Self {
        Self {
            vendor: component.supplier.clone(),
            name: component.name.clone(),
            version: component.version.clone(),
            cpes: component.cpes.clone(),
            purl: component.purl.clone(),
            known_by: KnownBy::Bill,
        }
    }

    /// An operating system as people and banners write it: `Windows 7 SP1`, `Windows Server 2008 R2`, `Linux 4.15`, `VxWorks 6.9`.
    pub fn system(text: &str, known_by: KnownBy) -> Self {
        let own: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let all: Vec<&str> =
            own.iter().map(String::as_str).filter(|word| !["Microsoft", "version", "Version"].contains(word)).collect();
        let is_windows = all.first().is_some_and(|first| first.eq_ignore_ascii_case("windows"));
        let name_words = match all.get(1) {
            Some(second) if is_windows && second.eq_ignore_ascii_case("server") => {
                if all.get(3).is_some_and(|word| word.eq_ignore_ascii_case("r2")) { 4 } else { 3 }
            }
            Some(_) if is_windows => 2,
            // What begins with a digit is the version.
            _ => all
                .iter()
                .position(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))
                .unwrap_or(all.len()),
        };
        let version = all.iter().skip(name_words).find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
        let update = all.iter().map(|word| word.to_lowercase()).find(|word| {
            is_windows
                && word.strip_prefix("sp").is_some_and(|number| number.len() == 1 && number.parse::<u8>().is_ok())
        });
        let named: Vec<&str> = all.iter().take(name_words).copied().collect();
        let name = named.join(" ");
        // The catalogue writes `windows_server_2008:r2` and `windows_7:-:sp1`.
        let mut cpes = Vec::new();
        if is_windows {
            let is_second = name.to_lowercase().ends_with(" r2");
            let product = name.to_lowercase().trim_end_matches(" r2").replace(' ', "_");
            let version = version.map_or(if is_second { "r2" } else { "-" }, |version| version);
            cpes.push(format!(
                "cpe:2.3:o:microsoft:{product}:{version}:{}:*:*:*:*:*:*",
                update.as_deref().unwrap_or("*")
            ));
            // Or `windows_10_1809`, with a build for its version, which nobody told.
            if !["r2", "-"].contains(&version) && !version.contains('.') {
                cpes.push(format!("cpe:2.3:o:microsoft:{product}_{}:*:*:*:*:*:*:*:*", version.to_lowercase()));
            }
        }
        Self {
            vendor: is_windows.then(|| "Microsoft".to_owned()),
            version: version.map(|version| (*version).to_owned()),
            name,
            cpes,
            purl: None,
            known_by,
        }
    }

    /// Under which names catalogues may know it.
    pub(super) fn identities(&self, makers: &Makers) -> Vec<Identity> {
        let is_packaged = is_packaged(self);
        let purl = self.purl.as_deref().and_then(Purl::read);
        let version = self.version.clone().or_else(|| purl.as_ref()?.version.clone());
        let named = |cpe: &Cpe| {
            let text = |attribute: &Attribute| match attribute {
                Attribute::Text(text) => Some(text.clone()),
                Attribute::Any | Attribute::NotApplicable => None,
            };
            let vendor = text(&cpe.vendor).map(|vendor| vendor.replace('_', " "));
            // The build of a Windows is not the number that stands in its name.
            let is_windows = cpe.kind == 'o' && vendor.as_deref() == Some("microsoft");
            let is_known = cpe.version != Attribute::Any || is_windows;
            let own = || version.clone().map_or(Attribute::Any, Attribute::Text);
            Some(Identity {
                kind: Some(cpe.kind),
                makers: vendor.iter().flat_map(|vendor| makers.names_of(vendor)).collect(),
                vendor,
                keys: keys(None, &text(&cpe.product)?),
                version: if is_known { cpe.version.clone() } else { own() },
                others: cpe.others.clone(),
                is_packaged,
                is_of_registry: false,
            })
        };
        let mut all: Vec<Identity> =
            self.cpes.iter().take(IDENTITIES_MAX).filter_map(|cpe| named(&Cpe::read(cpe)?)).collect();
        if all.is_empty() {
            let name = purl.as_ref().map_or(self.name.as_str(), |purl| purl.name.as_str());
            let is_of_registry =
                self.purl.as_ref().is_some_and(|purl| !purl.starts_with("pkg:generic/")) && !is_of_distribution(self);
            // Whoever supplies a package is not who makes the product.
            let vendor = self.vendor.clone().filter(|_| !is_of_registry && !is_of_distribution(self));
            all.push(Identity {
                kind: None,
                makers: vendor.iter().flat_map(|vendor| makers.names_of(vendor)).collect(),
                vendor,
                keys: keys(self.vendor.as_deref(), name),
                version: version.map_or(Attribute::Any, Attribute::Text),
                others: std::array::from_fn(|_| Attribute::Any),
                is_packaged,
                is_of_registry,
            });
        }
        all.retain(|identity| !identity.keys.is_empty());
        all
    }

    /// Whether it is an operating system, as far as its names say.
    pub(in crate::advisories) fn is_system(&self) -> bool {
        let named = |cpe: &String| Cpe::read(cpe).is_some_and(|cpe| cpe.kind == 'o');
        let first = words(&self.name).into_iter().next().unwrap_or_default();
        self.cpes.iter().any(named) || ["windows", "linux", "vxworks", "qnx", "android"].contains(&first.as_str())
    }
}

/// Whether somebody else than its makers built it. A kernel that a device tells of is hardly ever as it was published.
pub(super) fn is_packaged(part: &Part) -> bool {
    let is_kernel = part.known_by != KnownBy::Bill && plain(&part.name).starts_with("linux");
    is_kernel || is_of_distribution(part)
}

fn is_of_distribution(part: &Part) -> bool {
    part.purl.as_ref().is_some_and(|purl| DISTRIBUTIONS.iter().any(|kind| purl.starts_with(kind)))
}

/// One name under which a catalogue may know a part.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub kind: Option<char>,
    pub vendor: Option<String>,
    pub makers: Vec<String>,
    pub keys: Vec<String>,
    pub version: Attribute,
    pub others: [Attribute; OTHERS],
    /// Whether a distribution built it, which mends older versions without a new number.
    pub is_packaged: bool,
    /// Whether it is a package of a registry, where others take the names of products for what speaks to them.
    pub is_of_registry: bool,
}

/// What a product is looked up by: its name's letters and digits, with and without its vendor's name before it.
pub(super) fn keys(vendor: Option<&str>, product: &str) -> Vec<String> {
    let all: Vec<String> = words(product).into_iter().filter(|word| word != "version").collect();
    let mut keys = vec![all.concat()];
    let first = vendor.and_then(|vendor| words(vendor).into_iter().next());
    if let Some((_, rest)) = all.split_first().filter(|(word, rest)| first.as_ref() == Some(*word) && !rest.is_empty())
    {
        keys.push(rest.concat());
    }
    for (one, two) in SAME {
        if keys.iter().any(|key| key == one) {
            keys.push(two.to_owned());
        } else if keys.iter().any(|key| key == two) {
            keys.push(one.to_owned());
        }
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// Whether two names mean one vendor: the same house, or one name that the other only says more words of. `None` where one is not
/// known, unless the product is called as its vendor is.
pub(super) fn is_vendor(identity: &Identity, vendor: &str, houses: &[String]) -> Option<bool> {
    let Some(own) = &identity.vendor else {
        // `redis` of a registry is what speaks to Redis, and not Redis itself.
        return (!identity.is_of_registry && identity.keys.contains(&plain(vendor))).then_some(true);
    };
    let (one, two) = (words(own), words(vendor));
    let (short, long) = if one.len() <= two.len() { (&one, &two) } else { (&two, &one) };
    let is_begun = !short.is_empty() && long.starts_with(short);
    let is_house = identity.makers.iter().any(|maker| houses.contains(maker));
    Some(is_begun || is_house || one.concat() == two.concat())
}
