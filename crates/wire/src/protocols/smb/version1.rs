//! SMB 1 (MS-CIFS, with the extended security of MS-SMB): negotiation and session setup.

use model::{Messages, Weakness};

use super::operation::Operation;
use super::session::{Connection, DIALECTS_MAX, Unit};
use super::version2::guid_text;
use super::{
    DIALECT, GUEST, NATIVE_LAN_MANAGER, NATIVE_OS, PRIMARY_DOMAIN, RESPONSE, SERVER_GUID, SERVER_NAME,
    SIGNING_REQUIRED, SMB_VERSION, STATUS, ntlm,
};
use crate::reader::{Reader, Truncated};
use crate::stack_text::StackText;

/// The header is so long (MS-CIFS §2.2.3.1).
pub(super) const HEADER_BYTES: usize = 32;

/// SMB_FLAGS_REPLY.
const FLAG_RESPONSE: u8 = 0x80;
/// SMB_FLAGS2_SMB_SECURITY_SIGNATURE.
const FLAG2_SIGNED: u16 = 0x0004;
/// SMB_FLAGS2_UNICODE.
const FLAG2_UNICODE: u16 = 0x8000;

/// NEGOTIATE_ENCRYPT_PASSWORDS, …_SECURITY_SIGNATURES_ENABLED and …_REQUIRED (MS-CIFS §2.2.4.52.2).
const MODE_ENCRYPT_PASSWORDS: u8 = 0x02;
const MODE_SIGNING_ENABLED: u8 = 0x04;
const MODE_SIGNING_REQUIRED: u8 = 0x08;
/// CAP_EXTENDED_SECURITY (MS-SMB §2.2.4.5.2.1).
const CAPABILITY_EXTENDED_SECURITY: u32 = 0x8000_0000;
/// SMB_COM_TREE_CONNECT_ANDX, which often follows a session setup in the same message.
const TREE_CONNECT_ANDX: u8 = 0x75;
/// SMB_SETUP_GUEST: the client is let in as a guest (MS-CIFS §2.2.4.53.2).
const ACTION_GUEST: u16 = 0x0001;
/// The server knows none of the dialects.
const NO_DIALECT: u16 = 0xffff;

/// The dialects that have a name (MS-CIFS §1.7 and §6 note 2, MS-SMB §1.7, MS-SMB2 §1.7).
static DIALECTS: &[&str] = &[
    "NT LM 0.12",
    "SMB 2.002",
    "SMB 2.???",
    "LANMAN1.0",
    "LM1.2X002",
    "LANMAN2.1",
    "PC NETWORK PROGRAM 1.0",
    "Windows for Workgroups 3.1a",
    "MICROSOFT NETWORKS 1.03",
    "MICROSOFT NETWORKS 3.0",
    "DOS LM1.2X002",
    "DOS LANMAN2.1",
    "NT LANMAN 1.0",
    "PCLAN1.0",
    "XENIX CORE",
    "Samba",
    "POSIX 2",
];

/// Reads the header at the front (MS-CIFS §2.2.3.1).
pub(super) fn unit(bytes: &[u8]) -> Option<Unit<'_>> {
    let mut reader = Reader::new(bytes.get(..HEADER_BYTES)?);
    reader.skip(4, "Protocol").ok()?;
    let command = reader.u8("Command").ok()?;
    let status = reader.u32_le("Status").ok()?;
    let flags = reader.u8("Flags").ok()?;
    let flags2 = reader.u16_le("Flags2").ok()?;
    Some(Unit {
        bytes,
        operation: Operation::of_version1(command)?,
        response: flags & FLAG_RESPONSE != 0,
        success: status == 0,
        signed: flags2 & FLAG2_SIGNED != 0,
    })
}

/// The two parts after the header: words, and bytes with their strings.
struct Body<'a> {
    words: Reader<'a>,
    word_count: u8,
    strings: Strings<'a>,
}

/// The byte part; strings in Unicode are aligned to the header (MS-CIFS §2.2.1.1).
struct Strings<'a> {
    message: &'a [u8],
    position: usize,
    end: usize,
    unicode: bool,
}

fn body<'a>(unit: &Unit<'a>) -> Result<Body<'a>, Truncated> {
    let flags2 = unit.bytes.get(10..12).and_then(|bytes| bytes.first_chunk()).map_or(0, |b| u16::from_le_bytes(*b));
    let mut reader = Reader::new(unit.bytes);
    reader.skip(HEADER_BYTES, "header")?;
    let word_count = reader.u8("WordCount")?;
    let words = reader.part(usize::from(word_count).saturating_mul(2), "Words")?;
    let byte_count = usize::from(reader.u16_le("ByteCount")?);
    let position = unit.bytes.len().saturating_sub(reader.len());
    let end = position.saturating_add(byte_count.min(reader.len()));
    let strings = Strings { message: unit.bytes, position, end, unicode: flags2 & FLAG2_UNICODE != 0 };
    Ok(Body { words, word_count, strings })
}

