//! Bags so long and graphs so deep that no stack holds a call for each task.

use std::cell::Cell;
use std::collections::HashMap;
use std::hint::black_box;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use centurion_graph::Graph;

use super::graphs::{chain, comb};
use super::subject::Subject;
use super::tally::Finding;

/// A stack that holds a call for each task would overflow, and end the process: so these tell, before a graph that is
/// really deep.
const DEPTHS: [usize; 6] = [250, 500, 1_000, 2_000, 4_000, 8_000];

/// Bytes of stack between the tasks of a thread that are no sign of tasks run inside others.
const LOOSE: usize = 65_536;

/// Less than any call takes.
const CALL: usize = 8;

pub(super) fn check(subject: &Subject) {
    subject.step("running a long bag", goes_on_and_on);
    subject.step("running a long chain", |subject| goes_deep(subject, chain, 100_000));
    subject.step("running a long chain that changes hands", |subject| goes_deep(subject, comb, 20_000));
}

/// More tasks than sixteen bits count.
fn goes_on_and_on(subject: &Subject) -> Finding {
    for depth in DEPTHS {
        let extents = Extents::default();
        let noted = extents.clone();
        let (bag, tally) = subject.bag(depth, move |task| noted.note(task));
        subject.execute(&bag, &tally)?;
        extents.check(depth)?;
    }
    subject.runs_bag(70_000)
}

fn goes_deep(subject: &Subject, graph: fn(usize) -> Graph, deepest: usize) -> Finding {
    for depth in DEPTHS {
        let extents = Extents::default();
        let noted = extents.clone();
        subject.flow(graph(depth), move |task| noted.note(task)).run(&subject.executor, 1)?;
        extents.check(depth)?;
    }
    subject.flow(graph(deepest), |_| ()).run(&subject.executor, 1)
}

/// From where to where tasks were on the stack of each thread.
#[derive(Clone, Default)]
struct Extents(Arc<Mutex<HashMap<ThreadId, (usize, usize)>>>);

impl Extents {
    fn note(&self, task: usize) {
        let local = Cell::new(task);
        let here = ptr::from_ref(black_box(&local)).addr();
        let mut extents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (low, high) = extents.entry(thread::current().id()).or_insert((here, here));
        (*low, *high) = (here.min(*low), here.max(*high));
    }

    fn check(&self, depth: usize) -> Finding {
        let extents = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let most = extents.values().map(|(low, high)| high - low).max().unwrap_or(0);
        let flat = most < LOOSE + CALL * depth;
        flat.then_some(())
            .ok_or_else(|| format!("{depth} tasks took {most} bytes of a stack, which more overflow"))
    }
}
