//! What became of a cell between two runs.

use centurion_record::CellId;
use centurion_stats::Estimate;

use super::rule::ChangeVerdict;

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Time over the time of the serial baseline in the same rounds; of the baseline itself, over that of its copies
    /// without an executor, which show what the hardware can do.
    Ratio,
    /// Time by itself.
    Time,
}

/// One cell in both runs; or, of a family of workloads such as `grain`, all its members under one executor: the
/// points of a curve are judged together.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The cell's id; that of the family for a curve.
    pub id: CellId,
    /// Name of the workload, or of the family.
    pub workload: String,
    /// Name of the executor.
    pub executor: String,
    /// CPUs.
    pub cores: usize,
    /// Workers.
    pub workers: usize,
    /// Whether the base measured it; of a curve, any of its points.
    pub in_base: bool,
    /// Median time of one bag in the base, in nanoseconds; the geometric mean of those of a curve's points. `None`
    /// where it has no samples.
    pub base_ns: Option<f64>,
    /// The same in the run compared with it.
    pub now_ns: Option<f64>,
    /// Time now over time in the base, each the mean of the fastest three quarters of the rounds, beside what was shown to
    /// be shared by all cells of the workload, with an interval that is wrong with a probability of
    /// [`alarms`](super::Rules::alarms).
    /// Above 1 is slower.
    pub time: Option<Estimate>,
    /// The same of the ratio to [`Metric::Ratio`]'s reference. `None` where there is none.
    pub ratio: Option<Estimate>,
    /// Which of the two the verdict rests on.
    pub metric: Option<Metric>,
    /// The cell's own noise, as a fraction: half the width of the interval of [`Change::decisive`], what noise alone may
    /// shift it by. `None` without an interval.
    pub floor: Option<f64>,
    /// The probability of so large a change where there is none, as it is when so many cells are looked at.
    pub p_value: Option<f64>,
    /// What is said of it.
    pub verdict: ChangeVerdict,
}

impl Change {
    /// The change that the verdict rests on, above 1 for slower.
    pub fn decisive(&self) -> Option<Estimate> {
        match self.metric? {
            Metric::Ratio => self.ratio,
            Metric::Time => self.time,
        }
    }

    /// Whether the base measured it and nothing can be said of it all the same.
    pub fn is_unjudged(&self) -> bool {
        self.in_base && !self.verdict.is_judged()
    }

    /// Size of the change over the cell's own noise; 0 when either is unknown.
    pub fn over_noise(&self) -> f64 {
        let size = self.decisive().map_or(0.0, |change| change.value.ln().abs());
        self.floor.filter(|floor| *floor > 0.0).map_or(0.0, |floor| size / floor)
    }

    /// How many times as long as in the base it may take, by either view. `None` without an interval.
    pub fn at_most(&self) -> Option<f64> {
        let high = |view: Estimate| view.interval.map(|ends| ends.high);
        [self.time, self.ratio].into_iter().flatten().filter_map(high).reduce(f64::max)
    }
}
