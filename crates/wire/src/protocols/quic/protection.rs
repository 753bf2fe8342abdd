//! The protection of Initial packets (RFC 9001 §5): it keeps packets whole, not secret.

use aes_gcm::aes::Aes128;
use aes_gcm::aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes_gcm::{AeadInOut, Aes128Gcm};
use hkdf::Hkdf;
use sha2::Sha256;

use super::versions::Initial;
use crate::reader::Reader;

/// The authentication tag behind the payload.
const TAG_BYTES: usize = 16;

/// Whose packets keys are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Client,
    Server,
}

/// The keys of one side's Initial packets.
pub(super) struct Keys {
    payload: Aes128Gcm,
    vector: [u8; 12],
    header: Aes128,
}

impl Keys {
    /// From the connection identifier that the client first sent to (RFC 9001 §5.2).
    pub(super) fn derive(initial: &Initial, destination: &[u8], side: Side) -> Option<Self> {
        let secrets = Hkdf::<Sha256>::new(Some(&initial.salt), destination);
        let label: &[u8] = match side {
            Side::Client => b"client in",
            Side::Server => b"server in",
        };
        let secret: [u8; 32] = expand(&secrets, label)?;
        let secret = Hkdf::<Sha256>::from_prk(&secret).ok()?;
        let [key, vector, header] = initial.labels;
        Some(Self {
            payload: Aes128Gcm::new(&expand::<16>(&secret, key)?.into()),
            vector: expand(&secret, vector)?,
            header: Aes128::new(&expand::<16>(&secret, header)?.into()),
        })
    }

    /// The payload of a packet, if these are its keys: `header` up to the packet number, and what is protected.
    ///
    /// The packet number counts from 0 and is taken as it is written: those of Initial packets are small.
    pub(super) fn open(&self, header: &[u8], protected: &[u8]) -> Option<Vec<u8>> {
        // The sample stands where the payload would begin behind a packet number of four bytes (RFC 9001 §5.4.2).
        let mut mask = (*protected.get(4..)?.first_chunk::<16>()?).into();
        self.header.encrypt_block(&mut mask);
        let [of_first, of_number @ ..]: [u8; 16] = mask.into();

        let mut header = header.to_vec();
        let first = header.first_mut()?;
        *first ^= of_first & 0x0f;
        let number_bytes = usize::from(*first & 3).saturating_add(1);
        let mut reader = Reader::new(protected);
        let number =
            reader.take(number_bytes, "Packet Number").ok()?.iter().zip(of_number).map(|(byte, mask)| byte ^ mask);
        let mut nonce = self.vector;
        for (place, byte) in nonce.iter_mut().rev().zip(number.clone().rev()) {
            *place ^= byte;
        }
        header.extend(number);

        let mut payload = reader.take(reader.len().checked_sub(TAG_BYTES)?, "Packet Payload").ok()?.to_vec();
        let tag: [u8; TAG_BYTES] = reader.array("tag").ok()?;
        let nonce = nonce.into();
        self.payload.decrypt_inout_detached(&nonce, &header, payload.as_mut_slice().into(), &tag.into()).ok()?;
        Some(payload)
    }
}

/// HKDF-Expand-Label without context (RFC 8446 §7.1).
fn expand<const N: usize>(secret: &Hkdf<Sha256>, label: &[u8]) -> Option<[u8; N]> {
    const PREFIX: &[u8] = b"tls13 ";
    let length = u16::try_from(N).ok()?.to_be_bytes();
    let label_length = u8::try_from(PREFIX.len().checked_add(label.len())?).ok()?;
    let mut info = Vec::with_capacity(32);
    for part in [&length[..], &[label_length], PREFIX, label, &[0]] {
        info.extend_from_slice(part);
    }
    let mut output = [0; N];
    secret.expand(&info, &mut output).ok()?;
    Some(output)
}
