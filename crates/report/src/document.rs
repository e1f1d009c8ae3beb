//! A report as data: who writes it as HTML, Markdown or text needs to know nothing of what it is about.
//!
//! All words stand here as they are meant to be read, with names as the record has them: a writer escapes them.

use std::ops::BitOr;

use centurion_findings::FailedCells;
use centurion_plot::Frame;

use crate::units::Quantity;

/// Everything a report says.
pub(crate) struct Document<'a> {
    pub(crate) head: Head,
    /// What became of a base, if there is one.
    pub(crate) news: Option<News>,
    /// What a reader came for.
    pub(crate) answers: Vec<Answer>,
    pub(crate) trust: TrustBox,
    /// What the colours of charts stand for; the place in the list is a series' identity in every chart.
    pub(crate) legend: Vec<LegendEntry>,
    /// In the order of the page.
    pub(crate) sections: Vec<Section<'a>>,
    /// Tables for other programs.
    pub(crate) sheets: Vec<Sheet>,
}

/// What a report is of.
pub(crate) struct Head {
    /// The machine in a few words.
    pub(crate) machine: String,
    /// How much was measured.
    pub(crate) run: String,
    /// What a run that was stopped has to say first.
    pub(crate) partial: Option<String>,
}

/// What changed, in short.
pub(crate) struct News {
    pub(crate) headline: String,
    /// The differences, the largest first.
    pub(crate) differences: Table,
    /// What counts as one.
    pub(crate) rule: String,
}

/// The answer to the question of one kind of reader.
pub(crate) struct Answer {
    /// Whom it is for: `waiting agents`.
    pub(crate) audience: &'static str,
    /// What was measured: `thinking: 100 agents`.
    pub(crate) subject: String,
    /// What to pick, or what there is to say instead: `there is no answer`.
    pub(crate) pick: Result<Pick, &'static str>,
    /// Result, certainty and limit, in this order.
    pub(crate) facts: Vec<Fact>,
}

/// What to pick, and how.
pub(crate) struct Pick {
    pub(crate) name: String,
    /// What goes with it: ` with 100 workers`. May be empty.
    pub(crate) place: String,
    /// What is just as good. May be empty.
    pub(crate) equals: String,
}

/// A labelled sentence whose first words can stand alone.
pub(crate) struct Fact {
    /// The question it answers, in a few words.
    pub(crate) label: &'static str,
    /// The short answer.
    pub(crate) lead: String,
    /// The rest of it.
    pub(crate) text: String,
}

impl Fact {
    pub(crate) fn new(label: &'static str, lead: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label, lead: lead.into(), text: text.into() }
    }
}

/// What a reader needs to know to believe a figure.
pub(crate) struct TrustBox {
    pub(crate) facts: Vec<Fact>,
    /// Reasons for doubt, the gravest first.
    pub(crate) doubts: Vec<String>,
    pub(crate) failures: Vec<FailedCells>,
}

/// A series that all charts share.
pub(crate) struct LegendEntry {
    pub(crate) name: String,
    /// What it is. May be empty.
    pub(crate) summary: String,
}

/// A table for other programs: fields are plain text, quoted by whoever writes it.
pub(crate) struct Sheet {
    /// Name of its file.
    pub(crate) file: &'static str,
    pub(crate) head: &'static [&'static str],
    pub(crate) rows: Vec<Vec<String>>,
}

/// One subject.
pub(crate) struct Section<'a> {
    /// Unique, of letters and hyphens.
    pub(crate) id: &'static str,
    pub(crate) heading: &'static str,
    /// Paragraphs beside the figures of the page.
    pub(crate) lead: Vec<String>,
    pub(crate) blocks: Vec<Block<'a>>,
    /// Whether the page gives it the whole width.
    pub(crate) broad: bool,
    /// Its place where it is not the page's.
    pub(crate) rank: Rank,
}

