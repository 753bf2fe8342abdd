//! Arbitrary bytes through the `nfs` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("nfs", data));
