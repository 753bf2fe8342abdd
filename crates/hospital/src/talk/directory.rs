//! How members of a Windows domain find their controller and sign in: LDAP by UDP (MS-ADTS §6.3.3) and Kerberos
//! (RFC 4120).

use crate::bytes::{Bytes, noise, noise32};
use crate::frames::{Moment, Station, Tape};
use crate::talk::asn1::{OCTETS, integer, sequence, value};

/// Port of LDAP.
pub const LDAP: u16 = 389;
/// Port of Kerberos.
pub const KERBEROS: u16 = 88;

/// Asks a controller whether it is one.
pub fn find(tape: &mut Tape, at: Moment, member: &Station, controller: &Station, (host, domain): (&str, &str)) {
    let number = integer(1);
    let equal =
        |name: &str, bytes: &Bytes| value(0xa3, Bytes::new().raw(value(OCTETS, name)).raw(value(OCTETS, bytes)));
    let filter = [
        equal("DnsDomain", &Bytes::new().text(domain)),
        equal("Host", &Bytes::new().text(host)),
        equal("NtVer", &Bytes::new().little32(0x2000_0016)),
    ];
    let filter = filter.iter().fold(Bytes::new(), |all, one| all.raw(one));
    let search = Bytes::new()
        .raw(value(OCTETS, ""))
        .raw(value(0x0a, [0]))
        .raw(value(0x0a, [0]))
        .raw(integer(0))
        .raw(integer(0))
        .raw(value(0x01, [0]))
        .raw(value(0xa0, filter))
        .raw(sequence(&[value(OCTETS, "Netlogon")]));
    let question = sequence(&[number.clone(), value(0x63, search)]);
    // NETLOGON_SAM_LOGON_RESPONSE_EX begins with its operation code, 23.
    let told = Bytes::new().little16(23).little16(0).little32(0x0003_f3fd).raw(noise(7, 16)).zeros(8);
    let told = sequence(&[value(OCTETS, "Netlogon"), value(0x31, value(OCTETS, told))]);
    let entry = value(0x64, Bytes::new().raw(value(OCTETS, "")).raw(sequence(&[told])));
    let done = value(0x65, Bytes::new().raw(value(0x0a, [0])).raw(value(OCTETS, "")).raw(value(OCTETS, "")));
    let answer = Bytes::new().raw(sequence(&[number.clone(), entry])).raw(sequence(&[number, done]));
    let port = tape.port(member);
    tape.udp(at, (member, port), (controller, LDAP), question.as_ref());
    tape.udp(at.after_us(900), (controller, LDAP), (member, port), answer.as_ref());
}

/// Somebody asks for a ticket; the controller wants proof, as it always does at first (RFC 4120 §3.1.3).
pub fn sign_in(tape: &mut Tape, at: Moment, member: &Station, controller: &Station, domain: &str) {
    let realm = domain.to_ascii_uppercase();
    let text = |text: &str| value(0x1b, text);
    let name = |kind: u32, parts: &[Bytes]| sequence(&[tagged(0, integer(kind)), tagged(1, sequence(parts))]);
    let service = name(2, &[text("krbtgt"), text(&realm)]);
    let body = sequence(&[
        tagged(0, value(0x03, [0, 0x40, 0x81, 0x00, 0x10])),
        tagged(1, name(1, &[text("CANARYKRBCNAME.NURSE")])),
        tagged(2, text(&realm)),
        tagged(3, service.clone()),
        tagged(5, value(0x18, "20370913024805Z")),
        tagged(7, integer(noise32(at.0) >> 1)),
        tagged(8, sequence(&[integer(18), integer(17), integer(23)])),
    ]);
    let proof = sequence(&[tagged(1, integer(128)), tagged(2, value(OCTETS, [0x30, 5, 0xa0, 3, 1, 1, 0xff]))]);
    let question =
        sequence(&[tagged(1, integer(5)), tagged(2, integer(10)), tagged(3, sequence(&[proof])), tagged(4, body)]);
    let refusal = sequence(&[
        tagged(0, integer(5)),
        tagged(1, integer(30)),
        tagged(4, value(0x18, "20261102060000Z")),
        tagged(5, integer(noise32(at.0) >> 13)),
        // KDC_ERR_PREAUTH_REQUIRED.
        tagged(6, integer(25)),
        tagged(9, text(&realm)),
        tagged(10, service),
    ]);
    let port = tape.port(member);
    tape.udp(at, (member, port), (controller, KERBEROS), value(0x6a, question).as_ref());
    tape.udp(at.after_us(900), (controller, KERBEROS), (member, port), value(0x7e, refusal).as_ref());
}

fn tagged(number: u8, inner: Bytes) -> Bytes {
    value(0xa0 | number, inner)
}
