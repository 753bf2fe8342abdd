//! The scales of the risk tables: closed lists of steps, each with a number in `knowledge/risk.toml`.

/// A scale of `risk.toml`: its steps, and where their numbers stand among all of them.
pub trait Scale: Copy + Eq + Ord + Sized + 'static {
    /// Its name in the file.
    const NAME: &'static str;
    /// Where the number of the first step stands; that of "nobody knows" stands after the last step.
    const BASE: usize;
    /// Whether a device's step may be unknown.
    const MAY_BE_UNKNOWN: bool;
    /// The steps, in the order of the enum.
    const ALL: &'static [Self];
    /// The step's name in the file.
    fn name(self) -> &'static str;
    /// Where the step's number stands.
    fn place(self) -> usize;
    /// Where the number for a step that nobody knows stands.
    const UNKNOWN: usize = Self::BASE.saturating_add(Self::ALL.len());
    /// The first place after this scale.
    const END: usize = Self::UNKNOWN.saturating_add(1);
}

/// The type that stands before: whose numbers end where those of the next begin.
struct Start;

impl Start {
    const END: usize = 0;
}

macro_rules! scales {
    ($previous:ty;) => {
        /// How many numbers the scales have; those of the weaknesses come after them.
        pub(super) const PLACES: usize = <$previous>::END;
    };
    ($previous:ty; $(#[$about:meta])* $scale:ident $name:literal unknown: $unknown:literal {
        $($(#[$step_about:meta])* $step:ident $step_name:literal,)*
    } $($rest:tt)*) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $scale { $($(#[$step_about])* $step,)* }

        impl Scale for $scale {
            const NAME: &'static str = $name;
            const BASE: usize = <$previous>::END;
            const MAY_BE_UNKNOWN: bool = $unknown;
            const ALL: &'static [Self] = &[$(Self::$step,)*];

            fn name(self) -> &'static str {
                match self { $(Self::$step => $step_name,)* }
            }

            fn place(self) -> usize {
                Self::BASE.saturating_add(self as usize)
            }
        }

        scales! { $scale; $($rest)* }
    };
}

scales! { Start;
    /// What is known of attacks through a vulnerability (SSVC Exploitation 1.1.0; CISA's catalogue, BOD 22-01).
    Exploitation "exploitation" unknown: true {
        /// Nobody was seen doing it, nobody published how.
        None "none",
        /// How to do it is public.
        PublicPoc "public_poc",
        /// It was seen done.
        Active "active",
        /// It is in CISA's catalogue of known exploited vulnerabilities.
        KnownExploited "known_exploited",
    }
    /// From where a vulnerability can be used (CVSS 3.1 §2.1.1).
    AttackVector "attack_vector" unknown: true {
        /// From any network.
        Network "network",
        /// From the same network.
        Adjacent "adjacent",
        /// From the device itself.
        Local "local",
        /// By touching the device.
        Physical "physical",
    }
    /// Which privileges it asks for (CVSS 3.1 §2.1.3).
    PrivilegesRequired "privileges_required" unknown: true {
        /// None.
        None "none",
        /// Those of a user.
        Low "low",
        /// Those of an administrator.
        High "high",
    }
    /// Whether somebody else must take part (CVSS 3.1 §2.1.4).
    UserInteraction "user_interaction" unknown: true {
        /// Nobody.
        None "none",
        /// A user.
        Required "required",
    }
    /// How much must fall into place (CVSS 3.1 §2.1.2).
    AttackComplexity "attack_complexity" unknown: true {
        /// Nothing.
        Low "low",
        /// What the attacker does not control.
        High "high",
    }
    /// How sure it is that the advisory speaks of this device.
    MatchTier "match_tier" unknown: false {
        /// Serial number, UDI or the maker's word.
        Exact "exact",
        /// Model and version.
        Decided "decided",
        /// The family, the version is unknown.
        Possible "possible",
        /// Through a component or the system alone.
        Inferred "inferred",
    }
    /// What the maker or a coordinator says of the product (OpenVEX 0.2.0, CSAF 2.0 §3.2.3.9).
    Vex "vex" unknown: false {
        /// Affected.
        Affected "affected",
        /// Not decided yet.
        UnderInvestigation "under_investigation",
        /// Not affected.
        NotAffected "not_affected",
        /// This version is mended.
        Fixed "fixed",
    }
    /// On what kind of path an attacker comes.
    Reach "reach" unknown: true {
        /// From the internet, directly.
        Internet "internet",
        /// From a network that office computers share.
        FlatNetwork "flat_network",
        /// Through what the device itself asks of the internet.
        InternetOutbound "internet_outbound",
        /// From a clinical network whose members speak freely.
        OpenClinical "open_clinical",
        /// Through the maker's remote access.
        VendorAccess "vendor_access",
        /// From a network whose access lists let through what is listed.
        Restricted "restricted",
        /// From the few stations that its own segment lets through.
        MicroSegment "micro_segment",
        /// From nowhere, as far as is known.
        Isolated "isolated",
    }
    /// A control that acts on one vulnerability.
    VulnerabilityControl "vulnerability_control" unknown: false {
        /// A device before it blocks what uses the vulnerability.
        VirtualPatch "virtual_patch",
    }
    /// A control that acts on one path.
    PathControl "path_control" unknown: false {
        /// The maker's people sign in with a second factor.
        VendorMfa "vendor_mfa",
        /// Both sides show certificates.
        MutualTls "mutual_tls",
        /// The port asks who is there (IEEE 802.1X).
        PortAuthentication "port_authentication",
        /// What goes over the path is watched.
        Monitored "monitored",
    }
    /// A control that acts on the device as a whole.
    HostControl "host_control" unknown: false {
        /// Endpoint detection and response.
        EndpointDetection "endpoint_detection",
        /// Only listed programs run.
        AllowListing "allow_listing",
    }
    /// How badly a patient may come to harm (ISO 14971:2007 table D.3), the least first.
    Severity "severity" unknown: true {
        /// Inconvenience.
        Negligible "negligible",
        /// Injury that needs no treatment.
        Minor "minor",
        /// Injury that needs treatment.
        Serious "serious",
        /// Lasting or life-threatening injury.
        Critical "critical",
        /// Death.
        Catastrophic "catastrophic",
    }
    /// Where in the hospital a device stands, as far as its care depends on it.
    Location "location" unknown: true {
        /// Intensive care.
        IntensiveCare "intensive_care",
        /// Operating theatre.
        OperatingTheatre "operating_theatre",
        /// Emergency department.
        Emergency "emergency",
        /// Radiology and other imaging.
        Imaging "imaging",
        /// Ward.
        Ward "ward",
        /// Laboratory.
        Laboratory "laboratory",
        /// Where the servers are.
        DataCentre "data_centre",
        /// Outpatient clinic.
        Outpatient "outpatient",
        /// Offices.
        Office "office",
    }
}
