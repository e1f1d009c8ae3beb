//! Pages for GitHub, which shows Markdown where a report is reviewed.

mod escape;
mod index;
mod readme;
mod summary;

pub use index::index;
pub(crate) use readme::readme;
pub(crate) use summary::summary;

use crate::story::{Advice, Fact};
use escape::escape;

/// The answer of one workload as a sentence: `For waiting agents pick **rayon** with 100 workers.`
fn headline(advice: &Advice) -> String {
    let Some(pick) = &advice.pick else { return format!("For {} there is no answer.", advice.audience) };
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

/// A table of plain text; the first column is aligned left, the others right.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |fields: Vec<String>| format!("| {} |\n", fields.join(" | "));
    let rule = (0..head.len()).map(|column| if column == 0 { ":--" } else { "--:" }.to_owned()).collect();
    let titles = head.iter().map(|title| escape(title)).collect();
    let body = rows.iter().map(|row| line(row.iter().map(|field| escape(field)).collect()));
    [line(titles), line(rule)].into_iter().chain(body).collect()
}
