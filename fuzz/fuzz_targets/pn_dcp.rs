//! Arbitrary bytes through the `pn_dcp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("pn_dcp", data));
