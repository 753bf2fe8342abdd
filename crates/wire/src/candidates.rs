//! Which decoders a connection's bytes may belong to, as bits over [`ALL`], and which of them its ports hint at.

use std::sync::LazyLock;

use crate::protocols::{ALL, Carrier, Decoder};

/// The decoders of TCP streams.
pub(crate) static STREAMS: LazyLock<Candidates> = LazyLock::new(|| {
    Candidates::new(|carrier| match carrier {
        Carrier::Stream(hints) => Some(hints),
        _ => None,
    })
});

/// The decoders of UDP datagrams.
pub(crate) static DATAGRAMS: LazyLock<Candidates> = LazyLock::new(|| {
    Candidates::new(|carrier| match carrier {
        Carrier::Datagram(hints) => Some(hints),
        _ => None,
    })
});

/// The decoders of one kind of carrier.
pub(crate) struct Candidates {
    all: u64,
    /// In order of ports.
    by_port: Vec<(u16, u64)>,
}

impl Candidates {
    fn new(hints: impl Fn(&Carrier) -> Option<&'static [u16]>) -> Self {
        let mut all = 0;
        let mut by_port: Vec<(u16, u64)> = Vec::new();
        for (index, decoder) in ALL.iter().enumerate() {
            for ports in decoder.carriers().iter().filter_map(&hints) {
                let bit = 1_u64.checked_shl(index as u32).unwrap_or(0);
                all |= bit;
                for port in ports {
                    match by_port.binary_search_by_key(port, |(port, _)| *port) {
                        Ok(place) => by_port.iter_mut().skip(place).take(1).for_each(|(_, bits)| *bits |= bit),
                        Err(place) => by_port.insert(place, (*port, bit)),
                    }
                }
            }
        }
        Self { all, by_port }
    }

    /// All of them.
    pub(crate) fn all(&self) -> u64 {
        self.all
    }

    /// Those that one of the ports hints at.
    pub(crate) fn hinted(&self, ports: [u16; 2]) -> u64 {
        let of = |port: u16| {
            let place = self.by_port.binary_search_by_key(&port, |(port, _)| *port);
            place.ok().and_then(|place| self.by_port.get(place)).map_or(0, |(_, bits)| *bits)
        };
        let [initiator, responder] = ports;
        of(initiator) | of(responder)
    }
}

/// The decoders whose bits are set, in the order of [`ALL`], with their bits.
pub(crate) fn each(bits: u64) -> impl Iterator<Item = (u64, &'static dyn Decoder)> {
    let mut rest = bits;
    std::iter::from_fn(move || {
        let decoder = ALL.get(rest.trailing_zeros() as usize)?;
        let bit = rest & rest.wrapping_neg();
        rest ^= bit;
        Some((bit, *decoder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decoder_has_a_bit_and_its_ports_hint_at_it() {
        assert!(ALL.len() <= 64);
        let names = |bits| each(bits).map(|(_, decoder)| decoder.name()).collect::<Vec<_>>();
        assert_eq!(names(STREAMS.hinted([50_000, 104])), ["dicom"]);
        assert_eq!(names(DATAGRAMS.hinted([68, 67])), ["dhcp"]);
        assert_eq!(names(DATAGRAMS.hinted([1, 2])), Vec::<&str>::new());
        let kinds = |decoder: &dyn Decoder, wanted: fn(&Carrier) -> bool| {
            decoder.carriers().iter().filter(|c| wanted(c)).count()
        };
        for decoder in ALL {
            let is_stream = kinds(*decoder, |carrier| matches!(carrier, Carrier::Stream(_)));
            let is_datagram = kinds(*decoder, |carrier| matches!(carrier, Carrier::Datagram(_)));
            assert!(is_stream <= 1 && is_datagram <= 1, "{}", decoder.name());
            assert_eq!(names(STREAMS.all()).contains(&decoder.name()), is_stream == 1);
            assert_eq!(names(DATAGRAMS.all()).contains(&decoder.name()), is_datagram == 1);
        }
    }
}
