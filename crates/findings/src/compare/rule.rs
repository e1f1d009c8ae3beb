//! When a change is called one.

/// What is asked of a difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// The least change that is called one, as a fraction: 0.03 is 3 %.
    pub least: f64,
    /// How many bootstrapped standard errors a change must be away from none.
    pub errors: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { least: 0.03, errors: 3.0 }
    }
}

/// What is said of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangeVerdict {
    /// It takes longer than it did.
    Slower,
    /// It takes less time than it did.
    Faster,
    /// The interval lies within what would count as a change: it is the same, to that precision.
    Same,
    /// Neither a change nor sameness could be shown.
    WithinNoise,
    /// Too few rounds in one of the runs.
    NeedsRounds,
    /// The runs can't be compared, for this reason.
    NotComparable(String),
}

impl ChangeVerdict {
    /// Slower or faster.
    pub fn is_difference(&self) -> bool {
        matches!(self, Self::Slower | Self::Faster)
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
