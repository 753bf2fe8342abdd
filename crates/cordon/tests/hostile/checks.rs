//! What a terminal, a spreadsheet or a reader would do with a text. Written apart from the product: it does not ask the
//! product what it takes for harmless.

use serde_json::Value;

/// Begins a formula (OWASP, CSV Injection); the wide ones are taken for the narrow ones where Chinese or Japanese is written.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'];

/// The first letter that a terminal would obey, that draws nothing, or that turns the direction of reading.
pub fn obeyed(text: &str) -> Option<char> {
    text.chars().find(|letter| *letter != '\n' && is_obeyed(*letter))
}

fn is_obeyed(letter: char) -> bool {
    // C0, delete and C1; soft hyphen; line and paragraph separators; every mark of direction or width; fillers and selectors;
    // tags, which hide text in text.
    matches!(
        u32::from(letter),
        0..=0x1f | 0x7f..=0x9f | 0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
            | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0
            | 0xfff0..=0xfffb | 0x1_bca0..=0x1_bca3 | 0x1_d173..=0x1_d17a | 0xe_0000..=0xe_0fff
    )
}

/// Every text of an answer, keys included.
pub fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(items) => {
            items.iter().flat_map(|(key, item)| std::iter::once(key.as_str()).chain(texts(item))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// Reads a file for spreadsheets as RFC 4180 says, and in every other way that a spreadsheet may; gives the cells that would be
/// formulas, and the rows as they were meant.
pub fn spreadsheet(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let meant = rows(text, ',');
    let mut cells: Vec<String> = meant.iter().flatten().cloned().collect();
    // Where a comma is the decimal sign, a semicolon separates; pasted text is separated by tabulators.
    cells.extend(rows(text, ';').into_iter().chain(rows(text, '\t')).flatten());
    // Programs that know no quotes.
    cells.extend(text.split([',', ';', '\t', '\r', '\n']).map(|cell| cell.replace('"', "")));
    let is_formula =
        |cell: &String| cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"').starts_with(FORMULA);
    (cells.into_iter().filter(is_formula).collect(), meant)
}

/// Rows of cells; a quote at the beginning of a cell holds separators together.
fn rows(text: &str, separator: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut begins) = (false, true);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if begins => quoted = true,
            letter if letter == separator && !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            letter => cell.push(letter),
        }
        begins = !quoted && (letter == separator || letter == '\n');
    }
    rows
}

#[test]
fn the_checks_see_what_they_are_for() {
    for text in ["a\u{1b}[2J", "\u{9b}2J", "\u{2028}", "\u{202e}gnp", "\u{200b}", "\u{e0041}", "\r", "\t", "\u{7f}"] {
        assert!(obeyed(text).is_some(), "{text:?}");
    }
    assert_eq!(obeyed("Größe 監視 <b> €\n"), None);
    for text in
        ["=1\r\n", "a,=1\r\n", "a,\" =1\"\r\n", "\"x;=1;y\"\r\n", "\"\"\"=1\"\"\"\r\n", "a;\"-1\"\r\n", "＝1\r\n"]
    {
        assert!(!spreadsheet(text).0.is_empty(), "{text:?}");
    }
    let (formulas, rows) = spreadsheet("a,\"b,\"\"c\"\"\"\r\n\"'=1\",2026-01-01\r\n");
    assert_eq!(formulas, [""; 0]);
    assert_eq!(rows, [["a", "b,\"c\""], ["'=1", "2026-01-01"]]);
}
