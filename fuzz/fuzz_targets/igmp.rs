//! Arbitrary bytes through the `igmp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("igmp", data));
