//! Regular expressions that are compiled when they are first needed, behind a literal that most texts already fail.
//!
//! Thousands of patterns may be loaded (the recog collection alone holds more than four thousand), of which one capture
//! needs a few dozen. Compiling them all would cost seconds and a hundred megabytes.

use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};

/// The largest compiled pattern, in bytes: a rule file cannot exhaust the memory.
const COMPILED_BYTES_MAX: usize = 1 << 21;
/// A literal shorter than this is in so many texts that looking for it saves nothing.
const LITERAL_BYTES_MIN: usize = 2;

/// A regular expression in the syntax of Rust's `regex`, which matches in linear time.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    literal: Option<Literal>,
    compiled: OnceLock<Option<Regex>>,
}

/// Text that every match holds.
#[derive(Debug, PartialEq, Eq)]
struct Literal {
    text: String,
    ignore_case: bool,
}

impl Pattern {
    pub(crate) fn new(text: String) -> Self {
        Self { literal: literal(&text), text, compiled: OnceLock::new() }
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Compiles the pattern, or says what is wrong with it.
    pub(crate) fn compile(&self) -> Result<(), String> {
        build(&self.text).map(|_| ()).map_err(|error| error.to_string())
    }

    /// The compiled pattern; `None` if it is none, which the checks report.
    pub(crate) fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| build(&self.text).ok()).as_ref()
    }

    /// Whether the pattern is found in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.may_match(text) && self.regex().is_some_and(|regex| regex.is_match(text.as_bytes()))
    }

    /// Whether the text holds what every match holds. False is certain, true is not.
    pub(crate) fn may_match(&self, text: &str) -> bool {
        match &self.literal {
            None => true,
            Some(literal) if literal.ignore_case => contains_ignoring_case(text, &literal.text),
            Some(literal) => text.contains(&literal.text),
        }
    }
}

/// Classes such as `\d` mean ASCII: what devices say of themselves is ASCII, and Unicode's tables make a pattern an order
/// of magnitude larger. A pattern that itself holds other characters keeps Unicode's meaning.
fn build(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).unicode(!text.is_ascii()).size_limit(COMPILED_BYTES_MAX).build()
}

/// ASCII only: a literal is kept only if it is ASCII.
fn contains_ignoring_case(text: &str, literal: &str) -> bool {
    let (text, literal) = (text.as_bytes(), literal.as_bytes());
    let Some(first) = literal.first() else { return true };
    text.windows(literal.len()).any(|window| {
        window.first().is_some_and(|byte| byte.eq_ignore_ascii_case(first)) && window.eq_ignore_ascii_case(literal)
    })
}

/// The longest run of plain characters that stands outside every group, class and choice.
///
/// Reads far less than the syntax: whatever it does not know ends the run, and a choice at the top or a flag group that
/// is not at the start gives no literal at all. That is slower, never wrong.
fn literal(pattern: &str) -> Option<Literal> {
    let (flags, body) = leading_flags(pattern);
    if flags.contains('x') {
        return None;
    }
    let ignore_case = flags.contains('i');
    let mut runs = Runs { depth: 0, run: String::new(), best: String::new() };
    let mut characters = body.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                // Letters and digits after a backslash are classes, anchors or code points.
                Some(escaped) if escaped.is_ascii_alphanumeric() => {
                    runs.end();
                    if matches!(escaped, 'x' | 'u' | 'U' | 'p' | 'P') {
                        return None;
                    }
                }
                Some(escaped) => runs.push(escaped),
                None => return None,
            },
            '(' => {
                runs.end();
                // Flags that begin in the middle would change what follows.
                if characters.peek() == Some(&'?') {
                    let mut ahead = characters.clone();
                    ahead.next();
                    if !matches!(ahead.next(), Some(':' | 'P' | '<')) {
                        return None;
                    }
                }
                runs.depth = runs.depth.saturating_add(1);
            }
            ')' => {
                runs.run.clear();
                runs.depth = runs.depth.saturating_sub(1);
            }
            '[' => {
                runs.end();
                skip_class(&mut characters)?;
            }
            '|' if runs.depth == 0 => return None,
            '?' | '*' | '{' => {
                // The last character may be absent.
                runs.run.pop();
                runs.end();
                if character == '{' {
                    characters.by_ref().find(|next| *next == '}')?;
                }
            }
            '+' | '.' | '^' | '$' | '|' => runs.end(),
            plain => runs.push(plain),
        }
    }
    runs.end();
    let text = runs.best;
    let usable = text.len() >= LITERAL_BYTES_MIN && (!ignore_case || text.is_ascii());
    usable.then_some(Literal { text, ignore_case })
}

struct Runs {
    depth: usize,
    run: String,
    best: String,
}

impl Runs {
    fn push(&mut self, character: char) {
        if self.depth == 0 {
            self.run.push(character);
        }
    }

    fn end(&mut self) {
        if self.run.len() > self.best.len() {
            self.best = std::mem::take(&mut self.run);
        }
        self.run.clear();
    }
}

fn leading_flags(pattern: &str) -> (&str, &str) {
    let Some(rest) = pattern.strip_prefix("(?") else { return ("", pattern) };
    match rest.split_once(')') {
        Some((flags, body)) if flags.bytes().all(|byte| byte.is_ascii_lowercase()) => (flags, body),
        _ => ("", pattern),
    }
}

fn skip_class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<()> {
    let mut depth = 1_usize;
    let mut first = true;
    loop {
        match characters.next()? {
            '\\' => {
                characters.next()?;
            }
            '^' if first => continue,
            ']' if first => {}
            '[' => depth = depth.saturating_add(1),
            ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(());
                }
            }
            _ => {}
        }
        first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str) -> Option<String> {
        literal(pattern).map(|literal| literal.text)
    }

    #[test]
    fn a_literal_is_in_every_match() {
        assert_eq!(found(r"^OFFIS_DCMTK_(?P<v>\d{3})$").as_deref(), Some("OFFIS_DCMTK_"));
        assert_eq!(found(r"^Lantronix\.? MSS\d+ v(\S+)").as_deref(), Some("Lantronix"));
        assert_eq!(found(r"colou?r print").as_deref(), Some("r print"));
        assert_eq!(found(r"[]abc]server[^\]]").as_deref(), Some("server"));
        assert_eq!(found(r"a|bcd"), None);
        assert_eq!(found(r"(?:abc|def)gh\dxyz").as_deref(), Some("xyz"));
        assert_eq!(found(r"ab{0,2}cd").as_deref(), Some("cd"));
        assert_eq!(found(r"abc(?i)def"), None);
        assert_eq!(literal("(?i)Server X"), Some(Literal { text: "Server X".into(), ignore_case: true }));
    }

    #[test]
    fn case_is_ignored_only_when_asked() {
        let pattern = Pattern::new("(?i)brother".into());
        assert!(pattern.is_match("a BROTHER printer") && !pattern.is_match("a sister"));
        assert!(!Pattern::new("brother".into()).is_match("BROTHER"));
    }
}
