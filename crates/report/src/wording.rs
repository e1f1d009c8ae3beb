//! Verdicts and warnings in words. Names stand in the text as the record has them: whoever prints it escapes it.

mod changes;
mod pace;

use centurion_findings::compare::{ChangeVerdict, Comparison, Lack};
use centurion_findings::{
    Bottleneck, CellResult, Disturbance, FamilyVerdict, PatternsVerdict, Reached, Standing, Threshold,
    Warning, WorkloadVerdict,
};
use centurion_stats::{Crossing, Estimate, MIN_ROUNDS};

use crate::units::{crossing, joined, percent, place, plural, ratio, times, times_estimate, times_in_short};

pub(crate) use changes::{asked, rule};
pub use changes::{change_verdict, counts, gate, headline, metric, origin, runs};
pub(crate) use pace::{pace, pace_uses};

/// A share of a ceiling. The ceiling may be an estimate, so nobody is said to be above it.
pub(crate) fn of_ceiling(share: f64) -> String {
    if share < 0.995 { percent(share) } else { "at it".into() }
}

/// What is said where nothing could be measured.
pub(crate) const NO_ANSWER: &str = "there is no answer";

/// What is said where the noise is larger than what executors differ by.
pub(crate) const NOT_RANKED: &str = "not ranked";

/// Follows the name of an executor that is a mistake.
pub(crate) const MISTAKE: char = '‡';

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
        Standing::Within => "=",
        Standing::Undecided => "~",
        Standing::Behind => "",
        Standing::Unjudged => "·",
    }
}

/// Those in front, the fastest first: `rayon`, `either of two: a, b (fastest first)` or `any of six: …`.
pub(crate) fn one_of(front: &[impl AsRef<str>]) -> String {
    let names = front.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    match front.len() {
        1 => names,
        2 => format!("either of two: {names} (fastest first)"),
        count => format!("any of {}: {names} (fastest first)", in_words(count)),
    }
}

