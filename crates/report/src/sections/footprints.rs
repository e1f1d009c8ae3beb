//! What executions take in all, as figures that several sections show.

use centurion_findings::{FootprintFigures, FootprintResult, Repeated};

use super::{Findings, NOTHING};
use crate::document::Sheet;
use crate::units::{Quantity, rough_count, rough_memory, rough_time};

/// The titles of [`figures`].
pub(super) const TITLES: [&str; 6] = ["makespan", "CPU time", "switches", "memory", "threads", "allocations"];

/// Makespan, CPU time, context switches, memory, threads and allocations, each with its least and its greatest.
pub(super) fn figures(figures: &FootprintFigures) -> [Quantity; 6] {
    let memory = figures.memory_bytes.map(|memory| ranged(&memory, rough_memory));
    let allocations = figures.allocations.map(|allocations| ranged(&allocations, rough_count));
    let threads = figures.threads.map(|threads| ranged(&threads, |threads, _| rough_count(threads, 0.0)));
    [
        ranged(&figures.wall_ns, rough_time),
        ranged(&figures.cpu_ns, rough_time),
        ranged(&figures.switches, rough_count),
        memory.unwrap_or(NOTHING.into()),
        threads.unwrap_or(NOTHING.into()),
        allocations.unwrap_or(NOTHING.into()),
    ]
}

/// The middle one in as many digits as the others bear out.
pub(super) fn middle(repeated: &Repeated, show: impl Fn(f64, f64) -> String) -> String {
    show(repeated.median, apart(repeated))
}

/// How far the repetitions are apart. Of a single one nobody knows: it gets two digits.
fn apart(repeated: &Repeated) -> f64 {
    if repeated.times > 1 { repeated.most - repeated.least } else { repeated.median / 5.0 }
}

fn ranged(repeated: &Repeated, show: impl Fn(f64, f64) -> String + Copy) -> Quantity {
    let [least, most] = [repeated.least, repeated.most].map(|end| show(end, apart(repeated)));
    let bare = least.split(' ').next().unwrap_or_default();
    let same_unit = least.split(' ').next_back() == most.split(' ').next_back();
    let ends = match least == most {
        true => String::new(),
        false if same_unit => format!("{bare} to {most}"),
        false => format!("{least} to {most}"),
    };
    Quantity { value: middle(repeated, show), interval: ends, unit: String::new() }
}

/// One row per footprint in the order of the record; figures are medians. `None` without footprints.
pub(super) fn sheet(findings: &Findings<'_>) -> Option<Sheet> {
    let workloads = findings.analysis.workloads.iter();
    let of_cells = workloads.flat_map(|workload| workload.footprints.iter().map(|run| (&workload.name, run)));
    let growing = findings.analysis.scales.iter().flat_map(|scale| {
        let runs = scale.sizes.iter().flat_map(|size| &size.runs);
        runs.map(|run| (&scale.workload, run))
    });
    let rows: Vec<_> = of_cells.chain(growing).map(|(workload, run)| row(workload, run)).collect();
    (!rows.is_empty()).then_some(Sheet {
        file: "footprints.csv",
        head: &[
            "workload",
            "agents",
            "executor",
            "workers",
            "cores",
            "bound_ns",
            "executions",
            "makespan_ns",
            "cpu_ns",
            "switches",
            "memory_bytes",
            "threads",
            "allocations",
            "allocated_bytes",
            "failure",
        ],
        rows,
    })
}

fn row(workload: &str, run: &FootprintResult) -> Vec<String> {
    let figures = run.figures();
    let whole = |value: f64| format!("{value:.0}");
    let taken = |of: fn(&FootprintFigures) -> Option<Repeated>| {
        figures.and_then(of).map(|repeated| whole(repeated.median)).unwrap_or_default()
    };
    let mut fields = vec![workload.to_owned(), run.agents.to_string(), run.executor.clone()];
    fields.extend([run.workers, run.cores].map(|count| count.to_string()));
    fields.push(run.bound_ns.map(whole).unwrap_or_default());
    fields.push(figures.map_or(0, |figures| figures.wall_ns.times).to_string());
    fields.extend([taken(|figures| Some(figures.wall_ns)), taken(|figures| Some(figures.cpu_ns))]);
    fields.extend([taken(|figures| Some(figures.switches)), taken(|figures| figures.memory_bytes)]);
    fields.push(taken(|figures| figures.threads));
    fields.extend([taken(|figures| figures.allocations), taken(|figures| figures.allocated_bytes)]);
    fields.push(run.outcome.as_ref().err().cloned().unwrap_or_default());
    fields
}
