//! What is said of changes between two runs.

use centurion_findings::compare::{
    Cause, Change, ChangeVerdict, Comparison, GateVerdict, Metric, RunOrigin, Scope, SharedChange,
};
use centurion_record::Kind;
use centurion_stats::{MIN_ROUNDS, median};

use crate::units::{joined, percent, plural};

/// What is said of a change.
pub fn change_verdict(verdict: &ChangeVerdict) -> String {
    match verdict {
        ChangeVerdict::Regression => "regression".into(),
        ChangeVerdict::Improvement => "improvement".into(),
        ChangeVerdict::Equivalent => "equivalent".into(),
        ChangeVerdict::Inconclusive => "inconclusive".into(),
        ChangeVerdict::NeedsRounds => format!("inconclusive: needs {MIN_ROUNDS} rounds"),
        ChangeVerdict::NotComparable(reason) => format!("not comparable: {reason}"),
    }
}

/// What a verdict on a change rests on.
pub fn metric(metric: Metric) -> &'static str {
    match metric {
        Metric::Ratio => "ratio",
        Metric::Time => "time",
    }
}

/// `std-counter +10 % on thinking (8 of 8 cells)`, after what all cells share, where that was shown.
pub fn headline(comparison: &Comparison) -> String {
    let cells = differences(comparison);
    let workloads = [true, false].into_iter().flat_map(|slower| of_workloads(comparison, slower));
    let workloads: Vec<String> = workloads.collect();
    let lead = if workloads.is_empty() { "" } else { "Beside that, by cell: " };
    [workloads, vec![format!("{lead}{cells}")], of_executors(comparison).collect()].concat().join(". ")
}

/// `Base: 12 rounds on 2026-01-02 03:04:05Z, commit 32603f1f7a. Now: 11 rounds on …, commit unknown.`
pub fn runs(comparison: &Comparison) -> String {
    let said = |run: &RunOrigin| {
        let dirty = if run.dirty { " with local changes" } else { "" };
        format!("{} on {}{dirty}", plural(run.rounds, "round"), origin(&run.started, run.commit.as_deref()))
    };
    format!("Base: {}. Now: {}.", said(&comparison.base), said(&comparison.now))
}

/// When a run was made and of which code: `2026-01-02 03:04:05Z, commit 32603f1f7a`.
pub fn origin(started: &str, commit: Option<&str>) -> String {
    const SHORT: usize = 10;
    let commit: String = commit.unwrap_or("unknown").chars().take(SHORT).collect();
    format!("{}, commit {commit}", started.replace('T', " "))
}

/// `Judged 37 of 41 cells: 3 slower, 0 faster, 26 unchanged within 3 % (equivalent), 8 undecided (inconclusive); 4 not
/// comparable. Noise ±2.1 % in the median, at most ±14 %.`
pub fn counts(comparison: &Comparison) -> String {
    let count = |of: ChangeVerdict| comparison.count(|verdict| *verdict == of);
    let (slower, faster) = (count(ChangeVerdict::Regression), count(ChangeVerdict::Improvement));
    let (equivalent, open) = (count(ChangeVerdict::Equivalent), count(ChangeVerdict::Inconclusive));
    let judged = comparison.judged();
    let all = plural(comparison.changes.len(), "cell");
    let least = asked(comparison.rules.least);
    let of_these = format!(
        ": {slower} slower, {faster} faster, {equivalent} unchanged within {least} (equivalent), {open} undecided (inconclusive)"
    );
    let of_these = if judged == 0 { String::new() } else { of_these };
    let others = [
        (comparison.count(|verdict| !verdict.is_comparable()), "not comparable"),
        (count(ChangeVerdict::NeedsRounds), "with too few rounds"),
    ];
    let others = others.iter().filter(|(cells, _)| *cells > 0).map(|(cells, why)| format!("; {cells} {why}"));
    format!("Judged {judged} of {all}{of_these}{}.{}", others.collect::<String>(), noise(comparison))
}

/// ` Noise ±2.1 % in the median, at most ±14 %.`, of what was judged. Empty where none is known.
fn noise(comparison: &Comparison) -> String {
    let judged = comparison.changes.iter().filter(|change| change.verdict.is_judged());
    let floors: Vec<f64> = judged.filter_map(|change| change.floor).collect();
    let most = floors.iter().copied().reduce(f64::max);
    median(&floors).zip(most).map_or(String::new(), |(middle, most)| {
        format!(" Noise ±{} in the median, at most ±{}.", percent(middle), percent(most))
    })
}

/// Groups of cells that a headline names; it counts the others.
const NAMED: usize = 3;

