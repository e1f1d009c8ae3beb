//! tokio's timers and sockets for agents that use them, whoever runs the agents.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;

use tokio::runtime::{Builder, Handle};

use super::tokio::LastingRuntime;

/// A tokio runtime with one thread of its own, beside whatever runs the agents.
///
/// Agents that call tokio's own functions panic wherever no runtime of tokio is entered. With this one around them they
/// run on every executor: on tokio's the runtime they are on serves them, on others this one does.
///
/// ```
/// use std::time::Duration;
/// use centurion_executors::{Bag, Start, TokioBeside, find};
///
/// let tokio = TokioBeside::start()?;
/// let sleep = || async { tokio::time::sleep(Duration::from_millis(1)).await };
/// let bag = Bag::waiting(10, move |_, _| tokio.around(sleep()));
/// find("rayon").unwrap().start(&Start::workers(2)).unwrap().execute(&bag);
/// assert!(bag.panics().is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct TokioBeside(LastingRuntime);

impl TokioBeside {
    /// Starts it. Whoever restricts this process to some CPUs does so later, or its thread is restricted too.
    ///
    /// # Errors
    /// When the system refuses the thread.
    pub fn start() -> io::Result<Self> {
        LastingRuntime::start(&mut Builder::new_multi_thread(), 1).map(Self)
    }

    /// The same future, with a runtime of tokio around whatever it does when it is polled.
    pub fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let beside = self.0.get().handle().clone();
        async move {
            let mut future = pin!(future);
            poll_fn(|context| {
                let _entered = Handle::try_current().is_err().then(|| beside.enter());
                future.as_mut().poll(context)
            })
            .await
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::{Bag, Start, Workers, all};

    #[test]
    fn agents_that_use_tokio_run_on_every_executor_that_does_not_block_its_runtime() {
        let (tokio, ended) =
            (Arc::new(TokioBeside::start().expect("it starts")), Arc::new(AtomicUsize::new(0)));
        for factory in all().into_iter().filter(|factory| factory.name != "tokio-blocking") {
            let workers = if factory.workers == Workers::One { 1 } else { 2 };
            let executor = factory.start(&Start::workers(workers)).expect("it starts");
            let (beside, counted) = (Arc::clone(&tokio), Arc::clone(&ended));
            let bag = Bag::waiting(5, move |_, _| {
                let counted = Arc::clone(&counted);
                beside.around(async move {
                    tokio::time::sleep(Duration::from_micros(1)).await;
                    tokio::spawn(async move { counted.fetch_add(1, Ordering::Relaxed) })
                        .await
                        .expect("it ends");
                })
            });
            executor.execute(&bag);
            assert!(bag.panics().is_empty(), "{}: {:?}", factory.name, bag.panics());
            assert_eq!(ended.swap(0, Ordering::Relaxed), 5, "{}", factory.name);
        }
    }
}
