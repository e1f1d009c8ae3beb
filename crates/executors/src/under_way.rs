//! Tasks under way on an async runtime, never more than there are workers.
//!
//! A worker here is no thread but a chain of tasks: when one ends, the chain goes on with another that is ready, and
//! ends where there is none. So tasks that wait cost no thread, and as many are under way as there are workers.

use std::collections::VecDeque;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use centurion_wait::{Running, Wait};

use crate::{Bag, Countdown, Flow, Refusal};

/// What is to be run.
#[derive(Clone)]
pub(crate) enum BagOrFlow {
    Bag(Bag),
    Flow(Flow),
}

impl BagOrFlow {
    fn len(&self) -> usize {
        match self {
            Self::Bag(bag) => bag.len(),
            Self::Flow(flow) => flow.len(),
        }
    }

    fn ready(&self) -> ReadyTasks {
        match self {
            Self::Bag(bag) => ReadyTasks { rest: 0..bag.len(), made: VecDeque::new() },
            Self::Flow(flow) => {
                ReadyTasks { rest: 0..0, made: flow.graph().roots().iter().copied().collect() }
            }
        }
    }

    /// Runs one task on this thread.
    pub(crate) fn run(&self, task: usize) {
        match self {
            Self::Bag(bag) => bag.run(task),
            Self::Flow(flow) => flow.run(task),
        }
    }

    /// One task as a future.
    pub(crate) fn start(&self, task: usize, wait: &'static dyn Wait) -> Running<()> {
        match self {
            Self::Bag(bag) => bag.start(task, wait),
            Self::Flow(flow) => flow.start(task, wait),
        }
    }

    /// Runs all of them on this thread, which should not have had to, and says why.
    pub(crate) fn run_all_here(&self, refused: impl Into<Refusal>) {
        match self {
            Self::Bag(bag) => {
                bag.refuse(refused);
                bag.run_range(0..bag.len());
            }
            Self::Flow(flow) => {
                flow.refuse(refused);
                flow.run_range(0..flow.len());
            }
        }
    }
}

/// Tasks that may begin.
struct ReadyTasks {
    /// Those of a bag.
    rest: Range<usize>,
    /// Those of a flow, in the order in which they became ready.
    made: VecDeque<u32>,
}

impl ReadyTasks {
    fn next(&mut self) -> Option<usize> {
        self.rest.next().or_else(|| self.made.pop_front().map(|task| task as usize))
    }
}

/// How tasks are handed to a runtime.
pub(crate) trait Spawn: Send + Sync + 'static {
    /// Hands it a chain of tasks.
    fn spawn(&self, chain: Running<()>);

    /// One task as a future.
    fn start(&self, tasks: &BagOrFlow, task: usize) -> Running<()>;
}

/// What the chains of one execution share.
struct Chains<S> {
    tasks: BagOrFlow,
    /// Of a flow.
    countdown: Option<Countdown>,
    workers: usize,
    runtime: S,
    state: Mutex<State>,
}

struct State {
    ready: ReadyTasks,
    under_way: usize,
    /// Number of tasks that have not ended.
    left: usize,
    /// Who waits for the end.
    waker: Option<Waker>,
}

/// Begins to run all tasks, with at most so many of them under way at once. What it returns is ready when all have
/// ended.
pub(crate) fn begin<S: Spawn>(tasks: &BagOrFlow, workers: usize, runtime: S) -> AllEnded<S> {
    let state = State { ready: tasks.ready(), under_way: 0, left: tasks.len(), waker: None };
    let countdown = match tasks {
        BagOrFlow::Bag(_) => None,
        BagOrFlow::Flow(flow) => Some(Countdown::new(flow.graph())),
    };
    let chains = Chains { tasks: tasks.clone(), countdown, workers, runtime, state: Mutex::new(state) };
    let chains = Arc::new(chains);
    chains.fill();
    AllEnded(chains)
}

/// Ready when all tasks have ended.
pub(crate) struct AllEnded<S>(Arc<Chains<S>>);

impl<S> Future for AllEnded<S> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock();
        if state.left == 0 {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl<S: Spawn> Chains<S> {
    /// Begins chains while there are ready tasks and too few under way.
    fn fill(self: &Arc<Self>) {
        while let Some(task) = self.another() {
            self.runtime.spawn(Box::pin(Arc::clone(self).chain(task)));
        }
    }

    /// A task for a new chain, which then is under way.
    fn another(&self) -> Option<usize> {
        let mut state = self.lock();
        let task = (state.under_way < self.workers).then(|| state.ready.next()).flatten()?;
        state.under_way += 1;
        Some(task)
    }

    async fn chain(self: Arc<Self>, first: usize) {
        let mut next = Some(first);
        while let Some(task) = next {
            self.runtime.start(&self.tasks, task).await;
            next = self.end(task);
            self.fill();
        }
    }
}

impl<S> Chains<S> {
    /// Notes that a task has ended. Returns the next of its chain.
    fn end(&self, task: usize) -> Option<usize> {
        let mut state = self.lock();
        if let Some(countdown) = &self.countdown {
            state.ready.made.extend(countdown.end(task).map(|task| task as u32));
        }
        let next = state.ready.next();
        state.under_way -= usize::from(next.is_none());
        state.left -= 1;
        let waker = (state.left == 0).then(|| state.waker.take()).flatten();
        drop(state);
        waker.into_iter().for_each(Waker::wake);
        next
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
