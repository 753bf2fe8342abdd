//! The kinds of evidence.

/// The kinds of evidence that may depend on each other; only different families add up in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Link layer: address prefixes, LLDP, CDP.
    L2,
    /// What a station asks of its address server.
    Dhcp,
    /// The shape of a TCP SYN.
    Tcp,
    /// Certificates and client fingerprints.
    Tls,
    /// What services say of themselves: HTTP, SSH, SNMP, SMB.
    Banner,
    /// Announcements: WS-Discovery, SSDP, mDNS.
    Discovery,
    /// What a medical protocol says of its speaker.
    MedicalSelf,
    /// Which services are offered and used.
    Flow,
    /// Host names and their grammar.
    Name,
    /// Two sources that know nothing of each other name one maker.
    Agreement,
    /// What a gateway says, in a medical protocol, of a device that has an address of its own.
    Reported,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 11] = [
        Self::L2,
        Self::Dhcp,
        Self::Tcp,
        Self::Tls,
        Self::Banner,
        Self::Discovery,
        Self::MedicalSelf,
        Self::Flow,
        Self::Name,
        Self::Agreement,
        Self::Reported,
    ];

    /// As the knowledge files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::L2 => "l2",
            Self::Dhcp => "dhcp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Banner => "banner",
            Self::Discovery => "discovery",
            Self::MedicalSelf => "medical_self",
            Self::Flow => "flow",
            Self::Name => "name",
            Self::Agreement => "agreement",
            Self::Reported => "reported",
        }
    }

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::L2 => "hardware address",
            Self::Dhcp => "DHCP",
            Self::Tcp => "TCP stack",
            Self::Tls => "TLS",
            Self::Banner => "banners and answers",
            Self::Discovery => "announcements",
            Self::MedicalSelf => "medical self-description",
            Self::Flow => "services offered and used",
            Self::Name => "names",
            Self::Agreement => "agreement of sources",
            Self::Reported => "reports of gateways",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    pub(super) const fn place(self) -> usize {
        self as usize
    }
}
