//! The answer in short: executors against what agents do.

use crate::rivals::is_rough;
use crate::verdict::HIGHEST_NOISE_TO_RANK;
use crate::{
    Analysis, CellResult, Certainty, EfficiencyCurve, Family, FamilyVerdict, Metg, OneBag, Row, Standing,
    Threshold, WorkloadResult, WorkloadVerdict,
};
use centurion_stats::{Crossing, Estimate, median};

/// How many times the smallest METG makes an executor one to avoid, where that is shown.
const AVOID_SIZE: f64 = 10.0;

/// A small matrix: a row for each executor, a column for each thing that agents do.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview<'a> {
    /// What was asked, in the order of the record: workloads that stand alone, independent agents of every size, then
    /// the first pattern of dependent ones.
    pub questions: Vec<OverviewQuestion<'a>>,
    /// Executors, those first that are in front most often, then in the order of the record; mistakes last.
    pub rows: Vec<OverviewRow<'a>>,
}

/// One executor.
#[derive(Debug, Clone, PartialEq)]
pub struct OverviewRow<'a> {
    /// Its name.
    pub executor: &'a str,
    /// Whether it shows what a common mistake costs: never among those in front.
    pub mistake: bool,
    /// A score for each question. `None` where it was not to be measured.
    pub scores: Vec<Option<Score>>,
    /// The same of one bag. `None` where that was not measured.
    pub one_bag: Vec<Option<Score>>,
}

/// How an executor does in one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Its figure, or why there is none.
    pub figure: Result<Figure, String>,
    /// Against the best.
    pub standing: Standing,
    /// So far behind that it is one to avoid: shown to take [`crate::AVOID`] times the best's time, or to have ten times its METG.
    pub avoid: bool,
}

/// What is compared in a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// Time over the best's in the same round, with its interval.
    Ratio(Estimate),
    /// The smallest granularity that it bears.
    Smallest(Metg),
}

/// What one column asks, and the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct OverviewQuestion<'a> {
    /// What agents do.
    pub subject: OverviewSubject<'a>,
    /// The best executor that is no mistake, and all that are not told apart from it, the fastest first. Without a
    /// judgement only the fastest so far, and empty where nothing has a figure.
    pub front: Vec<&'a str>,
    /// Other executors that are not told apart from it on other cores or workers, each by the first of its cells.
    pub elsewhere: Vec<&'a CellResult>,
    /// How much that is worth.
    pub certainty: Certainty,
    /// Those that are estimated to be ones to avoid where that is not shown, and their figures, the slowest first.
    pub perhaps_to_avoid: Vec<(&'a str, Figure)>,
    /// Those to avoid and their figures, the slowest first. Empty without a judgement.
    pub avoid: Vec<(&'a str, Figure)>,
    /// The same for whoever has one bag only. `None` where that was not measured.
    pub one_bag: Option<Box<Self>>,
}

/// What agents do in a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OverviewSubject<'a> {
    /// A bag of a workload's agents.
    Bag {
        /// The workload.
        workload: &'a WorkloadResult,
        /// Whether it is one of many.
        bags: Bags,
        /// The best cell, in whose row executors are compared. `None` where nothing but mistakes has samples.
        best: Option<&'a CellResult>,
    },
    /// How small agents may be.
    Sizes {
        /// Agents of every size.
        family: &'a Family,
        /// The curve of the best. `None` where no executor reaches the threshold.
        best: Option<&'a EfficiencyCurve>,
    },
}

/// How many bags an executor is started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bags {
    /// Many: it runs already, and its start is not counted.
    Many,
    /// One: starting and dropping it are counted.
    One,
}

impl OverviewSubject<'_> {
    /// Name of the workload or family.
    pub fn name(&self) -> &str {
        match self {
            Self::Bag { workload, .. } => &workload.name,
            Self::Sizes { family, .. } => &family.name,
        }
    }

    /// Where executors are compared: cores, and workers where agents wait. `None` where there is no best.
    pub fn row(&self) -> Option<Row> {
        match self {
            Self::Bag { best, .. } => Some((*best)?.row),
            Self::Sizes { family, .. } => Some(Row { cores: family.cores, workers: None }),
        }
    }
}

impl<'a> OverviewQuestion<'a> {
    /// Whether there is a judgement to act on.
    pub fn is_judged(&self) -> bool {
        !self.front.is_empty() && !matches!(self.certainty, Certainty::NotYet | Certainty::TooNoisy(_))
    }

