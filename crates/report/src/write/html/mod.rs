//! The page: one HTML file that needs no network and no script to be read.

mod parts;
mod sections;

use askama::Template;
use centurion_plot::{Theme, stylesheet, theme};

use super::unbroken;
use crate::document::{Advice, Document, Fact, Head, LegendEntry, News, TrustBox};

#[derive(Template)]
#[template(path = "page/page.html")]
struct Page<'a> {
    head: &'a Head,
    /// What the comparison with a base says, if there is one.
    against: Option<&'a News>,
    answers: &'a [Advice],
    /// The matrix of the first screen.
    overview: Option<String>,
    trust: &'a TrustBox,
    legend: &'a [LegendEntry],
    panels: Vec<sections::Panel<'a>>,
    light: String,
    dark: String,
    charts: String,
}

impl Page<'_> {
    /// Whether a name in the legend is marked as that of a mistake.
    fn marks_mistakes(&self) -> bool {
        self.legend.iter().any(|entry| entry.mistake)
    }

    /// Whether the page has a section of that name, and so needs its words explained.
    fn tells_of(&self, section: &str) -> bool {
        self.panels.iter().any(|panel| panel.id == section)
    }

    /// The same of agents of every size.
    fn tells_of_sizes(&self) -> bool {
        self.tells_of("small") || self.tells_of("dependent")
    }
}

/// The page of a document.
pub(crate) fn page(document: &Document<'_>) -> String {
    let page = Page {
        head: &document.head,
        against: document.news.as_ref(),
        answers: &document.answers,
        overview: document.overview.as_ref().map(parts::table),
        trust: &document.trust,
        legend: &document.legend,
        panels: sections::panels(&document.sections),
        light: theme(Theme::Light),
        dark: theme(Theme::Dark),
        charts: stylesheet(),
    };
    parts::finish(&page).chars().map(harmless).collect()
}

/// Names come from outside: none of their characters steers the text around it.
fn harmless(character: char) -> char {
    match character {
        '\n' => '\n',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        character if character.is_control() => '\u{fffd}',
        character => character,
    }
}

impl Fact {
    /// The short answer, for the page.
    fn lead_unbroken(&self) -> String {
        unbroken(&self.lead)
    }

    /// The rest of it, for the page.
    fn text_unbroken(&self) -> String {
        unbroken(&self.text)
    }
}
