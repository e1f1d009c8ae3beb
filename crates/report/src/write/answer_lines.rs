//! Answers in columns for one small screen.

use super::terminal::{clean, wrap};
use crate::document::Advice;
use crate::units::plural;
use crate::wording::MISTAKE;

/// Answers on one small screen.
pub struct AnswerLines {
    /// Titles of the columns, then one line or more for each answer, those last that stand aside.
    pub rows: Vec<String>,
    /// How many of these are of what stands aside.
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
    /// room for, and none is cut; what is left of so many lines lets answers have more than one. Where there is little room, how sure
    /// it is stands below.
    pub(crate) fn new(answers: &[Advice], width: usize, most: usize) -> Self {
        let columns = Columns::new(answers, width);
        let below = if columns.sure == 0 { how_sure(answers) } else { String::new() };
        let below = [below, one_bag(answers)];
        let below: Vec<String> =
            below.iter().filter(|text| !text.is_empty()).flat_map(|text| lines(text, width)).collect();
        let rows = columns.rows(answers, most.saturating_sub(1 + answers.len() + below.len()));
        let aside = answers.iter().zip(&rows).filter(|(answer, _)| answer.aside);
        Self {
            aside: aside.map(|(_, row)| row.len()).sum(),
            rows: std::iter::once(columns.line(HEAD)).chain(rows.into_iter().flatten()).collect(),
            below,
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
    fn new(answers: &[Advice], width: usize) -> Self {
        let widest = |text: &dyn Fn(&Advice) -> usize| answers.iter().map(text).max().unwrap_or(0);
        let title = widest(&|answer| count(answer.title));
        let sure = if width < ROOMY { 0 } else { widest(&|answer| count(answer.sure_in_a_word)) };
        let gaps = if sure == 0 { 2 } else { 3 };
        let room = width.saturating_sub(title + sure + gaps * GAP);
        Self { title, fine: 0, avoid: room, sure }.split(&answers.iter().collect::<Vec<_>>(), 0)
    }

    /// The same with the room for names divided so that most of these answers' names are shown; a field that has a name at all counts
    /// as so many more.
    fn split(&self, answers: &[&Advice], field: usize) -> Self {
        let room = self.fine + self.avoid;
        let (least, most) = (count(HEAD[1]).min(room), room.saturating_sub(count(HEAD[2])));
        let split = |fine: usize| Self { fine, avoid: room - fine, ..*self };
        let shown = |columns: &Self| -> usize {
            let cells = answers.iter().map(|answer| columns.cells(answer, 1));
            cells.map(|cells| field * cells.with_names() + cells.named()).sum()
        };
        let splits = (least..=most.max(least)).map(split);
        splits.max_by_key(|columns| (shown(columns), room - columns.fine)).unwrap_or_else(|| split(least))
    }

    /// The columns of one answer: its own where one of its fields had no name otherwise.
    fn fitted_to(&self, answer: &Advice) -> Self {
        const MORE_THAN_NAMES: usize = 100;
        let NameFields { fine, avoid } = self.cells(answer, 1);
        let has_none = |cell: &NameField| cell.named == 0 && !cell.lines.is_empty();
        if has_none(&fine) || has_none(&avoid) {
            self.split(&[answer], MORE_THAN_NAMES)
        } else {
            Self { ..*self }
        }
    }

    /// The lines of each answer. So many more than one each go to those, in their order, that name more of them then.
    fn rows(&self, answers: &[Advice], spare: usize) -> Vec<Vec<String>> {
        let columns: Vec<Self> = answers.iter().map(|answer| self.fitted_to(answer)).collect();
        let mut heights = vec![1; answers.len()];
        for _ in 0..spare {
            let named = |place: usize, height: usize| columns[place].cells(&answers[place], height).named();
            let gains = |&place: &usize| named(place, heights[place] + 1) > named(place, heights[place]);
            let Some(place) = (0..answers.len()).find(gains) else { break };
            heights[place] += 1;
        }
        let rows = columns.iter().zip(answers).zip(heights);
        rows.map(|((columns, answer), height)| columns.row(answer, height)).collect()
    }

    fn row(&self, answer: &Advice, height: usize) -> Vec<String> {
        if answer.fine.is_empty() {
            let (title, both) = (self.title, self.fine + GAP + self.avoid);
            let sure = if self.sure == 0 { "" } else { answer.sure_in_a_word };
            return vec![trimmed(&format!("{:title$}  {:both$}  {sure}", answer.title, answer.unranked))];
        }
        let NameFields { fine, avoid } = self.cells(answer, height);
        let line = |place: usize| {
            let [fine, avoid] = [&fine, &avoid].map(|cell| cell.lines.get(place).map_or("", String::as_str));
            let first = |text| if place == 0 { text } else { "" };
            self.line([first(answer.title), fine, avoid, first(answer.sure_in_a_word)])
        };
        (0..fine.lines.len().max(avoid.lines.len()).max(1)).map(line).collect()
    }

    fn cells(&self, answer: &Advice, height: usize) -> NameFields {
        let avoid = fitting([&sensible_first(&answer.to_avoid), &doubted(answer)], (self.avoid, height));
        let fine = fitting([&answer.fine, &[]], (self.fine, height));
        let slow = answer.to_avoid.len() + answer.perhaps_to_avoid.len();
        let said = match slow {
            _ if fine.named == answer.fine.len() || !answer.all || avoid.named < slow => {
                return NameFields { fine, avoid };
            }
            0 => format!("all {}", answer.fine.len()),
            _ => "all others".to_owned(),
        };
        NameFields { fine: NameField { lines: vec![said], named: answer.fine.len() }, avoid }
    }

    fn line(&self, [title, fine, avoid, sure]: [&str; 4]) -> String {
        let sure = if self.sure == 0 { "" } else { sure };
        let Self { title: a, fine: b, avoid: c, .. } = *self;
        trimmed(&format!("{title:a$}  {fine:b$}  {avoid:c$}  {sure}"))
    }
}

/// Who is fine and whom to avoid, of one kind of agents.
struct NameFields {
    fine: NameField,
    avoid: NameField,
}

impl NameFields {
    fn named(&self) -> usize {
        self.fine.named + self.avoid.named
    }

    /// How many of both have a name at all.
    fn with_names(&self) -> usize {
        usize::from(self.fine.named > 0) + usize::from(self.avoid.named > 0)
    }
}

/// Names in lines, and how many there are.
struct NameField {
    lines: Vec<String>,
    named: usize,
}

fn trimmed(line: &str) -> String {
    clean(line.trim_end())
}

fn count(text: &str) -> usize {
    text.chars().count()
}

/// Mistakes last: whoever picks an executor needs them least.
fn sensible_first(names: &[String]) -> Vec<String> {
    let (mistakes, sensible): (Vec<_>, Vec<_>) =
        names.iter().cloned().partition(|name| name.contains(MISTAKE));
    [sensible, mistakes].concat()
}

/// Those who are perhaps to avoid: `std-chunks (1.4×)?`.
fn doubted(answer: &Advice) -> Vec<String> {
    answer.perhaps_to_avoid.iter().map(|name| format!("{name}?")).collect()
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

/// `For one bag avoid rayon and rayon-each too (waiting; asking a server).` of those that do not stand aside. May be empty.
fn one_bag(answers: &[Advice]) -> String {
    let different = || answers.iter().filter(|answer| !answer.aside && !answer.one_bag_in_short.is_empty());
    let mut words: Vec<&str> = Vec::new();
    for answer in different() {
        if !words.contains(&answer.one_bag_in_short.as_str()) {
            words.push(&answer.one_bag_in_short);
        }
    }
    let of = |word: &&str| {
        let titles = different().filter(|answer| answer.one_bag_in_short == *word).map(|answer| answer.title);
        format!("{word} ({})", titles.collect::<Vec<_>>().join("; "))
    };
    let words: Vec<_> = words.iter().map(of).collect();
    if words.is_empty() { String::new() } else { format!("For one bag {}.", words.join(", ")) }
}

/// As many names as have room in so many lines of a width, and how many there are besides, those of the second list apart: `a, b +3, c?
/// +1?`. Figures yield to names, and names are only counted where there is no room for one.
fn fitting(lists: [&[String]; 2], (room, height): (usize, usize)) -> NameField {
    let all = lists.map(<[String]>::len);
    let tries = (1..=all[0] + all[1]).rev().flat_map(|named| {
        [true, false]
            .into_iter()
            .flat_map(move |figures| splits(named, all).map(move |shown| (shown, figures)))
    });
    let told = tries.map(|(shown, figures)| (shown, items(lists, shown, figures)));
    let mut fits = told.filter_map(|([sure, doubtful], items)| {
        let lines = broken(&items, room);
        (lines.len() <= height && lines.iter().all(|line| count(line) <= room))
            .then_some(NameField { lines, named: sure + doubtful })
    });
    fits.next().unwrap_or_else(|| match all[0] + all[1] {
        0 => NameField { lines: Vec::new(), named: 0 },
        all => NameField { lines: vec![plural(all, "executor")], named: 0 },
    })
}

/// How many of each list are named where so many are: of the first as many as can be and not none, but one of the second if that can
/// be.
fn splits(named: usize, [first, second]: [usize; 2]) -> impl Iterator<Item = [usize; 2]> {
    let fits = move |of_first: &usize| named - of_first <= second;
    let all = (first.min(1)..=named.min(first))
        .rev()
        .filter(fits)
        .map(move |of_first| [of_first, named - of_first]);
    let (best, others): (Vec<_>, Vec<_>) = all.partition(|[_, doubtful]| *doubtful > 0 || second == 0);
    best.into_iter().chain(others)
}

/// What may not be broken: a name and its comma, the last of each list with how many are left out.
fn items(lists: [&[String]; 2], shown: [usize; 2], figures: bool) -> Vec<String> {
    let parts = lists.into_iter().zip(shown).zip(["", "?"]).map(|((names, shown), doubt)| {
        let mut items: Vec<String> =
            names[..shown].iter().map(|name| if figures { name.clone() } else { bare(name) }).collect();
        let rest = names.len() - shown;
        match items.last_mut() {
            Some(last) if rest > 0 => *last = format!("{last} +{rest}{doubt}"),
            None if rest > 0 => items.push(format!("+{rest}{doubt}")),
            _ => (),
        }
        items
    });
    let mut items: Vec<String> = parts.flatten().collect();
    let last = items.len().saturating_sub(1);
    items[..last].iter_mut().for_each(|item| item.push(','));
    items
}

/// In lines of so many columns; what is wider has one by itself.
fn broken(items: &[String], room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut().filter(|line| count(line) + 1 + count(item) <= room) {
            Some(line) => *line = format!("{line} {item}"),
            None => lines.push(item.clone()),
        }
    }
    lines
}

/// A name without its figure, and with its doubt.
fn bare(name: &str) -> String {
    let doubt = if name.ends_with('?') { "?" } else { "" };
    let bare = name.split(" (").next().unwrap_or(name);
    format!("{}{doubt}", bare.trim_end_matches('?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(names: &[&str], doubted: &[&str], room: usize, height: usize) -> Vec<String> {
        let [names, doubted] =
            [names, doubted].map(|names| names.iter().map(|&name| name.into()).collect::<Vec<_>>());
        fitting([&names, &doubted], (room, height)).lines
    }

    #[test]
    fn a_name_that_stands_without_its_figure_keeps_its_doubt() {
        let names = ["crossbeam-channel (1.6×)?", "std-chunks (1.4×)?"];
        assert_eq!(told(&[], &names, 22, 1), ["crossbeam-channel? +1?"]);
        assert_eq!(told(&[], &names[1..], 12, 1), ["std-chunks?"]);
        assert_eq!(told(&["std-chunks (1.4×)"], &[], 12, 1), ["std-chunks"]);
    }

    #[test]
    fn no_name_is_cut() {
        let names = ["crossbeam-channel (1.6×)?", "std-chunks (1.4×)?"];
        assert_eq!(told(&[], &names, 12, 1), ["2 executors"]);
        assert_eq!(told(&[], &names[1..], 10, 1), ["1 executor"]);
        assert_eq!(told(&[], &[], 10, 1), [""; 0]);
    }

    #[test]
    fn names_go_before_figures_and_into_more_lines_and_those_in_doubt_are_counted_apart() {
        let (slow, doubted) = (["a-long-name (1.6×)", "b (1.5×)", "c (1.4×)"], ["d (1.3×)?", "e (1.3×)?"]);
        assert_eq!(
            told(&slow, &doubted, 80, 1),
            ["a-long-name (1.6×), b (1.5×), c (1.4×), d (1.3×)?, e (1.3×)?"]
        );
        assert_eq!(told(&slow, &doubted, 30, 1), ["a-long-name, b, c, d?, e?"]);
        assert_eq!(told(&slow, &doubted, 22, 1), ["a-long-name +2, d?, e?"]);
        assert_eq!(told(&slow, &doubted, 20, 1), ["a-long-name +2, +2?"]);
        assert_eq!(told(&slow, &doubted, 16, 2), ["a-long-name, b,", "c, d?, e?"]);
    }

    #[test]
    fn mistakes_stand_last() {
        let names = ["tokio-blocking‡ (33×)", "std-chunks (1.4×)"].map(str::to_owned);
        assert_eq!(sensible_first(&names), ["std-chunks (1.4×)", "tokio-blocking‡ (33×)"]);
    }
}
