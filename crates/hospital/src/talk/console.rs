//! Telnet (RFC 854) and FTP (RFC 959): sign-ins that anybody can read.

use crate::frames::{Moment, Station, Tape};
use crate::tcp::Talk;

/// Options are agreed, the server greets, somebody signs in with what the maker ships.
pub fn telnet(tape: &mut Tape, at: Moment, client: &Station, server: &Station, greeting: &str) {
    let mut talk = Talk::open(tape, at, client, server, 23);
    // WILL ECHO, WILL SUPPRESS-GO-AHEAD, DO TERMINAL-TYPE; DO ECHO, DO SUPPRESS-GO-AHEAD, WONT TERMINAL-TYPE.
    talk.answer([0xff, 0xfb, 1, 0xff, 0xfb, 3, 0xff, 0xfd, 24]);
    talk.say([0xff, 0xfd, 1, 0xff, 0xfd, 3, 0xff, 0xfc, 24]);
    talk.answer(format!("{greeting}\r\n\r\nlogin: "));
    for key in ["a", "d", "m", "i", "n"] {
        talk.wait_ms(160).say(key).answer(key);
    }
    talk.say("\r\n").answer("\r\nPassword: ");
    for key in ["a", "d", "m", "i", "n"] {
        talk.wait_ms(140).say(key);
    }
    talk.say("\r\n").wait_ms(30).answer("\r\nWelcome.\r\n> ");
    talk.say("show CANARYTELNETINPUT\r\n").answer("show CANARYTELNETINPUT\r\nno such patient: CANARYTELNETTEXT\r\n> ");
    talk.say("exit\r\n").close();
}

/// Somebody signs in and stores a file.
pub fn ftp(tape: &mut Tape, at: Moment, client: &Station, server: &Station, greeting: &str) {
    let mut talk = Talk::open(tape, at, client, server, 21);
    talk.answer(format!("220 {greeting}\r\n"));
    for (command, reply) in [
        ("USER CANARYFTPUSER-1", "331 Password required"),
        ("PASS CANARYFTPSECRET-1", "230 Logged in"),
        ("SYST", "215 UNIX Type: L8"),
        ("TYPE I", "200 Type set"),
        ("CWD CANARYFTPFOLDER", "250 Directory changed"),
        ("PWD", "257 \"/CANARYFTPFOLDER\""),
        ("NOOP", "200 Done"),
        ("QUIT", "221 Goodbye"),
    ] {
        talk.wait_ms(8).say(format!("{command}\r\n")).answer(format!("{reply}\r\n"));
    }
    talk.close();
}
