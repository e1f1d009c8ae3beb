//! The matrix of the first screen: executors against what agents do.

use centurion_findings::{Figure, Overview, OverviewQuestion, OverviewRow, OverviewSubject, Score, Standing};

use super::{Findings, NOTHING, certainty};
use crate::agents;
use crate::table::{Column, Entry, Spacing, Table, Tone};
use crate::units::{JOINT, percent, ratio, rough_crossing, time};
use crate::wording::mark;

/// What the figures of agents of every size are.
const SIZES: &str = "Sizes: the smallest agents from which on that much of the workers' time is work.";

/// A row for each executor that is no mistake, a column for each question but for those that stand aside. `None` without
/// questions.
pub(super) fn table(findings: &Findings<'_>) -> Option<Table> {
    let overview = findings.analysis.overview();
    let asked = asked(&overview);
    let rows = wanted(&overview, &asked).map(|row| line(&overview, &asked, row));
    let rows = rows.chain(unit(&overview, &asked)).collect();
    let columns = asked.iter().map(|&place| column(&overview.questions[place]));
    framed(&overview, columns, rows, false)
}

/// The same for letters of one width: one bag has a row of its own, and what sizes are of is part of the title.
pub(super) fn in_letters(findings: &Findings<'_>) -> Option<Table> {
    let overview = findings.analysis.overview();
    let asked = asked(&overview);
    let rows = wanted(&overview, &asked).flat_map(|row| {
        let many = line(&overview, &asked, row).into_iter();
        let many = many.map(|entry| Entry { remark: String::new(), remark_tone: None, ..entry }).collect();
        let one: Vec<_> =
            asked.iter().map(|&place| one_bag(&overview.questions[place], row, place)).collect();
        let any = one.iter().any(Option::is_some);
        let one = std::iter::once("  one bag".into()).chain(one.into_iter().map(Option::unwrap_or_default));
        std::iter::once(many).chain(any.then(|| one.collect()))
    });
    let rows = rows.chain(unit(&overview, &asked)).collect();
    let columns = asked.iter().map(|&place| {
        let column = column(&overview.questions[place]);
        let share = column.remark.strip_suffix(" efficient from");
        let share = share.map_or_else(Vec::new, |share| vec![share.to_owned(), "from".to_owned()]);
        let lines = [column.lines, share].concat();
        Column { lines, ..column }
    });
    framed(&overview, columns, rows, true)
}

/// `None` without columns beside the names. In letters what is to be avoided has a
/// mark, and what sizes are is told where their columns have room.
fn framed(
    overview: &Overview<'_>,
    columns: impl Iterator<Item = Column>,
    rows: Vec<Vec<Entry>>,
    in_letters: bool,
) -> Option<Table> {
    let columns: Vec<_> = [Column::words("executor")].into_iter().chain(columns).collect();
    let any = columns.len() > 1;
    let sized = columns.iter().any(|column| !column.explained.is_empty());
    let judged = overview.questions.iter().any(OverviewQuestion::is_judged);
    let sure = judged.then(|| certainty::key(sized));
    let key = key(overview, &rows, in_letters, sized);
    let note = [Some(key), sure].into_iter().flatten().collect::<Vec<_>>().join("\n");
    let table = Table::new("overview", "Time over the fastest's, or the smallest agents that pay", columns);
    let table = table.rows(rows).note(note).spaced(Spacing::Dense);
    any.then_some(Table { most: usize::MAX, ..table })
}

/// Places of the questions that have a column.
fn asked(overview: &Overview<'_>) -> Vec<usize> {
    (0..overview.questions.len()).filter(|&place| has_column(overview, place)).collect()
}

/// Executors that have a row.
fn wanted<'o, 'a>(
    overview: &'o Overview<'a>,
    asked: &'o [usize],
) -> impl Iterator<Item = &'o OverviewRow<'a>> {
    overview.rows.iter().filter(|row| {
        let measured = |&place: &usize| row.scores[place].is_some() || row.one_bag[place].is_some();
        !row.mistake && asked.iter().any(measured)
    })
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
    let explained = if remark.is_empty() { "" } else { SIZES };
    Column { lines: spread(title), remark, explained, ..Column::new(title) }
}

/// A line for each word.
fn spread(words: &str) -> Vec<String> {
    words.split(' ').filter(|word| !word.is_empty()).map(String::from).collect()
}

