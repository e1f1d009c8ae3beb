//! How much longer agents waited than they asked for, which is the timers' doing.

use centurion_findings::{Execution, Overshoot, WorkloadResult};

use centurion_stats::Estimate;

use super::{Findings, slug};
use crate::document::{Content, Outputs, Rank, Section, SectionBlock, paragraph};
use crate::table::{Column, Entry, Table, entries};
use crate::units::{joined, percent, rough_time, time, time_estimate};
use crate::wording::called;

const HEADING: &str = "Timers";

/// A sentence and a table for each workload that only waits, and a sentence for each that waits for a server. `None`
/// without any.
pub(super) fn section<'a>(findings: &Findings<'a>) -> Option<Section<'a>> {
    let executions = Execution::from_record(findings.record);
    let executions_of =
        |workload: &WorkloadResult| executions.get(&*workload.name).map_or(&[][..], Vec::as_slice);
    let timed: Vec<_> = findings
        .alone()
        .map(|workload| (workload, workload.overshoots(executions_of(workload))))
        .filter(|(_, overshoots)| !overshoots.is_empty())
        .collect();
    let served: Vec<_> = findings.alone().filter_map(served).collect();
    let mut section = Section::new("timers", HEADING, &[]);
    section.lead = timed.iter().map(|(workload, overshoots)| in_a_sentence(workload, overshoots)).collect();
    section.lead.extend((!timed.is_empty()).then(|| BEYOND.into()));
    section.lead.extend(served.iter().cloned());
    let shown = Outputs::README | Outputs::TERMINAL;
    let title = SectionBlock::new(shown, Content::Title(HEADING.into()));
    let blocks = timed.iter().flat_map(|(workload, overshoots)| blocks(workload, overshoots));
    let served = served.iter().map(|said| SectionBlock::new(shown, paragraph(said.as_str())));
    let any = !section.lead.is_empty();
    let section = section.with([title]).with(blocks).with(served).broad().ranked(Rank::Figures(1));
    any.then_some(section)
}

/// What is between an agent's wait and its end.
const BEYOND: &str = "Beyond its waits an agent takes until its timers end, until a worker has time for it, and what it computes. Each executor was stamped \
     in one execution, that of its largest cell.";

fn blocks<'a>(workload: &WorkloadResult, overshoots: &[Overshoot]) -> [SectionBlock<'a>; 3] {
    let shown = Outputs::README | Outputs::TERMINAL;
    [
        SectionBlock::new(shown | Outputs::SUMMARY, paragraph(in_a_sentence(workload, overshoots))),
        SectionBlock::new(Outputs::README, table(workload, overshoots)).yielding(3),
        SectionBlock::new(Outputs::TERMINAL | Outputs::PAGE, table(workload, overshoots)),
    ]
}

/// That no timer decides, and what the server costs that decides instead.
fn served(workload: &WorkloadResult) -> Option<String> {
    let (least, most) = workload.server_shares()?;
    let [least, most] = [least, most].map(percent);
    let share = if least == most { least } else { format!("{least} to {most}") };
    Some(format!(
        "{}: agents wait for the answers of a server, which no timer of an executor ends, so its figures compare \
         executors apart from their timers. The server took {share} of the CPU time of both.",
        workload.name
    ))
}

/// Who lets agents wait longest beyond what they asked for and who shortest, where their intervals are apart.
fn in_a_sentence(workload: &WorkloadResult, overshoots: &[Overshoot]) -> String {
    let sensible: Vec<_> = overshoots.iter().filter(|overshoot| !overshoot.mistake).collect();
    let under = |overshoot: &Overshoot| {
        format!("{} longer under {}", rounded(overshoot.median_ns), overshoot.executor)
    };
    let said = match (sensible.first(), sensible.last()) {
        (Some(least), Some(most)) if lies_below(least, most) => {
            format!("the median agent takes {}, and {}, than it asked to wait", under(least), under(most))
        }
        (Some(_), Some(_)) => {
            let names: Vec<_> = sensible.iter().map(|overshoot| overshoot.executor.as_str()).collect();
            format!(
                "what agents take longer than they asked to wait is not told apart under {}",
                joined(&names)
            )
        }
        _ => "only mistakes were stamped".into(),
    };
    format!("{}: {said}.", workload.name)
}

/// With as many digits as its interval bears out.
fn rounded(ns: Estimate) -> String {
    rough_time(ns.value, ns.interval.map_or(ns.value, |ends| ends.high - ends.low))
}

fn lies_below(least: &Overshoot, most: &Overshoot) -> bool {
    least.median_ns.interval.zip(most.median_ns.interval).is_some_and(|(least, most)| least.high < most.low)
}

fn table(workload: &WorkloadResult, overshoots: &[Overshoot]) -> Table {
    let caption = format!("{}: time beyond what agents asked to wait", workload.name);
    let columns = Column::named(["executor", "median agent", "99 of 100 within"]);
    Table::new(slug("overshoot", &workload.name), caption, columns)
        .rows(overshoots.iter().map(row))
        .note("[ ] 95 % interval of the median over the agents of the execution.")
}

fn row(overshoot: &Overshoot) -> Vec<Entry> {
    entries([
        called(&overshoot.executor, overshoot.mistake).into(),
        time_estimate(overshoot.median_ns),
        time(overshoot.p99_ns).into(),
    ])
}
