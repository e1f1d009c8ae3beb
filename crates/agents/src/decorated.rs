//! A workload with something done before and after the work of every agent.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use centurion_graph::Graph;
use centurion_wait::{Running, Wait};

use crate::{AgentKind, Workload};

/// The same agents with the same answers, and something done before and after each: counting, stamping, an extra load.
///
/// ```
/// use std::sync::Arc;
/// use centurion_agents::{Decorated, Grain, Workload};
///
/// let grain = Arc::new(Grain::new(3, 8, 1));
/// let told = Decorated::new(
///     grain,
///     |agent| println!("agent {agent} begins"),
///     |agent, (), answer| println!("agent {agent} says {answer}"),
/// );
/// assert_eq!(told.run(2), told.expected(2));
/// ```
pub struct Decorated<B, E> {
    inner: Arc<dyn Workload>,
    around: Arc<(B, E)>,
    every: usize,
}

impl<B, E, T> Decorated<B, E>
where
    B: Fn(usize) -> T + Send + Sync + 'static,
    E: Fn(usize, T, u64) + Send + Sync + 'static,
    T: Send,
{
    /// The agents of a workload. `begin(agent)` is called before one works, and `end(agent, begun, answer)` after it,
    /// with what `begin` gave.
    pub fn new(inner: Arc<dyn Workload>, begin: B, end: E) -> Self {
        Self { inner, around: Arc::new((begin, end)), every: 1 }
    }

    /// With every `every`-th agent only, counted from the last, so that the others take as much time and memory as
    /// without. At least 1.
    #[must_use]
    pub fn every(self, every: usize) -> Self {
        Self { every, ..self }
    }

    fn is_plain(&self, agent: usize) -> bool {
        !self.agents().wrapping_sub(agent + 1).is_multiple_of(self.every)
    }

    fn around(&self, agent: usize, work: impl FnOnce() -> u64) -> u64 {
        if self.is_plain(agent) {
            return work();
        }
        let begun = self.around.0(agent);
        let answer = work();
        self.around.1(agent, begun, answer);
        answer
    }
}

impl<B, E, T> Workload for Decorated<B, E>
where
    B: Fn(usize) -> T + Send + Sync + 'static,
    E: Fn(usize, T, u64) + Send + Sync + 'static,
    T: Send,
{
    fn name(&self) -> String {
        self.inner.name()
    }

    fn family(&self) -> String {
        self.inner.family()
    }

    fn is_swept(&self) -> bool {
        self.inner.is_swept()
    }

    fn kind(&self) -> AgentKind {
        self.inner.kind()
    }

    fn agents(&self) -> usize {
        self.inner.agents()
    }

    fn run(&self, agent: usize) -> u64 {
        self.around(agent, || self.inner.run(agent))
    }

    fn graph(&self) -> Option<Arc<Graph>> {
        self.inner.graph()
    }

    fn run_after(&self, agent: usize, inputs: &[u64]) -> u64 {
        self.around(agent, || self.inner.run_after(agent, inputs))
    }

    fn start(&self, agent: usize, answers: &[u64], wait: &'static dyn Wait) -> Running<u64> {
        if self.is_plain(agent) {
            return self.inner.start(agent, answers, wait);
        }
        let (inner, around) = (Arc::clone(&self.inner), Arc::clone(&self.around));
        let answers = answers.to_vec();
        Box::pin(async move {
            let begun = around.0(agent);
            let answer = inner.start(agent, &answers, wait).await;
            around.1(agent, begun, answer);
            answer
        })
    }

    fn waits(&self, agent: usize) -> Option<Duration> {
        self.inner.waits(agent)
    }

    fn are_processes(&self) -> bool {
        self.inner.are_processes()
    }

    fn end_execution(&self) {
        self.inner.end_execution();
    }

    fn server(&self) -> Option<SocketAddr> {
        self.inner.server()
    }

    fn expected(&self, agent: usize) -> u64 {
        self.inner.expected(agent)
    }

    fn agent_name(&self, agent: usize) -> String {
        self.inner.agent_name(agent)
    }

    fn answer_text(&self, answer: u64) -> String {
        self.inner.answer_text(answer)
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        self.inner.parameters()
    }

    fn work(&self, agent: usize) -> Option<u64> {
        self.inner.work(agent)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use centurion_wait::{Blocking, block_on};

    use super::*;
    use crate::{DependencePattern, Grain, Pattern, definition};

    #[test]
    fn what_is_around_an_agent_sees_it_and_leaves_the_workload_as_it_is() {
        let inner: [Arc<dyn Workload>; 2] =
            [Arc::new(Grain::new(4, 3, 1)), Arc::new(Pattern::new(DependencePattern::Chain, 3, 1))];
        for inner in inner {
            let seen = Arc::new(AtomicUsize::new(0));
            let sum = Arc::clone(&seen);
            let begin = move |agent| {
                sum.fetch_add(agent, Ordering::Relaxed);
            };
            let around = Decorated::new(Arc::clone(&inner), begin, |_, (), answer| assert_ne!(answer, 0));
            assert_eq!(definition(&around), definition(&*inner));
            assert_eq!(around.run(2), inner.run(2));
            assert_eq!(around.run_after(3, &[]), inner.run_after(3, &[]));
            assert_eq!(block_on(around.start(0, &[], &Blocking)), inner.run(0));
            assert_eq!(seen.load(Ordering::Relaxed), 5);
        }
    }

    #[test]
    fn where_only_every_third_agent_is_decorated_the_others_give_their_answers_too() {
        let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (inner, all) = (Arc::new(Grain::new(10, 3, 1)), Arc::clone(&seen));
        let end = move |agent, (), _| all.lock().expect("nothing panics").push(agent);
        let around = Decorated::new(inner, |_| (), end).every(3);
        for agent in 0..10 {
            assert_eq!(around.run(agent), around.expected(agent));
            assert_eq!(block_on(around.start(agent, &[], &Blocking)), around.expected(agent));
        }
        assert_eq!(*seen.lock().expect("nothing panics"), [0, 0, 3, 3, 6, 6, 9, 9]);
    }
}
