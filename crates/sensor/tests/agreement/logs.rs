//! What the columns of Zeek's logs mean in our messages.

/// Which side of a connection says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    Any,
    Originator,
    Responder,
}

/// The pseudo-fields of a message.
pub const KIND: &str = "(kind)";
pub const OPERATION: &str = "(operation)";
pub const SENDER: &str = "(sender)";

/// A column of a log.
pub struct Column {
    pub name: &'static str,
    /// Kinds of message; empty for all.
    pub kinds: &'static [&'static str],
    pub from: From,
    pub fields: &'static [&'static str],
    /// Their spelling to ours; nothing where it says what we do not tell.
    pub theirs: fn(&str) -> Vec<String>,
    /// Our spelling to theirs.
    pub ours: fn(&str) -> Vec<String>,
    /// Our values are counted, as theirs is a count.
    pub is_count: bool,
    /// What other columns of the row must hold.
    pub when: &'static [(&'static str, &'static str)],
}

/// A log that is compared.
pub struct Kind {
    pub name: &'static str,
    pub protocols: &'static [&'static str],
    pub columns: Vec<Column>,
    /// Columns that are withheld on purpose: names of people and files, secrets.
    pub withheld: &'static [&'static str],
}

fn whole(value: &str) -> Vec<String> {
    vec![value.to_owned()]
}

fn listed(value: &str) -> Vec<String> {
    value.split(',').map(str::to_owned).collect()
}

fn lower(value: &str) -> Vec<String> {
    vec![value.to_ascii_lowercase()]
}

fn column(name: &'static str, fields: &'static [&'static str]) -> Column {
    Column { name, kinds: &[], from: From::Any, fields, theirs: whole, ours: whole, is_count: false, when: &[] }
}

impl Column {
    const fn of(mut self, kinds: &'static [&'static str]) -> Self {
        self.kinds = kinds;
        self
    }

    const fn from(mut self, from: From) -> Self {
        self.from = from;
        self
    }

    fn theirs(mut self, theirs: fn(&str) -> Vec<String>) -> Self {
        self.theirs = theirs;
        self
    }

    fn ours(mut self, ours: fn(&str) -> Vec<String>) -> Self {
        self.ours = ours;
        self
    }

    const fn when(mut self, when: &'static [(&'static str, &'static str)]) -> Self {
        self.when = when;
        self
    }

    const fn counted(mut self) -> Self {
        self.is_count = true;
        self
    }
}

fn named(table: &[(&str, &str)], name: &str) -> Vec<String> {
    table.iter().filter(|(of, _)| *of == name).map(|(_, ours)| (*ours).to_owned()).collect()
}

pub fn all() -> Vec<Kind> {
    let mut kinds = vec![dhcp(), dns(), snmp(), ntlm(), ssh(), ssl(), modbus(), rdp(), ntp(), ftp(), radius(), http()];
    kinds.extend([kerberos(), ldap(), quic(), sip()]);
    kinds.extend([bacnet(), bacnet_discovery(), bacnet_property()]);
    kinds.extend([s7comm(), s7comm_known_devices(), rfb()]);
    kinds.push(Kind { name: "modbus_detailed", ..modbus() });
    kinds.push(Kind { name: "ntp_control", ..ntp() });
    kinds.push(Kind { name: "ntp_private", ..ntp() });
    kinds
}

fn dhcp() -> Kind {
    let seconds = |value: &str| vec![value.split('.').next().unwrap_or(value).to_owned()];
    let columns = vec![
        column("msg_types", &[KIND]).theirs(|types| listed(&types.to_ascii_lowercase())),
        column("host_name", &["hostname"]),
        column("client_fqdn", &["fqdn"]),
        column("domain", &["domain"]),
        column("requested_addr", &["requested_ip"]),
        column("assigned_addr", &["your_ip"]),
        column("lease_time", &["lease_seconds"]).theirs(seconds),
        column("client_addr", &[SENDER, "client_ip", "your_ip"]),
        column("server_addr", &["server_identifier"]),
    ];
    Kind { name: "dhcp", protocols: &["dhcp"], columns, withheld: &["client_message", "server_message"] }
}

