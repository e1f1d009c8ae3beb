//! The README of a report, within what GitHub shows of a file by itself.

use super::blocks::{entry, shown, table};
use super::{blocks, escape, first_screen, list, news, rest, sentence};
use crate::chart::Picture;
use crate::document::{Advice, Document, Outputs, Rank, Section, TrustBox};
use crate::table::{Column, MOST_ROWS, Table, entries};

/// What GitHub shows of a file by itself.
const MOST_LINES: usize = 400;
const MOST_BYTES: usize = 20_000;

/// Blocks yield at less than this.
const ALL: u8 = 4;

/// The folder's README. As many blocks yield as it takes to stay within what GitHub shows.
pub(crate) fn readme(document: &Document<'_>, pictures: &[Picture]) -> String {
    let fits = |text: &String| text.len() <= MOST_BYTES && text.lines().count() <= MOST_LINES;
    let mut drafts = (1..=ALL).rev().map(|room| draft(document, pictures, room));
    drafts.find(fits).unwrap_or_else(|| draft(document, pictures, 0))
}

/// The README with what yields later than `room`.
fn draft(document: &Document<'_>, pictures: &[Picture], room: u8) -> String {
    let head = &document.head;
    let mut text = vec![
        format!("# {}", escape(&head.machine)),
        format!(
            "{}. Everything, interactive: [index.html](index.html). Findings only: [summary.md](summary.md).",
            escape(&head.run)
        ),
    ];
    text.extend(
        head.cautions.iter().map(|caution| format!("> **{}** {}", caution.lead, escape(&caution.text))),
    );
    text.push("## Which executor should run your agents?".to_owned());
    text.extend(document.news.as_ref().map(news));
    text.extend(first_screen(document));
    text.extend(chapters(document, room, |rank| rank == Rank::News));
    text.extend(pictures.iter().map(image));
    text.push("## What the answers rest on".to_owned());
    text.extend(document.answers.iter().map(reasons));
    text.extend(trust(&document.trust));
    text.push("## Figures".to_owned());
    let mut figures: Vec<_> = document.sections.iter().collect();
    figures.sort_by_key(|section| section.rank);
    let figures = figures.into_iter().filter(|section| matches!(section.rank, Rank::Figures(_)));
    text.extend(figures.flat_map(|section| shown(section, Outputs::README, room)));
    let yielded =
        document.sections.iter().flat_map(|section| &section.blocks).any(|block| {
            block.on.include(Outputs::README) && block.yields.is_some_and(|yields| yields >= room)
        });
    text.extend(yielded.then(|| "More figures are in [index.html](index.html).".to_owned()));
    text.extend(chapters(document, room, |rank| rank == Rank::End));
    blocks(&text)
}

/// Sections with a heading of their own.
fn chapters(document: &Document<'_>, room: u8, wanted: impl Fn(Rank) -> bool) -> Vec<String> {
    let chapter = |section: &Section<'_>| {
        let shown = shown(section, Outputs::README, room);
        let heading = (!shown.is_empty()).then(|| format!("## {}", section.heading));
        heading.into_iter().chain(shown).collect::<Vec<_>>()
    };
    document.sections.iter().filter(|section| wanted(section.rank)).flat_map(chapter).collect()
}

/// What an answer rests on.
fn reasons(answer: &Advice) -> String {
    let facts: Vec<_> = answer.facts.iter().map(sentence).collect();
    format!("### {}\n\n{}", answer.audience, list(&facts))
}

fn image(picture: &Picture) -> String {
    format!("![{}](charts/{})", escape(&picture.alt), picture.name)
}

fn trust(trust: &TrustBox) -> Vec<String> {
    let columns = ["", "", ""].map(Column::words).into();
    let rows = trust.facts.iter().map(|fact| entries([fact.label, &fact.lead, &fact.text]));
    let facts = Table::new("", "", columns).rows(rows);
    let mut text = vec!["## Trust".to_owned(), table(&facts, facts.rows.len())];
    let doubts: Vec<_> = trust.doubts.iter().map(|doubt| escape(doubt)).collect();
    if !doubts.is_empty() {
        text.extend(["Reasons for doubt:".to_owned(), list(&doubts)]);
    }
    let failures: Vec<_> = trust.failures.iter().take(MOST_ROWS).map(entry).collect();
    if !failures.is_empty() {
        let left_out = rest(trust.failures.len() - failures.len());
        text.extend(["Failed:".to_owned(), list(&failures), left_out]);
    }
    text
}
