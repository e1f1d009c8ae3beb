//! The driver process.

use std::mem;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::cluster::{Cluster, Target};
use crate::peer::{Peer, Scheduler};
use crate::signal::{go_on, stop};
use crate::wire::{BUILD, Events, PROTOCOL, Requests, Started, VERSION, Versions, WireEvent, garbled};
use crate::{DaskError, Python};

/// What a driver that was resting gets to see to what it missed, before it is asked for anything that is timed.
const AWAKE: Duration = Duration::from_millis(100);

/// A Python process that runs agents for this one. Clones are the same process; it ends with the last of them.
///
/// It follows one request after another: of two threads that ask it, one waits.
#[derive(Clone)]
pub struct Driver {
    requests: Requests,
    process: Arc<Mutex<Process>>,
}

struct Process {
    requests: Requests,
    events: Events,
    child: Child,
    versions: Versions,
    resting: bool,
}

impl Driver {
    /// Starts the driver of the project's Python environment.
    ///
    /// # Errors
    /// When there is no such environment, it does not work, or it was built from other sources than this
    /// program. Each error says what to do.
    pub fn launch() -> Result<Self, DaskError> {
        let python = Python::find()?;
        Self::speak_with(python.driver())
            .map_err(|error| DaskError::NotStarted { path: python.path().to_owned(), error })?
    }

    /// Starts a driver by a command of your own and shakes hands with it.
    ///
    /// It reads requests from its standard input and writes events to its standard output; its standard error
    /// is this program's. On Unix it is in a process group of its own, so that a Ctrl-C in the terminal reaches
    /// this program alone.
    ///
    /// # Errors
    /// The outer one when the command can't be started, the inner one when no hands were shaken.
    pub fn speak_with(mut command: Command) -> std::io::Result<Result<Self, DaskError>> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let requests = Requests::new(child.stdin.take().expect("its input is piped"));
        let mut events = Events::new(child.stdout.take().expect("its output is piped"));
        let versions = shake_hands(&requests, &mut events);
        if versions.is_err() {
            requests.end();
            child.wait()?;
        }
        Ok(versions.map(|versions| {
            let process = Process { requests: requests.clone(), events, child, versions, resting: false };
            Self { requests, process: Arc::new(Mutex::new(process)) }
        }))
    }

    /// Starts a scheduler with so many workers on the CPUs of these numbers, or on all when there are none.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(&self, scheduler: Scheduler, workers: usize, cpus: &[usize]) -> Result<Peer, DaskError> {
        let started = self.ask_to_start(&json!({
            "do": "start", "scheduler": scheduler.name(), "workers": workers, "cpus": cpus,
        }))?;
        Ok(Peer::new(self.clone(), scheduler, &started))
    }

    /// Connects to a cluster, or starts one on loopback, and brings the agents to its workers.
    ///
    /// # Errors
    /// When there is none, it can't be entered, or a worker has another build of the agents.
    pub fn connect(&self, target: &Target) -> Result<Cluster, DaskError> {
        let started = self.ask_to_start(&target.request())?;
        Ok(Cluster::new(self.clone(), started))
    }

    /// Stops the driver and all that it started where they stand, until it is asked for something again: whoever only
    /// waits to be asked costs the CPUs time all the same, with heartbeats and the like. On Unix only.
    pub(crate) fn rest(&self) {
        let mut process = self.process();
        process.resting = stop(&process.child);
    }

    /// What the driver is made of.
    pub fn versions(&self) -> Versions {
        self.process().versions.clone()
    }

    /// Ends a run from elsewhere, such as a signal handler's thread.
    pub fn canceller(&self) -> Canceller {
        Canceller(self.requests.clone())
    }

    pub(crate) fn requests(&self) -> Requests {
        self.requests.clone()
    }

    fn ask_to_start(&self, request: &Value) -> Result<Started, DaskError> {
        match self.ask("start a scheduler", request)? {
            WireEvent::Started(started) => Ok(started),
            other => Err(garbled("start a scheduler", &format!("{other:?}"))),
        }
    }

    /// Asks for what is answered by a single event.
    pub(crate) fn ask(&self, what: &'static str, request: &Value) -> Result<WireEvent, DaskError> {
        let mut process = self.process();
        process.wake();
        self.requests.send(request);
        process.events.next(what)
    }

    /// Asks for what is answered by several events, and hands each to `hear` until that returns something.
    pub(crate) fn converse<T>(
        &self,
        what: &'static str,
        request: &Value,
        mut hear: impl FnMut(WireEvent) -> Option<T>,
    ) -> Result<T, DaskError> {
        let mut process = self.process();
        process.wake();
        self.requests.send(request);
        loop {
            if let Some(end) = hear(process.events.next(what)?) {
                return Ok(end);
            }
        }
    }

    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Process {
    fn wake(&mut self) {
        if mem::take(&mut self.resting) {
            go_on(&self.child);
            std::thread::sleep(AWAKE);
        }
    }
}

impl Drop for Process {
    /// Waits until the driver has stopped all that it started.
    fn drop(&mut self) {
        self.wake();
        self.requests.end();
        let _ = self.child.wait();
    }
}

fn shake_hands(requests: &Requests, events: &mut Events) -> Result<Versions, DaskError> {
    requests.send(&json!({"do": "hello", "version": VERSION, "build": BUILD, "protocol": PROTOCOL}));
    match events.next("shake hands with Python")? {
        WireEvent::Hello(versions) => Ok(versions),
        other => Err(garbled("shake hands with Python", &format!("{other:?}"))),
    }
}

/// Cancels what a [`Driver`] runs on a cluster, and whatever it is asked to run there later.
#[derive(Clone)]
pub struct Canceller(Requests);

impl Canceller {
    /// Asks the driver to end its run; the run then returns with what was finished. Does not wait for it.
    pub fn cancel(&self) {
        self.0.send(&json!({"do": "cancel"}));
    }
}
