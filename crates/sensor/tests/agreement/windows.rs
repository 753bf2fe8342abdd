//! SMB, RDP: fields that Wireshark has in another form.

use crate::normal::{normal, normal_of_wireshark};
use crate::pairings::Pairing;
use crate::readers::{bits, each, joined, named, number};

const SMB2_DIALECTS: &[(u64, &str)] =
    &[(0x0202, "2.0.2"), (0x0210, "2.1"), (0x0300, "3.0"), (0x0302, "3.0.2"), (0x0311, "3.1.1"), (0x02ff, "2.???")];

const RDP_PROTOCOLS: &[(u64, &str)] = &[(1, "ssl"), (2, "hybrid"), (4, "rdstls"), (8, "hybrid_ex")];
const RDP_PROTOCOL: &[(u64, &str)] = &[(0, "rdp"), (1, "ssl"), (2, "hybrid"), (4, "rdstls"), (8, "hybrid_ex")];

pub fn all() -> Vec<Pairing> {
    let rdp_asked = |value: &str| number(value).filter(|bits| *bits == 0).map(|_| "rdp".to_owned());
    // Wireshark writes NULL for an empty name.
    let name = |field, theirs| {
        Pairing::new("smb", field, theirs).reading(each(|name| (name != "NULL").then(|| normal_of_wireshark(name))))
    };
    vec![
        Pairing::new("smb", "dialect", "smb.dialect.name smb2.dialect").reading(Box::new(|columns| {
            let names = columns[0].iter().map(|name| normal_of_wireshark(name));
            let numbers = columns[1].iter().filter_map(|value| number(value));
            let named = numbers
                .filter_map(|n| SMB2_DIALECTS.iter().find(|(of, _)| *of == n).map(|(_, name)| (*name).to_owned()));
            names.chain(named).collect()
        })),
        name("domain", "ntlmssp.auth.domain"),
        name("workstation", "ntlmssp.auth.hostname"),
        // Of a share, its name without the server's; shares called after anything but listed things are not told.
        Pairing::new("smb", "share", "smb.path smb2.tree")
            .reading(each(|path| path.rsplit('\\').next().map(normal_of_wireshark)))
            .part(),
        name("target_name", "ntlmssp.challenge.target_name"),
        // Domains are announced with numbers of the protocol's own in place of a server's.
        Pairing::new("smb", "server_type", "browser.server_type").part(),
        Pairing::new("smb", "server_name", "smb.server browser.server browser.mb_server").also(&["primary_domain"]),
        Pairing::new("smb", "primary_domain", "smb.primary_domain nbdgm.destination_name browser.server")
            .reading(each(|name| Some(netbios(name))))
            .part(),
        Pairing::new("smb", "signing_required", "smb2.sec_mode.sign_required smb.sm.sig_required").part(),
        Pairing::new("smb", "status", "smb.nt_status smb2.nt_status").part(),
        Pairing::new("smb", "response", "smb.flags.response smb2.flags.response").part(),
        Pairing::new("smb", "guest", "smb.setup.action.guest smb2.ses_flags.guest").part(),
        Pairing::new("smb", "called_name", "nbss.called_name nbdgm.destination_name").part().reading(each(|name| Some(netbios(name)))),
        Pairing::new("smb", "calling_name", "nbss.calling_name nbdgm.source_name").part().reading(each(|name| Some(netbios(name)))),
        Pairing::new(
            "smb",
            "os_version",
            "ntlmssp.version.major ntlmssp.version.minor ntlmssp.version.build_number browser.os_major browser.os_minor",
        )
        .reading(Box::new(|columns| {
            let mut versions = joined(".")(&columns[..3]);
            versions.extend(joined(".")(&columns[3..]));
            versions
        }))
        .part(),
        Pairing::new("rdp", "requested_protocols", "rdp.negReq.requestedProtocols")
            .reading(Box::new(move |columns| {
                let mut names: Vec<String> = columns.iter().flatten().filter_map(|value| rdp_asked(value)).collect();
                names.extend(bits(RDP_PROTOCOLS)(columns));
                names
            }))
            .listed(','),
        Pairing::new("rdp", "selected_protocol", "rdp.negReq.selectedProtocol").reading(named(RDP_PROTOCOL)),
        // Of the client alone; Wireshark takes the field's low half (MS-RDPBCGR §2.2.1.3.2) for the major number.
        Pairing::new("rdp", "version", "rdp.version.minor rdp.version.major rdp.client.build").reading(Box::new(
            |columns| {
                if columns[2].is_empty() { Vec::new() } else { joined(".")(&columns[..2]) }
            },
        )),
    ]
}

/// `WS-17<20> (Server service)` as `WS-17`. Wireshark writes unprintable characters as numbers: `*<00><00>`.
pub fn netbios(name: &str) -> String {
    let name = name.rsplit_once('<').map_or(name, |(name, _)| name).trim_end_matches("<00>");
    let mut clean = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('<') {
        clean.push_str(before);
        clean.push('\u{fffd}');
        rest = after.split_once('>').map_or(after, |(_, after)| after);
    }
    normal(&(clean + rest))
}
