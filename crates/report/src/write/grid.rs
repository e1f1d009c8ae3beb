//! A table in letters of one width: as wide as it needs to be, or with columns left out so that it fits.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table as Grid, TableStyle,
};

use super::terminal::clean;
use crate::table::{Column, Entry, Spacing, Table, Tone};

const LIGHT: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The table as text that ends in a newline, in so many columns where names and figures allow it. No name and no figure
/// is broken: what has no room is left out.
pub(crate) fn grid(table: &Table, width: Option<usize>) -> String {
    let fit = Fit::new(table, width);
    let mut grid = Grid::new();
    grid.load_style(LIGHT).set_header(fit.shown.iter().map(|&place| title(&table.columns[place])));
    for row in &table.rows {
        grid.add_row(fit.shown.iter().map(|&place| fit.text(&row[place])));
    }
    if let Some(width) = width {
        grid.set_width(width as u16).set_content_arrangement(ContentArrangement::Dynamic);
    }
    for (&place, column) in fit.shown.iter().zip(grid.column_iter_mut()) {
        if table.columns[place].figures {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let (left, right) = fit.padding(table, place);
        column.set_padding((left as u16, right as u16));
        if !breaks(table, place) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    grid.trim_fmt() + "\n"
}

/// Titles of the columns for which there is no room, and `intervals` where there is none for those.
pub(crate) fn left_out(table: &Table, width: Option<usize>) -> impl Iterator<Item = &str> {
    let fit = Fit::new(table, width);
    let spread = |entry: &Entry| !entry.quantity.interval.is_empty();
    let any = table.rows.iter().flatten().any(spread);
    let intervals = (!fit.intervals && any).then_some("intervals");
    let hidden = table.columns.iter().enumerate().filter(move |(place, _)| !fit.shown.contains(place));
    hidden.map(|(_, column)| column.title.as_str()).chain(intervals)
}

/// What the columns that are shown have to explain, each once.
pub(crate) fn explained(table: &Table, width: Option<usize>) -> Vec<&'static str> {
    let fit = Fit::new(table, width);
    let mut told: Vec<&str> = fit.shown.iter().map(|&place| table.columns[place].explained).collect();
    told.retain(|text| !text.is_empty());
    told.dedup();
    told
}

/// What of a table there is room for.
struct Fit {
    /// Places of its columns.
    shown: Vec<usize>,
    /// Whether figures stand with their intervals.
    intervals: bool,
    /// Whether figures that stand close together have only one blank between them.
    close: bool,
}

impl Fit {
    /// Blanks go first, then columns that yield, then intervals, then figures from the right; the names and the first figures stay,
    /// and words are broken.
    fn new(table: &Table, width: Option<usize>) -> Self {
        let mut fit = Self { shown: (0..table.columns.len()).collect(), intervals: true, close: false };
        let Some(width) = width else { return fit };
        fit.close = fit.needed(table) > width;
        while fit.needed(table) > width && fit.yield_one(table) {}
        fit
    }

    /// Leaves out what is needed least. `false` where nothing can be left out any more.
    fn yield_one(&mut self, table: &Table) -> bool {
        let column = |place: &usize| &table.columns[*place];
        let yielding = self.shown.iter().filter(|&place| column(place).yields.is_some());
        let figures = self.shown.iter().filter(|&place| column(place).figures).skip(1);
        let least = match yielding.max_by_key(|&place| column(place).yields) {
            None if self.intervals => {
                self.intervals = false;
                return true;
            }
            None => figures.last(),
            yielding => yielding,
        };
        let Some(&least) = least else { return false };
        self.shown.retain(|&place| place != least);
        true
    }

    /// Columns of the terminal that the table takes: a blank stands between two of its own.
    fn needed(&self, table: &Table) -> usize {
        let blanks = self.shown.len().saturating_sub(1);
        self.shown.iter().map(|&place| self.needed_by(table, place)).sum::<usize>() + blanks
    }

    /// Words take as many as their longest one where they can be broken.
    fn needed_by(&self, table: &Table, place: usize) -> usize {
        let breaks = breaks(table, place);
        let widest = |text: String| {
            let parts = text.split(|c| c == '\n' || breaks && c == ' ').map(|part| part.chars().count());
            parts.max().unwrap_or(0)
        };
        let entries = table.rows.iter().map(|row| self.text(&row[place]));
        let (left, right) = self.padding(table, place);
        entries.chain([title(&table.columns[place])]).map(widest).max().unwrap_or(0) + left + right
    }

    /// Blanks on both sides of a column.
    fn padding(&self, table: &Table, place: usize) -> (usize, usize) {
        match table.spacing {
            Spacing::Normal | Spacing::Dense if place == 0 => (0, 1),
            Spacing::Dense if table.columns[place].figures => (usize::from(!self.close), 0),
            _ => (1, 1),
        }
    }

    fn text(&self, entry: &Entry) -> String {
        let quantity = &entry.quantity;
        let figure = if self.intervals { quantity.to_string() } else { quantity.short() };
        clean(&(figure + entry.tone_mark()))
    }
}

/// Whether a column is of words that are no name: of the first two one is of marks or of names, or both are.
fn breaks(table: &Table, place: usize) -> bool {
    !table.columns[place].figures && place > 1
}

impl Entry {
    /// What the background says on the page; elsewhere marks have columns of their own, or are part of the figure.
    fn tone_mark(&self) -> &'static str {
        match self.tone {
            Tone::Plain => "",
            Tone::Front => self.mark,
            Tone::Avoid => "!",
        }
    }
}

/// A column's title in as many lines as it has.
fn title(column: &Column) -> String {
    match &column.lines[..] {
        [] => clean(&column.title),
        lines => lines.iter().map(|line| clean(line)).collect::<Vec<_>>().join("\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::entries;
    use crate::units::Quantity;

    fn table() -> Table {
        let columns = vec![
            Column::words(""),
            Column::words("executor"),
            Column::new("speedup"),
            Column::new("start-up").yielding(1),
            Column::new("CPU").yielding(2),
            Column::words("verdict"),
        ];
        let speedup =
            Quantity { value: "1.97×".into(), interval: "[1.95, 1.99]".into(), ..Quantity::default() };
        let before = ["*", "std-thread-per-agent"].map(Quantity::from);
        let after = ["3.29 ms", "1.23", "equal to the fastest"].map(Quantity::from);
        let row = before.into_iter().chain([speedup]).chain(after);
        Table::new("", "", columns).rows([entries(row)])
    }

    #[test]
    fn columns_are_left_out_by_priority_and_neither_names_nor_figures_are_broken() {
        let left_out = |width| left_out(&table(), Some(width)).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(left_out(100), [""; 0]);
        assert_eq!(left_out(72), ["CPU"]);
        assert_eq!(left_out(60), ["start-up", "CPU"]);
        assert_eq!(left_out(48), ["start-up", "CPU", "intervals"]);
        for width in [120, 72, 60, 48] {
            let text = grid(&table(), Some(width));
            assert!(text.contains("std-thread-per-agent") && text.contains("1.97×"), "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}\n{text}");
        }
    }

    #[test]
    fn without_a_width_everything_is_shown_in_one_line() {
        let text = grid(&table(), None);
        assert!(text.contains("1.23") && text.contains("equal to the fastest"), "{text}");
    }
}
