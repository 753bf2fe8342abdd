//! Texts that had their form a moment ago: devices repeat themselves, and judging a text takes longer than finding it.

use super::{Form, Verdict};

/// Texts remembered. Each has one place, which the next text of the same place takes over.
const PLACES: usize = 256;
/// Shorter texts are judged as quickly as they are found, and longer ones are rare.
const BYTES: std::ops::RangeInclusive<usize> = 10..=160;

/// Only texts that may be told are remembered: what may be a person's is forgotten at once.
#[derive(Debug, Default)]
pub(crate) struct KnownTexts {
    places: Vec<(Option<Form>, String)>,
}

impl KnownTexts {
    /// As [`Form::judge`].
    pub(crate) fn judge(&mut self, form: Form, text: &str) -> Verdict {
        if form == Form::Fixed || !BYTES.contains(&text.len()) {
            return form.judge(text);
        }
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Default::default);
        }
        let Some((known_form, known)) = self.places.get_mut(place(text)) else { return form.judge(text) };
        if *known_form == Some(form) && known == text {
            return Verdict::Whole;
        }
        let verdict = form.judge(text);
        if verdict == Verdict::Whole {
            *known_form = Some(form);
            known.clear();
            known.push_str(text);
        }
        verdict
    }
}

/// Where a text is remembered. Whoever finds many texts of one place makes their judgement as slow as it is without.
fn place(text: &str) -> usize {
    let mix = |hash: u64, bytes: &[u8; 8]| {
        (hash ^ u64::from_le_bytes(*bytes)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    };
    let (words, _) = text.as_bytes().as_chunks::<8>();
    let end = text.as_bytes().last_chunk::<8>();
    let hash = words.iter().chain(end).fold(text.len() as u64, mix);
    hash as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_judged_alike_again_and_by_each_form_anew() {
        let mut known = KnownTexts::default();
        let texts = [
            "Infusion pump 17",
            "Meier^Anna^19500101",
            "host-1950-01-01",
            "AB12345678",
            "ward 3, room 12",
            "Meier, Anna",
        ];
        for _ in 0..2 {
            for text in texts {
                for form in Form::ALL {
                    assert_eq!(known.judge(*form, text), form.judge(text), "{form:?} {text}");
                }
            }
        }
        assert!(known.places.iter().all(|(form, text)| form.is_none_or(|form| form.judge(text) == Verdict::Whole)));
    }
}
