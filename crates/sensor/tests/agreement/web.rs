//! HTTP, TLS, SSH, FTP, Telnet: fields that Wireshark has in another form.

use crate::normal::{normal, normal_of_wireshark};
use crate::ours::{KIND, OPERATION};
use crate::pairings::Pairing;
use crate::readers::{Read, each, header, named, number, together, words};

pub fn all() -> Vec<Pairing> {
    [http(), quic(), tls(), ssh(), ftp(), telnet()].into_iter().flatten().collect()
}

/// Schemes that are told by name (IANA's registry); what a header holds instead of one may be the secret itself.
const SCHEMES: &[&str] = &["Basic", "Bearer", "Digest", "NTLM", "Negotiate", "Kerberos", "OAuth"];

fn http() -> Vec<Pairing> {
    let scheme = || {
        each(|value| {
            let first = value.split([' ', ',']).next().unwrap_or_default();
            let known = SCHEMES.iter().find(|known| known.eq_ignore_ascii_case(first));
            Some((*known.unwrap_or(&"other")).to_owned())
        })
    };
    let realm = each(|value| {
        let (_, after) = value.split_once("realm=")?;
        let after = after.trim_start_matches(['\\', '"']);
        Some(normal_of_wireshark(after.split(['\\', '"']).next().unwrap_or_default()))
    });
    let cookie = each(|value| value.split_once('=').map(|(name, _)| name.trim().to_owned()));
    let media_type =
        each(|value| value.split([';', ',']).next().map(|kind| normal_of_wireshark(&kind.trim().to_ascii_lowercase())));
    let title = each(|page| {
        let lower = page.to_ascii_lowercase();
        let start = lower.find("<title")? + lower[lower.find("<title")?..].find('>')? + 1;
        let end = start + lower[start..].find("</title")?;
        page.get(start..end).map(normal_of_wireshark)
    });
    let mut pairings = vec![
        Pairing::new("http", "authorization_scheme", "http.authorization http.proxy_authorization").reading(scheme()),
        Pairing::new("http", "authenticate_scheme", "http.www_authenticate http.proxy_authenticate").reading(scheme()),
        Pairing::new("http", "realm", "http.www_authenticate http.proxy_authenticate").reading(realm),
        Pairing::new("http", "content_type", "http.content_type").reading(media_type),
        Pairing::new("http", "soap_action", "http.request.line").reading(header("SOAPAction")).part(),
        Pairing::new("http", "powered_by", "http.response.line").reading(header("X-Powered-By")),
        Pairing::new("http", "cookie_name", "http.set_cookie").reading(cookie),
        Pairing::new("http", "title", "http.file_data").reading(title).part(),
        Pairing::new("http", OPERATION, "http.request.method"),
    ];
    for field in [
        "device_type",
        "friendly_name",
        "manufacturer",
        "model_name",
        "model_number",
        "model_description",
        "serial_number",
        "udn",
    ] {
        pairings.push(Pairing::new("http", field, "xml.cdata").reading(words()).part());
    }
    pairings
}

const QUIC_VERSIONS: &[(u64, &str)] = &[
    (1, "1"),
    (0x6b33_43cf, "2"),
    (0xff00_0017, "draft-23"),
    (0xff00_0018, "draft-24"),
    (0xff00_001b, "draft-27"),
    (0xff00_001c, "draft-28"),
    (0xff00_001d, "draft-29"),
    (0xface_b001, "mvfst-22"),
    (0xface_b002, "mvfst-27"),
    (0xface_b00e, "mvfst-experimental"),
    (0x5130_3433, "Q043"),
    (0x5130_3436, "Q046"),
    (0x5130_3530, "Q050"),
    (0x5430_3530, "T050"),
    (0x5430_3531, "T051"),
];

