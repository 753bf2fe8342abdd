//! What should not be: two devices on one address, sign-ins that anybody can read, and somebody who tries doors.

use std::net::Ipv4Addr;

use super::{at, every};
use crate::frames::Station;
use crate::frames::{NETWORK, Tape};
use crate::talk::{console, names};
use crate::tcp::{Outcome, Talk};
use crate::ward::devices::{BARCODE_READER, LABEL_PRINTER, PACS, SERIAL_SERVER, WORKSTATIONS};

/// Plays it.
pub fn play(tape: &mut Tape) {
    one_address_for_two(tape);
    consoles(tape);
    scan(tape);
}

/// The label printer's address was set by hand; so was the barcode reader's.
fn one_address_for_two(tape: &mut Tape) {
    let [first, ..] = &WORKSTATIONS;
    for at in every(1_800, at(7, 0, 0), at(11, 30, 0)) {
        tape.arp_claim(at, &LABEL_PRINTER.station());
        tape.arp_claim(at.after_s(640), &BARCODE_READER.station());
    }
    for hour in [7, 8] {
        let mut talk = Talk::open(tape, at(hour, 6, 0), &first.station(), &LABEL_PRINTER.station(), 9_100);
        talk.say("^XA^FO20,20^A0N,40,40^FDCANARY PATIENT^FS^XZ\r\n");
        talk.close();
    }
}

fn consoles(tape: &mut Tape) {
    let [_, second, _] = &WORKSTATIONS;
    let greeting = "Lantronix EDS4100 Device Server\r\nSerial Number 0042310086 MAC address 00:80:A3:31:00:86\r\nSoftware Version 5.4";
    console::telnet(tape, at(8, 50, 0), &second.station(), &SERIAL_SERVER.station(), greeting);
    console::ftp(tape, at(8, 55, 0), &second.station(), &SERIAL_SERVER.station(), "Lantronix EDS4100 FTP server ready");
}

/// The third workstation tries addresses of another network, a few ports of the archive, and names nobody has.
fn scan(tape: &mut Tape) {
    let [.., third] = &WORKSTATIONS;
    let third = third.station();
    for host in 1..=24_u8 {
        let ip = Ipv4Addr::new(10, 20, 9, host);
        let nobody = Station { ip, stack: NETWORK, ..PACS.station() };
        for (offset, port) in [(0, 445), (40, 3_389)] {
            let at = at(9, 40, 0).after_ms(u64::from(host).saturating_mul(95).saturating_add(offset));
            Talk::attempt(tape, at, &third, &nobody, port, Outcome::Silence);
        }
        // In its own network nobody even answers to the address.
        let unused = Ipv4Addr::new(10, 20, 30, host.saturating_add(220));
        tape.arp_request(at(9, 39, 0).after_ms(u64::from(host).saturating_mul(60)), &third, unused);
    }
    for (index, port) in (0_u64..).zip([21, 22, 23, 80, 139, 445, 3_389]) {
        Talk::attempt(
            tape,
            at(9, 42, 0).after_ms(index.saturating_mul(70)),
            &third,
            &PACS.station(),
            port,
            Outcome::Refused,
        );
    }
    for name in ["fileserver", "backup"] {
        names::llmnr(tape, at(9, 43, 0), &third, name, None);
    }
}
