//! Arbitrary bytes through the `syslog` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("syslog", data));
