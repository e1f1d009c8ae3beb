//! The story of a report, within what GitHub shows of a file by itself.

use super::escape::escape;
use super::{blocks, changes, entry, headline, list, peers, sentence, shortened, table};
use crate::figures::Figures;
use crate::files::Picture;
use crate::story::{self, Advice};
use crate::units::{crossing, percent, plural, time, times_estimate};
use crate::wording;
use centurion_findings::{CellResult, EfficiencyCurve, Threshold, WorkloadResult, WorkloadVerdict};

/// Most entries of any list or table; the rest is counted.
const MOST: usize = 20;

/// The folder's README, at most 400 lines and 20 KB.
pub(crate) fn readme(figures: &Figures<'_>, pictures: &[Picture]) -> String {
    let mut text = vec![
        format!("# {}", escape(&story::machine(&figures.record.environment))),
        format!(
            "{}. Everything, interactive: [index.html](index.html). Findings only: \
             [summary.md](summary.md).",
            escape(&story::run(figures.record))
        ),
        story::incomplete(figures.record)
            .map(|incomplete| format!("> **Partial.** {incomplete}"))
            .unwrap_or_default(),
        "## Verdict".to_owned(),
    ];
    text.extend(figures.base.map(|base| changes::headline(&base.comparison)));
    text.extend(story::advice(figures.record, figures.analysis).iter().map(verdict));
    text.extend(figures.base.map(|base| changes::section(&base.comparison)));
    text.extend(pictures.iter().map(image));
    text.push(trust(figures));
    text.push("## Figures".to_owned());
    text.extend(figures.analysis.standing_alone().map(rows));
    text.push(grain(figures));
    text.push(patterns(figures));
    text.push(peers::section(figures.analysis));
    text.push(how(figures));
    blocks(&text)
}

fn verdict(advice: &Advice) -> String {
    let facts: Vec<_> = advice.facts.iter().map(sentence).collect();
    format!("### {}\n\n{}\n\n{}", escape(&advice.workload), headline(advice), list(&facts))
}

fn image(picture: &Picture) -> String {
    format!("![{}](charts/{})", escape(&picture.alt), picture.name)
}

fn trust(figures: &Figures<'_>) -> String {
    let facts = story::trust(figures.record, figures.analysis);
    let rows: Vec<_> =
        facts.into_iter().map(|fact| vec![fact.label.to_owned(), fact.lead, fact.text]).collect();
    let table = table(&["", "", ""], &rows).replacen("--: | --:", ":-- | :--", 1);
    let doubts: Vec<_> = story::doubts(figures.analysis).iter().map(|doubt| escape(doubt)).collect();
    let doubts =
        if doubts.is_empty() { doubts } else { vec!["Reasons for doubt:".to_owned(), list(&doubts)] };
    let mut text = vec!["## Trust".to_owned(), table];
    text.extend(doubts);
    text.extend(failures(figures));
    blocks(&text)
}

fn failures(figures: &Figures<'_>) -> Vec<String> {
    let failures = story::failures(figures.record);
    match failures.len() {
        0 => Vec::new(),
        all => {
            let entries: Vec<_> = failures.iter().take(MOST).map(entry).collect();
            vec!["Failed:".to_owned(), list(&entries), rest(all)]
        }
    }
}

/// How many entries a list left out.
fn rest(all: usize) -> String {
    if all > MOST { format!("{} more are in index.html.", all - MOST) } else { String::new() }
}

