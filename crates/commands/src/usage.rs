//! What the system says of a process that is still there: CPU time, and time in which it wanted a CPU and had none.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// Reading how long a process stood in line takes some microseconds: of agents that take less than this it is not read.
pub(crate) const WORTH_READING: Duration = Duration::from_millis(5);
/// The share of an agent's CPU time that its first thread must have used, so that what that one stood in line stands for the
/// agent.
const MOST: f64 = 0.5;

/// What the first thread of a process did, also one that has ended and was not reaped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FirstThread {
    ran: Duration,
    queued: Duration,
}

impl FirstThread {
    /// `None` where the system does not say: it is Linux that does.
    #[expect(clippy::disallowed_methods, reason = "the kernel is asked; there is no such file")]
    pub(crate) fn read(pid: u32) -> Option<Self> {
        Self::from_text(&std::fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?)
    }

    fn from_text(text: &str) -> Option<Self> {
        let mut numbers = text.split_whitespace().map(|number| number.parse().map(Duration::from_nanos));
        Some(Self { ran: numbers.next()?.ok()?, queued: numbers.next()?.ok()? })
    }

    /// How long an agent stood in line since then that used so much CPU time meanwhile. What others than its first thread used
    /// of that, such as children that it waited for, stood in line in proportion; `None` where that is most of it.
    pub(crate) fn queued_since(self, then: Self, cpu: Duration) -> Option<Duration> {
        let ran = self.ran.saturating_sub(then.ran);
        let of_all = cpu.as_secs_f64() / ran.as_secs_f64().max(1e-9);
        (ran >= cpu.mul_f64(MOST)).then(|| self.queued.saturating_sub(then.queued).mul_f64(of_all.max(1.0)))
    }
}

/// How long this thread was ready to run and had no CPU so far: as long, the agent it looks after may have waited for
/// nothing else than to be looked after. `None` where the system does not say.
pub(crate) fn own_queue() -> Option<Duration> {
    thread_local! {
        /// Open as long as the thread is there, for opening it takes longer than reading it.
        static OF_THREAD: Option<File> = of_thread();
    }
    let mut text = [0; 96];
    let read = OF_THREAD.with(|file| file.as_ref()?.read_at(&mut text, 0).ok())?;
    Some(FirstThread::from_text(std::str::from_utf8(&text[..read]).ok()?)?.queued)
}

/// How much longer that is than it was then.
pub(crate) fn waited_since(then: Option<Duration>) -> Duration {
    own_queue().zip(then).map_or(Duration::ZERO, |(now, then)| now.saturating_sub(then))
}

#[expect(clippy::disallowed_methods, reason = "the kernel is asked; there is no such file")]
fn of_thread() -> Option<File> {
    File::open("/proc/thread-self/schedstat").ok()
}

/// CPU time of a process and all its threads, as long as it was not reaped. Its children are not in it.
#[cfg(target_os = "linux")]
pub(crate) fn cpu(pid: u32) -> Option<Duration> {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(pid).ok()?);
    let time = nix::time::clock_getcpuclockid(pid).and_then(nix::time::clock_gettime);
    time.ok().map(Duration::from)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn cpu(_: u32) -> Option<Duration> {
    None
}

/// CPU time of this process and of its children that have ended.
pub fn cpu_so_far() -> Duration {
    let used = [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].map(getrusage);
    let times = used.iter().flatten().flat_map(|usage| [usage.user_time(), usage.system_time()]);
    times.map(|time| Duration::from_micros(u64::try_from(time.num_microseconds()).unwrap_or(0))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(ran: u64, queued: u64) -> FirstThread {
        FirstThread { ran: Duration::from_nanos(ran), queued: Duration::from_nanos(queued) }
    }

    #[test]
    fn the_first_two_numbers_are_what_a_thread_ran_and_stood_in_line() {
        assert_eq!(FirstThread::from_text("1500 20 3\n"), Some(thread(1_500, 20)));
        assert_eq!((FirstThread::from_text(""), FirstThread::from_text("1 x 2")), (None, None));
    }

    #[test]
    fn what_the_first_thread_stood_in_line_stands_for_an_agent_whose_work_it_did() {
        let (then, now) = (thread(100, 10), thread(200, 40));
        let queued = |cpu| now.queued_since(then, Duration::from_nanos(cpu));
        assert_eq!(
            (queued(100), queued(200)),
            (Some(Duration::from_nanos(30)), Some(Duration::from_nanos(60)))
        );
        assert_eq!(queued(201), None);
    }

    #[test]
    fn a_process_that_is_there_has_cpu_time_where_that_is_told() {
        assert!(cpu(std::process::id()).is_some_and(|cpu| !cpu.is_zero()) || cfg!(not(target_os = "linux")));
        assert_eq!(FirstThread::read(0), None);
    }
}
