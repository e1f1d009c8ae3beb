//! The scheduler that any executor can run a flow with: loops that draw from one queue of ready tasks.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError};

use centurion_graph::Graph;

use crate::bag::Panics;
use crate::spawn::on_threads;
use crate::sync::{Backoff, Condvar, Mutex, MutexGuard};
use crate::{Bag, Countdown, Executor, Flow, Panic};

/// Most tasks a loop takes at once.
const MOST_AT_ONCE: usize = 32;

/// A loop takes several tasks at once only while there are this many times as many for every loop.
const PLENTY: usize = 64;

/// Runs a flow as a bag of loops, one per worker.
pub(crate) fn execute<E: Executor + ?Sized>(executor: &E, flow: &Flow) {
    let loops = executor.workers().min(flow.len());
    let ready = Arc::new(Ready::new(flow.graph(), loops));
    let tasks = flow.clone();
    let bag = Bag::new(loops, move |_| ready.work(|task| tasks.run(task)));
    executor.execute(&bag);
    if let Some(refusal) = bag.take_refusal() {
        flow.refuse(refusal);
    }
}

/// Runs every task of a graph once, each after all its inputs, on `workers` new threads, and returns the
/// panics by task. Unlike an executor, it takes tasks that borrow from the caller. Where the system refuses threads, the
/// caller's own does their work.
///
/// # Panics
/// When `workers` is zero.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use centurion_executors::run_scoped;
/// use centurion_graph::Graph;
///
/// let graph = Arc::new(Graph::new([vec![], vec![0], vec![1]])?);
/// let order = Mutex::new(Vec::new());
/// run_scoped(&graph, 2, &|task| order.lock().unwrap().push(task));
/// assert_eq!(order.into_inner().unwrap(), [0, 1, 2]);
/// # Ok::<(), centurion_graph::GraphError>(())
/// ```
pub fn run_scoped(
    graph: &Arc<Graph>,
    workers: usize,
    task: &(dyn Fn(usize) + Sync),
) -> BTreeMap<usize, Panic> {
    assert!(workers > 0, "running a graph needs at least one worker");
    let loops = workers.min(graph.len());
    let (ready, panics) = (Ready::new(graph, loops), Panics::default());
    on_threads(loops, |_| (), |_| ready.work(|index| panics.catch(index, || task(index))));
    panics.caught()
}

/// What the loops of one execution share.
pub(crate) struct Ready {
    countdown: Countdown,
    loops: usize,
    queue: Mutex<Queue>,
    /// Rung when tasks are queued, and at the end.
    more: Condvar,
}

struct Queue {
    /// Tasks that nobody has taken: first those that became ready last, so that what was begun comes to its end before
    /// more is begun.
    ready: VecDeque<u32>,
    /// Number of tasks that have not ended, as far as loops have reported.
    left: usize,
    /// Number of loops that wait.
    waiting: usize,
}

impl Ready {
    pub(crate) fn new(graph: &Arc<Graph>, loops: usize) -> Self {
        let queue = Queue { ready: graph.roots().iter().copied().collect(), left: graph.len(), waiting: 0 };
        Self { countdown: Countdown::new(graph), loops, queue: Mutex::new(queue), more: Condvar::new() }
    }

    /// Runs ready tasks until every task of the graph has ended, after each the first that it has made ready. A loop waits only while another has tasks in
    /// hand, so loops may also run one after another.
    pub(crate) fn work(&self, run: impl Fn(usize)) {
        let (mut mine, mut others, mut ended) = (VecDeque::new(), Vec::new(), 0);
        while self.take(&mut mine, ended) {
            ended = 0;
            while let Some(task) = mine.pop_front() {
                run(task as usize);
                ended += 1;
                let mut made = self.countdown.end(task as usize).map(|task| task as u32);
                let next = made.next();
                others.extend(made);
                self.share(&mut others);
                if let Some(next) = next {
                    mine.push_front(next);
                }
            }
        }
    }

    /// Reports tasks that have ended and takes ready ones. `false` when all have ended.
    fn take(&self, mine: &mut VecDeque<u32>, ended: usize) -> bool {
        let mut queue = self.lock();
        queue.left -= ended;
        let mut queue = self.wait(queue);
        let count = (queue.ready.len() / (PLENTY * self.loops)).clamp(1, MOST_AT_ONCE);
        let count = count.min(queue.ready.len());
        mine.extend(queue.ready.drain(..count));
        if queue.left == 0 {
            self.more.notify_all();
        }
        queue.left > 0
    }

    /// Waits until a task is ready or all have ended: awake at first, for little is dearer than to be woken, then
    /// asleep.
    fn wait<'a>(&'a self, mut queue: MutexGuard<'a, Queue>) -> MutexGuard<'a, Queue> {
        let backoff = Backoff::new();
        while queue.ready.is_empty() && queue.left > 0 {
            if backoff.is_completed() {
                queue.waiting += 1;
                queue = self.more.wait(queue).unwrap_or_else(PoisonError::into_inner);
                queue.waiting -= 1;
            } else {
                drop(queue);
                backoff.snooze();
                queue = self.lock();
            }
        }
        queue
    }

    /// Queues tasks for whoever is free.
    fn share(&self, made: &mut Vec<u32>) {
        if made.is_empty() {
            return;
        }
        let mut queue = self.lock();
        let woken = made.len().min(queue.waiting);
        made.drain(..).rev().for_each(|task| queue.ready.push_front(task));
        drop(queue);
        (0..woken).for_each(|_| self.more.notify_one());
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
