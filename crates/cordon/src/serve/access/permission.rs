//! What may be done, and which roles may do it.

use serde::{Deserialize, Serialize};

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Look at devices, flows, coverage.
    See,
    /// Take lists away as files.
    Export,
    /// Confirm or correct what a device is.
    Correct,
    /// Accept a risk, or say that a finding is none.
    Decide,
    /// Import captures.
    Import,
    /// Let people in, change their roles, shut them out.
    People,
    /// Change how Cordon works.
    Settings,
    /// Read who did what.
    Audit,
    /// Start attacks in a synthetic hospital.
    Drill,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 9] = [
        Self::See,
        Self::Export,
        Self::Correct,
        Self::Decide,
        Self::Import,
        Self::People,
        Self::Settings,
        Self::Audit,
        Self::Drill,
    ];

    /// What one may do with it, as it ends the sentence "to …".
    pub const fn deed(self) -> &'static str {
        match self {
            Self::See => "look at devices",
            Self::Export => "export lists",
            Self::Correct => "confirm or correct devices",
            Self::Decide => "decide about risks",
            Self::Import => "import captures",
            Self::People => "manage people",
            Self::Settings => "change settings",
            Self::Audit => "read the audit log",
            Self::Drill => "start attacks in a synthetic hospital",
        }
    }
}

/// What a person is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs Cordon.
    Administrator,
    /// Answers for the security of medical devices.
    SecurityOfficer,
    /// Keeps medical devices working.
    ClinicalEngineering,
    /// Keeps the network working.
    Network,
    /// Watches for attacks.
    SecurityAnalyst,
    /// Decides about money and people.
    Manager,
    /// Works with the devices.
    Clinician,
    /// Checks what others did.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::Administrator,
        Self::SecurityOfficer,
        Self::ClinicalEngineering,
        Self::Network,
        Self::SecurityAnalyst,
        Self::Manager,
        Self::Clinician,
        Self::Auditor,
    ];

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::SecurityOfficer => "Medical device security officer",
            Self::ClinicalEngineering => "Clinical engineering",
            Self::Network => "Network",
            Self::SecurityAnalyst => "Security analyst",
            Self::Manager => "Manager",
            Self::Clinician => "Clinician",
            Self::Auditor => "Auditor",
        }
    }

    /// What the role may do.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission::{Audit, Correct, Decide, Drill, Export, Import, People, See, Settings};
        match self {
            Self::Administrator => &[See, Export, Correct, Decide, Import, People, Settings, Audit, Drill],
            Self::SecurityOfficer => &[See, Export, Correct, Decide, Import, Settings, Audit],
            Self::ClinicalEngineering => &[See, Export, Correct, Decide, Import],
            Self::Network | Self::SecurityAnalyst => &[See, Export, Correct, Import],
            Self::Manager => &[See, Export],
            Self::Clinician => &[See],
            Self::Auditor => &[See, Export, Audit],
        }
    }

    /// Whether the role may do it.
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}

/// What a route asks of whoever calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing: it serves to sign in.
    Open,
    /// To be signed in.
    SignedIn,
    /// To be signed in with a role that may do this.
    May(Permission),
}
