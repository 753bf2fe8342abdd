//! Manufacturers' disclosures on the security of medical devices (NEMA/MITA HN 1, "MDS2"): the workbooks of 2013 and 2019.
//!
//! Questions are found by their numbers, wherever a manufacturer has moved them; answer and note stand in the columns that the form's headings
//! name, else in the two columns after the question. Whom to contact is not read.

use std::collections::BTreeMap;

use model::Timestamp;
use model::outside::{Answer, Disclosure, Edition, Fact};

use crate::workbook::{self, Cell};
use crate::written::{date, name, some, text};
use crate::{Content, Defect, Feed, Outline, Summary, Taker};

/// The feed.
pub(crate) struct Mds2;

const TITLE: &str = "manufacturer disclosure statement for medical device security";
/// The question for a person to contact (HN 1-2019).
const CONTACT: &str = "DOC-5";
/// What forms are filled with where there is nothing to say.
const BLANKS: &[&str] = &["__", "_", "-", "Note #"];
/// Answers of a form: that of 2019 has some 240 questions.
const ANSWERS_MAX: usize = 2_000;
/// Days from 1899-12-30, which workbooks count from, to 1970-01-01.
const EPOCH_DAYS: i64 = 25_569;

/// The sections of HN 1-2019. One question of NEMA's own form is misspelt.
const SECTIONS: &[&str] = &[
    "DOC", "MPII", "ALOF", "AUDT", "AUTH", "CSUP", "DIDT", "DTBK", "EMRG", "IGAU", "MLDP", "NAUT", "CONN", "PAUT",
    "PLOK", "RDMP", "SBOM", "SAHD", "SHAD", "SGUD", "STCF", "TXCF", "TXIG", "RMOT", "OTHR",
];

impl Feed for Mds2 {
    fn name(&self) -> &'static str {
        "mds2"
    }

    fn title(&self) -> &'static str {
        "Manufacturers' disclosures on security (MDS2), workbooks of HN 1-2013 and HN 1-2019"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.is_workbook && outline.head.to_lowercase().contains(TITLE)
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let form = Form::new(workbook::cells(content.bytes)?);
        let disclosure = form.disclosure(content.sha256)?;
        let date = disclosure.released;
        taker.take(Fact::Disclosure(Box::new(disclosure)));
        Ok(Summary { date, notes: Vec::new() })
    }
}

/// The cells of a form by sheet, row and column.
struct Form {
    cells: Vec<Cell>,
    places: BTreeMap<(String, u32, u32), usize>,
    /// Cells such as `Note 2:`, without what follows the number.
    labels: BTreeMap<String, usize>,
}

impl Form {
    fn new(cells: Vec<Cell>) -> Self {
        let places = cells.iter().enumerate().map(|(index, cell)| ((cell.sheet.clone(), cell.row, cell.column), index));
        let labels = cells.iter().enumerate().filter(|(_, cell)| cell.text.starts_with("Note "));
        let labels = labels.map(|(index, cell)| (cell.text.trim_end_matches(':').to_owned(), index));
        Self { places: places.collect(), labels: labels.collect(), cells }
    }

    fn at(&self, sheet: &str, row: u32, column: u32) -> Option<&Cell> {
        self.places.get(&(sheet.to_owned(), row, column)).and_then(|index| self.cells.get(*index))
    }

    fn disclosure(&self, sha256: &str) -> Result<Disclosure, Defect> {
        let is_2019 = self.cells.iter().any(|cell| is_question_of_2019(&cell.text));
        let edition = if is_2019 { Edition::Hn1Of2019 } else { Edition::Hn1Of2013 };
        let is_question = if is_2019 { is_question_of_2019 } else { is_question_of_2013 };
        let mut answers = Vec::new();
        let mut columns = None;
        for cell in &self.cells {
            if let Some(heading) = self.heading(cell) {
                columns = Some(heading);
            }
            if is_question(&cell.text) && cell.text != CONTACT && answers.len() < ANSWERS_MAX {
                answers.extend(self.answer(cell, columns)?);
            }
        }
        if answers.is_empty() {
            return Err(Defect::whole("has no questions of HN 1-2013 or HN 1-2019"));
        }
        let told = |number: &str, label: &str| {
            let numbered = answers.iter().find(|answer| answer.question == number).map(|answer| answer.answer.clone());
            numbered.or_else(|| self.beside(label))
        };
        let here = || Defect::whole("");
        let disclosure = Disclosure {
            edition,
            manufacturer: name(
                &told("DOC-1", "Manufacturer").or_else(|| self.beside("Manufacturer Name")).unwrap_or_default(),
                here,
            )?,
            model: name(&told("DOC-3", "Device Model").unwrap_or_default(), here)?,
            release: self.beside("Software Revision").or_else(|| self.beside("Software Release")),
            // Without a number of its own a document is told from others by its bytes.
            document: told("DOC-4", "Document ID").unwrap_or_else(|| sha256.to_owned()),
            released: told("DOC-7", "Document Release Date").as_deref().and_then(day),
            answers: Vec::new(),
        };
        Ok(Disclosure { answers, ..disclosure })
    }

