//! What the names in Suricata's events mean in our messages.

use md5::{Digest, Md5};
use serde_json::Value;

/// Which side of a connection says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    Any,
    Client,
    Server,
}

/// The pseudo-fields of a message.
pub const KIND: &str = "(kind)";
pub const OPERATION: &str = "(operation)";
/// The pseudo-fields of a connection.
pub const APPLICATION: &str = "(application)";
pub const COMMUNITY_ID: &str = "(community_id)";
pub const PACKETS_SENT: &str = "(packets sent)";
pub const PACKETS_RECEIVED: &str = "(packets received)";
pub const BYTES_SENT: &str = "(bytes sent)";
pub const BYTES_RECEIVED: &str = "(bytes received)";

/// A value of theirs and where ours stands.
#[derive(Clone, Debug)]
pub struct Term {
    pub theirs: String,
    /// Kinds of message; empty for all.
    pub kinds: &'static [&'static str],
    pub from: From,
    pub field: &'static str,
    /// Our spelling to theirs.
    pub read: fn(&str) -> Vec<String>,
}

/// What a name means.
pub enum Meaning {
    /// It says which event is meant.
    Locates,
    Means(Vec<Term>),
    LeftOut(String),
}

const WITHHELD: &str = "names a person, a file, a share or a secret: withheld on purpose";
const UNTOLD: &str = "not among the fields that are told";
const NOTHING: &str = "says that there is none";

fn whole(value: &str) -> Vec<String> {
    vec![value.to_owned()]
}

fn listed(value: &str) -> Vec<String> {
    value.split(',').map(str::to_owned).collect()
}

/// The halves of `003.008`.
fn major(version: &str) -> Vec<String> {
    version.split('.').take(1).map(str::to_owned).collect()
}

fn minor(version: &str) -> Vec<String> {
    version.split('.').skip(1).map(str::to_owned).collect()
}

/// Security types of RFB (RFC 6143 section 7.2).
const SECURITY_TYPES: &[(&str, &str)] = &[("1", "none"), ("2", "vnc_authentication"), ("30", "apple")];

/// `2015-01-31T02:18:29` of `2015-01-31T02:18:29Z`.
fn time(value: &str) -> Vec<String> {
    vec![value.trim_end_matches('Z').to_owned()]
}

/// Decoders that are compared, by the beginning of the names.
pub static PROTOCOLS: &[&str] = &[
    "arp", "dhcp", "dns", "enip", "krb5", "ldap", "mdns", "mqtt", "quic", "rdp", "rfb", "sip", "smb", "smtp", "snmp",
    "ssh", "tls",
];

/// Our name of a protocol, where it is not theirs.
pub fn our_name(protocol: &str) -> &str {
    match protocol {
        "krb5" => "kerberos",
        "rfb" => "vnc",
        protocol => protocol,
    }
}

/// Names of parameters that a DHCP client asks for (RFC 2132).
const DHCP_OPTIONS: &[(&str, &str)] = &[
    ("subnet_mask", "1"),
    ("time_offset", "2"),
    ("router", "3"),
    ("dns_server", "6"),
    ("hostname", "12"),
    ("domain", "15"),
    ("broadcast_address", "28"),
    ("ntp_server", "42"),
];

/// Numbers of statuses ([MS-ERREF] section 2.3.1) that a session's setup ends with.
const STATUSES: &[(&str, u32)] = &[
    ("STATUS_SUCCESS", 0),
    ("STATUS_MORE_PROCESSING_REQUIRED", 0xc000_0016),
    ("STATUS_ACCESS_DENIED", 0xc000_0022),
    ("STATUS_LOGON_FAILURE", 0xc000_006d),
];

/// Kinds of Kerberos message.
const KERBEROS_KINDS: &[(&str, &str)] = &[
    ("KRB_AS_REQ", "as_request"),
    ("KRB_AS_REP", "as_reply"),
    ("KRB_TGS_REQ", "tgs_request"),
    ("KRB_TGS_REP", "tgs_reply"),
    ("KRB_ERROR", "error"),
];

/// Numbers of results (RFC 4511 section 4.1.9).
const LDAP_RESULTS: &[(&str, &str)] = &[
    ("success", "0"),
    ("operations_error", "1"),
    ("protocol_error", "2"),
    ("time_limit_exceeded", "3"),
    ("size_limit_exceeded", "4"),
    ("compare_false", "5"),
    ("compare_true", "6"),
    ("sasl_bind_in_progress", "14"),
    ("no_such_object", "32"),
    ("invalid_credentials", "49"),
    ("unavailable", "52"),
];

