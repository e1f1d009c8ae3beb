//! The page: one HTML file that needs no network and no script to be read.

mod changes;
mod parts;
mod peers;
mod sections;
mod small;
mod tables;
mod timelines;

use askama::Template;
use centurion_record::Record;

use crate::figures::Figures;
use crate::story::{self, Advice, Fact, Failure};
use centurion_findings::Analysis;
use centurion_plot::{Theme, stylesheet, theme};

/// Most colours that legends and tables tell series apart by.
const COLOURS: usize = 7;

#[derive(Template)]
#[template(path = "page/page.html")]
struct View {
    machine: String,
    run: String,
    incomplete: Option<String>,
    /// What the comparison with the base says, if there is one.
    against: Option<String>,
    advice: Vec<Advice>,
    trust: Vec<Fact>,
    doubts: Vec<String>,
    failures: Vec<Failure>,
    executors: Vec<Toggle>,
    sections: Vec<Section>,
    light: String,
    dark: String,
    charts: String,
}

/// A box that shows or hides an executor in all charts.
struct Toggle {
    index: usize,
    colour: usize,
    name: String,
    summary: String,
}

/// A part of the page with a heading.
struct Section {
    id: &'static str,
    heading: &'static str,
    /// Paragraphs beside the figures.
    lead: Vec<String>,
    /// HTML.
    body: String,
    /// Whether the body needs the whole width.
    broad: bool,
}

/// The page of a record as HTML.
pub(crate) fn render(figures: &Figures<'_>) -> String {
    let (record, analysis): (&Record, &Analysis) = (figures.record, figures.analysis);
    let view = View {
        machine: story::machine(&record.environment),
        run: story::run(record),
        incomplete: story::incomplete(record),
        against: figures.base.map(|base| story::against(&base.comparison)),
        advice: story::advice(record, analysis).into_iter().map(unbroken_advice).collect(),
        trust: unbroken_facts(story::trust(record, analysis)),
        doubts: story::doubts(analysis).iter().map(|doubt| unbroken(doubt)).collect(),
        failures: story::failures(record),
        executors: toggles(figures),
        sections: sections::all(figures),
        light: theme(Theme::Light),
        dark: theme(Theme::Dark),
        charts: stylesheet(),
    };
    parts::finish(&view).chars().map(harmless).collect()
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

fn unbroken_advice(advice: Advice) -> Advice {
    Advice { facts: unbroken_facts(advice.facts), ..advice }
}

fn unbroken_facts(mut facts: Vec<Fact>) -> Vec<Fact> {
    for fact in &mut facts {
        fact.lead = unbroken(&fact.lead);
        fact.text = unbroken(&fact.text);
    }
    facts
}

/// No line ends between a number and its unit.
fn unbroken(text: &str) -> String {
    let mut words = text.split(' ');
    let mut kept = words.next().unwrap_or_default().to_owned();
    for word in words {
        let number = kept.ends_with(|end: char| end.is_ascii_digit() || end == ']');
        let unit = ["%", "ns", "µs", "ms", "s"].contains(&word.trim_end_matches(['.', ',', ';', ':', ')']));
        kept.push(if number && unit { '\u{a0}' } else { ' ' });
        kept += word;
    }
    kept
}

fn toggles(figures: &Figures<'_>) -> Vec<Toggle> {
    let known = &figures.record.executors;
    let toggle = |(index, &name): (usize, &&str)| Toggle {
        index,
        colour: index % COLOURS,
        name: name.to_owned(),
        summary: known.iter().find(|executor| executor.name == name).map_or(String::new(), described),
    };
    figures.cast().iter().enumerate().map(toggle).collect()
}

fn described(executor: &centurion_record::ExecutorEntry) -> String {
    let parts = [&executor.summary, &executor.placement];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("; ")
}
