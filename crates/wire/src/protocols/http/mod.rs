//! Hypertext Transfer Protocol version 1 (RFC 9110, RFC 9112), UPnP device descriptions (UPnP Device Architecture 2.0
//! §2.3) and, for the `wsd` decoder, SOAP metadata of devices.
//!
//! Requests and responses are told by their heads. Bodies are passed over by their length (RFC 9112 §6.3), except
//! small XML documents that may describe the device, and the beginnings of pages that stand before a sign-in, for
//! their title. Left out: query strings, credentials, cookies' values, every header that is not listed here, versions
//! 0.9, 2 and 3, compressed bodies, and all that follows a change of protocol (`Upgrade`, `CONNECT`) but for a
//! client's TLS, which the `tls` decoder reads.

use model::{Field, Form};

use super::{Carrier, Decoder, Opening, Probe, Session};

mod agent;
pub(super) mod authorization;
mod body;
mod description;
mod head;
mod path;
mod probe;
mod route;
mod session;

static METHOD: Field = Field::device("method").form(Form::Fixed).wireshark("http.request.method");
static HOST: Field = Field::site("host").wireshark("http.host");
// What sites call their pages is theirs; what is left of a path after `path.rs` still may say it.
static PATH_SHAPE: Field = Field::site("path_shape").form(Form::Fixed);
// `agent.rs` builds it.
static USER_AGENT: Field = Field::device("user_agent").form(Form::Fixed).wireshark("http.user_agent");
static AUTHORIZATION_SCHEME: Field =
    Field::device("authorization_scheme").form(Form::Fixed).wireshark("http.authorization");
static CONTENT_TYPE: Field = Field::device("content_type").form(Form::Token).wireshark("http.content_type");
static SOAP_ACTION: Field = Field::device("soap_action").form(Form::Token);
static FORWARDED: Field = Field::device("forwarded");
static STATUS: Field = Field::device("status").wireshark("http.response.code");
static SERVER: Field = Field::device("server").wireshark("http.server");
static AUTHENTICATE_SCHEME: Field =
    Field::device("authenticate_scheme").form(Form::Fixed).wireshark("http.www_authenticate");
static REALM: Field = Field::device("realm").form(Form::Heading).wireshark("http.www_authenticate");
static POWERED_BY: Field = Field::device("powered_by");
static COOKIE_NAME: Field = Field::device("cookie_name").form(Form::Token).wireshark("http.set_cookie");
static TITLE: Field = Field::device("title").form(Form::Heading);
static DEVICE_TYPE: Field = Field::device("device_type").form(Form::Token);
static FRIENDLY_NAME: Field = Field::site("friendly_name").form(Form::Label);
static MANUFACTURER: Field = Field::device("manufacturer");
static MODEL_NAME: Field = Field::device("model_name");
static MODEL_NUMBER: Field = Field::device("model_number");
static MODEL_DESCRIPTION: Field = Field::device("model_description");
static SERIAL_NUMBER: Field = Field::device("serial_number").form(Form::Serial);
static FIRMWARE_VERSION: Field = Field::device("firmware_version");
static UDN: Field = Field::device("udn").form(Form::Serial);

static FIELDS: &[&Field] = &[
    &METHOD,
    &HOST,
    &PATH_SHAPE,
    &USER_AGENT,
    &AUTHORIZATION_SCHEME,
    &CONTENT_TYPE,
    &SOAP_ACTION,
    &FORWARDED,
    &STATUS,
    &SERVER,
    &AUTHENTICATE_SCHEME,
    &REALM,
    &POWERED_BY,
    &COOKIE_NAME,
    &TITLE,
    &DEVICE_TYPE,
    &FRIENDLY_NAME,
    &MANUFACTURER,
    &MODEL_NAME,
    &MODEL_NUMBER,
    &MODEL_DESCRIPTION,
    &SERIAL_NUMBER,
    &FIRMWARE_VERSION,
    &UDN,
];

/// The protocol's entry in the list.
pub static DECODER: Http = Http;

/// Hypertext Transfer Protocol, version 1.
pub struct Http;

impl Decoder for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Stream(&[80, 591, 631, 3_128, 5_357, 8_000, 8_008, 8_042, 8_080, 8_081, 8_088, 8_888])]
    }

    fn fields(&self) -> &'static [&'static Field] {
        FIELDS
    }

    fn probe(&self, opening: &Opening<'_>) -> Probe {
        match [opening.initiator, opening.responder].map(probe::message) {
            [Probe::Yes, _] | [_, Probe::Yes] => Probe::Yes,
            // Whatever comes back, the side that was to begin began with something else.
            [Probe::No, _] if !opening.initiator.is_empty() => Probe::No,
            [Probe::More, _] | [_, Probe::More] => Probe::More,
            [Probe::No, Probe::No] => Probe::No,
        }
    }

    fn session(&self, _carrier: Carrier) -> Box<dyn Session> {
        Box::<session::Connection>::default()
    }
}
