//! The matrix of the first screen: executors against what agents do.

use centurion_findings::{Figure, Overview, OverviewQuestion, OverviewRow, OverviewSubject, Score, Standing};
use centurion_stats::{Crossing, Estimate, Interval};

use super::{Findings, NOTHING};
use crate::agents;
use crate::table::{Column, Entry, Spacing, Table, Tone};
use crate::units::{percent, ratio, time};
use crate::wording::mark;

/// A row for each executor that is no mistake, a column for each question but for those that stand aside. `None` without
/// questions.
pub(super) fn table(findings: &Findings<'_>) -> Option<Table> {
    let overview = findings.analysis.overview();
    let asked: Vec<usize> =
        (0..overview.questions.len()).filter(|&place| has_column(&overview, place)).collect();
    let is_wanted = |row: &&OverviewRow<'_>| {
        !row.mistake && asked.iter().any(|&place| row.scores[place].is_some() || row.one_bag[place].is_some())
    };
    let rows = overview.rows.iter().filter(is_wanted).map(|row| line(&overview, &asked, row));
    let rows: Vec<_> = rows.chain(unit(&overview, &asked)).collect();
    let columns = asked.iter().map(|&place| column(&overview.questions[place]));
    let columns = [Column::words("executor")].into_iter().chain(columns).collect();
    let table = Table::new("overview", "Time over the fastest's, or the smallest agents that pay", columns);
    (!asked.is_empty())
        .then(|| table.rows(rows).note(key(&overview)).spaced(Spacing::Dense))
        .map(|table| Table { most: usize::MAX, ..table })
}

fn has_column(overview: &Overview<'_>, place: usize) -> bool {
    let aside = |question: &OverviewQuestion<'_>| agents::of_subject(&question.subject).aside;
    !aside(&overview.questions[place]) || overview.questions.iter().all(aside)
}

fn column(question: &OverviewQuestion<'_>) -> Column {
    let title = agents::of_subject(&question.subject).title;
    let remark = match question.subject {
        OverviewSubject::Bag { .. } => String::new(),
        OverviewSubject::Sizes { family, .. } => {
            format!("{} efficient from", percent(family.ranking.efficiency(family.parallelism)))
        }
    };
    let lines = title.split(' ').map(String::from).collect();
    Column { lines, remark, ..Column::new(title) }
}

fn line(overview: &Overview<'_>, asked: &[usize], row: &OverviewRow<'_>) -> Vec<Entry> {
    let entries = asked.iter().map(|&place| {
        let question = &overview.questions[place];
        let entry =
            row.scores[place].as_ref().map_or(NOTHING.into(), |score| entry(score, question, row.executor));
        Entry { remark: one_bag(question, row, place), ..entry }
    });
    std::iter::once(row.executor.into()).chain(entries).collect()
}

fn entry(score: &Score, question: &OverviewQuestion<'_>, executor: &str) -> Entry {
    let figure = match &score.figure {
        Err(_) => return "failed".into(),
        Ok(figure) => figure_in_words(*figure),
    };
    let tone = tone(score, question, executor);
    match tone {
        _ if !question.is_judged() => figure.into(),
        Tone::Plain => format!("{figure}{}", no_pick(score.standing)).into(),
        _ => Entry { mark: mark(score.standing), tone, ..Entry::from(figure) },
    }
}

fn tone(score: &Score, question: &OverviewQuestion<'_>, executor: &str) -> Tone {
    match () {
        () if question.fine().any(|name| name == executor) => Tone::Front,
        () if score.avoid && question.is_judged() => Tone::Avoid,
        () => Tone::Plain,
    }
}

/// The mark of who is no pick, and not one to avoid: it is slower, or perhaps so.
fn no_pick(standing: Standing) -> &'static str {
    if standing == Standing::Behind { "" } else { "?" }
}

/// How one bag goes, where that is another verdict: `one bag 1.6 avoid`. May be empty.
fn one_bag(question: &OverviewQuestion<'_>, row: &OverviewRow<'_>, place: usize) -> String {
    let Some((one, score)) = question.one_bag.as_ref().zip(row.one_bag[place].as_ref()) else {
        return String::new();
    };
    let (Ok(figure), true) = (&score.figure, one.is_judged()) else { return String::new() };
    let many = row.scores[place].as_ref().map(|score| tone(score, question, row.executor));
    let tone = tone(score, one, row.executor);
    if many == Some(tone) {
        return String::new();
    }
    let verdict = match tone {
        Tone::Front => " fine",
        Tone::Avoid => " avoid",
        Tone::Plain => no_pick(score.standing),
    };
    format!("one bag {}{verdict}", figure_in_words(*figure))
}

/// What 1.00 stands for in each column. `None` where all are of sizes.
fn unit(overview: &Overview<'_>, asked: &[usize]) -> Option<Vec<Entry>> {
    let fastest = |&place: &usize| match overview.questions[place].subject {
        OverviewSubject::Bag { best: Some(best), .. } => Some(time(best.slowness())),
        _ => None,
    };
    let times: Vec<_> = asked.iter().map(fastest).collect();
    let entries = times.iter().map(|time| time.clone().map_or(Entry::default(), Entry::from));
    times.iter().any(Option::is_some).then(|| std::iter::once("1.00 is".into()).chain(entries).collect())
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

/// What figures and marks mean.
fn key(overview: &Overview<'_>) -> String {
    let one_bag = if overview.questions.iter().any(|question| question.one_bag.is_some()) {
        " \"One bag\" counts starting and dropping it, and stands where its verdict is another."
    } else {
        ""
    };
    let mistakes =
        if overview.rows.iter().any(|row| row.mistake) { " ‡ is a mistake that people make." } else { "" };
    format!(
        "Times over the fastest's, for many bags on an executor that runs already.{one_bag} Fine: * the fastest, = \
         shown to be within 3 % of it, ~ undecided, for want of evidence that it is slower. Perhaps slow: ?, undecided as \
         well, but 1.25 times the time or more. Avoid (!): shown to be slower, and 1.25 times the time or more, or \
         ten times the size. – is not for such agents.{mistakes}"
    )
}
