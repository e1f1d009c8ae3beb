//! What a call does about failing, taking long, or being one too many: wrapped around the call, within its task.

use std::fmt;
use std::future::{Future, poll_fn};
use std::iter::successors;
use std::mem;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use centurion_wait::Wait;

use crate::lock::lock;

/// Tries a call again where it returns an error. A panic is not tried again.
///
/// ```
/// use std::time::Duration;
/// use centurion_delayed::{Retries, try_delayed};
///
/// let mut answers = ["busy", "busy", "42"].into_iter();
/// let mut ask = move || answers.next().unwrap().parse::<i32>();
/// let retries = Retries::new(2).pause(Duration::from_millis(1)).doubling();
/// let answer = try_delayed(move || retries.call(&mut ask));
/// assert_eq!(answer.compute_scoped(1)?, &42);
/// # Ok::<(), centurion_delayed::Failure>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Retries {
    times: u32,
    pause: Duration,
    growth: u32,
}

impl Retries {
    /// Up to so many more tries after the first, without a pause.
    pub fn new(times: u32) -> Self {
        Self { times, pause: Duration::ZERO, growth: 1 }
    }

    /// Waits for so long before each.
    #[must_use]
    pub fn pause(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// Waits twice as long each time.
    #[must_use]
    pub fn doubling(self) -> Self {
        Self { growth: 2, ..self }
    }

    /// Calls until the call succeeds. Its thread sleeps in the pauses.
    ///
    /// # Errors
    /// The last error.
    pub fn call<T, E>(&self, mut call: impl FnMut() -> Result<T, E>) -> Result<T, E> {
        for pause in self.pauses() {
            if let Ok(answer) = call() {
                return Ok(answer);
            }
            thread::sleep(pause);
        }
        call()
    }

    /// The same for a call that waits, as it does in the pauses.
    ///
    /// # Errors
    /// The last error.
    pub async fn call_async<T, E, F: Future<Output = Result<T, E>>>(
        &self,
        wait: &'static dyn Wait,
        mut call: impl FnMut() -> F,
    ) -> Result<T, E> {
        for pause in self.pauses() {
            if let Ok(answer) = call().await {
                return Ok(answer);
            }
            wait.sleep(pause).await;
        }
        call().await
    }

    fn pauses(self) -> impl Iterator<Item = Duration> {
        let next = move |pause: &Duration| Some(pause.saturating_mul(self.growth));
        successors(Some(self.pause), next).take(self.times as usize)
    }
}

/// A call took longer than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimitExceeded(pub Duration);

impl fmt::Display for TimeLimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "took longer than its time limit of {:?}", self.0)
    }
}

impl std::error::Error for TimeLimitExceeded {}

