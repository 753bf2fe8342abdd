//! Arbitrary bytes through the `pgsql` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("pgsql", data));
