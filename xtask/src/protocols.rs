//! `docs/protocols.md`: every protocol with all that its decoder can say, written from the decoders themselves.

use std::fmt::Write;

use model::field::Privacy;
use wire::protocols::{ALL, Carrier};

use crate::{Done, root};

/// Writes the page.
pub fn write() -> Done {
    let path = root().join("docs/protocols.md");
    std::fs::write(&path, page()).map_err(|error| format!("{}: {error}", path.display()))
}

fn page() -> String {
    let mut page = String::from(
        "# Protocols\n\n\
         Written by `cargo xtask protocols` from the decoders' own lists; do not edit.\n\n\
         A decoder can say nothing but the fields listed here: there is no field that could hold patient data, a user name\n\
         or a secret. `site` fields describe the hospital (host names, AE titles) and stay on site. Ports are hints; the\n\
         payload decides.\n",
    );
    let mut all: Vec<_> = ALL.to_vec();
    all.sort_by_key(|decoder| decoder.name());
    for decoder in all {
        let carriers: Vec<String> = decoder.carriers().iter().map(carrier).collect();
        let _ = write!(page, "\n## {}\n\n{}\n", decoder.name(), carriers.join("; "));
        page.push_str("\n| field | privacy | in Wireshark |\n| --- | --- | --- |\n");
        for field in decoder.fields() {
            let privacy = match field.privacy {
                Privacy::Device => "device",
                Privacy::Site => "site",
            };
            let wireshark = field.wireshark.map(|names| format!("`{}`", names.replace(' ', "` `"))).unwrap_or_default();
            let _ = writeln!(page, "| `{}` | {privacy} | {wireshark} |", field.name);
        }
    }
    page
}

fn carrier(carrier: &Carrier) -> String {
    let ports = |ports: &[u16]| ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    match carrier {
        Carrier::EtherType(number) => format!("EtherType 0x{number:04x}"),
        Carrier::Snap(organisation, protocol) => {
            let [a, b, c] = organisation;
            format!("SNAP {a:02x}:{b:02x}:{c:02x} 0x{protocol:04x}")
        }
        Carrier::Body(kind) => format!("HTTP bodies of type {kind}"),
        Carrier::Llc(number) => format!("LLC 0x{number:02x}"),
        Carrier::IpProtocol(number) => format!("IP protocol {number}"),
        Carrier::Datagram([]) => "UDP".to_owned(),
        Carrier::Datagram(hints) => format!("UDP (usually {})", ports(hints)),
        Carrier::Stream([]) => "TCP".to_owned(),
        Carrier::Stream(hints) => format!("TCP (usually {})", ports(hints)),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_is_as_the_decoders_say() {
        let written = std::fs::read_to_string(crate::root().join("docs/protocols.md")).unwrap_or_default();
        assert!(written == super::page(), "docs/protocols.md is out of date: run cargo xtask protocols");
    }
}
