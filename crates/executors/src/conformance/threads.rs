//! How many threads an executor has, at once and for good.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use centurion_graph::Graph;

use super::graphs::fan_out;
use super::subject::Subject;
use super::tally::Finding;
use super::under_way::again;
use super::waiting::{LONG, Meeting, SHORT, until};

/// Tasks that must run at once where every task has a worker of its own.
const AT_ONCE: usize = 20;

/// Calls after which a thread that each has left behind is not to be overlooked.
const CALLS: usize = 40;

/// Checks numbers of threads. `parallel`: whether it runs as many tasks at once as it says.
pub(super) fn check(subject: &Subject, parallel: bool) {
    subject.step("running a bag that counts threads", never_has_more_than_it_says);
    subject.step("running a flow that counts threads", never_has_more_in_a_flow);
    if parallel {
        subject.step("running a bag whose tasks wait for each other", has_as_many_as_it_says);
        subject.step("running a flow whose tasks wait for each other", has_as_many_in_a_flow);
    }
}

/// It has as many workers as it was asked for, or one per task.
pub(super) fn says_its_workers(subject: &Subject, any_workers: bool) -> Finding {
    match subject.executor.workers() {
        usize::MAX if !any_workers => Ok(()),
        workers if workers == subject.asked => Ok(()),
        workers => Err(format!("it says it has {workers} workers")),
    }
}

/// Tasks that run at once, and threads they ran on.
#[derive(Default)]
struct Census {
    running: AtomicUsize,
    most: AtomicUsize,
    threads: Mutex<HashSet<thread::ThreadId>>,
}

impl Census {
    /// Stays for a while, so that those who run at once meet, or until there are too many.
    fn stay(&self, workers: usize) {
        let running = self.running.fetch_add(1, Ordering::AcqRel) + 1;
        self.most.fetch_max(running, Ordering::AcqRel);
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).insert(thread::current().id());
        until(SHORT, || self.most.load(Ordering::Acquire) > workers);
        self.running.fetch_sub(1, Ordering::AcqRel);
    }

    fn check(&self, workers: usize) -> Finding {
        let threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner).len();
        let most = self.most.load(Ordering::Acquire);
        if most > workers {
            return Err(format!("{most} tasks ran at once, but it says it has {workers} workers"));
        }
        let right = threads <= workers;
        right
            .then_some(())
            .ok_or_else(|| format!("{threads} threads ran tasks, but it says it has {workers} workers"))
    }
}

fn never_has_more_than_it_says(subject: &Subject) -> Finding {
    let (census, workers) = (Arc::<Census>::default(), subject.executor.workers());
    let counted = Arc::clone(&census);
    let (bag, tally) = subject.bag(2 * subject.asked + 2, move |_| counted.stay(workers));
    subject.execute(&bag, &tally)?;
    census.check(workers)
}

fn never_has_more_in_a_flow(subject: &Subject) -> Finding {
    let (census, workers) = (Arc::<Census>::default(), subject.executor.workers());
    let counted = Arc::clone(&census);
    let flow = subject.flow(fan_out(2 * subject.asked + 2), move |_| counted.stay(workers));
    flow.run(&subject.executor, 1)?;
    census.check(workers)
}

fn has_as_many_as_it_says(subject: &Subject) -> Finding {
    let (meeting, workers) = (Arc::<Meeting>::default(), subject.executor.workers().min(AT_ONCE));
    let attended = Arc::clone(&meeting);
    let (bag, tally) = subject.bag(workers, move |_| {
        attended.attend(workers, LONG);
    });
    subject.execute(&bag, &tally)?;
    all_met(workers, &meeting)
}

/// First among tasks that need nothing, then among those that one has made ready.
fn has_as_many_in_a_flow(subject: &Subject) -> Finding {
    let workers = subject.executor.workers().min(AT_ONCE);
    for graph in [Graph::independent(workers), fan_out(workers)] {
        let (meeting, first) = (Arc::<Meeting>::default(), graph.len() - workers);
        let attended = Arc::clone(&meeting);
        let flow = subject.flow(graph, move |task| {
            if task >= first {
                attended.attend(workers, LONG);
            }
        });
        flow.run(&subject.executor, 1)?;
        all_met(workers, &meeting)?;
    }
    Ok(())
}

fn all_met(workers: usize, meeting: &Meeting) -> Finding {
    let most = meeting.most();
    let right = most >= workers;
    right
        .then_some(())
        .ok_or_else(|| format!("only {most} of {workers} tasks ran at once, one for each worker"))
}

/// Threads that live as long as the thread that has this.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

thread_local! {
    static ALIVE: RefCell<Option<Alive>> = const { RefCell::new(None) };
}

/// At two polls.
async fn twice(note: impl Fn()) {
    note();
    again(1).await;
    note();
}

/// A lasting pool may go on; that is as many threads as it has workers.
pub(super) fn leaves_none_behind(subject: &Subject) -> Finding {
    for call in 0..CALLS {
        let count = Arc::clone(&subject.alive);
        let note = move || ALIVE.set(Some(Alive::new(&count)));
        match call % 4 {
            0 => {
                let (bag, tally) = subject.bag(3, move |_| note());
                subject.execute(&bag, &tally)?;
            }
            1 => subject.flow(fan_out(3), move |_| note()).run(&subject.executor, 1)?,
            2 => {
                let (bag, tally) = subject.waiting_bag(3, move |_, _| twice(note.clone()));
                subject.execute(&bag, &tally)?;
            }
            _ => {
                let flow = subject.waiting_flow(fan_out(3), move |_, _| twice(note.clone()));
                flow.run(&subject.executor, 1)?;
            }
        }
    }
    let lasting = match subject.executor.workers() {
        usize::MAX => 0,
        workers => workers,
    };
    let alive = || subject.alive.load(Ordering::Relaxed);
    let gone = until(LONG / 2, || {
        subject.goes_on();
        alive() <= lasting + 1 && threads_like_this() <= lasting + 1 // and this thread
    });
    let left = || alive().max(threads_like_this()) - 1;
    gone.then_some(()).ok_or_else(|| format!("{} threads are left behind by {CALLS} calls", left()))
}

/// How many threads of this process have this one's name, where the system tells.
#[expect(clippy::disallowed_methods, reason = "the kernel speaks through files")]
fn threads_like_this() -> usize {
    let own = thread::current().name().map(|name| format!("{name}\n"));
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| Some(name) == own.as_ref()).count()
}
