//! The matrix of the first screen: executors against what agents do.

use centurion_findings::{Bags, Figure, Overview, OverviewQuestion, OverviewRow, OverviewSubject, Score};
use centurion_stats::{Crossing, Estimate, Interval};

use super::{Findings, NOTHING};
use crate::agents;
use crate::table::{Column, Entry, Spacing, Table, Tone};
use crate::units::{percent, place, ratio, time};
use crate::wording::mark;

/// A row for each executor, a column for each question. `None` without questions.
pub(super) fn table(findings: &Findings<'_>) -> Option<Table> {
    let overview = findings.analysis.overview();
    let rows = overview.rows.iter().map(|row| line(findings, &overview, row));
    let columns =
        [Column::words("executor")].into_iter().chain(overview.questions.iter().map(column)).collect();
    let table =
        Table::new("overview", "Time over the fastest's, or the smallest agents borne", columns).rows(rows);
    (!overview.questions.is_empty())
        .then(|| table.note(key(&overview)).spaced(Spacing::Dense))
        .map(|table| Table { most: usize::MAX, ..table })
}

fn column(question: &OverviewQuestion<'_>) -> Column {
    let about = agents::of_subject(&question.subject);
    let remark = match question.subject {
        OverviewSubject::Bag { bags: Bags::One, .. } => "one bag".into(),
        OverviewSubject::Bag { bags: Bags::Many, .. } => String::new(),
        OverviewSubject::Sizes { family, .. } => {
            format!("{} efficient from", percent(family.ranking.efficiency(family.parallelism)))
        }
    };
    let lines = about.title.split(' ').map(String::from).collect();
    Column { lines, remark, ..Column::new(about.title) }
}

fn line(findings: &Findings<'_>, overview: &Overview<'_>, row: &OverviewRow<'_>) -> Vec<Entry> {
    let scores = row.scores.iter().zip(&overview.questions);
    let scores = scores.map(|(score, question)| {
        score.as_ref().map_or(NOTHING.into(), |score| entry(score, question, row.mistake))
    });
    std::iter::once(findings.called(row.executor).into()).chain(scores).collect()
}

fn entry(score: &Score, question: &OverviewQuestion<'_>, mistake: bool) -> Entry {
    let figure = match &score.figure {
        Err(_) => return "failed".into(),
        Ok(figure) => figure_in_words(*figure),
    };
    let front = !mistake && question.is_judged() && score.standing.is_in_front();
    let judged = !mistake && question.is_judged();
    Entry {
        mark: if judged { mark(score.standing) } else { "" },
        tone: match () {
            () if front => Tone::Front,
            () if score.avoid && question.is_judged() => Tone::Avoid,
            () => Tone::Plain,
        },
        ..Entry::from(figure)
    }
}

/// With the digits that its interval bears out.
fn figure_in_words(figure: Figure) -> String {
    match figure {
        Figure::Ratio(estimate) => ratio(estimate),
        Figure::Smallest(metg) => match metg.crossing {
            Crossing::Below(ns) => format!("<{}", time(ns)),
            Crossing::NotReached(ns) => format!(">{}", time(ns)),
            Crossing::At(ns) => {
                let ends = metg.interval.and_then(|(low, high)| Some((low.value()?, high.value()?)));
                let interval = ends.map(|(low, high)| Interval { low, high });
                crate::units::measured_time(Estimate { value: ns, interval })
            }
        },
    }
}

/// What figures and marks mean, and what 1.00 stands for.
fn key(overview: &Overview<'_>) -> String {
    let one = overview.questions.iter().filter_map(|question| match question.subject {
        OverviewSubject::Bag { best: Some(best), bags, .. } => {
            let (whole, of) = match bags {
                Bags::Many => (best.slowness(), ""),
                Bags::One => (best.measured()?.once?.whole_ns.value, ", one bag"),
            };
            let place = place(best.cores, best.row.workers, ", ");
            Some(format!("{}{of} {} ({place})", agents::of_subject(&question.subject).title, time(whole)))
        }
        _ => None,
    });
    let one: Vec<String> = one.collect();
    let stands_for = if one.is_empty() { String::new() } else { format!(" 1.00 is: {}.", one.join("; ")) };
    format!(
        "* fastest, = shown to be within 3 % of it, ~ undecided: not enough evidence of a difference. Executors \
         run already, but for what is called one bag: there starting and dropping them counts.{stands_for}"
    )
}
