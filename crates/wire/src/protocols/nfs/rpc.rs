//! Calls of ONC RPC version 2 (RFC 5531 §9) over UDP and, in records (§11), over TCP.

use std::collections::BTreeSet;

use model::{Field, Messages};

use crate::protocols::{Carrier, DecodeError, Direction, Input, Opening, Probe, Session, Step};
use crate::reader::Reader;

/// The bit of a record's head that says that no fragment follows, and the length behind it (RFC 5531 §11).
const LAST_FRAGMENT: u32 = 0x8000_0000;
/// From the identifier to the procedure.
const CALL_BYTES: usize = 24;
/// As far as the credential goes at most: its flavour, length and 400 bytes (RFC 5531 §8.2).
const HEAD_BYTES_MAX: usize = CALL_BYTES + 8 + 400;
/// The longest name of a machine (RFC 5531 §14).
const MACHINE_NAME_BYTES_MAX: usize = 255;
/// How many procedures of a connection are told.
const PROCEDURES_MAX: usize = 64;

const CALL: u32 = 0;
const RPC_VERSION: u32 = 2;

/// A program that is recognised.
pub(in crate::protocols) struct Program {
    pub(in crate::protocols) number: u32,
    /// The lowest and the highest.
    pub(in crate::protocols) versions: (u32, u32),
    /// Names of those procedures that have the same number in all versions.
    pub(in crate::protocols) procedures: &'static [&'static str],
}

/// A protocol made of calls.
pub(in crate::protocols) struct Calls {
    pub(in crate::protocols) protocol: &'static str,
    pub(in crate::protocols) programs: &'static [Program],
    pub(in crate::protocols) program: &'static Field,
    pub(in crate::protocols) version: &'static Field,
    pub(in crate::protocols) procedure: &'static Field,
    pub(in crate::protocols) authentication: &'static Field,
    pub(in crate::protocols) machine_name: &'static Field,
}

/// What is called.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Called {
    program: u32,
    version: u32,
    procedure: u32,
}

impl Calls {
    /// Identifier aside, a call begins with five numbers that all have to fit.
    pub(in crate::protocols) fn probe(&'static self, opening: &Opening<'_>) -> Probe {
        // Of a datagram nobody knows who began: mounts go from low ports to low ports.
        let Some(bytes) = opening.first() else { return Probe::No };
        // A record's head ends where its call does or later; a datagram has none, and its second word is the type.
        match self.is_call(bytes) {
            Probe::No => {}
            found => return found,
        }
        match bytes.split_first_chunk() {
            Some((head, call)) if u32::from_be_bytes(*head) & !LAST_FRAGMENT >= 40 => self.is_call(call),
            Some(_) => Probe::No,
            None => Probe::More,
        }
    }

    fn is_call(&self, bytes: &[u8]) -> Probe {
        let (words, _) = bytes.as_chunks::<4>();
        let mut words = words.iter().map(|word| u32::from_be_bytes(*word)).skip(1);
        let (kind, rpc, program, version) = (words.next(), words.next(), words.next(), words.next());
        let known = |number: u32| self.programs.iter().find(|program| program.number == number);
        let fits = kind.is_none_or(|kind| kind == CALL)
            && rpc.is_none_or(|version| version == RPC_VERSION)
            && program.is_none_or(|number| known(number).is_some());
        match (fits, program.and_then(known).zip(version)) {
            (false, _) => Probe::No,
            (true, None) => Probe::More,
            (true, Some((program, version))) => {
                let (lowest, highest) = program.versions;
                if (lowest..=highest).contains(&version) { Probe::Yes } else { Probe::No }
            }
        }
    }

    pub(in crate::protocols) fn session(&'static self, carrier: Carrier) -> Box<dyn Session> {
        let in_records = matches!(carrier, Carrier::Stream(_));
        Box::new(Connection { calls: self, in_records, told: BTreeSet::new(), continues: [false; 2] })
    }

