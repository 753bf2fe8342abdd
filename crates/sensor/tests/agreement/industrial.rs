//! EtherNet/IP, S7, PROFINET, VNC: fields that Wireshark has in another form.

use crate::normal::normal_of_wireshark;
use crate::ours::{KIND, OPERATION};
use crate::pairings::Pairing;
use crate::readers::{Read, bits, each, named, number};

const PN_DCP_ROLES: &[(u64, &str)] =
    &[(1, "io_device"), (2, "io_controller"), (4, "io_multidevice"), (8, "io_supervisor")];

const S7_FUNCTIONS: &[(u64, &str)] = &[
    (0x00, "cpu_services"),
    (0x04, "read_variable"),
    (0x05, "write_variable"),
    (0x1a, "request_download"),
    (0x1b, "download_block"),
    (0x1c, "download_ended"),
    (0x1d, "start_upload"),
    (0x1e, "upload"),
    (0x1f, "end_upload"),
    (0x28, "plc_control"),
    (0x29, "plc_stop"),
    (0xf0, "setup_communication"),
];

const VNC_TYPES: &[(u64, &str)] = &[
    (0, "invalid"),
    (1, "none"),
    (2, "vnc_authentication"),
    (16, "tight"),
    (18, "tls"),
    (19, "vencrypt"),
    (30, "apple"),
    (31, "apple"),
    (32, "apple"),
    (33, "apple"),
    (35, "apple"),
    (36, "apple"),
];

const OPCUA_POLICIES: &[(&str, &str)] = &[
    ("None", "none"),
    ("Basic128Rsa15", "basic128_rsa15"),
    ("Basic256", "basic256"),
    ("Basic256Sha256", "basic256_sha256"),
    ("Aes128_Sha256_RsaOaep", "aes128_sha256_rsa_oaep"),
    ("Aes256_Sha256_RsaPss", "aes256_sha256_rsa_pss"),
];

const OPCUA_MODES: &[(u64, &str)] = &[(0, "invalid"), (1, "none"), (2, "sign"), (3, "sign_and_encrypt")];

const OPCUA_TOKENS: &[(u64, &str)] = &[(0, "anonymous"), (1, "user_name"), (2, "certificate"), (3, "issued_token")];

const OPCUA_APPLICATIONS: &[(u64, &str)] =
    &[(0, "server"), (1, "client"), (2, "client_and_server"), (3, "discovery_server")];

pub fn all() -> Vec<Pairing> {
    let part = |protocol, field, theirs| Pairing::new(protocol, field, theirs).part();
    // What a Multiple Service Packet holds is not told, nor what stands around it.
    let mut pairings = vec![
        part("enip", "service", "cip.sc"),
        part("enip", "class", "cip.class"),
        part("enip", "attribute", "cip.attribute"),
        part("enip", "general_status", "cip.genstat"),
        part("enip", "command", "enip.command"),
        part("enip", "status", "enip.status"),
        part("enip", "address", "enip.sinaddr"),
        part("enip", "revision", "enip.lir.revision")
            .reading(each(|value| number(value).map(|revision| format!("{}.{}", revision >> 8, revision & 0xff)))),
        part("enip", "serial_number", "enip.lir.serial cip.id.serial_number")
            .reading(each(|value| number(value).map(|serial| format!("{serial:08x}")))),
        Pairing::new("s7comm", KIND, "s7comm.header.rosctr s7comm.param.userdata.type").reading(Box::new(|columns| {
            let told = |column: usize| columns.get(column)?.first().and_then(|value| number(value));
            let kind = match (told(0), told(1)) {
                (Some(1), _) | (Some(7), Some(4)) => "request",
                (Some(2 | 3), _) | (Some(7), Some(8)) => "response",
                (Some(7), Some(_)) => "indication",
                _ => return Vec::new(),
            };
            vec![kind.to_owned()]
        })),
        Pairing::new("s7comm", OPERATION, "s7comm.param.func").reading(named(S7_FUNCTIONS)).only_kinds_of(S7_FUNCTIONS),
        // The list that is asked for is not told, nor one that identifies nothing.
        part("s7comm", "status_list", "s7comm.data.userdata.szl_id"),
        part("s7comm", "order_number", "s7comm.szl.xy11.0001.anz"),
        Pairing::new("pn_dcp", "role", "pn_dcp.suboption_device_role").reading(bits(PN_DCP_ROLES)),
        // Wireshark goes on where a type that it does not know, Apple's, begins.
        part("vnc", "result", "vnc.auth_result"),
        part("vnc", "security_type", "vnc.security_type vnc.server_security_type vnc.client_security_type")
            .reading(named(VNC_TYPES)),
    ];
    // Of messages in several chunks, Wireshark shows the service with the last one.
    pairings.push(part("opcua", "service", "opcua.servicenodeid.numeric"));
    // The texts of what is read stand under the same names as the server's own.
    for (field, theirs) in [
        ("application_uri", "opcua.ApplicationUri"),
        ("product_uri", "opcua.ProductUri"),
        ("application_name", "opcua.loctext.Text"),
    ] {
        pairings.push(part("opcua", field, theirs));
    }
    pairings.push(part("opcua", "endpoint_host", "opcua.transport.endpoint opcua.EndpointUrl").reading(each(|url| {
        let behind = url.split_once("://").map(|(_, behind)| behind)?;
        Some(normal_of_wireshark(behind.split('/').next().unwrap_or_default()))
    })));
    pairings.push(part("opcua", "security_policy", "opcua.security.spu opcua.SecurityPolicyUri").reading(each(
        |uri| {
            let policy = uri.rsplit_once('#')?.1;
            let known = OPCUA_POLICIES.iter().find(|(of, _)| *of == policy);
            known.map(|(_, ours)| (*ours).to_owned())
        },
    )));
    for (field, theirs, names) in [
        ("security_mode", "opcua.MessageSecurityMode", OPCUA_MODES),
        ("user_token", "opcua.UserTokenType", OPCUA_TOKENS),
        ("application_type", "opcua.ApplicationType", OPCUA_APPLICATIONS),
    ] {
        pairings.push(part("opcua", field, theirs).reading(named(names)));
    }
    for (field, theirs) in [
        ("system_name", "s7comm.szl.001c.0001.name"),
        ("module_name", "s7comm.szl.001c.0002.name"),
        ("plant", "s7comm.szl.001c.0003.tag"),
        ("serial_number", "s7comm.szl.001c.0005.serialn"),
        ("module_type", "s7comm.szl.001c.0007.cputypname"),
        ("location", "s7comm.szl.001c.000b.loc_id"),
    ] {
        pairings.push(Pairing::new("s7comm", field, theirs).reading(up_to_nought()));
    }
    for field in ["ip", "subnet_mask", "gateway"] {
        let theirs = match field {
            "ip" => "pn_dcp.suboption_ip_ip",
            "subnet_mask" => "pn_dcp.suboption_ip_subnetmask",
            _ => "pn_dcp.suboption_ip_standard_gateway",
        };
        let read = each(|ip: &str| (ip != "0.0.0.0").then(|| ip.to_owned()));
        pairings.push(Pairing::new("pn_dcp", field, theirs).reading(read));
    }
    pairings
}

/// A text of fixed width, which ends where a nought stands.
fn up_to_nought() -> Read {
    each(|value| Some(normal_of_wireshark(value.split("\\000").next().unwrap_or_default())))
}
