//! How sure an answer is, and what that rests on.

use centurion_findings::{
    Bags, Certainty, OverviewQuestion, OverviewSubject, ROUGH, Row, Standing, WorkloadResult,
};
use centurion_stats::MIN_ROUNDS;

use super::Findings;
use crate::document::Fact;
use crate::units::{all_of, percent, plural};
use crate::wording::{MISTAKE, noisy};

/// Those shown to be slower that are named, where they are not named as ones to avoid.
const NAMED: usize = 3;

/// What the words mean, the surest first.
pub(super) fn key(of_sizes: bool) -> String {
    let larger = if of_sizes { " or to need larger agents" } else { "" };
    format!(
        "How sure, the surest first: sure, all others are shown to be slower{larger}; partly, only some are; roughly, one \
         of these, but the noise floor (how far apart identical code was measured) is above {} or unknown; undecided, none is.",
        percent(ROUGH)
    )
}

/// How sure it is in a few words that are understood without their label. Nothing where the pick says already that there is
/// none.
pub(super) fn in_short(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    let standings = Others::new(question);
    let others = standings.in_words(findings, question, "within 3 %", "undecided");
    match question.certainty {
        Certainty::NotYet | Certainty::TooNoisy(_) => String::new(),
        Certainty::Impossible | Certainty::Busy => "Doubtful.".into(),
        Certainty::Alike if question.avoid.is_empty() => "All shown to be within 3 %.".into(),
        Certainty::Alike => "All others shown to be within 3 %.".into(),
        Certainty::Undecided if standings.as_fast > 0 => {
            format!("No other is shown to be slower: {}.", others.join(", "))
        }
        Certainty::Undecided => no_difference(question).into(),
        Certainty::Rough => {
            let floor = format!("noise floor {}", noise(question).map_or("unknown".into(), percent));
            format!("Roughly sure: {}.", [others, vec![floor]].concat().join(", "))
        }
        Certainty::Group => format!("Partly sure: {}.", others.join(", ")),
        Certainty::Sure => "Sure.".into(),
    }
}