impl<'a> Strings<'a> {
    fn rest(&self) -> &'a [u8] {
        self.message.get(self.position..self.end).unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let taken = self.rest().get(..length).unwrap_or(self.rest());
        self.position = self.position.saturating_add(taken.len());
        taken
    }

    /// The next string, which ends in a NUL, or where the message does.
    fn next(&mut self) -> StackText {
        if self.unicode {
            self.position = self.position.saturating_add(self.position & 1);
        }
        self.next_unaligned()
    }

    fn next_unaligned(&mut self) -> StackText {
        let rest = self.rest();
        if self.unicode {
            let units = rest.chunks_exact(2).take_while(|unit| *unit != [0, 0]).count();
            let length = units.saturating_mul(2);
            self.take(length.saturating_add(2));
            StackText::from_utf16_le(rest.get(..length).unwrap_or_default())
        } else {
            let length = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
            self.take(length.saturating_add(1));
            StackText::from_latin1(rest.get(..length).unwrap_or_default())
        }
    }
}

/// SMB_COM_NEGOTIATE (MS-CIFS §2.2.4.52, MS-SMB §2.2.4.5).
pub(super) fn negotiate(
    connection: &mut Connection,
    unit: &Unit<'_>,
    messages: &mut Messages,
) -> Result<(), Truncated> {
    let mut body = body(unit)?;
    if unit.response { negotiated(connection, &mut body, messages) } else { offered(connection, &mut body, messages) }
}

fn offered(connection: &mut Connection, body: &mut Body<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    // Dialects are ASCII whatever the flags say, each after a 0x02.
    body.strings.unicode = false;
    connection.dialects = [None; DIALECTS_MAX];
    for slot in &mut connection.dialects {
        if body.strings.take(1) != [2] {
            break;
        }
        let name = body.strings.next();
        *slot = DIALECTS.iter().copied().find(|known| *known == name.as_str().trim_start_matches('\u{2}'));
    }
    let message = messages.begin("smb", "negotiate");
    message.flag(&RESPONSE, false);
    for dialect in connection.dialects.iter().flatten() {
        message.str(&DIALECT, dialect);
    }
    message.operated("negotiate");
    Ok(())
}

fn negotiated(connection: &mut Connection, body: &mut Body<'_>, messages: &mut Messages) -> Result<(), Truncated> {
    let index = body.words.u16_le("DialectIndex")?;
    if index == NO_DIALECT {
        return Ok(());
    }
    // The answer of NT LM 0.12 has 17 words, that of LANMAN dialects 13, that of the core dialect 1.
    let mode = if body.word_count >= 13 { body.words.u8("SecurityMode")? } else { 0 };
    let mut domain = StackText::new();
    let mut server = StackText::new();
    let mut guid: Option<[u8; 16]> = None;
    if body.word_count == 13 {
        // The LANMAN dialects' answer: the challenge, then the domain, whatever the flags say in the servers' own code
        // page (MS-CIFS §2.2.4.52.2).
        body.words.skip(19, "MaxBufferSize … ServerTimeZone")?;
        let challenge_length = usize::from(body.words.u16_le("ChallengeLength")?);
        body.strings.take(challenge_length);
        body.strings.unicode = false;
        domain = body.strings.next_unaligned();
    } else if body.word_count == 17 {
        body.words.skip(16, "MaxMpxCount … SessionKey")?;
        let capabilities = body.words.u32_le("Capabilities")?;
        body.words.skip(10, "SystemTime, ServerTimeZone")?;
        let challenge_length = usize::from(body.words.u8("ChallengeLength")?);
        if capabilities & CAPABILITY_EXTENDED_SECURITY != 0 {
            // MS-SMB §2.2.4.5.2.1: the server's identifier, then a security blob.
            guid = body.strings.rest().first_chunk().copied();
        } else {
            body.strings.take(challenge_length);
            // These two are not aligned (MS-CIFS §2.2.4.52.2), and servers disagree on what makes them Unicode: the
            // flag or the capability. A character of theirs shows it.
            body.strings.unicode = matches!(body.strings.rest(), [_, 0, ..]);
            domain = body.strings.next_unaligned();
            server = body.strings.next_unaligned();
        }
    }
    let required = mode & MODE_SIGNING_REQUIRED != 0;
    connection.signing_required = Some(required);
    connection.encrypts_passwords = Some(mode & MODE_ENCRYPT_PASSWORDS != 0);
    connection.version1_agreed();

    let dialect = connection.dialects.get(usize::from(index)).copied().flatten();
    let message = messages.begin("smb", "negotiate");
    message.flag(&RESPONSE, true).number(&SMB_VERSION, 1_u32).flag(&SIGNING_REQUIRED, required);
    message.str(&DIALECT, dialect.unwrap_or_default());
    message.str(&PRIMARY_DOMAIN, domain.as_str()).str(&SERVER_NAME, server.as_str());
    if let Some(guid) = guid {
        message.str(&SERVER_GUID, guid_text(guid).as_str());
    }
    message.operated("negotiate").weak(Weakness::SmbVersion1);
    if mode & (MODE_SIGNING_ENABLED | MODE_SIGNING_REQUIRED) == 0 {
        message.weak(Weakness::SmbUnsigned);
        connection.signing_is_judged();
    }
    Ok(())
}

