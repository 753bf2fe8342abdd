//! Weaknesses that show in traffic.

/// Something unsafe that was seen to happen. A fact is a boolean with evidence; the secret itself is never kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weakness {
    /// A password or token crossed the network readable.
    CleartextCredentials,
    /// A password that the maker ships or everyone knows was used.
    DefaultCredentials,
    /// A login without any password was offered or used.
    AnonymousAccess,
    /// Medical data crosses the network readable (DICOM, HL7, ASTM, POCT1-A, IntelliVue).
    CleartextMedical,
    /// A database is used without encryption.
    CleartextDatabase,
    /// A console or file transfer without encryption (Telnet, FTP).
    CleartextManagement,
    /// SMB version 1 was spoken.
    SmbVersion1,
    /// SMB signing is neither required nor used.
    SmbUnsigned,
    /// NTLM version 1 was used to sign in.
    NtlmVersion1,
    /// TLS below 1.2, or SSL.
    ObsoleteTls,
    /// A cipher suite without encryption, authentication, or with export, DES or RC4 encryption was agreed; in Kerberos also
    /// where a client offers nothing else.
    WeakCipher,
    /// The server's certificate is signed by itself.
    SelfSignedCertificate,
    /// The server's certificate was out of its validity period when seen.
    ExpiredCertificate,
    /// The certificate is signed with MD5 or SHA-1, or holds an RSA key under 2048 bits.
    WeakCertificate,
    /// SNMP version 1 or 2c: the community name is a readable password.
    SnmpCleartext,
    /// SNMP with the community names `public` or `private`.
    SnmpDefaultCommunity,
    /// SSH protocol version 1.
    SshVersion1,
    /// Only SSH algorithms known to be weak were offered by the server.
    WeakSsh,
    /// Remote Desktop without network level authentication.
    RdpWithoutAuthentication,
    /// An industrial protocol without authentication accepted a command that changes something.
    UnauthenticatedControl,
}

impl Weakness {
    /// Every weakness, in the order of documents and reports.
    pub const ALL: &'static [Self] = &[
        Self::CleartextCredentials,
        Self::DefaultCredentials,
        Self::AnonymousAccess,
        Self::CleartextMedical,
        Self::CleartextDatabase,
        Self::CleartextManagement,
        Self::SmbVersion1,
        Self::SmbUnsigned,
        Self::NtlmVersion1,
        Self::ObsoleteTls,
        Self::WeakCipher,
        Self::SelfSignedCertificate,
        Self::ExpiredCertificate,
        Self::WeakCertificate,
        Self::SnmpCleartext,
        Self::SnmpDefaultCommunity,
        Self::SshVersion1,
        Self::WeakSsh,
        Self::RdpWithoutAuthentication,
        Self::UnauthenticatedControl,
    ];

    /// The name used in files, as in `cleartext_credentials`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CleartextCredentials => "cleartext_credentials",
            Self::DefaultCredentials => "default_credentials",
            Self::AnonymousAccess => "anonymous_access",
            Self::CleartextMedical => "cleartext_medical",
            Self::CleartextDatabase => "cleartext_database",
            Self::CleartextManagement => "cleartext_management",
            Self::SmbVersion1 => "smb_version_1",
            Self::SmbUnsigned => "smb_unsigned",
            Self::NtlmVersion1 => "ntlm_version_1",
            Self::ObsoleteTls => "obsolete_tls",
            Self::WeakCipher => "weak_cipher",
            Self::SelfSignedCertificate => "self_signed_certificate",
            Self::ExpiredCertificate => "expired_certificate",
            Self::WeakCertificate => "weak_certificate",
            Self::SnmpCleartext => "snmp_cleartext",
            Self::SnmpDefaultCommunity => "snmp_default_community",
            Self::SshVersion1 => "ssh_version_1",
            Self::WeakSsh => "weak_ssh",
            Self::RdpWithoutAuthentication => "rdp_without_authentication",
            Self::UnauthenticatedControl => "unauthenticated_control",
        }
    }

    /// One line for people, as in "passwords cross the network readable".
    pub const fn title(self) -> &'static str {
        match self {
            Self::CleartextCredentials => "passwords cross the network readable",
            Self::DefaultCredentials => "a default password is in use",
            Self::AnonymousAccess => "access without a password",
            Self::CleartextMedical => "medical data crosses the network readable",
            Self::CleartextDatabase => "a database without encryption",
            Self::CleartextManagement => "management without encryption",
            Self::SmbVersion1 => "speaks SMB version 1",
            Self::SmbUnsigned => "SMB without signing",
            Self::NtlmVersion1 => "signs in with NTLM version 1",
            Self::ObsoleteTls => "TLS older than 1.2",
            Self::WeakCipher => "a weak cipher was agreed",
            Self::SelfSignedCertificate => "certificate signed by itself",
            Self::ExpiredCertificate => "certificate outside its validity",
            Self::WeakCertificate => "certificate with a weak key or signature",
            Self::SnmpCleartext => "SNMP without encryption",
            Self::SnmpDefaultCommunity => "SNMP with a default community name",
            Self::SshVersion1 => "speaks SSH version 1",
            Self::WeakSsh => "offers only weak SSH algorithms",
            Self::RdpWithoutAuthentication => "Remote Desktop without network level authentication",
            Self::UnauthenticatedControl => "accepts control commands from anyone",
        }
    }
}

impl serde::Serialize for Weakness {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