/// Where none that competes is shown to be slower; a mistake does not compete.
fn no_difference(question: &OverviewQuestion<'_>) -> &'static str {
    if question.avoid.is_empty() {
        "Undecided: no difference is shown."
    } else {
        "Undecided: no other difference is shown."
    }
}

/// The same in a word.
pub(super) fn in_a_word(question: &OverviewQuestion<'_>) -> &'static str {
    match question.certainty {
        Certainty::NotYet | Certainty::TooNoisy(_) => "no",
        Certainty::Impossible | Certainty::Busy => "doubtful",
        Certainty::Alike => "within 3 %",
        Certainty::Undecided => "undecided",
        Certainty::Group => "partly",
        Certainty::Sure => "yes",
        Certainty::Rough => "roughly",
    }
}

/// The noise floor behind an answer. `None` where it is not known.
fn noise(question: &OverviewQuestion<'_>) -> Option<f64> {
    match question.subject {
        OverviewSubject::Bag { workload, .. } => workload.noise.floor,
        OverviewSubject::Sizes { family, .. } => family.noise,
    }
}

pub(super) fn certainty(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> Fact {
    let label = "How sure";
    let rounds = plural(samples(question).unwrap_or(findings.analysis.rounds), "round");
    let (lead, why) = match question.certainty {
        Certainty::NotYet if question.front.is_empty() => return Fact::new(label, "Not at all.", ""),
        Certainty::NotYet => {
            let text = format!("{rounds} can't judge it, {MIN_ROUNDS} can.");
            return Fact::new(label, "Not yet.", text);
        }
        Certainty::TooNoisy(floor) => return Fact::new(label, "Not at all.", noisy(floor)),
        Certainty::Impossible => {
            ("Doubtful.", "It was measured above its own ceiling, so the measurement is wrong. ")
        }
        Certainty::Busy => ("Doubtful.", "The machine was busy with something else. "),
        Certainty::Alike if question.avoid.is_empty() => ("All are within 3 %.", ""),
        Certainty::Alike => ("All others are within 3 %.", ""),
        Certainty::Undecided => (no_difference(question), ""),
        Certainty::Rough => ("Roughly.", ""),
        Certainty::Group => ("Partly.", ""),
        Certainty::Sure => ("Sure.", ""),
    };
    Fact::new(
        label,
        lead,
        format!("{why}{}{}", standings(findings, question), evidence(findings, question, &rounds)),
    )
}

/// In how many rounds the best of a workload was measured: some cells are in every other.
fn samples(question: &OverviewQuestion<'_>) -> Option<usize> {
    let OverviewSubject::Bag { best: Some(best), bags, .. } = question.subject else { return None };
    let measured = best.measured()?;
    match bags {
        Bags::Many => Some(measured.samples),
        Bags::One => Some(measured.once?.samples),
    }
}

/// How the other executors stand. Mistakes don't count.
struct Others<'a> {
    /// Shown to be behind.
    slower: Vec<&'a str>,
    /// How many are shown to be within 3 % of the best.
    as_fast: usize,
    undecided: usize,
}

impl<'a> Others<'a> {
    fn new(question: &OverviewQuestion<'a>) -> Self {
        let standings: Vec<(&str, Standing)> = match question.subject {
            OverviewSubject::Bag { workload, best: Some(best), bags } => {
                let executors = workload.executors().into_iter();
                let standing = |executor| standing_of(workload, executor, best.row, bags);
                executors.filter_map(|executor| Some((executor, standing(executor)?))).collect()
            }
            OverviewSubject::Bag { .. } => Vec::new(),
            OverviewSubject::Sizes { family, .. } => {
                let verdict = family.verdict();
                let curves = family.curves.iter().filter(|curve| !curve.mistake);
                let names = curves.map(|curve| curve.executor.as_str());
                names.filter_map(|name| Some((name, verdict.as_ref()?.standing(name)?))).collect()
            }
        };
        let of = |wanted| standings.iter().filter(move |(_, standing)| *standing == wanted);
        Self {
            slower: of(Standing::Behind).map(|(name, _)| *name).collect(),
            as_fast: of(Standing::Within).count(),
            undecided: of(Standing::Undecided).count(),
        }
    }

    /// `a shown to be slower`, `4 within 3 %`, `2 undecided`, but for what there is none of.
    fn in_words(
        &self,
        findings: &Findings<'_>,
        question: &OverviewQuestion<'_>,
        within: &str,
        undecided: &str,
    ) -> Vec<String> {
        let counted = |count: usize, what: &str| (count > 0).then(|| format!("{count} {what}"));
        let parts = [
            self.slower(findings, question),
            counted(self.as_fast, within),
            counted(self.undecided, undecided),
        ];
        parts.into_iter().flatten().collect()
    }

    /// Who is shown to be slower: by name where only few are not named as ones to avoid, or else only how many. A mistake that is one
    /// to avoid is not counted, and said besides.
    fn slower(&self, findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> Option<String> {
        let what = match question.subject {
            OverviewSubject::Bag { .. } => "shown to be slower",
            OverviewSubject::Sizes { .. } => "shown to need larger agents",
        };
        let mistaken = question.avoid.iter().any(|(name, _)| findings.is_mistake(name));
        let mistake = mistaken.then(|| MISTAKE.to_string());
        let beside = mistake.as_ref().map_or(String::new(), |mark| format!(" and {mark}"));
        let known = |name: &str| question.avoid.iter().any(|(known, _)| *known == name);
        let new: Vec<&str> = self.slower.iter().copied().filter(|name| !known(name)).collect();
        match (self.slower.len(), new.len()) {
            (0, _) => None,
            (all, 1..=NAMED) if all == new.len() => {
                let named: Vec<&str> = new.into_iter().chain(mistake.as_deref()).collect();
                Some(format!("{} {what}", all_of(&named)))
            }
            (all, 1..=NAMED) => Some(format!("{all}{beside} {what}, {} among them", all_of(&new))),
            (all, _) => Some(format!("{all}{beside} {what}")),
        }
    }
}

/// How the others stand, as far as that is shown.
fn standings(findings: &Findings<'_>, question: &OverviewQuestion<'_>) -> String {
    let undecided = match question.subject {
        OverviewSubject::Bag { .. } => "undecided",
        OverviewSubject::Sizes { .. } => "undecided, as their intervals begin below where the first ends",
    };
    let others = Others::new(question).in_words(
        findings,
        question,
        "shown to be within 3 % of the fastest",
        undecided,
    );
    if others.is_empty() {
        "It had no rival. ".into()
    } else {
        format!("Of the others: {}. ", others.join(", "))
    }
}

/// Of an executor's fastest cell in a row. `None` for a mistake.
fn standing_of(workload: &WorkloadResult, executor: &str, row: Row, bags: Bags) -> Option<Standing> {
    let measured = workload.fastest_of(executor, row).filter(|cell| !cell.mistake)?.measured()?;
    match bags {
        Bags::Many => Some(measured.in_row),
        Bags::One => Some(measured.once?.standing),
    }
}

fn evidence(findings: &Findings<'_>, question: &OverviewQuestion<'_>, rounds: &str) -> String {
    let floor = match question.subject {
        OverviewSubject::Bag { workload, .. } => workload.noise.floor,
        OverviewSubject::Sizes { family, .. } if family.independent => family.noise,
        OverviewSubject::Sizes { .. } => findings.analysis.patterns.first().and_then(|pattern| pattern.noise),
    };
    format!("{rounds}, noise floor {}.", floor.map_or("unknown".into(), percent))
}