fn line(overview: &Overview<'_>, asked: &[usize], row: &OverviewRow<'_>) -> Vec<Entry> {
    let entries = asked.iter().map(|&place| {
        let question = &overview.questions[place];
        let entry =
            row.scores[place].as_ref().map_or(NOTHING.into(), |score| entry(score, question, row.executor));
        let one_bag = one_bag(question, row, place);
        let remark = one_bag.as_ref().map_or_else(String::new, in_words);
        Entry { remark, remark_tone: one_bag.map(|one| one.tone), ..entry }
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
        Tone::Plain => format!("{figure}{}", no_pick(score.standing, question, executor)).into(),
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

/// The mark of who is no pick, and not shown to be one to avoid.
fn no_pick(standing: Standing, question: &OverviewQuestion<'_>, executor: &str) -> &'static str {
    let perhaps = question.perhaps_to_avoid.iter().any(|(name, _)| *name == executor);
    if perhaps { "?" } else { mark(standing) }
}

/// How one bag goes, where that is another verdict.
fn one_bag(question: &OverviewQuestion<'_>, row: &OverviewRow<'_>, place: usize) -> Option<Entry> {
    let (one, score) = question.one_bag.as_ref().zip(row.one_bag[place].as_ref())?;
    let many = row.scores[place].as_ref().map(|score| tone(score, question, row.executor));
    let differs = many != Some(tone(score, one, row.executor));
    (score.figure.is_ok() && one.is_judged() && differs).then(|| entry(score, one, row.executor))
}

/// `one bag 1.6 avoid`.
fn in_words(one: &Entry) -> String {
    let verdict = match one.tone {
        Tone::Front => " fine",
        Tone::Avoid => " avoid",
        Tone::Plain => "",
    };
    format!("one bag {}{verdict}", one.quantity)
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
        Figure::Smallest(metg) => rough_crossing(metg.crossing, metg.interval),
    }
}

/// What figures and marks mean, of those that stand in these rows.
fn key(overview: &Overview<'_>, rows: &[Vec<Entry>], in_letters: bool, sized: bool) -> String {
    let has = |holds: &dyn Fn(&Entry) -> bool| rows.iter().flat_map(|row| &row[1..]).any(holds);
    let shows = |mark: &str| has(&|entry| entry.mark == mark || entry.quantity.value.ends_with(mark));
    let remarks = |word: &str| has(&|entry| entry.remark.ends_with(word));
    let larger = |text: &'static str| if sized { text } else { "" };
    let mut told =
        vec!["Times over the fastest's, for many bags on an executor that runs already.".to_owned()];
    let mut tell = |wanted: bool, text: String| told.extend(wanted.then_some(text));
    tell(
        overview.questions.iter().any(|question| question.one_bag.is_some()),
        "\"One bag\" counts starting and dropping it, and stands where its verdict is another.".into(),
    );
    let fine = [
        ("*", "the fastest"),
        ("=", "shown to be within 3 % of it"),
        ("~", "undecided, for want of evidence that it is slower"),
    ];
    let fine: Vec<_> = fine.iter().filter(|(mark, _)| shows(mark)).collect();
    let fine: Vec<_> = fine.iter().map(|(mark, means)| format!("{mark} {means}")).collect();
    tell(!fine.is_empty(), format!("Fine: {}.", fine.join(", ")));
    tell(
        has(&|entry| entry.tone == Tone::Avoid) || remarks("avoid"),
        format!(
            "Avoid{}: shown to take 1.25 times the time or more{}.",
            if in_letters { " (!)" } else { "" },
            larger(", or to need agents of ten times the size")
        ),
    );
    tell(shows("?") || remarks("?"), "Perhaps avoid: ?, estimated at that, but not shown to take it.".into());
    tell(
        overview.questions.iter().any(OverviewQuestion::is_judged),
        format!("No mark: shown to be slower{}.", larger(", or to need larger agents")),
    );
    tell(
        overview.questions.iter().any(|question| !question.is_judged()),
        "A column without * is not judged.".into(),
    );
    tell(
        has(&|entry| entry.quantity.value.chars().skip(1).any(|letter| letter == JOINT)),
        format!("Two figures with {JOINT} between: the ends of a 95 % interval where they are far apart."),
    );
    tell(shows(NOTHING), format!("{NOTHING} is not for such agents."));
    tell(overview.rows.iter().any(|row| row.mistake), "‡ is a mistake that people make.".into());
    tell(sized && !in_letters, SIZES.into());
    told.join(" ")
}
