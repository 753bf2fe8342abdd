//! Names that attack whoever reads them: nothing in a spreadsheet is a formula, nothing obeys in a terminal, and everything is
//! still there to be seen.

use std::net::Ipv4Addr;

use axum::http::header;

use crate::client::{Client, start};

#[path = "../labelled/capture.rs"]
#[allow(dead_code)]
mod capture;

use capture::{Capture, Host};

const HOSTILE: [&str; 16] = [
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    " =1+1",
    "\"=1+1\"",
    "x\",\"=HYPERLINK(\"\"http://evil.example\"\")",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u{1b}]0;owned\u{7}",
    "\u{1b}[2Jgone",
    "\u{202e}gnp.exe",
    "a\r\nSet-Cookie: x=1",
    "a\n=1+1",
    "%0d%0a=1",
];

/// A DHCP request that names its host (RFC 2131 §2, RFC 2132 §3.14).
fn request(mac: [u8; 6], name: &str) -> Vec<u8> {
    let mut bytes = vec![1, 1, 6, 0, 1, 2, 3, mac[5]];
    bytes.extend([0; 20]);
    bytes.extend(mac);
    bytes.extend([0; 202]);
    bytes.extend([99, 130, 83, 99, 53, 1, 3]);
    bytes.extend([12, u8::try_from(name.len()).unwrap()]);
    bytes.extend(name.as_bytes());
    bytes.push(255);
    bytes
}

#[test]
fn names_attack_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile.pcap");
    let mut hostile = Capture::new();
    let server = Host { mac: [0, 0x50, 0x56, 0xff, 0, 1], ip: Ipv4Addr::new(10, 20, 255, 1) };
    for (number, name) in (1_u8..).zip(HOSTILE) {
        let host = Host { mac: [0, 0x50, 0x56, 1, 0, number], ip: Ipv4Addr::new(10, 20, 0, number) };
        hostile.udp(host, server, (68, 67), &request(host.mac, name));
    }
    hostile.write(&path);
    let platform = start(&folder.path().join("data"));
    let mut ada = Client::first(&platform);
    ada.bring("hostile.pcap", std::fs::read(&path).unwrap());
    let list = ada.until("/api/v1/devices?limit=100", |list| list["total"].as_u64() >= Some(HOSTILE.len() as u64));
    // They are told: who looks for an attack has to see it.
    let names: Vec<&str> =
        list["items"].as_array().unwrap().iter().filter_map(|row| row["hostname"].as_str()).collect();
    assert!(names.iter().any(|name| name.contains("<script>")), "{names:?}");
    assert!(names.iter().any(|name| name.contains("cmd|")), "{names:?}");

    let csv = ada.get("/api/v1/devices/export");
    assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let text = csv.text();
    let rows = cells(&text);
    assert!(rows.len() > HOSTILE.len());
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        for cell in row {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '|', '%']), "{cell:?}");
            assert!(!cell.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{cell:?}");
        }
    }
    for row in list["items"].as_array().unwrap() {
        let why = ada.get(&format!("/api/v1/devices/{}/why/hostname", row["id"].as_str().unwrap())).json();
        let text = why["text"].as_str().unwrap();
        assert!(
            !text.chars().any(|letter| (letter.is_control() && letter != '\n') || letter == '\u{202e}'),
            "{text:?}"
        );
    }
    let metrics = ada.get("/metrics").text();
    assert!(!metrics.contains("script") && !metrics.contains("owned"), "{metrics}");
    platform.stop();
}

/// Reads CSV as RFC 4180 says.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {
                letters.next();
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            letter => cell.push(letter),
        }
    }
    rows
}
