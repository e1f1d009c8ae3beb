//! Tasks under way on an async runtime, never more than there are workers.
//!
//! A worker here is no thread but a chain of tasks: when one ends, the chain goes on with the first that it has made
//! ready, else with another that is, and ends where there is none. So tasks that wait cost no thread, and as many are
//! under way as there are workers.

use std::collections::VecDeque;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use centurion_graph::Graph;
use centurion_wait::{Running, Wait};

use crate::{Bag, Countdown, Flow};

/// Begins to run the tasks of a bag, or of a flow if there is a graph, with at most so many of them under way at once:
/// chains of tasks, each of which is handed to `spawn`, to be polled to its end. `start` makes a future of a task. What
/// this returns is ready when all have ended, and nothing holds them any more.
pub(crate) fn begin(
    bag: &Bag,
    graph: Option<&Arc<Graph>>,
    workers: usize,
    start: impl Fn(&Bag, usize) -> Running<()> + Send + Sync + 'static,
    spawn: impl Fn(Running<()>) + Send + Sync + 'static,
) -> AllEnded {
    let ended = Arc::<Mutex<End>>::default();
    let chains = Arc::new(Chains {
        frontier: Mutex::new(Frontier::new(bag, graph)),
        countdown: graph.map(Countdown::new),
        bag: bag.clone(),
        workers,
        start,
        spawn,
        _last: LastDropped(Arc::clone(&ended)),
    });
    chains.fill(chains.lock());
    AllEnded(ended)
}

/// Tasks that may begin, and how many have.
struct Frontier {
    /// Those of a bag.
    rest: Range<usize>,
    /// Those of a flow: first those that became ready last.
    made: VecDeque<u32>,
    under_way: usize,
}

impl Frontier {
    fn new(bag: &Bag, graph: Option<&Arc<Graph>>) -> Self {
        let rest = 0..if graph.is_some() { 0 } else { bag.len() };
        let roots = graph.map_or(&[][..], |graph| graph.roots());
        Self { rest, made: roots.iter().copied().collect(), under_way: 0 }
    }

    fn next(&mut self) -> Option<usize> {
        self.rest.next().or_else(|| self.made.pop_front().map(|task| task as usize))
    }
}

/// What the chains of one execution share.
struct Chains<S, P> {
    frontier: Mutex<Frontier>,
    /// Of a flow.
    countdown: Option<Countdown>,
    bag: Bag,
    workers: usize,
    start: S,
    spawn: P,
    /// Dropped after everything else.
    _last: LastDropped,
}

impl<S, P> Chains<S, P>
where
    S: Fn(&Bag, usize) -> Running<()> + Send + Sync + 'static,
    P: Fn(Running<()>) + Send + Sync + 'static,
{
    /// Begins chains while there are ready tasks and too few under way.
    fn fill<'a>(self: &'a Arc<Self>, mut frontier: MutexGuard<'a, Frontier>) {
        while frontier.under_way < self.workers
            && let Some(task) = frontier.next()
        {
            frontier.under_way += 1;
            drop(frontier);
            (self.spawn)(Box::pin(Arc::clone(self).chain(task)));
            frontier = self.lock();
        }
    }

    async fn chain(self: Arc<Self>, first: usize) {
        let mut next = Some(first);
        while let Some(task) = next {
            (self.start)(&self.bag, task).await;
            next = self.end(task);
        }
    }

    /// Notes that a task has ended, and begins others beside the next of its chain, which it returns.
    fn end(self: &Arc<Self>, task: usize) -> Option<usize> {
        let mut made = self.countdown.iter().flat_map(|countdown| countdown.end(task));
        let first = made.next();
        let mut frontier = self.lock();
        made.for_each(|task| frontier.made.push_front(task as u32));
        let next = first.or_else(|| frontier.next());
        frontier.under_way -= usize::from(next.is_none());
        self.fill(frontier);
        next
    }

    fn lock(&self) -> MutexGuard<'_, Frontier> {
        self.frontier.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether all has ended, and who waits for it.
#[derive(Default)]
struct End {
    reached: bool,
    waker: Option<Waker>,
}

/// Says when it is dropped.
struct LastDropped(Arc<Mutex<End>>);

impl Drop for LastDropped {
    fn drop(&mut self) {
        let mut end = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        end.reached = true;
        let waker = end.waker.take();
        drop(end);
        waker.into_iter().for_each(Waker::wake);
    }
}

/// Ready when all tasks have ended.
#[must_use = "tasks go on until it is ready"]
pub struct AllEnded(Arc<Mutex<End>>);

impl Future for AllEnded {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut end = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if end.reached {
            return Poll::Ready(());
        }
        end.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Bag {
    /// Begins to run all tasks as futures, with at most `workers` of them under way at once, for executors on async
    /// runtimes. `spawn` is handed chains of tasks, each to be polled to its end, on any thread. What it returns is ready
    /// when all tasks have ended. Tasks wait with `wait`.
    ///
    /// `examples/own_runtime.rs` is an executor made with it.
    pub fn under_way(
        &self,
        workers: usize,
        wait: &'static dyn Wait,
        spawn: impl Fn(Running<()>) + Send + Sync + 'static,
    ) -> AllEnded {
        begin(self, None, workers, move |bag, task| bag.start(task, wait), spawn)
    }
}

impl Flow {
    /// [`Bag::under_way`] for a flow: each task begins after all its inputs have ended.
    pub fn under_way(
        &self,
        workers: usize,
        wait: &'static dyn Wait,
        spawn: impl Fn(Running<()>) + Send + Sync + 'static,
    ) -> AllEnded {
        begin(self.bag(), Some(self.graph()), workers, move |bag, task| bag.start(task, wait), spawn)
    }
}
