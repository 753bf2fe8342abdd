//! Secure Shell (RFC 4251 to 4254), up to where encryption begins: the version exchange (RFC 4253 §4.2) and the
//! algorithms offered (§7.1). Version 1 is told by its banner only.
//!
//! Left out: lines before the version (free text), everything after the first key exchange message, and the lists from
//! server to client, which repeat the others in practice, but for the fingerprint.

use md5::{Digest, Md5};
use model::{Field, Form, Messages, Weakness};

use super::{Carrier, Decoder, Direction, Input, Opening, Probe, Session, Step};
use crate::line_search::LineSearch;
use crate::reader::{Reader, Truncated};

mod weak;

/// A version line is at most that long, its end included (RFC 4253 §4.2); some years' worth of servers exceed it.
const LINE_BYTES_MAX: usize = 1_024;
/// How many lines a server may send before its version.
const LINES_MAX: u8 = 32;
/// The longest packet that every implementation must take (RFC 4253 §6.1).
const PACKET_BYTES_MAX: u32 = 35_000;
/// How many packets before the offer are passed over (SSH_MSG_IGNORE, SSH_MSG_DEBUG).
const PACKETS_MAX: u8 = 4;
/// `SSH_MSG_KEXINIT` (RFC 4253 §12).
const KEXINIT: u8 = 20;

static PROTOCOL_VERSION: Field = Field::device("protocol_version").form(Form::Token).wireshark("ssh.protocol");
static SOFTWARE: Field = Field::device("software").wireshark("ssh.protocol");
static BANNER: Field = Field::device("banner").wireshark("ssh.protocol");
static KEX_ALGORITHMS: Field = Field::device("kex_algorithms").form(Form::Algorithms).wireshark("ssh.kex_algorithms");
static HOST_KEY_ALGORITHMS: Field =
    Field::device("host_key_algorithms").form(Form::Algorithms).wireshark("ssh.server_host_key_algorithms");
static ENCRYPTION_ALGORITHMS: Field = Field::device("encryption_algorithms")
    .form(Form::Algorithms)
    .wireshark("ssh.encryption_algorithms_client_to_server");
static MAC_ALGORITHMS: Field =
    Field::device("mac_algorithms").form(Form::Algorithms).wireshark("ssh.mac_algorithms_client_to_server");
static COMPRESSION_ALGORITHMS: Field = Field::device("compression_algorithms")
    .form(Form::Algorithms)
    .wireshark("ssh.compression_algorithms_client_to_server");
static HASSH: Field = Field::device("hassh").form(Form::Fixed).wireshark("ssh.kex.hassh ssh.kex.hasshserver");

static FIELDS: &[&Field] = &[
    &PROTOCOL_VERSION,
    &SOFTWARE,
    &BANNER,
    &KEX_ALGORITHMS,
    &HOST_KEY_ALGORITHMS,
    &ENCRYPTION_ALGORITHMS,
    &MAC_ALGORITHMS,
    &COMPRESSION_ALGORITHMS,
    &HASSH,
];

/// The protocol's entry in the list.
pub static DECODER: Ssh = Ssh;

/// Secure Shell.
pub struct Ssh;

impl Decoder for Ssh {
    fn name(&self) -> &'static str {
        "ssh"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[22, 2_222])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match (version_line(opening.initiator), version_line(opening.responder)) {
            (Probe::Yes, _) | (_, Probe::Yes) => Probe::Yes,
            (Probe::More, _) | (_, Probe::More) => Probe::More,
            (Probe::No, Probe::No) if opening.hinted => after_lines(opening.responder),
            (Probe::No, Probe::No) => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<Connection>::default()
    }
}

/// Whether one side begins with `SSH-1.` or `SSH-2.`.
fn version_line(bytes: &[u8]) -> Probe {
    let wanted: [&[u8]; 6] = [b"S", b"S", b"H", b"-", b"12", b"."];
    for (index, choices) in wanted.iter().enumerate() {
        match bytes.get(index) {
            None if index == 0 => return Probe::No,
            None => return Probe::More,
            Some(byte) if !choices.contains(byte) => return Probe::No,
            Some(_) => {}
        }
    }
    Probe::Yes
}

/// Whether lines of text come before the version (RFC 4253 §4.2 allows a server that). What follows the version is none.
fn after_lines(bytes: &[u8]) -> Probe {
    let is_text = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if index > 0 && version_line(line) == Probe::Yes {
            return Probe::Yes;
        }
        if !line.iter().all(is_text) {
            return Probe::No;
        }
    }
    if bytes.is_empty() { Probe::No } else { Probe::More }
}

/// What one side says next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expected {
    #[default]
    Version,
    Packet,
    Nothing,
}

#[derive(Default)]
struct Side {
    expected: Expected,
    lines: LineSearch,
    count: u8,
}

/// One connection: both sides speak at once and independently.
#[derive(Default)]
struct Connection {
    to_responder: Side,
    to_initiator: Side,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        let (side, other) = match input.direction {
            Direction::ToResponder => (&mut self.to_responder, &self.to_initiator),
            Direction::ToInitiator => (&mut self.to_initiator, &self.to_responder),
        };
        let is_server = input.direction == Direction::ToInitiator;
        let step = match side.expected {
            Expected::Version => side.version(input.bytes, is_server, messages),
            Expected::Packet => side.packet(input.bytes, is_server, messages),
            Expected::Nothing => Step::Done,
        };
        if step != Step::Done {
            return step;
        }
        side.expected = Expected::Nothing;
        // The other side's offer may still come.
        if other.expected == Expected::Nothing { Step::Done } else { Step::Skip(u64::MAX) }
    }
}

