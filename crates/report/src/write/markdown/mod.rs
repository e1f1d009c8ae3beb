//! Pages for GitHub, which shows Markdown where a report is reviewed.

mod blocks;
mod escape;
mod index;
mod readme;
mod summary;

use crate::document::{Advice, Document, Fact, News};
pub(crate) use blocks::changes;
use blocks::table;
use escape::escape;
pub(crate) use index::index;
pub(crate) use readme::readme;
pub(crate) use summary::summary;

/// An answer as sentences: `**Waiting agents** (each sleeps, 5.4 to 15 ms): a or b. Sure.`
fn headline(answer: &Advice) -> String {
    format!("**{}** ({}): {}", answer.audience, escape(&answer.about), escape(&answer.sentence()))
}

/// The first screen: an answer for each kind of agents, the matrix, and its key.
pub(crate) fn first_screen(document: &Document<'_>) -> Vec<String> {
    let answers = list(&document.answers.iter().map(headline).collect::<Vec<_>>());
    let matrix = document.overview.iter().flat_map(|overview| {
        [table(overview, overview.rows.len())].into_iter().chain(overview.note.lines().map(escape))
    });
    std::iter::once(answers).chain(matrix).collect()
}

/// What changed, and how many cells were judged.
fn news(news: &News) -> String {
    format!("**{}.** {}", escape(&news.headline), escape(&news.counts))
}

/// `How sure: **Sure.** All others are slower.`
fn sentence(fact: &Fact) -> String {
    format!("{}: **{}** {}", fact.label, escape(&fact.lead), escape(&fact.text)).trim_end().to_owned()
}

/// A page of blocks.
pub(crate) fn page(text: &[String]) -> String {
    blocks(text)
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
