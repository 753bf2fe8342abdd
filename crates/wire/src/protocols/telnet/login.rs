//! Prompts, and whether a sign-in was accepted: what servers say in words.

/// How much of a line is looked at.
const LINE_BYTES_MAX: usize = 120;

/// What a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    Name,
    Password,
}

/// A line of text while it comes: without escape sequences (ECMA-48 §5.4), in as many bytes as are looked at.
#[derive(Clone, Copy)]
pub(super) struct Line {
    bytes: [u8; LINE_BYTES_MAX],
    length: usize,
    escape: Escape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    None,
    Begun,
    Inside,
}

impl Line {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; LINE_BYTES_MAX], length: 0, escape: Escape::None }
    }

    /// Takes the next byte of the line.
    pub(super) fn push(&mut self, byte: u8) {
        match (self.escape, byte) {
            (_, 0x1b) => self.escape = Escape::Begun,
            (Escape::Begun, b'[') => self.escape = Escape::Inside,
            (Escape::Begun, _) | (Escape::Inside, b'@'..=b'~') => self.escape = Escape::None,
            (Escape::Inside, _) => {}
            (Escape::None, 0x08) => self.length = self.length.saturating_sub(1),
            (Escape::None, 0..=0x1f | 0x7f) => {
                if byte == b'\t' {
                    self.put(b' ');
                }
            }
            (Escape::None, _) => self.put(byte),
        }
    }

    fn put(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length = self.length.saturating_add(1);
        }
    }

    pub(super) const fn clear(&mut self) {
        self.length = 0;
        self.escape = Escape::None;
    }

    pub(super) fn text(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default().trim_ascii()
    }

    /// What the line asks for, if it ends in a prompt.
    pub(super) fn prompt(&self) -> Option<Prompt> {
        static NAMES: &[&[u8]] = &[
            b"login",
            b"logon",
            b"username",
            b"user name",
            b"user",
            b"user id",
            b"userid",
            b"account",
            b"account name",
        ];
        static PASSWORDS: &[&[u8]] = &[b"password", b"passwd", b"passcode", b"passwort", b"kennwort"];
        let text = self.text().strip_suffix(b":")?.trim_ascii_end();
        // `Last login: Mon Jan  5 …` is news, not a question.
        if ends_with(text, b"last login") {
            return None;
        }
        if PASSWORDS.iter().any(|word| ends_with(text, word)) {
            return Some(Prompt::Password);
        }
        NAMES.iter().any(|word| ends_with(text, word)).then_some(Prompt::Name)
    }

    /// Whether the prompt is only asking words, and at most the host's name before them.
    pub(super) fn is_plain_prompt(&self) -> bool {
        static ASKING: &[&[u8]] = &[
            b"login",
            b"logon",
            b"username",
            b"user",
            b"name",
            b"id",
            b"userid",
            b"account",
            b"enter",
            b"please",
            b"password",
            b"passwd",
            b"passcode",
            b"passwort",
            b"kennwort",
            b"your",
        ];
        let is_asking = |word: &[u8]| ASKING.iter().any(|known| known.eq_ignore_ascii_case(word));
        let words =
            self.text().split(|byte| byte.is_ascii_whitespace() || *byte == b':').filter(|word| !word.is_empty());
        let mut others = words.filter(|word| !is_asking(word));
        let is_host = |word: &[u8]| {
            std::str::from_utf8(word).is_ok_and(|word| {
                model::Form::Name.judge(word) == model::form::Verdict::Whole && !model::form::is_personal(word)
            })
        };
        others.next().is_none_or(is_host) && others.next().is_none()
    }

    /// Whether the line refuses a sign-in.
    pub(super) fn refuses(&self) -> bool {
        static WORDS: &[&[u8]] = &[
            b"incorrect",
            b"invalid",
            b"fail",
            b"denied",
            b"wrong",
            b"bad password",
            b"refused",
            b"not allowed",
            b"error",
        ];
        WORDS.iter().any(|word| contains(self.text(), word))
    }

    /// Whether the line welcomes, or ends as the prompt of a shell does.
    pub(super) fn welcomes(&self) -> bool {
        let text = self.text();
        matches!(text.last(), Some(b'#' | b'$' | b'>' | b'%'))
            || contains(text, b"last login")
            || contains(text, b"welcome")
    }
}

fn ends_with(text: &[u8], word: &[u8]) -> bool {
    let start = text.len().saturating_sub(word.len());
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    text.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(word))
        && before.is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        let mut line = Line::new();
        text.bytes().for_each(|byte| line.push(byte));
        line
    }

    #[test]
    fn prompts_are_told_from_news() {
        assert_eq!(line("ward3 login: ").prompt(), Some(Prompt::Name));
        assert_eq!(line("\x1b[1;31mUser Name :\x1b[0m").prompt(), Some(Prompt::Name));
        assert_eq!(line("Enter password:").prompt(), Some(Prompt::Password));
        assert_eq!(line("Last login: ").prompt(), None);
        assert_eq!(line("superuser:").prompt(), None);
        assert_eq!(line("login").prompt(), None);
    }

    #[test]
    fn an_answer_is_a_yes_or_a_no() {
        assert!(line("Login incorrect").refuses());
        assert!(line("% Access denied").refuses());
        assert!(line("# ").welcomes() && line("pump> ").welcomes() && line("Last login: Mon").welcomes());
        assert!(!line("Password accepted").refuses());
    }
}
