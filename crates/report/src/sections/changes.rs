//! What changed against a base.

use centurion_findings::FailedCells;
use centurion_findings::compare::{BaseRun, Change, ChangeVerdict, Comparison, Metric};
use centurion_plot::forest::{self, Direction, ForestChart, RatioInterval};

use super::{Findings, NOTHING};
use crate::chart::{Caption, Chart, ChartSize, Drawing, Layout};
use crate::document::{Fold, News, Outputs, Rank, Reasons, Section, SectionBlock, paragraph};
use crate::table::{Column, Entry, Spacing, Table, entries};
use crate::units::{Quantity, change as change_in_percent, joined, percent, plural, time, times};
use crate::wording::{change_verdict, counts, headline, metric, pace, rule, runs};

/// Rows that the chart has at most.
const MOST_DRAWN: usize = 20;

/// Most rows of the page's table.
const MOST_ROWS: usize = 150;

/// Most differences of a README.
const MOST_DIFFERENCES: usize = 10;

/// Most reasons of a README.
const MOST_REASONS: usize = 3;

pub(super) fn news(comparison: &Comparison) -> News {
    News {
        headline: against(comparison),
        counts: counts(comparison),
        differences: table(comparison.differences()),
        rule: rule(comparison),
    }
}

/// `Against the base of 2026-01-02: std-counter +10 % on thinking`. Runs of the same day
/// are told apart by their time.
fn against(comparison: &Comparison) -> String {
    let day = |started: &str| started.split('T').next().unwrap_or_default().to_owned();
    let base = match day(&comparison.base.started) {
        same if same == day(&comparison.now.started) => comparison.base.started.replace('T', " "),
        earlier => earlier,
    };
    format!("Against the base of {base}: {}", headline(comparison))
}

/// `None` without a base.
pub(super) fn section<'a>(findings: &'a Findings<'a>) -> Option<Section<'a>> {
    let base = findings.base?;
    let comparison = &base.comparison;
    let judged = comparison.judged() > 0;
    let mut section = Section::new("changes", "Changes against the base", &[]).open().ranked(Rank::News);
    section.lead = vec![format!("{}. {}", headline(comparison), counts(comparison)), runs(comparison)];
    if judged {
        section.lead.extend([rule(comparison), metrics(comparison)]);
        section.lead.extend(pace(comparison));
        let draw = move |size| chart(findings, base, size);
        section.blocks.push(SectionBlock::page(Chart::new(Layout::Full, draw)));
    }
    Some(
        section
            .with(differences(comparison))
            .with([SectionBlock::new(Outputs::PAGE | Outputs::README, unjudged(comparison))])
            .with(every_cell(comparison)),
    )
}

/// The largest differences and the rule, for a README.
fn differences<'a>(comparison: &Comparison) -> Vec<SectionBlock<'a>> {
    let differences = comparison.differences();
    let shown = match differences {
        [] if comparison.judged() == 0 => None,
        [] => Some(paragraph("No cell was shown to be slower or faster.")),
        shown => Some(Table { most: MOST_DIFFERENCES, ..table(shown) }.into()),
    };
    let rule = paragraph(format!("{} {}", rule(comparison), metrics(comparison)));
    shown.into_iter().chain([rule]).map(|content| SectionBlock::new(Outputs::README, content)).collect()
}

/// What verdicts rest on: which of the two ways to look at a cell is the more precise.
fn metrics(comparison: &Comparison) -> String {
    let [ratio, time] = [Metric::Ratio, Metric::Time].map(|metric| comparison.resting_on(metric));
    format!(
        "Carried by the ratio to serial: {}; by the time: {}.",
        plural(ratio, "cell"),
        plural(time, "cell")
    )
}

/// Every cell without a verdict.
fn unjudged(comparison: &Comparison) -> Reasons {
    let unjudged = comparison.changes.iter().filter(|change| !change.verdict.is_judged());
    let cells = FailedCells::grouped(unjudged.map(|change| match &change.verdict {
        ChangeVerdict::NotComparable(reason) => (change.id.to_string(), reason.clone()),
        other => (change.id.to_string(), change_verdict(other)),
    }));
    Reasons { heading: "Not judged", finding: Some("Not compared"), most: MOST_REASONS, cells }
}

