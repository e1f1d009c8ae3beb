//! What the benches share: knowing beforehand what criterion will ask for, and handing it samples that were
//! taken in shuffled rounds.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Arg, ArgAction, Command};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, SamplingMode};
use regex::Regex;

/// Resamples of criterion's bootstrap. Its default of 100,000 costs seconds per benchmark.
const RESAMPLES: usize = 2_000;
/// A time in which criterion believes it can take its samples, so that it does not warn: it knows only how
/// quickly a recorded sample is handed over.
const WITHOUT_WARNING: Duration = Duration::from_millis(1);
/// Criterion takes no fewer samples than this.
pub const FEWEST_SAMPLES: usize = 10;

/// What a bench is to do, read from the same arguments as criterion reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BenchMode {
    /// Measure in rounds, then hand the samples to criterion.
    Measure,
    /// Nothing is to be measured: criterion lists benchmarks or compares what it has saved.
    Nothing,
    /// Run each benchmark live, when criterion asks: once to test it, for a while to profile it.
    Live,
}

/// The arguments of `cargo bench -- …`.
#[derive(Debug)]
pub struct BenchArguments {
    /// What is to be done.
    pub mode: BenchMode,
    /// Whether `--quick` was given.
    pub quick: bool,
    filter: Filter,
    /// The baseline that every benchmark must have been saved under, for criterion stops at one that has not.
    baseline: Option<String>,
    /// Options that were given and change nothing here.
    idle: Vec<&'static str>,
}

#[derive(Debug)]
enum Filter {
    All,
    Exact(String),
    Pattern(Regex),
}

/// Options of criterion that take a value, which is not to be mistaken for the filter.
const WITH_VALUE: [&str; 15] = [
    "color",
    "colour",
    "save-baseline",
    "baseline",
    "baseline-lenient",
    "format",
    "load-baseline",
    "sample-size",
    "warm-up-time",
    "measurement-time",
    "nresamples",
    "noise-threshold",
    "confidence-level",
    "significance-level",
    "plotting-backend",
];

/// Options of how criterion measures. Here the rounds do that.
const WITHOUT_EFFECT: [&str; 4] = ["sample-size", "warm-up-time", "measurement-time", "nresamples"];

impl BenchArguments {
    /// Reads this process's arguments. What criterion will reject or answer itself, such as `--help`, is
    /// left to it: then there is nothing to measure.
    pub fn read() -> Self {
        Self::parse(std::env::args_os().map(|word| word.to_string_lossy().into_owned()))
    }

    fn parse(arguments: impl IntoIterator<Item = String>) -> Self {
        let nothing = Self {
            mode: BenchMode::Nothing,
            quick: false,
            filter: Filter::All,
            baseline: None,
            idle: Vec::new(),
        };
        let Ok(matches) = command().try_get_matches_from(arguments) else { return nothing };
        let given = |name: &str| matches.get_flag(name);
        let filter = match matches.get_one::<String>("FILTER") {
            None => Filter::All,
            Some(filter) if given("exact") => Filter::Exact(filter.clone()),
            Some(filter) => match Regex::new(filter) {
                Ok(pattern) => Filter::Pattern(pattern),
                Err(_) => return nothing,
            },
        };
        let mode = if given("list") || given("ignored") || matches.contains_id("load-baseline") {
            BenchMode::Nothing
        } else if given("test") || matches.contains_id("profile-time") {
            BenchMode::Live
        } else {
            BenchMode::Measure
        };
        let idle = WITHOUT_EFFECT.into_iter().filter(|name| matches.contains_id(name)).collect();
        Self { mode, quick: given("quick"), filter, baseline: matches.get_one("baseline").cloned(), idle }
    }

    /// Options of criterion that were given and change nothing, for rounds are measured and not what criterion asks
    /// for.
    pub fn without_effect(&self) -> &[&'static str] {
        if self.mode == BenchMode::Measure { &self.idle } else { &[] }
    }

    /// The baseline that is to be compared with, and those of the benchmarks that were not saved under it in
    /// criterion's folder: criterion would stop at the first of them, after everything was measured.
    pub fn missing_baseline<'a>(
        &self,
        home: &Path,
        benchmarks: impl Iterator<Item = &'a str>,
    ) -> Option<(&str, Vec<&'a str>)> {
        let baseline = self.baseline.as_deref()?;
        let missing: Vec<_> = benchmarks.filter(|id| !home.join(id).join(baseline).exists()).collect();
        (!missing.is_empty()).then_some((baseline, missing))
    }

    /// Whether criterion will ask for a benchmark of this id.
    pub fn wants(&self, id: &str) -> bool {
        match &self.filter {
            Filter::All => true,
            Filter::Exact(exact) => exact == id,
            Filter::Pattern(pattern) => pattern.is_match(id),
        }
    }
}

/// The part of criterion's command line that decides what is run.
fn command() -> Command {
    let flags =
        ["list", "ignored", "exact", "test", "quick", "verbose", "quiet", "noplot", "discard-baseline"];
    let hidden = ["bench", "nocapture", "show-output", "include-ignored"];
    let short = |arg: Arg, name: &str| match name {
        "color" => arg.short('c'),
        "verbose" => arg.short('v'),
        "noplot" => arg.short('n'),
        "save-baseline" => arg.short('s'),
        "baseline" => arg.short('b'),
        _ => arg,
    };
    let flags = flags.into_iter().chain(hidden);
    let valued = WITH_VALUE.into_iter().chain(["output-format", "profile-time"]);
    Command::new("bench")
        .arg(Arg::new("FILTER"))
        .args(flags.map(|name| short(Arg::new(name).long(name).action(ArgAction::SetTrue), name)))
        .args(valued.map(|name| short(Arg::new(name).long(name), name)))
}

