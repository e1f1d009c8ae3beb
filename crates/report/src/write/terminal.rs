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

/// The answer for each kind of agents, executors against what agents do, and what stands beside that.
pub(crate) fn first_screen(document: &Document<'_>, width: Option<usize>, colour: bool) -> String {
    let screen = Screen { shows: Outputs::TERMINAL, width, colour };
    let answer = |answer: &Advice| {
        let text = format!("{} ({}): {}", answer.audience, answer.about, answer.sentence());
        screen.text(Style::new(), "", &text)
    };
    let answers =
        |aside: bool| document.answers.iter().filter(move |answer| answer.aside == aside).map(answer);
    let key = |overview: &Table| {
        let hidden: Vec<&str> = grid::left_out(overview, width).collect();
        let hidden = if hidden.is_empty() {
            String::new()
        } else {
            format!("Left out in so narrow a terminal: {}.", hidden.join("; "))
        };
        let told = [&grid::explained(overview, width)[..], &[&overview.note, &hidden]].concat();
        screen.text(Style::new(), "", told.join(" ").trim())
    };
    let overview =
        document.overview_in_letters.iter().flat_map(|overview| [table(overview, width), key(overview)]);
    answers(false).chain(overview).chain(answers(true)).collect()
}

/// Answers on one small screen.
pub struct AnswerLines {
    /// Titles of the columns, then a line for each answer, those last that stand aside.
    pub rows: Vec<String>,
    /// How many stand aside.
    pub aside: usize,
    /// How sure that is where it has no column, and what is different for one bag.
    pub below: Vec<String>,
}

impl AnswerLines {
    /// In columns: what agents do, who is fine, whom to avoid, how sure that is. As many names stand in them as there is
    /// room for; where there is little, how sure it is stands below.
    pub(crate) fn new(answers: &[Advice], width: usize) -> Self {
        const ROOMY: usize = 72;
        let widest =
            |text: fn(&Advice) -> &str| answers.iter().map(|answer| text(answer).chars().count()).max();
        let titles = widest(|answer| answer.title).unwrap_or(0);
        let sure = if width < ROOMY { 0 } else { widest(|answer| answer.sure_in_a_word).unwrap_or(0) + 1 };
        let room = width.saturating_sub(titles + sure + 2);
        let avoid = room * 53 / 100;
        let row = |title: &str, fine: &str, avoided: &str, how_sure: &str| {
            let how_sure = if sure == 0 { "" } else { how_sure };
            let fine_room = room - avoid;
            clean(format!("{title:titles$} {fine:fine_room$} {avoided:avoid$} {how_sure}").trim_end())
        };
        let rows = answers.iter().map(|answer| {
            let fine = match &answer.fine[..] {
                [] => within(&answer.pick, room - avoid),
                fine => fitting(fine, room - avoid),
            };
            row(answer.title, &fine, &fitting(&to_avoid(answer), avoid), answer.sure_in_a_word)
        });
        let head = row("agents", "fine for many bags", "avoid (? perhaps)", "sure");
        let how_sure = (sure == 0).then(|| how_sure(answers));
        let below = how_sure.into_iter().chain([one_bag(answers)]).filter(|text| !text.is_empty());
        Self {
            rows: std::iter::once(head).chain(rows).collect(),
            aside: answers.iter().filter(|answer| answer.aside).count(),
            below: below.flat_map(|text| lines(&text, width)).collect(),
        }
    }
}

/// Whom to avoid, then whom perhaps: `std-chunks (1.4×)?`.
fn to_avoid(answer: &Advice) -> Vec<String> {
    let perhaps = answer.perhaps_to_avoid.iter().map(|name| format!("{name}?"));
    answer.to_avoid.iter().cloned().chain(perhaps).collect()
}

fn lines(text: &str, width: usize) -> Vec<String> {
    wrap(&clean(text), "", width).lines().map(str::to_owned).collect()
}

/// `Sure: partly: waiting; tiny. Roughly: computing.` of those that do not stand aside. May be empty.
fn how_sure(answers: &[Advice]) -> String {
    let asked = || answers.iter().filter(|answer| !answer.aside);
    let mut words: Vec<&str> = Vec::new();
    for answer in asked() {
        if !words.contains(&answer.sure_in_a_word) {
            words.push(answer.sure_in_a_word);
        }
    }
    let of = |word: &&str| {
        let titles = asked().filter(|answer| answer.sure_in_a_word == *word).map(|answer| answer.title);
        format!("{word} ({})", titles.collect::<Vec<_>>().join("; "))
    };
    let words: Vec<_> = words.iter().map(of).collect();
    if words.is_empty() { String::new() } else { format!("Sure: {}.", words.join(", ")) }
}

/// `One bag: avoid rayon (2.1×) and 5 more too (waiting).` of those that do not stand aside. May be empty.
fn one_bag(answers: &[Advice]) -> String {
    let different = answers.iter().filter(|answer| !answer.aside && !answer.one_bag_in_short.is_empty());
    let different: Vec<_> =
        different.map(|answer| format!("{}: {}", answer.title, answer.one_bag_in_short)).collect();
    if different.is_empty() { String::new() } else { format!("For one bag: {}.", different.join("; ")) }
}

/// As many names as have room, and how many there are besides: `a, b +3`. The first stands without its figure where there is
/// no room for that.
fn fitting(names: &[String], room: usize) -> String {
    let counted = |shown: String, rest: usize| if rest == 0 { shown } else { format!("{shown} +{rest}") };
    let shown = |count: usize| counted(names[..count].join(", "), names.len() - count);
    let all = (1..=names.len()).rev().map(shown);
    let doubt = |name: &str| if name.ends_with('?') { "?" } else { "" };
    let bare =
        names.iter().take(1).filter_map(|name| Some(format!("{}{}", name.split(' ').next()?, doubt(name))));
    let bare = bare.map(|name| counted(name, names.len() - 1));
    let mut tried = all.chain(bare);
    tried.find(|text| text.chars().count() <= room).unwrap_or_else(|| within(&names.join(", "), room))
}

/// The text, or its beginning and dots.
fn within(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

/// A table by itself, at most `width` columns wide where names and figures allow it.
pub(crate) fn table(table: &Table, width: Option<usize>) -> String {
    grid::grid(table, width)
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
        let mut titles: Vec<&str> = Vec::new();
        for title in tables.flat_map(|table| grid::left_out(table, self.width)) {
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        let words = format!("Left out in so narrow a terminal: {}.", titles.join(", "));
        (!titles.is_empty()).then(|| self.text(Style::new(), "", &words))
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

fn wrap(text: &str, indent: &str, width: usize) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_without_its_figure_keeps_its_doubt() {
        let names = ["crossbeam-channel (1.6×)?", "std-chunks (1.4×)?"].map(str::to_owned);
        assert_eq!(fitting(&names, 22), "crossbeam-channel? +1");
        assert_eq!(fitting(&names[1..], 12), "std-chunks?");
        assert_eq!(fitting(&["std-chunks (1.4×)".to_owned()], 12), "std-chunks");
    }
}
