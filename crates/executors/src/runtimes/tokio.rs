//! tokio, the runtime that most programs have, and the two mistakes that people make with it.

use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use centurion_graph::Graph;
use centurion_wait::{Question, Reply, Running, Wait};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle};

use super::births::Births;
use super::{Runtime, executor, threads, try_thread};
use crate::per_agent::MOST_THREADS;
use crate::under_way::begin;
use crate::{Bag, Factory, Panic, Placement, Workers};

pub(crate) const MULTI_THREAD: Factory = Factory {
    name: "tokio",
    summary: "tokio tasks on a thread for every CPU",
    workers: Workers::UnderWay,
    placement: Placement::Runtime,
    mistake: false,
    build: |start| executor("tokio", start, Tokio::start(Form::MultiThread, start.workers.get())),
};

pub(crate) const CURRENT_THREAD: Factory = Factory {
    name: "tokio-current-thread",
    summary: "tokio tasks on the calling thread alone",
    workers: Workers::UnderWay,
    placement: Placement::Caller,
    mistake: false,
    build: |start| {
        executor("tokio-current-thread", start, Tokio::start(Form::CurrentThread, start.workers.get()))
    },
};

pub(crate) const SPAWN_BLOCKING: Factory = Factory {
    name: "tokio-spawn-blocking",
    summary: "a mistake: every agent handed to spawn_blocking, which gives it a thread",
    workers: Workers::UnderWay,
    placement: Placement::Runtime,
    mistake: true,
    build: |start| {
        executor("tokio-spawn-blocking", start, Tokio::start(Form::SpawnBlocking, start.workers.get()))
    },
};

pub(crate) const BLOCKING: Factory = Factory {
    name: "tokio-blocking",
    summary: "a mistake: agents that block inside async tasks, and with them the runtime's threads",
    workers: Workers::UnderWay,
    placement: Placement::Runtime,
    mistake: true,
    build: |start| executor("tokio-blocking", start, Tokio::start(Form::Blocking, start.workers.get())),
};

/// How agents are handed to tokio.
#[derive(Debug, Clone, Copy)]
enum Form {
    MultiThread,
    CurrentThread,
    SpawnBlocking,
    Blocking,
}

struct Tokio {
    form: Form,
    runtime: LastingRuntime,
}

impl Tokio {
    fn start(form: Form, workers: usize) -> io::Result<Self> {
        let (mut builder, threads) = match form {
            Form::CurrentThread => (Builder::new_current_thread(), 0),
            Form::MultiThread | Form::Blocking => (Builder::new_multi_thread(), threads(workers)),
            Form::SpawnBlocking => (Builder::new_multi_thread(), 1),
        };
        if let Form::SpawnBlocking = form {
            if workers > MOST_THREADS {
                return Err(io::Error::other(format!("each is a thread, and {MOST_THREADS} are the most")));
            }
            builder.max_blocking_threads(workers);
        }
        LastingRuntime::start(&mut builder, threads).map(|runtime| Self { form, runtime })
    }
}

impl Runtime for Tokio {
    fn start_like(&self, workers: usize) -> io::Result<Self> {
        Self::start(self.form, workers)
    }

    fn is_inside() -> bool {
        Handle::try_current().is_ok()
    }

    fn run(&self, bag: &Bag, graph: Option<&Arc<Graph>>, workers: usize) {
        let runtime = self.runtime.get();
        let handle = runtime.handle().clone();
        let (form, blocking) = (self.form, handle.clone());
        let start = move |bag: &Bag, task| form.start(bag, task, &blocking);
        runtime.block_on(begin(bag, graph, workers, start, move |chain| drop(handle.spawn(chain))));
        if let Form::SpawnBlocking = form
            && let Some(refusal) = self.runtime.births.missing(1 + workers.min(bag.len()))
        {
            bag.refuse(refusal);
        }
    }
}

impl Form {
    /// A task as a future.
    fn start(self, bag: &Bag, task: usize, runtime: &Handle) -> Running<()> {
        let own = bag.clone();
        match self {
            Self::MultiThread | Self::CurrentThread => bag.start(task, &TokioWait),
            Self::Blocking => Box::pin(async move { own.run(task) }),
            Self::SpawnBlocking => {
                let blocking = runtime.spawn_blocking(move || own.run(task));
                Box::pin(async move { blocking.await.expect("neither bags nor flows unwind") })
            }
        }
    }
}

/// A runtime that may be dropped anywhere, also by one of its own tasks.
pub(super) struct LastingRuntime {
    runtime: Option<tokio::runtime::Runtime>,
    births: Births,
}

impl LastingRuntime {
    /// Starts it with timers and sockets, on so many threads or, with none, on whichever thread calls.
    pub(super) fn start(builder: &mut Builder, threads: usize) -> io::Result<Self> {
        let births = Births::default();
        births.count(builder);
        if threads > 0 {
            builder.worker_threads(threads);
            try_thread()?; // tokio panics where it is refused the first
        }
        let started = catch_unwind(AssertUnwindSafe(|| builder.enable_all().build()));
        let started = started.map_err(|payload| io::Error::other(Panic::from_payload(payload)))?;
        let runtime = Self { runtime: Some(started?), births };
        runtime.births.missing(threads).map_or(Ok(runtime), |refusal| Err(io::Error::other(refusal)))
    }

    pub(super) fn get(&self) -> &tokio::runtime::Runtime {
        self.runtime.as_ref().expect("it lasts until it is dropped")
    }
}

impl Drop for LastingRuntime {
    fn drop(&mut self) {
        let runtime = self.runtime.take().expect("it is dropped once");
        if Handle::try_current().is_ok() {
            runtime.shutdown_background(); // a task can't wait for the threads to end
        }
    }
}

/// How tokio waits.
pub(super) struct TokioWait;

impl Wait for TokioWait {
    fn sleep(&self, time: Duration) -> Running<()> {
        Box::pin(tokio::time::sleep(time))
    }

    fn ask(&self, server: SocketAddr, question: Question) -> Running<io::Result<Reply>> {
        Box::pin(async move {
            let mut stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            stream.write_all(&question).await?;
            let mut reply = Reply::default();
            stream.read_exact(&mut reply).await?;
            match stream.read(&mut [0]).await? {
                0 => Ok(reply),
                _ => Err(io::Error::other("the server said more than an answer")),
            }
        })
    }
}
