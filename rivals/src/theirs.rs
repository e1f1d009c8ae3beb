//! What the others say, each used as its documentation has it.

use std::any::Any;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::binggan::BenchRunner;
use ::binggan::plugins::{EventListener, PluginEvents};
use ::criterion::Criterion;
use ::zenbench::GateConfig;
use anyhow::{Context as _, Result, bail};
use tango_bench::benchmark_fn;

use crate::trial::{Claim, Harness, RivalTrial};

/// Zenbench's own verdict: its interval lies beyond its threshold.
pub(crate) fn zenbench(trial: RivalTrial) -> Result<Claim> {
    let (base, slowed) = (trial.kernel(false)?, trial.kernel(true)?);
    let result = ::zenbench::run_gated(GateConfig::disabled(), |suite| {
        suite.group("kernel", |group| {
            group.bench("base", move |bencher| bencher.iter(&base));
            group.bench("slowed", move |bencher| bencher.iter(&slowed));
        });
    });
    let comparison = result.comparisons.first().context("zenbench compared nothing")?;
    let (base, candidate, analysis) = comparison.analyses.first().context("zenbench compared nothing")?;
    let difference = match (&**base, &**candidate) {
        ("base", "slowed") => analysis.pct_change,
        ("slowed", "base") => -analysis.pct_change,
        others => bail!("zenbench compared {others:?}"),
    };
    Ok(Claim::from_difference(analysis.significant, difference))
}

/// From this percentage on binggan shows a difference in colour; it has no test.
const COLOURED: f64 = 2.0;

/// A difference of medians that binggan shows in colour.
pub(crate) fn binggan(trial: RivalTrial) -> Result<Claim> {
    let (base, slowed) = (trial.kernel(false)?, trial.kernel(true)?);
    let medians = Medians::default();
    let mut runner = BenchRunner::new();
    runner.add_plugin(medians.clone());
    let mut group = runner.new_group();
    group.set_name("kernel");
    group.register("base", move |()| base());
    group.register("slowed", move |()| slowed());
    group.run();
    let medians = medians.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let [base, slowed] = medians[..] else { bail!("binggan measured {} of 2", medians.len()) };
    let percent = 100.0 * (slowed / base - 1.0);
    Ok(Claim::from_difference(percent.abs() > COLOURED, percent))
}

/// Median times in nanoseconds, in the order of the benchmarks.
#[derive(Clone, Default)]
struct Medians(Arc<Mutex<Vec<f64>>>);

impl EventListener for Medians {
    fn name(&self) -> &'static str {
        "medians"
    }

    fn on_event(&mut self, event: PluginEvents<'_>) {
        if let PluginEvents::GroupStop { results, .. } = event {
            let medians = results.iter().map(|result| result.stats.median_ns as f64).collect();
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = medians;
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

const CRITERION_SAID: [(&str, Claim); 2] =
    [("Performance has regressed", Claim::Slower), ("Performance has improved", Claim::Faster)];

/// Two runs of criterion, one after the other, as of two builds: the second compares itself with the first.
pub(crate) fn criterion(trial: RivalTrial) {
    let run = |criterion: Criterion, slowed| {
        let kernel = trial.kernel(slowed).unwrap_or_else(|error| panic!("{error:#}"));
        criterion
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_millis(1_500))
            .without_plots()
            .bench_function("kernel", |bencher| bencher.iter(&kernel));
    };
    run(Criterion::default().save_baseline("base".into()), false);
    run(Criterion::default().retain_baseline("base".into(), true), true);
}

/// What criterion printed.
pub(crate) fn criterion_said(printed: &str) -> Option<Claim> {
    let said = CRITERION_SAID.into_iter().find(|(words, _)| printed.contains(words));
    let compared = printed.contains("change:");
    said.map(|(_, said)| said).or_else(|| compared.then_some(Claim::Nothing))
}

/// This program as a bench of tango's, which starts it anew for each side.
pub(crate) fn tango(trial: RivalTrial) -> Result<ExitCode> {
    let bench = |name: &str, slowed| {
        benchmark_fn(format!("{name}/kernel"), move |bencher| {
            let kernel = trial.kernel(slowed).unwrap_or_else(|error| panic!("{error:#}"));
            bencher.iter(kernel)
        })
    };
    tango_bench::cli::run(vec![bench("base", false), bench("slowed", true)])
}

/// What tango is told: both sides are this program, and each has a name there.
pub(crate) fn tango_arguments(harness: Harness) -> Vec<&'static str> {
    let seconds = if harness == Harness::TangoLong { "1" } else { "0.1" };
    vec!["compare", "--strip-baseline", "base/*", "--strip-candidate", "slowed/*", "--time", seconds]
}

/// What tango printed: `kernel [ 1.0 ms ... 1.1 ms ] +5.01%*`, the star where it calls it a difference.
pub(crate) fn tango_said(printed: &str) -> Option<Claim> {
    let line = printed.lines().find(|line| line.contains("kernel") && line.contains('%'))?;
    let change = line.split_whitespace().rev().find(|word| word.contains('%'))?;
    let percent: f64 = change.trim_end_matches(['*', '%']).parse().ok()?;
    Some(Claim::from_difference(change.ends_with('*'), percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tango_printed_is_read() {
        let line = |change: &str| format!("kernel      [   1.0 ms ...   1.1 ms ]      {change}\n");
        assert_eq!(tango_said(&line("+5.01%*")), Some(Claim::Slower));
        assert_eq!(tango_said(&line("-5.01%*")), Some(Claim::Faster));
        assert_eq!(tango_said(&line("+0.12%")), Some(Claim::Nothing));
        assert_eq!(tango_said("nothing"), None);
    }

    #[test]
    fn what_criterion_printed_is_read() {
        assert_eq!(criterion_said("change: [+1 %]\n Performance has regressed."), Some(Claim::Slower));
        assert_eq!(criterion_said("change: [+1 %]\n No change in performance"), Some(Claim::Nothing));
        assert_eq!(criterion_said("time: [1 ms]"), None);
    }
}
