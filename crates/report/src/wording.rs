//! Verdicts and warnings in words. Names stand in the text as the record has them: whoever prints it escapes it.

mod changes;

use centurion_findings::compare::{ChangeVerdict, Comparison, Lack};
use centurion_findings::{
    Bottleneck, CellResult, Disturbance, FamilyVerdict, PatternsVerdict, Standing, Threshold, Warning,
    WorkloadVerdict,
};
use centurion_stats::{Crossing, MIN_ROUNDS};

use crate::units::{crossing, joined, percent, place, plural, times, times_estimate};

pub use changes::{change_verdict, gate, headline, metric};
pub(crate) use changes::{pace, rule};

/// What is said where nothing could be measured.
pub(crate) const NO_ANSWER: &str = "there is no answer";

/// What is said where the noise is larger than what executors differ by.
pub(crate) const NOT_RANKED: &str = "it was too noisy to rank executors";

/// Follows the name of an executor that is a mistake.
const MISTAKE: char = '‡';

/// What [`MISTAKE`] means.
pub(crate) const MISTAKEN: &str =
    "‡ a mistake that people make, measured to show what it costs; it is never picked";

/// An executor's name, marked where it is a mistake.
pub(crate) fn called(name: &str, mistake: bool) -> String {
    if mistake { format!("{name}{MISTAKE}") } else { name.to_owned() }
}

/// What an efficiency to reach is called in tables.
pub fn threshold(threshold: Threshold) -> &'static str {
    match threshold {
        Threshold::Half => "METG(50 %)",
        Threshold::ThreeQuarters => "METG(75 %)",
        Threshold::NineTenths => "METG(90 %)",
        Threshold::BreakEven => "break-even",
    }
}

/// The mark of a standing in tables. Empty for what is behind.
pub fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Best => "*",
        Standing::Tied => "~",
        Standing::Behind => "",
        Standing::Unjudged => "?",
    }
}

/// `deciding: rayon, std-counter (~) fastest on 2 cores: 1.97× [1.95, 1.99] of at most 1.99×`.
pub fn workload_verdict(verdict: &WorkloadVerdict<'_>) -> String {
    let name = &verdict.workload.name;
    let Some(best) = verdict.best else {
        let measured = if verdict.only_mistakes() { "only mistakes were" } else { "nothing could be" };
        return format!("{name}: {measured} measured");
    };
    let caveat = caveat(verdict.judged, verdict.too_noisy(), "a noise floor");
    let executors = tied_with(verdict, best);
    let place = place(best.cores, best.workers_beside_cores(), " with ");
    let reached = best.speedup().map(|speedup| format!(": {} of {}", times_estimate(speedup), at_most(best)));
    format!("{name}: {caveat}{executors} fastest on {place}{}", reached.unwrap_or_default())
}

/// What stands before a verdict that is none: too few rounds, or too much noise. May be empty.
fn caveat(judged: bool, too_noisy: Option<f64>, floor: &str) -> String {
    match too_noisy {
        _ if !judged => format!("needs {MIN_ROUNDS} rounds to be judged; so far "),
        Some(noise) => format!("too noisy to rank, with {floor} of {}; so far ", percent(noise)),
        None => String::new(),
    }
}

/// The best and, once each, the executors that are not told apart from it.
fn tied_with(verdict: &WorkloadVerdict<'_>, best: &CellResult) -> String {
    let tied = verdict.tied_executors();
    let elsewhere = |cell: &CellResult| {
        format!("{} on {}", cell.executor, place(cell.cores, cell.workers_beside_cores(), " with "))
    };
    let name =
        |cell: &&CellResult| if cell.row == best.row { cell.executor.clone() } else { elsewhere(cell) };
    let names: Vec<_> = tied.iter().filter(|_| verdict.too_noisy().is_none()).map(name).collect();
    with_tied(&best.executor, &names)
}

/// `at most 1.99×`, and what forbids more where that is the agents themselves.
fn at_most(best: &CellResult) -> String {
    let Some(limit) = best.ceilings.limit() else { return "an unknown ceiling".into() };
    let bottleneck = best.ceilings.schedule.map(|bound| bound.bottleneck);
    let critical = bottleneck == Some(Bottleneck::CriticalPath) && best.ceilings.hardware_limit().is_none();
    format!("at most {}{}", times(limit), if critical { ", the critical path" } else { "" })
}

