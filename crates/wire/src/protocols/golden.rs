//! Golden messages: `golden/<name>.hex` of a protocol, and whatever else is written in that way.
//!
//! A `.hex` file is for people: hexadecimal bytes and "quoted text" (with `\r \n \t \\ \" \xHH`), `#` comments to the
//! end of the line, `>` and `<` starting a new piece to the responder and back, and a first line
//! `! stream 104`, `! datagram 161`, `! ethertype 0806`, `! snap 00000c 2000`, `! llc 42` or `! ip 58` naming the carrier.
//! Patient-shaped text in a golden holds the word CANARY. Golden messages are synthetic.
//!
//! Tests of other crates take this file in as a module of their own.
#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};

use super::{Carrier, Direction};

pub(crate) struct Golden {
    pub(crate) path: PathBuf,
    pub(crate) carrier: Carrier,
    pub(crate) port: u16,
    pub(crate) pieces: Vec<(Direction, Vec<u8>)>,
}

/// Every golden of a folder, in the order of their names.
pub(crate) fn all_in(folder: &Path, otherwise: Carrier) -> Vec<Golden> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "hex"));
    paths.sort();
    paths.into_iter().map(|path| read(path, otherwise)).collect()
}

/// Reads one; where it names no carrier, it is another.
fn read(path: PathBuf, otherwise: Carrier) -> Golden {
    let text = std::fs::read_to_string(&path).unwrap();
    let mut carrier = otherwise;
    let mut port = 0;
    let mut pieces: Vec<(Direction, Vec<u8>)> = Vec::new();
    for line in text.lines() {
        if let Some(header) = line.strip_prefix('!') {
            let words: Vec<&str> = header.split_whitespace().collect();
            let number = |index: usize| words.get(index).map_or(0, |word| word.parse::<u16>().unwrap());
            (carrier, port) = match words[0] {
                "stream" => (Carrier::Stream(&[]), number(1)),
                "datagram" => (Carrier::Datagram(&[]), number(1)),
                "ethertype" => (Carrier::EtherType(u16::from_str_radix(words[1], 16).unwrap()), 0),
                "llc" => (Carrier::Llc(u8::from_str_radix(words[1], 16).unwrap()), 0),
                "ip" => (Carrier::IpProtocol(words[1].parse().unwrap()), 0),
                "snap" => {
                    let oui = u32::from_str_radix(words[1], 16).unwrap().to_be_bytes();
                    (Carrier::Snap([oui[1], oui[2], oui[3]], u16::from_str_radix(words[2], 16).unwrap()), 0)
                }
                other => panic!("{}: unknown carrier {other}", path.display()),
            };
            continue;
        }
        read_line(line, &path, &mut pieces);
    }
    pieces.retain(|(_, bytes)| !bytes.is_empty());
    assert!(!pieces.is_empty(), "{} holds no bytes", path.display());
    Golden { path, carrier, port, pieces }
}

fn read_line(line: &str, path: &Path, pieces: &mut Vec<(Direction, Vec<u8>)>) {
    let mut characters = line.chars().peekable();
    let mut pair = String::new();
    while let Some(character) = characters.next() {
        match character {
            '#' => break,
            '>' => pieces.push((Direction::ToResponder, Vec::new())),
            '<' => pieces.push((Direction::ToInitiator, Vec::new())),
            '"' => {
                let mut text = Vec::new();
                loop {
                    match characters.next() {
                        Some('"') => break,
                        Some('\\') => text.push(match characters.next() {
                            Some('r') => b'\r',
                            Some('n') => b'\n',
                            Some('t') => b'\t',
                            Some('x') => {
                                let digits: String = characters.by_ref().take(2).collect();
                                u8::from_str_radix(&digits, 16).unwrap()
                            }
                            Some(other) => other as u8,
                            None => panic!("{}: text ends in a backslash", path.display()),
                        }),
                        Some(other) => text.extend(other.to_string().as_bytes()),
                        None => panic!("{}: text without closing quote: {line}", path.display()),
                    }
                }
                last(pieces).extend(text);
            }
            blank if blank.is_whitespace() => {}
            digit => {
                pair.push(digit);
                if pair.len() == 2 {
                    let byte = u8::from_str_radix(&pair, 16);
                    last(pieces).push(byte.unwrap_or_else(|_| panic!("{}: {pair} in: {line}", path.display())));
                    pair.clear();
                }
            }
        }
    }
    assert!(pair.is_empty(), "{}: half a byte in: {line}", path.display());
}

fn last(pieces: &mut Vec<(Direction, Vec<u8>)>) -> &mut Vec<u8> {
    if pieces.is_empty() {
        pieces.push((Direction::ToResponder, Vec::new()));
    }
    &mut pieces.last_mut().unwrap().1
}
