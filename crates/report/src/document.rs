//! A report as data: who writes it as HTML, Markdown or text needs to know nothing of what it is about.
//!
//! All words stand here as they are meant to be read, with names as the record has them: a writer escapes them.

use std::ops::BitOr;

use centurion_findings::FailedCells;

use crate::chart::Chart;
use crate::table::Table;

/// Everything a report says.
pub(crate) struct Document<'a> {
    pub(crate) head: Head,
    /// What became of a base, if there is one.
    pub(crate) news: Option<News>,
    /// What a reader came for.
    pub(crate) answers: Vec<Advice>,
    /// Executors against what agents do. `None` where nothing was measured.
    pub(crate) overview: Option<Table>,
    /// The same with small print in rows of its own.
    pub(crate) overview_in_letters: Option<Table>,
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
    /// What must be known first, the gravest at the top.
    pub(crate) cautions: Vec<Caution>,
}

/// Why figures are of less, or of something else, than they seem.
pub(crate) struct Caution {
    /// In a word or two, with a full stop.
    pub(crate) lead: &'static str,
    pub(crate) text: String,
}

impl Caution {
    pub(crate) fn new(lead: &'static str, text: impl Into<String>) -> Self {
        Self { lead, text: text.into() }
    }
}

/// What changed, in short.
pub(crate) struct News {
    pub(crate) headline: String,
    /// How many cells were judged, and how.
    pub(crate) counts: String,
    /// The differences, the largest first.
    pub(crate) differences: Table,
    /// What counts as one.
    pub(crate) rule: String,
}

/// The answer to the question of one kind of reader, in sentences.
pub(crate) struct Advice {
    /// What the agents do, in a word or two: `waiting`.
    pub(crate) title: &'static str,
    /// Whom it is for: `Waiting agents`.
    pub(crate) audience: &'static str,
    /// What the agents do: `each sleeps, 5.4 to 15 ms`.
    pub(crate) about: String,
    /// Whether it is a variant of another that stands beside the matrix.
    pub(crate) aside: bool,
    /// Names that are fine, the fastest first. Nobody without a judgement.
    pub(crate) fine: Vec<String>,
    /// Whether these and those to avoid, perhaps or surely, are all that were measured.
    pub(crate) all: bool,
    /// Names to avoid with their figures, the slowest first: `c (1.43×)`. Nobody without a judgement.
    pub(crate) to_avoid: Vec<String>,
    /// Those that are estimated to be ones to avoid where that is not shown, each with its figure, the slowest first.
    pub(crate) perhaps_to_avoid: Vec<String>,
    /// Which to pick: `a, b or 3 more, with 100 workers.`; or why none is named.
    pub(crate) pick: String,
    /// Why nobody is named, in few words. Empty where somebody is.
    pub(crate) unranked: &'static str,
    /// `Avoid c (1.43×).` May be empty.
    pub(crate) avoid: String,
    /// What is different for one bag: `For one bag avoid c (1.6×) and 3 more too.` May be empty.
    pub(crate) one_bag: String,
    /// The same in few words: `avoid c and d too`. May be empty.
    pub(crate) one_bag_in_short: String,
    /// `Speedup 1.97×, within the error of what the hardware delivers, 1.96× [1.91, 2.01].` May be empty.
    pub(crate) limit: String,
    /// `Sure.`
    pub(crate) sure: String,
    /// How sure it is in a word.
    pub(crate) sure_in_a_word: &'static str,
    /// The rest of it: result, certainty and limit, in this order, and how one bag goes.
    pub(crate) facts: Vec<Fact>,
}

impl Advice {
    /// What follows the audience.
    pub(crate) fn sentence(&self) -> String {
        let parts = [&self.pick, &self.avoid, &self.one_bag, &self.limit, &self.sure];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
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
    /// Whether its name is marked as that of a mistake.
    pub(crate) mistake: bool,
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
    pub(crate) blocks: Vec<SectionBlock<'a>>,
    /// Whether the page gives it the whole width.
    pub(crate) broad: bool,
    /// Whether the page shows it without being asked; others are folded away under their headings.
    pub(crate) open: bool,
    /// Its place where it is not the page's.
    pub(crate) rank: Rank,
}

impl<'a> Section<'a> {
    /// One of a simulated machine, which its charts say.
    pub(crate) fn of_simulated(self) -> Self {
        let named = |block: SectionBlock<'a>| match block.content {
            Content::Chart(chart) => SectionBlock { content: Content::Chart(chart.of_simulated()), ..block },
            content => SectionBlock { content, ..block },
        };
        Self { blocks: self.blocks.into_iter().map(named).collect(), ..self }
    }

    pub(crate) fn new(id: &'static str, heading: &'static str, lead: &[&str]) -> Self {
        let lead = lead.iter().map(|&paragraph| paragraph.to_owned()).collect();
        Self { id, heading, lead, blocks: Vec::new(), broad: false, open: false, rank: Rank::End }
    }

    pub(crate) fn open(self) -> Self {
        Self { open: true, ..self }
    }

    pub(crate) fn broad(self) -> Self {
        Self { broad: true, ..self }
    }

    pub(crate) fn ranked(self, rank: Rank) -> Self {
        Self { rank, ..self }
    }

    /// The same with more blocks.
    pub(crate) fn with(mut self, blocks: impl IntoIterator<Item = SectionBlock<'a>>) -> Self {
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
    /// A terminal, whether what matters is asked for or everything.
    pub(crate) const TERMINAL: Self = Self(8 | 16);
    /// A terminal that shows what matters.
    pub(crate) const BRIEF_TERMINAL: Self = Self(8);
    /// A terminal that shows everything.
    pub(crate) const FULL_TERMINAL: Self = Self(16);

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
pub(crate) struct SectionBlock<'a> {
    pub(crate) on: Outputs,
    pub(crate) content: Content<'a>,
    /// Whether the page or the README leaves it out where there is no room for it; of several the greatest goes first.
    pub(crate) yields: Option<u8>,
}

impl<'a> SectionBlock<'a> {
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
