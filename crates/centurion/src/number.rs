//! Numbers from outside, each held against what can be meant by it before anything is done with it.

use std::fmt::Display;
use std::str::FromStr;

use centurion_executors::MOST_WORKERS;

/// Most agents that a run is made for: more would not fit a record.
const MOST_AGENTS: usize = 1_000_000;
/// What no machine has.
const MOST_CORES: usize = 1 << 16;
const MOST_ROUNDS: u32 = 1_000_000;
const SECONDS_OF_A_YEAR: u64 = 365 * 24 * 3_600;

/// A number of agents.
pub(crate) fn of_agents(text: &str) -> Result<usize, String> {
    within(text, 1, MOST_AGENTS)
}

/// A number of workers.
pub(crate) fn of_workers(text: &str) -> Result<usize, String> {
    within(text, 1, MOST_WORKERS)
}

/// A number of CPUs; whether there are so many is seen later.
pub(crate) fn of_cores(text: &str) -> Result<usize, String> {
    within(text, 1, MOST_CORES)
}

/// Numbers of workers between commas, as they were typed.
pub(crate) fn of_worker_list(text: &str) -> Result<String, String> {
    text.split(',').try_for_each(|number| of_workers(number).map(drop)).map(|()| text.to_owned())
}

/// Numbers of CPUs between commas, as they were typed.
pub(crate) fn of_core_list(text: &str) -> Result<String, String> {
    text.split(',').try_for_each(|number| of_cores(number).map(drop)).map(|()| text.to_owned())
}

/// A number of rounds.
pub(crate) fn of_rounds(text: &str) -> Result<u32, String> {
    within(text, 1, MOST_ROUNDS)
}

/// Rounds of runs that are judged: with fewer than six a difference can't be told from noise.
pub(crate) fn of_judged_rounds(text: &str) -> Result<u32, String> {
    within(text, 6, MOST_ROUNDS)
}

/// Time to measure for, in seconds.
pub(crate) fn of_seconds(text: &str) -> Result<u64, String> {
    within(text, 1, SECONDS_OF_A_YEAR)
}

/// Time to wait for, in seconds; none at all is one too.
pub(crate) fn of_wait(text: &str) -> Result<u64, String> {
    within(text, 0, SECONDS_OF_A_YEAR)
}

/// Scale of waiting time; 1 is real time.
pub(crate) fn of_scale(text: &str) -> Result<f64, String> {
    within(text, 1e-6, 100.0)
}

/// Iterations of a kernel: none is an empty agent, the most take about half an hour.
pub(crate) fn of_iterations(text: &str) -> Result<u64, String> {
    within(text, 0, 1 << 40)
}

/// A change in percent that is still called none.
pub(crate) fn of_percent(text: &str) -> Result<f64, String> {
    percent_within(text, 0.0, 100.0)
}

/// A change in percent that counts as one.
pub(crate) fn of_margin(text: &str) -> Result<f64, String> {
    percent_within(text, 0.01, 100.0)
}

/// Time to measure pairs for, in seconds or parts of them.
pub(crate) fn of_pair_seconds(text: &str) -> Result<f64, String> {
    within(text, 0.01, 86_400.0)
}

/// How often a comparison may be wrong, in percent.
pub(crate) fn of_alarms(text: &str) -> Result<f64, String> {
    percent_within(text, 0.0001, 50.0)
}

/// Runs that are compared with each other.
pub(crate) fn of_runs(text: &str) -> Result<usize, String> {
    within(text, 2, 1_000)
}

/// Runs that are compared with a first one.
pub(crate) fn of_more_runs(text: &str) -> Result<usize, String> {
    within(text, 0, 1_000)
}

/// Runs that are compared with each other, or none at all.
pub(crate) fn of_runs_or_none(text: &str) -> Result<usize, String> {
    if text.trim() == "0" { Ok(0) } else { of_runs(text).map_err(|why| why + ", or 0 for none") }
}

/// What chance begins with.
pub(crate) fn of_seed(text: &str) -> Result<u64, String> {
    within(text, 0, u64::MAX)
}

/// A number that a program says in place of a person, held against the same.
#[cfg(feature = "bench")]
pub(crate) fn from_program<T: Display>(
    what: &str,
    number: T,
    check: impl Fn(&str) -> Result<T, String>,
) -> anyhow::Result<T> {
    check(&number.to_string()).map_err(|why| anyhow::anyhow!("failed to use {number} as the {what}: {why}"))
}

/// A percentage, with or without its sign.
fn percent_within(text: &str, least: f64, most: f64) -> Result<f64, String> {
    let text = text.trim();
    within(text.strip_suffix('%').unwrap_or(text), least, most)
}

/// Refuses what is no number, and with it what is not a number or not finite.
fn within<T: FromStr + PartialOrd + Display + Copy>(text: &str, least: T, most: T) -> Result<T, String> {
    match text.trim().parse() {
        Ok(number) if least <= number && number <= most => Ok(number),
        _ => Err(format!("give a number from {least} to {most}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_turn_a_check_off_is_no_number() {
        for text in ["nan", "-nan", "inf", "-inf", "-5", "1e400", "101", "", "5 percent"] {
            assert!(of_percent(text).is_err(), "{text}");
        }
        assert_eq!((of_percent("0"), of_percent("2.5")), (Ok(0.0), Ok(2.5)));
    }

    #[test]
    fn a_percentage_has_its_sign_or_not_and_a_margin_is_never_nothing() {
        assert_eq!((of_percent("5 %"), of_alarms("1%")), (Ok(5.0), Ok(1.0)));
        assert_eq!((of_margin("1%"), of_margin(" 2.5 % "), of_margin("3")), (Ok(1.0), Ok(2.5), Ok(3.0)));
        assert!(["0", "%", "nan %", "-1%"].iter().all(|text| of_margin(text).is_err()));
        assert!(["0", "inf", "-1"].iter().all(|text| of_pair_seconds(text).is_err()));
    }

    #[test]
    fn nothing_is_no_number_of_anything() {
        assert!([of_agents("0"), of_workers("0"), of_runs("1")].iter().all(Result::is_err));
        assert!(
            [of_rounds("0"), of_judged_rounds("5")].iter().all(Result::is_err) && of_seconds("0").is_err()
        );
        assert!(of_scale("0").is_err() && of_iterations("0").is_ok() && of_more_runs("0").is_ok());
        assert_eq!(of_runs_or_none("0"), Ok(0));
        assert_eq!(of_runs_or_none("1"), Err("give a number from 2 to 1000, or 0 for none".into()));
    }

    #[test]
    fn no_number_is_beyond_what_a_machine_bears() {
        assert!(
            [of_agents("1000001"), of_workers("40000"), of_workers("4294967296")].iter().all(Result::is_err)
        );
    }
}
