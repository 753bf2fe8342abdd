//! TDS, PostgreSQL, NFS: fields that Wireshark has in another form.

use crate::normal::normal_of_wireshark;
use crate::pairings::Pairing;
use crate::readers::{Read, each, named, number};

pub fn all() -> Vec<Pairing> {
    // Major, minor, and a build of two bytes.
    let version = each(|value| {
        let [major, minor, high, low] = u32::try_from(number(value)?).ok()?.to_be_bytes();
        let build = u16::from_be_bytes([high, low]);
        (value != "0").then(|| format!("{major}.{minor}.{build}")).filter(|version| version != "0.0.0")
    });
    // The number's bytes in the order of the wire: version 7.x is told by the last.
    let tds_version = each(|value| {
        let [.., last] = u32::try_from(number(value)?).ok()?.to_be_bytes();
        let [first, ..] = u32::try_from(number(value)?).ok()?.to_be_bytes();
        [first, last].iter().find(|byte| (0x70..=0x74).contains(*byte)).map(|byte| format!("7.{}", byte & 15))
    });
    // Values behind names: pairs of one message.
    let parameter = |wanted: &'static str| -> Read {
        Box::new(move |columns| {
            let pairs = columns[0].iter().zip(&columns[1]);
            pairs.filter(|(name, _)| **name == wanted).map(|(_, value)| normal_of_wireshark(value)).collect()
        })
    };
    let methods = &[(0, "ok"), (2, "kerberos_5"), (3, "cleartext_password"), (5, "md5"), (7, "gssapi"), (10, "sasl")];
    // Each procedure once for a connection; Wireshark has them with every call and answer.
    let calls = ["nfs", "portmap"].into_iter().flat_map(|protocol| {
        [
            ("program", "rpc.program"),
            ("version", "rpc.programversion"),
            ("procedure", "rpc.procedure"),
            ("machine_name", "rpc.auth.machinename"),
        ]
        .map(|(field, theirs)| Pairing::new(protocol, field, theirs).part())
    });
    let databases = [
        // A sign-in that is acknowledged has it under another name.
        Pairing::new("tds", "version", "tds.prelogin.option.version tds.loginack.progversion").reading(version),
        Pairing::new("tds", "tds_version", "tds.7login.version tds.loginack.tdsversion").reading(tds_version).part(),
        Pairing::new("tds", "encryption", "tds.prelogin.option.encryption").reading(named(&[
            (0, "off"),
            (1, "on"),
            (2, "not_supported"),
            (3, "required"),
        ])),
        Pairing::new("pgsql", "authentication", "pgsql.authtype").reading(named(methods)).part(),
        Pairing::new("pgsql", "server_version", "pgsql.parameter_name pgsql.parameter_value")
            .reading(parameter("server_version")),
        Pairing::new("pgsql", "application", "pgsql.parameter_name pgsql.parameter_value")
            .reading(parameter("application_name"))
            .part(),
    ];
    databases.into_iter().chain(calls).collect()
}