/// Waits for a call, and on an async runtime no longer than `limit`: then the call is dropped. On a thread nothing can be
/// stopped, so a limit holds there only for what the call waits for elsewhere.
///
/// ```
/// use std::time::Duration;
/// use centurion_delayed::{time_limit, try_delayed_async};
/// use centurion_executors::{Start, find};
///
/// # #[cfg(feature = "runtimes")] {
/// let (limit, minute) = (Duration::from_millis(5), Duration::from_secs(60));
/// let slow = try_delayed_async(move |wait| time_limit(wait, limit, wait.sleep(minute))).named("agent");
/// let executor = find("tokio").unwrap().start(&Start::workers(1))?;
/// let failure = slow.compute(&executor).unwrap_err();
/// assert_eq!(failure.to_string(), "agent failed: took longer than its time limit of 5ms");
/// # }
/// # Ok::<(), centurion_executors::StartError>(())
/// ```
///
/// # Errors
/// When the time has passed.
pub async fn time_limit<T>(
    wait: &'static dyn Wait,
    limit: Duration,
    call: impl Future<Output = T>,
) -> Result<T, TimeLimitExceeded> {
    let (mut call, mut over) = (pin!(call), None);
    poll_fn(|context| {
        if let Poll::Ready(answer) = call.as_mut().poll(context) {
            return Poll::Ready(Ok(answer));
        }
        // A thread waits as soon as it is asked to, so it is asked when there is nothing else to do.
        let passed = over.get_or_insert_with(|| wait.sleep(limit)).as_mut().poll(context).is_ready();
        match call.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Ok(answer)),
            Poll::Pending if passed => Poll::Ready(Err(TimeLimitExceeded(limit))),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Places for calls of one class, such as those to a server that bears only so many at once. Clones are the same places.
///
/// A call that waits for a place as a future gives its thread back meanwhile; a call on a thread keeps its own, and with it
/// a worker. Calls inside of others must not want places of the same class: they might wait for each other.
///
/// ```
/// use centurion_delayed::{Places, all, delayed};
///
/// let server = Places::new(2); // two at once, however many workers there are
/// let agents = (0..100).map(|agent| {
///     let server = server.clone();
///     delayed(move || server.call(|| agent))
/// });
/// let sum = all(agents).then(|answers| answers.iter().copied().sum::<i32>());
/// assert_eq!(sum.compute_scoped(8)?, &4_950);
/// # Ok::<(), centurion_delayed::Failure>(())
/// ```
#[derive(Debug, Clone)]
pub struct Places(Arc<PlaceCounter>);

#[derive(Debug)]
struct PlaceCounter {
    places: Mutex<FreePlaces>,
    /// Rung for threads that wait.
    freed: Condvar,
}

#[derive(Debug)]
struct FreePlaces {
    count: usize,
    /// Of futures that wait.
    wakers: Vec<Waker>,
}

impl Places {
    /// So many places.
    ///
    /// # Panics
    /// When there are none, for every call would wait forever.
    pub fn new(count: usize) -> Self {
        assert!(count > 0, "a class of calls needs at least one place");
        let places = Mutex::new(FreePlaces { count, wakers: Vec::new() });
        Self(Arc::new(PlaceCounter { places, freed: Condvar::new() }))
    }

    /// Calls when there is a place, for which the thread waits.
    pub fn call<T>(&self, call: impl FnOnce() -> T) -> T {
        let mut places = lock(&self.0.places);
        while places.count == 0 {
            places = self.0.freed.wait(places).unwrap_or_else(PoisonError::into_inner);
        }
        places.count -= 1;
        drop(places);
        let _taken = TakenPlace(&self.0);
        call()
    }

    /// The same for a call that waits, as it does for a place.
    pub async fn call_async<T>(&self, call: impl Future<Output = T>) -> T {
        poll_fn(|context| self.poll_take(context)).await;
        let _taken = TakenPlace(&self.0);
        call.await
    }

    fn poll_take(&self, context: &Context<'_>) -> Poll<()> {
        let mut places = lock(&self.0.places);
        if places.count == 0 {
            places.wakers.push(context.waker().clone());
            return Poll::Pending;
        }
        places.count -= 1;
        Poll::Ready(())
    }
}

/// A place that is free again when this is dropped, also by a panic.
struct TakenPlace<'a>(&'a PlaceCounter);

impl Drop for TakenPlace<'_> {
    fn drop(&mut self) {
        let mut places = lock(&self.0.places);
        places.count += 1;
        let wakers = mem::take(&mut places.wakers);
        drop(places);
        self.0.freed.notify_one();
        wakers.into_iter().for_each(Waker::wake); // those that come too late wait again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stay_or_double() {
        let second = Duration::from_secs(1);
        let pauses = |retries: Retries| {
            retries.pause(second).pauses().map(|pause| pause.as_secs()).collect::<Vec<_>>()
        };
        assert_eq!(pauses(Retries::new(3)), [1, 1, 1]);
        assert_eq!(pauses(Retries::new(3).doubling()), [1, 2, 4]);
    }

    #[test]
    fn the_last_error_is_returned() {
        let mut tries = 0;
        let outcome: Result<(), _> = Retries::new(2).call(|| {
            tries += 1;
            Err(tries)
        });
        assert_eq!(outcome, Err(3));
    }
}