fn quic() -> Vec<Pairing> {
    let named = || {
        each(|value| {
            let number = number(value)?;
            let known = QUIC_VERSIONS.iter().find(|(of, _)| *of == number).map(|(_, name)| *name);
            known.or((number & 0x0f0f_0f0f == 0x0a0a_0a0a).then_some("reserved")).map(str::to_owned)
        })
    };
    vec![
        // Once for each side; Wireshark has it with every packet.
        Pairing::new("quic", "version", "quic.version").reading(named()).part(),
        Pairing::new("quic", "supported_version", "quic.supported_version").reading(named()),
    ]
}

const TLS_VERSIONS: &[(u64, &str)] = &[
    (0x0002, "SSL 2.0"),
    (0x0300, "SSL 3.0"),
    (0x0301, "TLS 1.0"),
    (0x0302, "TLS 1.1"),
    (0x0303, "TLS 1.2"),
    (0x0304, "TLS 1.3"),
];

/// Object identifiers of signatures and keys (RFC 3279, RFC 4055, RFC 5758, RFC 8410).
const ALGORITHMS: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.4", "md5WithRSAEncryption"),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption"),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption"),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption"),
    ("1.2.840.10045.2.1", "EC"),
    ("1.2.840.10045.4.3.2", "ecdsaWithSHA256"),
    ("1.2.840.10045.4.3.3", "ecdsaWithSHA384"),
];

fn tls() -> Vec<Pairing> {
    // Of a chain the first certificate is told; Wireshark's columns run over all of them, subjects and issuers alike.
    let certificate = |field, theirs| Pairing::new("tls", field, theirs).part();
    let algorithm = || each(|oid| ALGORITHMS.iter().find(|(of, _)| *of == oid).map(|(_, name)| (*name).to_owned()));
    // `2019-01-01 00:00:00 (UTC)`, `19-01-01 00:00:00 (UTC)`
    let time = || {
        each(|value| {
            let (day, time) = value.strip_suffix(" (UTC)").unwrap_or(value).split_once(' ')?;
            let century = match day.find('-') {
                Some(2) if day.get(..2)? < "50" => "20",
                Some(2) => "19",
                _ => "",
            };
            Some(format!("{century}{day}T{}Z", time.split('.').next().unwrap_or_default()))
        })
    };
    let names = "x509sat.uTF8String x509sat.printableString x509sat.teletexString x509sat.bmpString x509sat.CountryName \
                 pkcs9.IA5String x509sat.universalString";
    let version: Read = Box::new(|columns| {
        // The highest version that is offered, else the one in the header of the greeting.
        let offered = columns[1].iter().filter_map(|value| number(value));
        let offered = offered.filter(|number| TLS_VERSIONS.iter().any(|(known, _)| known == number)).max();
        let named = |number: u64| TLS_VERSIONS.iter().find(|(of, _)| *of == number).map(|(_, name)| (*name).to_owned());
        let plain = columns[0].iter().filter_map(|value| number(value)).filter_map(named);
        offered.and_then(named).into_iter().chain(plain).collect()
    });
    let cipher: Read = each(|value| number(value).map(|number| format!("{number:04x}")));
    vec![
        Pairing::new("tls", KIND, "tls.handshake.type")
            .reading(named(&[(1, "client_hello"), (2, "server_hello"), (11, "certificate")]))
            .only_kinds_of(&[(1, "client_hello"), (2, "server_hello")])
            .part(),
        Pairing::new("tls", "version", "tls.handshake.version tls.handshake.extensions.supported_version")
            .reading(version)
            .part(),
        Pairing::new("tls", "cipher", "tls.handshake.ciphersuite").reading(cipher).part(),
        Pairing::new("tls", "alpn", "tls.handshake.extensions_alpn_str"),
        certificate("subject_cn", names),
        certificate("subject_o", names),
        certificate("subject_ou", names),
        certificate("subject_c", names),
        certificate("issuer_cn", names),
        certificate("issuer_o", names),
        certificate("san", "x509ce.dNSName x509ce.IPAddress.ipv4 x509ce.IPAddress.ipv6"),
        // A zero in front keeps the number positive (X.690 section 8.3).
        certificate("serial", "x509af.serialNumber").reading(each(|bytes| {
            let bytes = normal_of_wireshark(bytes);
            Some(bytes.strip_prefix("00").filter(|rest| !rest.is_empty()).map_or(bytes.clone(), str::to_owned))
        })),
        certificate("not_before", "x509af.utcTime x509af.generalizedTime").reading(time()),
        certificate("not_after", "x509af.utcTime x509af.generalizedTime").reading(time()),
        certificate("signature_algorithm", "x509af.algorithm.id").reading(algorithm()),
        certificate("key_algorithm", "x509af.algorithm.id").reading(algorithm()),
    ]
}

