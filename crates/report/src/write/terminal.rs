//! What a run prints at its end: a verdict and a table for each subject, then the reasons for doubt.

use super::{grid, unbroken};
use crate::document::{Advice, Caution, Content, Document, Inline, Outputs, Reasons, Section, SectionBlock};
use crate::table::Table;
use crate::units::joined;
use anstyle::{AnsiColor, Style};

/// Width that running text is broken at when the terminal's is not known.
pub(crate) const DEFAULT_WIDTH: usize = 100;

/// What a document shows in a terminal that `shows` says of which kind, as text that ends in a newline, at most `width`
/// columns wide where words allow it. With `colour` it holds ANSI styles. Control characters in names are replaced.
pub(crate) fn text(document: &Document<'_>, shows: Outputs, width: Option<usize>, colour: bool) -> String {
    let screen = Screen { shows, width, colour };
    let mut sections: Vec<_> = document.sections.iter().collect();
    sections.sort_by_key(|section| section.rank);
    let parts = sections.iter().flat_map(|section| screen.parts(section));
    let parts = screen.cautions(&document.head.cautions).into_iter().chain(parts);
    parts.chain(screen.left_out(&sections)).collect::<Vec<_>>().join("\n")
}

/// The answer for each kind of agents, executors against what agents do, and the key to that.
pub(crate) fn first_screen(document: &Document<'_>, width: Option<usize>, colour: bool) -> String {
    let screen = Screen { shows: Outputs::TERMINAL, width, colour };
    let answers: Vec<_> = document.answers.iter().map(|answer| screen.answer(answer)).collect();
    let key = |overview: &Table| {
        let hidden: Vec<&str> = grid::left_out(overview, width).collect();
        let hidden = if hidden.is_empty() {
            String::new()
        } else {
            format!("Left out in so narrow a terminal: {}.", hidden.join("; "))
        };
        let told = overview.note.lines().chain(grid::explained(overview, width));
        let told = told.chain([hidden.as_str()]).filter(|text| !text.is_empty());
        told.map(|text| screen.text(Style::new(), "", text)).collect::<String>()
    };
    let overview = document.overview_in_letters.iter();
    let overview = overview.map(|overview| format!("{}\n{}", table(overview, width), key(overview)));
    answers.into_iter().chain(overview).collect::<Vec<_>>().join("\n")
}

/// A table by itself, at most `width` columns wide where names and figures allow it.
pub(crate) fn table(table: &Table, width: Option<usize>) -> String {
    grid::grid(table, width)
}

/// `Left out in so narrow a terminal: base, now.`, of the columns of tables for which there was no room. Empty where there was for
/// all.
pub(crate) fn left_out<'t>(tables: impl IntoIterator<Item = &'t Table>, width: Option<usize>) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for title in tables.into_iter().flat_map(|table| grid::left_out(table, width)) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let told = format!("Left out in so narrow a terminal: {}.", titles.join(", "));
    if titles.is_empty() { String::new() } else { told }
}

/// Running text by itself, broken at words where it has a width.
pub(crate) fn words(text: &str, width: Option<usize>) -> String {
    wrap(&clean(text), "", width.unwrap_or(usize::MAX)) + "\n"
}

struct Screen {
    shows: Outputs,
    width: Option<usize>,
    colour: bool,
}

impl Screen {
    /// What must be read before the figures. `None` where there is nothing.
    fn cautions(&self, cautions: &[Caution]) -> Option<String> {
        let style = AnsiColor::Yellow.on_default().bold();
        let caution = |caution: &Caution| self.text(style, "", &format!("{} {}", caution.lead, caution.text));
        (!cautions.is_empty()).then(|| cautions.iter().map(caution).collect())
    }

    /// The columns of tables for which there was no room. `None` where there was for all.
    fn left_out(&self, sections: &[&Section<'_>]) -> Option<String> {
        let tables =
            sections.iter().flat_map(|section| self.blocks(section)).filter_map(|block| {
                match &block.content {
                    Content::Table(table) => Some(table),
                    _ => None,
                }
            });
        let words = left_out(tables, self.width);
        (!words.is_empty()).then(|| self.text(Style::new(), "", &words))
    }

    fn blocks<'s, 'a>(&self, section: &'s Section<'a>) -> impl Iterator<Item = &'s SectionBlock<'a>> {
        section.blocks.iter().filter(|block| block.on.include(self.shows))
    }

    /// What a section shows, a part for each of its titles.
    fn parts(&self, section: &Section<'_>) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut indent = "";
        for block in self.blocks(section) {
            let titled = matches!(block.content, Content::Title(_));
            if titled || parts.is_empty() {
                parts.push(String::new());
            }
            if titled {
                indent = "  ";
            }
            let part = parts.last_mut().expect("there is a part");
            *part += &self.block(&block.content, indent);
        }
        parts
    }

    fn block(&self, content: &Content<'_>, indent: &str) -> String {
        match content {
            Content::Title(title) => self.text(Style::new().bold(), "", title),
            Content::Text(text) => {
                self.text(Style::new(), indent, &text.iter().map(inline).collect::<String>())
            }
            Content::Warning(text) => {
                self.text(AnsiColor::Yellow.on_default(), indent, &format!("warning: {text}"))
            }
            Content::Table(table) => grid::grid(table, self.width),
            Content::Reasons(reasons) => self.reasons(reasons),
            Content::Chart(_) | Content::Fold(_) | Content::LeftOut { .. } => String::new(),
        }
    }

    fn reasons(&self, reasons: &Reasons) -> String {
        let what = reasons.heading.to_lowercase();
        let failed = |cells: &[String], reason: &str| {
            self.text(AnsiColor::Red.on_default(), "  ", &format!("{what}: {}: {reason}", joined(cells)))
        };
        reasons.cells.iter().map(|failure| failed(&failure.cells, &failure.reason)).collect()
    }

    /// Whom it is for, in bold, then what the agents do and the sentences.
    fn answer(&self, answer: &Advice) -> String {
        let text = format!("{} ({}): {}", answer.audience, answer.about, answer.sentence());
        let text = self.text(Style::new(), "", &text);
        let bold = Style::new().bold();
        match text.split_once(answer.audience).filter(|_| self.colour) {
            Some((before, after)) => format!("{before}{bold}{}{bold:#}{after}", answer.audience),
            None => text,
        }
    }

    /// Running text, broken at words; lines after the first are indented two columns more.
    fn text(&self, style: Style, indent: &str, text: &str) -> String {
        let broken = wrap(&clean(text), indent, self.width.unwrap_or(DEFAULT_WIDTH));
        if self.colour { format!("{style}{broken}{style:#}\n") } else { broken + "\n" }
    }
}

fn inline(inline: &Inline) -> &str {
    match inline {
        Inline::Plain(text) => text,
        Inline::Link { label, .. } => label,
    }
}

pub(super) fn wrap(text: &str, indent: &str, width: usize) -> String {
    let text = unbroken(text);
    let mut lines = vec![indent.to_owned()];
    let mut words = text.split(' ');
    lines[0] += words.next().unwrap_or_default();
    for word in words {
        let line = lines.last_mut().expect("there is a first line");
        if line.chars().count() + 1 + word.chars().count() > width {
            lines.push(format!("{indent}  {word}"));
        } else {
            *line += " ";
            *line += word;
        }
    }
    lines.join("\n").replace('\u{a0}', " ")
}

/// Names and reasons come from outside: no control character of theirs reaches the terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