    /// Those in front that are not perhaps to avoid, the fastest first. Nobody without a judgement.
    pub fn fine(&self) -> impl Iterator<Item = &'a str> {
        let slow = |name: &str| self.perhaps_to_avoid.iter().any(|(slow, _)| *slow == name);
        let judged = self.is_judged();
        self.front.iter().copied().filter(move |name| judged && !slow(name))
    }

    fn of_workload(analysis: &Analysis, workload: &'a WorkloadResult) -> Self {
        let verdict = workload.verdict();
        let certainty = verdict.certainty(&analysis.warnings);
        Self {
            subject: OverviewSubject::Bag { workload, bags: Bags::Many, best: verdict.best },
            front: front(&verdict),
            elsewhere: elsewhere(&verdict),
            certainty,
            perhaps_to_avoid: verdict.perhaps_to_avoid().into_iter().map(avoided).collect(),
            avoid: match certainty {
                Certainty::TooNoisy(_) => Vec::new(),
                _ => verdict.to_avoid().into_iter().map(avoided).collect(),
            },
            one_bag: Self::of_one_bag(workload).map(Box::new),
        }
    }

    /// Of a single bag. `None` where that was not measured.
    fn of_one_bag(workload: &'a WorkloadResult) -> Option<Self> {
        let mut cells = once(workload).filter(|(cell, _)| !cell.mistake).collect::<Vec<_>>();
        cells.sort_by(|(_, a), (_, b)| a.whole_ns.value.total_cmp(&b.whole_ns.value));
        let &(best, figure) = cells.first()?;
        cells.retain(|(cell, _)| cell.row == best.row);
        cells[1..].sort_by(|(_, a), (_, b)| over_best(a).total_cmp(&over_best(b)));
        let judged = figure.standing == Standing::Best;
        let tied: Vec<_> = cells.iter().filter(|(_, once)| once.standing.is_tied()).collect();
        let certainty = match workload.noise.floor {
            _ if !judged => Certainty::NotYet,
            Some(floor) if floor > HIGHEST_NOISE_TO_RANK => Certainty::TooNoisy(floor),
            _ if tied.len() + 1 == cells.len() && !tied.is_empty() => {
                Certainty::of_ties(tied.iter().map(|(_, once)| once.standing))
            }
            floor if is_rough(floor) => Certainty::Rough,
            _ if tied.is_empty() => Certainty::Sure,
            _ => Certainty::Group,
        };
        let front = std::iter::once(best).chain(tied.iter().map(|(cell, _)| *cell));
        let mut question = Self {
            subject: OverviewSubject::Bag { workload, bags: Bags::One, best: Some(best) },
            front: front.map(|cell| cell.executor.as_str()).collect(),
            elsewhere: Vec::new(),
            certainty,
            perhaps_to_avoid: slow(cells.iter().copied(), OneBag::perhaps_to_avoid),
            avoid: Vec::new(),
            one_bag: None,
        };
        if question.is_judged() {
            question.avoid = slow(once(workload).filter(|(cell, _)| cell.row == best.row), OneBag::to_avoid);
        }
        Some(question)
    }

    fn of_family(family: &'a Family) -> Self {
        let verdict = family.verdict().filter(FamilyVerdict::is_reached);
        let Some(verdict) = verdict else {
            let subject = OverviewSubject::Sizes { family, best: None };
            let (front, elsewhere, avoid) = (Vec::new(), Vec::new(), Vec::new());
            let (certainty, perhaps_to_avoid, one_bag) = (Certainty::NotYet, Vec::new(), None);
            return Self { subject, front, elsewhere, certainty, perhaps_to_avoid, avoid, one_bag };
        };
        let certainty = verdict.certainty();
        let mut question = Self {
            subject: OverviewSubject::Sizes { family, best: Some(verdict.best) },
            front: [verdict.best].into_iter().chain(verdict.tied.iter().copied()).map(name).collect(),
            elsewhere: Vec::new(),
            certainty,
            perhaps_to_avoid: Vec::new(),
            avoid: Vec::new(),
            one_bag: None,
        };
        if question.is_judged() {
            question.avoid = verdict.to_avoid();
            question.perhaps_to_avoid = verdict.perhaps_to_avoid();
        }
        question
    }

    fn score(&self, executor: &str) -> Option<Score> {
        match self.subject {
            OverviewSubject::Bag { workload, best, bags: Bags::Many } => {
                Some(score(workload.fastest_of(executor, best?.row)?))
            }
            OverviewSubject::Bag { workload, best, bags: Bags::One } => {
                let row = best?.row;
                let mut cells =
                    once(workload).filter(|(cell, _)| cell.row == row && cell.executor == executor);
                Some(one_bag_score(&cells.next()?.1))
            }
            OverviewSubject::Sizes { family, .. } => {
                let curve = family.curve(executor)?;
                let verdict = family.verdict();
                let standing = verdict.as_ref().and_then(|verdict| verdict.standing(executor));
                Some(Score {
                    figure: curve
                        .at(family.ranking)
                        .copied()
                        .map(Figure::Smallest)
                        .ok_or_else(|| failure(curve)),
                    standing: standing.filter(|_| !curve.mistake).unwrap_or(Standing::Unjudged),
                    avoid: self.avoid.iter().any(|(name, _)| *name == executor),
                })
            }
        }
    }
}

