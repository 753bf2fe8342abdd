//! Arbitrary bytes as a batch of observations.
#![no_main]

struct Nobody;

impl sensor::Observer for Nobody {
    fn observe(&mut self, _: model::Observation<'_>) {}
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = sensor::transcript::read(data, &mut Nobody);
});