/// The type of a record that a log shows as no plain name or address stands before it, in capitals.
fn answers(list: &str) -> Vec<String> {
    let is_other = |answer: &&str| {
        let first = answer.split(' ').next().unwrap_or_default();
        let is_type = first.len() > 1
            && first.trim_end_matches(':').chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        answer.contains(' ') || is_type || answer.is_empty()
    };
    list.split(',').filter(|answer| !is_other(answer)).map(|name| name.trim_end_matches('.').to_owned()).collect()
}

fn dns() -> Kind {
    let columns = vec![
        // Zeek writes names in small letters, of an update that of a record.
        column("query", &["query_name", "answer_name"]).ours(lower),
        column("qtype", &["query_type"]),
        column("rcode", &["response_code"]),
        column("answers", &["answer_ip", "answer_name"]).theirs(answers),
    ];
    Kind { name: "dns", protocols: &["dns", "llmnr", "mdns"], columns, withheld: &[] }
}

fn snmp() -> Kind {
    let version = |value: &str| vec![value.replace('2', "2c")];
    let columns = vec![
        column("version", &["version"]).theirs(version),
        column("get_requests", &[KIND]).of(&["get", "get_next"]).counted(),
        column("get_bulk_requests", &[KIND]).of(&["get_bulk"]).counted(),
        column("get_responses", &[KIND]).of(&["response"]).counted(),
        column("set_requests", &[KIND]).of(&["set"]).counted(),
        column("display_string", &["sys_description"]),
    ];
    Kind { name: "snmp", protocols: &["snmp"], columns, withheld: &["community"] }
}

fn ntlm() -> Kind {
    let columns = vec![
        column("hostname", &["workstation"]),
        column("domainname", &["domain"]),
        column("server_nb_computer_name", &["nb_computer"]),
        column("server_dns_computer_name", &["dns_computer"]),
        column("server_tree_name", &["dns_tree"]),
    ];
    Kind { name: "ntlm", protocols: &["smb"], columns, withheld: &["username"] }
}

fn ssh() -> Kind {
    let columns = vec![
        column("client", &["banner"]).of(&["banner"]).from(From::Originator),
        column("server", &["banner"]).of(&["banner"]).from(From::Responder),
        column("cipher_alg", &["encryption_algorithms"]).ours(listed),
        column("mac_alg", &["mac_algorithms"]).ours(listed),
        column("compression_alg", &["compression_algorithms"]).ours(listed),
        column("kex_alg", &["kex_algorithms"]).ours(listed),
        column("host_key_alg", &["host_key_algorithms"]).ours(listed),
    ];
    Kind { name: "ssh", protocols: &["ssh"], columns, withheld: &[] }
}

/// Names in IANA's registry of cipher suites.
const SUITES: &[(&str, &str)] = &[
    ("TLS_RSA_WITH_NULL_SHA", "0002"),
    ("TLS_RSA_WITH_RC4_128_MD5", "0004"),
    ("TLS_RSA_WITH_RC4_128_SHA", "0005"),
    ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "000a"),
    ("TLS_RSA_WITH_AES_128_CBC_SHA", "002f"),
    ("TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "0033"),
    ("TLS_RSA_WITH_AES_256_CBC_SHA", "0035"),
    ("TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "0039"),
    ("TLS_RSA_WITH_AES_128_GCM_SHA256", "009c"),
    ("TLS_AES_128_GCM_SHA256", "1301"),
    ("TLS_AES_256_GCM_SHA384", "1302"),
    ("TLS_CHACHA20_POLY1305_SHA256", "1303"),
    ("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "c013"),
    ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "c014"),
    ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "c02b"),
    ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "c02f"),
    ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "c030"),
];
const TLS_VERSIONS: &[(&str, &str)] = &[
    ("SSLv2", "SSL 2.0"),
    ("SSLv3", "SSL 3.0"),
    ("TLSv10", "TLS 1.0"),
    ("TLSv11", "TLS 1.1"),
    ("TLSv12", "TLS 1.2"),
    ("TLSv13", "TLS 1.3"),
];

