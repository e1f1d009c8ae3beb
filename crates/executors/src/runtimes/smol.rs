//! smol's executor and its reactor, whose timers have no tick.

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

use async_io::{Async, Timer};
use centurion_graph::Graph;
use centurion_wait::{Question, Reply, Running, Wait, converse};
use futures_util::future::{AbortHandle, abortable};

use super::{Runtime, executor, threads, try_thread};
use crate::under_way::begin;
use crate::{Bag, Factory, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "smol",
    summary: "smol's executor on a thread for every CPU",
    workers: Workers::UnderWay,
    placement: Placement::Runtime,
    mistake: false,
    build: |start| executor("smol", start, Smol::start(start.workers.get())),
};

/// The reactor's own thread takes over where no other waits.
pub(super) fn start_what_lasts() -> io::Result<()> {
    try_thread()?;
    async_io::block_on(Timer::after(Duration::ZERO));
    Ok(())
}

thread_local! {
    /// Whether this thread is one of a [`Smol`].
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

struct Smol {
    executor: Arc<async_executor::Executor<'static>>,
    threads: Vec<(JoinHandle<()>, AbortHandle)>,
}

impl Smol {
    fn start(workers: usize) -> io::Result<Self> {
        start_what_lasts()?;
        let mut smol = Self { executor: Arc::default(), threads: Vec::new() };
        for _ in 0..threads(workers) {
            let (forever, stop) = abortable(pending::<()>());
            let executor = Arc::clone(&smol.executor);
            let run = move || {
                INSIDE.set(true);
                let _stopped = async_io::block_on(executor.run(forever));
            };
            smol.threads.push((Builder::new().spawn(run)?, stop));
        }
        Ok(smol)
    }
}

impl Drop for Smol {
    fn drop(&mut self) {
        self.threads.iter().for_each(|(_, stop)| stop.abort());
        for (thread, _) in self.threads.drain(..) {
            if thread.thread().id() != thread::current().id() {
                thread.join().expect("neither bags nor flows unwind");
            }
        }
    }
}

impl Runtime for Smol {
    fn start_like(&self, workers: usize) -> io::Result<Self> {
        Self::start(workers)
    }

    fn is_inside() -> bool {
        INSIDE.get()
    }

    fn run(&self, bag: &Bag, graph: Option<&Arc<Graph>>, workers: usize) {
        let executor = Arc::clone(&self.executor);
        let start = |bag: &Bag, task| bag.start(task, &Reactor);
        async_io::block_on(begin(bag, graph, workers, start, move |chain| executor.spawn(chain).detach()));
    }
}

/// How smol waits, and any executor can that has no timers and sockets of its own: the reactor has its own thread.
#[derive(Debug, Clone, Copy)]
pub struct Reactor;

impl Wait for Reactor {
    fn sleep(&self, time: Duration) -> Running<()> {
        Box::pin(async move {
            Timer::after(time).await;
        })
    }

    fn ask(&self, server: SocketAddr, question: Question) -> Running<io::Result<Reply>> {
        Box::pin(async move {
            let stream = Async::<TcpStream>::connect(server).await?;
            stream.get_ref().set_nodelay(true)?;
            converse(stream, question).await
        })
    }
}