/// `std-counter +10 % on thinking (8 of 8 cells), rayon −4.2 % on grain`: the executors whose cells became slower or faster
/// on a workload, with the median of these cells' changes, the largest first.
fn differences(comparison: &Comparison) -> String {
    let mut groups: Vec<ChangedCells<'_>> = Vec::new();
    for change in comparison.differences() {
        let slower = change.verdict == ChangeVerdict::Regression;
        let same = |group: &&mut ChangedCells<'_>| {
            let [first, ..] = group.cells[..] else { return false };
            group.slower == slower
                && (&first.executor, &first.workload) == (&change.executor, &change.workload)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.cells.push(change),
            None => groups.push(ChangedCells { slower, cells: vec![change] }),
        }
    }
    groups.sort_by(|one, other| other.size().abs().total_cmp(&one.size().abs()));
    let mut said: Vec<String> = groups.iter().take(NAMED).map(|group| group.said(comparison)).collect();
    let more: usize = groups.iter().skip(NAMED).map(|group| group.cells.len()).sum();
    said.extend((more > 0).then(|| format!("{} more", plural(more, "cell"))));
    match said.is_empty() {
        true if comparison.judged() == 0 => "no cell could be judged".into(),
        true => "no cell slower or faster".into(),
        false => said.join(", "),
    }
}

/// Cells of one executor and one workload that changed in one direction.
struct ChangedCells<'a> {
    slower: bool,
    cells: Vec<&'a Change>,
}

impl ChangedCells<'_> {
    /// Median of the logarithms of their changes.
    fn size(&self) -> f64 {
        let sizes: Vec<f64> =
            self.cells.iter().filter_map(|change| Some(change.decisive()?.value.ln())).collect();
        median(&sizes).unwrap_or(0.0)
    }

    fn said(&self, comparison: &Comparison) -> String {
        let Change { executor, workload, .. } = self.cells[0];
        let alike = |change: &&Change| (&change.executor, &change.workload) == (executor, workload);
        let all = comparison.changes.iter().filter(alike).count();
        let sign = if self.slower { '+' } else { '−' };
        let size = percent((self.size().exp() - 1.0).abs());
        let cells = match (self.cells.len(), all) {
            (1, 1) => String::new(),
            (some, all) => format!(" ({some} of {all} cells)"),
        };
        format!("{executor} {sign}{size} on {workload}{cells}")
    }
}

/// `Everything is 50 % slower than in the base, also without an executor, at the same pace of the CPUs: …`, of what was shown
/// in that direction. Where causes differ, each has what comes from it: what one explains is not said of another.
fn of_workloads(comparison: &Comparison, slower: bool) -> Vec<String> {
    let shown: Vec<(&SharedChange, &str)> = named(comparison)
        .filter(|(shared, _)| shared.is_shown && (shared.change.value > 1.0) == slower)
        .collect();
    let is_from = |cause: &Cause| shown.iter().any(|(shared, _)| shared.cause == *cause);
    let known: Vec<Cause> =
        [Cause::Clock, Cause::Agents, Cause::Executors].into_iter().filter(is_from).collect();
    match (shown.is_empty(), &known[..]) {
        (true, _) => Vec::new(),
        (false, []) => vec![together(comparison, &shown, Cause::Unknown)],
        (false, [cause]) => vec![together(comparison, &shown, *cause)],
        (false, several) => {
            let unknown = Some(Cause::Unknown).filter(is_from);
            let of = |cause: Cause| {
                let of_it: Vec<_> =
                    shown.iter().copied().filter(|(shared, _)| shared.cause == cause).collect();
                together(comparison, &of_it, cause)
            };
            several.iter().copied().chain(unknown).map(of).collect()
        }
    }
}

fn together(comparison: &Comparison, shown: &[(&SharedChange, &str)], cause: Cause) -> String {
    let sizes = || shown.iter().map(|(shared, _)| (shared.change.value - 1.0).abs());
    let [least, most] = [sizes().fold(f64::INFINITY, f64::min), sizes().fold(0.0, f64::max)].map(percent);
    let size = if least == most { most } else { format!("{least} to {most}") };
    let direction = if shown[0].0.change.value > 1.0 { "slower" } else { "faster" };
    format!("{} {size} {direction} than in the base{}", whole(comparison, shown), comes_from(cause))
}

/// What the cells of each family of workloads share, with its name.
fn named(comparison: &Comparison) -> impl Iterator<Item = (&SharedChange, &str)> {
    comparison.shared.iter().filter_map(|shared| match &shared.scope {
        Scope::Workload(name) => Some((shared, name.as_str())),
        Scope::Executor(_) => None,
    })
}

