//! Which executor to pick, how sure that is, and what limits it.

use centurion_record::{Kind, Record, WorkloadEntry};

use super::limit::limit;
use super::small;
use crate::units::{joined, percent, plural, time, times, times_estimate};
use centurion_findings::{Analysis, CellResult, Standing, Warning, WorkloadResult, WorkloadVerdict};
use centurion_stats::MIN_ROUNDS;

/// Noise floor above which a verdict is only rough.
const ROUGH: f64 = 0.10;

/// Ratio of times from which an executor is named as one to avoid.
const AVOID: f64 = 1.25;

/// The answer for one workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Whom it is for: `waiting agents`.
    pub audience: &'static str,
    /// What was measured: `thinking: 100 agents`.
    pub workload: String,
    /// The executor to pick, or what there is to say instead: `there is no answer`.
    pub pick: Result<Pick, &'static str>,
    /// Result, certainty and limit, in this order.
    pub facts: Vec<Fact>,
}

/// The executor to pick, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// Its name.
    pub executor: String,
    /// With which workers: ` with 100 workers`. May be empty.
    pub place: String,
    /// Others in its row that cannot be told apart from it. May be empty.
    pub equals: String,
}

/// A labelled sentence whose first words can stand alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The question it answers, in a few words.
    pub label: &'static str,
    /// The short answer.
    pub lead: String,
    /// The rest of it.
    pub text: String,
}

impl Fact {
    pub(super) fn new(label: &'static str, lead: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label, lead: lead.into(), text: text.into() }
    }
}

/// What is said where nothing could be measured.
pub(super) const NO_ANSWER: &str = "there is no answer";

/// What is said where the noise is larger than what executors differ by.
pub(super) const TOO_NOISY: &str = "it was too noisy to rank executors";

/// One answer for each workload that stands alone, one for small agents and one for dependent ones.
pub fn advice(record: &Record, analysis: &Analysis) -> Vec<Advice> {
    let alone = analysis.standing_alone().filter_map(|result| {
        let workload = record.workload(&result.name)?;
        Some(of_workload(workload, result, analysis))
    });
    let patterns = (!analysis.patterns.is_empty()).then(|| small::dependent(analysis));
    alone.chain(analysis.independent.first().map(small::independent)).chain(patterns).collect()
}

fn of_workload(workload: &WorkloadEntry, result: &WorkloadResult, analysis: &Analysis) -> Advice {
    let verdict = result.verdict();
    let facts = match verdict.best {
        Some(best) => [Some(speed(workload, result, best)), Some(certainty(&verdict, best, analysis))]
            .into_iter()
            .chain([Some(limit(workload, result, best)), slowest(result, best)])
            .flatten()
            .collect(),
        None => vec![Fact::new("Result", "Nothing could be measured.", first_failure(result))],
    };
    Advice {
        audience: match (&result.graph, result.kind) {
            (Some(_), _) => "agents that wait for each other",
            (None, Kind::Waiting) => "waiting agents",
            (None, Kind::Computing) => "computing agents",
        },
        workload: format!("{}: {}", result.name, plural(result.agents, "agent")),
        pick: match verdict.best {
            None => Err(NO_ANSWER),
            Some(_) if verdict.too_noisy().is_some() => Err(TOO_NOISY),
            Some(best) => Ok(pick(&verdict, best)),
        },
        facts,
    }
}

fn first_failure(result: &WorkloadResult) -> String {
    let reason = result.cells.iter().find_map(|cell| cell.outcome.as_ref().err());
    reason.map_or("No cell is in the record.".into(), |reason| format!("First reason: {reason}."))
}

fn pick(verdict: &WorkloadVerdict<'_>, best: &CellResult) -> Pick {
    let equals: Vec<_> =
        verdict.tied.iter().filter(|cell| cell.row == best.row).map(|cell| cell.executor.as_str()).collect();
    let workers = best.row.workers.map(|workers| format!(" with {}", plural(workers, "worker")));
    Pick { executor: best.executor.clone(), place: workers.unwrap_or_default(), equals: joined(&equals) }
}

fn speed(workload: &WorkloadEntry, result: &WorkloadResult, best: &CellResult) -> Fact {
    let measured = best.outcome.as_ref().expect("the best cell has samples");
    let makespan = time(measured.bag_ns.value);
    let place = place(best);
    match (&measured.gain, &result.baseline) {
        (Some(gain), Ok(baseline)) => Fact::new(
            "Result",
            format!("{} the serial speed", times_estimate(gain.speedup)),
            format!(
                "on {place}: {makespan} instead of {}.{}",
                time(baseline.bag_ns.value),
                circumstances(workload)
            ),
        ),
        _ => Fact::new(
            "Result",
            makespan,
            format!("on {place}; without a serial baseline there is no speedup."),
        ),
    }
}

/// How long the agents are and what is left out: with longer ones, executors differ less.
fn circumstances(workload: &WorkloadEntry) -> String {
    let lengths = workload.costs_ns.iter().min().zip(workload.costs_ns.iter().max());
    lengths.map_or(String::new(), |(&least, &most)| {
        let (least, most) = (time(least as f64), time(most as f64));
        format!(" Agents take {least} to {most}; starting the executor is not counted.")
    })
}

