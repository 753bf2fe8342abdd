//! Sign-ins that cross the network readable: what is asked of them is whether everyone knows the password.
//!
//! A name or password is looked at and forgotten. Nothing here hands one out.

/// The longest name or password that is compared, in bytes.
const TYPED_BYTES_MAX: usize = 32;

/// Names and passwords that makers print in their manuals or that worms have tried on every device since Mirai (2016).
/// An empty password stands for none.
static DEFAULTS: &[(&[u8], &[&[u8]])] = &[
    (
        b"admin",
        &[
            b"",
            b"admin",
            b"admin1",
            b"admin123",
            b"admin1234",
            b"administrator",
            b"password",
            b"Password1",
            b"passw0rd",
            b"pass",
            b"default",
            b"1234",
            b"12345",
            b"123456",
            b"1111",
            b"0000",
            b"9999",
            b"4321",
            b"54321",
            b"888888",
            b"changeme",
            b"system",
            b"manager",
            b"smcadmin",
            b"epicrouter",
            b"motorola",
            b"meinsm",
            b"private",
            b"public",
            b"access",
        ],
    ),
    (b"administrator", &[b"", b"admin", b"administrator", b"password", b"1234", b"12345", b"meinsm"]),
    (
        b"root",
        &[
            b"",
            b"root",
            b"admin",
            b"password",
            b"pass",
            b"toor",
            b"default",
            b"system",
            b"calvin",
            b"changeme",
            b"user",
            b"1234",
            b"12345",
            b"123456",
            b"54321",
            b"666666",
            b"888888",
            b"1111",
            b"vizxv",
            b"xc3511",
            b"xmhdipc",
            b"anko",
            b"juantech",
            b"klv123",
            b"klv1234",
            b"Zte521",
            b"hi3518",
            b"jvbzd",
            b"7ujMko0vizxv",
            b"7ujMko0admin",
            b"ikwb",
            b"dreambox",
            b"realtek",
            b"alpine",
        ],
    ),
    (b"user", &[b"", b"user", b"password", b"1234", b"12345"]),
    (b"guest", &[b"", b"guest", b"12345"]),
    (b"service", &[b"", b"service", b"1234"]),
    (b"support", &[b"", b"support", b"1234"]),
    (b"supervisor", &[b"", b"supervisor", b"PlsChgMe!"]),
    (b"operator", &[b"", b"operator"]),
    (b"tech", &[b"", b"tech"]),
    (b"test", &[b"", b"test"]),
    (b"manager", &[b"", b"manager", b"friend"]),
    (b"monitor", &[b"", b"monitor"]),
    (b"cisco", &[b"", b"cisco"]),
    (b"pi", &[b"raspberry"]),
    (b"ubnt", &[b"ubnt"]),
    (b"ftp", &[b"ftp"]),
    (b"userid", &[b"PASSW0RD"]),
    (b"tomcat", &[b"tomcat", b"s3cret"]),
    (b"orthanc", &[b"orthanc"]),
    (b"dicom", &[b"dicom"]),
    (b"pacs", &[b"pacs"]),
    (b"mirth", &[b"mirth"]),
    (b"", &[b"admin", b"password", b"1234", b"12345"]),
];

/// Whether a name and password are a pair that everyone can look up. Names are compared without regard to case.
pub(crate) fn is_default(name: &[u8], password: &[u8]) -> bool {
    DEFAULTS.iter().any(|(known, passwords)| known.eq_ignore_ascii_case(name) && passwords.contains(&password))
}

/// Whether a name stands for everyone (RFC 1635).
pub(crate) fn is_anonymous(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"anonymous") || name.eq_ignore_ascii_case(b"ftp")
}

/// A name or password while it is compared. It cannot be printed and is overwritten when it goes.
pub(crate) struct Typed {
    bytes: [u8; TYPED_BYTES_MAX],
    length: usize,
    /// Longer than any that is compared.
    cut: bool,
}

impl Typed {
    /// Nothing typed yet.
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; TYPED_BYTES_MAX], length: 0, cut: false }
    }

    /// One more character.
    pub(crate) fn push(&mut self, byte: u8) {
        match self.bytes.get_mut(self.length) {
            Some(place) => {
                *place = byte;
                self.length = self.length.saturating_add(1);
            }
            None => self.cut = true,
        }
    }

    /// The last character is taken back.
    pub(crate) fn rub_out(&mut self) {
        self.length = self.length.saturating_sub(1);
    }

    /// Takes whole text instead of what was typed.
    pub(crate) fn set(&mut self, text: &[u8]) {
        self.erase();
        for byte in text.iter().take(TYPED_BYTES_MAX.saturating_add(1)) {
            self.push(*byte);
        }
    }

    /// What was typed, unless it is too long to be in any list.
    pub(crate) fn known(&self) -> Option<&[u8]> {
        if self.cut { None } else { self.bytes.get(..self.length) }
    }

    /// Overwrites what was typed.
    pub(crate) fn erase(&mut self) {
        self.bytes.fill(0);
        self.length = 0;
        self.cut = false;
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        self.erase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pairs_that_everyone_knows_are_defaults() {
        assert!(is_default(b"admin", b"admin"));
        assert!(is_default(b"Admin", b""));
        assert!(is_default(b"USERID", b"PASSW0RD"));
        assert!(!is_default(b"admin", b"Admin"));
        assert!(!is_default(b"nurse", b"nurse"));
        assert!(!is_default(b"", b""));
    }

    #[test]
    fn what_is_too_long_is_nobodys_default() {
        let mut typed = Typed::new();
        typed.set(b"admin");
        typed.push(b'x');
        typed.rub_out();
        assert_eq!(typed.known(), Some(b"admin".as_slice()));
        typed.set(&[b'a'; 100]);
        assert_eq!(typed.known(), None);
        typed.erase();
        assert_eq!(typed.known(), Some(b"".as_slice()));
    }
}
