//! Workbooks of Office Open XML (ECMA-376 part 1, SpreadsheetML): the texts of their cells, sheet by sheet, within limits.
//!
//! Formulas are read as the value that was computed last; numbers, dates among them, as they stand in the file.

use crate::unpack::Archive;
use crate::xml::{self, Element};
use crate::{Defect, Place};

/// Bytes of one part of a workbook.
const PART_BYTES_MAX: usize = 64 << 20;
/// Sheets that are read.
const SHEETS_MAX: usize = 64;
/// Cells with something in them.
const CELLS_MAX: usize = 1_000_000;
/// Bytes of all cells: one text may be that of many.
const TEXT_BYTES_MAX: usize = 64 << 20;

/// A cell with something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The name of its sheet.
    pub(crate) sheet: String,
    /// Its row, from 1.
    pub(crate) row: u32,
    /// Its column, from 1.
    pub(crate) column: u32,
    /// Its name, as in `D17`.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) text: String,
}

impl Cell {
    /// Its place, as in `Sheet1!D17`.
    pub(crate) fn place(&self) -> String {
        format!("{}!{}", self.sheet, self.name)
    }
}

/// Every cell with something in it, in the order of sheets, rows and columns.
pub(crate) fn cells(bytes: &[u8]) -> Result<Vec<Cell>, Defect> {
    let archive = Archive::open(bytes)?;
    let texts = match part(&archive, "xl/sharedStrings.xml")? {
        Some(part) => texts(&part)?,
        None => Vec::new(),
    };
    let mut cells = Vec::new();
    let mut size = 0_usize;
    for (sheet, path) in sheets(&archive)? {
        let Some(part) = part(&archive, &path)? else { continue };
        let in_sheet = |defect: Defect| Defect { place: Place::Named(format!("{sheet}, {}", defect.place)), ..defect };
        xml::each(&part, Some("c"), &mut |_, element| {
            let Some(cell) = cell(&sheet, &element, &texts) else { return Ok(()) };
            size = size.saturating_add(cell.text.len());
            if cells.len() >= CELLS_MAX || size > TEXT_BYTES_MAX {
                return Err(Defect::whole(format!("more than {CELLS_MAX} cells or {TEXT_BYTES_MAX} bytes in them")));
            }
            cells.push(cell);
            Ok(())
        })
        .map_err(in_sheet)?;
    }
    Ok(cells)
}

fn part(archive: &Archive<'_>, path: &str) -> Result<Option<Vec<u8>>, Defect> {
    archive.position(path).map(|index| archive.member(index, PART_BYTES_MAX)).transpose()
}

/// The texts that cells refer to by their number.
fn texts(part: &[u8]) -> Result<Vec<String>, Defect> {
    let mut texts = Vec::new();
    xml::each(part, Some("si"), &mut |_, element| {
        let mut text = String::new();
        gather(&element, &mut text);
        texts.push(text);
        Ok(())
    })?;
    Ok(texts)
}

/// The runs of a text; how it is pronounced (`rPh`) is no part of it.
fn gather(element: &Element, text: &mut String) {
    for child in element.children.iter().filter(|child| child.name != "rPh") {
        if child.name == "t" {
            text.push_str(&child.text);
        }
        gather(child, text);
    }
}

/// Names of the sheets and the parts that they are in.
fn sheets(archive: &Archive<'_>) -> Result<Vec<(String, String)>, Defect> {
    let missing = |what: &str| Defect::whole(format!("the workbook has no {what}"));
    let book = part(archive, "xl/workbook.xml")?.ok_or_else(|| missing("xl/workbook.xml"))?;
    let links = part(archive, "xl/_rels/workbook.xml.rels")?.ok_or_else(|| missing("xl/_rels/workbook.xml.rels"))?;
    let mut targets = Vec::new();
    xml::each(&links, Some("Relationship"), &mut |_, link| {
        if let (Some(id), Some(target)) = (link.attribute("Id"), link.attribute("Target")) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.push((id.to_owned(), path));
        }
        Ok(())
    })?;
    let mut sheets = Vec::new();
    xml::each(&book, Some("sheet"), &mut |_, sheet| {
        let target = sheet.attribute("id").and_then(|id| targets.iter().find(|(known, _)| known == id));
        if let (Some(name), Some((_, path))) = (sheet.attribute("name"), target) {
            sheets.push((name.to_owned(), path.clone()));
        }
        Ok(())
    })?;
    sheets.truncate(SHEETS_MAX);
    Ok(sheets)
}

fn cell(sheet: &str, element: &Element, texts: &[String]) -> Option<Cell> {
    let name = element.attribute("r")?;
    let (column, row) = position(name)?;
    let text = match element.attribute("t") {
        Some("s") => texts.get(element.text_of("v")?.parse::<usize>().ok()?)?.clone(),
        Some("inlineStr") => {
            let mut text = String::new();
            gather(element.child("is")?, &mut text);
            text
        }
        // What a formula could not compute is nothing.
        Some("e") => return None,
        _ => element.text_of("v")?.to_owned(),
    };
    let text = text.trim();
    let cell = Cell { sheet: sheet.to_owned(), row, column, name: name.to_owned(), text: text.to_owned() };
    (!text.is_empty()).then_some(cell)
}

/// Column and row of a name such as `AB12`.
fn position(name: &str) -> Option<(u32, u32)> {
    let split = name.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, digits) = name.split_at_checked(split)?;
    let mut column = 0_u32;
    for letter in letters.bytes() {
        let value = letter.is_ascii_uppercase().then(|| u32::from(letter.saturating_sub(b'@')))?;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    (column > 0).then_some((column, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_are_read() {
        assert_eq!((position("A1"), position("Z9"), position("AB12")), (Some((1, 1)), Some((26, 9)), Some((28, 12))));
        for name in ["", "1", "A", "a1", "A-1", "ZZZZZZZZZZ1"] {
            assert_eq!(position(name), None, "{name}");
        }
    }
}