/// `2 cores`, or `2 cores, 100 workers`.
fn place(cell: &CellResult) -> String {
    let cores = plural(cell.cores, "core");
    if cell.workers == cell.cores { cores } else { format!("{cores}, {}", plural(cell.workers, "worker")) }
}

fn certainty(verdict: &WorkloadVerdict<'_>, best: &CellResult, analysis: &Analysis) -> Fact {
    let label = "How sure";
    if !verdict.judged {
        let rounds = plural(analysis.rounds, "round");
        let text = format!("{rounds} can't judge it, {MIN_ROUNDS} can: this is only the fastest so far.");
        return Fact::new(label, "Not yet.", text);
    }
    if let Some(floor) = verdict.too_noisy() {
        let leader = format!("{} on {}", best.executor, place(best));
        return Fact::new(label, "Not at all.", noisy(floor, &leader, "fastest"));
    }
    let floor = verdict.workload.noise.floor;
    let (lead, why) = match doubt(best, &analysis.warnings, &verdict.workload.name) {
        Some(why) => ("Doubtful.", why),
        None if rivals(verdict, best).all_equal() => ("Any of them.", ""),
        None if floor.is_none_or(|floor| floor > ROUGH) => ("Roughly.", ""),
        None => ("Sure.", ""),
    };
    let noise = floor.map_or("unknown".into(), percent);
    let rounds = plural(analysis.rounds, "round");
    let text = format!("{why}{} {rounds}, noise floor {noise}.", rivals(verdict, best).in_words());
    Fact::new(label, lead, text)
}

/// Why nothing is ranked, and what led all the same.
pub(super) fn noisy(floor: f64, leader: &str, led: &str) -> String {
    format!(
        "Identical cells were measured up to {} apart, so {leader} is only the {led} so far. Measure more rounds on a \
         quieter machine.",
        percent(floor)
    )
}

/// Why even a judged verdict is in doubt.
fn doubt(best: &CellResult, warnings: &[Warning], name: &String) -> Option<&'static str> {
    let impossible = best.outcome.as_ref().is_ok_and(|found| found.gain.is_some_and(|gain| gain.impossible));
    let busy =
        |warning: &Warning| matches!(warning, Warning::Busy { workloads, .. } if workloads.contains(name));
    match (impossible, warnings.iter().any(busy)) {
        (true, _) => Some("It was measured above its own ceiling, so the measurement is wrong. "),
        (_, true) => Some("The machine was busy with something else. "),
        _ => None,
    }
}

/// The others that have samples.
struct Rivals<'a> {
    /// Told apart from the best, in its row.
    behind: usize,
    /// Not told apart, in its row.
    tied: usize,
    /// Not told apart, on other cores or workers.
    elsewhere: usize,
    /// The fastest of those behind.
    next: Option<&'a CellResult>,
}

fn rivals<'a>(verdict: &WorkloadVerdict<'a>, best: &CellResult) -> Rivals<'a> {
    let measured = verdict.workload.row(best.row).filter(|cell| cell.outcome.is_ok()).count();
    let tied = verdict.tied.iter().filter(|cell| cell.row == best.row).count();
    let speed = |cell: &CellResult| cell.speedup().map_or(0.0, |speedup| speedup.value);
    let behind = verdict.workload.row(best.row).filter(|cell| is_behind(cell));
    Rivals {
        behind: measured - 1 - tied,
        tied,
        elsewhere: verdict.tied.len() - tied,
        next: behind.max_by(|a, b| speed(a).total_cmp(&speed(b))),
    }
}

impl Rivals<'_> {
    fn all_equal(&self) -> bool {
        self.behind == 0 && self.tied > 0
    }

    fn in_words(&self) -> String {
        let next = self.next.and_then(|cell| Some((cell, cell.speedup()?.value)));
        let next =
            next.map(|(cell, speed)| format!("; the next, {}, reaches {}", cell.executor, times(speed)));
        let slower = match self.behind {
            0 => String::new(),
            1 => "One other is slower beyond noise".into(),
            behind => format!("{behind} others are slower beyond noise"),
        };
        let sentence = match (self.behind, self.tied) {
            (0, 0) => "It had no rival.".into(),
            (0, tied) => format!("All {} are equal within noise.", tied + 1),
            (_, 0) => format!("{slower}{}.", next.unwrap_or_default()),
            (_, tied) => format!("{slower}{}; {tied} can't be told apart from it.", next.unwrap_or_default()),
        };
        match self.elsewhere {
            0 => sentence,
            1 => format!("{sentence} One cell with other cores or workers is equal too."),
            cells => format!("{sentence} {cells} cells with other cores or workers are equal too."),
        }
    }
}

fn is_behind(cell: &CellResult) -> bool {
    cell.outcome.as_ref().is_ok_and(|measured| measured.in_workload == Standing::Behind)
}

fn slowest(result: &WorkloadResult, best: &CellResult) -> Option<Fact> {
    let time = |cell: &CellResult| Some(cell.outcome.as_ref().ok()?.bag_ns.value);
    let behind =
        result.row(best.row).filter(|cell| is_behind(cell)).filter_map(|cell| Some((cell, time(cell)?)));
    let (worst, slow) = behind.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let ratio = slow / time(best)?;
    let text = format!("It takes {} as long on the same cores.", times(ratio));
    (ratio >= AVOID).then(|| Fact::new("Avoid", format!("{}.", worst.executor), text))
}
