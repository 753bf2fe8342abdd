//! The link: frames on the one side, the records that are read on the other (LIS01-A2 §6, LIS2-A2 §5).

pub(super) const SOH: u8 = 0x01;
pub(super) const STX: u8 = 0x02;
pub(super) const ETX: u8 = 0x03;
pub(super) const EOT: u8 = 0x04;
pub(super) const ENQ: u8 = 0x05;
pub(super) const ACK: u8 = 0x06;
pub(super) const VT: u8 = 0x0b;
pub(super) const NAK: u8 = 0x15;
pub(super) const ETB: u8 = 0x17;
const FS: u8 = 0x1c;
const LF: u8 = b'\n';
const CR: u8 = b'\r';

/// The longest header record that is kept, in bytes; its further fields are cut.
const HEADER_BYTES_MAX: usize = 1_024;
/// How much of a result record is kept, in bytes: its test stands in the third field.
const RESULT_BYTES_MAX: usize = 96;

/// A record of which something is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record<'a> {
    Header(&'a [u8]),
    /// The beginning of a result, up to where its frame ends at most.
    Result(&'a [u8]),
    /// The terminator: what the message holds was told.
    End,
}

/// Where in the stream the next byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Between records: the next letter says which record begins.
    #[default]
    Between,
    /// In a header record, which is kept.
    Header,
    /// In a result record, whose beginning is kept until it was looked at.
    Result,
    /// In any other record, which is not.
    Other,
    /// After STX: the frame's number.
    FrameNumber,
    /// After ETB or ETX: checksum, CR, LF.
    Trailer,
}

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Lane {
    place: Place,
    /// Where the next frame goes on.
    resume: Place,
    header: Vec<u8>,
    result: Vec<u8>,
    /// The frame at hand, and where it began: one that is sent again takes the place of the first attempt.
    frame: Option<u8>,
    frame_start: (Place, usize),
    /// The frame at hand ended with neither ETB nor ETX: bytes of it are missing.
    broken: bool,
}

