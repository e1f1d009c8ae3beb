//! The ways to run a graph: this library's, and by hand.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use centurion_delayed::{Delayed, Plan, delayed, join};
use centurion_executors::{Executor, Start, find};
use clap::ValueEnum;
use petgraph::graph::{DiGraph, NodeIndex};
use rayon::prelude::*;
use rayon::{Scope, ThreadPool};

use crate::shape::Problem;
use crate::theirs;

/// A way to run a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// This library on a rayon pool.
    DelayedRayon,
    /// This library on threads with a queue.
    DelayedCounter,
    /// A petgraph and rayon, counters of missing inputs, the first successor that gets ready kept.
    Petgraph,
    /// A rayon scope for each level, one inside another.
    Scopes,
    DagExec,
    Dagx,
    Dagrs,
    /// `dask.delayed` on Dask's threads.
    Dask,
}

/// Builds, runs and drops a graph, and returns the sum of what was asked for.
pub(crate) type GraphRunner = Box<dyn Fn(&Problem) -> Result<u64>>;

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DelayedRayon => "delayed, rayon",
            Self::DelayedCounter => "delayed, std-counter",
            Self::Petgraph => "petgraph + rayon by hand",
            Self::Scopes => "nested scopes",
            Self::DagExec => "dag_exec",
            Self::Dagx => "dagx",
            Self::Dagrs => "dagrs",
            Self::Dask => "Dask's threads",
        }
    }

    pub(crate) fn is_ours(self) -> bool {
        matches!(self, Self::DelayedRayon | Self::DelayedCounter)
    }

    pub(crate) fn is_by_hand(self) -> bool {
        matches!(self, Self::Petgraph | Self::Scopes)
    }

    /// Starts its threads, if they last.
    pub(crate) fn start(self, workers: usize) -> Result<GraphRunner> {
        Ok(match self {
            Self::DelayedRayon => ours("rayon", workers)?,
            Self::DelayedCounter => ours("std-counter", workers)?,
            Self::Petgraph => {
                let pool = pool(workers)?;
                Box::new(move |problem| Ok(petgraph(problem, &pool)))
            }
            Self::Scopes => {
                let pool = pool(workers)?;
                Box::new(move |problem| Ok(scopes(problem, &pool)))
            }
            Self::DagExec => Box::new(move |problem| theirs::dag_exec(problem, workers)),
            Self::Dagx => {
                let runtime = theirs::runtime(workers)?;
                Box::new(move |problem| theirs::dagx(problem, &runtime))
            }
            Self::Dagrs => {
                let runtime = theirs::runtime(workers)?;
                Box::new(move |problem| theirs::dagrs(problem, &runtime))
            }
            Self::Dask => unreachable!("it runs in Python"),
        })
    }
}

fn ours(name: &str, workers: usize) -> Result<GraphRunner> {
    let executor = find(name).context("it is in the list")?.start(&Start::workers(workers))?;
    Ok(Box::new(move |problem| lazily(problem, &*executor)))
}

fn lazily(problem: &Problem, executor: &dyn Executor) -> Result<u64> {
    let work = problem.work;
    let mut handles: Vec<Delayed<'static, u64>> = Vec::with_capacity(problem.len());
    for task in 0..problem.len() {
        let handle = match *problem.inputs(task) {
            [] => delayed(move || work.of(task, [])),
            [a] => handles[a as usize].then(move |a| work.of(task, [*a])),
            [a, b] => handles[a as usize].with(&handles[b as usize], move |a, b| work.of(task, [*a, *b])),
            [a, b, c] => {
                let [a, b, c] = [a, b, c].map(|input| handles[input as usize].clone());
                join!(a, b, c).then(move |a, b, c| work.of(task, [*a, *b, *c]))
            }
            _ => unreachable!("no task needs more than three"),
        };
        handles.push(handle);
    }
    let lasts: Vec<_> = problem.lasts.iter().map(|&task| handles[task].clone()).collect();
    drop(handles);
    Plan::new(&lasts).compute(executor)?;
    let results = lasts.iter().map(|last| last.outcome().expect("it was computed").expect("it did not fail"));
    Ok(results.fold(0, |sum, result| sum.wrapping_add(*result)))
}

fn pool(workers: usize) -> Result<ThreadPool> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(workers).build()?)
}

/// What is shared by the workers of a graph that is run by hand.
struct ByHand<'a> {
    problem: &'a Problem,
    graph: DiGraph<(), ()>,
    missing: Vec<AtomicU32>,
    results: Vec<AtomicU64>,
}

fn petgraph(problem: &Problem, pool: &ThreadPool) -> u64 {
    let mut graph = DiGraph::with_capacity(problem.len(), problem.len());
    let mut missing = Vec::with_capacity(problem.len());
    for task in 0..problem.len() {
        let node = graph.add_node(());
        for &input in problem.inputs(task) {
            graph.add_edge(NodeIndex::new(input as usize), node, ());
        }
        missing.push(AtomicU32::new(problem.inputs(task).len() as u32));
    }
    let by_hand = ByHand { problem, graph, missing, results: slots(problem) };
    let roots: Vec<_> = (0..problem.len()).filter(|&task| problem.inputs(task).is_empty()).collect();
    pool.scope(|scope| roots.par_iter().for_each(|&task| by_hand.run(task, scope)));
    problem.sum(|task| by_hand.results[task].load(Ordering::Relaxed))
}

impl ByHand<'_> {
    /// Runs a task and the first of those that it makes ready, one after another, and leaves the others to whoever is free.
    fn run<'s>(&'s self, first: usize, scope: &Scope<'s>) {
        let mut next = Some(first);
        while let Some(task) = next.take() {
            store(self.problem, &self.results, task);
            for node in self.graph.neighbors(NodeIndex::new(task)) {
                let dependent = node.index();
                if self.missing[dependent].fetch_sub(1, Ordering::AcqRel) == 1 {
                    match next {
                        None => next = Some(dependent),
                        Some(_) => scope.spawn(move |scope| self.run(dependent, scope)),
                    }
                }
            }
        }
    }
}

fn slots(problem: &Problem) -> Vec<AtomicU64> {
    (0..problem.len()).map(|_| AtomicU64::new(0)).collect()
}

fn store(problem: &Problem, results: &[AtomicU64], task: usize) {
    let inputs = problem.inputs(task).iter();
    let result = problem.work.of(task, inputs.map(|&input| results[input as usize].load(Ordering::Relaxed)));
    results[task].store(result, Ordering::Relaxed);
}

fn scopes(problem: &Problem, pool: &ThreadPool) -> u64 {
    let mut level_of: Vec<u32> = Vec::with_capacity(problem.len());
    let mut levels: Vec<Vec<u32>> = Vec::new();
    for task in 0..problem.len() {
        let level = problem.inputs(task).iter().map(|&input| level_of[input as usize] + 1).max().unwrap_or(0);
        level_of.push(level);
        levels.resize_with(levels.len().max(level as usize + 1), Vec::new);
        levels[level as usize].push(task as u32);
    }
    let results = &slots(problem);
    pool.scope(|_| {
        for level in &levels {
            rayon::scope(|scope| {
                for &task in level {
                    scope.spawn(move |_| store(problem, results, task as usize));
                }
            });
        }
    });
    problem.sum(|task| results[task].load(Ordering::Relaxed))
}
