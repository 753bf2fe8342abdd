//! The kinds of message, as texts that last as long as the program: what decodes them writes them into its code, and what
//! reads them from a batch has to find them again.

use std::sync::{Mutex, PoisonError};

use super::WORD_BYTES_MAX;

/// Different kinds that are kept; all decoders together have some three hundred.
const KINDS_MAX: usize = 2_048;

/// Every kind met so far. Their memory is never given back, which is why they are counted.
static MET: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());

/// The same text for ever; `None` if it is no name, or if there are too many.
pub(super) fn lasting(kind: &str) -> Option<&'static str> {
    let mut met = MET.lock().unwrap_or_else(PoisonError::into_inner);
    let place = match met.binary_search(&kind) {
        Ok(place) => return met.get(place).copied(),
        Err(place) => place,
    };
    let is_name = kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if met.len() >= KINDS_MAX || kind.len() > WORD_BYTES_MAX || !is_name {
        return None;
    }
    let kind: &'static str = Box::leak(kind.to_owned().into_boxed_str());
    met.insert(place, kind);
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_is_one_text() {
        let first = lasting("associate_rq").unwrap();
        assert!(std::ptr::eq(first, lasting("associate_rq").unwrap()));
        assert_eq!(lasting("Not a kind"), None);
    }
}
