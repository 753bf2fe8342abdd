//! The lines of flows in what nDPI's own tests expect.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

/// nDPI keeps `result/<capture>.out` beside the folder of the captures.
pub fn expectation(path: &Path) -> Option<String> {
    let name = format!("{}.out", path.file_name()?.to_str()?);
    let text = std::fs::read(path.parent()?.parent()?.join("result").join(name)).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

/// Both ends in a fixed order, and what carries the flow.
pub type Flow = (SocketAddr, SocketAddr, u8);

/// The flow of a line such as `1 TCP 10.0.0.1:1234 <-> 10.0.0.2:443 [proto: 91.178/TLS.Amazon][…]…`.
pub fn flow(line: &str) -> Option<Flow> {
    let mut words = line.split_whitespace();
    words.next()?.parse::<u32>().ok()?;
    let carrier = match words.next()? {
        "TCP" => 6,
        "UDP" => 17,
        _ => return None,
    };
    let one = end(words.next()?)?;
    let _arrow = words.next()?;
    let other = end(words.next()?)?;
    Some((one.min(other), one.max(other), carrier))
}

fn end(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split('[').next().filter(|ip| !ip.is_empty()).unwrap_or(text).rsplit_once(':')?;
    let ip: IpAddr = ip.trim_matches(['[', ']']).parse().ok()?;
    Some(SocketAddr::new(ip, port.parse().ok()?))
}

pub fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
    line.split_once(before)?.1.split_once(after).map(|(inside, _)| inside)
}