pub(crate) fn in_words(count: usize) -> String {
    let words = ["three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    words.get(count.wrapping_sub(3)).map_or_else(|| count.to_string(), |&word| word.to_owned())
}

/// `deciding: either of two: rayon, std-counter (fastest first) on 2 cores: 1.97× [1.95, 1.99], within the error
/// of what the hardware delivers, 1.96× [1.91, 2.01]`. Without a judgement it names nobody.
pub fn workload_verdict(verdict: &WorkloadVerdict<'_>) -> String {
    let name = &verdict.workload.name;
    let Some(best) = verdict.best else {
        let measured = if verdict.only_mistakes() { "only mistakes were" } else { "nothing could be" };
        return format!("{name}: {measured} measured");
    };
    if let Some(caveat) = caveat(verdict.judged, verdict.too_noisy(), "a noise floor") {
        return format!("{name}: {caveat}");
    }
    let tied = verdict.tied_executors();
    let here = |cell: &&&CellResult| cell.row == best.row;
    let fine = tied.iter().filter(here).filter(|cell| cell.perhaps_to_avoid().is_none());
    let fine = std::iter::once(best).chain(fine.copied());
    let front: Vec<_> = fine.map(|cell| cell.executor.as_str()).collect();
    let (avoid, perhaps) = (verdict.to_avoid(), verdict.perhaps_to_avoid());
    let avoid = slow("avoid", best, &avoid) + &slow("perhaps avoid", best, &perhaps);
    let place = place(best.cores, best.workers_beside_cores(), " with ");
    let reached = best.speedup().map(|speedup| format!(": {}{}", times_estimate(speedup), of_limit(best)));
    let elsewhere: Vec<&CellResult> = tied.iter().copied().filter(|cell| !here(&cell)).collect();
    let reached = reached.unwrap_or_default();
    format!("{name}: {} on {place}{reached}{avoid}{}", one_of(&front), as_fast(&elsewhere))
}

/// `; avoid std-chunks (1.43×)`, the slowest first. May be empty.
fn slow(advice: &str, best: &CellResult, cells: &[(&CellResult, Estimate)]) -> String {
    let named = |(cell, times): &(&CellResult, Estimate)| {
        let cores = (cell.cores != best.cores).then_some(cell.cores);
        format!("{} ({}×{})", called(&cell.executor, cell.mistake), ratio(*times), on_cores(cores))
    };
    let named: Vec<_> = cells.iter().map(named).collect();
    if named.is_empty() { String::new() } else { format!("; {advice} {}", named.join(", ")) }
}

/// `, on 2 cores`, of whom is compared with the fastest on others. May be empty.
pub(crate) fn on_cores(cores: Option<usize>) -> String {
    cores.map_or(String::new(), |cores| format!(", on {}", plural(cores, "core")))
}

/// `; undecided: c on 1 core`. May be empty.
fn as_fast(elsewhere: &[&CellResult]) -> String {
    let name = |cell: &&CellResult| {
        format!("{} on {}", cell.executor, place(cell.cores, cell.workers_beside_cores(), " with "))
    };
    let names: Vec<String> = elsewhere.iter().map(name).collect();
    if names.is_empty() { String::new() } else { format!("; undecided: {}", joined(&names)) }
}

/// Why there is no verdict: too few rounds, or too much noise.
fn caveat(judged: bool, too_noisy: Option<f64>, floor: &str) -> Option<String> {
    match too_noisy {
        _ if !judged => Some(format!("not judged, which takes {MIN_ROUNDS} rounds")),
        Some(noise) => Some(format!("too noisy to rank, with {floor} of {}", percent(noise))),
        None => None,
    }
}

/// How near the best is to what limits it: `, within the error of what the hardware delivers, 1.96× [1.91, 2.01]`.
fn of_limit(best: &CellResult) -> String {
    near_limit(best).map_or(", with an unknown ceiling".into(), |near| format!(", {near}"))
}

/// The same as a sentence: `Speedup 52.4×, 79 % of what the longest agent allows (66.0×).` `None` where it is not known.
pub(crate) fn at_limit(best: &CellResult) -> Option<String> {
    Some(format!("Speedup {}, {}.", times_in_short(best.speedup()?), near_limit(best)?))
}

fn near_limit(best: &CellResult) -> Option<String> {
    let (limit, reached) = (best.ceilings.limit()?, best.reached()?);
    let bottleneck = best.ceilings.schedule.map(|bound| bound.bottleneck);
    let allowed = match (best.ceilings.hardware_limit(), bottleneck) {
        (Some(hardware), _) => format!("the hardware delivers, {}", times_estimate(hardware)),
        (None, Some(Bottleneck::CriticalPath)) => format!("the critical path allows ({})", times(limit)),
        (None, Some(Bottleneck::LongestAgent)) => format!("the longest agent allows ({})", times(limit)),
        (None, _) => format!("any schedule allows ({})", times(limit)),
    };
    Some(match reached {
        Reached::WithinError => format!("within the error of what {allowed}"),
        Reached::All => format!("all of the estimate of what {allowed}"),
        Reached::Partly(share) => format!("{} of what {allowed}", percent(share)),
    })
}

/// `grain: rayon smallest METG(75 %) on 2 cores: 1.93 [1.80, 2.05] µs`. Without a judgement it names nobody.
pub fn family_verdict(verdict: &FamilyVerdict<'_>) -> String {
    let (name, metg) = (&verdict.family.name, verdict.metg);
    let label = threshold(metg.threshold);
    if let Crossing::NotReached(_) = metg.crossing {
        return format!("{name}: no executor reaches {label}");
    }
    if let Some(caveat) = caveat(metg.interval.is_some(), verdict.too_noisy(), "a median noise floor") {
        return format!("{name}: {caveat}");
    }
    let front = std::iter::once(verdict.best).chain(verdict.tied.iter().copied());
    let front: Vec<&str> = front.map(|curve| curve.executor.as_str()).collect();
    let cores = plural(verdict.family.cores, "core");
    format!(
        "{name}: smallest {label} on {cores}: {}: {}",
        one_of(&front),
        crossing(metg.crossing, metg.interval)
    )
}

/// `dependent agents: rayon smallest METG(50 %) in 7 of 8 patterns on 2 cores; stencil: 264 [249, 275] ns`. Without a
/// judgement it names nobody.
pub fn patterns_verdict(verdict: &PatternsVerdict<'_>) -> String {
    if let Some(caveat) = caveat(verdict.judged(), verdict.too_noisy(), "a median noise floor") {
        return format!("dependent agents: {caveat}");
    }
    let front: Vec<&str> = std::iter::once(verdict.best).chain(verdict.tied.iter().copied()).collect();
    let example = verdict.example().map(|(family, metg)| {
        let reached = crossing(metg.crossing, metg.interval);
        format!("; {} in {}: {reached}", verdict.best, family.name)
    });
    let label = verdict.example().map_or("METG", |(_, metg)| threshold(metg.threshold));
    format!(
        "dependent agents: smallest {label} in {} of {}, or undecided beside it: {}{}",
        verdict.leads.len(),
        plural(verdict.measured, "pattern"),
        one_of(&front),
        example.unwrap_or_default()
    )
}

/// What makes a reader doubt, ending in advice.
pub fn warning(warning: &Warning) -> String {
    match warning {
        Warning::Unoptimised { flags } => format!(
            "the program was built without optimisation ({flags}): its figures say nothing of a release build; \
             measure with cargo bench or cargo run --release"
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
            "identical cells of {} were measured as different, as happens to 1 in 20 by chance: don't trust differences \
             as small as their noise floor, or measure more rounds",
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

/// Why nothing is ranked.
pub(crate) fn noisy(floor: f64) -> String {
    format!(
        "Identical cells were measured up to {} apart, so nothing is ranked. Measure more rounds on a quieter machine.",
        percent(floor)
    )
}
