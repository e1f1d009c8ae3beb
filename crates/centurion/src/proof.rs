//! What the verdicts said of runs that are known to be the same, and of executors known to be slower.

use centurion_findings::compare::{Change, ChangeVerdict, Comparison, Rules};
use centurion_record::{Cell, Record, Role};
use centurion_stats::mann_whitney;

/// The executor that is made slower.
pub(crate) const SLOWED: &str = "std-counter";
/// By how many percent.
pub(crate) const SLOWDOWNS: [u32; 5] = [1, 2, 3, 5, 10];
const FAMILIES: [&str; 3] = ["thinking", "deciding", "grain"];

/// The runs of a proof: the same cells in shuffled rounds, and one after another.
pub struct ProofRuns {
    pub(crate) rounds: Vec<Record>,
    pub(crate) sequential: Vec<Record>,
    pub(crate) criterion: Tally,
}

/// Whether an executor is one as it is, not one that was made slower.
pub(crate) fn is_tested(executor: &str) -> bool {
    !executor.contains('+')
}

/// Name of the executor that is `percent` slower.
pub(crate) fn slower_name(percent: u32) -> String {
    format!("{SLOWED}+{percent}%")
}

/// How often something was called different.
#[derive(Default, Clone, Copy)]
pub(crate) struct Tally {
    called: usize,
    of: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, called: usize, of: usize) {
        self.called += called;
        self.of += of;
    }

    fn and(mut self, other: Self) -> Self {
        self.add(other.called, other.of);
        self
    }

    fn text(self) -> String {
        if self.of == 0 {
            return "–".into();
        }
        let share = 100.0 * self.called as f64 / self.of as f64;
        format!("{} of {} ({share:.1} %)", self.called, self.of)
    }
}

impl ProofRuns {
    /// What the verdicts said, as two Markdown tables: differences where there are none, and slowdowns found.
    pub fn table(&self) -> String {
        let mut alarms = vec![
            (
                "criterion's verdict".to_owned(),
                "deciding, criterion measuring by itself".to_owned(),
                self.criterion,
            ),
            ("rank-sum test, 5 %".into(), "one cell after another".into(), plain_alarms(&self.sequential)),
            ("rank-sum test, 5 %".into(), "shuffled rounds, times only".into(), plain_alarms(&self.rounds)),
        ];
        let ours = FAMILIES.map(|family| (family, self.false_alarms(family)));
        let all = ours.iter().fold(Tally::default(), |all, (_, alarms)| all.and(*alarms));
        alarms.extend(ours.map(|(family, alarms)| ("our verdict".into(), family.into(), alarms)));
        alarms.push(("our verdict".into(), "all".into(), all));
        alarms.push(("our verdict".into(), "anything in a whole comparison".into(), self.whole_alarms()));
        let alarms = alarms
            .iter()
            .filter(|(.., tally)| tally.of > 0)
            .map(|(test, compared, tally)| format!("| {test} | {compared} | {} |\n", tally.text()));
        let found = SLOWDOWNS.map(|percent| {
            let found = FAMILIES.map(|family| self.found(percent, family).text());
            format!("| {percent} % | {} |\n", found.join(" | "))
        });
        format!(
            "| test | the same code twice | called different |\n| :-- | :-- | --: |\n{}\n\
             | {SLOWED} made slower by | {} |\n| :-- | --: | --: | --: |\n{}",
            alarms.collect::<String>(),
            FAMILIES.join(" | "),
            found.concat()
        )
    }

    /// Executors as they are, called different in another run.
    fn false_alarms(&self, family: &str) -> Tally {
        let mut tally = Tally::default();
        for (base, now) in pairs(&self.rounds) {
            let comparison = Comparison::new(&without_slowed(base), &without_slowed(now), Rules::default());
            let of_family =
                |change: &&Change| change.executor != "serial" && change.workload.starts_with(family);
            let tested =
                || comparison.changes.iter().filter(of_family).filter(|change| change.verdict.is_judged());
            tally.add(tested().filter(|change| change.verdict.is_difference()).count(), tested().count());
        }
        tally
    }

