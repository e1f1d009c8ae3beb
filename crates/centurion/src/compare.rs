//! `centurion compare`: two runs against each other.

use std::process::ExitCode;

use anyhow::Result;
use centurion_findings::compare::{ChangeVerdict, Comparison, GateVerdict, Rules};
use centurion_record::{Record, SCHEMA, SCHEMAS, schema};
use centurion_report::{compare, wording};
use serde_json::{Value, json};

use crate::args::{CompareArgs, ComparisonFormat, JudgeArgs};
use crate::error::failed_to;
use crate::output::{note, say, say_json, width};
use crate::store::{self, BaseSource};

/// Exit code of a gate where neither a regression nor its absence could be shown.
pub(crate) const INCONCLUSIVE: u8 = 3;
/// Exit code of a gate where not everything of the base could be compared.
pub(crate) const NOT_COMPARABLE: u8 = 4;

/// Reads both runs and prints what they say about each other. Returns how the program ends.
///
/// # Errors
/// When a run can't be read.
pub fn run(args: &CompareArgs) -> Result<ExitCode> {
    let base = BaseSource::find(&args.base)?;
    let new = store::named_or_latest_full(args.new.as_deref())?;
    let new = store::read_record(&new)?;
    let (text, origin) = base.text(&new)?;
    if let Some(schema) = schema(&text).filter(|schema| !SCHEMAS.contains(schema)) {
        return Ok(args.judge.show_not_comparable(&format!(
            "the base{} has schema {schema}, this run of {} has schema {SCHEMA}; measure the base again with this code",
            of_base(&text),
            wording::origin(&new.run.started, new.environment.commit.as_deref())
        )));
    }
    let base = Record::parse(&text, &origin).map_err(failed_to)?;
    if base == new {
        note("both are one and the same run: what follows says nothing about a change");
    }
    Ok(args.judge.show(&Comparison::new(&base, &new, args.judge.rules())))
}

/// ` of 2026-01-02 03:04:05Z, commit 32603f1f7a`, of a record of any schema that says so where this one does. May be empty.
fn of_base(text: &str) -> String {
    let record: Value = serde_json::from_str(text).unwrap_or_default();
    let said = |place: &str| record.pointer(place).and_then(Value::as_str);
    let origin = said("/run/started").map(|started| wording::origin(started, said("/environment/commit")));
    origin.map_or(String::new(), |origin| format!(" of {origin}"))
}

impl JudgeArgs {
    pub(crate) fn rules(&self) -> Rules {
        Rules { least: self.least / 100.0, alarms: self.alarms / 100.0 }
    }

    /// Prints a comparison. Returns how the program ends.
    pub(crate) fn show(&self, comparison: &Comparison) -> ExitCode {
        let verdict = if self.allow_unjudged { comparison.gate_of_judged() } else { comparison.gate() };
        match self.format {
            ComparisonFormat::Table => say(&compare::table(comparison, self.all, width())),
            ComparisonFormat::Markdown => say(&compare::markdown(comparison)),
            ComparisonFormat::Json => say_json(&compare::json(comparison, verdict)),
        }
        self.exit_code(verdict, wording::gate(verdict, comparison))
    }

    /// Prints why there is no comparison at all. Returns how the program ends.
    fn show_not_comparable(&self, reason: &str) -> ExitCode {
        let verdict = wording::change_verdict(&ChangeVerdict::NotComparable(reason.to_owned()));
        match self.format {
            ComparisonFormat::Table | ComparisonFormat::Markdown => say(&verdict),
            ComparisonFormat::Json => {
                say_json(&json!({ "headline": verdict, "gate": verdict, "changes": [] }));
            }
        }
        self.exit_code(GateVerdict::NotComparable { cells: 0 }, Some(verdict))
    }

    /// A gate is passed only by what was shown, and says why it is not.
    fn exit_code(&self, verdict: GateVerdict, reason: Option<String>) -> ExitCode {
        if !self.fail_on_regression {
            return ExitCode::SUCCESS;
        }
        if let Some(reason) = reason {
            note(&format!("error: --fail-on-regression is not passed: {reason}"));
        }
        match verdict {
            GateVerdict::Passed => ExitCode::SUCCESS,
            GateVerdict::Regression { .. } => ExitCode::FAILURE,
            GateVerdict::Inconclusive { .. } => ExitCode::from(INCONCLUSIVE),
            GateVerdict::NotComparable { .. } => ExitCode::from(NOT_COMPARABLE),
        }
    }
}
