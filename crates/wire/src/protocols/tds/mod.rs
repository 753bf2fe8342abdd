//! Tabular Data Stream (Microsoft [MS-TDS]): how clients of Microsoft SQL Server sign in. Told are the versions of both sides
//! (PRELOGIN), whether the connection will be encrypted, and of a sign-in that crosses readable the client's computer and
//! program and what answered. TLS inside PRELOGIN packets is told as `tls`.
//!
//! Left out: user names and passwords, databases but those of the server itself, languages, queries and rows, and what came
//! before version 7 (Sybase).

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session};

mod login;
mod prelogin;
mod session;

static VERSION: Field = Field::device("version").form(Form::Fixed).wireshark("tds.prelogin.option.version");
static ENCRYPTION: Field = Field::device("encryption").form(Form::Fixed).wireshark("tds.prelogin.option.encryption");
static TDS_VERSION: Field = Field::device("tds_version").form(Form::Fixed).wireshark("tds.7login.version");
static CLIENT_NAME: Field = Field::site("client_name").wireshark("tds.7login.clientname");
static APPLICATION: Field = Field::device("application").form(Form::Fixed).wireshark("tds.7login.appname");
static LIBRARY: Field = Field::device("library").form(Form::Fixed).wireshark("tds.7login.libraryname");
static SERVER_NAME: Field = Field::site("server_name").wireshark("tds.7login.servername");
static DATABASE: Field = Field::device("database").form(Form::Fixed).wireshark("tds.7login.databasename");
static INTEGRATED: Field = Field::device("integrated_authentication");
static PROGRAM: Field = Field::device("program").form(Form::Fixed).wireshark("tds.loginack.progname");

static FIELDS: &[&Field] = &[
    &VERSION,
    &ENCRYPTION,
    &TDS_VERSION,
    &CLIENT_NAME,
    &APPLICATION,
    &LIBRARY,
    &SERVER_NAME,
    &DATABASE,
    &INTEGRATED,
    &PROGRAM,
];

/// The protocol's entry in the list.
pub static DECODER: Tds = Tds;

/// Tabular Data Stream.
pub struct Tds;

impl Decoder for Tds {
    fn name(&self) -> &'static str {
        "tds"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[1_433])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        session::probe(opening.initiator)
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<session::Connection>::default()
    }
}
