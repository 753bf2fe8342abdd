//! Arbitrary bytes through the `snmp` decoder.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| wire::protocols::exercise("snmp", data));
