//! What an attack is in words, for whoever starts one to see what becomes of it.

/// An attack in words.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// [`Attack::name`](crate::attacks::Attack::name).
    pub attack: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What is done.
    pub does: &'static str,
    /// What a hospital needs to have for it.
    pub needs: &'static str,
}

const WORKSTATION: &str = "a workstation";
const ARCHIVE: &str = "a workstation and an image archive";
const NAMES: &str = "a workstation and a name server";

const fn of(attack: &'static str, title: &'static str, does: &'static str, needs: &'static str) -> Words {
    Words { attack, title, does, needs }
}

/// Every attack in words.
pub const ALL: [Words; 20] = [
    of(
        "arp_spoof",
        "ARP spoofing",
        "An intruder tells a patient monitor and its router that the other's address is his, every two seconds.",
        "a patient monitor on the intruder's network",
    ),
    of("beacon", "Command and control", "A workstation calls an address outside once a minute, over TLS.", WORKSTATION),
    of(
        "cloned_mac",
        "Cloned hardware address",
        "A computer takes a patient monitor's addresses and asks for names that no monitor asks for.",
        "a patient monitor and a name server",
    ),
    of(
        "default_password",
        "Default password",
        "Somebody signs in by Telnet with the password that the maker ships.",
        "a workstation, and a serial server or a patient monitor",
    ),
    of(
        "dns_tunnel",
        "DNS tunnel",
        "Hundreds of long names below one domain carry data through the name server.",
        NAMES,
    ),
    of(
        "drug_library",
        "Drug library from the wrong host",
        "A workstation pushes files to infusion pumps by FTP, one after the other.",
        "a workstation and wireless infusion pumps",
    ),
    of("exfiltration", "Exfiltration", "A workstation sends ten megabytes to an address outside.", WORKSTATION),
    of("find_sweep", "Sweep of the archive", "Somebody asks the archive for everything, by C-FIND.", ARCHIVE),
    of(
        "forged_order",
        "Forged HL7 orders",
        "A workstation sends orders to the interface engine in the name of the hospital system.",
        "a workstation and an interface engine",
    ),
    of(
        "move_elsewhere",
        "Images sent elsewhere",
        "Somebody has the archive send studies to a destination that it never had, by C-MOVE.",
        ARCHIVE,
    ),
    of(
        "ransomware",
        "Before ransomware",
        "A workstation opens the archive's shares again and again over SMB and reads much.",
        ARCHIVE,
    ),
    of(
        "remote_desktop",
        "Remote desktop from the wrong host",
        "A workstation opens Remote Desktop to a computer of the imaging or to a central station.",
        "a workstation, and an imaging workstation or a central station",
    ),
    of(
        "rogue_dhcp",
        "Second DHCP server",
        "An intruder answers who asks for an address, and names himself as the way out.",
        "a device of the offices that asks for its address",
    ),
    of("rogue_store", "Foreign images", "A computer that is no modality stores images in the archive.", ARCHIVE),
    of(
        "scan",
        "Scan",
        "A workstation tries the addresses of a network, and then the ports of one host.",
        "a workstation and an interface engine",
    ),
    of("silent_monitor", "Silent monitor", "A patient monitor is heard no more.", "a patient monitor"),
    of("title_guessing", "Guessed titles", "Somebody tries application titles at the archive.", ARCHIVE),
    of(
        "unknown_device",
        "Unknown device at the bedside",
        "Somebody plugs a single-board computer in where the monitors are.",
        "a name server",
    ),
    of(
        "vendor_at_night",
        "Maker's service without a window",
        "A maker's service works on a scanner by SSH when nobody opened a window for it.",
        "a remote service and an MRI or CT scanner",
    ),
    of(
        "worm",
        "Worm",
        "A workstation signs in to its neighbours by SMB; those that it reached go on.",
        "two workstations",
    ),
];

/// The words of an attack.
pub fn words(attack: &str) -> Option<&'static Words> {
    ALL.iter().find(|words| words.attack == attack)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attack_has_words_and_words_belong_to_an_attack() {
        let named: Vec<&str> = ALL.iter().map(|words| words.attack).collect();
        let attacks: Vec<&str> = crate::attacks::ALL.iter().map(|attack| attack.name()).collect();
        assert_eq!(named, attacks);
    }
}
