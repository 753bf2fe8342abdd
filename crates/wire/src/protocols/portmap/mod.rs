//! Port mapper and RPCBIND (RFC 1833): where a client asks which port a program has. Told are version and procedure of each
//! call, once for a connection. Left out: the programs asked for, addresses, and all answers.

use model::{Field, Form};

use super::nfs::rpc;
use super::{Carrier, Decoder, Opening, Probe, Session};

static PROGRAM: Field = Field::device("program");
static VERSION: Field = Field::device("version");
static PROCEDURE: Field = Field::device("procedure");
static AUTHENTICATION: Field = Field::device("authentication").form(Form::Fixed);
static MACHINE_NAME: Field = Field::site("machine_name");

static FIELDS: &[&Field] = &[&PROGRAM, &VERSION, &PROCEDURE, &AUTHENTICATION, &MACHINE_NAME];

static CALLS: rpc::Calls = rpc::Calls {
    protocol: "portmap",
    programs: &[rpc::Program {
        number: 100_000,
        versions: (2, 4),
        procedures: &["null", "set", "unset", "getport", "dump", "callit"],
    }],
    program: &PROGRAM,
    version: &VERSION,
    procedure: &PROCEDURE,
    authentication: &AUTHENTICATION,
    machine_name: &MACHINE_NAME,
};

/// The protocol's entry in the list.
pub static DECODER: Portmap = Portmap;

/// Port mapper.
pub struct Portmap;

impl Decoder for Portmap {
    fn name(&self) -> &'static str {
        "portmap"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[111]), Carrier::Datagram(&[111])]
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
