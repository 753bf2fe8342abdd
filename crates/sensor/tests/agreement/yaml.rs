//! The part of YAML that test descriptions use: blocks of mappings and sequences by indentation, scalars with and
//! without quotes, lists in brackets, literal text.

use serde_json::{Map, Value};

/// A line without comments: how far it is indented, and what it holds.
type Line = (usize, String);

/// Reads a document. What is none of this subset becomes text, or ends the block it stands in.
pub fn read(text: &str) -> Value {
    let lines: Vec<Line> = text.lines().filter_map(line).collect();
    let mut reader = Reader { lines, next: 0 };
    reader.block(0)
}

fn line(text: &str) -> Option<Line> {
    let content = without_comment(text).trim_end();
    let inside = content.trim_start();
    let is_nothing = inside.is_empty() || inside == "---" || inside.starts_with('%');
    (!is_nothing).then(|| (content.len() - inside.len(), inside.to_owned()))
}

/// A comment begins with `#` at the beginning or after a blank, outside quotes.
fn without_comment(text: &str) -> &str {
    let (mut quote, mut before) = (None, ' ');
    for (index, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') if matches!(before, ' ' | '[' | ',' | ':') => quote = Some(character),
            (None, '#') if before.is_whitespace() => return &text[..index],
            _ => {}
        }
        before = character;
    }
    text
}

struct Reader {
    lines: Vec<Line>,
    next: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Line> {
        self.lines.get(self.next)
    }

    /// The block that begins here, if it is indented at least so far.
    fn block(&mut self, indent_min: usize) -> Value {
        match self.peek() {
            Some((indent, content)) if *indent >= indent_min => {
                let indent = *indent;
                if is_item(content) { self.sequence(indent) } else { self.mapping(indent) }
            }
            _ => Value::Null,
        }
    }

    fn sequence(&mut self, indent: usize) -> Value {
        let mut items = Vec::new();
        while let Some((at, content)) = self.peek().cloned() {
            if at != indent || !is_item(&content) {
                break;
            }
            let rest = content[1..].trim_start();
            if rest.is_empty() {
                self.next += 1;
                items.push(self.block(indent + 1));
            } else if key(rest).is_some() {
                // A mapping that begins behind the dash: its other keys stand below its first.
                let inside = indent + content.len() - rest.len();
                self.lines[self.next] = (inside, rest.to_owned());
                items.push(self.mapping(inside));
            } else {
                self.next += 1;
                items.push(scalar(rest));
            }
        }
        Value::Array(items)
    }

    fn mapping(&mut self, indent: usize) -> Value {
        let mut map = Map::new();
        while let Some((at, content)) = self.peek().cloned() {
            let Some((name, rest)) = key(&content).filter(|_| at == indent && !is_item(&content)) else { break };
            self.next += 1;
            let value = if rest == "|" || rest == ">" {
                self.literal(indent)
            } else if !rest.is_empty() {
                scalar(rest)
            } else if self.peek().is_some_and(|(below, content)| *below == indent && is_item(content)) {
                self.sequence(indent)
            } else {
                self.block(indent + 1)
            };
            map.insert(name, value);
        }
        // What cannot be read must not be read for ever.
        while self.peek().is_some_and(|(at, _)| *at > indent) {
            self.next += 1;
        }
        Value::Object(map)
    }

    fn literal(&mut self, indent: usize) -> Value {
        let mut text = Vec::new();
        while let Some((at, content)) = self.peek().cloned() {
            if at <= indent {
                break;
            }
            text.push(content);
            self.next += 1;
        }
        Value::String(text.join("\n"))
    }
}

fn is_item(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

/// `name: rest`; quotes around the name are taken off.
fn key(content: &str) -> Option<(String, &str)> {
    if content.starts_with(['"', '\'', '[', '{']) {
        let quote = content.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (name, rest) = content[1..].split_once(quote)?;
        return Some((name.to_owned(), rest.strip_prefix(':')?.trim()));
    }
    let (name, rest) = match content.split_once(": ") {
        Some((name, rest)) => (name, rest),
        None => (content.strip_suffix(':')?, ""),
    };
    Some((name.to_owned(), rest.trim()))
}

fn scalar(text: &str) -> Value {
    if let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return Value::Array(items(inside).into_iter().map(|item| scalar(&item)).collect());
    }
    if let Some(inside) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return Value::String(inside.replace("''", "'"));
    }
    if text.starts_with('"')
        && let Ok(value) = serde_json::from_str(text)
    {
        return value;
    }
    match text {
        "true" | "yes" => return Value::Bool(true),
        "false" | "no" => return Value::Bool(false),
        "null" | "~" => return Value::Null,
        _ => {}
    }
    text.parse::<u64>().map_or_else(|_| Value::String(text.to_owned()), Value::from)
}

/// The items of a list in brackets: commas outside quotes part them.
fn items(inside: &str) -> Vec<String> {
    let (mut found, mut quote) = (vec![String::new()], None);
    for character in inside.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, ',') => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().unwrap().push(character);
    }
    found.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

#[test]
fn blocks_lists_and_scalars_are_read() {
    let text = "# head\nrequires:\n  min-version: 7.0.1 # why\nchecks:\n- filter:\n    count: 2\n    match:\n      a.b[0]: \"x: \\\"#1\\\"\"\n      \
                c: [1, \"d, e\"]\n- shell:\n    args: |\n      cat x\n      y\n    expect: 1\nlast: C=A, CN=b c\n";
    let value = read(text);
    assert_eq!(value["requires"]["min-version"], "7.0.1");
    assert_eq!(value["checks"][0]["filter"]["count"], 2);
    assert_eq!(value["checks"][0]["filter"]["match"]["a.b[0]"], "x: \"#1\"");
    assert_eq!(value["checks"][0]["filter"]["match"]["c"], serde_json::json!([1, "d, e"]));
    assert_eq!(value["checks"][1]["shell"]["args"], "cat x\ny");
    assert_eq!(value["checks"][1]["shell"]["expect"], 1);
    assert_eq!(value["last"], "C=A, CN=b c");
}
