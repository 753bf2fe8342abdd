//! The kernel's packet ring: packet(7), TPACKET_V3. The one place of Cordon with `unsafe` code.
//!
//! The kernel and this process share memory in blocks. A block belongs to the kernel until it sets the user bit of the
//! block's status, then to us until we take the bit away; no byte of a block is read while it is the kernel's.
#![allow(unsafe_code)]

use std::ffi::CString;
use std::io;
use std::mem;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use libc::{c_int, c_uint, c_void, socklen_t};

use super::{BLOCK_PATIENCE_MILLISECONDS, CardError, Options};

/// Where the status of a block stands: behind version and private offset (`tpacket_block_desc`).
const STATUS_AT: usize = 8;
/// The smallest place for a frame that the kernel takes; with TPACKET_V3 frames of any length are packed all the same.
const FRAME_BYTES: usize = 2_048;

/// What the kernel counted since it was last asked.
pub(super) struct Statistics {
    /// Frames, those dropped among them.
    pub(super) packets: c_uint,
    pub(super) drops: c_uint,
    pub(super) freezes: c_uint,
}

/// A bound socket and the memory that it shares with the kernel.
pub(super) struct Ring {
    socket: OwnedFd,
    memory: NonNull<u8>,
    block_bytes: usize,
    blocks: usize,
    /// The block that is looked at.
    current: usize,
}

// SAFETY: the mapping belongs to the ring alone and is not tied to a thread.
unsafe impl Send for Ring {}

impl Drop for Ring {
    fn drop(&mut self) {
        // SAFETY: exactly what `mmap` gave; no slice of it outlives the ring, for each borrows the ring.
        unsafe { libc::munmap(self.memory.as_ptr().cast(), self.block_bytes.saturating_mul(self.blocks)) };
    }
}

impl Ring {
    pub(super) fn open(name: &str, options: &Options) -> Result<Self, CardError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::PermissionDenied => CardError::Forbidden { name: name.to_owned() },
            _ => CardError::Io { name: name.to_owned(), source },
        };
        let missing = || CardError::Missing { name: name.to_owned() };
        let index = index_of(name).ok_or_else(missing)?;
        let socket = socket().map_err(failed)?;
        set(&socket, libc::PACKET_VERSION, &(libc::tpacket_versions::TPACKET_V3 as c_int)).map_err(failed)?;
        let ring = Self::map(socket, options).map_err(failed)?;
        promiscuous(&ring.socket, index).map_err(failed)?;
        let hardware = bind(&ring.socket, index).map_err(failed)?;
        if !matches!(hardware, libc::ARPHRD_ETHER | libc::ARPHRD_LOOPBACK) {
            return Err(CardError::NotEthernet { name: name.to_owned(), hardware });
        }
        if let Some(group) = options.shared_as {
            // Both directions have one hash; fragments are put together first, so that they follow.
            let kind = libc::PACKET_FANOUT_HASH | libc::PACKET_FANOUT_FLAG_DEFRAG;
            set(&ring.socket, libc::PACKET_FANOUT, &(kind << 16 | c_uint::from(group))).map_err(failed)?;
        }
        Ok(ring)
    }

    fn map(socket: OwnedFd, options: &Options) -> io::Result<Self> {
        let Options { block_bytes, blocks, .. } = *options;
        let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "the ring is too large");
        let length = block_bytes.checked_mul(blocks).ok_or_else(invalid)?;
        let number = |value: usize| c_uint::try_from(value).map_err(|_| invalid());
        let request = libc::tpacket_req3 {
            tp_block_size: number(block_bytes)?,
            tp_block_nr: number(blocks)?,
            tp_frame_size: number(FRAME_BYTES)?,
            tp_frame_nr: number(length / FRAME_BYTES)?,
            tp_retire_blk_tov: BLOCK_PATIENCE_MILLISECONDS,
            tp_sizeof_priv: 0,
            tp_feature_req_word: 0,
        };
        set(&socket, libc::PACKET_RX_RING, &request)?;
        let (access, shared) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED);
        // SAFETY: a fresh mapping of the length that the ring was just requested with; the result is checked.
        let memory = unsafe { libc::mmap(ptr::null_mut(), length, access, shared, socket.as_raw_fd(), 0) };
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let memory = NonNull::new(memory.cast()).ok_or_else(invalid)?;
        Ok(Self { socket, memory, block_bytes, blocks, current: 0 })
    }

    /// The current block once it is ours; `None` if that took too long. It is ours until [`release`](Self::release).
    pub(super) fn block(&mut self, patience: Duration) -> io::Result<Option<&[u8]>> {
        if !self.is_ours() {
            self.wait(patience)?;
        }
        if !self.is_ours() {
            return Ok(None);
        }
        // SAFETY: the block lies inside the mapping and is ours: the kernel writes to it only after `release`, which
        // needs the ring for itself. The status is among the bytes, and nobody changes it meanwhile either.
        Ok(Some(unsafe { std::slice::from_raw_parts(self.start().as_ptr(), self.block_bytes) }))
    }

    /// Gives the current block back to the kernel and goes on to the next one.
    pub(super) fn release(&mut self) {
        if self.is_ours() {
            self.status().store(libc::TP_STATUS_KERNEL, Ordering::Release);
            self.current = self.current.saturating_add(1).checked_rem(self.blocks).unwrap_or(0);
        }
    }

    /// What the kernel counted since this was last asked: asking sets its counters to zero.
    pub(super) fn statistics(&mut self) -> io::Result<Statistics> {
        // SAFETY: plain numbers, for which zeros are valid.
        let mut told: libc::tpacket_stats_v3 = unsafe { mem::zeroed() };
        let mut length = size_of_value(&told);
        let place = ptr::from_mut(&mut told).cast::<c_void>();
        // SAFETY: place and length are those of `told`, which outlives the call.
        check(unsafe {
            let socket = self.socket.as_raw_fd();
            libc::getsockopt(socket, libc::SOL_PACKET, libc::PACKET_STATISTICS, place, &raw mut length)
        })?;
        Ok(Statistics { packets: told.tp_packets, drops: told.tp_drops, freezes: told.tp_freeze_q_cnt })
    }

    fn start(&self) -> NonNull<u8> {
        // SAFETY: `current` is below `blocks`, so the sum stays inside the mapping.
        unsafe { self.memory.add(self.current.saturating_mul(self.block_bytes)) }
    }

    fn status(&self) -> &AtomicU32 {
        // SAFETY: inside the mapping and aligned, for blocks begin at multiples of a page; the kernel changes it
        // concurrently, which is what an atomic is for. The mapping lives as long as the ring.
        unsafe { AtomicU32::from_ptr(self.start().add(STATUS_AT).as_ptr().cast()) }
    }

    fn is_ours(&self) -> bool {
        self.status().load(Ordering::Acquire) & libc::TP_STATUS_USER != 0
    }

    fn wait(&self, patience: Duration) -> io::Result<()> {
        let milliseconds = c_int::try_from(patience.as_millis()).unwrap_or(c_int::MAX);
        let mut asked = libc::pollfd { fd: self.socket.as_raw_fd(), events: libc::POLLIN | libc::POLLERR, revents: 0 };
        // SAFETY: one entry, which outlives the call.
        match check(unsafe { libc::poll(&raw mut asked, 1, milliseconds) }) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error),
            Ok(_) if asked.revents & libc::POLLERR != 0 => self.pending_error(),
            Ok(_) => Ok(()),
        }
    }

    /// What the socket reports, as that the card went down; asking clears it.
    fn pending_error(&self) -> io::Result<()> {
        let mut code: c_int = 0;
        let mut length = size_of_value(&code);
        let place = ptr::from_mut(&mut code).cast::<c_void>();
        // SAFETY: place and length are those of `code`, which outlives the call.
        check(unsafe {
            libc::getsockopt(self.socket.as_raw_fd(), libc::SOL_SOCKET, libc::SO_ERROR, place, &raw mut length)
        })?;
        if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code)) }
    }
}

