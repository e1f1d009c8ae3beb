//! The counter, the queue and the bell of flows in every order that the memory model allows. [`crate::sync`] names
//! the command.

use std::sync::Arc;

use centurion_graph::Graph;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use crate::Countdown;
use crate::idle::Idle;
use crate::ready::Ready;

fn graph<const N: usize>(inputs: [&[usize]; N]) -> Arc<Graph> {
    Graph::new(inputs.map(|inputs| inputs.iter().copied())).expect("inputs come first").into()
}

/// A mark per task. They are relaxed, so that only what the scheduler orders lets one task see another's.
struct RunMarks(Vec<AtomicUsize>);

impl RunMarks {
    fn new(graph: &Graph) -> Self {
        Self(graph.tasks().map(|_| AtomicUsize::new(0)).collect())
    }

    /// Runs a task that must see that all its inputs have run.
    fn run(&self, graph: &Graph, task: usize) {
        for &input in graph.inputs(task) {
            assert_eq!(self.0[input as usize].load(Ordering::Relaxed), 1, "{task} does not see {input}");
        }
        self.0[task].fetch_add(1, Ordering::Relaxed);
    }

    fn each_ran_once(&self) {
        assert!(self.0.iter().all(|mark| mark.load(Ordering::Relaxed) == 1));
    }
}

#[test]
fn one_of_those_who_end_the_inputs_of_a_task_is_handed_it_and_sees_them_all() {
    loom::model(|| {
        let graph = graph([&[], &[], &[], &[0, 1, 1, 2]]);
        let shared = Arc::new((Countdown::new(&graph), RunMarks::new(&graph)));
        let end = |task: usize| {
            let (graph, shared) = (Arc::clone(&graph), Arc::clone(&shared));
            move || {
                shared.1.run(&graph, task);
                shared.0.end(task).for_each(|next| shared.1.run(&graph, next));
            }
        };
        let threads = [thread::spawn(end(0)), thread::spawn(end(1))];
        end(2)();
        for thread in threads {
            thread.join().unwrap();
        }
        shared.1.each_ran_once();
    });
}

/// Runs the graph with loops on two threads and checks every order.
fn two_loops_run(graph: &Arc<Graph>) {
    let graph = Arc::clone(graph);
    loom::model(move || {
        let shared = Arc::new((Ready::new(&graph, 2), RunMarks::new(&graph)));
        let work = || {
            let (graph, shared) = (Arc::clone(&graph), Arc::clone(&shared));
            move || shared.0.work(|task| shared.1.run(&graph, task))
        };
        let other = thread::spawn(work());
        work()();
        other.join().unwrap();
        shared.1.each_ran_once();
    });
}

#[test]
fn two_loops_share_what_fans_out_and_comes_together_again() {
    two_loops_run(&graph([&[], &[0], &[0], &[1, 2]]));
}

#[test]
fn two_loops_share_independent_tasks_with_a_common_dependent() {
    two_loops_run(&graph([&[], &[], &[0, 1], &[0]]));
}

#[test]
fn the_loop_without_a_task_of_a_chain_learns_of_its_end() {
    two_loops_run(&graph([&[], &[0]]));
}

#[test]
fn a_sleeper_wakes_for_what_is_queued_and_for_the_end() {
    loom::model(|| {
        let shared = Arc::new((Idle::new(2), AtomicUsize::new(0)));
        let sleeper = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                let (idle, queued) = &*shared;
                while !idle.all_ended() {
                    if queued.swap(0, Ordering::AcqRel) == 1 {
                        idle.report(1);
                    }
                    idle.sleep(|| queued.load(Ordering::Relaxed) == 0);
                }
            }
        });
        let (idle, queued) = &*shared;
        queued.fetch_add(1, Ordering::Release);
        idle.wake();
        idle.report(1);
        sleeper.join().unwrap();
    });
}
