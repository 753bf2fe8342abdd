//! Network File System versions 2 to 4 and what belongs to it (MOUNT, lock and status managers, access lists) as calls of ONC
//! RPC (RFC 1094, 1813, 7530; RFC 5531): which program, version and procedure is called, and what the client's computer calls
//! itself. Each procedure is told once for a connection.
//!
//! Left out: users and groups, paths and names of files, handles, data, and all answers.

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session};

pub(super) mod rpc;

static PROGRAM: Field = Field::device("program");
static VERSION: Field = Field::device("version");
static PROCEDURE: Field = Field::device("procedure");
static AUTHENTICATION: Field = Field::device("authentication").form(Form::Fixed);
static MACHINE_NAME: Field = Field::site("machine_name");

static FIELDS: &[&Field] = &[&PROGRAM, &VERSION, &PROCEDURE, &AUTHENTICATION, &MACHINE_NAME];

/// What NFS consists of (IANA's registry of RPC program numbers).
static PROGRAMS: &[rpc::Program] = &[
    rpc::Program { number: 100_003, versions: (2, 4), procedures: &[] },
    rpc::Program {
        number: 100_005,
        versions: (1, 3),
        procedures: &["null", "mount", "dump", "unmount", "unmount_all", "export"],
    },
    rpc::Program {
        number: 100_021,
        versions: (1, 4),
        procedures: &["null", "test", "lock", "cancel", "unlock", "granted"],
    },
    rpc::Program { number: 100_024, versions: (1, 1), procedures: &["null", "stat", "monitor", "unmonitor"] },
    rpc::Program { number: 100_227, versions: (2, 3), procedures: &["null", "get_acl", "set_acl"] },
];

static CALLS: rpc::Calls = rpc::Calls {
    protocol: "nfs",
    programs: PROGRAMS,
    program: &PROGRAM,
    version: &VERSION,
    procedure: &PROCEDURE,
    authentication: &AUTHENTICATION,
    machine_name: &MACHINE_NAME,
};

/// The protocol's entry in the list.
pub static DECODER: Nfs = Nfs;

/// Network File System.
pub struct Nfs;

impl Decoder for Nfs {
    fn name(&self) -> &'static str {
        "nfs"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[2_049]), Carrier::Datagram(&[2_049])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        CALLS.probe(opening)
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        CALLS.session(carrier)
    }
}
