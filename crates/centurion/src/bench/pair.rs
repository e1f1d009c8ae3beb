//! Two versions of a function, or two executors of somebody's own agents, side by side in a bench file.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt::Debug;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use centurion_harness::PairSide;
use clap::parser::ValueSource;
use clap::{Arg, Command, CommandFactory as _, Parser};

use super::arguments;
use super::run::ended;
use crate::output::{note, say};
use crate::own_plan::check_name;
use crate::pair::{measured, refused};
use crate::pair_args::PairOptions;
use crate::unfinished::Unfinished;
use crate::{interrupt, number, variables};

/// A function as it was and as it is, measured side by side in one process, in pairs of short samples.
///
/// A bench file of one's own, with `harness = false`:
///
/// ```no_run
/// # fn old(data: &[u64]) -> u64 { data.iter().sum() }
/// # fn new(data: &[u64]) -> u64 { data.iter().sum() }
/// use std::process::ExitCode;
///
/// use centurion::bench::Pair;
///
/// fn main() -> ExitCode {
///     let data: Vec<u64> = (0..100_000).collect();
///     Pair::new("sum", || old(&data), || new(&data)).main()
/// }
/// ```
#[must_use = "main runs it"]
pub struct Pair<F, G> {
    name: String,
    names: [String; 2],
    functions: (F, G),
    seconds: f64,
}

impl<T, F, G> Pair<F, G>
where
    T: PartialEq + Debug,
    F: FnMut() -> T,
    G: FnMut() -> T,
{
    /// The function as it was and as it is. Both must return the same; what is computed has to be returned, or the
    /// compiler may leave it out.
    pub fn new(name: &str, old: F, new: G) -> Self {
        Self {
            name: name.into(),
            names: ["old".into(), "new".into()],
            functions: (old, new),
            seconds: crate::pair::SECONDS,
        }
    }

    /// Calls the two something else than old and new.
    pub fn named(self, old: &str, new: &str) -> Self {
        Self { names: [old.into(), new.into()], ..self }
    }

    /// Seconds to measure for, where `--seconds` does not say it.
    pub fn seconds(self, seconds: f64) -> Self {
        Self { seconds, ..self }
    }

    /// Does what `cargo bench` asked for, and says how the process ends: with 0, or as `--fail-on-regression` has it.
    pub fn main(self) -> ExitCode {
        ended(self.run(&PairBench::read()))
    }

    fn run(self, bench: &PairBench) -> Result<ExitCode> {
        let Self { name, names: [base, now], functions: (mut old, mut new), seconds } = self;
        check_name("the pair", &name)?;
        if !bench.wants(&name) || bench.lists(&name) {
            return Ok(ExitCode::SUCCESS); // another bench may have what was asked for
        }
        let unfinished = Unfinished::new();
        let (was, is) = (old(), new());
        drop(unfinished);
        let seconds = number::from_program("seconds of a pair", seconds, number::of_pair_seconds)?;
        let how = PairOptions { seconds: bench.how.seconds.or(Some(seconds)), ..bench.how.clone() };
        if was != is {
            let reason = format!("on {name}, {base} returns {} and {now} {}", shown(&was), shown(&is));
            ensure!(bench.measures(), "failed to have both return the same: {reason}");
            return Ok(refused(&reason, &how));
        }
        if !bench.measures() {
            say(&format!("{name}: {base} and {now} return the same"));
            return Ok(ExitCode::SUCCESS);
        }
        interrupt::watch();
        let sides = [PairSide::from_function(&base, old), PairSide::from_function(&now, new)];
        measured(&name, sides, &how, &interrupt::stop())
    }
}

/// A value, at the length of a line.
fn shown(value: &impl Debug) -> String {
    const MOST: usize = 60;
    let text = format!("{value:?}");
    let cut: String = text.chars().take(MOST).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

/// What `cargo bench -- …` can be told of a pair.
#[derive(Parser)]
#[command(name = "pair", about = "Measures two versions of a function side by side", after_help = EXIT_CODES)]
pub(super) struct PairBench {
    #[command(flatten)]
    pub(super) how: PairOptions,
    /// Measure nothing if the name does not hold this
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// Run both once and measure nothing
    #[arg(long)]
    test: bool,
    /// Print the name and measure nothing
    #[arg(long)]
    list: bool,
    /// Set by `cargo bench`, and not by `cargo test`, which runs both once and measures nothing
    #[arg(long, hide = true)]
    bench: bool,
}

const EXIT_CODES: &str = "\
Exit codes with --fail-on-regression: 0 the new one was shown not to be slower by the margin;
1 it was shown to be slower; 3 neither was shown; 4 they don't return the same.";

impl PairBench {
    /// Whether the filter lets something of that name pass.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| name.contains(filter.as_str()))
    }

    /// Whether anything is measured.
    pub(super) fn measures(&self) -> bool {
        self.bench && !self.test
    }

    /// Prints the name as other benches do, if that is asked for.
    pub(super) fn lists(&self, name: &str) -> bool {
        if self.list {
            say(&format!("{name}: benchmark"));
        }
        self.list
    }

    /// Reads this process's arguments. What can't be understood ends it, as does `--help`. Criterion's options, which are
    /// given to every bench of a crate, change nothing here, and that is said.
    pub(super) fn read() -> Self {
        let words: Vec<OsString> = std::env::args_os().collect();
        let command = Self::beside_criterion();
        let bench = variables::parse(&command, &words).unwrap_or_else(|error| error.exit());
        let given = criterions(&command, &words);
        if !given.is_empty() {
            let given: Vec<String> = given.iter().map(|name| format!("--{name}")).collect();
            note(&format!(
                "{} {} nothing for a pair: --seconds says how long it is measured",
                given.join(", "),
                if given.len() == 1 { "changes" } else { "change" }
            ));
        }
        bench
    }

    /// Its command line, with the options of criterion that it lacks.
    fn beside_criterion() -> Command {
        let own = Self::command();
        let known: BTreeSet<&str> = own.get_arguments().filter_map(Arg::get_long).collect();
        let lacks = |option: &Arg| option.get_long().is_some_and(|name| !known.contains(name));
        let options: Vec<Arg> =
            arguments::command().get_arguments().filter(|&option| lacks(option)).cloned().collect();
        own.args(options.into_iter().map(|option| option.hide(true)))
    }
}