/// The value of one part of a name such as `CN=host,O=Grid`.
fn name_part(name: &str, wanted: &str) -> Vec<String> {
    let parts = name.split(',').filter_map(|part| part.split_once('='));
    parts.filter(|(part, _)| *part == wanted).map(|(_, value)| value.to_owned()).collect()
}

fn ssl() -> Kind {
    let columns = vec![
        column("version", &["version"]).of(&["server_hello"]).theirs(|name| named(TLS_VERSIONS, name)),
        column("cipher", &["cipher"]).theirs(|name| named(SUITES, name)),
        column("server_name", &["server_name"]),
        column("next_protocol", &["alpn"]).of(&["server_hello"]),
        column("subject", &["subject_cn"]).theirs(|name| name_part(name, "CN")),
        column("subject", &["subject_o"]).theirs(|name| name_part(name, "O")),
        column("issuer", &["issuer_cn"]).theirs(|name| name_part(name, "CN")),
        column("issuer", &["issuer_o"]).theirs(|name| name_part(name, "O")),
    ];
    Kind { name: "ssl", protocols: &["tls"], columns, withheld: &[] }
}

fn quic() -> Kind {
    let columns = vec![
        column("version", &["version"]).theirs(|name| vec![name.trim_start_matches("quicv").to_owned()]),
        column("server_name", &["server_name"]),
        column("client_protocol", &["alpn"]).of(&["client_hello"]),
    ];
    Kind { name: "quic", protocols: &["quic", "tls"], columns, withheld: &[] }
}

/// MODBUS Application Protocol 1.1b3 section 7.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("ILLEGAL_FUNCTION", "1"),
    ("ILLEGAL_DATA_ADDRESS", "2"),
    ("ILLEGAL_DATA_VALUE", "3"),
    ("SLAVE_DEVICE_FAILURE", "4"),
    ("ACKNOWLEDGE", "5"),
    ("SLAVE_DEVICE_BUSY", "6"),
    ("MEMORY_PARITY_ERROR", "8"),
    ("GATEWAY_PATH_UNAVAILABLE", "10"),
    ("GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND", "11"),
];

/// MODBUS Application Protocol 1.1b3 section 6, as Zeek shortens the names.
const FUNCTIONS: &[(&str, &str)] = &[
    ("READ_COILS", "1"),
    ("READ_DISCRETE_INPUTS", "2"),
    ("READ_HOLDING_REGISTERS", "3"),
    ("READ_INPUT_REGISTERS", "4"),
    ("WRITE_SINGLE_COIL", "5"),
    ("WRITE_SINGLE_REGISTER", "6"),
    ("READ_EXCEPTION_STATUS", "7"),
    ("DIAGNOSTICS", "8"),
    ("WRITE_MULTIPLE_COILS", "15"),
    ("WRITE_MULTIPLE_REGISTERS", "16"),
    ("REPORT_SLAVE_ID", "17"),
    ("READ_FILE_RECORD", "20"),
    ("WRITE_FILE_RECORD", "21"),
    ("MASK_WRITE_REGISTER", "22"),
    ("READ_WRITE_MULTIPLE_REGISTERS", "23"),
    ("READ_FIFO_QUEUE", "24"),
    ("ENCAP_INTERFACE_TRANSPORT", "43"),
];

fn modbus() -> Kind {
    let function = |name: &str| named(FUNCTIONS, name.trim_end_matches("_EXCEPTION"));
    let columns = vec![
        column("unit", &["unit"]),
        column("func", &["function"]).theirs(function),
        column("pdu_type", &[KIND]).theirs(|kind| named(&[("REQ", "request"), ("RESP", "response")], kind)),
        column("exception", &["exception"]).theirs(|name| named(EXCEPTIONS, name)),
    ];
    Kind { name: "modbus", protocols: &["modbus"], columns, withheld: &[] }
}

