//! Arbitrary bytes through the `medibus` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("medibus", data));
