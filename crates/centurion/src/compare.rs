//! `centurion compare`: two runs against each other.

use anyhow::Result;
use centurion_findings::compare::{ChangeVerdict, Comparison, Rules};
use centurion_record::{Record, SCHEMA, schema};
use centurion_report::{compare, wording};
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
    Ok(args.judge.show(&Comparison::new(&base, &new, args.judge.rules())))
}

impl JudgeArgs {
    pub(crate) fn rules(&self) -> Rules {
        Rules { least: self.least / 100.0, errors: self.errors }
    }

    /// Prints a comparison. Returns whether all is well.
    pub(crate) fn show(&self, comparison: &Comparison) -> bool {
        match self.format {
            ComparisonFormat::Table => say(&compare::table(comparison)),
            ComparisonFormat::Markdown => say(&compare::markdown(comparison)),
            ComparisonFormat::Json => say(&format!("{:#}", compare::json(comparison))),
        }
        !self.fail_on_regression || comparison.count(|verdict| *verdict == ChangeVerdict::Slower) == 0
    }

    /// Prints why there is no comparison at all.
    fn show_not_comparable(&self, reason: &str) {
        let verdict = wording::change_verdict(&ChangeVerdict::NotComparable(reason.to_owned()));
        match self.format {
            ComparisonFormat::Table | ComparisonFormat::Markdown => say(&verdict),
            ComparisonFormat::Json => say(&format!("{:#}", json!({ "headline": verdict, "changes": [] }))),
        }
    }
}
