//! What nobody can guess.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// Bytes of a secret: 256 bits.
pub const SECRET_BYTES: usize = 32;

/// So many bytes from the system.
pub fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::Failed(format!("the system has no random numbers: {error}")))?;
    Ok(bytes)
}

/// A secret as text of 43 letters, digits, `-` and `_`.
pub fn secret() -> Result<String, Failure> {
    Ok(BASE64URL_NOPAD.encode(&bytes::<SECRET_BYTES>()?))
}

/// What is kept of a secret: whoever reads it cannot use it. Secrets are too long to be tried, so no salt is needed.
pub fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
