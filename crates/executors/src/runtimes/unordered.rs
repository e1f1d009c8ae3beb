//! `FuturesUnordered` of the futures crate: all agents in one set, polled on the calling thread. It is the form that
//! most evaluation scripts take, as `buffer_unordered`.

use std::future::poll_fn;
use std::io;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use centurion_graph::Graph;
use centurion_wait::Running;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::runtime::{Builder, Handle};
use tokio::task::unconstrained;

use super::tokio::{LastingRuntime, TokioWait};
use super::{Runtime, executor};
use crate::under_way::begin;
use crate::{Bag, Factory, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "futures-unordered",
    summary: "one FuturesUnordered on the calling thread, with tokio's timers",
    workers: Workers::UnderWay,
    placement: Placement::Caller,
    mistake: false,
    build: |start| executor("futures-unordered", start, Unordered::start()),
};

struct Unordered(LastingRuntime);

impl Unordered {
    fn start() -> io::Result<Self> {
        LastingRuntime::start(&mut Builder::new_current_thread(), 0).map(Self)
    }
}

impl Runtime for Unordered {
    fn start_like(&self, _: usize) -> io::Result<Self> {
        Self::start()
    }

    fn is_inside() -> bool {
        Handle::try_current().is_ok()
    }

    fn run(&self, bag: &Bag, graph: Option<&Arc<Graph>>, workers: usize) {
        let (new, mut set) = (NewChains::default(), FuturesUnordered::new());
        let begun = new.clone();
        let start = |bag: &Bag, task| bag.start(task, &TokioWait);
        drop(begin(bag, graph, workers, start, move |chain| begun.lock().push(chain)));
        // tokio would have a future that goes through many others give way again and again, and the set would begin
        // anew each time: with 100,000 agents that took 40 times as long.
        self.0.get().block_on(unconstrained(poll_fn(|context| new.poll(&mut set, context))));
    }
}

/// Chains that are not in the set yet. Clones are the same.
#[derive(Clone, Default)]
struct NewChains(Arc<Mutex<Vec<Running<()>>>>);

impl NewChains {
    /// Polls the set until nothing in it goes on, and nothing new has come.
    fn poll(&self, set: &mut FuturesUnordered<Running<()>>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            set.extend(mem::take(&mut *self.lock()));
            let polled = set.poll_next_unpin(context);
            if !matches!(polled, Poll::Ready(Some(()))) && self.lock().is_empty() {
                return polled.map(drop);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Running<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