/// Our names of what SMB is asked to do, where they are not theirs.
const SMB_OPERATIONS: &[(&str, &str)] = &[
    ("negotiate_protocol", "negotiate"),
    ("session_setup_andx", "session_setup"),
    ("logoff_andx", "logoff"),
    ("tree_connect_andx", "tree_connect"),
    ("find", "query_directory"),
    ("get_info", "query_info"),
    ("break", "oplock_break"),
    ("trans", "transaction"),
    ("trans2", "transaction2"),
    ("nt_create_andx", "create"),
    ("read_andx", "read"),
    ("write_andx", "write"),
];

fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(of, _)| *of == name).map(|(_, value)| *value)
}

/// What a name with its value means; `setup` if the event is about the setup of an SMB session.
pub fn meaning(name: &str, value: &Value, setup: bool) -> Meaning {
    let plain: String = name
        .split('[')
        .enumerate()
        .map(|(index, part)| if index == 0 { part } else { part.split_once(']').map_or("", |p| p.1) })
        .collect();
    let values: Vec<String> = match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => vec![text(value)],
    };
    let told =
        |kinds: &'static [&'static str], from, field, read: fn(&str) -> Vec<String>, theirs: fn(&str) -> String| {
            let terms = values.iter().map(|value| Term { theirs: theirs(value), kinds, from, field, read });
            Meaning::Means(terms.collect())
        };
    let same = |kinds, field| told(kinds, From::Any, field, whole, str::to_owned);
    let left_out = |why: &str| Meaning::LeftOut(why.to_owned());
    if values.iter().all(|value| ["", "0.0.0.0", "00:00:00:00:00:00", "unknown"].contains(&value.as_str())) {
        return left_out(NOTHING);
    }
    match plain.as_str() {
        "pcap_cnt" | "src_ip" | "src_port" | "dest_ip" | "dest_port" | "proto" | "vlan" => Meaning::Locates,
        "community_id" => same(&[], COMMUNITY_ID),
        "app_proto" if !is_decoded(&values[0]) => left_out("the protocol of a flow: not one that is decoded"),
        "app_proto" => told(&[], From::Any, APPLICATION, whole, |name| our_name(name).to_owned()),
        "flow.pkts_toserver" => same(&[], PACKETS_SENT),
        "flow.pkts_toclient" => same(&[], PACKETS_RECEIVED),
        "flow.bytes_toserver" => same(&[], BYTES_SENT),
        "flow.bytes_toclient" => same(&[], BYTES_RECEIVED),

        "arp.opcode" => same(&[], KIND),
        "arp.src_mac" => same(&[], "sender_mac"),
        "arp.src_ip" => same(&[], "sender_ip"),
        "arp.dest_mac" => same(&[], "target_mac"),
        "arp.dest_ip" => same(&[], "target_ip"),

        "dhcp.dhcp_type" => same(&[], KIND),
        "dhcp.client_mac" => same(&[], "client_mac"),
        "dhcp.client_id" => same(&[], "client_identifier"),
        "dhcp.client_ip" => same(&[], "client_ip"),
        "dhcp.assigned_ip" => same(&[], "your_ip"),
        "dhcp.relay_ip" => same(&[], "relay_ip"),
        "dhcp.next_server_ip" => same(&[], "server_ip"),
        "dhcp.requested_ip" => same(&[], "requested_ip"),
        "dhcp.hostname" => same(&[], "hostname"),
        "dhcp.vendor_class_identifier" => same(&[], "vendor_class"),
        "dhcp.lease_time" => same(&[], "lease_seconds"),
        "dhcp.routers" => same(&[], "router"),
        "dhcp.dns_servers" => same(&[], "dns_server"),
        "dhcp.params" => {
            told(&[], From::Any, "parameter_list", listed, |name| named(DHCP_OPTIONS, name).unwrap_or(name).to_owned())
        }

        "dns.rrname" | "dns.queries.rrname" | "mdns.queries.rrname" => same(&[], "query_name"),

        "quic.ja3.hash" => same(&["client_hello"], "ja3"),
        "quic.ja4" => same(&["client_hello"], "ja4"),

        "snmp.version" => told(&[], From::Any, "version", whole, |version| version.replace('2', "2c")),
        "snmp.pdu_type" => told(&[], From::Any, KIND, whole, |kind| kind.trim_end_matches("_request").to_owned()),
        "snmp.vars" => same(&[], "oid"),

        "enip.request.command" => told(&["command"], From::Client, OPERATION, whole, str::to_owned),
        "enip.response.identity.revision" => same(&["identity"], "revision"),
        "enip.response.identity.product_name" => same(&["identity"], "product_name"),

        "rfb.server_protocol_version.major" => {
            told(&["version"], From::Server, "protocol_version", major, str::to_owned)
        }
        "rfb.server_protocol_version.minor" => {
            told(&["version"], From::Server, "protocol_version", minor, str::to_owned)
        }
        "rfb.client_protocol_version.major" => {
            told(&["version"], From::Client, "protocol_version", major, str::to_owned)
        }
        "rfb.client_protocol_version.minor" => {
            told(&["version"], From::Client, "protocol_version", minor, str::to_owned)
        }
        "rfb.authentication.security_type" => told(&[], From::Any, "security_type", whole, |number| {
            named(SECURITY_TYPES, number).map_or(number.to_owned(), str::to_owned)
        }),
        "rfb.authentication.security_result" => {
            told(&["result"], From::Server, "result", whole, |result| result.replace("OK", "0"))
        }

        "krb5.msg_type" => {
            told(&[], From::Any, KIND, whole, |kind| named(KERBEROS_KINDS, kind).unwrap_or(kind).to_owned())
        }
        "krb5.realm" => same(&[], "realm"),
        "krb5.sname" => told(&[], From::Any, "service", whole, |name| {
            name.split('/').next().unwrap_or_default().to_ascii_lowercase()
        }),
        "krb5.error_code" if values.iter().all(|code| code.parse::<u64>().is_ok()) => same(&["error"], "error_code"),

        "ldap.request.operation" => told(&[], From::Client, KIND, whole, ldap_operation),
        "ldap.responses.operation" if values[0] == "search_result_entry" => left_out(UNTOLD),
        "ldap.responses.operation" => told(&[], From::Server, KIND, whole, ldap_operation),
        "ldap.request.bind_request.version" => same(&["bind_request"], "version"),
        "ldap.request.extended_request.name" => same(&["extended_request"], "extended_operation"),
        name if name.starts_with("ldap.responses.") && name.ends_with(".result_code") => {
            told(&[], From::Server, "result_code", whole, |code| named(LDAP_RESULTS, code).unwrap_or(code).to_owned())
        }

        "mqtt.connect.protocol_version" => same(&["connect"], "protocol_level"),
        "mqtt.connack.return_code" => same(&["connack"], "return_code"),

        "sip.method" => same(&["request"], "method"),
        "sip.code" => same(&["response"], "status"),
        "sip.request_line" => {
            told(&["request"], From::Any, "method", whole, |line| line.split(' ').next().unwrap_or_default().to_owned())
        }
        "sip.response_line" => told(&["response"], From::Any, "status", whole, |line| {
            line.split(' ').nth(1).unwrap_or_default().to_owned()
        }),
        "sip.version" => left_out("the same in every message"),

        "smtp.helo" => same(&["command"], "client_name"),

        "smb.command" => told(&[], From::Any, OPERATION, whole, |command| {
            let name = command.split_once("_COMMAND_").map_or(command, |(_, name)| name).to_ascii_lowercase();
            named(SMB_OPERATIONS, &name).map_or(name.clone(), str::to_owned)
        }),
        "smb.dialect" => told(&["negotiate"], From::Server, "dialect", whole, dialect),
        "smb.client_dialects" => told(&["negotiate"], From::Client, "dialect", whole, dialect),
        "smb.server_guid" => same(&["negotiate"], "server_guid"),
        "smb.request.native_os" => told(&["session_setup"], From::Client, "native_os", whole, str::to_owned),
        "smb.request.native_lm" => told(&["session_setup"], From::Client, "native_lan_manager", whole, str::to_owned),
        "smb.response.native_os" => told(&["session_setup"], From::Server, "native_os", whole, str::to_owned),
        "smb.response.native_lm" => told(&["session_setup"], From::Server, "native_lan_manager", whole, str::to_owned),
        "smb.status" if setup => told(&["session_setup"], From::Server, "status", whole, |status| {
            named(STATUSES, status).map_or(status.to_owned(), |number| number.to_string())
        }),
        "smb.status_code" if setup => told(&["session_setup"], From::Server, "status", whole, |code| {
            let digits = code.trim_start_matches("0x");
            u32::from_str_radix(digits, 16).map_or(code.to_owned(), |number| number.to_string())
        }),
        "smb.ntlmssp.domain" => told(&["ntlmssp"], From::Client, "domain", whole, str::to_owned),
        "smb.ntlmssp.host" => told(&["ntlmssp"], From::Client, "workstation", whole, str::to_owned),
        "smb.ntlmssp.version" => told(&["ntlmssp"], From::Client, "os_version", whole, |version| {
            let numbers: Vec<&str> = version.split(' ').collect();
            numbers.get(2).map_or(version.to_owned(), |build| format!("{}.{build}", numbers[0]))
        }),

        "ssh.client.proto_version" => told(&["banner"], From::Client, "protocol_version", whole, str::to_owned),
        "ssh.server.proto_version" => told(&["banner"], From::Server, "protocol_version", whole, str::to_owned),
        "ssh.client.software_version" => told(&["banner"], From::Client, "software", whole, str::to_owned),
        "ssh.server.software_version" => told(&["banner"], From::Server, "software", whole, str::to_owned),
        "ssh.client.hassh.hash" => told(&["kexinit"], From::Client, "hassh", whole, str::to_owned),
        "ssh.server.hassh.hash" => told(&["kexinit"], From::Server, "hassh", whole, str::to_owned),

        "tls.sni" => same(&["client_hello"], "server_name"),
        "tls.version" | "tls.server_handshake.version" => {
            told(&["server_hello"], From::Any, "version", whole, tls_version)
        }
        "tls.client_handshake.version" => told(&["client_hello"], From::Any, "version", whole, tls_version),
        "tls.client_handshake.ciphers" => Meaning::Means(vec![Term {
            theirs: values.len().to_string(),
            kinds: &["client_hello"],
            from: From::Any,
            field: "cipher_count",
            read: whole,
        }]),
        "tls.server_handshake.cipher" => told(&["server_hello"], From::Any, "cipher", whole, |number| {
            number.parse::<u16>().map_or(number.to_owned(), |number| format!("{number:04x}"))
        }),
        "tls.ja3.hash" => same(&["client_hello"], "ja3"),
        "tls.ja3.string" => told(&["client_hello"], From::Any, "ja3", whole, md5),
        "tls.ja4" => same(&["client_hello"], "ja4"),
        "tls.client_alpns" => same(&["client_hello"], "alpn"),
        "tls.server_alpns" => same(&["server_hello"], "alpn"),
        "tls.subjectaltname" => told(&["certificate"], From::Server, "san", whole, str::to_owned),
        "tls.subject" => Meaning::Means(name_parts(&values[0], SUBJECT)),
        "tls.issuerdn" => Meaning::Means(name_parts(&values[0], ISSUER)),
        "tls.serial" => told(&["certificate"], From::Server, "serial", whole, serial),
        "tls.notbefore" => told(&["certificate"], From::Server, "not_before", time, str::to_owned),
        "tls.notafter" => told(&["certificate"], From::Server, "not_after", time, str::to_owned),
        "tls.client.serial" => told(&["certificate"], From::Client, "serial", whole, serial),
        "tls.client.notbefore" => told(&["certificate"], From::Client, "not_before", time, str::to_owned),
        "tls.client.notafter" => told(&["certificate"], From::Client, "not_after", time, str::to_owned),

        name if WITHHELD_NAMES.contains(&name) => left_out(WITHHELD),
        name if UNTOLD_NAMES.iter().any(|untold| name.starts_with(untold)) => left_out(UNTOLD),
        name if PROTOCOLS.iter().any(|protocol| name.starts_with(&format!("{protocol}."))) => {
            Meaning::LeftOut(format!("a name that has no meaning here yet: {name}"))
        }
        _ => left_out("of the event, not of a protocol"),
    }
}

