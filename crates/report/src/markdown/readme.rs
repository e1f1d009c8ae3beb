//! The story of a report, within what GitHub shows of a file by itself.

use super::escape::escape;
use super::{headline, sentence, table};
use crate::analysis::{CellResult, GrainExecutor, Threshold, Verdict, WorkloadResult};
use crate::figures::Figures;
use crate::files::Picture;
use crate::story;
use crate::units::{crossing, percent, plural, time, times_estimate};

/// Most entries of any list or table; the rest is counted.
const MOST: usize = 20;

/// The folder's README, at most 400 lines and 20 KB.
pub(crate) fn readme(figures: &Figures<'_>, pictures: &[Picture]) -> String {
    let mut text = format!("# {}\n\n", escape(&story::machine(&figures.record.environment)));
    text += &format!(
        "{}. Everything, interactive and with every number: [index.html](index.html). Findings only: \
         [summary.md](summary.md).\n",
        escape(&story::run(figures.record))
    );
    if let Some(incomplete) = story::incomplete(figures.record) {
        text += &format!("\n> **Partial.** {incomplete}\n");
    }
    text += &verdict(figures);
    for picture in pictures {
        text += &format!("\n![{}](charts/{})\n", escape(&picture.alt), picture.name);
    }
    text += &trust(figures);
    text += "\n## Figures\n";
    for workload in figures.analysis.standing_alone() {
        text += &rows(workload);
    }
    text += &grain(figures);
    text += &how(figures);
    text
}

fn verdict(figures: &Figures<'_>) -> String {
    let mut text = "\n## Verdict\n".to_owned();
    for advice in story::advice(figures.record, figures.analysis) {
        text += &format!("\n### {}\n\n{}\n\n", escape(&advice.workload), headline(&advice));
        for fact in &advice.facts {
            text += &format!("- {}\n", sentence(fact));
        }
    }
    text
}

fn trust(figures: &Figures<'_>) -> String {
    let mut text = "\n## Trust\n\n".to_owned();
    let facts = story::trust(figures.record, figures.analysis);
    let rows: Vec<_> =
        facts.into_iter().map(|fact| vec![fact.label.to_owned(), fact.lead, fact.text]).collect();
    text += &table(&["", "", ""], &rows).replacen("--: | --:", ":-- | :--", 1);
    let doubts = story::doubts(figures.analysis);
    if !doubts.is_empty() {
        text += "\nReasons for doubt:\n\n";
        text += &doubts.iter().map(|doubt| format!("- {}\n", escape(doubt))).collect::<String>();
    }
    let failures = story::failures(figures.record);
    if !failures.is_empty() {
        text += "\nFailed:\n\n";
        for failure in failures.iter().take(MOST) {
            let cells = crate::units::joined(&failure.cells);
            text += &format!("- {}: {}\n", escape(&cells), escape(&shortened(&failure.reason)));
        }
        text += &rest(failures.len());
    }
    text
}

/// How many entries a list left out.
fn rest(all: usize) -> String {
    if all > MOST { format!("\n{} more are in index.html.\n", all - MOST) } else { String::new() }
}

/// Reasons may be long, a README may not.
fn shortened(reason: &str) -> String {
    const LONGEST: usize = 160;
    if reason.chars().count() <= LONGEST {
        return reason.to_owned();
    }
    reason.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// The executors that compete with the winner, fastest first.
fn rows(workload: &WorkloadResult) -> String {
    let verdict = workload.verdict();
    let Some(best) = verdict.best else { return String::new() };
    let mut cells: Vec<_> = workload.row(best.row).filter(|cell| cell.outcome.is_ok()).collect();
    let slowness =
        |cell: &CellResult| cell.outcome.as_ref().map_or(f64::INFINITY, |found| found.bag_ns.value);
    cells.sort_by(|a, b| slowness(a).total_cmp(&slowness(b)));
    let workers = best.row.workers.map(|workers| format!(", {}", plural(workers, "worker")));
    let place = format!("{}{}", plural(best.row.cores, "core"), workers.unwrap_or_default());
    let lines: Vec<_> = cells.iter().take(MOST).map(|cell| row(&verdict, cell)).collect();
    let head = ["executor", "makespan", "speedup", "of ceiling", "start-up", ""];
    format!("\n### {} on {place}\n\n{}{}", escape(&workload.name), table(&head, &lines), rest(cells.len()))
}

fn row(verdict: &Verdict<'_>, cell: &CellResult) -> Vec<String> {
    let Ok(measured) = &cell.outcome else { return vec![cell.executor.clone()] };
    let gain = measured.gain;
    let tied = verdict.tied.iter().any(|tied| tied.id == cell.id);
    let mark = match (verdict.best, tied) {
        _ if !verdict.judged => "needs rounds",
        (Some(best), _) if best.id == cell.id => "fastest",
        (_, true) => "equal",
        _ => "slower",
    };
    vec![
        cell.executor.clone(),
        time(measured.bag_ns.value),
        gain.map_or("–".into(), |gain| times_estimate(gain.speedup)),
        gain.map_or("–".into(), |gain| percent(gain.of_ceiling.value)),
        time(measured.startup_ns),
        mark.to_owned(),
    ]
}

fn grain(figures: &Figures<'_>) -> String {
    let Some(grain) = &figures.analysis.grain else { return String::new() };
    let head: Vec<_> = ["executor"].into_iter().chain(Threshold::ALL.map(Threshold::label)).collect();
    let line = |executor: &GrainExecutor| {
        let reached = Threshold::ALL.map(|threshold| match executor.at(threshold) {
            Some(metg) => crossing(metg.crossing, metg.interval.filter(|_| threshold == grain.ranking())),
            None => "failed".into(),
        });
        std::iter::once(executor.name.clone()).chain(reached).collect()
    };
    let lines: Vec<_> = grain.executors.iter().take(MOST).map(line).collect();
    format!(
        "\n### {}: smallest efficient granularity on {}\n\n{}{}",
        escape(&grain.family),
        plural(grain.cores, "core"),
        table(&head, &lines),
        rest(grain.executors.len())
    )
}

fn how(figures: &Figures<'_>) -> String {
    let environment = &figures.record.environment;
    let commit = environment.commit.as_deref().unwrap_or("unknown");
    let dirty = if environment.dirty { ", with local changes" } else { "" };
    format!(
        "\n## How it was made\n\n{} with {}, seed {}, commit {}{dirty}. Data: [results.json](results.json) \
         ([its schema](schema.json)), [results.csv](results.csv), [environment.json](environment.json).\n",
        escape(&figures.record.run.command),
        escape(&environment.rustc),
        figures.record.run.seed,
        escape(commit)
    )
}
