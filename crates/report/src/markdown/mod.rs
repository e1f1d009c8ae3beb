//! Pages for GitHub, which shows Markdown where a report is reviewed.

mod changes;
pub(crate) mod escape;
mod index;
mod peers;
mod readme;
mod summary;

pub use index::index;
pub(crate) use readme::readme;
pub(crate) use summary::summary;

use crate::story::{Advice, Fact, Failure};
use crate::units::joined;
use escape::escape;

/// The answer of one workload as a sentence: `For waiting agents pick **rayon** with 100 workers.`
fn headline(advice: &Advice) -> String {
    let pick = match &advice.pick {
        Ok(pick) => pick,
        Err(instead) => return format!("For {} {instead}.", advice.audience),
    };
    let equals = if pick.equals.is_empty() {
        String::new()
    } else {
        format!(" Not told apart from it: {}.", escape(&pick.equals))
    };
    format!("For {} pick **{}**{}.{equals}", advice.audience, escape(&pick.executor), pick.place)
}

/// `How sure: **Sure.** All others are slower.`
fn sentence(fact: &Fact) -> String {
    format!("{}: **{}** {}", fact.label, escape(&fact.lead), escape(&fact.text)).trim_end().to_owned()
}

/// A fact whose text is an addition to its lead: `Load average: **1.6** (median of the rounds)`.
fn remark(fact: &Fact) -> String {
    format!("{}: **{}** ({})", fact.label, escape(&fact.lead), escape(&fact.text))
}

/// Reasons may be long, a README may not.
fn shortened(reason: &str) -> String {
    const LONGEST: usize = 160;
    if reason.chars().count() <= LONGEST {
        return reason.to_owned();
    }
    reason.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Cells and why there is nothing to say of them: `a, b, c and 17 more: not in the base`.
fn entry(failure: &Failure) -> String {
    format!("{}: {}", escape(&joined(&failure.cells)), escape(&shortened(&failure.reason)))
}

/// Entries of a list, which are Markdown already.
fn list(entries: &[String]) -> String {
    entries.iter().map(|entry| ["- ", entry].concat()).collect::<Vec<_>>().join("\n")
}

/// Blocks with a blank line between them, without the empty ones.
fn blocks(blocks: &[String]) -> String {
    let filled: Vec<_> = blocks.iter().map(|block| block.trim()).filter(|block| !block.is_empty()).collect();
    filled.join("\n\n") + "\n"
}

/// A table of plain text; the first column is aligned left, the others right.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |fields: &[String]| format!("| {} |", fields.join(" | "));
    let escaped = |row: &Vec<String>| line(&row.iter().map(|field| escape(field)).collect::<Vec<_>>());
    let titles: Vec<_> = head.iter().map(|title| escape(title)).collect();
    let rule: Vec<_> =
        (0..head.len()).map(|column| if column == 0 { ":--" } else { "--:" }.to_owned()).collect();
    let lines: Vec<_> = [line(&titles), line(&rule)].into_iter().chain(rows.iter().map(escaped)).collect();
    lines.join("\n")
}
