//! Futures that count, meet, and are woken from elsewhere.

use std::future::{Future, poll_fn};
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::thread;

use super::tally::Finding;
use super::waiting::{LONG, pause, until};
use super::watchdog::caught;
use crate::spawn::{join, spawn};

/// Asks so many times to be polled again, before it has been polled to the end.
pub(super) async fn again(mut times: usize) {
    poll_fn(|context| {
        if times == 0 {
            return Poll::Ready(());
        }
        times -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Runs something while another thread does something `meanwhile`, until it is told that it is over.
#[expect(clippy::disallowed_methods, reason = "who is examined must not be who wakes")]
pub(super) fn beside(
    meanwhile: impl FnOnce(&AtomicBool) -> Finding + Send,
    run: impl FnOnce() -> Finding,
) -> Finding {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let thread = spawn(scope, || meanwhile(&over)).expect("a thread for a step");
        let found = caught(run);
        over.store(true, Ordering::Relaxed);
        join(thread).and(found)
    })
}

/// Who waits, and whether it has rung for them.
type Waiting = (Waker, Arc<AtomicBool>);

/// Wakes whoever waits for it. Clones are the same bell.
#[derive(Clone, Default)]
pub(super) struct Bell(Arc<Mutex<Vec<Waiting>>>);

impl Bell {
    /// Waits until the bell has rung.
    pub(super) async fn rung(&self) {
        let rung = Arc::<AtomicBool>::default();
        poll_fn(|context| {
            if rung.load(Ordering::Acquire) {
                return Poll::Ready(());
            }
            self.waiting().push((context.waker().clone(), Arc::clone(&rung)));
            Poll::Pending
        })
        .await;
    }

    /// Wakes all who wait, twice, and all who have ever waited again and again. Says whether waking panics.
    pub(super) fn ring_until(&self, over: &AtomicBool) -> Finding {
        let (mut woken, mut found) = (Vec::new(), Ok(()));
        while !over.load(Ordering::Relaxed) {
            pause();
            found = found.and(self.ring(&mut woken));
        }
        woken.iter().map(wake).fold(found, Result::and)
    }

    /// Wakes all who wait, and all who have ever waited.
    ///
    /// Who is woken early waits again and is kept once all the same: kept each time, they would double with every ring.
    fn ring(&self, woken: &mut Vec<Waker>) -> Finding {
        let mut found = Ok(());
        for (waker, rung) in mem::take(&mut *self.waiting()) {
            let first = !rung.swap(true, Ordering::AcqRel);
            found = found.and(wake(&waker));
            woken.extend(first.then_some(waker));
        }
        woken.iter().map(wake).fold(found, Result::and)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wake(waker: &Waker) -> Finding {
    caught(|| {
        waker.wake_by_ref();
        Ok(())
    })
}

/// How many tasks are under way at once.
#[derive(Default)]
pub(super) struct CensusUnderWay {
    under_way: AtomicUsize,
    most: AtomicUsize,
}

impl CensusUnderWay {
    /// Stays under way for a while, so that those who are at once meet.
    pub(super) async fn stay(&self, a_while: impl Future<Output = ()>) {
        let under_way = self.under_way.fetch_add(1, Ordering::AcqRel) + 1;
        self.most.fetch_max(under_way, Ordering::AcqRel);
        a_while.await;
        again(3).await;
        self.under_way.fetch_sub(1, Ordering::AcqRel);
    }

    pub(super) fn check(&self, workers: usize) -> Finding {
        let most = self.most.load(Ordering::Acquire);
        let right = most <= workers;
        right.then_some(()).ok_or_else(|| {
            format!("{most} tasks were under way at once, but it says it has {workers} workers")
        })
    }
}

/// Tasks under way that wait for each other. Clones are the same meeting.
#[derive(Clone, Default)]
pub(super) struct MeetingUnderWay(Arc<Attendance>);

#[derive(Default)]
struct Attendance {
    present: AtomicUsize,
    most: AtomicUsize,
    given_up: AtomicBool,
    waiting: Mutex<Vec<Waker>>,
}

impl MeetingUnderWay {
    /// Comes, and waits until so many are here at once, or everybody gives up.
    pub(super) async fn attend(self, needed: usize) {
        let present = self.0.present.fetch_add(1, Ordering::AcqRel) + 1;
        self.0.most.fetch_max(present, Ordering::AcqRel);
        if present >= needed {
            self.wake_all();
        }
        poll_fn(|context| {
            self.waiting().push(context.waker().clone());
            let over = self.most() >= needed || self.0.given_up.load(Ordering::Acquire);
            if over { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        self.0.present.fetch_sub(1, Ordering::AcqRel);
    }

    /// Has tasks run of which so many must be here at once. After a long time everybody gives up.
    pub(super) fn run(&self, needed: usize, run: impl FnOnce() -> Finding) -> Finding {
        let give_up = |over: &AtomicBool| {
            until(LONG, || self.most() >= needed || over.load(Ordering::Relaxed));
            self.0.given_up.store(true, Ordering::Release);
            self.wake_all();
            Ok(())
        };
        beside(give_up, run)?;
        let most = self.most();
        let right = most >= needed;
        right.then_some(()).ok_or_else(|| {
            format!("only {most} of {needed} tasks were under way at once, one for each worker")
        })
    }

    fn wake_all(&self) {
        mem::take(&mut *self.waiting()).into_iter().for_each(Waker::wake);
    }

    fn most(&self) -> usize {
        self.0.most.load(Ordering::Acquire)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waker>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use super::*;

    #[test]
    fn who_waits_again_before_the_bell_rings_is_kept_once() {
        let (bell, mut woken) = (Bell::default(), Vec::new());
        let mut rung = pin!(bell.rung());
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..3 {
            assert!(rung.as_mut().poll(&mut context).is_pending());
        }
        bell.ring(&mut woken).expect("waking does not panic");
        assert_eq!(woken.len(), 1);
        assert!(rung.as_mut().poll(&mut context).is_ready());
    }
}
