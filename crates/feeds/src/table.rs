//! Rows of comma-separated values (RFC 4180); each has to end.

use crate::Defect;

/// What is called with the number of a line and its fields.
type TakeRow<'a> = dyn FnMut(usize, &[String]) -> Result<(), Defect> + 'a;

/// Calls `take` with the number of the line and the fields of each row, header included.
pub(crate) fn each(text: &str, take: &mut TakeRow<'_>) -> Result<(), Defect> {
    let mut rest = text;
    let mut line = 1_usize;
    let mut fields: Vec<String> = Vec::new();
    // A row that was cut in its last field would pass for one.
    if !text.ends_with('\n') {
        return Err(Defect::line(text.lines().count(), "has no end: the file was cut"));
    }
    while !rest.is_empty() {
        fields.clear();
        let begin = line;
        let mut is_row_over = false;
        while !is_row_over {
            let (field, after) = match rest.strip_prefix('"') {
                Some(quoted) => {
                    quoted_field(quoted).ok_or_else(|| Defect::line(begin, "a quotation mark is not closed"))?
                }
                None => {
                    let end = rest.find([',', '\n']).unwrap_or(rest.len());
                    let (field, after) = rest.split_at_checked(end).unwrap_or_default();
                    (field.strip_suffix('\r').unwrap_or(field).to_owned(), after)
                }
            };
            line = line.saturating_add(field.bytes().filter(|byte| *byte == b'\n').count());
            fields.push(field);
            let after = after.strip_prefix('\r').unwrap_or(after);
            rest = match after.as_bytes().first() {
                Some(b',') => after.get(1..).unwrap_or_default(),
                Some(b'\n') => {
                    is_row_over = true;
                    after.get(1..).unwrap_or_default()
                }
                Some(_) => return Err(Defect::line(line, "something follows a closing quotation mark")),
                None => {
                    is_row_over = true;
                    ""
                }
            };
        }
        line = line.saturating_add(1);
        if fields.iter().any(|field| !field.is_empty()) {
            take(begin, &fields)?;
        }
    }
    Ok(())
}

/// A field up to its closing quotation mark, and what follows that.
fn quoted_field(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        field.push_str(before);
        let Some(more) = after.strip_prefix('"') else { return Some((field, after)) };
        field.push('"');
        rest = more;
    }
}

/// The text of a document.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Defect> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        Defect::line(line, "is no UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_split() {
        let mut rows = Vec::new();
        each("a,b\r\n\"c,\"\"d\n\",\n\ne\n", &mut |line, fields| {
            rows.push((line, fields.to_vec()));
            Ok(())
        })
        .unwrap();
        let row =
            |line: usize, fields: &[&str]| (line, fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>());
        assert_eq!(rows, [row(1, &["a", "b"]), row(2, &["c,\"d\n", ""]), row(5, &["e"])]);
        assert_eq!(each("a\n\"b\n", &mut |_, _| Ok(())).unwrap_err().place, crate::Place::Line(2, 1));
        assert!(each("a,b", &mut |_, _| Ok(())).unwrap_err().to_string().contains("was cut"));
        assert!(text(b"a\n\xff").unwrap_err().to_string().starts_with("line 2"));
    }
}