/// What shares a change: everything, all that computes or waits, or some workloads.
fn whole(comparison: &Comparison, shown: &[(&SharedChange, &str)]) -> String {
    let all = |kind: Kind| named(comparison).filter(|(shared, _)| shared.kind == kind).count();
    let kind = shown[0].0.kind;
    let is_of_a_kind = shown.iter().all(|(shared, _)| shared.kind == kind);
    let names: Vec<&str> = shown.iter().map(|(_, name)| *name).collect();
    match names.len() {
        every if every == named(comparison).count() => "Everything is".into(),
        1 => format!("Everything of {} is", names[0]),
        some if is_of_a_kind && some == all(kind) => format!("All that {} is", does(kind)),
        _ => format!("Everything of {} is", joined(&names)),
    }
}

fn does(kind: Kind) -> &'static str {
    match kind {
        Kind::Computing => "computes",
        Kind::Waiting => "waits",
    }
}

/// `Under rayon, all that computes is 5.1 % slower`, for each executor whose cells were shown to share a change, and none of
/// them was by itself.
fn of_executors(comparison: &Comparison) -> impl Iterator<Item = String> {
    let by_itself = |name: &str| comparison.differences().iter().any(|change| change.executor == name);
    comparison.shown().filter_map(move |shared| match &shared.scope {
        Scope::Workload(_) => None,
        Scope::Executor(name) if by_itself(name) => None,
        Scope::Executor(name) => {
            let (size, slower) = (percent((shared.change.value - 1.0).abs()), shared.change.value > 1.0);
            let direction = if slower { "slower" } else { "faster" };
            Some(format!("Under {name}, all that {} is {size} {direction}", does(shared.kind)))
        }
    })
}

/// Where what is shared comes from, as far as that can be told.
fn comes_from(cause: Cause) -> &'static str {
    match cause {
        Cause::Clock => ", and so is the pace of the CPUs: the machine, not the code",
        Cause::Agents => {
            ", also without an executor, at the same pace of the CPUs: the agents' code, the compiler, or what of the \
             machine the pace can't feel"
        }
        Cause::Executors => ", but not without an executor: the code of executors, bags or the harness",
        Cause::Unknown => "",
    }
}

/// A fraction that was asked for, in percent and with no more digits than it was given: `3 %`, `2.5 %`.
pub(crate) fn asked(fraction: f64) -> String {
    format!("{} %", (1e6 * fraction).round() / 1e4)
}

/// What was asked of a difference.
pub(crate) fn rule(comparison: &Comparison) -> String {
    let (least, alarms) = (asked(comparison.rules.least), asked(comparison.rules.alarms));
    let any_shared = named(comparison).any(|(shared, _)| shared.is_shown);
    let beside = if any_shared { "Cells are seen beside what all of their workload share. " } else { "" };
    format!(
        "{beside}A change counts from {least} on, where chance is ruled out: it makes at most {alarms} of comparisons call anything \
         different, however many cells they have. It rests on the ratio to serial (of serial itself, to \
         its copies without an executor), in a duel on the time where that is more precise, and the other moved by at \
         least half as much as counts. Both are of the fastest three quarters of the rounds; the points of a curve, such as \
         grain, are judged together. Equivalent means that the {} intervals of both lie within {least}. Positive is slower.",
        asked(1.0 - comparison.rules.alarms)
    )
}

/// Why a gate is not passed, and what can be done. `None` where it is.
pub fn gate(verdict: GateVerdict, comparison: &Comparison) -> Option<String> {
    let least = asked(comparison.rules.least);
    Some(match verdict {
        GateVerdict::Passed => return None,
        GateVerdict::Regression { cells, shared: 0 } => format!("{} became slower", plural(cells, "cell")),
        GateVerdict::Regression { cells, shared } => {
            let shared = match shared {
                1 => "all cells of a workload or an executor became slower together".to_owned(),
                many => format!("all cells of {many} workloads or executors became slower together"),
            };
            if cells == 0 { shared } else { format!("{shared}, and {} by themselves", plural(cells, "cell")) }
        }
        GateVerdict::Inconclusive { cells, at_most } => {
            let most = at_most.map(|most| (most - 1.0).max(0.0));
            let seen = most.map_or(String::new(), |most| {
                // The next whole percent, as far as a flag goes.
                let next = Some((100.0 * most).floor() + 1.0).filter(|next| *next <= 100.0);
                let way = next.map_or(String::new(), |next| format!(", so `--least {next:.0}` would pass"));
                format!("; up to {} might hide{way}", percent(most))
            });
            format!(
                "inconclusive: {} not shown not to be slower by {least}{seen}; measure more rounds, or less at once in a duel",
                if cells == 1 { "1 cell was".into() } else { format!("{cells} cells were") }
            )
        }
        GateVerdict::NotComparable { cells: 0 } => comparison
            .common_obstacle()
            .map_or_else(|| "nothing can be compared; measure both runs alike".into(), change_verdict),
        GateVerdict::NotComparable { cells } => {
            format!(
                "{} of the base can't be compared; measure both runs alike, or let such cells pass with --allow-unjudged",
                plural(cells, "cell")
            )
        }
    })
}
