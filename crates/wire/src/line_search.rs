//! Finds line ends in a stream, looking at each byte once however the bytes arrive.

/// Where to go on looking in bytes that a session left unread.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LineSearch {
    scanned: usize,
}

impl LineSearch {
    /// The next line without its end, and how many bytes it takes with it. `None` until its LF is there: leave the
    /// bytes unread and ask again with more.
    pub(crate) fn next<'a>(&mut self, bytes: &'a [u8]) -> Option<(&'a [u8], usize)> {
        let fresh = bytes.get(self.scanned..).unwrap_or_default();
        let Some(end) = fresh.iter().position(|byte| *byte == b'\n') else {
            self.scanned = bytes.len();
            return None;
        };
        let end = self.scanned.saturating_add(end);
        self.scanned = 0;
        let line = bytes.get(..end).unwrap_or_default();
        Some((line.strip_suffix(b"\r").unwrap_or(line), end.saturating_add(1)))
    }

    /// How many bytes lines take up to an empty one, that one included. `None` until it is there.
    pub(crate) fn empty_line(&mut self, bytes: &[u8]) -> Option<usize> {
        // The last two bytes before may already begin the end.
        let start = self.scanned.saturating_sub(2);
        let fresh = bytes.get(start..).unwrap_or_default();
        let mut rest = fresh;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            rest = rest.get(end.saturating_add(1)..).unwrap_or_default();
            let after = match rest {
                [b'\n', after @ ..] | [b'\r', b'\n', after @ ..] => after,
                _ => continue,
            };
            self.scanned = 0;
            return Some(bytes.len().saturating_sub(after.len()));
        }
        self.scanned = bytes.len();
        None
    }

    /// Forgets the bytes looked at: they are gone.
    pub(crate) const fn restart(&mut self) {
        self.scanned = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_however_the_bytes_arrive() {
        let bytes = b"one\r\ntwo\nthree";
        let mut search = LineSearch::default();
        for cut in 0..5 {
            assert_eq!(search.next(&bytes[..cut]), None);
        }
        assert_eq!(search.next(bytes), Some((b"one".as_slice(), 5)));
        assert_eq!(search.next(&bytes[5..]), Some((b"two".as_slice(), 4)));
        assert_eq!(search.next(&bytes[9..]), None);
    }

    #[test]
    fn an_empty_line_is_found_however_the_bytes_arrive() {
        for (bytes, end) in [(b"a\r\nb\r\n\r\nrest".as_slice(), 8), (b"a\n\nrest", 3), (b"a\r\n\nx\n\n", 4)] {
            let mut search = LineSearch::default();
            assert_eq!(search.empty_line(bytes), Some(end));
            for cut in 0..end {
                assert_eq!(search.empty_line(&bytes[..cut]), None, "{cut}");
            }
            assert_eq!(search.empty_line(bytes), Some(end));
        }
    }
}
