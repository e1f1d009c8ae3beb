//! `FuturesUnordered` of the futures crate: all agents in one set, polled on the calling thread. It is the form that
//! most evaluation scripts take, as `buffer_unordered`.

use std::future::poll_fn;
use std::io;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use centurion_wait::Running;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::runtime::{Builder, Handle};
use tokio::task::unconstrained;

use super::tokio::{LastingRuntime, TokioWait};
use super::{Runtime, executor};
use crate::under_way::{BagOrFlow, Spawn, begin};
use crate::{Factory, Placement, Workers};

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
        LastingRuntime::start(&mut Builder::new_current_thread()).map(Self)
    }
}

impl Runtime for Unordered {
    fn start_like(&self, _: usize) -> io::Result<Self> {
        Self::start()
    }

    fn is_inside() -> bool {
        Handle::try_current().is_ok()
    }

    fn run(&self, tasks: &BagOrFlow, workers: usize) {
        let new = NewChains::default();
        let mut set = FuturesUnordered::new();
        let ended = begin(tasks, workers, new.clone());
        // tokio would have a future that goes through many others give way again and again, and the set would begin
        // anew each time: with 100,000 agents that took 40 times as long.
        self.0.get().block_on(unconstrained(poll_fn(|context| new.poll(&mut set, context))));
        drop(ended);
    }
}

/// Chains that are not in the set yet. Clones are the same.
#[derive(Clone, Default)]
struct NewChains(Arc<Mutex<Vec<Running<()>>>>);

impl NewChains {
    fn poll(&self, set: &mut FuturesUnordered<Running<()>>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let new = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
            let none = new.is_empty();
            set.extend(new);
            match set.poll_next_unpin(context) {
                Poll::Ready(None) if none => return Poll::Ready(()),
                Poll::Pending if none => return Poll::Pending,
                Poll::Ready(_) | Poll::Pending => {}
            }
        }
    }
}

impl Spawn for NewChains {
    fn spawn(&self, chain: Running<()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(chain);
    }

    fn start(&self, tasks: &BagOrFlow, task: usize) -> Running<()> {
        tasks.start(task, &TokioWait)
    }
}