    /// One message from its identifier on, as far as its credential.
    fn read(&self, bytes: &[u8], told: &mut BTreeSet<Called>, messages: &mut Messages) -> Result<(), DecodeError> {
        if self.is_call(bytes) != Probe::Yes {
            return Err(DecodeError::Malformed { field: "call", rule: "a program that is recognised" });
        }
        let mut reader = Reader::new(bytes);
        reader.skip(12, "xid, mtype, rpcvers")?;
        let called =
            Called { program: reader.u32("prog")?, version: reader.u32("vers")?, procedure: reader.u32("proc")? };
        let flavor = reader.u32("cred.flavor")?;
        let length = reader.u32("cred.length")? as usize;
        let mut credential = reader.part(length, "cred.body")?;
        if told.len() >= PROCEDURES_MAX || !told.insert(called) {
            return Ok(());
        }
        let message = messages.begin(self.protocol, "call");
        message.number(self.program, called.program).number(self.version, called.version);
        message.number(self.procedure, called.procedure);
        let authentication = match flavor {
            0 => "none",
            1 => "sys",
            2 => "short",
            3 => "dh",
            6 => "gss",
            7 => "tls",
            _ => "other",
        };
        message.str(self.authentication, authentication);
        let program = self.programs.iter().find(|program| program.number == called.program);
        let names = program.map_or(&[][..], |program| program.procedures);
        // Version 4 of NFS has one procedure for all.
        let name = match (called.program, called.version, called.procedure) {
            (100_003, 4, 1) => Some("compound"),
            (100_003, 2 | 3, procedure) => usize::try_from(procedure).ok().and_then(|place| {
                let table = if called.version == 2 { NFS_2 } else { NFS_3 };
                table.get(place).copied()
            }),
            (_, _, procedure) => usize::try_from(procedure).ok().and_then(|place| names.get(place).copied()),
        };
        message.operated(name.unwrap_or_default());
        // AUTH_SYS (RFC 5531 appendix A): a stamp, the machine's name, and a user, who is not told.
        if flavor == 1 {
            let name = credential.skip(4, "stamp").and_then(|()| credential.u32("machinename.length"));
            if let Ok(length @ 1..=MACHINE_NAME_BYTES_MAX) = name.map(|length| length as usize)
                && let Ok(name) = credential.take(length, "machinename")
            {
                message.bytes(self.machine_name, name);
            }
        }
        Ok(())
    }
}

/// RFC 1094 §2.2.
const NFS_2: &[&str] = &[
    "null",
    "getattr",
    "setattr",
    "root",
    "lookup",
    "readlink",
    "read",
    "writecache",
    "write",
    "create",
    "remove",
    "rename",
    "link",
    "symlink",
    "mkdir",
    "rmdir",
    "readdir",
    "statfs",
];
/// RFC 1813 §3.3.
const NFS_3: &[&str] = &[
    "null",
    "getattr",
    "setattr",
    "lookup",
    "access",
    "readlink",
    "read",
    "write",
    "create",
    "mkdir",
    "symlink",
    "mknod",
    "remove",
    "rmdir",
    "rename",
    "link",
    "readdir",
    "readdirplus",
    "fsstat",
    "fsinfo",
    "pathconf",
    "commit",
];

struct Connection {
    calls: &'static Calls,
    in_records: bool,
    told: BTreeSet<Called>,
    /// The next fragment goes on with a message.
    continues: [bool; 2],
}

impl Session for Connection {
    fn push(&mut self, input: &Input<'_>, messages: &mut Messages) -> Step {
        if !self.in_records {
            // Answers and other programs are passed over.
            let _ = self.calls.read(input.bytes, &mut self.told, messages);
            return Step::Read(input.bytes.len().max(1));
        }
        let mut reader = Reader::new(input.bytes);
        let Ok(head) = reader.u32("record mark") else { return Step::Wait(4) };
        let length = (head & !LAST_FRAGMENT) as usize;
        let needed = length.min(HEAD_BYTES_MAX);
        let [to_responder, to_initiator] = &mut self.continues;
        let continues = match input.direction {
            Direction::ToResponder => to_responder,
            Direction::ToInitiator => to_initiator,
        };
        if !*continues && input.direction == Direction::ToResponder {
            let Some(call) = reader.rest().get(..needed) else { return Step::Wait(needed.saturating_add(4)) };
            let _ = self.calls.read(call, &mut self.told, messages);
        }
        *continues = head & LAST_FRAGMENT == 0;
        let whole = length.saturating_add(4);
        match whole.checked_sub(input.bytes.len()) {
            None | Some(0) => Step::Read(whole),
            Some(missing) => Step::Skip(missing as u64),
        }
    }
}