/// What is withheld.
const WITHHELD_NAMES: &[&str] = &[
    "rfb.authentication.vnc.challenge",
    "rfb.authentication.vnc.response",
    "rfb.framebuffer.name",
    "rfb.server_security_failure_reason",
    "krb5.cname",
    "mqtt.connect.client_id",
    "mqtt.connect.username",
    "mqtt.connect.password",
    "mqtt.publish.message",
    "mqtt.publish.topic",
    "smtp.mail_from",
    "smtp.rcpt_to",
    "sip.uri",
    "smb.filename",
    "smb.fuid",
    "smb.named_pipe",
    "smb.ntlmssp.user",
    "smb.share",
    "snmp.community",
    "snmp.usm",
];
/// What is not told, by its beginning.
const UNTOLD_NAMES: &[&str] = &[
    "arp.hw_type",
    "arp.proto_type",
    "dhcp.id",
    "dhcp.rebinding_time",
    "dhcp.renewal_time",
    "dhcp.subnet_mask",
    "dhcp.type",
    "enip.response.status",
    "enip.response.identity.vendor_id",
    "krb5.",
    "ldap.",
    "mqtt.",
    "sip.reason",
    "sip.sdp",
    "smtp.",
    "mdns.type",
    "mdns.answers",
    "mdns.queries.rrtype",
    "rfb.framebuffer",
    "rfb.screen_shared",
    "quic.cyu",
    "quic.extensions",
    "quic.ja3s",
    "quic.ua",
    "smb.access",
    "smb.changed",
    "smb.created",
    "smb.dcerpc",
    "smb.disposition",
    "smb.id",
    "smb.modified",
    "smb.session_id",
    "smb.size",
    "smb.status",
    "smb.tree_id",
    "tls.certificate",
    "tls.chain",
    "tls.client_handshake",
    "tls.server_handshake",
    "tls.fingerprint",
    "tls.from_proto",
    "tls.ja3s",
    "tls.session_resumed",
];

