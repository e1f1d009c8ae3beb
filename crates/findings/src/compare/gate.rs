//! Whether two runs show that nothing became slower.

use super::Comparison;
use super::change::Change;
use super::rule::ChangeVerdict;
use super::shared::Cause;

/// What a gate is told: it passes only what was shown, and fails only what was shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GateVerdict {
    /// Every cell of the base was shown not to take longer by as much as counts.
    Passed,
    /// So many cells were shown to take longer, or what cells share was.
    Regression {
        /// Cells.
        cells: usize,
        /// Workloads and executors whose cells share it.
        shared: usize,
    },
    /// Neither was shown of so many cells.
    Inconclusive {
        /// Cells.
        cells: usize,
        /// How many times as long as in the base one of them may take. `None` where that is not known.
        at_most: Option<f64>,
    },
    /// So many cells of the base can't be compared.
    NotComparable {
        /// Cells; 0 where nothing at all can be.
        cells: usize,
    },
}

impl Comparison {
    /// What these runs show of all cells that the base measured.
    pub fn gate(&self) -> GateVerdict {
        self.gate_of(|change| change.in_base)
    }

    /// What they show of those that could be judged; of those with too few rounds where none could.
    pub fn gate_of_judged(&self) -> GateVerdict {
        if self.judged() == 0 {
            return self.gate_of(|change| change.in_base && change.verdict.is_comparable());
        }
        self.gate_of(|change| change.in_base && change.verdict.is_judged())
    }

    fn gate_of(&self, counts: impl Fn(&Change) -> bool) -> GateVerdict {
        let slower = self.shown().filter(|shared| shared.change.value > 1.0);
        let (by_clock, by_code): (Vec<_>, Vec<_>) = slower.partition(|shared| shared.cause == Cause::Clock);
        let cells = self.count(|verdict| *verdict == ChangeVerdict::Regression);
        if cells + by_code.len() > 0 {
            return GateVerdict::Regression { cells, shared: by_code.len() };
        }
        let counted: Vec<&Change> = self.changes.iter().filter(|change| counts(change)).collect();
        let lost = counted.iter().filter(|change| !change.verdict.is_comparable()).count();
        if lost == counted.len() {
            return GateVerdict::NotComparable { cells: 0 };
        }
        if lost > 0 {
            return GateVerdict::NotComparable { cells: lost };
        }
        // Of cells that the clock made slower it was not shown that they are no slower: they are judged beside it.
        let at_most = |change: &Change| {
            let clock = by_clock.iter().find(|shared| shared.scope.is_workload(&change.workload));
            Some(change.at_most()? * clock.map_or(1.0, |clock| clock.change.value))
        };
        let all: Vec<Option<f64>> = counted.into_iter().map(at_most).collect();
        let is_open = |at_most: &&Option<f64>| at_most.is_none_or(|most| most >= 1.0 + self.rules.least);
        let open: Vec<Option<f64>> = all.iter().filter(is_open).copied().collect();
        if open.is_empty() {
            return GateVerdict::Passed;
        }
        let known: Option<Vec<f64>> = open.iter().copied().collect();
        let at_most = known.and_then(|known| known.into_iter().reduce(f64::max));
        GateVerdict::Inconclusive { cells: open.len(), at_most }
    }
}
