//! Graphs so deep that no stack holds a call for each task.

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
const DEPTHS: [usize; 4] = [250, 500, 1_000, 2_000];

/// Bytes of stack between the tasks of a thread that are no sign of tasks run inside others.
const LOOSE: usize = 16_384;

/// Less than what a call takes.
const CALL: usize = 32;

pub(super) fn check(subject: &Subject) {
    subject.step("running a long chain", |subject| goes_deep(subject, chain, 100_000));
    subject.step("running a long chain that changes hands", |subject| goes_deep(subject, comb, 20_000));
}

fn goes_deep(subject: &Subject, graph: fn(usize) -> Graph, deepest: usize) -> Finding {
    DEPTHS.into_iter().try_for_each(|depth| keeps_the_stack_flat(subject, depth, graph(depth)))?;
    subject.flow(graph(deepest), |_| ()).run(&subject.executor, 1)
}

fn keeps_the_stack_flat(subject: &Subject, depth: usize, graph: Graph) -> Finding {
    let extents = Arc::<Mutex<HashMap<ThreadId, (usize, usize)>>>::default();
    let noted = Arc::clone(&extents);
    let flow = subject.flow(graph, move |task| {
        let local = Cell::new(task);
        let here = ptr::from_ref(black_box(&local)).addr();
        let mut extents = noted.lock().unwrap_or_else(PoisonError::into_inner);
        let (low, high) = extents.entry(thread::current().id()).or_insert((here, here));
        (*low, *high) = (here.min(*low), here.max(*high));
    });
    flow.run(&subject.executor, 1)?;
    let extents = extents.lock().unwrap_or_else(PoisonError::into_inner);
    let most = extents.values().map(|(low, high)| high - low).max().unwrap_or(0);
    let flat = most < LOOSE + CALL * depth;
    flat.then_some(())
        .ok_or_else(|| format!("{depth} tasks took {most} bytes of a stack, so deeper graphs overflow it"))
}