/// Criterion's options among these words.
fn criterions(command: &Command, words: &[OsString]) -> Vec<String> {
    let Ok(matches) = variables::deaf(command.clone()).try_get_matches_from(words) else { return Vec::new() };
    let typed = |name: &str| matches.value_source(name) == Some(ValueSource::CommandLine);
    let hidden =
        command.get_arguments().filter(|argument| argument.is_hide_set() && argument.get_id() != "bench");
    hidden.map(|argument| argument.get_id().to_string()).filter(|name| typed(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &[&str]) -> PairBench {
        let words = std::iter::once("pair").chain(words.iter().copied());
        PairBench::try_parse_from(words).expect("it can be understood")
    }

    fn code(pair: Pair<impl FnMut() -> u64, impl FnMut() -> u64>, words: &[&str]) -> String {
        format!("{:?}", pair.run(&told(words)).expect("nothing fails"))
    }

    #[test]
    fn what_does_not_return_the_same_is_not_compared() {
        let pair = || Pair::new("sum", || 1u64, || 2u64).named("before", "after");
        assert_eq!(code(pair(), &["--bench"]), format!("{:?}", ExitCode::SUCCESS));
        assert_eq!(code(pair(), &["--bench", "--fail-on-regression"]), format!("{:?}", ExitCode::from(4)));
        let tested = pair().run(&told(&["--bench", "--test"])).expect_err("a test fails");
        let said = "failed to have both return the same: on sum, before returns 1 and after 2";
        assert_eq!(tested.to_string(), said);
    }

    #[test]
    fn seconds_that_mean_nothing_are_refused() {
        for seconds in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            let error = Pair::new("one", || 1, || 1).seconds(seconds).run(&told(&["--bench"])).err();
            let said = error.expect("it is refused").to_string();
            assert!(said.ends_with("as the seconds of a pair: give a number from 0.01 to 86400"), "{said}");
        }
    }

    #[test]
    fn a_test_runs_both_once_and_a_bench_measures_them() {
        let mut runs = 0;
        let counted = || {
            runs += 1;
            7u64
        };
        assert_eq!(code(Pair::new("seven", counted, || 7), &[]), format!("{:?}", ExitCode::SUCCESS));
        assert_eq!(runs, 1);
        let spin = || (0..1_000u64).fold(1, |sum, step| std::hint::black_box(sum + step));
        let pair = Pair::new("spin", spin, spin).seconds(0.05);
        assert_eq!(code(pair, &["--bench", "--format", "json"]), format!("{:?}", ExitCode::SUCCESS));
    }

    #[test]
    fn options_of_criterion_are_understood_and_named() {
        let said = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let command = PairBench::beside_criterion();
            let bench: PairBench = variables::parse(&command, &words).expect("it can be understood");
            (bench.measures(), criterions(&command, &words))
        };
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(said("pair --bench --quick sum"), (true, names(&["quick"])));
        assert_eq!(
            said("pair --save-baseline before -n --seconds 2 --bench"),
            (true, names(&["noplot", "save-baseline"]))
        );
        assert_eq!(said("pair --bench --test"), (false, names(&[])));
    }

    #[test]
    fn what_the_filter_leaves_out_is_not_run() {
        let never = || -> u64 { unreachable!("it was not asked for") };
        assert_eq!(code(Pair::new("sum", never, never), &["product"]), format!("{:?}", ExitCode::SUCCESS));
        assert!(told(&["--bench", "su"]).wants("sum") && !told(&["--bench", "--test"]).measures());
    }

    #[test]
    fn a_name_that_could_not_stand_in_a_path_is_refused() {
        let error = Pair::new("a/b", || 1, || 1).run(&told(&[])).expect_err("it has a slash");
        assert!(error.to_string().starts_with("failed to use the name \"a/b\" of the pair"));
    }
}