impl<'a> Section<'a> {
    pub(crate) fn new(id: &'static str, heading: &'static str, lead: &[&str]) -> Self {
        let lead = lead.iter().map(|&paragraph| paragraph.to_owned()).collect();
        Self { id, heading, lead, blocks: Vec::new(), broad: false, rank: Rank::End }
    }

    pub(crate) fn broad(self) -> Self {
        Self { broad: true, ..self }
    }

    pub(crate) fn ranked(self, rank: Rank) -> Self {
        Self { rank, ..self }
    }

    /// The same with more blocks.
    pub(crate) fn with(mut self, blocks: impl IntoIterator<Item = Block<'a>>) -> Self {
        self.blocks.extend(blocks);
        self
    }
}

/// The order of sections in everything but the page: news first, then the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// Right after the answers.
    News,
    /// Figures, in this order.
    Figures(u8),
    /// Everything else.
    End,
}

/// Where something is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outputs(u8);

impl Outputs {
    /// The interactive page.
    pub(crate) const PAGE: Self = Self(1);
    /// The README of a report's folder.
    pub(crate) const README: Self = Self(2);
    /// The summary of a job.
    pub(crate) const SUMMARY: Self = Self(4);
    /// A terminal.
    pub(crate) const TERMINAL: Self = Self(8);

    pub(crate) fn include(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Outputs {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A piece of a section.
pub(crate) struct Block<'a> {
    pub(crate) on: Outputs,
    pub(crate) content: Content<'a>,
    /// Whether it is left out where there is no room for it; of several the greatest goes first.
    pub(crate) yields: Option<u8>,
}

impl<'a> Block<'a> {
    pub(crate) fn new(on: Outputs, content: impl Into<Content<'a>>) -> Self {
        Self { on, content: content.into(), yields: None }
    }

    /// A piece of the page.
    pub(crate) fn page(content: impl Into<Content<'a>>) -> Self {
        Self::new(Outputs::PAGE, content)
    }

    pub(crate) fn yielding(self, yields: u8) -> Self {
        Self { yields: Some(yields), ..self }
    }
}

/// What a block is.
pub(crate) enum Content<'a> {
    /// A heading within the section.
    Title(String),
    /// A paragraph.
    Text(Vec<Inline>),
    /// A reason for doubt.
    Warning(String),
    Table(Table),
    Reasons(Reasons),
    Chart(Chart<'a>),
    Fold(Fold<'a>),
    /// Counts the blocks since the last of its kind for which there was no room.
    LeftOut {
        /// What they are.
        noun: &'static str,
        /// Where else they are to be found.
        place: &'static str,
    },
}

/// A run of text.
pub(crate) enum Inline {
    Plain(String),
    /// To a file of the folder.
    Link {
        label: &'static str,
        file: &'static str,
    },
}

/// A paragraph without links.
pub(crate) fn paragraph<'a>(text: impl Into<String>) -> Content<'a> {
    Content::Text(vec![Inline::Plain(text.into())])
}

impl From<Table> for Content<'_> {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<Reasons> for Content<'_> {
    fn from(reasons: Reasons) -> Self {
        Self::Reasons(reasons)
    }
}

impl<'a> From<Chart<'a>> for Content<'a> {
    fn from(chart: Chart<'a>) -> Self {
        Self::Chart(chart)
    }
}

impl<'a> From<Fold<'a>> for Content<'a> {
    fn from(fold: Fold<'a>) -> Self {
        Self::Fold(fold)
    }
}

/// Why something has no figure.
pub(crate) struct Reasons {
    pub(crate) heading: &'static str,
    /// What each is called among the findings of a summary, if it is one.
    pub(crate) finding: Option<&'static str>,
    /// Most that a README shows.
    pub(crate) most: usize,
    pub(crate) cells: Vec<FailedCells>,
}

/// Something folded away under a line of text.
pub(crate) struct Fold<'a> {
    pub(crate) summary: String,
    pub(crate) open: bool,
    pub(crate) content: Box<Content<'a>>,
}