fn name(curve: &EfficiencyCurve) -> &str {
    &curve.executor
}

/// In the row of the best, once each.
fn front<'a>(verdict: &WorkloadVerdict<'a>) -> Vec<&'a str> {
    let tied = verdict.tied_in_row().filter(|_| verdict.judged);
    let mut front: Vec<&str> = Vec::new();
    for cell in verdict.best.into_iter().chain(tied) {
        if !front.contains(&cell.executor.as_str()) {
            front.push(&cell.executor);
        }
    }
    front
}

fn elsewhere<'a>(verdict: &WorkloadVerdict<'a>) -> Vec<&'a CellResult> {
    let row = verdict.best.map(|best| best.row);
    verdict.tied_executors().into_iter().filter(|cell| Some(cell.row) != row).collect()
}

fn figures(metg: Vec<(&str, Metg)>) -> Vec<(&str, Figure)> {
    metg.into_iter().map(|(name, metg)| (name, Figure::Smallest(metg))).collect()
}

fn avoided((cell, ratio): (&CellResult, Estimate)) -> (&str, Figure) {
    (&cell.executor, Figure::Ratio(ratio))
}

fn score(cell: &CellResult) -> Score {
    let figure = match &cell.outcome {
        Ok(measured) => measured.over_best.map(Figure::Ratio).ok_or_else(|| "no round in common".to_owned()),
        Err(reason) => Err(reason.clone()),
    };
    let standing = cell.measured().map_or(Standing::Unjudged, |measured| measured.in_row);
    Score { figure, standing, avoid: cell.to_avoid().is_some() }
}

/// The cells of which one bag was measured from nothing to nothing.
fn once(workload: &WorkloadResult) -> impl Iterator<Item = (&CellResult, OneBag)> {
    workload.cells.iter().filter_map(|cell| Some((cell, cell.measured()?.once?)))
}

/// Time over the best's; infinity where that is not known.
fn over_best(once: &OneBag) -> f64 {
    once.over_best.map_or(f64::INFINITY, |ratio| ratio.value)
}

/// Those that have a ratio, the slowest first.
fn slow<'a>(
    cells: impl Iterator<Item = (&'a CellResult, OneBag)>,
    ratio: impl Fn(&OneBag) -> Option<Estimate>,
) -> Vec<(&'a str, Figure)> {
    let mut slow: Vec<_> = cells.filter_map(|(cell, once)| Some((cell, ratio(&once)?))).collect();
    slow.sort_by(|(_, a), (_, b)| b.value.total_cmp(&a.value));
    slow.into_iter().map(avoided).collect()
}

fn one_bag_score(once: &OneBag) -> Score {
    let figure = once.over_best.map(Figure::Ratio).ok_or_else(|| "no round in common".to_owned());
    Score { figure, standing: once.standing, avoid: once.to_avoid().is_some() }
}

fn failure(curve: &EfficiencyCurve) -> String {
    curve.failures.first().map_or_else(|| "has no samples".to_owned(), |(_, reason)| reason.clone())
}

impl<'a> FamilyVerdict<'a> {
    /// How sure it is that the best is the best.
    pub fn certainty(&self) -> Certainty {
        let behind = |curve: &&EfficiencyCurve| self.standing(&curve.executor) == Some(Standing::Behind);
        match self.too_noisy() {
            _ if self.metg.interval.is_none() => Certainty::NotYet,
            Some(floor) => Certainty::TooNoisy(floor),
            None if !self.tied.is_empty() && !self.family.sensible().any(|curve| behind(&curve)) => {
                Certainty::Undecided
            }
            None if is_rough(self.family.noise) => Certainty::Rough,
            None if self.tied.is_empty() => Certainty::Sure,
            None => Certainty::Group,
        }
    }

