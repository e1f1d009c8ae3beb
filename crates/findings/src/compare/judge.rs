//! Every cell of two runs, judged at once.

use std::collections::HashMap;

use centurion_record::Record;
use centurion_stats::{Estimate, holm};

use super::change::Change;
use super::groups::{Group, groups};
use super::pace::PaceShift;
use super::pair::GroupPair;
use super::rule::{ChangeVerdict, Rules};
use super::run::ComparedRun;
use super::samples::median_ns;
use super::shared::{MachineDrift, Scope, SharedChange, alarms_of_cells, shared};
use super::shift::{Pairing, Shift};
use super::views::Views;

/// What two runs say of their cells, and of what the cells of a workload share.
pub(super) struct Judgement {
    pub(super) changes: Vec<Change>,
    pub(super) shared: Vec<SharedChange>,
    pub(super) pace: Option<PaceShift>,
}

impl Judgement {
    pub(super) fn new(base: &Record, now: &Record, pairing: Pairing, rules: Rules) -> Self {
        let (base, now) = (ComparedRun::new(base), ComparedRun::new(now));
        let runs = [&base, &now];
        let pace = PaceShift::find(&base, &now);
        let groups = groups(&base, &now);
        let (mut changes, mut places, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for group in &groups {
            let pair = GroupPair::find(group, runs, pace.as_ref(), pairing);
            let verdict = pair.as_ref().err().cloned().unwrap_or(ChangeVerdict::Inconclusive);
            if let Ok(pair) = pair {
                places.push(changes.len());
                pairs.push(pair);
            }
            changes.push(unjudged(group, runs, verdict));
        }
        let shared = shared(&pairs, runs, pace.as_ref(), (pairing, rules));
        let views = views(&pairs, &shared, pairing);
        let p_values: Vec<f64> = views.iter().map(|views| views.carried_by().1.p_value()).collect();
        let alarms = alarms_of_cells(rules, &shared);
        for ((place, views), p_value) in places.into_iter().zip(&views).zip(holm(&p_values)) {
            settle(&mut changes[place], views, p_value, p_value <= alarms, rules);
        }
        Self { changes, shared: shared.into_iter().map(|(change, _)| change).collect(), pace }
    }
}

fn views(pairs: &[GroupPair<'_>], shared: &[(SharedChange, Shift)], pairing: Pairing) -> Vec<Views> {
    let drift = MachineDrift::new(pairs, pairing);
    let shown = shared.iter().filter(|(change, _)| change.is_shown);
    let together: HashMap<&str, f64> = shown
        .filter_map(|(change, shift)| match &change.scope {
            Scope::Workload(family) => Some((family.as_str(), shift.value)),
            Scope::Executor(_) => None,
        })
        .collect();
    let together = |pair: &GroupPair<'_>| together.get(pair.group.workload.as_str()).copied().unwrap_or(0.0);
    pairs.iter().map(|pair| Views::new(pair, together(pair), pairing, drift.of(pair.kind))).collect()
}

fn unjudged(group: &Group, runs: [&ComparedRun<'_>; 2], verdict: ChangeVerdict) -> Change {
    let [base_ns, now_ns] = runs.map(|run| median_ns(run, group));
    Change {
        id: group.id.clone(),
        workload: group.workload.clone(),
        executor: group.executor.clone(),
        cores: group.cores,
        workers: group.workers,
        in_base: group.members.iter().any(|id| runs[0].measured(id).is_some()),
        base_ns,
        now_ns,
        time: None,
        ratio: None,
        metric: None,
        floor: None,
        p_value: None,
        verdict,
    }
}

fn settle(change: &mut Change, views: &Views, p_value: f64, is_unlikely: bool, rules: Rules) {
    let (metric, carrying) = views.carried_by();
    change.time = Some(views.time.estimate(rules.alarms));
    change.ratio = views.ratio.map(|ratio| ratio.estimate(rules.alarms));
    change.metric = Some(metric);
    change.floor = half_width(carrying.estimate(rules.alarms));
    change.p_value = Some(p_value);
    change.verdict = views.verdict(is_unlikely, rules);
}

fn half_width(estimate: Estimate) -> Option<f64> {
    estimate.interval.map(|ends| (ends.high - ends.low) / 2.0)
}
