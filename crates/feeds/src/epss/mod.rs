//! The Exploit Prediction Scoring System (FIRST): a row for each vulnerability, how likely it is exploited within 30 days.

use model::Timestamp;
use model::outside::{ExploitPrediction, Fact};

use crate::written::{cve, start};
use crate::{Content, Defect, Feed, Outline, Summary, Taker, table};

/// The feed.
pub(crate) struct Epss;

const HEADER: &str = "cve,epss,percentile";

impl Feed for Epss {
    fn name(&self) -> &'static str {
        "epss"
    }

    fn title(&self) -> &'static str {
        "Exploit prediction scores (EPSS, FIRST), CSV"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.head.starts_with("#model_version:") || outline.head.lines().next() == Some(HEADER)
    }

    fn read(&self, content: &Content<'_>, taker: &mut dyn Taker) -> Result<Summary, Defect> {
        let text = table::text(content.bytes)?;
        let mut rows = 0_usize;
        table::each(text, &mut |line, fields| {
            if fields.first().is_some_and(|field| field.starts_with('#')) {
                return Ok(());
            }
            match rows {
                0 if fields.join(",") == HEADER => {}
                0 => return Err(Defect::line(line, format!("is not «{HEADER}»"))),
                _ => taker.take(row(fields).map_err(|why| Defect::line(line, why))?),
            }
            rows = rows.saturating_add(1);
            Ok(())
        })?;
        if rows < 2 {
            return Err(Defect::whole("has no rows"));
        }
        let first = text.lines().next().unwrap_or_default();
        let date = first.split_once("score_date:").map(|(_, date)| date.trim());
        let wrong = |date| Defect::line(1, format!("«{}» is no date", start(date)));
        let date = date.map(|date| Timestamp::read(date).ok_or_else(|| wrong(date)));
        Ok(Summary { date: date.transpose()?, notes: Vec::new() })
    }
}

fn row(fields: &[String]) -> Result<Fact, String> {
    let [number, probability, percentile] = fields else {
        return Err(format!("has {} of 3 fields", fields.len()));
    };
    let share = |text: &str| {
        let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
        share.ok_or_else(|| format!("«{}» is no number from 0 to 1", start(text)))
    };
    let cve = cve(number, || Defect::whole("")).map_err(|defect| defect.why)?;
    Ok(Fact::ExploitPrediction(ExploitPrediction {
        cve,
        probability: share(probability)?,
        percentile: share(percentile)?,
    }))
}
