//! Remote Desktop (MS-RDPBCGR): a client and a host agree on TLS with network level authentication.

use crate::bytes::{Bytes, length16};
use crate::frames::{Moment, Station, Tape};
use crate::talk::tls::{self, Visit};
use crate::tcp::Talk;

/// Port of Remote Desktop.
pub const PORT: u16 = 3389;
/// PROTOCOL_SSL | PROTOCOL_HYBRID (§2.2.1.1.1).
const ASKED: u32 = 3;
/// PROTOCOL_HYBRID.
const AGREED: u32 = 2;

/// One session; what is seen on the screen crosses unreadable.
pub fn session(tape: &mut Tape, at: Moment, client: &Station, host: &Station, visit: &Visit<'_>) {
    let mut talk = Talk::open(tape, at, client, host, PORT);
    // RDP_NEG_REQ behind the cookie with the user's name (§2.2.1.1).
    let request = Bytes::new().text("Cookie: mstshash=CANARYRDPUSER\r\n").raw([1, 0, 8, 0]).little32(ASKED);
    talk.say(packet(0xe0, [0, 0], &request));
    // RDP_NEG_RSP: extended client data, graphics pipeline, restricted administration (§2.2.1.2.1).
    let confirm = Bytes::new().raw([2, 0x1f, 8, 0]).little32(AGREED);
    talk.wait_ms(4).answer(packet(0xd0, [0x12, 0x34], &confirm));
    tls::secure(&mut talk, at.0 ^ u64::from(u32::from(host.ip)), visit);
    talk.wait_ms(2_400).close();
}

/// TPKT (RFC 1006 §6) and the fixed part of X.224 (§13.3).
fn packet(kind: u8, reference: [u8; 2], rest: &Bytes) -> Bytes {
    let body = Bytes::new().u8(kind).raw([0, 0]).raw(reference).u8(0).raw(rest);
    let body = Bytes::new().counted8(body);
    Bytes::new().raw([3, 0]).u16(length16(body.as_ref()).saturating_add(4)).raw(body)
}
