//! Names of clients and services (RFC 4120 §5.2.2, §6.2).

use model::Message;

use super::{SERVICE, SERVICE_HOST, string};
use crate::ber;
use crate::protocols::DecodeError;
use crate::reader::Reader;

/// So many parts of a name are looked at; those of services have two or three ([MS-KILE] §3.1.5.11).
const PARTS_MAX: usize = 3;

/// Kinds of service that are told: those of RFC 4120 §6.2 and §7.3, IANA's GSS-API service names, and those that Windows
/// and common servers register ([MS-ADTS] §3.1.1.5.3.1.1.4). Others are `other`.
static SERVICES: &[&str] = &[
    "afpserver",
    "alerter",
    "cifs",
    "dns",
    "dnscache",
    "exchangeab",
    "exchangemdb",
    "exchangerfr",
    "ftp",
    "gc",
    "hdfs",
    "host",
    "http",
    "https",
    "imap",
    "ipp",
    "kadmin",
    "kafka",
    "krbtgt",
    "ldap",
    "microsoft virtual console service",
    "mongodb",
    "mssqlsvc",
    "nfs",
    "oracle",
    "pop",
    "postgres",
    "restrictedkrbhost",
    "rpc",
    "rpcss",
    "sip",
    "smtp",
    "smtpsvc",
    "termsrv",
    "vnc",
    "wsman",
    "xmpp",
];

/// The first parts of a name.
#[derive(Default)]
pub(super) struct Principal<'a> {
    parts: [&'a [u8]; PARTS_MAX],
    count: usize,
}

impl<'a> Principal<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut name = ber::sequence(&mut reader, "PrincipalName")?;
        ber::tagged(&mut name, 0xa0, "name-type")?;
        let parts = ber::tagged(&mut name, 0xa1, "name-string")?;
        let mut rest = ber::sequence(&mut Reader::new(parts), "name-string")?;
        let mut principal = Self::default();
        while !rest.is_empty() {
            let part = string(rest)?;
            ber::element(&mut rest, "name-string")?;
            if let Some(place) = principal.parts.get_mut(principal.count) {
                *place = part;
            }
            principal.count = principal.count.saturating_add(1);
        }
        Ok(principal)
    }

    /// The computer whose account it is, without the `$` that its name ends in.
    pub(super) fn computer(&self) -> Option<&'a [u8]> {
        match (self.count, self.parts) {
            (1, [name, ..]) => name.strip_suffix(b"$"),
            _ => None,
        }
    }

    /// A service's kind and host. A name of one part is an account: a computer's or, left out, a person's.
    pub(super) fn tell_service(&self, message: &mut Message) {
        let [kind, host, _] = self.parts;
        match self.count {
            0 => {}
            1 => {
                if let Some(computer) = self.computer() {
                    message.bytes(&SERVICE_HOST, computer);
                }
            }
            _ => {
                let known = SERVICES.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(kind));
                message.str(&SERVICE, known.unwrap_or(&"other"));
                // Behind these stand a realm and what administrators call things, and behind an unknown word anything.
                if known.is_some_and(|known| !matches!(*known, "krbtgt" | "kadmin")) {
                    message.bytes(&SERVICE_HOST, host);
                }
            }
        }
    }
}
