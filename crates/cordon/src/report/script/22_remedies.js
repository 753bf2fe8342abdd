// What each weakness means and what helps, in words that can be handed to the person who does it.
// level 2 is a way in (a password, an open door, a command from anyone), level 1 a weak spot (readable, outdated).

const REMEDIES = new Map([
  ["cleartext_credentials", { level: 2, who: "Owner of the device with the network team",
    means: "A password or token crossed the network readable. Whoever listens anywhere on its way has it now.",
    steps: ["Change the passwords that crossed. This report does not hold them; it only knows that they did.", "Use the encrypted form of the same service: HTTPS for HTTP, SSH for Telnet, SFTP for FTP, LDAPS for LDAP.", "Where the maker offers none, let only the peers named here reach that service."] }],
  ["default_credentials", { level: 2, who: "Clinical engineering",
    means: "A password that the maker ships, or that everyone knows, opened the device. It is printed in manuals.",
    steps: ["Set an own password as the maker’s manual describes, and keep it where the on-call engineer finds it.", "Ask the maker where the password is fixed, and whether an update removes it.", "Until then, let only the service computer reach the login."] }],
  ["anonymous_access", { level: 2, who: "Owner of the device",
    means: "A login without any password was offered or used.",
    steps: ["Switch the anonymous login off, or limit it to reading what may be public.", "Check what was stored there by others.", "Where it has to stay, let only the peers named here reach it."] }],
  ["unauthenticated_control", { level: 2, who: "Building services or clinical engineering with the network team",
    means: "The device accepted a command that changes something, and the protocol asks nobody who they are.",
    steps: ["Let only the control station reach this port; a firewall rule is the usual cure, because the protocol has none.", "Switch writing off where reading is enough.", "Ask the maker for the secured form (BACnet/SC, Modbus over TLS)."] }],
  ["snmp_default_community", { level: 2, who: "Network team",
    means: "SNMP answers to the community name “public” or “private”. With the second, settings can be changed.",
    steps: ["Switch SNMP off where nobody reads it.", "Otherwise use version 3 with a password and encryption, or at least an own community name that can only read.", "Let only the monitoring server ask."] }],
  ["rdp_without_authentication", { level: 2, who: "IT with the maker",
    means: "Remote Desktop shows its login screen to anyone who connects, before asking who it is.",
    steps: ["Require network level authentication on this computer.", "Let only the service host or the jump host reach port 3389.", "Switch Remote Desktop off where nobody uses it."] }],
  ["cleartext_medical", { level: 1, who: "Clinical engineering with the maker and the network team",
    means: "Medical data cross the network readable and can be changed on the way. Most medical protocols were made so; that is normal and still a weakness.",
    steps: ["Ask the maker for the encrypted form: DICOM with TLS, HL7 over TLS, IEEE 11073 SDC.", "Until then keep sender and receiver in a segment of their own, so that nobody else can listen.", "Permit exactly the pairs named here and nothing else to these ports."] }],
  ["cleartext_database", { level: 1, who: "Owner of the database with the maker of the program",
    means: "Queries and answers cross the network readable and can be changed on the way; in a hospital they hold patients’ data.",
    steps: ["Give the server a certificate and have it require encryption.", "Where a medical program cannot do that, ask its maker, and let only the servers named here reach the database."] }],
  ["cleartext_management", { level: 1, who: "Clinical engineering or the network team",
    means: "The device is managed over a console or file transfer without encryption (Telnet, FTP).",
    steps: ["Use SSH or SFTP where the device offers it, and switch the old service off.", "Otherwise let only the service computer reach it, and only while work is being done."] }],
  ["smb_version_1", { level: 1, who: "IT with the maker",
    means: "The device speaks SMB version 1, which several worms of the past used to spread, WannaCry among them.",
    steps: ["Switch version 1 off on servers first; see which devices still ask for it.", "Where a medical device needs it, ask the maker for an update, and let it reach only that one file server.", "Close port 445 between clinical and office networks."] }],
  ["smb_unsigned", { level: 1, who: "IT",
    means: "SMB connections are neither required nor seen to be signed, so somebody in between can take them over.",
    steps: ["Require signing on file servers and domain controllers.", "Test one device of each kind before requiring it everywhere: old imaging consoles do not all know it."] }],
  ["ntlm_version_1", { level: 1, who: "IT",
    means: "A login used NTLM version 1. What crosses can be turned back into the password within hours.",
    steps: ["Permit only NTLM version 2 or Kerberos, by policy, on domain controllers.", "Change the password of the account that was used.", "Ask the maker of a device that knows nothing newer."] }],
  ["obsolete_tls", { level: 1, who: "Owner of the service",
    means: "The two sides agreed on TLS older than 1.2, or on SSL. These versions are broken and no longer permitted by their standard.",
    steps: ["Switch TLS 1.2 and 1.3 on, then the older versions off, on the side that answers.", "Where a medical device asks for the old version, plan its update with the maker first."] }],
  ["weak_cipher", { level: 1, who: "Owner of the service",
    means: "The agreed cipher gives no real protection: no encryption, no authentication, export strength, DES or RC4.",
    steps: ["Remove these ciphers on the side that answers.", "See who still connects with them before removing, so that no clinical link falls."] }],
  ["self_signed_certificate", { level: 1, who: "Owner of the device",
    means: "The certificate was signed by the device itself. A person in between can show another one and nobody notices.",
    steps: ["Give the device a certificate of the hospital’s own authority, if it can take one.", "Otherwise let its clients remember exactly this certificate."] }],
  ["expired_certificate", { level: 1, who: "Owner of the service",
    means: "The certificate was outside its validity when it was shown. People learn to click the warning away.",
    steps: ["Renew it, and put the next date into the calendar of whoever owns it.", "Check the clock of the device: a wrong date looks the same."] }],
  ["weak_certificate", { level: 1, who: "Owner of the service",
    means: "The certificate is signed with MD5 or SHA-1, or holds an RSA key shorter than 2048 bits. It can be forged.",
    steps: ["Issue a new one with SHA-256 and at least 2048 bits, or with an elliptic curve.", "Ask the maker where the certificate is built in."] }],
  ["snmp_cleartext", { level: 1, who: "Network team",
    means: "SNMP version 1 or 2c: its community name is a password that crosses the network readable.",
    steps: ["Use SNMP version 3 with encryption where the device knows it.", "Otherwise permit only reading, and only from the monitoring server."] }],
  ["ssh_version_1", { level: 1, who: "Owner of the device",
    means: "SSH version 1 was spoken. It has been broken for more than twenty years.",
    steps: ["Permit version 2 only.", "Where the device knows nothing newer, treat its console as unencrypted: only the service computer may reach it."] }],
  ["weak_ssh", { level: 1, who: "Owner of the device",
    means: "The SSH server offers only algorithms known to be weak.",
    steps: ["Update the server, or switch the modern algorithms on in its settings.", "Let only the service computer reach it until then."] }],
]);

const OTHER_REMEDY = { level: 1, who: "Owner of the device", means: "This kind of weakness has no text in this version of the report.", steps: ["See the evidence, and ask the maker of the device."] };

function remedyOf(kind) {
  return REMEDIES.get(kind) || OTHER_REMEDY;
}

/** Kinds of weakness, ways in first. */
function byLevel(kinds) {
  return kinds.slice().sort((a, b) => remedyOf(b).level - remedyOf(a).level);
}

const LEVEL_WORDS = ["", "weak spot", "way in"];