impl Side {
    /// `SSH-protoversion-softwareversion SP comments CR LF` (RFC 4253 §4.2).
    fn version(&mut self, bytes: &[u8], is_server: bool, messages: &mut Messages) -> Step {
        let Some((line, length)) = self.lines.next(bytes) else {
            let too_long = bytes.len() > LINE_BYTES_MAX;
            return if too_long { Step::Done } else { Step::Wait(bytes.len().saturating_add(1)) };
        };
        let Some(versions) = line.strip_prefix(b"SSH-") else {
            self.count = self.count.saturating_add(1);
            return if self.count > LINES_MAX { Step::Done } else { Step::Read(length) };
        };
        let mut parts = versions.splitn(2, |byte| *byte == b'-');
        let protocol = parts.next().unwrap_or_default();
        let software = parts.next().unwrap_or_default().split(|byte| *byte == b' ').next().unwrap_or_default();
        let message = messages.begin("ssh", "banner");
        message.bytes(&PROTOCOL_VERSION, protocol).bytes(&SOFTWARE, software).bytes(&BANNER, line);
        // A server that speaks both versions says 1.99 (RFC 4253 §5.1).
        let is_old = protocol.starts_with(b"1.") && (is_server || protocol != b"1.99");
        if is_old {
            message.weak(Weakness::SshVersion1);
        }
        if protocol.starts_with(b"1.") && protocol != b"1.99" {
            return Step::Done;
        }
        self.expected = Expected::Packet;
        self.count = 0;
        Step::Read(length)
    }

    /// The binary packet protocol before encryption (RFC 4253 §6).
    fn packet(&mut self, bytes: &[u8], is_server: bool, messages: &mut Messages) -> Step {
        let mut reader = Reader::new(bytes);
        let Ok(length) = reader.u32("packet_length") else { return Step::Wait(4) };
        if !(2..=PACKET_BYTES_MAX).contains(&length) {
            return Step::Done;
        }
        let length = length as usize;
        let whole = length.saturating_add(4);
        let Ok(mut packet) = reader.part(length, "packet") else { return Step::Wait(whole) };
        let offer = (|| {
            let padding = usize::from(packet.u8("padding_length")?);
            let mut payload = packet.part(packet.len().saturating_sub(padding), "payload")?;
            let kind = payload.u8("message number")?;
            Ok::<_, Truncated>((kind == KEXINIT).then_some(payload))
        })();
        match offer {
            Ok(Some(payload)) => {
                // An offer that cannot be read ends what can be read of this side all the same.
                if let Ok(offer) = Offer::read(payload) {
                    offer.tell(is_server, messages);
                }
                Step::Done
            }
            Ok(None) if self.count < PACKETS_MAX => {
                self.count = self.count.saturating_add(1);
                Step::Read(whole)
            }
            Ok(None) | Err(_) => Step::Done,
        }
    }
}

/// The lists of SSH_MSG_KEXINIT that are told (RFC 4253 §7.1), each comma-separated in the order of preference.
struct Offer<'a> {
    kex: &'a [u8],
    host_key: &'a [u8],
    encryption: &'a [u8],
    mac: &'a [u8],
    compression: &'a [u8],
    /// Encryption, MAC and compression of the other direction.
    to_client: [&'a [u8]; 3],
}

impl<'a> Offer<'a> {
    fn read(mut payload: Reader<'a>) -> Result<Self, Truncated> {
        payload.skip(16, "cookie")?;
        let mut list = |field| {
            let length = payload.u32(field)?;
            payload.take(usize::try_from(length).unwrap_or(usize::MAX), field)
        };
        let kex = list("kex_algorithms")?;
        let host_key = list("server_host_key_algorithms")?;
        let encryption = list("encryption_algorithms_client_to_server")?;
        let encryption_to_client = list("encryption_algorithms_server_to_client")?;
        let mac = list("mac_algorithms_client_to_server")?;
        let mac_to_client = list("mac_algorithms_server_to_client")?;
        let compression = list("compression_algorithms_client_to_server")?;
        let compression_to_client = list("compression_algorithms_server_to_client")?;
        let to_client = [encryption_to_client, mac_to_client, compression_to_client];
        Ok(Self { kex, host_key, encryption, mac, compression, to_client })
    }

    /// HASSH (Salesforce 2018): MD5 over the key exchanges and the lists of the direction in which the offer goes. The same
    /// program gives the same one, also where the lists themselves are too long to be told whole.
    fn hassh(&self, is_server: bool) -> [u8; 16] {
        let lists = if is_server { self.to_client } else { [self.encryption, self.mac, self.compression] };
        let mut hash = Md5::new();
        hash.update(self.kex);
        for list in lists {
            hash.update(b";");
            hash.update(list);
        }
        hash.finalize().into()
    }

    fn tell(&self, is_server: bool, messages: &mut Messages) {
        let message = messages.begin("ssh", "kexinit");
        message.bytes(&KEX_ALGORITHMS, self.kex).bytes(&HOST_KEY_ALGORITHMS, self.host_key);
        message.bytes(&ENCRYPTION_ALGORITHMS, self.encryption).bytes(&MAC_ALGORITHMS, self.mac);
        message.bytes(&COMPRESSION_ALGORITHMS, self.compression).hex(&HASSH, &self.hassh(is_server));
        let is_weak = weak::key_exchange(self.kex)
            || weak::host_key(self.host_key)
            || weak::encryption(self.encryption)
            || weak::mac(self.mac);
        if is_server && is_weak {
            message.weak(Weakness::WeakSsh);
        }
    }
}
