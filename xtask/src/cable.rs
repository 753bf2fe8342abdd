//! Two network cards that are joined, for tests that listen: in a namespace that only the test sees and that goes with it.

use std::os::fd::{AsRawFd, OwnedFd};
use std::process::Command;

use nix::ifaddrs::getifaddrs;
use nix::sched::{CloneFlags, unshare};
use nix::sys::socket::{AddressFamily, LinkAddr, MsgFlags, SockFlag, SockType, sendto, socket};

use crate::reference::skipped;

/// The cards `sends` and `hears`.
pub struct Cable {
    socket: OwnedFd,
    to: LinkAddr,
    back: LinkAddr,
}

impl Cable {
    /// Runs the test on a thread of its own, whose network is nobody else's; says so if this machine does not let us.
    pub fn with(test: impl FnOnce(&Self) + Send) {
        std::thread::scope(|scope| {
            let done = scope.spawn(|| match Self::new() {
                Some(cable) => test(&cable),
                None => skipped("a veth pair needs root and `ip`: live capture was not tried"),
            });
            if let Err(panic) = done.join() {
                std::panic::resume_unwind(panic);
            }
        });
    }

    fn new() -> Option<Self> {
        unshare(CloneFlags::CLONE_NEWNET).ok()?;
        // Otherwise the kernel announces the cards to each other and the counts are not ours.
        for card in ["default", "all"] {
            let _ = std::fs::write(format!("/proc/sys/net/ipv6/conf/{card}/disable_ipv6"), "1");
        }
        Self::laid()
    }

    /// Takes both cards away, and makes others of the same names.
    pub fn again(&self) -> Option<Self> {
        ip(&["link", "delete", "sends"])?;
        Self::laid()
    }

    fn laid() -> Option<Self> {
        ip(&["link", "add", "sends", "type", "veth", "peer", "name", "hears"])?;
        for card in ["sends", "hears"] {
            ip(&["link", "set", card, "arp", "off", "up"])?;
        }
        let socket = socket(AddressFamily::Packet, SockType::Raw, SockFlag::SOCK_CLOEXEC, None).ok()?;
        let address = |name: &str| {
            let card = getifaddrs().ok()?.find(|card| card.interface_name == name)?;
            card.address?.as_link_addr().copied()
        };
        Some(Self { socket, to: address("sends")?, back: address("hears")? })
    }

    /// Puts a frame on the cable.
    ///
    /// # Panics
    ///
    /// If the system does not take it.
    pub fn send(&self, frame: &[u8]) {
        self.send_by(&self.to, frame);
    }

    /// Puts a frame on the cable from the card that is listened to, as another program of this machine might.
    ///
    /// # Panics
    ///
    /// If the system does not take it.
    pub fn send_back(&self, frame: &[u8]) {
        self.send_by(&self.back, frame);
    }

    #[allow(clippy::panic, reason = "a test that meets the unexpected stops there")]
    fn send_by(&self, card: &LinkAddr, frame: &[u8]) {
        if let Err(error) = sendto(self.socket.as_raw_fd(), frame, card, MsgFlags::empty()) {
            panic!("a frame of {} bytes: {error}", frame.len());
        }
    }
}

/// Runs `ip` in the namespace of the calling thread; `None` if it failed.
pub fn ip(arguments: &[&str]) -> Option<()> {
    Command::new("ip").args(arguments).output().ok().filter(|output| output.status.success()).map(|_| ())
}