/// A socket that receives nothing before it is bound: its protocol is zero.
fn socket() -> io::Result<OwnedFd> {
    // SAFETY: no memory is passed; the result is checked before it is owned.
    let descriptor = check(unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) })?;
    // SAFETY: just opened, and nobody else's.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

fn index_of(name: &str) -> Option<c_int> {
    let name = CString::new(name).ok()?;
    // SAFETY: a string that ends with zero and outlives the call.
    let index = unsafe { libc::if_nametoindex(name.as_ptr()) };
    c_int::try_from(index).ok().filter(|index| *index > 0)
}

/// Frames for others are wanted too: on a mirror port all of them are.
fn promiscuous(socket: &OwnedFd, index: c_int) -> io::Result<()> {
    let kind = libc::PACKET_MR_PROMISC as u16;
    let request = libc::packet_mreq { mr_ifindex: index, mr_type: kind, mr_alen: 0, mr_address: [0; 8] };
    set(socket, libc::PACKET_ADD_MEMBERSHIP, &request)
}

/// Begins to receive every protocol of one card; gives its hardware type.
fn bind(socket: &OwnedFd, index: c_int) -> io::Result<u16> {
    // SAFETY: plain numbers, for which zeros are valid.
    let mut address: libc::sockaddr_ll = unsafe { mem::zeroed() };
    address.sll_family = libc::AF_PACKET as u16;
    address.sll_protocol = (libc::ETH_P_ALL as u16).to_be();
    address.sll_ifindex = index;
    let mut length = size_of_value(&address);
    let place = ptr::from_mut(&mut address);
    // SAFETY: place and length are those of `address`, which outlives both calls.
    unsafe {
        check(libc::bind(socket.as_raw_fd(), place.cast(), length))?;
        check(libc::getsockname(socket.as_raw_fd(), place.cast(), &raw mut length))?;
    }
    Ok(address.sll_hatype)
}

fn set<T>(socket: &OwnedFd, option: c_int, value: &T) -> io::Result<()> {
    let place = ptr::from_ref(value).cast::<c_void>();
    // SAFETY: place and length are those of `value`, which outlives the call.
    check(unsafe { libc::setsockopt(socket.as_raw_fd(), libc::SOL_PACKET, option, place, size_of_value(value)) })?;
    Ok(())
}

fn size_of_value<T>(value: &T) -> socklen_t {
    socklen_t::try_from(size_of_val(value)).unwrap_or(socklen_t::MAX)
}

fn check(result: c_int) -> io::Result<c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}
