//! Where workers of a crew wait for attempts that are made on a cluster.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use centurion_commands::{AwayAttempt, Brake, CommandFailure, CommandOutcome};
use centurion_dask::{AttemptEnd, Attempter, NumberedLimit};
use centurion_harness::clock::{self, Moment};

/// How often one that waits looks whether its attempt is still wanted, and under which limit.
const LOOK: Duration = Duration::from_millis(50);

/// Asks for attempts, and hands what became of each to the worker that waits for it.
pub(crate) struct AttemptDesk {
    attempter: Attempter,
    /// Who waits for which attempt. `None` when no more can be made.
    waiting: Mutex<Option<HashMap<u64, Sender<AttemptEnd>>>>,
    numbers: AtomicU64,
    limit: Mutex<NumberedLimit>,
    /// The change of the limit that all workers were told of, and when.
    told: Mutex<(u64, Moment)>,
    killed: AtomicBool,
    brake: OnceLock<Brake>,
}

impl AttemptDesk {
    pub(crate) fn new(attempter: Attempter) -> Self {
        Self {
            attempter,
            waiting: Mutex::new(Some(HashMap::new())),
            numbers: AtomicU64::default(),
            limit: Mutex::default(),
            told: Mutex::new((0, clock::now())),
            killed: AtomicBool::default(),
            brake: OnceLock::new(),
        }
    }

    /// Puts this brake on when no more attempts can be made.
    pub(crate) fn set_brake(&self, brake: Brake) {
        self.brake.get_or_init(|| brake);
    }

    /// Has an attempt made, and waits until it is over.
    pub(crate) fn attempt(&self, wanted: &AwayAttempt<'_>) -> CommandOutcome {
        let begun = clock::now();
        let ended = |failure| CommandOutcome::with_failure(failure, begun.elapsed());
        let (sender, ends) = mpsc::channel();
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        match &mut *lock(&self.waiting) {
            Some(waiting) => waiting.insert(number, sender),
            None => return ended(CommandFailure::Stopped),
        };
        let limit = self.numbered(wanted.limit());
        self.attempter.ask(number, (wanted.scenario.number, &wanted.scenario.line), limit);
        loop {
            match ends.recv_timeout(LOOK) {
                Ok(end) => return outcome(end, wanted, ended),
                Err(RecvTimeoutError::Timeout) => self.look(wanted),
                Err(RecvTimeoutError::Disconnected) => return ended(CommandFailure::Stopped),
            }
        }
    }

    /// Passes on what has changed for those under way.
    fn look(&self, wanted: &AwayAttempt<'_>) {
        if wanted.is_stopped() && !self.killed.swap(true, Ordering::Relaxed) {
            self.attempter.kill();
        }
        let limit = self.numbered(wanted.limit());
        let mut told = lock(&self.told);
        if told.0 < limit.0 && told.1.elapsed() >= LOOK {
            *told = (limit.0, clock::now());
            self.attempter.limit(limit);
        }
    }

    /// The limit with the number of its latest change. One that new attempts were sent under is not known to the workers
    /// of those that began before.
    fn numbered(&self, limit: Option<Duration>) -> NumberedLimit {
        let mut latest = lock(&self.limit);
        if latest.1 != limit {
            *latest = (latest.0 + 1, limit);
        }
        *latest
    }

    /// An attempt is over. Of one that nobody waits for any more nothing is to be told.
    pub(crate) fn hear(&self, end: AttemptEnd) {
        let sender = lock(&self.waiting).as_mut().and_then(|waiting| waiting.remove(&end.attempt));
        if let Some(sender) = sender {
            let _ = sender.send(end);
        }
    }

    /// No more attempts can be made: those under way count as stopped, and no more are begun.
    pub(crate) fn shut(&self) {
        lock(&self.waiting).take();
        self.brake.get().iter().for_each(|brake| brake.soon());
    }

    /// No more attempts are wanted.
    pub(crate) fn close(&self) {
        self.attempter.close();
    }
}

/// What became of an attempt, as its agent's results tell of it.
fn outcome(
    end: AttemptEnd,
    wanted: &AwayAttempt<'_>,
    ended: impl Fn(CommandFailure) -> CommandOutcome,
) -> CommandOutcome {
    let read =
        |text: String| serde_json::from_str::<CommandOutcome>(&text).map_err(|error| error.to_string());
    match end.outcome.map(|outcome| outcome.map_err(|failure| failure.0).and_then(read)) {
        Some(Ok(outcome)) => CommandOutcome { attempts: outcome.attempts + end.lost, ..outcome },
        _ if wanted.is_stopped() => ended(CommandFailure::Stopped),
        Some(Err(reason)) => ended(CommandFailure::Unwatched(reason)),
        None => CommandOutcome { attempts: end.lost, ..ended(CommandFailure::Lost) },
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