    /// Comparisons of executors as they are in which anything was called different.
    fn whole_alarms(&self) -> Tally {
        let mut tally = Tally::default();
        for (base, now) in pairs(&self.rounds) {
            let comparison = Comparison::new(&without_slowed(base), &without_slowed(now), Rules::default());
            let called = comparison.differences().len() + comparison.shown().count();
            tally.add(usize::from(called > 0), usize::from(comparison.judged() > 0));
        }
        tally
    }

    /// The slowed executor of a family, called slower than it was in another run.
    fn found(&self, percent: u32, family: &str) -> Tally {
        let mut tally = Tally::default();
        for (base, now) in pairs(&self.rounds).chain(pairs(&self.rounds).map(|(base, now)| (now, base))) {
            let now = with_slowed_in_place(now, percent);
            let comparison = Comparison::new(&without_slowed(base), &now, Rules::default());
            let of_family =
                |change: &&Change| change.executor == SLOWED && change.workload.starts_with(family);
            for change in
                comparison.changes.iter().filter(of_family).filter(|change| change.verdict.is_judged())
            {
                tally.add(usize::from(change.verdict == ChangeVerdict::Regression), 1);
            }
        }
        tally
    }
}

/// Every two runs.
fn pairs(records: &[Record]) -> impl Iterator<Item = (&Record, &Record)> {
    records
        .iter()
        .enumerate()
        .flat_map(|(index, base)| records[index + 1..].iter().map(move |now| (base, now)))
}

fn plain_alarms(records: &[Record]) -> Tally {
    let mut tally = Tally::default();
    for (base, now) in pairs(records) {
        for cell in base.cells.iter().filter(|cell| cell.role == Role::Executor && is_tested(&cell.executor))
        {
            let times = |cell: &Cell| cell.bag_times().map(|(_, time)| time).collect::<Vec<f64>>();
            let same = now.cells.iter().find(|other| other.id == cell.id);
            let different = same.is_some_and(|same| mann_whitney(&times(cell), &times(same)) < 0.05);
            tally.add(usize::from(different), 1);
        }
    }
    tally
}

fn without_slowed(record: &Record) -> Record {
    let mut record = record.clone();
    record.cells.retain(|cell| is_tested(&cell.executor));
    record
}

/// The record in which the slowed cells stand under the name of the executor they were made from.
fn with_slowed_in_place(record: &Record, percent: u32) -> Record {
    let name = slower_name(percent);
    let mut record = record.clone();
    record
        .cells
        .retain(|cell| cell.executor != SLOWED && (is_tested(&cell.executor) || cell.executor == name));
    for cell in record.cells.iter_mut().filter(|cell| cell.executor == name) {
        cell.id = cell.id.with_executor(SLOWED);
        cell.executor = SLOWED.into();
    }
    record
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::store;

    /// A committed record.
    fn committed() -> Record {
        let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports");
        let folders = reports.read_dir().expect("reports are committed").filter_map(Result::ok);
        let mut records = folders.map(|folder| folder.path().join("results.json"));
        store::read_record(&records.find(|path| path.exists()).expect("one is there"))
            .expect("it is a record")
    }

    #[test]
    fn what_could_not_be_judged_is_not_counted() {
        let table = |record: &Record| {
            let rounds = vec![record.clone(), record.clone()];
            ProofRuns { rounds, sequential: Vec::new(), criterion: Tally::default() }.table()
        };
        let mut record = committed();
        let whole = table(&record);
        assert!(
            whole.contains("| our verdict | anything in a whole comparison | 0 of 1 (0.0 %) |"),
            "{whole}"
        );
        for cell in &mut record.cells {
            cell.round.truncate(5);
            cell.series_mut().into_iter().for_each(|series| series.truncate(5));
        }
        let short = table(&record);
        assert!(!short.contains("our verdict") && short.contains("| 1 % | – | – | – |"), "{short}");
    }
}
