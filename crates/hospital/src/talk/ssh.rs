//! SSH (RFC 4253): versions, the offers of both sides, then what nobody can read.

use crate::bytes::{Bytes, noise};
use crate::frames::{Moment, Station, Tape};
use crate::tcp::Talk;

const KEY_EXCHANGE: &str = "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group16-sha512,diffie-hellman-group14-sha256";
const HOST_KEYS: &str = "ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256";
const CIPHERS: &str =
    "chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com";
const CODES: &str =
    "umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256";

/// One session of a few commands.
pub fn session(tape: &mut Tape, at: Moment, client: (&Station, &str), server: (&Station, &str)) {
    let mut talk = Talk::open(tape, at, client.0, server.0, 22);
    talk.say(format!("SSH-2.0-{}\r\n", client.1));
    talk.wait_ms(6).answer(format!("SSH-2.0-{}\r\n", server.1));
    talk.say(offer(at.0)).answer(offer(!at.0));
    // SSH_MSG_KEX_ECDH_INIT and SSH_MSG_KEX_ECDH_REPLY with NEWKEYS (RFC 5656 §4, RFC 8731).
    talk.say(packet(&Bytes::new().u8(30).counted32(noise(at.0, 32))));
    let host_key = Bytes::new().counted32("ssh-ed25519").counted32(noise(7, 32));
    let signature = Bytes::new().counted32("ssh-ed25519").counted32(noise(at.0 ^ 9, 64));
    let reply = Bytes::new().u8(31).counted32(host_key).counted32(noise(at.0 ^ 8, 32)).counted32(signature);
    talk.answer(packet(&reply).raw(packet(&Bytes::new().u8(21))));
    talk.say(packet(&Bytes::new().u8(21)));
    for (index, length) in (0_u64..).zip([44_usize, 60, 148, 36, 76, 212, 116]) {
        talk.wait_ms(240).say(noise(at.0 ^ index, length)).answer(noise(at.0 ^ !index, length.saturating_mul(2)));
    }
    talk.close();
}

/// SSH_MSG_KEXINIT (RFC 4253 §7.1).
fn offer(seed: u64) -> Bytes {
    let lists = [
        KEY_EXCHANGE,
        HOST_KEYS,
        CIPHERS,
        CIPHERS,
        CODES,
        CODES,
        "none,zlib@openssh.com",
        "none,zlib@openssh.com",
        "",
        "",
    ];
    let body = lists.iter().fold(Bytes::new().u8(20).raw(noise(seed, 16)), |body, list| body.counted32(list));
    packet(&body.u8(0).u32(0))
}

/// Length, padding to a multiple of eight (RFC 4253 §6).
fn packet(payload: &Bytes) -> Bytes {
    let bare = payload.len().saturating_add(5);
    let padding = bare.saturating_add(4).next_multiple_of(8).saturating_sub(bare);
    let padded = Bytes::new().u8(u8::try_from(padding).unwrap_or(0)).raw(payload).zeros(padding);
    Bytes::new().counted32(padded)
}
