//! When a change is called one.

/// What is asked of a difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// The least change that is called one, as a fraction: 0.03 is 3 %.
    pub least: f64,
    /// How often a whole comparison of the same code may call anything different, as a fraction.
    pub alarms: f64,
}

impl Rules {
    /// The least change that is called one, as a logarithm.
    pub(super) fn least_ln(&self) -> f64 {
        self.least.ln_1p()
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self { least: 0.03, alarms: 0.01 }
    }
}

/// What is said of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangeVerdict {
    /// It was shown to take longer than it did.
    Regression,
    /// It was shown to take less time than it did.
    Improvement,
    /// It was shown to be the same within what would count as a change.
    Equivalent,
    /// Neither a change nor sameness could be shown.
    Inconclusive,
    /// Too few rounds in one of the runs to show anything.
    NeedsRounds,
    /// It can't be compared, for this reason.
    NotComparable(String),
}

impl ChangeVerdict {
    /// A regression or an improvement.
    pub fn is_difference(&self) -> bool {
        matches!(self, Self::Regression | Self::Improvement)
    }

    /// Whether the runs measured the same thing in the same way.
    pub fn is_comparable(&self) -> bool {
        !matches!(self, Self::NotComparable(_))
    }

    /// Whether there was enough to judge by.
    pub fn is_judged(&self) -> bool {
        self.is_comparable() && *self != Self::NeedsRounds
    }
}
