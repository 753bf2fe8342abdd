//! What a client can ask of a file server, under one name for all versions of the protocol.

/// One kind of command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Negotiate,
    SessionSetup,
    Logoff,
    TreeConnect,
    TreeDisconnect,
    Create,
    Close,
    Flush,
    Read,
    Write,
    Lock,
    Ioctl,
    Cancel,
    Echo,
    QueryDirectory,
    ChangeNotify,
    QueryInfo,
    SetInfo,
    OplockBreak,
    Delete,
    Rename,
    CreateDirectory,
    DeleteDirectory,
    Transaction,
    Transaction2,
    NtTransact,
    Print,
}

impl Operation {
    /// The command of an SMB 2 or 3 header (MS-SMB2 §2.2.1.2).
    pub(super) const fn of_version2(command: u16) -> Option<Self> {
        Some(match command {
            0 => Self::Negotiate,
            1 => Self::SessionSetup,
            2 => Self::Logoff,
            3 => Self::TreeConnect,
            4 => Self::TreeDisconnect,
            5 => Self::Create,
            6 => Self::Close,
            7 => Self::Flush,
            8 => Self::Read,
            9 => Self::Write,
            10 => Self::Lock,
            11 => Self::Ioctl,
            12 => Self::Cancel,
            13 => Self::Echo,
            14 => Self::QueryDirectory,
            15 => Self::ChangeNotify,
            16 => Self::QueryInfo,
            17 => Self::SetInfo,
            18 => Self::OplockBreak,
            _ => return None,
        })
    }

    /// The command of an SMB 1 header (MS-CIFS §2.2.2.1).
    pub(super) const fn of_version1(command: u8) -> Option<Self> {
        Some(match command {
            0x00 => Self::CreateDirectory,
            0x01 => Self::DeleteDirectory,
            0x02 | 0x03 | 0x0e | 0x0f | 0x2d | 0xa2 => Self::Create,
            0x04 => Self::Close,
            0x05 => Self::Flush,
            0x06 => Self::Delete,
            0x07 | 0xa5 => Self::Rename,
            0x08 | 0x10 | 0x23 | 0x80 => Self::QueryInfo,
            0x09 | 0x22 => Self::SetInfo,
            0x0a | 0x13 | 0x1a | 0x1b | 0x2e => Self::Read,
            0x0b | 0x14 | 0x1d | 0x2c | 0x2f => Self::Write,
            0x0c | 0x0d | 0x24 => Self::Lock,
            0x25 | 0x26 => Self::Transaction,
            0x27 => Self::Ioctl,
            0x2b => Self::Echo,
            0x32 | 0x33 => Self::Transaction2,
            0x34 | 0x81..=0x84 => Self::QueryDirectory,
            0x70 | 0x75 => Self::TreeConnect,
            0x71 => Self::TreeDisconnect,
            0x72 => Self::Negotiate,
            0x73 => Self::SessionSetup,
            0x74 => Self::Logoff,
            0xa0 | 0xa1 => Self::NtTransact,
            0xa4 => Self::Cancel,
            0xc0..=0xc3 => Self::Print,
            _ => return None,
        })
    }

    /// The name in messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Negotiate => "negotiate",
            Self::SessionSetup => "session_setup",
            Self::Logoff => "logoff",
            Self::TreeConnect => "tree_connect",
            Self::TreeDisconnect => "tree_disconnect",
            Self::Create => "create",
            Self::Close => "close",
            Self::Flush => "flush",
            Self::Read => "read",
            Self::Write => "write",
            Self::Lock => "lock",
            Self::Ioctl => "ioctl",
            Self::Cancel => "cancel",
            Self::Echo => "echo",
            Self::QueryDirectory => "query_directory",
            Self::ChangeNotify => "change_notify",
            Self::QueryInfo => "query_info",
            Self::SetInfo => "set_info",
            Self::OplockBreak => "oplock_break",
            Self::Delete => "delete",
            Self::Rename => "rename",
            Self::CreateDirectory => "create_directory",
            Self::DeleteDirectory => "delete_directory",
            Self::Transaction => "transaction",
            Self::Transaction2 => "transaction2",
            Self::NtTransact => "nt_transact",
            Self::Print => "print",
        }
    }

    /// Whether the command works inside a share, so that a signed session signs its answer. Setting up and tearing
    /// down a session, and what may be sent outside one, proves nothing.
    pub(super) const fn is_inside_a_share(self) -> bool {
        !matches!(
            self,
            Self::Negotiate
                | Self::SessionSetup
                | Self::Logoff
                | Self::TreeConnect
                | Self::TreeDisconnect
                | Self::Cancel
                | Self::Echo
                | Self::OplockBreak
        )
    }
}

/// A set of operations.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Operations(u32);

impl Operations {
    /// Adds an operation. Returns whether it was missing.
    pub(super) fn insert(&mut self, operation: Operation) -> bool {
        let bit = 1_u32.checked_shl(operation as u32).unwrap_or(0);
        let missing = self.0 & bit == 0;
        self.0 |= bit;
        missing
    }
}
