//! Two runs against each other: which cells became faster or slower, and which only look as if.
//!
//! Machines drift between runs, so a cell is compared in two ways: by its time, and by the ratio of its time
//! to the serial baseline of the same round. A difference has to show in both; what all cells of a workload share shows
//! in no ratio, and is judged by itself. METHODOLOGY.md gives the rule and how often it was wrong.

mod base;
mod change;
mod gate;
mod groups;
mod judge;
mod pace;
mod pair;
mod rule;
mod run;
mod samples;
mod shared;
mod shift;
mod views;

use centurion_record::{Difference, Mode, Record};
use judge::Judgement;
pub(crate) use samples::SHARE;
use shift::Pairing;

pub use base::BaseRun;
pub use change::{Change, Metric};
pub use gate::GateVerdict;
pub use pace::PaceShift;
pub use rule::{ChangeVerdict, Rules};
pub use shared::{Cause, Scope, SharedChange};

/// What makes a run less than a full run of everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It was asked for a part only, each in words such as `executors rayon`.
    Narrowed(Vec<String>),
    /// It was stopped after so many rounds.
    Stopped(usize),
    /// It was made quickly.
    Quick,
    /// It was made to check answers only.
    Verify,
}

/// When a run was made, of which code and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOrigin {
    /// When it was started, RFC 3339.
    pub started: String,
    /// How many rounds it has.
    pub rounds: usize,
    /// The commit that it was built from. `None` where that is not known.
    pub commit: Option<String>,
    /// Whether there were changes beside that commit.
    pub dirty: bool,
}

impl RunOrigin {
    fn new(record: &Record) -> Self {
        Self {
            started: record.run.started.clone(),
            rounds: record.rounds.len(),
            commit: record.environment.commit.clone(),
            dirty: record.environment.dirty,
        }
    }
}

/// What two runs say about each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// When and of which commit the base is.
    pub base: RunOrigin,
    /// The same of the run that is compared with it.
    pub now: RunOrigin,
    /// What was asked of a difference.
    pub rules: Rules,
    /// What makes the base less than a full run of everything. Empty when it is one.
    pub base_lacks: Vec<Lack>,
    /// The same of the run that is compared with it.
    pub now_lacks: Vec<Lack>,
    /// In what compilers, flags, kernels and library versions differ: reasons for a change beside the code.
    pub builds: Vec<Difference>,
    /// How far the pace of the CPUs moved, where agents compute and it was looked at.
    pub pace: Option<PaceShift>,
    /// How far the cells of each family of workloads moved together, and those of each executor, in the order of names.
    pub shared: Vec<SharedChange>,
    /// Every cell of an executor in either run: differences first, then the rest, both by size over noise.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// Compares two runs made at different times.
    pub fn new(base: &Record, now: &Record, rules: Rules) -> Self {
        Self::with_pairing(base, now, Pairing::Apart, rules)
    }

    /// Compares two runs whose rounds were made alternately, round by round.
    pub fn with_paired_rounds(base: &Record, now: &Record, rules: Rules) -> Self {
        Self::with_pairing(base, now, Pairing::Alternate, rules)
    }

    fn with_pairing(base: &Record, now: &Record, pairing: Pairing, rules: Rules) -> Self {
        let Judgement { mut changes, shared, pace } = Judgement::new(base, now, pairing, rules);
        changes.sort_by(|a, b| {
            let differs = b.verdict.is_difference().cmp(&a.verdict.is_difference());
            differs.then(b.over_noise().total_cmp(&a.over_noise()))
        });
        Self {
            base: RunOrigin::new(base),
            now: RunOrigin::new(now),
            rules,
            base_lacks: lacks(base),
            now_lacks: lacks(now),
            builds: builds(base, now),
            pace,
            shared,
            changes,
        }
    }

    /// Cells with that verdict.
    pub fn count(&self, of: impl Fn(&ChangeVerdict) -> bool) -> usize {
        self.changes.iter().filter(|change| of(&change.verdict)).count()
    }

    /// Cells that could be judged.
    pub fn judged(&self) -> usize {
        self.count(ChangeVerdict::is_judged)
    }

    /// Cells that the base measured and that could not be judged.
    pub fn unjudged(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.is_unjudged())
    }

    /// Regressions and improvements, by size over noise.
    pub fn differences(&self) -> &[Change] {
        &self.changes[..self.count(ChangeVerdict::is_difference)]
    }

    /// What cells were shown to share.
    pub fn shown(&self) -> impl Iterator<Item = &SharedChange> {
        self.shared.iter().filter(|shared| shared.is_shown)
    }

    /// Why no cell at all could be compared, if it is the same for all.
    pub fn common_obstacle(&self) -> Option<&ChangeVerdict> {
        let first = &self.changes.first()?.verdict;
        let same = !first.is_comparable() && self.changes.iter().all(|change| change.verdict == *first);
        same.then_some(first)
    }
}

/// What two revisions of one project are expected to differ in, or what makes cells not comparable by itself.
const EXPECTED: [&str; 4] = ["machine", "commit", "uncommitted changes", "bench code"];

fn builds(base: &Record, now: &Record) -> Vec<Difference> {
    let mut differences = base.build_differences(now);
    differences.retain(|difference| !EXPECTED.contains(&difference.field.as_str()));
    differences
}

fn lacks(record: &Record) -> Vec<Lack> {
    let narrowed = record.is_narrowed().then(|| Lack::Narrowed(record.run.narrowed_to.clone()));
    let stopped = (!record.run.complete).then_some(Lack::Stopped(record.rounds.len()));
    let mode = match record.run.mode {
        Mode::Full => None,
        Mode::Quick => Some(Lack::Quick),
        Mode::Verify => Some(Lack::Verify),
    };
    [narrowed, stopped, mode].into_iter().flatten().collect()
}
