//! What every executor must do with a flow.

use std::future::Future;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::yield_now;

use centurion_graph::Graph;
use centurion_wait::Wait;

use super::graphs::{self, layers, stencil};
use super::subject::{Subject, none_panicked, none_refused};
use super::tally::{Finding, Handed, RunTally};
use super::waiting::pause;
use crate::{Executor, Flow};

/// Tasks that end at the same time, in each of so many layers, of so many flows.
const WIDTH: usize = 4;
const LAYERS: usize = 40;
const FLOWS: usize = 10;

pub(super) fn check(subject: &Subject) {
    subject.step("running flows of all shapes", runs_all_shapes);
    subject.step("running flows whose tasks end at the same time", starts_what_ends_at_once_makes_ready);
    subject.step("running a flow whose tasks panic", releases_what_depends_on_a_panicking_task);
    subject.step("running the same flow again", |subject| {
        let flow = subject.flow(stencil(20, 20), |_| ());
        (1..=3).try_for_each(|times| flow.run(&subject.executor, times))
    });
}

/// A flow whose tasks check that their inputs have run before them.
#[derive(Clone)]
pub(super) struct CheckedFlow {
    flow: Flow,
    tally: RunTally,
    early: EarlyTask,
}

/// A task that began too early, and an input of it that had not ended. Clones are the same note.
#[derive(Clone, Default)]
struct EarlyTask(Arc<Mutex<Option<(usize, u32)>>>);

impl EarlyTask {
    /// What a task does when it begins: it checks its inputs.
    fn check(&self, graph: &Arc<Graph>) -> impl Fn(&RunTally, usize) + Send + Sync + use<> {
        let (graph, early) = (Arc::clone(graph), self.clone());
        move |tally, task| {
            // Every execution in which this task has ended also ended its inputs, and so did this one.
            let ended = tally.runs(task);
            let behind = |&&input: &&u32| tally.runs(input as usize) <= ended;
            if let Some(&input) = graph.inputs(task).iter().find(behind) {
                early.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((task, input));
            }
        }
    }

    fn noted(&self) -> Option<(usize, u32)> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subject {
    /// A flow whose tasks are counted and check their inputs.
    pub(super) fn flow(&self, graph: Graph, task: impl Fn(usize) + Send + Sync + 'static) -> CheckedFlow {
        let (graph, early) = (Arc::new(graph), EarlyTask::default());
        let check = early.check(&graph);
        let (tally, counted) = self.counted(Handed::Flow, graph.len(), move |tally, index| {
            check(tally, index);
            task(index);
        });
        CheckedFlow { flow: Flow::new(graph, counted), tally, early }
    }

    /// The same of tasks that wait.
    pub(super) fn waiting_flow<F: Future<Output = ()> + Send + 'static>(
        &self,
        graph: Graph,
        start: impl Fn(usize, &'static dyn Wait) -> F + Send + Sync + 'static,
    ) -> CheckedFlow {
        let (graph, early) = (Arc::new(graph), EarlyTask::default());
        let (tally, counted) = self.counted_waiting(Handed::Flow, graph.len(), early.check(&graph), start);
        CheckedFlow { flow: Flow::waiting(graph, counted), tally, early }
    }
}

impl CheckedFlow {
    /// Has an executor run the flow for so many times in all, and checks it.
    pub(super) fn run(&self, executor: &Arc<dyn Executor>, times: usize) -> Finding {
        self.execute(executor);
        self.check(times)?;
        none_panicked(&self.flow.panics())?;
        none_refused(self.flow.take_refusal())
    }

    pub(super) fn execute(&self, executor: &Arc<dyn Executor>) {
        executor.execute_flow(&self.flow);
    }

    /// Checks that every task has run so often, never before its inputs.
    pub(super) fn check(&self, times: usize) -> Finding {
        match self.early.noted() {
            // One that ran too often began ahead of its inputs as well.
            Some((task, input)) if self.tally.runs(task) <= times => {
                Err(format!("task {task} of a flow began before its input {input} had ended"))
            }
            _ => self.tally.check(times),
        }
    }

    /// Checks that these tasks have panicked, and no others.
    pub(super) fn check_panics(&self, tasks: impl Iterator<Item = usize>) -> Finding {
        let panics = self.flow.panics();
        let right = panics.keys().copied().eq(tasks)
            && panics.iter().all(|(task, panic)| panic.message == format!("task {task} gave up"));
        right.then_some(()).ok_or_else(|| format!("these panics were kept: {panics:?}"))
    }
}

/// Some tasks take their time, so that what does not wait for them is seen.
fn runs_all_shapes(subject: &Subject) -> Finding {
    graphs::all().into_iter().try_for_each(|graph| {
        let slow_at_times = |task| {
            if task % 16 == 3 {
                pause();
            }
        };
        subject.flow(graph, slow_at_times).run(&subject.executor, 1)
    })
}

/// The tasks of a layer wait for each other before they end, as far as there are workers.
fn starts_what_ends_at_once_makes_ready(subject: &Subject) -> Finding {
    let together = subject.executor.workers().min(WIDTH);
    for _ in 0..FLOWS {
        let begun: Vec<_> = (0..=LAYERS).map(|_| AtomicUsize::new(0)).collect();
        let flow = subject.flow(layers(WIDTH, LAYERS), move |task| {
            let (layer, place) = (task / (WIDTH + 1), task % (WIDTH + 1));
            if place > 0 {
                let begun = &begun[layer];
                begun.fetch_add(1, Ordering::AcqRel);
                (0..200).take_while(|_| begun.load(Ordering::Acquire) < together).for_each(|_| yield_now());
            }
        });
        flow.run(&subject.executor, 1)?;
    }
    Ok(())
}

fn releases_what_depends_on_a_panicking_task(subject: &Subject) -> Finding {
    let flow = subject.flow(stencil(10, 10), |task| {
        if task % 10 == 3 {
            resume_unwind(Box::new(format!("task {task} gave up")));
        }
    });
    flow.execute(&subject.executor);
    flow.check(1)?;
    flow.check_panics((3..100).step_by(10))
}
