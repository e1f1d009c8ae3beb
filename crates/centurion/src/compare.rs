//! `centurion compare`: two runs against each other.

use anyhow::Result;
use centurion_record::{Record, SCHEMA, schema};
use centurion_report::compare::{Comparison, Rules, Verdict};
use serde_json::json;

use crate::args::{CompareArgs, ComparisonFormat, JudgeArgs};
use crate::error::failed_to;
use crate::output::say;
use crate::store::{self, BaseSource};

/// Reads both runs and prints what they say about each other. Returns whether all is well.
///
/// # Errors
/// When a run can't be read.
pub fn run(args: &CompareArgs) -> Result<bool> {
    let base = BaseSource::find(&args.base)?;
    let new = args.new.clone().map_or_else(store::latest_full_record, Ok)?;
    let new = store::read_record(&new)?;
    let (text, origin) = base.text(&new)?;
    if let Some(schema) = schema(&text).filter(|schema| *schema != u64::from(SCHEMA)) {
        args.judge.show_not_comparable(&format!(
            "the base has schema {schema}, this run has schema {SCHEMA}; measure the base again with this code"
        ));
        return Ok(true);
    }
    let base = Record::parse(&text, &origin).map_err(failed_to)?;
    Ok(args.judge.show(&Comparison::of(&base, &new, args.judge.rules())))
}

impl JudgeArgs {
    pub(crate) fn rules(&self) -> Rules {
        Rules { least: self.least / 100.0, errors: self.errors }
    }

    /// Prints a comparison. Returns whether all is well.
    pub(crate) fn show(&self, comparison: &Comparison) -> bool {
        match self.format {
            ComparisonFormat::Table => say(&comparison.table()),
            ComparisonFormat::Markdown => say(&comparison.markdown()),
            ComparisonFormat::Json => say(&format!("{:#}", comparison.json())),
        }
        !self.fail_on_regression || comparison.count(|verdict| *verdict == Verdict::Slower) == 0
    }

    /// Prints why there is no comparison at all.
    fn show_not_comparable(&self, reason: &str) {
        let verdict = Verdict::NotComparable(reason.to_owned()).to_string();
        match self.format {
            ComparisonFormat::Table | ComparisonFormat::Markdown => say(&verdict),
            ComparisonFormat::Json => say(&format!("{:#}", json!({ "headline": verdict, "changes": [] }))),
        }
    }
}
