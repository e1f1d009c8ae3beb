//! Efficiency over granularity.

use super::curves::draw;
use super::{Drawing, Figures, Size, Words};
use crate::units::{crossing, percent};
use centurion_findings::{CurvePoint, EfficiencyCurve, Family};
use centurion_plot::lines::{Horizontal, LineChart, LineSeries, Point, SeriesKind, Sibling, Vertical};

/// Points that a chart of granularity has at most; more would be too large to review.
const MOST_POINTS: usize = 160;

/// Points that it has at most where they can be asked for their numbers.
const MOST_HOVERS: usize = 400;

impl Figures<'_> {
    /// Efficiency against granularity, one curve per executor. With very many points only one size in two or more
    /// is drawn, and the chart says so.
    pub(crate) fn family(&self, family: &Family, size: Size) -> Drawing {
        let points: usize = family.curves.iter().map(|curve| curve.points.len()).sum();
        let step = points.div_ceil(if size.hovers { MOST_HOVERS } else { MOST_POINTS }).max(1);
        let thinned = if step > 1 { format!(", one size in {step}") } else { String::new() };
        let words = Words {
            id: format!("granularity-{}", self.place(family)),
            title: format!("{}: efficiency", family.name),
            subtitle: format!("By granularity: time of {} per agent{thinned}", workers(family)),
            description: smallest(family),
        };
        draw(&LineChart {
            frame: words.frame(size),
            x: Horizontal::Nanoseconds,
            x_label: "granularity".into(),
            y: Vertical::Efficiency,
            series: family.curves.iter().map(|curve| self.curve(curve, step)).collect(),
            ceilings: Vec::new(),
            oversubscribed_above: None,
            sibling: self.sibling(family),
        })
    }

    /// Place of a family among all, for ids.
    fn place(&self, family: &Family) -> usize {
        let all = self.analysis.families();
        all.map(|other| &other.name).position(|name| *name == family.name).unwrap_or(0)
    }

    /// All patterns share the range of their sizes, and the names that the first of them gives.
    fn sibling(&self, family: &Family) -> Option<Sibling> {
        let patterns = &self.analysis.patterns;
        let place = patterns.iter().position(|pattern| pattern.name == family.name)?;
        let points = patterns.iter().flat_map(|pattern| &pattern.curves).flat_map(|curve| &curve.points);
        let sizes = || points.clone().map(|point| point.granularity_ns);
        let x = (sizes().min_by(f64::total_cmp)?, sizes().max_by(f64::total_cmp)?);
        Some(Sibling { x, names: place == 0 })
    }

    /// One size in `step`, the largest among them.
    fn curve(&self, curve: &EfficiencyCurve, step: usize) -> LineSeries {
        let point = |point: &CurvePoint| Point { x: point.granularity_ns, y: point.efficiency, band: None };
        let mut points: Vec<Point> = curve.points.iter().rev().step_by(step).map(point).collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        LineSeries {
            name: curve.executor.clone(),
            index: self.index(&curve.executor),
            kind: SeriesKind::Measured,
            points,
        }
    }
}

/// Whose time counts.
fn workers(family: &Family) -> &'static str {
    if family.parallelism < family.cores as f64 { "the workers of use" } else { "all workers" }
}

fn smallest(family: &Family) -> String {
    let reached = family.curves.iter().filter_map(|curve| {
        Some(format!("{} {}", curve.executor, crossing(curve.at(family.ranking)?.crossing, None)))
    });
    let reached: Vec<_> = reached.collect();
    let share = percent(family.ranking.efficiency(family.parallelism));
    format!("Smallest granularity with an efficiency of {share}: {}.", reached.join(", "))
}