/// Reasons why a negotiation fails ([MS-RDPBCGR] section 2.2.1.2.2).
const FAILURES: &[(&str, &str)] = &[
    ("SSL_REQUIRED_BY_SERVER", "1"),
    ("SSL_NOT_ALLOWED_BY_SERVER", "2"),
    ("SSL_CERT_NOT_ON_SERVER", "3"),
    ("INCONSISTENT_FLAGS", "4"),
    ("HYBRID_REQUIRED_BY_SERVER", "5"),
    ("SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER", "6"),
];

fn bacnet() -> Kind {
    let columns = vec![column("pdu_service", &[OPERATION])];
    Kind { name: "bacnet", protocols: &["bacnet"], columns, withheld: &[] }
}

/// A service as we name it: `i_am` of `i-am`.
fn underscored(name: &str) -> Vec<String> {
    vec![name.replace('-', "_")]
}

fn bacnet_discovery() -> Kind {
    let columns = vec![
        column("pdu_service", &[OPERATION]).theirs(underscored),
        // The vendor is a name there and a number in the message, as in ours.
        column("instance_number", &["device_instance", "object_instance"]),
        column("object_name", &["object_name"]),
    ];
    Kind { name: "bacnet_discovery", protocols: &["bacnet"], columns, withheld: &[] }
}

/// `0x44` as the number that it is.
fn hexadecimal(value: &str) -> Option<u8> {
    u8::from_str_radix(value.strip_prefix("0x")?, 16).ok()
}

fn s7comm() -> Kind {
    let plain = |value: &str| hexadecimal(value).map(|number| number.to_string()).into_iter().collect();
    // Of user data: the type above, the group below.
    let group = |value: &str| hexadecimal(value).map(|number| (number & 0x0f).to_string()).into_iter().collect();
    let function = |rosctr| column("function_code", &["function"]).theirs(plain).when(rosctr);
    let columns = vec![
        column("rosctr_code", &["rosctr"]),
        function(&[("rosctr_code", "1")]),
        function(&[("rosctr_code", "3")]),
        column("function_code", &["function_group"]).theirs(group).when(&[("rosctr_code", "7")]),
        column("subfunction_code", &["subfunction"]).theirs(plain).when(&[("rosctr_code", "7")]),
    ];
    Kind { name: "s7comm", protocols: &["s7comm"], columns, withheld: &[] }
}

/// RFC 6143 section 7.2.
const RFB_METHODS: &[(&str, &str)] =
    &[("None", "none"), ("VNC", "vnc_authentication"), ("Apple Remote Desktop", "apple")];

fn rfb() -> Kind {
    let major = |version: &str| version.split('.').take(1).map(str::to_owned).collect();
    let minor = |version: &str| version.split('.').skip(1).map(str::to_owned).collect();
    let version = |name, from| column(name, &["protocol_version"]).of(&["version"]).from(from);
    let columns = vec![
        version("client_major_version", From::Originator).ours(major),
        version("client_minor_version", From::Originator).ours(minor),
        version("server_major_version", From::Responder).ours(major),
        version("server_minor_version", From::Responder).ours(minor),
        column("authentication_method", &["security_type"]).theirs(|method| named(RFB_METHODS, method)),
        column("auth", &["result"]).theirs(|is_in| named(&[("T", "0"), ("F", "1")], is_in)),
    ];
    Kind { name: "rfb", protocols: &["vnc"], columns, withheld: &["desktop_name"] }
}

fn s7comm_known_devices() -> Kind {
    let columns = vec![
        column("automation_system_name", &["system_name"]).from(From::Responder),
        column("module_name", &["module_name"]).from(From::Responder),
        column("plant_name", &["plant"]).from(From::Responder),
        column("module_serial", &["serial_number"]).from(From::Responder),
    ];
    Kind { name: "s7comm_known_devices", protocols: &["s7comm"], columns, withheld: &[] }
}

