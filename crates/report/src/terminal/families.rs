//! Agents of every size: how small they may be.

use anstyle::Style;

use super::{Columns, Page, clean, floor};
use crate::story;
use crate::units::{crossing, joined, percent, plural, time};
use crate::wording;
use centurion_findings::{Analysis, EfficiencyCurve, Family, FamilyVerdict, Threshold};

impl Page {
    pub(super) fn grain(&self, analysis: &Analysis, grain: &Family) -> String {
        let verdict = grain.verdict();
        let sentence = verdict
            .as_ref()
            .map_or_else(|| format!("{}: nothing could be measured", grain.name), wording::family_verdict);
        let mut text = self.text(Style::new().bold(), "", &sentence);
        text += &self.text(Style::new(), "  ", &grain_context(analysis, grain));
        let header: Vec<_> =
            ["", "executor"].into_iter().chain(Threshold::ALL.map(wording::threshold)).collect();
        text += &self.table(
            Columns::Marked,
            &header,
            grain.curves.iter().map(|curve| grain_row(verdict.as_ref(), curve)),
        );
        text + &self.family_failures(grain)
    }

    fn family_failures(&self, family: &Family) -> String {
        let mut text = String::new();
        for curve in &family.curves {
            for group in curve.failures.chunk_by(|a, b| a.1 == b.1) {
                let sizes: Vec<_> = group.iter().map(|(workload, _)| workload).collect();
                text += &self.failure(&format!("{} on {}", curve.executor, joined(&sizes)), &group[0].1);
            }
        }
        text
    }

    /// The smallest granularity by executor and pattern.
    pub(super) fn patterns(&self, analysis: &Analysis) -> String {
        let verdict = analysis.patterns_verdict();
        let sentence = verdict.as_ref().map_or_else(unreached, wording::patterns_verdict);
        let mut text = self.text(Style::new().bold(), "", &sentence);
        text += &self.text(Style::new(), "  ", &story::metg_title(&analysis.patterns));
        let (head, rows) = story::metg_rows(analysis);
        let head: Vec<_> = head.iter().map(|name| clean(name).replace('-', "-\n")).collect();
        let head: Vec<_> = head.iter().map(String::as_str).collect();
        text += &self.table(Columns::Dense, &head, rows.into_iter());
        text += &self.text(Style::new(), "  ", story::METG_LEGEND);
        analysis.patterns.iter().fold(text, |text, pattern| text + &self.family_failures(pattern))
    }
}

fn unreached() -> String {
    format!("dependent agents: no executor reaches {} in any pattern", wording::threshold(Threshold::Half))
}

/// `16 sizes of agents, 12.0 ns to 9.80 ms serially; noise floor 2.1 % to 14 %`.
fn grain_context(analysis: &Analysis, grain: &Family) -> String {
    let sizes = || analysis.workloads.iter().filter(|workload| workload.family == grain.name);
    let each: Vec<_> = sizes()
        .filter_map(|size| Some(size.baseline.as_ref().ok()?.bag_ns.value / size.agents as f64))
        .collect();
    let floors: Vec<_> = sizes().filter_map(|size| size.noise.floor).collect();
    format!(
        "{} of agents, {} serially; noise floor {}",
        plural(sizes().count(), "size"),
        range(&each, time).unwrap_or("never measured".into()),
        range(&floors, percent).unwrap_or_else(|| floor(None)),
    )
}

/// `least to greatest`. `None` for no values.
fn range(values: &[f64], show: fn(f64) -> String) -> Option<String> {
    let least = values.iter().copied().min_by(f64::total_cmp)?;
    let greatest = values.iter().copied().max_by(f64::total_cmp)?;
    Some(format!("{} to {}", show(least), show(greatest)))
}

/// The interval is shown for the threshold that ranks only: four would not fit.
fn grain_row(verdict: Option<&FamilyVerdict<'_>>, curve: &EfficiencyCurve) -> Vec<String> {
    let standing = verdict.and_then(|verdict| verdict.standing(&curve.executor));
    let mark = standing.map_or("", wording::mark);
    let ranking = verdict.map(|verdict| verdict.metg.threshold);
    let reached = Threshold::ALL.map(|threshold| match curve.at(threshold) {
        Some(metg) => crossing(metg.crossing, metg.interval.filter(|_| ranking == Some(threshold))),
        None => "failed".into(),
    });
    [mark.to_owned(), curve.executor.clone()].into_iter().chain(reached).collect()
}