/// Names of LDAP's operations that are not ours.
fn ldap_operation(theirs: &str) -> String {
    let names = [
        ("search_result_done", "search_done"),
        ("search_result_reference", "search_reference"),
        ("del_request", "delete_request"),
        ("del_response", "delete_response"),
        ("mod_dn_request", "modify_dn_request"),
        ("mod_dn_response", "modify_dn_response"),
    ];
    named(&names, theirs).unwrap_or(theirs).to_owned()
}

/// Whether the protocol of a flow is one that we decode.
fn is_decoded(application: &str) -> bool {
    wire::protocols::ALL.iter().any(|decoder| decoder.name() == our_name(application))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim_matches('\0').to_owned(),
        value => value.to_string(),
    }
}

/// `SMB2_COMMAND_…` tells dialects as two numbers, we as their names go.
fn dialect(theirs: &str) -> String {
    let names = [("2.02", "2.0.2"), ("2.10", "2.1"), ("3.00", "3.0"), ("3.02", "3.0.2"), ("3.11", "3.1.1")];
    named(&names, theirs).unwrap_or(theirs).to_owned()
}

/// A draft of TLS 1.3 is one for us; before 1.2 a name has no blank.
fn tls_version(theirs: &str) -> String {
    match theirs {
        "SSLv2" => "SSL 2.0".to_owned(),
        "SSLv3" => "SSL 3.0".to_owned(),
        "TLSv1" => "TLS 1.0".to_owned(),
        _ => theirs.split(" draft").next().unwrap_or(theirs).to_owned(),
    }
}

fn serial(theirs: &str) -> String {
    let digits = theirs.replace(':', "").to_ascii_lowercase();
    digits.strip_prefix("00").filter(|rest| !rest.is_empty()).unwrap_or(&digits).to_owned()
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Our fields of a name's parts.
const SUBJECT: &[(&str, &str)] = &[("CN", "subject_cn"), ("O", "subject_o"), ("OU", "subject_ou"), ("C", "subject_c")];
const ISSUER: &[(&str, &str)] = &[("CN", "issuer_cn"), ("O", "issuer_o")];

/// `C=FR, ST=IDF, L=Paris, O=Stamus, CN=SELKS`: the parts that we tell.
fn name_parts(name: &str, fields: &[(&str, &'static str)]) -> Vec<Term> {
    let parts = name.split(", ").filter_map(|part| part.split_once('='));
    let told = parts.filter_map(|(part, value)| Some((named(fields, part)?, value)));
    let term = |(field, value): (&'static str, &str)| Term {
        theirs: value.to_owned(),
        kinds: &["certificate"],
        from: From::Server,
        field,
        read: whole,
    };
    told.map(term).collect()
}
