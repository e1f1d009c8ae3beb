//! One measurement, as the driver tells it to a process: a harness, a kernel, and by how much it is slowed.

use std::env;
use std::fmt;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

/// The variable that holds a trial.
pub(crate) const VARIABLE: &str = "RIVALS_TRIAL";

/// Who measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Harness {
    /// `centurion pair`, one second
    Pair,
    /// `centurion pair`, ten seconds
    PairLong,
    /// `centurion compare`, two runs of 12 rounds
    Compare,
    /// zenbench, its defaults, without its wait for a quiet machine
    Zenbench,
    /// tango-bench, 0.1 s, its default
    Tango,
    /// tango-bench, 1 s
    TangoLong,
    /// criterion, 0.5 s of warm-up and 1.5 s of measuring a run
    Criterion,
    /// binggan, its defaults; a median that differs by 2 %, from which on it shows a colour
    Binggan,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kernel {
    /// A bag of 100 agents, 10 ms of CPU in all, on std-counter with two threads.
    Parallel,
    /// 1 ms on one thread.
    Serial,
}

/// What a harness says of the slowed kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is slower.
    Slower,
    /// It is faster.
    Faster,
    /// It is the same, or nothing.
    Nothing,
}

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RivalTrial {
    pub(crate) harness: Harness,
    pub(crate) kernel: Kernel,
    /// By how many percent the second is slower.
    pub(crate) percent: u32,
    /// Steps of the kernel that take a millisecond.
    pub(crate) steps_per_ms: u64,
    /// Of everything that is drawn.
    pub(crate) seed: u64,
}

impl Harness {
    /// Its name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What it is, in a few words.
    pub(crate) fn summary(self) -> String {
        self.to_possible_value().and_then(|value| Some(value.get_help()?.to_string())).unwrap_or_default()
    }

    /// How often a kernel is measured at a slowdown if nothing is said: often enough to see whether a pair calls 1 % of 300
    /// comparisons of the same code different, and finds 5 % within a second as often as zenbench and 2 % within ten; else
    /// seldom, and by what takes long very seldom.
    pub(crate) fn repetitions(self, percent: u32) -> u32 {
        match (self, percent) {
            (Self::Pair, 0) => 150,
            (Self::Pair | Self::Zenbench, 5) | (Self::Zenbench | Self::Tango | Self::Binggan, 0) => 20,
            (Self::PairLong, 2) | (Self::TangoLong, 0) => 12,
            (Self::PairLong, _) => 0,
            (Self::Compare, 0) => 8,
            (Self::Criterion, 0) => 6,
            (Self::Criterion, _) => 2,
            _ => 4,
        }
    }

    /// About how many seconds a measurement takes, to tell beforehand how long all of them will.
    pub(crate) fn seconds(self) -> f64 {
        match self {
            Self::Tango => 0.3,
            Self::Zenbench | Self::Binggan => 1.0,
            Self::Pair | Self::TangoLong => 1.3,
            Self::Compare => 2.5,
            Self::Criterion => 5.5,
            Self::PairLong => 10.3,
        }
    }
}

impl Kernel {
    pub(crate) const ALL: [Self; 2] = [Self::Parallel, Self::Serial];
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parallel => "P",
            Self::Serial => "S",
        })
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Slower => "slower",
            Self::Faster => "faster",
            Self::Nothing => "nothing",
        })
    }
}

impl Claim {
    /// Slower by a positive sign, faster by a negative one, nothing where it is not called a difference.
    pub(crate) fn from_difference(called: bool, difference: f64) -> Self {
        match called {
            true if difference > 0.0 => Self::Slower,
            true => Self::Faster,
            false => Self::Nothing,
        }
    }

    /// What [`fmt::Display`] writes.
    pub(crate) fn read(word: &str) -> Option<Self> {
        [Self::Slower, Self::Faster, Self::Nothing].into_iter().find(|said| said.to_string() == word)
    }
}

impl RivalTrial {
    /// As the value of [`VARIABLE`].
    pub(crate) fn to_text(self) -> String {
        let Self { harness, kernel, percent, steps_per_ms, seed } = self;
        format!("{} {kernel} {percent} {steps_per_ms} {seed}", harness.name())
    }

    /// The trial of this process; `None` if it is the driver.
    pub(crate) fn from_environment() -> Result<Option<Self>> {
        env::var(VARIABLE).ok().map(|text| Self::read(&text)).transpose()
    }

    fn read(text: &str) -> Result<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        let [harness, kernel, percent, steps_per_ms, seed] = words[..] else {
            bail!("failed to read {VARIABLE}={text:?}: it is the driver's; unset it")
        };
        let kernel = Kernel::ALL.into_iter().find(|known| known.to_string() == kernel);
        Ok(Self {
            harness: Harness::from_str(harness, false).map_err(anyhow::Error::msg)?,
            kernel: kernel.context("failed to read the kernel")?,
            percent: percent.parse()?,
            steps_per_ms: steps_per_ms.parse()?,
            seed: seed.parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_is_read_as_it_was_written() {
        for &harness in Harness::value_variants() {
            let trial =
                RivalTrial { harness, kernel: Kernel::Serial, percent: 3, steps_per_ms: 400_000, seed: 7 };
            assert_eq!(RivalTrial::read(&trial.to_text()).expect("it can be read"), trial);
            assert!(!harness.summary().is_empty());
        }
        assert!(RivalTrial::read("pair P").is_err());
    }

    #[test]
    fn what_is_not_called_a_difference_is_nothing() {
        assert_eq!(Claim::from_difference(false, 0.3), Claim::Nothing);
        assert_eq!(Claim::from_difference(true, -0.3), Claim::Faster);
        assert_eq!(Claim::read("slower"), Some(Claim::Slower));
    }
}
