//! Text for a terminal: columns that fit its width, colours only where one looks, and no text from the network that a
//! terminal would obey.

use std::io::IsTerminal;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::words::printable;

/// Between two columns.
const GAP: usize = 2;

/// What standard output leads to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal {
    /// Columns; `None` if it is no terminal: then nothing needs to fit.
    pub width: Option<usize>,
    /// Whether it shows colours and nobody asked for none (<https://no-color.org>).
    pub colours: bool,
}

impl Terminal {
    /// Standard output as it is.
    pub fn of_output() -> Self {
        if !std::io::stdout().is_terminal() {
            return Self::default();
        }
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let width = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        let is_dumb = variable("TERM").is_none_or(|kind| kind == "dumb");
        Self { width, colours: !is_dumb && variable("NO_COLOR").is_none() }
    }

    /// What the eye shall find first.
    pub fn bold(self, text: &str) -> String {
        self.painted(text, "1")
    }

    /// What may be passed over.
    pub fn dim(self, text: &str) -> String {
        self.painted(text, "2")
    }

    /// What needs a look.
    pub fn look(self, text: &str) -> String {
        self.painted(text, "33")
    }

    fn painted(self, text: &str, code: &str) -> String {
        if self.colours && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Lines of at most the terminal's width, broken between words, each after `indent` blanks.
    pub fn wrapped(self, indent: usize, text: &str) -> Vec<String> {
        let blanks = " ".repeat(indent);
        let room = self.width.unwrap_or(usize::MAX).saturating_sub(indent).max(20);
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split(' ') {
            if !line.is_empty() && line.width().saturating_add(word.width()) >= room {
                lines.push(format!("{blanks}{line}"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(format!("{blanks}{line}"));
        lines
    }
}

/// A text of at most so many columns; what is cut shows as `…`.
pub fn shortened(text: &str, columns: usize) -> String {
    let text = printable(text);
    if text.width() <= columns {
        return text;
    }
    let mut short = String::new();
    let mut taken = 1_usize;
    for character in text.chars() {
        taken = taken.saturating_add(character.width().unwrap_or(0));
        if taken > columns {
            break;
        }
        short.push(character);
    }
    short.push('…');
    short
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub head: &'static str,
    /// Numbers stand at the right.
    pub is_number: bool,
    /// It may be shortened to this width where room is scarce …
    pub least: usize,
    /// … and never grows beyond this one.
    pub most: usize,
    /// Left out where even that is too much, the highest first; 0 stays.
    pub expendable: u8,
}

impl Column {
    /// A column of text.
    pub const fn text(head: &'static str, least: usize, most: usize, expendable: u8) -> Self {
        Self { head, is_number: false, least, most, expendable }
    }

    /// A column of numbers.
    pub const fn number(head: &'static str, expendable: u8) -> Self {
        Self { head, is_number: true, least: usize::MAX, most: usize::MAX, expendable }
    }
}

/// Rows below their headings, one line each. Cells of the column `look` stand out.
pub fn table(terminal: Terminal, columns: &[Column], rows: &[Vec<String>], look: Option<usize>) -> String {
    let natural: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let cells = rows.iter().filter_map(|row| row.get(place)).map(|cell| printable(cell).width());
            cells.chain([column.head.width()]).max().unwrap_or(0).min(column.most.max(column.head.width()))
        })
        .collect();
    let widths = widths(columns, &natural, terminal.width.unwrap_or(usize::MAX));
    let line = |cells: &dyn Fn(usize) -> String, look: Option<usize>| {
        let mut line = String::new();
        for (place, (column, width)) in columns.iter().zip(&widths).enumerate() {
            let Some(width) = width else { continue };
            if !line.is_empty() {
                line.push_str(&" ".repeat(GAP));
            }
            let cell = shortened(&cells(place), *width);
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let cell = if look == Some(place) { terminal.look(&cell) } else { cell };
            line.push_str(&if column.is_number { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") });
        }
        line.trim_end().to_owned()
    };
    let head = line(&|place| columns.get(place).map_or("", |column| column.head).to_owned(), None);
    let mut text = if head.trim().is_empty() { String::new() } else { format!("{}\n", terminal.bold(&head)) };
    for row in rows {
        text.push_str(&line(&|place| row.get(place).cloned().unwrap_or_default(), look));
        text.push('\n');
    }
    text
}

/// How wide each column is; `None` where it is left out. Wide ones are shortened first, then the expendable ones go.
fn widths(columns: &[Column], natural: &[usize], room: usize) -> Vec<Option<usize>> {
    let mut widths: Vec<Option<usize>> = natural.iter().copied().map(Some).collect();
    loop {
        let shown = widths.iter().flatten().count();
        let gaps = GAP.saturating_mul(shown.saturating_sub(1));
        let total = widths.iter().flatten().fold(gaps, |sum, width| sum.saturating_add(*width));
        let mut over = total.saturating_sub(room);
        if over == 0 {
            return widths;
        }
        let slack = |(width, column): (&Option<usize>, &Column)| width.unwrap_or(0).saturating_sub(column.least);
        let free = widths.iter().zip(columns).map(slack).fold(0_usize, usize::saturating_add);
        let last = columns.iter().zip(&widths).filter(|(_, width)| width.is_some()).map(|(c, _)| c.expendable).max();
        let last = last.filter(|expendable| *expendable > 0);
        if free < over
            && let Some(last) = last
        {
            for (width, (column, natural)) in widths.iter_mut().zip(columns.iter().zip(natural)) {
                *width = width.filter(|_| column.expendable != last).map(|_| *natural);
            }
            continue;
        }
        // A column at a time, so that the widest ones give way to the others.
        while over > 0 {
            let slack = |(width, column): (&Option<usize>, &Column)| width.unwrap_or(0).saturating_sub(column.least);
            let widest = widths.iter().zip(columns).map(slack).enumerate().max_by_key(|(_, slack)| *slack);
            let Some((place, 1..)) = widest else { break };
            if let Some(Some(width)) = widths.get_mut(place) {
                *width = width.saturating_sub(1);
            }
            over = over.saturating_sub(1);
        }
        return widths;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::text("Device", 8, 20, 0),
        Column::text("Kind", 6, 20, 0),
        Column::number("Peers", 2),
        Column::text("Identifier", 16, 40, 1),
    ];

    fn drawn(width: Option<usize>, name: &str) -> String {
        let row = [name, "Syringe pump", "12", "mac-020000000001"].map(str::to_owned).to_vec();
        table(Terminal { width, colours: false }, COLUMNS, &[row], None)
    }

    #[test]
    fn columns_fit_the_terminal() {
        assert_eq!(
            drawn(None, "Perfusor"),
            "Device    Kind          Peers  Identifier\nPerfusor  Syringe pump     12  mac-020000000001\n"
        );
        for width in 20..60 {
            for line in drawn(Some(width), "A name that is much longer than it should be").lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
        assert!(!drawn(Some(40), "Perfusor").contains("Peers"), "peers go first");
        assert!(!drawn(Some(20), "Perfusor").contains("Identifier"), "then the identifier");
    }

    #[test]
    fn a_name_cannot_break_the_table() {
        for name in ["two\nlines", "\u{1b}[2J", "tab\tulator", "\u{202e}gnp", &"long ".repeat(2_000)] {
            let text = drawn(None, name);
            assert_eq!(text.lines().count(), 2, "{text}");
            assert!(!text.contains(|letter: char| letter != '\n' && crate::words::is_unprintable(letter)), "{text}");
            assert!(text.lines().all(|line| line.width() < 80), "{text}");
        }
        assert_eq!(shortened("監視装置", 5), "監視…");
        assert_eq!(shortened("abc", 3), "abc");
    }

    #[test]
    fn lines_break_between_words() {
        let narrow = Terminal { width: Some(30), colours: false };
        let lines = narrow.wrapped(4, "one two three four five six seven eight");
        assert_eq!(lines.concat().split_whitespace().count(), 8);
        assert!(lines.iter().all(|line| line.width() <= 30 && line.starts_with("    ")), "{lines:?}");
    }
}