fn ssh() -> Vec<Pairing> {
    // `SSH-2.0-OpenSSH_8.4p1 Debian-5`
    let part = |index: usize| {
        each(move |banner| {
            let part = banner.splitn(3, '-').nth(index)?;
            Some(normal_of_wireshark(part.split_whitespace().next().unwrap_or_default()))
        })
    };
    vec![
        Pairing::new("ssh", "protocol_version", "ssh.protocol").reading(part(1)),
        Pairing::new("ssh", "software", "ssh.protocol").reading(part(2)),
    ]
}

fn ftp() -> Vec<Pairing> {
    // Wireshark reads the code of an answer's first line; those behind it are plain text.
    let after = |code: &'static str| -> Read {
        Box::new(move |columns| {
            if !columns[0].is_empty() && !columns[0].contains(&code) {
                return Vec::new();
            }
            let without_code = |line: &&str| {
                let line = line.trim_end_matches("\\n").trim_end_matches("\\r");
                let line = line.strip_prefix(code).map_or(line, |rest| rest.trim_start_matches(['-', ' ']));
                normal_of_wireshark(line)
            };
            let lines: Vec<Vec<&str>> = vec![columns[1].clone()];
            together()(&lines).into_iter().chain(columns[1..].iter().flatten().map(without_code)).collect()
        })
    };
    vec![
        Pairing::new("ftp", "banner", "ftp.response.code ftp.response.arg text").reading(after("220")).part(),
        Pairing::new("ftp", "system", "ftp.response.code ftp.response.arg text").reading(after("215")).part(),
        // Of an answer of several lines the code is told once, with the last.
        Pairing::new("ftp", "status", "ftp.response.code").part(),
        Pairing::new("ftp", OPERATION, "ftp.request.command").part(),
    ]
}

const TELNET_COMMANDS: &[(u64, &str)] = &[(251, "will"), (252, "wont"), (253, "do"), (254, "dont")];
const TELNET_OPTIONS: &[(u64, &str)] = &[
    (0, "binary"),
    (1, "echo"),
    (3, "suppress_go_ahead"),
    (5, "status"),
    (6, "timing_mark"),
    (24, "terminal_type"),
    (31, "window_size"),
    (32, "terminal_speed"),
    (33, "remote_flow_control"),
    (34, "linemode"),
    (35, "x_display"),
    (36, "environment"),
    (37, "authentication"),
    (38, "encrypt"),
    (39, "new_environment"),
];

fn telnet() -> Vec<Pairing> {
    let options: Read = Box::new(|columns| {
        // A suboption's negotiation has its option among the others, and a command (250, 240) before and behind.
        let commands = columns[0].iter().filter_map(|value| number(value)).filter(|command| *command != 240);
        let options = columns[1].iter().filter_map(|value| number(value));
        let named = |(command, option): (u64, u64)| {
            let command = TELNET_COMMANDS.iter().find(|(of, _)| *of == command)?.1;
            let option = TELNET_OPTIONS.iter().find(|(of, _)| *of == option)?.1;
            Some(format!("{command} {option}"))
        };
        commands.zip(options).filter_map(named).collect()
    });
    let lines = each(|line| {
        let clean = line.trim_end_matches("\\r\\n").trim_end_matches("\\n").trim_end_matches("\\r");
        Some(normal(&normal_of_wireshark(clean)))
    });
    vec![
        Pairing::new("telnet", "option", "telnet.cmd telnet.subcmd").reading(options).part(),
        Pairing::new("telnet", "line", "telnet.data").reading(lines).part(),
    ]
}