impl<'a> Fold<'a> {
    pub(crate) fn new(summary: impl Into<String>, content: impl Into<Content<'a>>) -> Self {
        Self { summary: summary.into(), open: false, content: Box::new(content.into()) }
    }
}

/// A table. The first column that is not of marks names the rows.
pub(crate) struct Table {
    /// Unique on the page. May be empty where it isn't shown there.
    pub(crate) id: String,
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Entry>>,
    /// Words below it. May be empty.
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
}

impl Column {
    /// Of figures.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), lines: Vec::new(), figures: true }
    }

    /// Of words.
    pub(crate) fn words(title: impl Into<String>) -> Self {
        Self { figures: false, ..Self::new(title) }
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
    /// Depth of its background in per cent.
    pub(crate) tint: Option<u32>,
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

/// What draws a chart at a size.
type Draw<'a> = Box<dyn Fn(ChartSize) -> Drawing + 'a>;

/// A chart that is drawn where it is shown.
pub(crate) struct Chart<'a> {
    pub(crate) layout: Layout,
    /// The file it is as well, if there is room for it.
    pub(crate) file: Option<ChartFile>,
    /// Whether a pointer can ask it for names and numbers.
    pub(crate) hovers: bool,
    pub(crate) draw: Draw<'a>,
}

impl<'a> Chart<'a> {
    pub(crate) fn new(layout: Layout, draw: impl Fn(ChartSize) -> Drawing + 'a) -> Self {
        Self { layout, file: None, hovers: true, draw: Box::new(draw) }
    }

    /// One that is for the eye only.
    pub(crate) fn still(self) -> Self {
        Self { hovers: false, ..self }
    }

    pub(crate) fn filed(self, name: impl Into<String>, keep: bool) -> Self {
        Self { file: Some(ChartFile { name: name.into(), keep }), ..self }
    }
}

/// A chart among the files of a report.
pub(crate) struct ChartFile {
    /// Its name without the ending.
    pub(crate) name: String,
    /// Whether others give way to it.
    pub(crate) keep: bool,
}

/// How much room a chart takes on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The whole width, whatever that is.
    Full,
    /// Side by side with others.
    Small,
    /// Its own width: it is moved sideways, under this name, where there is no room.
    Panned(String),
}

/// Where a chart goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChartSize {
    /// Pixels.
    pub(crate) width: u32,
    /// Ends every id, so that two sizes of a chart fit one page.
    pub(crate) suffix: &'static str,
    /// Whether it is a file of its own.
    pub(crate) file: bool,
    /// Whether a pointer can ask for names and numbers.
    pub(crate) hovers: bool,
}

impl ChartSize {
    /// A file of its own, shown as an image.
    pub(crate) const FILE: Self = Self { width: 760, suffix: "", file: true, hovers: false };
    /// A place in a page that has room.
    pub(crate) const WIDE: Self = Self { width: 760, suffix: "", file: false, hovers: true };
    /// Instead of a wide one where there is no room for it.
    pub(crate) const NARROW: Self = Self { width: 360, suffix: "-n", file: false, hovers: false };
    /// One of several side by side.
    pub(crate) const SMALL: Self = Self { width: 360, suffix: "", file: false, hovers: true };
}

/// A chart and what it says in words.
pub(crate) struct Drawing {
    /// Title and description.
    pub(crate) alt: String,
    pub(crate) svg: String,
}

impl Drawing {
    pub(crate) fn new(frame: &Frame, svg: String) -> Self {
        Self { alt: format!("{}. {}", frame.title, frame.description), svg }
    }
}

/// Words of a chart.
pub(crate) struct Caption {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) description: String,
}

impl Caption {
    pub(crate) fn frame(self, size: ChartSize) -> Frame {
        Frame {
            id: self.id + size.suffix,
            title: self.title,
            subtitle: self.subtitle,
            description: self.description,
            width: size.width,
            styled: size.file,
            hovers: size.hovers,
        }
    }
}
