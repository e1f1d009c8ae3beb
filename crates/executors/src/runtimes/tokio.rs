//! tokio, the runtime that most programs have, and the two mistakes that people make with it.

use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use centurion_wait::{Question, Reply, Running, Wait};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle};

use super::{Runtime, executor, threads, try_thread};
use crate::under_way::{BagOrFlow, Spawn, begin};
use crate::{Factory, Panic, Placement, Workers};

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
        let mut builder = match form {
            Form::CurrentThread => Builder::new_current_thread(),
            Form::MultiThread | Form::SpawnBlocking | Form::Blocking => Builder::new_multi_thread(),
        };
        match form {
            Form::CurrentThread => {}
            Form::SpawnBlocking => drop(builder.worker_threads(1).max_blocking_threads(workers)),
            Form::MultiThread | Form::Blocking => drop(builder.worker_threads(threads(workers))),
        }
        LastingRuntime::start(&mut builder).map(|runtime| Self { form, runtime })
    }
}

impl Runtime for Tokio {
    fn start_like(&self, workers: usize) -> io::Result<Self> {
        Self::start(self.form, workers)
    }

    fn is_inside() -> bool {
        Handle::try_current().is_ok()
    }

    fn run(&self, tasks: &BagOrFlow, workers: usize) {
        let runtime = self.runtime.get();
        let ended = begin(tasks, workers, TokioSpawner { form: self.form, handle: runtime.handle().clone() });
        runtime.block_on(ended);
    }
}

struct TokioSpawner {
    form: Form,
    handle: Handle,
}

impl Spawn for TokioSpawner {
    fn spawn(&self, chain: Running<()>) {
        drop(self.handle.spawn(chain));
    }

    fn start(&self, tasks: &BagOrFlow, task: usize) -> Running<()> {
        let own = tasks.clone();
        match self.form {
            Form::MultiThread | Form::CurrentThread => tasks.start(task, &TokioWait),
            Form::Blocking => Box::pin(async move { own.run(task) }),
            Form::SpawnBlocking => {
                let blocking = self.handle.spawn_blocking(move || own.run(task));
                Box::pin(async move { blocking.await.expect("neither bags nor flows unwind") })
            }
        }
    }
}

/// A runtime that may be dropped anywhere, also by one of its own tasks.
pub(super) struct LastingRuntime(Option<tokio::runtime::Runtime>);

impl LastingRuntime {
    /// Starts it with timers and sockets.
    pub(super) fn start(builder: &mut Builder) -> io::Result<Self> {
        try_thread()?;
        // tokio panics where it is refused a thread.
        let started = catch_unwind(AssertUnwindSafe(|| builder.enable_all().build()));
        let started = started.map_err(|payload| io::Error::other(Panic::from_payload(payload)))?;
        started.map(|runtime| Self(Some(runtime)))
    }

    pub(super) fn get(&self) -> &tokio::runtime::Runtime {
        self.0.as_ref().expect("it lasts until it is dropped")
    }
}

impl Drop for LastingRuntime {
    fn drop(&mut self) {
        let runtime = self.0.take().expect("it is dropped once");
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
