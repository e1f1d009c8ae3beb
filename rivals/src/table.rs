//! What came of the measurements, as a table in Markdown.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::{Context as _, Result};
use clap::ValueEnum as _;

use crate::trial::{Claim, Harness, Kernel};

/// One measurement that was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TrialResult {
    pub(crate) harness: Harness,
    pub(crate) kernel: Kernel,
    /// By how many percent the second was slower.
    pub(crate) percent: u32,
    pub(crate) said: Claim,
    /// All that it took, with the start of a process.
    pub(crate) seconds: f64,
}

impl fmt::Display for TrialResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { harness, kernel, percent, said, seconds } = self;
        write!(f, "{} {kernel} {percent} {said} {seconds:.3}", harness.name())
    }
}

impl TrialResult {
    /// The lines that [`fmt::Display`] writes.
    ///
    /// # Errors
    /// Names the line that is none.
    pub(crate) fn read_all(text: &str) -> Result<Vec<Self>> {
        text.lines()
            .map(|line| Self::read(line).with_context(|| format!("failed to read {line:?}")))
            .collect()
    }

    fn read(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [harness, kernel, percent, said, seconds] = words[..] else { return None };
        Some(Self {
            harness: Harness::from_str(harness, false).ok()?,
            kernel: Kernel::ALL.into_iter().find(|known| known.to_string() == kernel)?,
            percent: percent.parse().ok()?,
            said: Claim::read(said)?,
            seconds: seconds.parse().ok()?,
        })
    }
}

/// A row for each harness and kernel: false alarms, what was found of each slowdown, and seconds spent. Notes follow.
pub(crate) fn table(measured: &[TrialResult]) -> String {
    let percents: BTreeSet<u32> = measured.iter().map(|one| one.percent).filter(|&p| p > 0).collect();
    let head = percents.iter().map(|percent| format!(" {percent} % found |")).collect::<Vec<_>>().concat();
    let rules = " --: |".repeat(percents.len());
    let rows: String = Harness::value_variants()
        .iter()
        .flat_map(|&harness| Kernel::ALL.map(|kernel| row(measured, harness, kernel, &percents)))
        .collect();
    format!(
        "| harness | kernel | seconds | same code called different (95 %) |{head}\n| :-- | :-- | --: | --: |{rules}\n{rows}\n\
         P: a bag of 100 agents, 10 ms of CPU in all, on std-counter with two threads. S: 1 ms on one thread. Found: called \
         slower. Seconds: the median of whole processes. zenbench's mode Confirm, which refuses noisy rounds, is left out, \
         and so is its wait for a quiet machine.\n{}",
        together(measured)
    )
}

/// False alarms of each harness, of both kernels together.
fn together(measured: &[TrialResult]) -> String {
    let of = |&harness: &Harness| {
        let same = |one: &&TrialResult| one.harness == harness && one.percent == 0;
        let same: Vec<Claim> = measured.iter().filter(same).map(|one| one.said).collect();
        (!same.is_empty()).then(|| format!("{}, {}", harness.summary(), alarms(&same)))
    };
    let all: Vec<String> = Harness::value_variants().iter().filter_map(of).collect();
    if all.is_empty() {
        return String::new();
    }
    format!("\nThe same code called different, of both kernels together: {}.\n", all.join("; "))
}

/// How many of these call anything different, with the interval of that share.
fn alarms(same: &[Claim]) -> String {
    let called = same.iter().filter(|&&said| said != Claim::Nothing).count();
    let (low, high) = exact_interval(called, same.len());
    format!("{called} of {} ({:.1}–{:.1} %)", same.len(), 100.0 * low, 100.0 * high)
}

fn row(measured: &[TrialResult], harness: Harness, kernel: Kernel, percents: &BTreeSet<u32>) -> String {
    let of = |percent: u32| {
        let these = measured.iter().filter(move |one| (one.harness, one.kernel) == (harness, kernel));
        these.filter(move |one| one.percent == percent)
    };
    let all = measured.iter().filter(|one| (one.harness, one.kernel) == (harness, kernel));
    let mut seconds: Vec<f64> = all.map(|one| one.seconds).collect();
    if seconds.is_empty() {
        return String::new();
    }
    seconds.sort_unstable_by(f64::total_cmp);
    let same: Vec<Claim> = of(0).map(|one| one.said).collect();
    let same = if same.is_empty() { "–".to_owned() } else { alarms(&same) };
    let found = percents.iter().map(|&percent| match of(percent).count() {
        0 => " – |".to_owned(),
        all => format!(" {}/{all} |", of(percent).filter(|one| one.said == Claim::Slower).count()),
    });
    let (middle, found) = (seconds[seconds.len() / 2], found.collect::<String>());
    format!("| {} | {kernel} | {middle:.2} | {same} |{found}\n", harness.summary())
}

/// Clopper and Pearson's 95 % interval of a share, by halving.
fn exact_interval(called: usize, of: usize) -> (f64, f64) {
    let at_most = |count: usize, share: f64| (0..=count).map(|k| binomial(of, k, share)).sum::<f64>();
    let solve = |wanted: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..50 {
            let middle = f64::midpoint(low, high);
            if wanted(middle) { low = middle } else { high = middle }
        }
        low
    };
    let low = if called == 0 { 0.0 } else { solve(&|share| 1.0 - at_most(called - 1, share) < 0.025) };
    let high = if called == of { 1.0 } else { solve(&|share| at_most(called, share) > 0.025) };
    (low, high)
}

fn binomial(of: usize, count: usize, share: f64) -> f64 {
    let chosen: f64 = (0..count).map(|k| ((of - k) as f64 / (k + 1) as f64).ln()).sum();
    (chosen + count as f64 * share.ln() + (of - count) as f64 * (-share).ln_1p()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(percent: u32, said: Claim) -> TrialResult {
        TrialResult { harness: Harness::Pair, kernel: Kernel::Parallel, percent, said, seconds: 1.25 }
    }

    #[test]
    fn a_measurement_is_read_as_it_was_written() {
        let all = [measured(0, Claim::Nothing), measured(5, Claim::Slower)];
        let text = all.map(|one| format!("{one}\n")).concat();
        assert_eq!(TrialResult::read_all(&text).expect("it can be read"), all);
        assert!(TrialResult::read_all("pair P 5").is_err());
    }

    #[test]
    fn a_row_has_the_alarms_and_what_was_found() {
        let all = [measured(0, Claim::Faster), measured(0, Claim::Nothing), measured(5, Claim::Slower)];
        let row = "| `centurion pair`, one second | P | 1.25 | 1 of 2 (1.3–98.7 %) | 1/1 |\n";
        assert!(table(&all).contains(row), "{}", table(&all));
        let together = "of both kernels together: `centurion pair`, one second, 1 of 2 (1.3–98.7 %).\n";
        assert!(table(&all).ends_with(together), "{}", table(&all));
    }

    #[test]
    fn the_interval_of_a_share_is_clopper_and_pearson_s() {
        // R: binom.test(4, 80)$conf.int and binom.test(0, 300)$conf.int
        let (low, high) = exact_interval(4, 80);
        assert!((low - 0.013_793).abs() < 1e-5 && (high - 0.123_106).abs() < 1e-5, "{low} {high}");
        let (low, high) = exact_interval(0, 300);
        assert!(low.abs() < 1e-12 && (high - 0.012_221).abs() < 1e-5, "{low} {high}");
    }
}