impl Lane {
    /// Takes the next bytes and hands over every record that they complete.
    pub(super) fn take(&mut self, mut bytes: &[u8], found: &mut dyn FnMut(Record<'_>)) {
        while let [byte, rest @ ..] = bytes {
            if is_control(*byte) {
                self.control(*byte, found);
                bytes = rest;
                continue;
            }
            let length = bytes.iter().position(|byte| is_control(*byte)).unwrap_or(bytes.len());
            bytes = match self.place {
                Place::Between => {
                    self.place = match *byte {
                        b'H' => Place::Header,
                        b'R' => Place::Result,
                        _ => Place::Other,
                    };
                    if *byte == b'L' {
                        found(Record::End);
                    }
                    self.header.clear();
                    self.result.clear();
                    bytes
                }
                Place::Header => keep(&mut self.header, HEADER_BYTES_MAX, bytes, length),
                Place::Result => keep(&mut self.result, RESULT_BYTES_MAX, bytes, length),
                Place::FrameNumber => {
                    let number = matches!(*byte, b'0'..=b'7').then_some(*byte);
                    self.frame_begins(number);
                    // Some devices leave the number out.
                    if number.is_some() { rest } else { bytes }
                }
                Place::Other | Place::Trailer => bytes.get(length..).unwrap_or_default(),
            };
        }
    }

    /// Bytes are missing: whatever record comes next is passed over up to its end.
    pub(super) fn lose_track(&mut self) {
        *self = Self {
            place: Place::Other,
            resume: Place::Other,
            header: std::mem::take(&mut self.header),
            ..Self::default()
        };
        self.header.clear();
    }

    /// The number tells a frame sent again (same number) from the next one (LIS01-A2 §6.5). A header is only continued
    /// by the very next frame: anything else would put another record's fields, a patient's, in the header's places.
    fn frame_begins(&mut self, number: Option<u8>) {
        let broken = std::mem::take(&mut self.broken);
        if number.is_some() && number == self.frame {
            let (place, length) = self.frame_start;
            self.resume = place;
            self.header.truncate(length);
        } else if self.resume == Place::Header && (broken || number != self.frame.map(following)) {
            self.resume = Place::Other;
            self.header.clear();
        }
        self.frame = number;
        self.frame_start = (self.resume, self.header.len());
        self.place = self.resume;
    }

    fn control(&mut self, byte: u8, found: &mut dyn FnMut(Record<'_>)) {
        match (byte, self.place) {
            (STX, place) => {
                self.broken = matches!(place, Place::Header | Place::Result | Place::Other | Place::FrameNumber);
                self.place = Place::FrameNumber;
            }
            // The rest of the result, in the next frame, is passed over.
            (ETB, Place::Result) => {
                self.record_ends(found);
                self.resume = Place::Other;
                self.place = Place::Trailer;
            }
            (ETB, Place::Between | Place::Header | Place::Other) => {
                self.resume = self.place;
                self.place = Place::Trailer;
            }
            (ETX, _) => {
                self.record_ends(found);
                self.resume = Place::Between;
                self.place = Place::Trailer;
            }
            (CR | LF, Place::Between | Place::Header | Place::Result | Place::Other) => {
                self.record_ends(found);
                self.place = Place::Between;
            }
            (VT | FS, _) => {
                self.record_ends(found);
                self.place = Place::Between;
            }
            (SOH | ENQ | EOT, _) => {
                self.header.clear();
                *self = Self { header: std::mem::take(&mut self.header), ..Self::default() };
            }
            // Acknowledgements of what the other side sends, and stray control characters.
            _ => {}
        }
    }

    fn record_ends(&mut self, found: &mut dyn FnMut(Record<'_>)) {
        if self.place == Place::Header {
            found(Record::Header(&self.header));
            self.header.clear();
        } else if self.place == Place::Result {
            found(Record::Result(&self.result));
            self.result.clear();
        }
    }
}

/// Keeps so many of the bytes as there is room for, and returns those behind them all.
fn keep<'a>(kept: &mut Vec<u8>, most: usize, bytes: &'a [u8], length: usize) -> &'a [u8] {
    let (text, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
    kept.extend(text.iter().take(most.saturating_sub(kept.len())));
    rest
}

/// The number of the frame after the one of that number: they go from 1 to 7, then 0 (LIS01-A2 §6.3.1).
const fn following(number: u8) -> u8 {
    if number == b'7' { b'0' } else { number.saturating_add(1) }
}

const fn is_control(byte: u8) -> bool {
    matches!(byte, SOH..=ACK | LF..=CR | NAK | ETB | FS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(stream: &[u8], cut: usize) -> Vec<String> {
        let (mut lane, mut found) = (Lane::default(), Vec::new());
        for bytes in stream.chunks(cut) {
            lane.take(bytes, &mut |record| match record {
                Record::Header(record) => found.push(String::from_utf8_lossy(record).into_owned()),
                Record::Result(record) => found.push(String::from_utf8_lossy(record).into_owned()),
                Record::End => found.push("end".to_owned()),
            });
        }
        found
    }

    #[test]
    fn a_record_may_be_cut_across_frames_and_a_frame_sent_twice() {
        let stream = b"\x05\x021H|\\^&|||Ana\x1700\r\n\x022lyz\x1700\r\n\x022lyzer|\rP|1|x\x1700\r\n\x023yH|\rH|2\r\x0300\r\n\x04";
        for cut in 1..stream.len() {
            assert_eq!(headers(stream, cut), ["H|\\^&|||Analyzer|", "H|2"], "{cut}");
        }
    }

    #[test]
    fn a_header_is_continued_by_the_next_frame_only() {
        let begin = b"\x021H|\\^&|||Ana\x1700\r\n".as_slice();
        for lost in [
            b"\x023P|1|CANARY\r\x0300\r\n".as_slice(), // frame 2 is missing
            b"\x022ly\x023P|1|CANARY\r\x0300\r\n",     // its end is
            b"\x02P|1|CANARY\r\x0300\r\n",             // this one has no number
        ] {
            assert_eq!(headers(&[begin, lost].concat(), 5), Vec::<String>::new());
        }
        // Frames without any numbers follow each other.
        assert_eq!(headers(b"\x02H|1\x1700\r\n\x02|2\r\x0300\r\n", 4), ["H|1|2"]);
    }

    #[test]
    fn of_a_result_the_first_bytes_in_its_first_frame_are_handed_over() {
        let stream =
            [b"\x021R|1|^^^GLU|CAN\x1700\r\n\x022ARY\rR|2|^^^".as_slice(), &[b'N'; 200], b"|CANARY\rL|1\r\x0300\r\n"];
        let long = format!("R|2|^^^{}", "N".repeat(RESULT_BYTES_MAX - 7));
        for cut in [1, 7, 1_000] {
            assert_eq!(headers(&stream.concat(), cut), ["R|1|^^^GLU|CAN", &long, "end"], "{cut}");
        }
    }

    #[test]
    fn an_enquiry_starts_afresh() {
        assert_eq!(headers(b"\x05\x021H|1\x1700\r\n\x05\x021H|3\r\x0300\r\n", 3), ["H|3"]);
    }

    #[test]
    fn a_message_may_stand_between_start_of_heading_and_end_of_transmission() {
        assert_eq!(headers(b"\x01H|1\rP|1\rL|1\r\x04\x01H|2\r\x04", 3), ["H|1", "end", "H|2"]);
    }

    #[test]
    fn after_a_gap_the_record_at_hand_is_passed_over() {
        let (mut lane, mut found) = (Lane::default(), 0);
        lane.take(b"H|1", &mut |_| found += 1);
        lane.lose_track();
        lane.take(b"H|never\rH|2\r", &mut |record| {
            assert_eq!(record, Record::Header(b"H|2"));
            found += 1;
        });
        assert_eq!(found, 1);
    }

    #[test]
    fn a_header_is_bounded() {
        let stream = [b"H|".as_slice(), &[b'x'; 100_000], b"\r"].concat();
        assert_eq!(headers(&stream, 1_000)[0].len(), HEADER_BYTES_MAX);
    }
}
