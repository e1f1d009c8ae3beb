//! What the longest of long-tailed tasks allow, and what time limits and limits in flight make of it.

use centurion_findings::{Restriction, TailCeiling, Tails};

use super::{Findings, NOTHING};
use crate::document::{Content, Outputs, Rank, Section, SectionBlock, paragraph};
use crate::table::{Column, Entry, Table, entries};
use crate::units::{Quantity, digits, times, times_estimate};

const HEADING: &str = "Long tails";

/// A sentence and a table. `None` where no long-tailed tasks were measured.
pub(super) fn section<'a>(findings: &Findings<'a>) -> Option<Section<'a>> {
    let tails = findings.analysis.tails()?;
    let sentences = in_sentences(&tails);
    let mut section = Section::new("tails", HEADING, &[]);
    section.lead = vec![
        sentences.clone(),
        "A ceiling is the work of all tasks over the least time of any schedule. What an executor adds comes on top; no \
         executor can lift it."
            .into(),
    ];
    let shown = Outputs::README | Outputs::TERMINAL;
    let blocks = [
        SectionBlock::new(shown, Content::Title(format!("{HEADING}: {}", tails.workload.name))),
        SectionBlock::new(shown | Outputs::SUMMARY, paragraph(sentences)),
        SectionBlock::new(shown | Outputs::PAGE, table(&tails)),
    ];
    Some(section.with(blocks).broad().ranked(Rank::Figures(1)))
}

fn in_sentences(tails: &Tails<'_>) -> String {
    let longest = digits(tails.longest_in_medians);
    let ceilings = tails.ceilings.iter().map(|ceiling| match ceiling.restriction {
        Restriction::None => format!(
            "The longest of {} tasks takes {longest} times as long as the median one, so that no executor is faster \
             than {} the serial loop.",
            tails.workload.agents,
            times(ceiling.speedup)
        ),
        Restriction::TimeLimit { run } => {
            let how = if run { "" } else { ", computed from the recorded costs and not run" };
            format!("A time limit of ten medians makes that {}{how}.", times(ceiling.speedup))
        }
        Restriction::InFlight(tasks) => {
            format!("With no more than {tasks} in flight it is {}.", times(ceiling.speedup))
        }
    });
    ceilings.collect::<Vec<_>>().join(" ")
}

fn table(tails: &Tails<'_>) -> Table {
    let caption = format!("{}: ceilings of {} tasks", tails.workload.name, tails.workload.agents);
    let columns = Column::named(["tasks", "ceiling", "measured", "fastest"]);
    Table::new("tails-table", caption, columns).rows(tails.ceilings.iter().map(row)).note(
        "Measured: the fastest executor with as many workers as tasks in flight, [ ] 95 % interval; – where that was \
         not run.",
    )
}

fn row(ceiling: &TailCeiling<'_>) -> Vec<Entry> {
    let (speedup, name) = match ceiling.measured {
        Some((name, speedup)) => (times_estimate(speedup), name.to_owned()),
        None => (Quantity::from(NOTHING), NOTHING.to_owned()),
    };
    entries([restricted(ceiling.restriction).into(), times(ceiling.speedup).into(), speedup, name.into()])
}

fn restricted(restriction: Restriction) -> String {
    match restriction {
        Restriction::None => "whole, all in flight".into(),
        Restriction::TimeLimit { run: true } => "time limit of ten medians".into(),
        Restriction::TimeLimit { run: false } => "time limit of ten medians, computed".into(),
        Restriction::InFlight(tasks) => format!("whole, {tasks} in flight"),
    }
}
