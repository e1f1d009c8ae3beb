//! What criterion will ask for, known beforehand.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use regex::Regex;

/// What a bench is to do, read from the same arguments as criterion reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BenchMode {
    /// Measure in rounds, then hand the samples to criterion.
    Measure,
    /// Nothing is to be measured: criterion lists benchmarks or compares what it has saved.
    Nothing,
    /// Run each benchmark live, when criterion asks: once to test it, for a while to profile it. `cargo test --benches`
    /// does the first, and is told from `cargo bench` by the `--bench` that the latter adds.
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
    /// Options with a value that were given.
    options: Vec<&'static str>,
    /// Whether `--verbose` was given.
    verbose: bool,
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
            options: Vec::new(),
            verbose: false,
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
        } else if given("test") || !given("bench") || matches.contains_id("profile-time") {
            BenchMode::Live
        } else {
            BenchMode::Measure
        };
        Self {
            mode,
            quick: given("quick"),
            filter,
            baseline: matches.get_one("baseline").cloned(),
            options: with_value().filter(|name| matches.contains_id(name)).collect(),
            verbose: given("verbose"),
        }
    }

    /// Options of criterion that were given and change nothing, for rounds are measured and not what criterion asks
    /// for.
    pub fn without_effect(&self) -> Vec<&'static str> {
        let idle = |name: &&str| self.mode == BenchMode::Measure && WITHOUT_EFFECT.contains(name);
        self.options.iter().copied().filter(idle).collect()
    }

    /// Whether criterion is to save every benchmark, or to compare it with what it has saved.
    pub fn keeps_baseline(&self) -> bool {
        self.has_one_of(&["save-baseline", "baseline", "baseline-lenient"])
    }

    /// Whether criterion's own lines were asked for.
    pub fn wants_lines(&self) -> bool {
        self.verbose || self.has_one_of(&["baseline", "baseline-lenient", "output-format"])
    }

    /// Whether criterion's own pages were asked for.
    pub fn wants_plots(&self) -> bool {
        self.has_one_of(&["plotting-backend"])
    }

    fn has_one_of(&self, names: &[&str]) -> bool {
        self.options.iter().any(|option| names.contains(option))
    }

    /// The baseline that is to be compared with, and those of the benchmarks that were not saved under it in
    /// criterion's folder: criterion would stop at the first of them, after everything was measured. Those that it will not
    /// ask for it has not saved either.
    pub fn missing_baseline<'a>(
        &self,
        home: &Path,
        benchmarks: impl Iterator<Item = &'a str>,
    ) -> Option<(&str, Vec<&'a str>)> {
        let baseline = self.baseline.as_deref()?;
        let is_missing = |id: &&str| self.wants(id) && !home.join(id).join(baseline).exists();
        let missing: Vec<_> = benchmarks.filter(is_missing).collect();
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

fn with_value() -> impl Iterator<Item = &'static str> {
    WITH_VALUE.into_iter().chain(["output-format", "profile-time"])
}

/// The part of criterion's command line that decides what is run.
pub(super) fn command() -> Command {
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
    Command::new("bench")
        .arg(Arg::new("FILTER"))
        .args(flags.map(|name| short(Arg::new(name).long(name).action(ArgAction::SetTrue), name)))
        .args(with_value().map(|name| short(Arg::new(name).long(name), name)))
}

/// Where criterion keeps what it measured, when cargo builds into this target folder.
pub fn criterion_home(target: &Path) -> PathBuf {
    std::env::var_os("CRITERION_HOME").map_or_else(|| target.join("criterion"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> BenchArguments {
        BenchArguments::parse(
            ["bench", "--bench"].into_iter().chain(arguments.split_whitespace()).map(str::to_owned),
        )
    }

    #[test]
    fn a_filter_is_told_from_the_value_of_an_option() {
        let arguments = parse("--save-baseline before -n thinking/rayon --color never");
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
        assert_eq!(BenchArguments::parse(["cargo test --benches".into()]).mode, BenchMode::Live);
        assert!(parse("--quick").quick);
    }

    #[test]
    fn lines_pages_and_baselines_of_criterion_are_had_for_the_asking() {
        let asks = |arguments: &str| {
            let given = parse(arguments);
            (given.wants_lines(), given.wants_plots(), given.keeps_baseline())
        };
        assert_eq!(asks("--quick grain"), (false, false, false));
        assert_eq!(asks("--save-baseline before"), (false, false, true));
        assert_eq!(asks("-b before"), (true, false, true));
        assert_eq!(asks("--verbose --plotting-backend plotters"), (true, true, false));
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
        assert_eq!(missing("--baseline before rayon"), None);
        assert_eq!(missing("-b nosuch"), Some(("nosuch".into(), ids.to_vec())));
        assert_eq!(missing("--baseline-lenient nosuch"), None);
        assert_eq!(missing("--save-baseline before"), None);
    }
}
