//! How many may be connected at once, so that whoever opens connections and says nothing keeps nobody else out.

use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::access::whose;

/// Connections of one address; a ward behind one address has fewer.
const PER_ADDRESS_MAX: usize = 256;
/// Connections of all: each takes some 30 KiB.
const CONNECTIONS_MAX: usize = 4_096;
/// Files that the platform itself opens.
const OWN_FILES: u64 = 256;

/// Lets in as many as there is room for.
#[derive(Clone)]
pub struct Door {
    most: usize,
    inside: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl Door {
    /// With room for as many as this process may open files.
    pub fn open() -> Self {
        let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap_or((OWN_FILES, OWN_FILES));
        let wanted = OWN_FILES.saturating_add(CONNECTIONS_MAX as u64).min(hard).max(soft);
        let files = if setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok() { wanted } else { soft };
        let most = usize::try_from(files.saturating_sub(OWN_FILES)).unwrap_or(CONNECTIONS_MAX);
        Self { most: most.clamp(16, CONNECTIONS_MAX), inside: Arc::default() }
    }

    fn ticket(&self, address: IpAddr) -> Option<Ticket> {
        let address = whose(address);
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let all = inside.values().fold(0_usize, |all, own| all.saturating_add(*own));
        let own = inside.get(&address).copied().unwrap_or(0);
        if all >= self.most || own >= PER_ADDRESS_MAX {
            return None;
        }
        inside.insert(address, own.saturating_add(1));
        Some(Ticket { address, inside: Arc::clone(&self.inside) })
    }
}

/// Counts as a connection as long as it is held.
struct Ticket {
    address: IpAddr,
    inside: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let left = inside.get(&self.address).map_or(0, |own| own.saturating_sub(1));
        if left == 0 {
            inside.remove(&self.address);
        } else {
            inside.insert(self.address, left);
        }
    }
}

/// A connection that was let in.
pub struct Inside {
    stream: TcpStream,
    _ticket: Ticket,
}

impl<S> Accept<TcpStream, S> for Door {
    type Stream = Inside;
    type Service = S;
    type Future = Ready<io::Result<(Inside, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let ticket = stream.peer_addr().map(|address| self.ticket(address.ip()));
        // Dropping the stream closes it.
        ready(ticket.and_then(|ticket| match ticket {
            Some(ticket) => Ok((Inside { stream, _ticket: ticket }, service)),
            None => Err(io::Error::other("too many connections")),
        }))
    }
}

impl AsyncRead for Inside {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, bytes)
    }
}

impl AsyncWrite for Inside {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_fill_the_room() {
        let door = Door { most: 300, inside: Arc::default() };
        let many: Vec<_> = (0..1_000).filter_map(|_| door.ticket(IpAddr::from([203, 0, 113, 9]))).collect();
        assert_eq!(many.len(), PER_ADDRESS_MAX);
        let others: Vec<_> = (0..100).filter_map(|last| door.ticket(IpAddr::from([198, 51, 100, last]))).collect();
        assert_eq!(others.len(), 300 - PER_ADDRESS_MAX);
        drop((many, others));
        assert!(door.inside.lock().unwrap().is_empty(), "whoever left is counted still");
    }
}
