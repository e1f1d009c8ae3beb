//! What a comparison with a base says.

use super::{Failure, alike};
use crate::compare::{Carrier, Change, Comparison, Verdict};
use crate::units::plural;

/// `Against the base of 2026-01-02: 1 slower, 0 faster, 29 within noise; judged 30 of 30`. Runs of the same day
/// are told apart by their time.
pub fn against(comparison: &Comparison) -> String {
    let day = |started: &str| started.split('T').next().unwrap_or_default().to_owned();
    let base = match day(&comparison.base) {
        same if same == day(&comparison.now) => comparison.base.replace('T', " "),
        earlier => earlier,
    };
    format!("Against the base of {base}: {}", comparison.headline())
}

/// What carries the verdicts: which of the two ways to look at a cell is the more precise.
pub fn carriers(comparison: &Comparison) -> String {
    let rest_on = |carrier| {
        let judged = |change: &&Change| change.verdict.is_judged() && change.carrier == Some(carrier);
        plural(comparison.changes.iter().filter(judged).count(), "cell")
    };
    format!(
        "Carried by the ratio to serial: {}; by the time: {}.",
        rest_on(Carrier::Ratio),
        rest_on(Carrier::Time)
    )
}

/// Every cell without a verdict, those with the same reason together.
pub fn unjudged(comparison: &Comparison) -> Vec<Failure> {
    let unjudged = comparison.changes.iter().filter(|change| !change.verdict.is_judged());
    alike(unjudged.map(|change| match &change.verdict {
        Verdict::NotComparable(reason) => (change.id.to_string(), reason.clone()),
        other => (change.id.to_string(), other.to_string()),
    }))
}
