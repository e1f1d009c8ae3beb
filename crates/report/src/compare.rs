//! A comparison as a table for the terminal, as Markdown for a pull request, and as JSON.

use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};

use crate::markdown::escape::escape;
use crate::terminal::LIGHT;
use crate::units::{percent, time};
use crate::wording::{builds, change_verdict, headline, metric};
use centurion_findings::compare::{Change, Comparison};
use centurion_record::Difference;
use centurion_stats::Estimate;

/// Findings shown unfolded in Markdown.
const FINDINGS: usize = 10;
pub(crate) const HEADER: [&str; 7] = ["cell", "base", "now", "change", "noise", "carried by", "verdict"];

/// The headline and a row for each cell; the reason alone when nothing could be compared for one and the same.
pub fn table(comparison: &Comparison) -> String {
    if let Some(reason) = obstacle(comparison) {
        return format!("{}\n{}\n", headline(comparison), printable(&reason));
    }
    let mut table = Table::new();
    table.load_style(LIGHT).set_header(HEADER);
    for change in &comparison.changes {
        table.add_row(row(change).map(|cell| printable(&cell)));
    }
    for column in table.column_iter_mut().skip(1).take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let builds = builds(comparison).map_or(String::new(), |builds| printable(&builds) + "\n");
    format!("{builds}{}\n{}\n{}\n", headline(comparison), table.trim_fmt(), printable(&legend(comparison)))
}

/// The headline, at most ten findings, and everything else folded: text for a job's summary or a comment.
pub fn markdown(comparison: &Comparison) -> String {
    if let Some(reason) = obstacle(comparison) {
        return format!("**{}**\n\n{}\n", headline(comparison), escape(&reason));
    }
    let (shown, folded) = comparison.changes.split_at(comparison.differences().len().min(FINDINGS));
    let folded = match folded.len() {
        0 => String::new(),
        count => {
            let rows = markdown_table(folded);
            format!("<details><summary>The other {count} cells</summary>\n\n{rows}</details>\n\n")
        }
    };
    let builds = builds(comparison).map_or(String::new(), |builds| escape(&builds) + "\n\n");
    format!(
        "{builds}**{}**\n\n{}{folded}{}\n",
        headline(comparison),
        markdown_table(shown),
        escape(&legend(comparison))
    )
}

/// Why no cell at all could be compared, if it is the same for all.
fn obstacle(comparison: &Comparison) -> Option<String> {
    comparison.common_obstacle().map(change_verdict)
}

/// Everything as one object. Changes are ratios: 1.05 is 5 % slower.
pub fn json(comparison: &Comparison) -> Value {
    let interval = |estimate: Option<Estimate>| {
        estimate.map(|estimate| {
            let ends = estimate.interval.map(|ends| [ends.low, ends.high]);
            json!({ "value": estimate.value, "interval": ends })
        })
    };
    let changes = comparison.changes.iter().map(|change| {
        json!({
            "cell": change.id.to_string(),
            "workload": change.workload,
            "executor": change.executor,
            "cores": change.cores,
            "workers": change.workers,
            "base_ns": change.base_ns,
            "now_ns": change.now_ns,
            "time": interval(change.time),
            "ratio": interval(change.ratio),
            "carried_by": change.metric.map(metric),
            "noise_floor": change.floor,
            "verdict": change_verdict(&change.verdict),
        })
    });
    let builds = comparison
        .builds
        .iter()
        .map(|Difference { field, first, second }| json!({ "field": field, "base": first, "now": second }));
    json!({
        "builds": builds.collect::<Vec<_>>(),
        "headline": headline(comparison),
        "base": comparison.base,
        "now": comparison.now,
        "least": comparison.rules.least,
        "errors": comparison.rules.errors,
        "changes": changes.collect::<Vec<_>>(),
    })
}

/// What was asked of a difference.
pub(crate) fn rule(comparison: &Comparison) -> String {
    format!(
        "A change counts from {} on, if the more precise of time and ratio to serial (of serial itself, to its \
         copies without an executor), which carries the verdict, \
         moved by more than {} standard errors, and the other by at least half as much as counts. Both are of \
         the faster half of the rounds, for computing agents at the pace of the CPUs; the points of a curve, such as grain, are \
         judged together. The same means that the whole interval lies within {}. Positive is slower.",
        percent(comparison.rules.least),
        comparison.rules.errors,
        percent(comparison.rules.least)
    )
}

fn legend(comparison: &Comparison) -> String {
    format!("{} Base {}, now {}.", rule(comparison), comparison.base, comparison.now)
}

/// A text that means nothing to a terminal.
fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// The fields of a change, in the order of [`HEADER`].
pub(crate) fn row(change: &Change) -> [String; 7] {
    let median = |ns: Option<f64>| ns.map_or("–".into(), time);
    [
        change.id.to_string(),
        median(change.base_ns),
        median(change.now_ns),
        change.decisive().map_or("–".into(), signed),
        change.floor.map_or("–".into(), |floor| format!("±{}", percent(floor))),
        change.metric.map_or("–".into(), |basis| metric(basis).into()),
        change_verdict(&change.verdict),
    ]
}

/// `+5.1 % [+4.2, +6.0]`.
fn signed(change: Estimate) -> String {
    let in_percent = |ratio: f64| format!("{:+.1}", (ratio - 1.0) * 100.0);
    let ends = change.interval.map(|ends| format!(" [{}, {}]", in_percent(ends.low), in_percent(ends.high)));
    format!("{} %{}", in_percent(change.value), ends.unwrap_or_default())
}

/// A table with a blank line after it; nothing without changes.
pub(crate) fn markdown_table(changes: &[Change]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let rows = changes.iter().map(|change| row(change).map(|cell| escape(&cell)).join(" | "));
    let alignment = ":-- | --: | --: | --: | --: | :-- | :--".to_owned();
    let lines: Vec<String> = [HEADER.join(" | "), alignment].into_iter().chain(rows).collect();
    format!("| {} |\n\n", lines.join(" |\n| "))
}
