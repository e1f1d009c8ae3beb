//! Pages for GitHub, which shows Markdown where a report is reviewed.

mod blocks;
mod escape;
mod index;
mod readme;
mod summary;

use crate::document::{Advice, Fact};
pub(crate) use blocks::changes;
use escape::escape;
pub(crate) use index::index;
pub(crate) use readme::readme;
pub(crate) use summary::summary;

/// An answer as a sentence: `For waiting agents pick **rayon** with 100 workers.`
fn headline(answer: &Advice) -> String {
    let pick = match &answer.pick {
        Ok(pick) => pick,
        Err(instead) => return format!("For {} {instead}.", answer.audience),
    };
    let equals = if pick.equals.is_empty() {
        String::new()
    } else {
        format!(" Not told apart from it: {}.", escape(&pick.equals))
    };
    format!("For {} pick **{}**{}.{equals}", answer.audience, escape(&pick.name), pick.place)
}

/// `How sure: **Sure.** All others are slower.`
fn sentence(fact: &Fact) -> String {
    format!("{}: **{}** {}", fact.label, escape(&fact.lead), escape(&fact.text)).trim_end().to_owned()
}

/// Blocks with a blank line between them, without the empty ones.
fn blocks(blocks: &[String]) -> String {
    let filled: Vec<_> = blocks.iter().map(|block| block.trim()).filter(|block| !block.is_empty()).collect();
    filled.join("\n\n") + "\n"
}

/// Entries of a list, which are Markdown already.
fn list(entries: &[String]) -> String {
    entries.iter().map(|entry| ["- ", entry].concat()).collect::<Vec<_>>().join("\n")
}

/// How many entries a list left out.
fn rest(left_out: usize) -> String {
    if left_out > 0 { format!("{left_out} more are in index.html.") } else { String::new() }
}