/// `best` alone, or `best, second, third (~)`.
fn with_tied(best: &str, tied: &[impl AsRef<str>]) -> String {
    if tied.is_empty() { best.to_owned() } else { format!("{best}, {} (~)", joined(tied)) }
}

/// `grain: rayon smallest METG(75 %) on 2 cores: 1.93 [1.80, 2.05] µs`.
pub fn family_verdict(verdict: &FamilyVerdict<'_>) -> String {
    let (name, metg) = (&verdict.family.name, verdict.metg);
    let label = threshold(metg.threshold);
    if let Crossing::NotReached(_) = metg.crossing {
        return format!("{name}: no executor reaches {label}");
    }
    let caveat = caveat(metg.interval.is_some(), verdict.too_noisy(), "a median noise floor");
    let tied = verdict.tied.iter().filter(|_| verdict.too_noisy().is_none());
    let executors =
        with_tied(&verdict.best.executor, &tied.map(|curve| curve.executor.as_str()).collect::<Vec<_>>());
    let cores = plural(verdict.family.cores, "core");
    format!(
        "{name}: {caveat}{executors} smallest {label} on {cores}: {}",
        crossing(metg.crossing, metg.interval)
    )
}

/// `dependent agents: rayon smallest METG(50 %) in 7 of 8 patterns on 2 cores; stencil: 264 [249, 275] ns`.
pub fn patterns_verdict(verdict: &PatternsVerdict<'_>) -> String {
    let caveat = caveat(verdict.judged(), verdict.too_noisy(), "a median noise floor");
    let tied: Vec<_> = verdict.tied.iter().filter(|_| verdict.too_noisy().is_none()).collect();
    let executors = with_tied(verdict.best, &tied);
    let example = verdict.example().map(|(family, metg)| {
        let (led, all) = (verdict.leads.len(), plural(verdict.measured, "pattern"));
        let (label, cores) = (threshold(metg.threshold), plural(family.cores, "core"));
        let reached = crossing(metg.crossing, metg.interval);
        format!(" {label} in {led} of {all} on {cores}; {}: {reached}", family.name)
    });
    format!("dependent agents: {caveat}{executors} smallest{}", example.unwrap_or_default())
}

/// What makes a reader doubt, ending in advice.
pub fn warning(warning: &Warning) -> String {
    match warning {
        Warning::Unoptimised { flags } => format!(
            "the program was built without optimisation ({flags}): its figures say nothing of a release build; \
             measure with `cargo bench` or `cargo run --release`"
        ),
        Warning::Impossible { cells } => format!(
            "{} beat the ceiling by more than 10 %: a bug in the measurement until shown otherwise; measure again \
             on an idle machine, then check the recorded costs",
            joined(cells)
        ),
        Warning::Incomplete { rounds } => format!(
            "the run was stopped after {}: cells may be missing; run it again to the end",
            plural(*rounds, "round")
        ),
        Warning::FewRounds { rounds } => format!(
            "{} can't give 95 % intervals, so nothing is judged; measure at least {MIN_ROUNDS} rounds",
            plural(*rounds, "round")
        ),
        Warning::Busy { workloads, least } => format!(
            "the serial baseline of {} got only {} of a CPU: the machine was busy; close what else is running",
            joined(workloads),
            percent(*least)
        ),
        Warning::Disturbed { by, rounds, of } => disturbed(*by, *rounds, *of),
        Warning::Biased { workloads } => format!(
            "the A/A interval of {} excludes 1, as 1 in 20 does by chance: distrust differences of its noise \
             floor's size, or measure more rounds",
            joined(workloads)
        ),
        Warning::Noisy { workloads, worst } => format!(
            "the noise floor of {} is above 10 % (up to {}): smaller differences are not judged; measure more \
             rounds on a quieter machine",
            joined(workloads),
            percent(*worst)
        ),
        Warning::Quota { allowed, cpus } => format!(
            "a quota allows {allowed} of {cpus} CPUs: more workers than that are throttled; lift the quota or \
             measure fewer cores"
        ),
        Warning::Unpinned => {
            "the process could not be pinned, so \"cores\" are only workers; measure on Linux with \
                              affinity for figures by core"
                .into()
        }
    }
}

