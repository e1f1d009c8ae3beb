//! A process of an agent: a group of its own that ends as one.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use rustix::process::{WaitId, WaitIdOptions, waitid};
use wait4::Wait4 as _;

use crate::CommandFailure;
use crate::clock::now;
use crate::memory::peak_of_agent;
use crate::pipes::Pipes;
use crate::usage::{self, FirstThread, WORTH_READING, own_queue, waited_since};
use crate::watch::AgentWatch;

/// The longest pause between two looks at a process that says nothing, and at the time.
const PAUSE: Duration = Duration::from_millis(100);
/// The first pause where the system does not tell when a process ends; they double up to the longest.
const FIRST_PAUSE: Duration = Duration::from_micros(20);

/// Whether a process has ended is also looked at every so many turns while others go on to print through its pipes.
const TALKATIVE: u64 = 64;

/// A process, the leader of its group.
pub(crate) struct AgentProcess {
    child: Child,
    /// What can be read as soon as it has ended, where the system has that.
    exit: Option<OwnedFd>,
    pub(crate) pipes: Pipes,
    pub(crate) born: Instant,
    /// How long this thread had stood in line when it was born.
    own_queue: OwnQueue,
    reaped: bool,
}

/// What a process that has ended took.
pub(crate) struct Reaped {
    pub(crate) status: ExitStatus,
    pub(crate) cpu: Duration,
    pub(crate) queued: Option<Duration>,
    pub(crate) peak_bytes: Option<u64>,
}

/// Why a process is no longer attended to.
pub(crate) enum Attended {
    /// What was waited for is there.
    Done,
    /// It has ended. What it printed last, and what others still print, may not be read yet.
    Ended,
    /// It must not go on.
    Cut(CommandFailure),
}

impl AgentProcess {
    pub(crate) fn spawn(mut command: Command) -> io::Result<Self> {
        let (born, before) = (now(), own_queue());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn()?;
        let pipes = Pipes::new(&mut child);
        let exit = pid(&child).and_then(exit);
        let own_queue = OwnQueue { starting: waited_since(before), ..OwnQueue::default() };
        Ok(Self { child, exit, pipes, born, own_queue, reaped: false })
    }

    /// How long it took to start, until it first read what it was given, where it has and the system tells.
    pub(crate) fn start(&self) -> Option<Duration> {
        Some(self.pipes.first_read()?.duration_since(self.born))
    }

    /// Feeds it and reads from it until what `done` looks for is there, it has ended, or it must not go on.
    pub(crate) fn attend(
        &mut self,
        watch: &AgentWatch,
        since: Instant,
        mut done: impl FnMut(&mut Pipes) -> bool,
    ) -> Attended {
        let mut pause = self.first_pause();
        for turn in 1_u64.. {
            if done(&mut self.pipes) {
                return Attended::Done;
            }
            match self.turn(watch.left(since).map_or(pause, |left| left.min(pause))) {
                Ok(stirred) if (!stirred || turn % TALKATIVE == 0) && self.has_ended() => {
                    return Attended::Ended;
                }
                Ok(true) => pause = self.first_pause(),
                Ok(false) => pause = (pause * 2).min(PAUSE),
                Err(error) => return Attended::Cut(CommandFailure::Unwatched(error.to_string())),
            }
            if let Some(reason) = watch.objection(since, self.pipes.printed.total()) {
                return Attended::Cut(reason);
            }
        }
        unreachable!("there is always another turn")
    }

    /// Waits until something goes through the pipes, or it has ended, but no longer than the pause. Whether something
    /// went through the pipes.
    fn turn(&mut self, pause: Duration) -> io::Result<bool> {
        self.own_queue.turns = [self.own_queue.turns[1], own_queue()];
        if self.exit.is_some() || !self.pipes.are_closed() {
            return self.pipes.turn(pause, self.exit.as_ref().map(AsFd::as_fd));
        }
        if !self.has_ended() {
            thread::sleep(pause);
        }
        Ok(false)
    }

    fn first_pause(&self) -> Duration {
        if self.exit.is_some() { PAUSE } else { FIRST_PAUSE }
    }

