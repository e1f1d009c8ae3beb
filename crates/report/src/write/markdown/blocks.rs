//! Blocks of sections as Markdown.

use centurion_findings::FailedCells;

use super::escape::escape;
use super::{blocks, list, rest};
use crate::document::{Content, Inline, Outputs, Reasons, Section, SectionBlock};
use crate::sections::shortened;
use crate::table::{Column, Entry, Table, Tone};
use crate::units::joined;

/// What a section shows in an output, without the blocks that yield at `room` or before.
pub(super) fn shown(section: &Section<'_>, on: Outputs, room: u8) -> Vec<String> {
    let has_room = |block: &&SectionBlock<'_>| block.yields.is_none_or(|yields| yields < room);
    let shown = section.blocks.iter().filter(|block| block.on.include(on)).filter(has_room);
    shown.flat_map(|block| content(&block.content)).collect()
}

fn content(content: &Content<'_>) -> Vec<String> {
    match content {
        Content::Title(title) => vec![format!("### {}", escape(title))],
        Content::Text(text) => vec![text.iter().map(inline).collect()],
        Content::Warning(text) => vec![escape(text)],
        Content::Table(shown) => vec![
            table(shown, shown.rows.len().min(shown.most)),
            rest(shown.rows.len().saturating_sub(shown.most)),
        ],
        Content::Reasons(failed) => reasons(failed),
        Content::Chart(_) | Content::Fold(_) | Content::LeftOut { .. } => Vec::new(),
    }
}

fn inline(text: &Inline) -> String {
    match text {
        Inline::Plain(text) => escape(text),
        Inline::Link { label, file } => format!("[{label}]({file})"),
    }
}

/// A heading and a list; nothing without reasons.
fn reasons(failed: &Reasons) -> Vec<String> {
    if failed.cells.is_empty() {
        return Vec::new();
    }
    let mut entries: Vec<_> = failed.cells.iter().take(failed.most).map(entry).collect();
    if failed.cells.len() > failed.most {
        entries.push(format!("{} more reasons are in index.html", failed.cells.len() - failed.most));
    }
    vec![format!("{}:", failed.heading), list(&entries)]
}

/// Cells and why there is nothing to say of them: `a, b, c and 17 more: not in the base`.
pub(super) fn entry(failed: &FailedCells) -> String {
    format!("{}: {}", escape(&joined(&failed.cells)), escape(&shortened(&failed.reason)))
}

/// The first rows of a table.
pub(super) fn table(shown: &Table, most: usize) -> String {
    rows(shown, &shown.rows[..most])
}

/// Some rows of a table under its head; nothing without rows.
pub(super) fn rows(shown: &Table, rows: &[Vec<Entry>]) -> String {
    let line = |fields: Vec<String>| format!("| {} |", fields.join(" | "));
    let titles = shown.columns.iter().map(title).collect();
    let rule = shown.columns.iter().map(|column| if column.figures { "--:" } else { ":--" }.to_owned());
    let fields = |row: &Vec<Entry>| row.iter().map(field).collect();
    let head = [line(titles), line(rule.collect())];
    head.into_iter().chain(rows.iter().map(|row| line(fields(row)))).collect::<Vec<_>>().join("\n")
}

fn title(column: &Column) -> String {
    if column.remark.is_empty() {
        escape(&column.title)
    } else {
        escape(&format!("{}, {}", column.title, column.remark))
    }
}

/// A figure, what its background says on the page, and its small print.
fn field(entry: &Entry) -> String {
    let text = escape(&entry.quantity.to_string());
    let remark = match entry.remark.as_str() {
        "" => String::new(),
        remark if entry.remark_tone == Some(Tone::Front) => format!(" (**{}**)", escape(remark)),
        remark => format!(" ({})", escape(remark)),
    };
    match entry.tone {
        Tone::Plain => text + &remark,
        Tone::Front => format!("**{text}**{}{remark}", escape(entry.mark)),
        Tone::Avoid => format!("{text} avoid{remark}"),
    }
}

/// A table for a pull request, of which the first rows are open and the others folded, with a text before the headline,
/// the headline, how many cells were judged, and a legend; all but the headline may be empty.
pub(crate) fn changes(
    [first, headline, runs, counts]: [String; 4],
    legend: &str,
    shown: &Table,
    open: usize,
) -> String {
    let (open, folded) = shown.rows.split_at(open);
    let open = if open.is_empty() { String::new() } else { rows(shown, open) };
    let folded = match folded.len() {
        0 => String::new(),
        count => format!(
            "<details><summary>The other {count} cells</summary>\n\n{}\n\n</details>",
            rows(shown, folded)
        ),
    };
    blocks(&[
        escape(&first),
        format!("**{}**", escape(&headline)),
        escape(&runs),
        escape(&counts),
        open,
        folded,
        escape(legend),
    ])
}
