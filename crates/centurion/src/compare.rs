//! `centurion compare`: two runs against each other.

use std::process::ExitCode;

use anyhow::Result;
use centurion_findings::compare::{ChangeVerdict, Comparison, Rules};
use centurion_record::{Record, SCHEMA, schema};
use centurion_report::{compare, wording};
use serde_json::json;

use crate::args::{CompareArgs, ComparisonFormat, JudgeArgs};
use crate::error::failed_to;
use crate::output::{note, plural, say, say_json};
use crate::store::{self, BaseSource};

/// Exit code of a gate that could not judge what it was to judge.
const NOT_JUDGED: u8 = 3;

/// Reads both runs and prints what they say about each other. Returns how the program ends.
///
/// # Errors
/// When a run can't be read.
pub fn run(args: &CompareArgs) -> Result<ExitCode> {
    let base = BaseSource::find(&args.base)?;
    let new = args.new.clone().map_or_else(store::latest_full_record, Ok)?;
    let new = store::read_record(&new)?;
    let (text, origin) = base.text(&new)?;
    if let Some(schema) = schema(&text).filter(|schema| *schema != u64::from(SCHEMA)) {
        return Ok(args.judge.show_not_comparable(&format!(
            "the base has schema {schema}, this run has schema {SCHEMA}; measure the base again with this code"
        )));
    }
    let base = Record::parse(&text, &origin).map_err(failed_to)?;
    if base == new {
        note("both are one and the same run: what follows says nothing about a change");
    }
    Ok(args.judge.show(&Comparison::new(&base, &new, args.judge.rules())))
}

impl JudgeArgs {
    pub(crate) fn rules(&self) -> Rules {
        Rules { least: self.least / 100.0, errors: self.errors }
    }

    /// Prints a comparison. Returns how the program ends.
    pub(crate) fn show(&self, comparison: &Comparison) -> ExitCode {
        match self.format {
            ComparisonFormat::Table => say(&compare::table(comparison)),
            ComparisonFormat::Markdown => say(&compare::markdown(comparison)),
            ComparisonFormat::Json => say_json(&compare::json(comparison)),
        }
        let slower = comparison.count(|verdict| *verdict == ChangeVerdict::Slower);
        self.exit_code(comparison.judged(), comparison.unjudged().count(), slower)
    }

    /// Prints why there is no comparison at all. Returns how the program ends.
    fn show_not_comparable(&self, reason: &str) -> ExitCode {
        let verdict = wording::change_verdict(&ChangeVerdict::NotComparable(reason.to_owned()));
        match self.format {
            ComparisonFormat::Table | ComparisonFormat::Markdown => say(&verdict),
            ComparisonFormat::Json => say_json(&json!({ "headline": verdict, "changes": [] })),
        }
        self.exit_code(0, 0, 0)
    }

    /// A gate is passed only by what was judged.
    fn exit_code(&self, judged: usize, unjudged: usize, slower: usize) -> ExitCode {
        if !self.fail_on_regression {
            return ExitCode::SUCCESS;
        }
        if judged == 0 {
            note(
                "error: nothing could be judged, so --fail-on-regression can't be answered; measure both runs alike",
            );
            return ExitCode::from(NOT_JUDGED);
        }
        if slower > 0 {
            return ExitCode::FAILURE;
        }
        if unjudged > 0 && !self.allow_unjudged {
            let unjudged = plural(unjudged, "cell");
            note(&format!(
                "error: {unjudged} of the base could not be judged, so --fail-on-regression can't be answered for all; \
                 measure both runs alike, or let such cells pass with --allow-unjudged"
            ));
            return ExitCode::from(NOT_JUDGED);
        }
        ExitCode::SUCCESS
    }
}