    /// Those whose METG is shown to be ten times the best's or more, the largest first: their interval begins at ten times
    /// [`end`](Self::end), or the threshold is not reached at such a size.
    pub fn to_avoid(&self) -> Vec<(&'a str, Figure)> {
        let end = match self.end {
            Some(Crossing::At(ns) | Crossing::Below(ns)) => ns,
            Some(Crossing::NotReached(_)) | None => f64::INFINITY,
        };
        let far_off = |metg: &Metg| match metg.interval.map(|(low, _)| low) {
            Some(Crossing::At(ns) | Crossing::NotReached(ns)) => ns >= AVOID_SIZE * end,
            Some(Crossing::Below(_)) | None => false,
        };
        let mut far = self.metg_of_others();
        far.retain(|(name, metg)| self.standing(name) == Some(Standing::Behind) && far_off(metg));
        figures(far)
    }

    /// Executors that are estimated to need agents of so much larger sizes where that is not shown, those of the largest first.
    pub fn perhaps_to_avoid(&self) -> Vec<(&'a str, Figure)> {
        let shown = self.to_avoid();
        let Some(best) = self.metg.crossing.value() else { return Vec::new() };
        let far_off = |metg: &Metg| match metg.crossing {
            Crossing::At(ns) | Crossing::NotReached(ns) => ns >= AVOID_SIZE * best,
            Crossing::Below(_) => false,
        };
        let mut far = self.metg_of_others();
        far.retain(|(name, metg)| far_off(metg) && !shown.iter().any(|(avoided, _)| avoided == name));
        figures(far)
    }

    /// Of all executors but the best, the largest first.
    fn metg_of_others(&self) -> Vec<(&'a str, Metg)> {
        let family: &'a Family = self.family;
        let others = family.curves.iter().filter(|curve| curve.executor != self.best.executor);
        let mut metg: Vec<(&str, Metg)> =
            others.filter_map(|curve| Some((curve.executor.as_str(), *curve.at(family.ranking)?))).collect();
        metg.sort_by(|(_, a), (_, b)| b.crossing.total_cmp(&a.crossing));
        metg
    }

    /// Below which granularity the best is slower than a serial loop. `None` where that was not seen.
    pub fn break_even(&self) -> Option<f64> {
        self.best.at(Threshold::BreakEven)?.crossing.value()
    }
}

impl Analysis {
    /// What starting an executor takes where agents of every size are compared, in nanoseconds: median over the sizes.
    pub fn starting(&self, family: &Family, executor: &str) -> Option<f64> {
        let starting = |size: &WorkloadResult| {
            let cells = size.cells.iter();
            let cells = cells.filter(|cell| cell.cores == family.cores && cell.executor == executor);
            Some(cells.min_by_key(|cell| cell.workers)?.measured()?.startup_ns)
        };
        median(&self.sizes(family).filter_map(starting).collect::<Vec<_>>())
    }

    /// The matrix of the first screen.
    pub fn overview(&self) -> Overview<'_> {
        let alone = self.standing_alone().map(|workload| OverviewQuestion::of_workload(self, workload));
        let families = self.independent.iter().chain(self.patterns.first());
        let questions: Vec<OverviewQuestion<'_>> =
            alone.chain(families.map(OverviewQuestion::of_family)).collect();
        let mut rows: Vec<OverviewRow<'_>> = Vec::new();
        for (executor, mistake) in self.contestants() {
            if rows.iter().all(|row| row.executor != executor) {
                let scores = questions.iter().map(|question| question.score(executor)).collect();
                let one_bag = |question: &OverviewQuestion<'_>| question.one_bag.as_ref()?.score(executor);
                let one_bag = questions.iter().map(one_bag).collect();
                rows.push(OverviewRow { executor, mistake, scores, one_bag });
            }
        }
        let behind = |row: &OverviewRow<'_>| {
            let one_bag = questions.iter().filter_map(|question| question.one_bag.as_deref());
            let asked = questions.iter().chain(one_bag);
            asked.filter(|question| !question.front.contains(&row.executor)).count()
        };
        rows.sort_by_key(|row| (row.mistake, behind(row)));
        Overview { questions, rows }
    }

    /// The name of every executor under test and whether it is a mistake, some of them more than once.
    fn contestants(&self) -> impl Iterator<Item = (&str, bool)> {
        let cells = self.cells().map(|cell| (cell.executor.as_str(), cell.mistake));
        let curves = self.families().flat_map(|family| &family.curves);
        cells.chain(curves.map(|curve| (curve.executor.as_str(), curve.mistake)))
    }
}