/// Objects and properties by number (ASHRAE 135 clause 21).
const OBJECTS: &[(&str, &str)] = &[
    ("analog-input", "0"),
    ("analog-output", "1"),
    ("analog-value", "2"),
    ("binary-input", "3"),
    ("binary-output", "4"),
    ("binary-value", "5"),
    ("device", "8"),
];
const PROPERTIES: &[(&str, &str)] = &[
    ("application-software-version", "12"),
    ("description", "28"),
    ("event-state", "36"),
    ("firmware-revision", "44"),
    ("location", "58"),
    ("model-name", "70"),
    ("object-name", "77"),
    ("out-of-service", "81"),
    ("present-value", "85"),
    ("units", "117"),
    ("vendor-identifier", "120"),
    ("vendor-name", "121"),
];

fn bacnet_property() -> Kind {
    // Of these properties of a device we tell the value.
    let of_device = |when: &'static [(&str, &str)], field| column("value", field).of(&["read_property"]).when(when);
    let columns = vec![
        column("object_type", &["object_type"]).theirs(|name| named(OBJECTS, name)),
        column("instance_number", &["object_instance"]),
        column("property", &["property"]).theirs(|name| named(PROPERTIES, name)),
        of_device(&[("object_type", "device"), ("property", "object-name")], &["object_name"]),
        of_device(&[("object_type", "device"), ("property", "model-name")], &["model_name"]),
        of_device(&[("object_type", "device"), ("property", "location")], &["location"]),
        of_device(&[("object_type", "device"), ("property", "firmware-revision")], &["firmware_revision"]),
        of_device(
            &[("object_type", "device"), ("property", "application-software-version")],
            &["application_software_version"],
        ),
    ];
    Kind { name: "bacnet_property", protocols: &["bacnet"], columns, withheld: &[] }
}

fn rdp() -> Kind {
    // `Thai (Best Guess for 263198)`: the number itself.
    let layout = |name: &str| match name.split_once("(Best Guess for ") {
        Some((_, number)) => vec![number.trim_end_matches(')').to_owned()],
        None => named(&[("English - United States", "1033"), ("German - Germany", "1031")], name),
    };
    // Build numbers of the client that Windows ships with each version.
    let build = |name: &str| {
        let version = |build: &str| match build.parse::<u32>().unwrap_or_default() {
            6_000..6_100 => "RDP 6.0",
            6_100..7_600 => "RDP 6.1",
            7_600..7_601 => "RDP 7.0",
            7_601..9_200 => "RDP 7.1",
            9_200..9_600 => "RDP 8.0",
            9_600..10_000 => "RDP 8.1",
            _ => "",
        };
        vec![version(name).to_owned()]
    };
    let columns = vec![
        column("security_protocol", &["selected_protocol"]).theirs(lower),
        column("result", &["failure_code"]).theirs(|name| named(FAILURES, name)),
        column("keyboard_layout", &["keyboard_layout"]).theirs(layout),
        column("client_build", &["client_build"]).ours(build),
        column("client_name", &["client_name"]),
    ];
    Kind { name: "rdp", protocols: &["rdp"], columns, withheld: &["cookie", "client_dig_product_id"] }
}

/// RFC 5905 section 7.3, figure 10.
const NTP_MODES: &[(&str, &str)] = &[
    ("1", "symmetric"),
    ("2", "symmetric"),
    ("3", "client"),
    ("4", "server"),
    ("5", "broadcast"),
    ("6", "control"),
    ("7", "private"),
];

fn ntp() -> Kind {
    // Seconds to their logarithm.
    let poll = |seconds: &str| {
        let seconds: f64 = seconds.parse().unwrap_or_default();
        vec![format!("{:.0}", seconds.log2().max(0.0))]
    };
    let reference = |name: &str| {
        let text = name.trim_matches('\0');
        if text.is_empty() { Vec::new() } else { whole(text) }
    };
    let columns = vec![
        column("version", &["version"]),
        column("mode", &[KIND]).theirs(|mode| named(NTP_MODES, mode)),
        column("stratum", &["stratum"]),
        column("poll", &["poll"]).theirs(poll),
        column("ref_id", &["reference_id"]).theirs(reference),
    ];
    Kind { name: "ntp", protocols: &["ntp"], columns, withheld: &[] }
}