    /// Reads what is still to come, for so long at most: others may hold the pipes.
    pub(crate) fn drain(&mut self, most: Duration) {
        self.pipes.let_go();
        let since = now();
        while !self.pipes.are_closed() && now().duration_since(since) < most {
            if self.pipes.turn(PAUSE.min(most), None).is_err() {
                return;
            }
        }
    }

    /// Ends the whole group: asks it to, unless there is no time for that, and kills it after the grace.
    pub(crate) fn put_down(&mut self, watch: &AgentWatch, reason: &CommandFailure) {
        if *reason != CommandFailure::Stopped {
            self.signal(Signal::SIGTERM);
            let asked = now();
            self.wait_until(|| watch.is_over(asked));
        }
        self.signal(Signal::SIGKILL);
        self.wait_until(|| false);
    }

    /// Lets it end by itself, and puts it down if it does not.
    pub(crate) fn let_end(&mut self, watch: &AgentWatch) {
        let asked = now();
        self.wait_until(|| watch.is_over(asked));
        if !self.has_ended() {
            self.put_down(watch, &CommandFailure::Late);
        }
    }

    /// Waits until it has ended, or `enough` says so. What it prints meanwhile must not keep it from ending.
    fn wait_until(&mut self, enough: impl Fn() -> bool) {
        let mut pause = self.first_pause();
        while !self.has_ended() && !enough() {
            match self.turn(pause) {
                Ok(true) => pause = self.first_pause(),
                Ok(false) => pause = (pause * 2).min(PAUSE),
                Err(_) => thread::sleep(pause),
            }
        }
    }

    /// Whether it has ended. It stays a zombie until it is reaped, so that nothing else can get its number.
    pub(crate) fn has_ended(&self) -> bool {
        let Some(pid) = pid(&self.child) else { return true };
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        !matches!(waitid(WaitId::Pid(pid), look), Ok(None) | Err(rustix::io::Errno::INTR))
    }

    /// What its first thread did so far, where the system tells.
    pub(crate) fn first_thread(&self) -> Option<FirstThread> {
        FirstThread::read(self.child.id())
    }

    /// CPU time of all its threads so far, where the system tells.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        usage::cpu(self.child.id())
    }

    /// How long it may have been kept waiting by the thread that looks after it, which had no CPU itself: when it was
    /// started, and at the end.
    pub(crate) fn kept_waiting(&mut self) -> Duration {
        let OwnQueue { starting, turns: [last_but_one, last] } = std::mem::take(&mut self.own_queue);
        starting + waited_since(last_but_one.or(last))
    }

    fn signal(&self, signal: Signal) {
        let Ok(group) = i32::try_from(self.child.id()) else { return };
        // What has ended needs none, and what became another user's takes none.
        let _ = killpg(Pid::from_raw(group), signal);
    }

    /// Kills what is left of the group, and waits for the process, which has ended.
    pub(crate) fn reap(mut self) -> io::Result<Reaped> {
        self.signal(Signal::SIGKILL);
        self.reaped = true;
        let is_long = now().duration_since(self.born) >= WORTH_READING;
        let thread = if is_long { self.first_thread() } else { None };
        let own = if is_long { self.kept_waiting() } else { Duration::ZERO };
        let used = self.child.wait4()?;
        let cpu = used.rusage.utime + used.rusage.stime;
        Ok(Reaped {
            status: used.status,
            cpu,
            queued: thread
                .and_then(|thread| thread.queued_since(FirstThread::default(), cpu))
                .map(|queued| queued + own),
            peak_bytes: peak_of_agent(used.rusage.maxrss),
        })
    }
}

/// How long the thread that looks after an agent was ready to run and had no CPU.
#[derive(Debug, Default)]
struct OwnQueue {
    /// While it started the agent.
    starting: Duration,
    /// What it came to before each of the last two turns. In between, the agent goes on by itself; in these, it prints its
    /// answer and ends.
    turns: [Option<Duration>; 2],
}

fn pid(child: &Child) -> Option<rustix::process::Pid> {
    i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw)
}

#[cfg(target_os = "linux")]
fn exit(pid: rustix::process::Pid) -> Option<OwnedFd> {
    rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn exit(_: rustix::process::Pid) -> Option<OwnedFd> {
    None
}

impl Drop for AgentProcess {
    fn drop(&mut self) {
        if !self.reaped {
            self.signal(Signal::SIGKILL);
            let _ = self.child.wait();
        }
    }
}