/// What a session setup holds, whichever of its forms it has.
struct SessionSetup<'a> {
    blob: &'a [u8],
    native_os: StackText,
    native_lan_manager: StackText,
    domain: StackText,
    weakness: Option<Weakness>,
    guest: bool,
}

/// SMB_COM_SESSION_SETUP_ANDX (MS-CIFS §2.2.4.53, MS-SMB §2.2.4.6).
pub(super) fn session_setup(
    connection: &mut Connection,
    unit: &Unit<'_>,
    messages: &mut Messages,
) -> Result<(), Truncated> {
    let mut body = body(unit)?;
    let next_command = body.words.peek();
    let setup = if unit.response {
        answer(&mut body)
    } else {
        request(&mut body, connection.encrypts_passwords == Some(false))
    };

    let message = messages.begin("smb", "session_setup");
    message.flag(&RESPONSE, unit.response).operated("session_setup");
    if unit.response {
        message.number(&STATUS, status(unit.bytes));
    }
    // An answer without words refuses, and holds nothing.
    if let Ok(setup) = &setup {
        message.str(&NATIVE_OS, setup.native_os.as_str());
        message.str(&NATIVE_LAN_MANAGER, setup.native_lan_manager.as_str());
        message.str(&PRIMARY_DOMAIN, setup.domain.as_str());
        if unit.success && setup.guest {
            message.flag(&GUEST, true).weak(Weakness::AnonymousAccess);
        }
        if let Some(weakness) = setup.weakness {
            message.weak(weakness);
        }
        ntlm::decode(setup.blob, messages);
    }
    if next_command == Some(TREE_CONNECT_ANDX) && !unit.response {
        connection.note(Operation::TreeConnect, messages);
    }
    Ok(())
}

/// The path of SMB_COM_TREE_CONNECT_ANDX (MS-CIFS §2.2.4.55.1).
pub(super) fn tree_path(unit: &Unit<'_>) -> Result<StackText, Truncated> {
    let mut body = body(unit)?;
    body.words.skip(6, "AndX, Flags")?;
    let password = body.words.u16_le("PasswordLength")?;
    body.strings.take(usize::from(password));
    Ok(body.strings.next())
}

/// The request: 13 words with passwords, 12 with a security blob, 10 in LANMAN dialects.
fn request<'a>(body: &mut Body<'a>, cleartext: bool) -> Result<SessionSetup<'a>, Truncated> {
    let (words, strings) = (&mut body.words, &mut body.strings);
    words.skip(14, "AndX … SessionKey")?;
    let first = words.u16_le("password or blob length")?;
    let mut blob: &[u8] = &[];
    let mut domain = StackText::new();
    let mut weakness = None;
    if body.word_count == 12 {
        blob = strings.take(usize::from(first));
    } else {
        let second = if body.word_count == 13 { words.u16_le("UnicodePasswordLen")? } else { 0 };
        weakness = password_weakness(first, second, cleartext);
        strings.take(usize::from(first).saturating_add(usize::from(second)));
        // The account name: passed over, never kept.
        let _ = strings.next();
        domain = strings.next();
    }
    let (native_os, native_lan_manager) = (strings.next(), strings.next());
    if body.word_count == 12 {
        domain = strings.next();
    }
    Ok(SessionSetup { blob, native_os, native_lan_manager, domain, weakness, guest: false })
}

/// What the lengths of the two password fields tell: one byte at most is no password.
const fn password_weakness(oem: u16, unicode: u16, cleartext: bool) -> Option<Weakness> {
    match (oem, unicode) {
        (0 | 1, 0 | 1) => None,
        _ if cleartext => Some(Weakness::CleartextCredentials),
        // LAN Manager alone is no better than NTLM version 1.
        (_, ntlm::NTLM1_RESPONSE_BYTES) | (ntlm::NTLM1_RESPONSE_BYTES, 0) => Some(Weakness::NtlmVersion1),
        _ => None,
    }
}

/// The answer: 3 words, or 4 with a security blob.
fn answer<'a>(body: &mut Body<'a>) -> Result<SessionSetup<'a>, Truncated> {
    let (words, strings) = (&mut body.words, &mut body.strings);
    words.skip(4, "AndX")?;
    let action = words.u16_le("Action")?;
    let blob: &[u8] = match words.u16_le("SecurityBlobLength") {
        Ok(length) => strings.take(usize::from(length)),
        Err(_) => &[],
    };
    let (native_os, native_lan_manager, domain) = (strings.next(), strings.next(), strings.next());
    Ok(SessionSetup { blob, native_os, native_lan_manager, domain, weakness: None, guest: action & ACTION_GUEST != 0 })
}

fn status(bytes: &[u8]) -> u32 {
    bytes.get(5..9).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}
