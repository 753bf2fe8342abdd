//! The services (OPC 10000-4), by the numbers of their binary encodings (OPC 10000-6 annex A), and what applications say of
//! themselves in them.

use model::{Message, Weakness};

use super::value::{count, extension, localized_text, node, string};
use super::{
    APPLICATION_NAME, APPLICATION_TYPE, APPLICATION_URI, ENDPOINT_HOST, PRODUCT_URI, RESULT, SECURITY_MODE,
    SECURITY_POLICY, USER_TOKEN, host_of, policy_of,
};
use crate::reader::{Reader, Truncated};

/// A service's name and whether a message asks or answers.
#[derive(Clone, Copy)]
pub(super) struct Service {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
}

const SERVICE_FAULT: u32 = 397;
const GET_ENDPOINTS_RESPONSE: u32 = 431;
const CREATE_SESSION_REQUEST: u32 = 461;
const CREATE_SESSION_RESPONSE: u32 = 464;

/// Requests; each answer's number is three above.
static REQUESTS: &[(u32, &str)] = &[
    (422, "find_servers"),
    (428, "get_endpoints"),
    (437, "register_server"),
    (CREATE_SESSION_REQUEST, "create_session"),
    (467, "activate_session"),
    (473, "close_session"),
    (479, "cancel"),
    (488, "add_nodes"),
    (494, "add_references"),
    (500, "delete_nodes"),
    (506, "delete_references"),
    (527, "browse"),
    (533, "browse_next"),
    (554, "translate_browse_paths"),
    (560, "register_nodes"),
    (566, "unregister_nodes"),
    (631, "read"),
    (664, "history_read"),
    (673, "write"),
    (700, "history_update"),
    (712, "call"),
    (751, "create_monitored_items"),
    (763, "modify_monitored_items"),
    (769, "set_monitoring_mode"),
    (781, "delete_monitored_items"),
    (787, "create_subscription"),
    (793, "modify_subscription"),
    (799, "set_publishing_mode"),
    (826, "publish"),
    (832, "republish"),
    (841, "transfer_subscriptions"),
    (847, "delete_subscriptions"),
];

/// Endpoints, and ways to sign in at each, that are read.
const ENDPOINTS_MAX: u32 = 32;
const TOKENS_MAX: u32 = 16;
const TEXTS_MAX: u32 = 64;

/// The service of a number; `None` if it is none.
pub(super) fn of(number: u32) -> Option<Service> {
    let named = |number: u32| REQUESTS.iter().find(|(of, _)| *of == number).map(|(_, name)| *name);
    if number == SERVICE_FAULT {
        return Some(Service { name: "service_fault", kind: "response" });
    }
    let asks = named(number).map(|name| Service { name, kind: "request" });
    asks.or_else(|| named(number.checked_sub(3)?).map(|name| Service { name, kind: "response" }))
}

/// What a message says of who sent it.
pub(super) fn tell(number: u32, mut reader: Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    match number {
        CREATE_SESSION_REQUEST => {
            request_header(&mut reader)?;
            application(&mut reader, message)
        }
        GET_ENDPOINTS_RESPONSE => {
            response_header(&mut reader, message)?;
            endpoints(&mut reader, message)
        }
        CREATE_SESSION_RESPONSE => {
            response_header(&mut reader, message)?;
            node(&mut reader)?;
            node(&mut reader)?;
            reader.skip(8, "revisedSessionTimeout")?;
            string(&mut reader, "serverNonce")?;
            string(&mut reader, "serverCertificate")?;
            endpoints(&mut reader, message)
        }
        number if of(number).is_some_and(|service| service.kind == "response") => response_header(&mut reader, message),
        _ => Ok(()),
    }
}

/// RequestHeader (OPC 10000-4 §7.33).
fn request_header(reader: &mut Reader<'_>) -> Result<(), Truncated> {
    node(reader)?;
    reader.skip(16, "timestamp, requestHandle, returnDiagnostics")?;
    string(reader, "auditEntryId")?;
    reader.skip(4, "timeoutHint")?;
    extension(reader)
}

/// ResponseHeader (OPC 10000-4 §7.34). One with diagnostics is not read further.
fn response_header(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    reader.skip(12, "timestamp, requestHandle")?;
    message.number(&RESULT, reader.u32_le("serviceResult")?);
    if reader.u8("serviceDiagnostics")? != 0 {
        return Err(Truncated { field: "serviceDiagnostics", needed: 0, available: 0 });
    }
    for _ in 0..count(reader, TEXTS_MAX, "stringTable")? {
        string(reader, "stringTable")?;
    }
    extension(reader)
}

/// ApplicationDescription (OPC 10000-4 §7.2).
fn application(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    message.bytes(&APPLICATION_URI, string(reader, "applicationUri")?);
    message.bytes(&PRODUCT_URI, string(reader, "productUri")?);
    message.bytes(&APPLICATION_NAME, localized_text(reader)?);
    let kind = match reader.u32_le("applicationType")? {
        0 => "server",
        1 => "client",
        2 => "client_and_server",
        3 => "discovery_server",
        _ => "other",
    };
    message.str(&APPLICATION_TYPE, kind);
    skip_rest_of_application(reader)
}

fn skip_rest_of_application(reader: &mut Reader<'_>) -> Result<(), Truncated> {
    string(reader, "gatewayServerUri")?;
    string(reader, "discoveryProfileUri")?;
    for _ in 0..count(reader, TEXTS_MAX, "discoveryUrls")? {
        string(reader, "discoveryUrls")?;
    }
    Ok(())
}

/// EndpointDescription (OPC 10000-4 §7.14), several of one server: the server is told once.
fn endpoints(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    for index in 0..count(reader, ENDPOINTS_MAX, "endpoints")? {
        let url = string(reader, "endpointUrl")?;
        if index == 0 {
            message.bytes(&ENDPOINT_HOST, host_of(url));
            application(reader, message)?;
        } else {
            string(reader, "applicationUri")?;
            string(reader, "productUri")?;
            localized_text(reader)?;
            reader.skip(4, "applicationType")?;
            skip_rest_of_application(reader)?;
        }
        string(reader, "serverCertificate")?;
        let mode = match reader.u32_le("securityMode")? {
            1 => "none",
            2 => "sign",
            3 => "sign_and_encrypt",
            _ => "invalid",
        };
        message.str(&SECURITY_MODE, mode);
        message.str(&SECURITY_POLICY, policy_of(string(reader, "securityPolicyUri")?));
        tokens(reader, message)?;
        string(reader, "transportProfileUri")?;
        reader.skip(1, "securityLevel")?;
    }
    Ok(())
}

/// UserTokenPolicy (OPC 10000-4 §7.42): how users may sign in.
fn tokens(reader: &mut Reader<'_>, message: &mut Message) -> Result<(), Truncated> {
    for _ in 0..count(reader, TOKENS_MAX, "userIdentityTokens")? {
        string(reader, "policyId")?;
        let kind = match reader.u32_le("tokenType")? {
            0 => {
                message.weak(Weakness::AnonymousAccess);
                "anonymous"
            }
            1 => "user_name",
            2 => "certificate",
            3 => "issued_token",
            _ => "other",
        };
        message.str(&USER_TOKEN, kind);
        for field in ["issuedTokenType", "issuerEndpointUrl", "securityPolicyUri"] {
            string(reader, field)?;
        }
    }
    Ok(())
}
