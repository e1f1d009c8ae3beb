//! The smallest granularity of dependent agents, as compact as a terminal needs it.

use crate::units::{digits, plural};
use crate::wording;
use centurion_findings::{Analysis, Family, Threshold};
use centurion_stats::Crossing;

/// `METG(50 %) by pattern on 2 cores, in µs`.
pub fn metg_title(patterns: &[Family]) -> String {
    let cores = patterns.iter().map(|pattern| pattern.cores).max().unwrap_or(0);
    format!("{} by pattern on {}, in µs", wording::threshold(Threshold::Half), plural(cores, "core"))
}

/// What the marks of [`metg_rows`] mean.
pub const METG_LEGEND: &str = "* smallest of its pattern, ~ not told apart from it; < below the smallest size \
                               measured, > not reached at the largest";

/// Head and rows of a table of METG in microseconds by executor and pattern: `4.58*`, `<0.31~`, `>120`.
pub fn metg_rows(analysis: &Analysis) -> (Vec<String>, Vec<Vec<String>>) {
    let names = analysis.patterns.iter().map(|pattern| pattern.name.clone());
    let row = |executor: &str| {
        let entries = analysis.patterns.iter().map(|pattern| metg(pattern, executor));
        std::iter::once(executor.to_owned()).chain(entries).collect()
    };
    let rows = analysis.pattern_executors().into_iter().map(row).collect();
    (std::iter::once("executor".to_owned()).chain(names).collect(), rows)
}

fn metg(pattern: &Family, executor: &str) -> String {
    let Some(curve) = pattern.curves.iter().find(|curve| curve.executor == executor) else {
        return "–".into();
    };
    let Some(metg) = curve.at(pattern.ranking) else { return "failed".into() };
    let figure = match metg.crossing {
        Crossing::Below(ns) => format!("<{}", digits(ns / 1e3)),
        Crossing::At(ns) => digits(ns / 1e3),
        Crossing::NotReached(ns) => format!(">{}", digits(ns / 1e3)),
    };
    let standing = pattern.verdict().and_then(|verdict| verdict.standing(executor));
    figure + standing.map_or("", wording::mark)
}
