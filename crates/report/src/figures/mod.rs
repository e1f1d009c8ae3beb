//! Which charts a record fills, as the numbers that go into them.

mod changes;
mod curves;
mod executions;
mod granularity;
mod peers;

use centurion_record::{Kind, Record, Role, Timeline};

use centurion_findings::{Analysis, WorkloadResult};
use centurion_plot::Frame;

pub(crate) use changes::Base;

/// The charts of one record, next to its base.
pub(crate) struct Figures<'a> {
    pub(crate) record: &'a Record,
    pub(crate) analysis: &'a Analysis,
    /// The run to compare with, if there is one.
    pub(crate) base: Option<&'a Base<'a>>,
    /// Names of the executors under test; the place in the list is the executor's identity in every chart.
    cast: Vec<&'a str>,
}

/// Where a chart goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// Pixels.
    pub(crate) width: u32,
    /// Ends every id, so that two sizes of a chart fit one page.
    pub(crate) suffix: &'static str,
    /// Whether it is a file of its own.
    pub(crate) file: bool,
    /// Whether a pointer can ask for names and numbers.
    pub(crate) hovers: bool,
}

impl Size {
    /// A file of its own, shown as an image.
    pub(crate) const FILE: Self = Self { width: 760, suffix: "", file: true, hovers: false };
    /// A place in a page that has room.
    pub(crate) const WIDE: Self = Self { width: 760, suffix: "", file: false, hovers: true };
    /// Instead of a wide one where there is no room for it.
    pub(crate) const NARROW: Self = Self { width: 360, suffix: "-n", file: false, hovers: false };
    /// One of several side by side.
    pub(crate) const SMALL: Self = Self { width: 360, suffix: "", file: false, hovers: true };
}

/// A chart and what it says in words.
pub(crate) struct Drawing {
    /// Title and description.
    pub(crate) alt: String,
    pub(crate) svg: String,
}

impl Drawing {
    fn new(frame: &Frame, svg: String) -> Self {
        Self { alt: format!("{}. {}", frame.title, frame.description), svg }
    }
}

/// Words of a chart.
struct Words {
    id: String,
    title: String,
    subtitle: String,
    description: String,
}

impl Words {
    fn frame(self, size: Size) -> Frame {
        Frame {
            id: self.id + size.suffix,
            title: self.title,
            subtitle: self.subtitle,
            description: self.description,
            width: size.width,
            styled: size.file,
            hovers: size.hovers,
        }
    }
}

/// A timeline with what it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Execution<'a> {
    pub(crate) timeline: &'a Timeline,
    pub(crate) executor: &'a str,
    pub(crate) cores: usize,
    pub(crate) workers: usize,
}

impl<'a> Figures<'a> {
    pub(crate) fn new(record: &'a Record, analysis: &'a Analysis, base: Option<&'a Base<'a>>) -> Self {
        let tested =
            |name: &str| record.cells.iter().any(|cell| cell.role == Role::Executor && cell.executor == name);
        let names = record.executors.iter().map(|executor| executor.name.as_str());
        Self { record, analysis, base, cast: names.filter(|name| tested(name)).collect() }
    }

    /// The executors under test, in order.
    pub(crate) fn cast(&self) -> &[&'a str] {
        &self.cast
    }

    /// Identity of an executor; what is not under test follows the others.
    pub(crate) fn index(&self, executor: &str) -> usize {
        self.cast.iter().position(|name| *name == executor).unwrap_or(self.cast.len())
    }

    /// Timelines of a workload, the shortest makespan first.
    pub(crate) fn executions(&self, workload: &WorkloadResult) -> Vec<Execution<'a>> {
        let execution = |timeline: &'a Timeline| {
            let cell = self.record.cells.iter().find(|cell| cell.id == timeline.cell)?;
            (cell.workload == workload.name).then_some(Execution {
                timeline,
                executor: &cell.executor,
                cores: cell.cores,
                workers: cell.workers,
            })
        };
        let mut executions: Vec<_> = self.record.timelines.iter().filter_map(execution).collect();
        executions.sort_by_key(|execution| execution.timeline.makespan_ns);
        executions
    }

    /// Place of a workload in the record, for ids.
    fn number(&self, workload: &WorkloadResult) -> usize {
        self.analysis.workloads.iter().position(|other| other.name == workload.name).unwrap_or(0)
    }
}

/// What scales a workload: `workers` for waiting agents, `cores` for computing ones.
pub(crate) fn axis(kind: Kind) -> &'static str {
    match kind {
        Kind::Waiting => "workers",
        Kind::Computing => "cores",
    }
}
