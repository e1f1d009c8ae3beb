//! What can be typed for two things that are measured side by side.

use centurion_findings::compare::Rules;
use clap::{Args, ValueEnum};

use crate::args::WaitArgs;
use crate::number;

/// Shown at the end of the help.
pub const EXAMPLES: &str = "\
Examples:
  cargo centurion pair std-counter rayon --workload grain-64 --workers 2
  cargo centurion pair rayon rayon --workload deciding      the same twice: what noise does
  cargo centurion pair std-counter smol --workload thinking --seconds 10 --margin 2%
Exit codes with --fail-on-regression: 0 the second was shown not to be slower by the margin;
1 it was shown to be slower; 3 neither was shown; 4 the two can't be compared.";

/// Percent that a change counts from.
const MARGIN: &str = "1";
/// Of comparisons of the same code, the share that may be called different.
const ALARMS: f64 = 0.01;

/// Two executors of one workload.
#[derive(Debug, Clone, Args)]
pub struct PairArgs {
    /// The executor that is the base, as `cargo centurion list` names it
    #[arg(value_name = "BASE")]
    pub(crate) base: String,
    /// The executor that is seen from it
    #[arg(value_name = "NEW")]
    pub(crate) now: String,
    /// What the agents do: a workload as `cargo centurion list` names it; grain and the patterns with a size, such as
    /// grain-64
    #[arg(long, alias = "workloads", default_value = "deciding", value_name = "NAME")]
    pub(crate) workload: String,
    /// Workers of both [default: one per agent if they wait, one per CPU if they compute]
    #[arg(long, value_name = "N", value_parser = number::of_workers)]
    pub(crate) workers: Option<usize>,
    /// Number of agents; of a council, those that decide
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = number::of_agents)]
    pub(crate) agents: usize,
    #[command(flatten)]
    pub(crate) how: PairOptions,
}

/// For how long a pair is measured, how it is judged, and how that is shown.
#[derive(Debug, Clone, Args)]
pub struct PairOptions {
    /// Seconds to measure for, once it is known how many executions make a sample; ten pairs are measured in any case
    /// [default: 1]
    #[arg(long, value_name = "SECONDS", value_parser = number::of_pair_seconds)]
    pub(crate) seconds: Option<f64>,
    /// The least change that counts, in percent
    #[arg(long, default_value = MARGIN, value_name = "PERCENT", value_parser = number::of_margin)]
    pub(crate) margin: f64,
    /// Seed of the order within pairs, and of the agents
    #[arg(long, default_value_t = 42, value_name = "N", value_parser = number::of_seed)]
    pub(crate) seed: u64,
    /// How to show it
    #[arg(long, value_enum, default_value_t = PairFormat::Text)]
    pub(crate) format: PairFormat,
    /// Exit with 1 if the second is slower, with 3 if it is not shown that it is not, with 4 if they can't be compared
    #[arg(long)]
    pub(crate) fail_on_regression: bool,
    #[command(flatten)]
    pub(crate) wait: WaitArgs,
}

impl PairOptions {
    pub(crate) fn rules(&self) -> Rules {
        Rules { least: self.margin / 100.0, alarms: ALARMS }
    }
}

/// How a pair is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PairFormat {
    /// A sentence, and what it rests on
    Text,
    /// One JSON object
    Json,
}
