//! One connection, up to the server's hello.

use model::Messages;

use super::crypto::Crypto;
use super::packet::{self, Packet};
use super::protection::{Keys, Side};
use super::versions::{self, Version};
use super::{SUPPORTED_VERSION, VERSION};
use crate::protocols::{Direction, Input, Session, Step, tls};
use crate::reader::Reader;

/// How many datagrams of a connection are looked at.
const DATAGRAMS_MAX: u16 = 64;
/// How many Initial packets that no key opens are tried.
const FAILURES_MAX: u8 = 16;
/// How many versions of one negotiation are told.
const VERSIONS_MAX: usize = 32;

/// One connection.
#[derive(Default)]
pub(super) struct Connection {
    client: Option<Client>,
    /// Which directions' version was told.
    told: [bool; 2],
    datagrams: u16,
    failures: u8,
}

/// What follows from a client's first packet.
struct Client {
    direction: Direction,
    keys: [Keys; 2],
    hellos: [Hellos; 2],
}

/// What one side said.
#[derive(Default)]
struct Hellos {
    crypto: Crypto,
    /// How much of it was read.
    read: usize,
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        self.datagrams = self.datagrams.saturating_add(1);
        let mut datagram = Reader::new(input.bytes);
        while let Ok(packet) = packet::read(&mut datagram) {
            match packet {
                Packet::VersionNegotiation(list) => tell_versions(list, messages),
                Packet::Retry { version } => {
                    messages.begin("quic", "retry").str(&VERSION, version.name);
                    // The client begins again with other keys.
                    self.client = None;
                }
                Packet::Other { version } => self.tell_version(version, input.direction, messages),
                Packet::Initial { version, destination, header, protected } => {
                    self.tell_version(version, input.direction, messages);
                    let Some(payload) = self.open(version, destination, header, protected, input.direction) else {
                        self.failures = self.failures.saturating_add(1);
                        continue;
                    };
                    if self.hear(&payload, input.direction, messages) == Step::Done {
                        return Step::Done;
                    }
                }
            }
        }
        if self.datagrams >= DATAGRAMS_MAX || self.failures >= FAILURES_MAX {
            return Step::Done;
        }
        Step::Read(input.bytes.len().max(1))
    }
}

impl Connection {
    fn tell_version(&mut self, version: &Version, direction: Direction, messages: &mut Messages) {
        let told = match (&mut self.told, direction) {
            ([told, _], Direction::ToResponder) | ([_, told], Direction::ToInitiator) => told,
        };
        if !std::mem::replace(told, true) {
            messages.begin("quic", "long_header").str(&VERSION, version.name);
        }
    }

    /// A packet's payload: with the keys there are, else as a client's first packet.
    fn open(
        &mut self,
        version: &Version,
        destination: &[u8],
        header: &[u8],
        protected: &[u8],
        direction: Direction,
    ) -> Option<Vec<u8>> {
        if let Some(client) = &self.client
            && let Some(payload) = client.keys_of(direction).open(header, protected)
        {
            return Some(payload);
        }
        // A server answers with what it was told: only the client begins, the second time after a Retry.
        if self.client.as_ref().is_some_and(|client| client.direction != direction) {
            return None;
        }
        let initial = version.initial?;
        let client = Keys::derive(initial, destination, Side::Client)?;
        let payload = client.open(header, protected)?;
        let server = Keys::derive(initial, destination, Side::Server)?;
        self.client = Some(Client { direction, keys: [client, server], hellos: Default::default() });
        Some(payload)
    }

    /// Reads on in what one side says. `Done` once the server's hello is read: all after it is encrypted for the two.
    fn hear(&mut self, payload: &[u8], direction: Direction, messages: &mut Messages) -> Step {
        let Some(client) = &mut self.client else { return Step::Read(1) };
        let is_client = client.direction == direction;
        let hellos = client.hellos_of(direction);
        // What is cut off is in another packet, or in none.
        let _ = hellos.crypto.take(payload);
        let handshake = hellos.crypto.beginning();
        let (read, is_over) = tls::tell_hellos(handshake.get(hellos.read..).unwrap_or_default(), messages);
        hellos.read = hellos.read.saturating_add(read);
        if is_over && !is_client { Step::Done } else { Step::Read(1) }
    }
}

impl Client {
    fn keys_of(&self, direction: Direction) -> &Keys {
        let [client, server] = &self.keys;
        if self.direction == direction { client } else { server }
    }

    fn hellos_of(&mut self, direction: Direction) -> &mut Hellos {
        let [client, server] = &mut self.hellos;
        if self.direction == direction { client } else { server }
    }
}

/// The versions that a server has; those that exist for nobody's sake but tolerance (RFC 9000 §15) are left out.
fn tell_versions(list: &[u8], messages: &mut Messages) {
    let message = messages.begin("quic", "version_negotiation");
    for version in packet::version_numbers(list).filter_map(versions::of).take(VERSIONS_MAX) {
        message.str(&SUPPORTED_VERSION, version.name);
    }
}
