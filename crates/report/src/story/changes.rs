//! What a comparison with a base says.

use super::{Failure, alike};
use crate::units::plural;
use crate::wording;
use crate::wording::headline;
use centurion_findings::compare::{Change, ChangeVerdict, Comparison, Metric};

/// `Against the base of 2026-01-02: 1 slower, 0 faster, 29 within noise; judged 30 of 30`. Runs of the same day
/// are told apart by their time.
pub fn against(comparison: &Comparison) -> String {
    let day = |started: &str| started.split('T').next().unwrap_or_default().to_owned();
    let base = match day(&comparison.base) {
        same if same == day(&comparison.now) => comparison.base.replace('T', " "),
        earlier => earlier,
    };
    format!("Against the base of {base}: {}", headline(comparison))
}

/// What carries the verdicts: which of the two ways to look at a cell is the more precise.
pub fn carriers(comparison: &Comparison) -> String {
    let rest_on = |metric| {
        let judged = |change: &&Change| change.verdict.is_judged() && change.metric == Some(metric);
        plural(comparison.changes.iter().filter(judged).count(), "cell")
    };
    format!(
        "Carried by the ratio to serial: {}; by the time: {}.",
        rest_on(Metric::Ratio),
        rest_on(Metric::Time)
    )
}

/// Every cell without a verdict, those with the same reason together.
pub fn unjudged(comparison: &Comparison) -> Vec<Failure> {
    let unjudged = comparison.changes.iter().filter(|change| !change.verdict.is_judged());
    alike(unjudged.map(|change| match &change.verdict {
        ChangeVerdict::NotComparable(reason) => (change.id.to_string(), reason.clone()),
        other => (change.id.to_string(), wording::change_verdict(other)),
    }))
}