    /// The columns of answers and notes, where a row says so: `Yes, No, N/A, or See Note` and `Note #`.
    fn heading(&self, cell: &Cell) -> Option<(u32, u32)> {
        let is_answer = cell.text.starts_with("Yes, No");
        let after = || self.cells_of_row(cell).find(|other| other.column > cell.column && other.text.contains("Note"));
        is_answer.then(|| (cell.column, after().map_or(cell.column.saturating_add(1), |note| note.column)))
    }

    fn cells_of_row<'a>(&'a self, cell: &'a Cell) -> impl Iterator<Item = &'a Cell> {
        let from = (cell.sheet.clone(), cell.row, 0);
        let to = (cell.sheet.clone(), cell.row, u32::MAX);
        self.places.range(from..=to).filter_map(|(_, index)| self.cells.get(*index))
    }

    fn answer(&self, question: &Cell, columns: Option<(u32, u32)>) -> Result<Option<Answer>, Defect> {
        let (row, column) = (question.row, question.column);
        let (answer, note) = columns.unwrap_or_else(|| (column.saturating_add(2), column.saturating_add(3)));
        let written = |column: u32| {
            let cell = self.at(&question.sheet, row, column)?;
            Some(cell).filter(|cell| !BLANKS.contains(&cell.text.as_str()))
        };
        let note = written(note).map(|cell| self.noted(cell));
        let Some(cell) = written(answer).or_else(|| note.as_ref().and(Some(question))) else { return Ok(None) };
        // Only a note is an answer too: it is to be read.
        let said = if cell.column == column { "See Note" } else { &cell.text };
        Ok(Some(Answer {
            question: name(&question.text, || Defect::whole(""))?,
            answer: text(said),
            note: note.and_then(|note| some(Some(&note))),
            cell: cell.place(),
        }))
    }

    /// What is noted: a number of a note with its text, where the form has it at its end.
    fn noted(&self, cell: &Cell) -> String {
        let digits: String = cell.text.chars().filter(char::is_ascii_digit).collect();
        let label = format!("Note {digits}");
        let row =
            self.labels.get(&label).and_then(|index| self.cells.get(*index)).filter(|row| row.column < cell.column);
        let noted = row.and_then(|row| self.cells_of_row(row).find(|other| other.column > row.column));
        match noted {
            Some(noted) => text(&format!("{label}: {}", noted.text)),
            None => text(&cell.text),
        }
    }

    /// What stands to the right of a label, or below it.
    fn beside(&self, label: &str) -> Option<String> {
        let is_label = |cell: &Cell| cell.text.trim_end_matches(':').trim().eq_ignore_ascii_case(label);
        let is_any_label = |cell: &Cell| {
            let known = [
                "Device Category",
                "Manufacturer",
                "Document ID",
                "Document Release Date",
                "Device Model",
                "Software Revision",
            ];
            known.iter().any(|known| cell.text.trim_end_matches(':').trim().eq_ignore_ascii_case(known))
                || cell.text.starts_with("Software Release")
        };
        let cell = self.cells.iter().find(|cell| is_label(cell))?;
        let right =
            self.cells_of_row(cell).find(|other| other.column > cell.column).filter(|other| !is_any_label(other));
        let below =
            || self.at(&cell.sheet, cell.row.saturating_add(1), cell.column).filter(|other| !is_any_label(other));
        right.or_else(below).and_then(|cell| some(Some(&cell.text)))
    }
}

/// As in `MPII-2.1`.
fn is_question_of_2019(text: &str) -> bool {
    let Some((section, number)) = text.split_once('-') else { return false };
    SECTIONS.contains(&section) && is_numbered(number)
}

/// As in `10-1.2`, or in the part on private data `B` and `C.3`.
fn is_question_of_2013(text: &str) -> bool {
    let is_private = |text: &str| {
        let (letter, number) = text.split_once('.').map_or((text, None), |(letter, number)| (letter, Some(number)));
        matches!(letter, "A" | "B" | "C" | "D") && number.is_none_or(is_numbered)
    };
    text.split_once('-')
        .is_some_and(|(section, number)| section.len() <= 2 && is_numbered(section) && is_numbered(number))
        || is_private(text)
}

/// Numbers with dots between them.
fn is_numbered(text: &str) -> bool {
    text.split('.').all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A day as a text or as the number that workbooks count days by.
fn day(text: &str) -> Option<Timestamp> {
    let counted = text.split('.').next().and_then(|days| days.parse::<i64>().ok());
    let counted = counted.filter(|days| text.len() < 8 && (20_000..80_000).contains(days));
    counted
        .map(|days| Timestamp(days.saturating_sub(EPOCH_DAYS).saturating_mul(86_400_000_000_000)))
        .or_else(|| date(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_have_their_numbers() {
        for text in ["DOC-1", "MPII-2.1", "SAHD-10", "OTHR-1"] {
            assert!(is_question_of_2019(text), "{text}");
        }
        for text in ["1-1", "10-1.2", "A", "B.9", "C.11"] {
            assert!(is_question_of_2013(text), "{text}");
        }
        for text in ["AR-2", "A.15.1.4*", "CVE-2017", "Section 5.1", "MPII-", "100-1", "E", "DOC-x", "2019-10-10"] {
            assert!(!is_question_of_2019(text) && !is_question_of_2013(text), "{text}");
        }
        assert_eq!(day("43747"), Timestamp::read("2019-10-09"));
        assert_eq!(day("2019-10-09"), Timestamp::read("2019-10-09"));
        assert_eq!(day("next week"), None);
    }
}