fn disturbed(by: Disturbance, rounds: usize, of: usize) -> String {
    let (what, advice) = match by {
        Disturbance::OtherProcesses => (
            "other processes took more than 5 % of the CPUs' time",
            "close them and measure again if that was most rounds",
        ),
        Disturbance::Hypervisor => (
            "the hypervisor stole more than 5 % of the CPUs' time",
            "use a dedicated machine, or measure more rounds",
        ),
        Disturbance::Throttling => ("the control group's quota throttled the process", "lift the quota"),
    };
    format!("{what} in {rounds} of {of} rounds; {advice}")
}

/// What must be known before two runs are compared: that one is less than the other, or of another build. `None` when
/// there is nothing.
pub fn reservations(comparison: &Comparison) -> Option<String> {
    let said = [unlike(comparison), stopped(comparison), unjudged(comparison), builds(comparison)];
    let said: Vec<_> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// `The runs are unlike: the base is a full run of everything, this run is narrowed to executors rayon.`
fn unlike(comparison: &Comparison) -> Option<String> {
    let (base, now) = (&comparison.base_lacks, &comparison.now_lacks);
    let words = |lacks: &[Lack]| match lacks {
        [] => "a full run of everything".to_owned(),
        lacks => lacks.iter().map(lack).collect::<Vec<_>>().join(" and "),
    };
    (base != now).then(|| {
        format!(
            "The runs are unlike: the base is {}, this run is {}. Only what both measured is judged.",
            words(base),
            words(now)
        )
    })
}

/// `4 of the 5 cells of the base could not be judged, such as deciding/rayon/2c-2w: not in this run.` `None` when all
/// were, or when it is the same for all and said instead of the table.
fn unjudged(comparison: &Comparison) -> Option<String> {
    let first = comparison.unjudged().next().filter(|_| comparison.common_obstacle().is_none())?;
    let reason = match &first.verdict {
        ChangeVerdict::NotComparable(reason) => reason.clone(),
        other => change_verdict(other),
    };
    let all = plural(comparison.changes.iter().filter(|change| change.in_base).count(), "cell");
    let unjudged = comparison.unjudged().count();
    Some(format!("{unjudged} of the {all} of the base could not be judged, such as {}: {reason}.", first.id))
}

/// Of two runs that were stopped alike, which are not unlike.
fn stopped(comparison: &Comparison) -> Option<String> {
    let (base, now) = (&comparison.base_lacks, &comparison.now_lacks);
    let stopped = base.iter().find(|lack| matches!(lack, Lack::Stopped(_)))?;
    (base == now).then(|| format!("Both runs were {}: cells may be missing.", lack(stopped)))
}

fn lack(lack: &Lack) -> String {
    match lack {
        Lack::Narrowed(to) => format!("narrowed to {}", joined(to)),
        Lack::Stopped(rounds) => format!("stopped after {}", plural(*rounds, "round")),
        Lack::Quick => "a quick run".into(),
        Lack::Verify => "a run that only checked answers".into(),
    }
}

/// What the builds or systems of two runs differ in, beside the code. `None` when they are the same.
pub fn builds(comparison: &Comparison) -> Option<String> {
    let differences: Vec<_> = comparison.builds.iter().map(ToString::to_string).collect();
    (!differences.is_empty()).then(|| {
        format!(
            "The code may not be the reason: the two runs also differ in {} (base, then now).",
            differences.join(", ")
        )
    })
}

/// With a full stop and, unless it begins with the id of a cell, a capital.
pub(crate) fn sentence(text: &str) -> String {
    if text.split(' ').next().is_some_and(|word| word.contains('/')) {
        return format!("{}.", text.trim_end_matches('.'));
    }
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// Why nothing is ranked, and what led all the same.
pub(crate) fn noisy(floor: f64, leader: &str, led: &str) -> String {
    format!(
        "Identical cells were measured up to {} apart, so {leader} is only the {led} so far. Measure more rounds on a \
         quieter machine.",
        percent(floor)
    )
}
