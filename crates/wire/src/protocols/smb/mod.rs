//! Server Message Block 1 (MS-CIFS, MS-SMB), 2 and 3 (MS-SMB2), over TCP alone and in NetBIOS sessions (RFC 1002 §4.3).
//!
//! Tells what a Windows station says of itself: dialects, signing, native system, the names and the version in NTLM
//! messages (MS-NLMP), what it announces in NetBIOS datagrams (RFC 1002 §4.4, MS-BRWS), and the shares that it connects to,
//! where they have the names of things. Of the other commands only the first of each kind is told, and their data is passed
//! over unseen. Left out: user names, other shares, file names, what files hold, and everything after SMB 3 encryption begins.

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session, Stateless};

mod datagram;
mod netbios;
mod ntlm;
mod operation;
mod session;
mod share;
mod version1;
mod version2;

static DIALECT: Field = Field::device("dialect").wireshark("smb.dialect.name smb2.dialect");
static SMB_VERSION: Field = Field::device("smb_version");
static SERVER_GUID: Field = Field::device("server_guid").form(Form::Fixed).wireshark("smb2.server_guid");
static SIGNING_REQUIRED: Field =
    Field::device("signing_required").wireshark("smb.sm.sig_required smb2.sec_mode.sign_required");
static RESPONSE: Field = Field::device("response").wireshark("smb.flags.response smb2.flags.response");
static STATUS: Field = Field::device("status").wireshark("smb.nt_status smb2.nt_status");
static GUEST: Field = Field::device("guest").wireshark("smb.setup.action.guest smb2.ses_flags.guest");
static NATIVE_OS: Field = Field::device("native_os").wireshark("smb.native_os");
static NATIVE_LAN_MANAGER: Field = Field::device("native_lan_manager").wireshark("smb.native_lanman");
static PRIMARY_DOMAIN: Field = Field::site("primary_domain").form(Form::Label).wireshark("smb.primary_domain");
static SERVER_NAME: Field = Field::site("server_name").form(Form::Label).wireshark("smb.server");
static CALLED_NAME: Field =
    Field::site("called_name").form(Form::Label).wireshark("nbss.called_name nbdgm.destination_name");
static CALLING_NAME: Field =
    Field::site("calling_name").form(Form::Label).wireshark("nbss.calling_name nbdgm.source_name");
static SERVER_TYPE: Field = Field::device("server_type").wireshark("browser.server_type");
static MESSAGE_TYPE: Field = Field::device("message_type").wireshark("ntlmssp.messagetype");
static DOMAIN: Field = Field::site("domain").form(Form::Label).wireshark("ntlmssp.auth.domain");
static WORKSTATION: Field = Field::site("workstation").wireshark("ntlmssp.auth.hostname");
static TARGET_NAME: Field = Field::site("target_name").form(Form::Label).wireshark("ntlmssp.challenge.target_name");
static OS_VERSION: Field = Field::device("os_version").form(Form::Fixed);
static NB_COMPUTER: Field = Field::site("nb_computer").wireshark("ntlmssp.challenge.target_info.nb_computer_name");
static NB_DOMAIN: Field =
    Field::site("nb_domain").form(Form::Label).wireshark("ntlmssp.challenge.target_info.nb_domain_name");
static DNS_COMPUTER: Field = Field::site("dns_computer").wireshark("ntlmssp.challenge.target_info.dns_computer_name");
static DNS_DOMAIN: Field = Field::site("dns_domain").wireshark("ntlmssp.challenge.target_info.dns_domain_name");
static SHARE: Field = Field::site("share").form(Form::Fixed).wireshark("smb.path smb2.tree");
static DNS_TREE: Field = Field::site("dns_tree").wireshark("ntlmssp.challenge.target_info.dns_tree_name");

static FIELDS: &[&Field] = &[
    &DIALECT,
    &SMB_VERSION,
    &SERVER_GUID,
    &SIGNING_REQUIRED,
    &RESPONSE,
    &STATUS,
    &GUEST,
    &NATIVE_OS,
    &NATIVE_LAN_MANAGER,
    &PRIMARY_DOMAIN,
    &SERVER_NAME,
    &CALLED_NAME,
    &CALLING_NAME,
    &SERVER_TYPE,
    &MESSAGE_TYPE,
    &DOMAIN,
    &WORKSTATION,
    &TARGET_NAME,
    &OS_VERSION,
    &NB_COMPUTER,
    &NB_DOMAIN,
    &DNS_COMPUTER,
    &DNS_DOMAIN,
    &DNS_TREE,
    &SHARE,
];

/// The protocol's entry in the list.
pub static DECODER: Smb = Smb;

/// Server Message Block.
pub struct Smb;

impl Decoder for Smb {
    fn name(&self) -> &'static str {
        "smb"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[445, 139]), Carrier::Datagram(&[138])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match opening.first() {
            Some(bytes) if datagram::is_datagram(bytes) => Probe::Yes,
            Some(bytes) => session::probe(bytes),
            None => Probe::No,
        }
    }

    fn session(&self, carrier: Carrier) -> Box<dyn Session> {
        match carrier {
            Carrier::Datagram(_) => Box::new(Stateless(datagram::decode)),
            _ => Box::new(session::Connection::default()),
        }
    }
}
