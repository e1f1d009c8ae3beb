//! Answers in columns for one small screen.

use super::terminal::{clean, wrap};
use crate::document::Advice;
use crate::units::plural;

/// Answers on one small screen.
pub struct AnswerLines {
    /// Titles of the columns, then a line for each answer, those last that stand aside.
    pub rows: Vec<String>,
    /// How many stand aside.
    pub aside: usize,
    /// How sure that is where it has no column, and what is different for one bag.
    pub below: Vec<String>,
}

/// Blanks between columns.
const GAP: usize = 2;

/// Columns of a terminal from which on how sure it is has a column of its own.
const ROOMY: usize = 72;

/// Titles of the columns.
const HEAD: [&str; 4] = ["agents", "fine for many bags", "avoid (? perhaps)", "sure"];

impl AnswerLines {
    /// In columns: what agents do, who is fine, whom to avoid, how sure that is. As many names stand in them as there is
    /// room for, and none is cut; where there is little, how sure it is stands below.
    pub(crate) fn new(answers: &[Advice], width: usize) -> Self {
        let columns = Columns::new(answers, width);
        let rows = answers.iter().map(|answer| columns.row(answer));
        let below = if columns.sure == 0 { how_sure(answers) } else { String::new() };
        let below = [below, one_bag(answers)];
        Self {
            rows: std::iter::once(columns.line(HEAD)).chain(rows).collect(),
            aside: answers.iter().filter(|answer| answer.aside).count(),
            below: below.iter().filter(|text| !text.is_empty()).flat_map(|text| lines(text, width)).collect(),
        }
    }
}

/// How wide columns are.
struct Columns {
    title: usize,
    fine: usize,
    avoid: usize,
    /// 0 where it has none.
    sure: usize,
}

impl Columns {
    /// Whom to avoid gets a little more than half of the room for names, if the others need no more than the rest.
    fn new(answers: &[Advice], width: usize) -> Self {
        let widest = |text: &dyn Fn(&Advice) -> usize| answers.iter().map(text).max().unwrap_or(0);
        let title = widest(&|answer| count(answer.title));
        let sure = if width < ROOMY { 0 } else { widest(&|answer| count(answer.sure_in_a_word)) };
        let gaps = if sure == 0 { 2 } else { 3 };
        let room = width.saturating_sub(title + sure + gaps * GAP);
        let fine = widest(&|answer| shortest(&answer.fine)).max(count(HEAD[1]));
        let avoid = widest(&|answer| shortest(&to_avoid(answer))).max(count(HEAD[2]));
        let avoid = (room * 53 / 100).max(avoid).min(room.saturating_sub(fine));
        Self { title, fine: room - avoid, avoid, sure }
    }

    fn row(&self, answer: &Advice) -> String {
        let Self { title, fine, avoid, .. } = *self;
        if answer.fine.is_empty() {
            let both = fine + GAP + avoid;
            let sure = self.sure_in_a_word(answer);
            return trimmed(&format!("{:title$}  {:both$}  {sure}", answer.title, answer.unranked));
        }
        self.beside(&answer.fine, &to_avoid(answer)).named(answer)
    }

    /// The same, with room taken from those that are fine where one to avoid needs it to have a name.
    fn beside(&self, fine: &[String], slow: &[String]) -> Self {
        let room = self.fine + self.avoid;
        let avoid = self.avoid.max(shortest(slow)).min(room.saturating_sub(shortest(fine)));
        Self { fine: room - avoid, avoid, ..*self }
    }

    fn named(&self, answer: &Advice) -> String {
        let names = [fitting(&answer.fine, self.fine), fitting(&to_avoid(answer), self.avoid)];
        self.line([answer.title, &names[0], &names[1], answer.sure_in_a_word])
    }

    fn line(&self, [title, fine, avoid, sure]: [&str; 4]) -> String {
        let sure = if self.sure == 0 { "" } else { sure };
        let Self { title: a, fine: b, avoid: c, .. } = *self;
        trimmed(&format!("{title:a$}  {fine:b$}  {avoid:c$}  {sure}"))
    }

    fn sure_in_a_word(&self, answer: &Advice) -> &'static str {
        if self.sure == 0 { "" } else { answer.sure_in_a_word }
    }
}

fn trimmed(line: &str) -> String {
    clean(line.trim_end())
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// The room that names take at least, with one of them by name.
fn shortest(names: &[String]) -> usize {
    bare(names).map_or(0, |text| count(&text))
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
/// no room for that, and they are only counted where there is none for a name.
fn fitting(names: &[String], room: usize) -> String {
    let shown = |shown: usize| counted(names[..shown].join(", "), names.len() - shown);
    let all = (1..=names.len()).rev().map(shown);
    let mut tried = all.chain(bare(names));
    tried.find(|text| count(text) <= room).unwrap_or_else(|| match names.len() {
        0 => String::new(),
        all => plural(all, "executor"),
    })
}

/// The first name without its figure, and how many there are besides: `a? +3`. `None` where there are none.
fn bare(names: &[String]) -> Option<String> {
    let first = names.first()?;
    let doubt = if first.ends_with('?') { "?" } else { "" };
    let name = first.split(' ').next().unwrap_or(first);
    Some(counted(format!("{}{doubt}", name.trim_end_matches('?')), names.len() - 1))
}

fn counted(shown: String, rest: usize) -> String {
    if rest == 0 { shown } else { format!("{shown} +{rest}") }
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

    #[test]
    fn no_name_is_cut() {
        let names = ["crossbeam-channel (1.6×)?", "std-chunks (1.4×)?"].map(str::to_owned);
        assert_eq!(fitting(&names, 12), "2 executors");
        assert_eq!(fitting(&names[1..], 10), "1 executor");
        assert_eq!(fitting(&[], 10), "");
    }
}