/// Where criterion keeps what it measured, when cargo builds into this target folder.
pub fn criterion_home(target: &Path) -> PathBuf {
    std::env::var_os("CRITERION_HOME").map_or_else(|| target.join("criterion"), PathBuf::from)
}

/// Where a benchmark's times come from.
pub enum Source<'a> {
    /// Samples taken before, each in nanoseconds per execution, at least [`FEWEST_SAMPLES`] of them.
    /// Criterion is set to take exactly as many and gets them in their order, each as the time of however
    /// many executions it asks for at once.
    Samples(&'a [f64]),
    /// The same, for criterion's `--quick`: any number of samples, of which it gets the median.
    Median(&'a [f64]),
    /// Each execution runs live, where criterion only tests or profiles.
    Live(&'a dyn Fn() -> Duration),
    /// The same, with time for criterion to take its samples itself, one benchmark after another: how it is used
    /// elsewhere, to compare our verdicts with.
    Sequential(&'a dyn Fn() -> Duration),
}

/// Hands one benchmark to criterion.
pub fn feed(group: &mut BenchmarkGroup<'_, WallTime>, function: &str, parameter: &str, source: &Source<'_>) {
    let shortest = Duration::from_nanos(1);
    let (samples, warm_up, time) = match source {
        Source::Samples(samples) => (samples.len(), shortest, WITHOUT_WARNING),
        Source::Sequential(_) => (FEWEST_SAMPLES, Duration::from_millis(500), Duration::from_secs(3)),
        _ => (FEWEST_SAMPLES, shortest, shortest),
    };
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(samples)
        .warm_up_time(warm_up)
        .measurement_time(time)
        .nresamples(RESAMPLES);
    let mut calls = 0;
    group.bench_function(BenchmarkId::new(function, parameter), |bencher| {
        bencher.iter_custom(|executions| {
            let one = match source {
                Source::Live(run) | Source::Sequential(run) => return (0..executions).map(|_| run()).sum(),
                Source::Median(samples) => median(samples),
                // The first call is criterion's warm-up, whose time it does not use.
                Source::Samples(samples) => samples[usize::saturating_sub(calls, 1) % samples.len()],
            };
            calls += 1;
            Duration::from_secs_f64(one * executions as f64 / 1e9)
        });
    });
}

/// The median; the lower of the middle two where there is no single one.
fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() - 1) / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> BenchArguments {
        BenchArguments::parse(["bench"].into_iter().chain(arguments.split_whitespace()).map(str::to_owned))
    }

    #[test]
    fn a_filter_is_told_from_the_value_of_an_option() {
        let arguments = parse("--bench --save-baseline before -n thinking/rayon --color never");
        assert_eq!(arguments.mode, BenchMode::Measure);
        assert!(arguments.wants("thinking/rayon-each/2c-2w") && !arguments.wants("deciding/rayon/2c-2w"));
    }

    #[test]
    fn an_exact_filter_wants_one_id() {
        let arguments = parse("--exact thinking/rayon/2c-2w");
        assert!(arguments.wants("thinking/rayon/2c-2w") && !arguments.wants("thinking/rayon/2c-2w0"));
    }

    #[test]
    fn listing_and_comparing_saved_results_measure_nothing() {
        for arguments in
            ["--list", "--ignored", "--load-baseline new --baseline base", "--help", "--no-such-flag", "("]
        {
            assert_eq!(parse(arguments).mode, BenchMode::Nothing, "{arguments}");
        }
    }

    #[test]
    fn testing_and_profiling_run_live() {
        assert_eq!(parse("--test").mode, BenchMode::Live);
        assert_eq!(parse("--profile-time 5 grain").mode, BenchMode::Live);
        assert!(parse("--quick").quick);
    }

    #[test]
    fn options_of_how_criterion_measures_are_known_to_change_nothing() {
        assert_eq!(
            parse("--sample-size 20 --measurement-time 3").without_effect(),
            ["sample-size", "measurement-time"]
        );
        assert!(parse("--noise-threshold 0.03").without_effect().is_empty());
        assert!(parse("--test --sample-size 20").without_effect().is_empty());
    }

    #[test]
    fn benchmarks_without_the_baseline_are_found_before_anything_is_measured() {
        let home = tempfile::tempdir().expect("there is a temporary folder");
        std::fs::create_dir_all(home.path().join("deciding/rayon/2c-2w/before"))
            .expect("it can be written to");
        let ids = ["deciding/rayon/2c-2w", "deciding/serial/1c-1w"];
        let missing = |arguments: &str| {
            let arguments = parse(arguments);
            let found = arguments.missing_baseline(home.path(), ids.into_iter());
            found.map(|(baseline, missing)| (baseline.to_owned(), missing))
        };
        assert_eq!(missing("--baseline before"), Some(("before".into(), vec!["deciding/serial/1c-1w"])));
        assert_eq!(missing("-b nosuch"), Some(("nosuch".into(), ids.to_vec())));
        assert_eq!(missing("--baseline-lenient nosuch"), None);
        assert_eq!(missing("--save-baseline before"), None);
    }

    #[test]
    fn the_median_is_a_sample() {
        assert_eq!(median(&[3.0, 1.0, 2.0]).to_bits(), 2.0_f64.to_bits());
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]).to_bits(), 2.0_f64.to_bits());
    }
}