/// Every cell that can be compared, folded.
fn every_cell<'a>(comparison: &Comparison) -> Option<SectionBlock<'a>> {
    let all = comparison.changes.iter().filter(|change| change.verdict.is_comparable());
    let all: Vec<&Change> = all.collect();
    let note = match all.len().saturating_sub(MOST_ROWS) {
        0 => String::new(),
        more => {
            format!("{} more: centurion compare, with the commit that base.json names.", plural(more, "row"))
        }
    };
    let shown = table(all.iter().take(MOST_ROWS).copied());
    let table = Table {
        id: "changes-cells".into(),
        caption: "Change by cell: positive is slower".into(),
        note,
        ..shown
    };
    let summary = format!("All {} that can be compared", plural(all.len(), "cell"));
    (!all.is_empty()).then(|| SectionBlock::page(Fold::new(summary, table)))
}

/// A row for each change.
pub(crate) fn table<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Table {
    let columns = vec![
        Column::words("cell"),
        Column::new("change"),
        Column::new("base").yielding(1),
        Column::new("now").yielding(1),
        Column::new("noise").yielding(2),
        Column::words("carried by").yielding(3),
        Column::words("verdict").yielding(0),
    ];
    Table::new("", "", columns).rows(changes.into_iter().map(row)).spaced(Spacing::Loose)
}

fn row(change: &Change) -> Vec<Entry> {
    let median = |ns: Option<f64>| ns.map_or(NOTHING.into(), time).into();
    entries([
        change.id.to_string().into(),
        change.decisive().map_or(NOTHING.into(), change_in_percent),
        median(change.base_ns),
        median(change.now_ns),
        change.floor.map_or(NOTHING.into(), |floor| format!("±{}", percent(floor)).into()),
        Quantity::from(change.metric.map_or(NOTHING, metric)),
        change_verdict(&change.verdict).into(),
    ])
}

/// The rule, and the pace at which it was applied.
pub(crate) fn legend(comparison: &Comparison) -> String {
    [Some(rule(comparison)), pace(comparison)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The changes that are largest over their own noise.
fn chart(findings: &Findings<'_>, base: &BaseRun<'_>, size: ChartSize) -> Drawing {
    let mut largest = base.comparison.ranked();
    let all = largest.len();
    largest.truncate(MOST_DRAWN);
    let measured = DrawnMetric::new(&largest);
    let caption = Caption {
        id: "changes-largest".into(),
        title: "How much each cell changed".into(),
        subtitle: format!(
            "{} of {all} judged cells: differences first, each by size over its own noise{}",
            largest.len(),
            measured.in_words()
        ),
        description: in_words(&base.comparison),
    };
    let chart = ForestChart {
        frame: caption.frame(size),
        changes: largest.iter().map(|change| drawn(findings, change, measured)).collect(),
    };
    Drawing::new(&chart.frame, forest::render(&chart))
}

fn drawn(findings: &Findings<'_>, change: &Change, measured: DrawnMetric) -> forest::RatioChange {
    let ratio = change.decisive().and_then(|change| Some((change.value, change.interval?)));
    let dagger = measured == DrawnMetric::Both && change.metric == Some(Metric::Time);
    forest::RatioChange {
        name: change.id.to_string(),
        index: findings.index(&change.executor),
        ratio: ratio.map(|(middle, ends)| RatioInterval { low: ends.low, middle, high: ends.high }),
        floor: change.floor.unwrap_or(0.0),
        verdict: change_verdict(&change.verdict) + if dagger { " †" } else { "" },
        direction: match change.verdict {
            ChangeVerdict::Regression => Direction::Slower,
            ChangeVerdict::Improvement => Direction::Faster,
            _ => Direction::Undecided,
        },
    }
}

/// What the changes of a chart are of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DrawnMetric {
    Time,
    Ratio,
    /// Those of the time bear a dagger.
    Both,
}

impl DrawnMetric {
    fn new(changes: &[&Change]) -> Self {
        let by_time = changes.iter().filter(|change| change.metric == Some(Metric::Time)).count();
        match by_time {
            0 => Self::Ratio,
            all if all == changes.len() => Self::Time,
            _ => Self::Both,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Time => "; of the time",
            Self::Ratio => "; of the ratio to serial",
            Self::Both => "; † of the time, the others of the ratio to serial",
        }
    }
}

/// The headline and the first differences.
fn in_words(comparison: &Comparison) -> String {
    let named = comparison.differences().iter().map(|change| {
        let ratio = change.decisive().map(|ratio| format!(" {}", times(ratio.value)));
        format!("{} {}{}", change.id, change_verdict(&change.verdict), ratio.unwrap_or_default())
    });
    let named = joined(&named.collect::<Vec<_>>());
    let headline = headline(comparison);
    if named.is_empty() { format!("{headline}.") } else { format!("{headline}. {named}.") }
}