fn ftp() -> Kind {
    let columns = vec![column("command", &[OPERATION]), column("reply_code", &["status"])];
    Kind { name: "ftp", protocols: &["ftp"], columns, withheld: &["user", "password", "arg", "reply_msg"] }
}

fn radius() -> Kind {
    let columns = vec![
        column("mac", &["calling_mac"]),
        column("framed_addr", &["framed_ip"]),
        column("result", &[KIND])
            .theirs(|result| named(&[("success", "access_accept"), ("failed", "access_reject")], result)),
    ];
    Kind { name: "radius", protocols: &["radius"], columns, withheld: &["username", "reply_msg"] }
}

fn http() -> Kind {
    let columns = vec![
        column("method", &["method"]),
        column("host", &["host"]),
        column("status_code", &["status"]),
        column("user_agent", &["user_agent"]),
    ];
    Kind { name: "http", protocols: &["http"], columns, withheld: &["uri", "referrer", "username", "password"] }
}

/// IANA's numbers of kinds of encryption.
const ENCRYPTION_TYPES: &[(&str, &str)] = &[
    ("des-cbc-crc", "1"),
    ("des-cbc-md5", "3"),
    ("des3-cbc-sha1", "16"),
    ("aes128-cts-hmac-sha1-96", "17"),
    ("aes256-cts-hmac-sha1-96", "18"),
    ("rc4-hmac", "23"),
];

fn kerberos() -> Kind {
    let request = |kind: &str| named(&[("AS", "as_request"), ("TGS", "tgs_request")], kind);
    let columns = vec![
        column("request_type", &[KIND]).theirs(request),
        // Of the kind of service; a name of one part is an account.
        column("cipher", &["ticket_encryption_type"]).theirs(|name| named(ENCRYPTION_TYPES, name)),
    ];
    Kind { name: "kerberos", protocols: &["kerberos"], columns, withheld: &["client", "service"] }
}

fn ldap() -> Kind {
    let operation = |name: &str| {
        let name = name.split(' ').next().unwrap_or_default();
        vec![named(&[("unbind", "unbind"), ("del", "delete")], name).pop().unwrap_or(name.to_owned())]
    };
    const RESULTS: &[(&str, &str)] = &[
        ("success", "0"),
        ("size limit exceeded", "4"),
        ("SASL bind in progress", "14"),
        ("no such object", "32"),
        ("invalid credentials", "49"),
    ];
    let mechanism = |name: &str| vec![name.trim_start_matches("SASL ").to_owned()];
    let columns = vec![
        column("version", &["version"]),
        column("opcode", &[OPERATION]).theirs(operation),
        column("result", &["result_code"]).theirs(|name| named(RESULTS, name)),
        column("argument", &["mechanism"]).when(&[("opcode", "bind SASL")]).theirs(mechanism),
    ];
    Kind { name: "ldap", protocols: &["ldap"], columns, withheld: &["object", "diagnostic_message"] }
}

fn sip() -> Kind {
    let columns = vec![
        column("method", &["method"]).of(&["request"]),
        column("status_code", &["status"]),
        column("user_agent", &["user_agent"]),
    ];
    Kind {
        name: "sip",
        protocols: &["sip"],
        columns,
        withheld: &["uri", "request_from", "request_to", "response_from", "response_to", "call_id", "subject"],
    }
}

/// Our name of a service of Zeek's, if it is one that we decode.
pub fn service(name: &str, over_tcp: bool) -> Option<&str> {
    let ours = match name {
        "ssl" if over_tcp => "tls",
        "rfb" => "vnc",
        "krb" | "krb_tcp" => "kerberos",
        "ldap_tcp" | "ldap_udp" => "ldap",
        name => name,
    };
    wire::protocols::ALL.iter().any(|decoder| decoder.name() == ours).then_some(ours)
}