/// The executors that compete with the winner, fastest first, failures last.
fn rows(workload: &WorkloadResult) -> String {
    let verdict = workload.verdict();
    let Some(best) = verdict.best else { return String::new() };
    let mut cells: Vec<_> = workload.row(best.row).collect();
    let slowness =
        |cell: &CellResult| cell.outcome.as_ref().map_or(f64::INFINITY, |found| found.bag_ns.value);
    cells.sort_by(|a, b| slowness(a).total_cmp(&slowness(b)));
    let workers = best.row.workers.map(|workers| format!(", {}", plural(workers, "worker")));
    let place = format!("{}{}", plural(best.row.cores, "core"), workers.unwrap_or_default());
    let lines: Vec<_> = cells.iter().take(MOST).map(|cell| row(&verdict, cell)).collect();
    let head = ["executor", "makespan", "speedup", "of ceiling", "start-up", ""];
    blocks(&[format!("### {} on {place}", escape(&workload.name)), table(&head, &lines), rest(cells.len())])
}

fn row(verdict: &WorkloadVerdict<'_>, cell: &CellResult) -> Vec<String> {
    let nothing = || "–".to_owned();
    let measured = match &cell.outcome {
        Ok(measured) => measured,
        Err(reason) => {
            let failed = format!("failed: {}", shortened(reason));
            return vec![cell.executor.clone(), nothing(), nothing(), nothing(), nothing(), failed];
        }
    };
    let tied = verdict.tied.iter().any(|tied| tied.id == cell.id);
    let standing = match (verdict.best, tied) {
        _ if !verdict.judged => "needs rounds",
        (Some(best), _) if best.id == cell.id => "fastest",
        (_, true) => "equal",
        _ => "slower",
    };
    vec![
        cell.executor.clone(),
        time(measured.bag_ns.value),
        measured.gain.map_or_else(nothing, |gain| times_estimate(gain.speedup)),
        measured.gain.and_then(|gain| gain.of_ceiling).map_or_else(nothing, |share| percent(share.value)),
        time(measured.startup_ns),
        standing.to_owned(),
    ]
}

fn grain(figures: &Figures<'_>) -> String {
    let Some(grain) = figures.analysis.independent.first() else { return String::new() };
    let head: Vec<_> = ["executor"].into_iter().chain(Threshold::ALL.map(wording::threshold)).collect();
    let line = |curve: &EfficiencyCurve| {
        let reached = Threshold::ALL.map(|threshold| match curve.at(threshold) {
            Some(metg) => crossing(metg.crossing, metg.interval.filter(|_| threshold == grain.ranking)),
            None => "failed".into(),
        });
        std::iter::once(curve.executor.clone()).chain(reached).collect()
    };
    let lines: Vec<_> = grain.curves.iter().take(MOST).map(line).collect();
    blocks(&[
        format!(
            "### {}: smallest efficient granularity on {}",
            escape(&grain.name),
            plural(grain.cores, "core")
        ),
        table(&head, &lines),
        rest(grain.curves.len()),
    ])
}

fn patterns(figures: &Figures<'_>) -> String {
    let analysis = figures.analysis;
    if analysis.patterns.is_empty() {
        return String::new();
    }
    let (head, rows) = story::metg_rows(analysis);
    let head: Vec<_> = head.iter().map(String::as_str).collect();
    blocks(&[
        format!("### Dependent agents: {}", story::metg_title(&analysis.patterns)),
        table(&head, &rows[..rows.len().min(MOST)]),
        rest(rows.len()),
        format!("{}.", escape(story::METG_LEGEND)),
    ])
}

fn how(figures: &Figures<'_>) -> String {
    let environment = &figures.record.environment;
    let commit = environment.commit.as_deref().unwrap_or("unknown");
    let dirty = if environment.dirty { ", with local changes" } else { "" };
    let base = if figures.base.is_some() { ", compared with [base.json](base.json)" } else { "" };
    format!(
        "## How it was made\n\n{} with {}, seed {}, commit {}{dirty}. Data: [results.json](results.json) \
         ([its schema](schema.json)){base}, [results.csv](results.csv), [environment.json](environment.json).",
        escape(&figures.record.run.command),
        if environment.rustc.is_empty() { "an unknown compiler".into() } else { escape(&environment.rustc) },
        figures.record.run.seed,
        escape(commit)
    )
}
