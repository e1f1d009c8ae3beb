//! What a run prints at its end: a verdict and a table for each subject, then the reasons for doubt.

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table as Grid, TableStyle};

use crate::document::{Caution, Content, Document, Inline, Outputs, Reasons, Section};
use crate::table::{Column, Entry, Spacing, Table};
use crate::units::joined;

/// Width that running text is broken at when the terminal's is not known.
const DEFAULT_WIDTH: usize = 100;

const LIGHT: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// What a document shows in a terminal, as text that ends in a newline, at most `width` columns wide where words allow
/// it. With `colour` it holds ANSI styles. Control characters in names are replaced.
pub(crate) fn text(document: &Document<'_>, width: Option<usize>, colour: bool) -> String {
    let screen = Screen { width, colour };
    let mut sections: Vec<_> = document.sections.iter().collect();
    sections.sort_by_key(|section| section.rank);
    let parts = sections.into_iter().flat_map(|section| screen.parts(section));
    screen.cautions(&document.head.cautions).into_iter().chain(parts).collect::<Vec<_>>().join("\n")
}

/// A table as wide as it needs to be.
pub(crate) fn table(table: &Table) -> String {
    Screen { width: None, colour: false }.table(table)
}

struct Screen {
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

    /// What a section shows, a part for each of its titles.
    fn parts(&self, section: &Section<'_>) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        let mut indent = "";
        for block in section.blocks.iter().filter(|block| block.on.include(Outputs::TERMINAL)) {
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
                self.text(Style::new(), indent, &text.iter().map(words).collect::<String>())
            }
            Content::Warning(text) => {
                self.text(AnsiColor::Yellow.on_default(), indent, &format!("warning: {text}"))
            }
            Content::Table(table) => self.table(table),
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

    fn table(&self, table: &Table) -> String {
        let mut grid = Grid::new();
        grid.load_style(LIGHT).set_header(table.columns.iter().map(title));
        for row in &table.rows {
            grid.add_row(row.iter().map(|entry: &Entry| clean(&entry.quantity.to_string())));
        }
        if let Some(width) = self.width {
            grid.set_width(width as u16).set_content_arrangement(ContentArrangement::Dynamic);
        }
        for (column, shown) in table.columns.iter().zip(grid.column_iter_mut()) {
            if column.figures {
                shown.set_cell_alignment(CellAlignment::Right);
                shown.set_padding(if table.spacing == Spacing::Dense { (1, 0) } else { (1, 1) });
            }
        }
        if let Some(first) = grid.column_mut(0).filter(|_| table.spacing != Spacing::Loose) {
            first.set_padding((0, 1));
        }
        grid.trim_fmt() + "\n"
    }

    /// Running text, broken at words; lines after the first are indented two columns more.
    fn text(&self, style: Style, indent: &str, text: &str) -> String {
        let broken = wrap(&clean(text), indent, self.width.unwrap_or(DEFAULT_WIDTH));
        if self.colour { format!("{style}{broken}{style:#}\n") } else { broken + "\n" }
    }
}

fn words(inline: &Inline) -> &str {
    match inline {
        Inline::Plain(text) => text,
        Inline::Link { label, .. } => label,
    }
}

/// A column's title in as many lines as it has.
fn title(column: &Column) -> String {
    match &column.lines[..] {
        [] => clean(&column.title),
        lines => lines.iter().map(|line| clean(line)).collect::<Vec<_>>().join("\n"),
    }
}

fn wrap(text: &str, indent: &str, width: usize) -> String {
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
    lines.join("\n")
}

/// Names and reasons come from outside: no control character of theirs reaches the terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
