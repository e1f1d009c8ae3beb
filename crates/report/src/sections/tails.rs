//! What the longest of long-tailed tasks allow, and what time limits and limits in flight make of it.

use centurion_findings::{TailCeiling, TailLimit, Tails};

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
        "A ceiling is the work of all tasks over the least time of any schedule, from what each took by itself: a figure may lie \
         beyond it by the error of both. What an executor adds comes on top; no executor can lift it."
            .into(),
    ];
    let shown = Outputs::README | Outputs::TERMINAL;
    let blocks = [
        SectionBlock::new(shown, Content::Title(format!("{HEADING}: {}", tails.workload.name))),
        SectionBlock::new(shown | Outputs::SUMMARY, paragraph(sentences)),
        SectionBlock::new(Outputs::README, table(&tails)).yielding(2),
        SectionBlock::new(Outputs::TERMINAL | Outputs::PAGE, table(&tails)),
    ];
    Some(section.with(blocks).broad().ranked(Rank::Figures(1)))
}

/// A sentence without a time limit, and one with it.
fn in_sentences(tails: &Tails<'_>) -> String {
    let alike = tails.ceilings.chunk_by(|a, b| a.limit == b.limit);
    let sentences =
        alike.map(|ceilings| format!("{}{}.", all_in_flight(tails, &ceilings[0]), fewer(ceilings)));
    sentences.collect::<Vec<_>>().join(" ")
}

fn all_in_flight(tails: &Tails<'_>, ceiling: &TailCeiling<'_>) -> String {
    let (most, longest) = (times(ceiling.speedup), digits(tails.longest_in_medians));
    match ceiling.limit {
        TailLimit::None => format!(
            "The longest of {} tasks takes {longest} times as long as the median one, so that about {most} the serial loop \
             is the limit of every executor",
            tails.workload.agents
        ),
        TailLimit::Run => format!("A time limit of ten medians makes that about {most}"),
        TailLimit::Computed => {
            format!("A time limit of ten medians would make that about {most}, by the recorded costs")
        }
    }
}

/// What fewer in flight allow, where that is less than all do.
fn fewer(ceilings: &[TailCeiling<'_>]) -> String {
    let less = |ceiling: &&TailCeiling<'_>| ceiling.speedup < ceilings[0].speedup;
    let told = ceilings.iter().filter(less).filter_map(|ceiling| {
        Some(format!("; with no more than {} in flight, {}", ceiling.in_flight?, times(ceiling.speedup)))
    });
    told.collect()
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
    entries([tasks(ceiling).into(), times(ceiling.speedup).into(), speedup, name.into()])
}

/// `ten medians at most, 8 in flight`.
fn tasks(ceiling: &TailCeiling<'_>) -> String {
    let limit = match ceiling.limit {
        TailLimit::None => "whole",
        TailLimit::Run => "ten medians at most",
        TailLimit::Computed => "ten medians at most (computed)",
    };
    let in_flight = ceiling.in_flight.map_or("all".into(), |few| few.to_string());
    format!("{limit}, {in_flight} in flight")
}
