//! The beginnings of PostgreSQL (its protocol 3.0, §55.2.10) and of TDS (MS-TDS §2.2.6.5): what follows is secured.

use crate::bytes::{Bytes, length16, noise};
use crate::frames::{Moment, Station, Tape};
use crate::talk::tls::{self, Visit};
use crate::tcp::Talk;

/// Port of PostgreSQL.
pub const POSTGRESQL: u16 = 5432;
/// Port of Microsoft SQL Server.
pub const SQL_SERVER: u16 = 1433;

/// A client asks for TLS and gets it.
pub fn postgresql(tape: &mut Tape, at: Moment, client: &Station, server: &Station, visit: &Visit<'_>) {
    let mut talk = Talk::open(tape, at, client, server, POSTGRESQL);
    // SSLRequest: length 8, code 80877103.
    talk.say(Bytes::new().u32(8).u32(80_877_103)).wait_ms(1).answer("S");
    tls::secure(&mut talk, at.0, visit);
    talk.wait_ms(300).close();
}

/// A client and SQL Server agree before the login; the version is in the answer.
pub fn sql_server(tape: &mut Tape, at: Moment, client: &Station, server: &Station, version: (u8, u8, u16)) {
    let (major, minor, build) = version;
    let mut talk = Talk::open(tape, at, client, server, SQL_SERVER);
    // Options VERSION, ENCRYPTION (on), end; offsets count from the first option.
    let options = |version: Bytes| Bytes::new().raw([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff]).raw(version).u8(1);
    talk.say(packet(0x12, &options(Bytes::new().raw([17, 0]).u16(0).u16(0))));
    talk.answer(packet(0x04, &options(Bytes::new().raw([major, minor]).u16(build).u16(0))));
    // TLS crosses inside packets of the same kind until it is agreed; then it is as long as it needs to be.
    for (index, length) in (0_u64..).zip([180_usize, 320, 412, 96, 1_180]) {
        talk.wait_ms(3).say(record(at.0 ^ index, length)).answer(record(!at.0 ^ index, length.saturating_mul(2)));
    }
    talk.wait_ms(300).close();
}

/// Application data of TLS 1.2.
fn record(seed: u64, length: usize) -> Bytes {
    Bytes::new().raw([23, 3, 3]).counted16(noise(seed, length))
}

/// Type, status end of message, length, channel, number, window (MS-TDS §2.2.3.1).
fn packet(kind: u8, body: &Bytes) -> Bytes {
    Bytes::new().raw([kind, 1]).u16(length16(body.as_ref()).saturating_add(8)).raw([0, 0, 1, 0]).raw(body)
}
