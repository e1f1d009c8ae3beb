//! Tables as data: figures in their parts, and how columns stand.

use crate::units::Quantity;

/// A table. The first column that is not of marks names the rows.
pub(crate) struct Table {
    /// Unique on the page. May be empty where it isn't shown there.
    pub(crate) id: String,
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Entry>>,
    /// Words below it, a line for each paragraph. May be empty.
    pub(crate) note: String,
    pub(crate) spacing: Spacing,
    /// Most rows that a README shows.
    pub(crate) most: usize,
}

/// How close the columns of a table stand where letters are all of one width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// Room on both sides.
    Loose,
    /// The first column at the edge.
    Normal,
    /// The same, and figures close together.
    Dense,
}

/// Rows of a README's table unless it says otherwise.
pub(crate) const MOST_ROWS: usize = 20;

impl Table {
    pub(crate) fn new(id: impl Into<String>, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            id: id.into(),
            caption: caption.into(),
            columns,
            rows: Vec::new(),
            note: String::new(),
            spacing: Spacing::Normal,
            most: MOST_ROWS,
        }
    }

    pub(crate) fn rows(self, rows: impl IntoIterator<Item = Vec<Entry>>) -> Self {
        Self { rows: rows.into_iter().collect(), ..self }
    }

    pub(crate) fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    pub(crate) fn spaced(self, spacing: Spacing) -> Self {
        Self { spacing, ..self }
    }
}

/// A column of a table.
pub(crate) struct Column {
    pub(crate) title: String,
    /// Its lines where there is little room. May be empty.
    pub(crate) lines: Vec<String>,
    /// Whether its entries are figures, which stand at the right.
    pub(crate) figures: bool,
    /// Whether it is left out where there is no room for it; of several the greatest goes first.
    pub(crate) yields: Option<u8>,
    /// More in small print. May be empty.
    pub(crate) remark: String,
    /// What its figures are, told below the table where letters have one width. May be empty.
    pub(crate) explained: &'static str,
}

impl Column {
    /// Of figures.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        let (title, lines, remark) = (title.into(), Vec::new(), String::new());
        Self { title, lines, figures: true, yields: None, remark, explained: "" }
    }

    /// Of words.
    pub(crate) fn words(title: impl Into<String>) -> Self {
        Self { figures: false, ..Self::new(title) }
    }

    pub(crate) fn yielding(self, yields: u8) -> Self {
        Self { yields: Some(yields), ..self }
    }

    /// In these lines where there is little room.
    pub(crate) fn broken(self, lines: [&str; 2]) -> Self {
        Self { lines: lines.map(String::from).to_vec(), ..self }
    }

    /// Broken after each hyphen where there is little room.
    pub(crate) fn hyphenated(title: &str) -> Self {
        Self { lines: title.split_inclusive('-').map(String::from).collect(), ..Self::new(title) }
    }

    /// The first of these is of words, the others are of figures.
    pub(crate) fn named(titles: impl IntoIterator<Item = impl Into<String>>) -> Vec<Self> {
        let columns = titles.into_iter().enumerate();
        columns.map(|(place, title)| Self { figures: place > 0, ..Self::new(title) }).collect()
    }
}

/// A field of a table.
#[derive(Default)]
pub(crate) struct Entry {
    pub(crate) quantity: Quantity,
    /// How it compares with its like. May be empty.
    pub(crate) mark: &'static str,
    /// More in small print. May be empty.
    pub(crate) remark: String,
    /// What the background of that says, where it has one of its own.
    pub(crate) remark_tone: Option<Tone>,
    /// Depth of its background in per cent.
    pub(crate) tint: Option<u32>,
    /// What its background says.
    pub(crate) tone: Tone,
}

/// What the background of a field says, where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    #[default]
    Plain,
    /// In front.
    Front,
    /// To be avoided.
    Avoid,
}

impl<T: Into<Quantity>> From<T> for Entry {
    fn from(quantity: T) -> Self {
        Self { quantity: quantity.into(), ..Self::default() }
    }
}

/// A row of plain entries.
pub(crate) fn entries(texts: impl IntoIterator<Item = impl Into<Entry>>) -> Vec<Entry> {
    texts.into_iter().map(Into::into).collect()
}
