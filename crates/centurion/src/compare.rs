//! `centurion compare`: two runs against each other.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use centurion_record::{Record, SCHEMA, schema};
use centurion_report::compare::{Comparison, Rules, Verdict};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::options::failed_to;
use crate::{git, report, say, store};

/// What to compare.
#[derive(Debug, Clone, Args)]
pub struct Compare {
    /// The base: a record, or a git revision in which a report of this machine is committed
    base: String,
    /// The run to compare with it [default: the latest complete one of a full run]
    new: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) showing: Showing,
}

/// How a comparison is judged and shown.
#[derive(Debug, Clone, Args)]
pub(crate) struct Showing {
    /// The least change that is called one, in percent
    #[arg(long, default_value_t = Rules::default().least * 100.0, value_name = "PERCENT")]
    least: f64,
    /// How many standard errors a change must be away from none
    #[arg(long, default_value_t = Rules::default().errors, value_name = "N")]
    errors: f64,
    /// How to show it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Exit with 1 if a cell became slower
    #[arg(long)]
    fail_on_regression: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for the terminal
    Table,
    /// For a pull request: ten findings at most, the rest folded
    Markdown,
    /// One JSON object
    Json,
}

impl Compare {
    /// Reads both runs and prints what they say about each other. Returns whether all is well.
    ///
    /// # Errors
    /// When a run can't be read.
    pub fn run(&self) -> Result<bool> {
        let base = Base::find(&self.base)?;
        let new = self.new.clone().map_or_else(report::latest_full_record, Ok)?;
        let new = store::read_record(&new)?;
        let (text, origin) = base.text(&new)?;
        if let Some(schema) = schema(&text).filter(|schema| *schema != u64::from(SCHEMA)) {
            self.showing.show_not_comparable(&format!(
                "the base has schema {schema}, this run has schema {SCHEMA}; measure the base again with this code"
            ));
            return Ok(true);
        }
        let base = Record::parse(&text, &origin).map_err(failed_to)?;
        Ok(self.showing.show(&Comparison::of(&base, &new, self.showing.rules())))
    }
}

impl Showing {
    pub(crate) fn rules(&self) -> Rules {
        Rules { least: self.least / 100.0, errors: self.errors }
    }

    /// Prints a comparison. Returns whether all is well.
    pub(crate) fn show(&self, comparison: &Comparison) -> bool {
        match self.format {
            Format::Table => say(&comparison.table()),
            Format::Markdown => say(&comparison.markdown()),
            Format::Json => say(&format!("{:#}", comparison.json())),
        }
        !self.fail_on_regression || comparison.count(|verdict| *verdict == Verdict::Slower) == 0
    }

    /// Prints why there is no comparison at all.
    fn show_not_comparable(&self, reason: &str) {
        let verdict = Verdict::NotComparable(reason.to_owned()).to_string();
        match self.format {
            Format::Table | Format::Markdown => say(&verdict),
            Format::Json => say(&format!("{:#}", json!({ "headline": verdict, "changes": [] }))),
        }
    }
}

/// What a run is compared with.
pub(crate) enum Base<'a> {
    /// A record.
    File(&'a Path),
    /// A git revision, by name, and its commit.
    Revision(&'a str, String),
}

impl<'a> Base<'a> {
    /// Finds out what is meant by a name.
    ///
    /// # Errors
    /// When it is neither a file nor a revision.
    pub(crate) fn find(name: &'a str) -> Result<Self> {
        if Path::new(name).is_file() {
            return Ok(Self::File(Path::new(name)));
        }
        let commit =
            git::commit(name).with_context(|| format!("failed to find {name:?}: no such file either"))?;
        Ok(Self::Revision(name, commit))
    }

    /// The record itself; of a revision, the one committed for the machine of `new`.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub(crate) fn read(&self, new: &Record) -> Result<Record> {
        let (text, origin) = self.text(new)?;
        Record::parse(&text, &origin).map_err(failed_to)
    }

    /// The text of the record, and where it is from.
    fn text(&self, new: &Record) -> Result<(String, String)> {
        let (name, commit) = match self {
            Self::File(path) => return Ok((store::read(path)?, path.display().to_string())),
            Self::Revision(name, commit) => (name, commit),
        };
        let path = format!("reports/{}/results.json", new.environment.machine());
        let text = git::show(commit, &path).with_context(|| {
            format!("failed to find a report of this machine in {name}; measure it there, or use `centurion duel {name}`")
        })?;
        Ok((text, format!("{name}:{path}")))
    }
}
