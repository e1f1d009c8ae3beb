//! A workload with something done around the work of every agent.

use std::collections::BTreeMap;
use std::sync::Arc;

use centurion_graph::Graph;

use crate::{AgentKind, Workload};

/// The same agents with the same answers, and something done around each: counting, stamping, an extra load.
///
/// ```
/// use std::sync::Arc;
/// use centurion_agents::{Decorated, Grain, Workload};
///
/// let grain = Arc::new(Grain::new(3, 8, 1));
/// let told = Decorated::new(grain, |agent, work| {
///     println!("agent {agent} begins");
///     work()
/// });
/// assert_eq!(told.run(2), told.expected(2));
/// ```
pub struct Decorated<F> {
    inner: Arc<dyn Workload>,
    around: F,
}

impl<F: Fn(usize, &dyn Fn() -> u64) -> u64 + Send + Sync> Decorated<F> {
    /// The agents of a workload, each run as `around(agent, work)`, which is to call `work` once and return
    /// the answer that it gives.
    pub fn new(inner: Arc<dyn Workload>, around: F) -> Self {
        Self { inner, around }
    }
}

impl<F: Fn(usize, &dyn Fn() -> u64) -> u64 + Send + Sync> Workload for Decorated<F> {
    fn name(&self) -> String {
        self.inner.name()
    }

    fn family(&self) -> &'static str {
        self.inner.family()
    }

    fn kind(&self) -> AgentKind {
        self.inner.kind()
    }

    fn agents(&self) -> usize {
        self.inner.agents()
    }

    fn run(&self, agent: usize) -> u64 {
        (self.around)(agent, &|| self.inner.run(agent))
    }

    fn graph(&self) -> Option<Arc<Graph>> {
        self.inner.graph()
    }

    fn run_after(&self, agent: usize, inputs: &[u64]) -> u64 {
        (self.around)(agent, &|| self.inner.run_after(agent, inputs))
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

    use super::*;
    use crate::{DependencePattern, Grain, Pattern, definition};

    #[test]
    fn what_is_around_an_agent_sees_it_and_leaves_the_workload_as_it_is() {
        let inner: [Arc<dyn Workload>; 2] =
            [Arc::new(Grain::new(4, 3, 1)), Arc::new(Pattern::new(DependencePattern::Chain, 3, 1))];
        for inner in inner {
            let seen = Arc::new(AtomicUsize::new(0));
            let sum = Arc::clone(&seen);
            let around = Decorated::new(Arc::clone(&inner), move |agent, work| {
                sum.fetch_add(agent, Ordering::Relaxed);
                work()
            });
            assert_eq!(definition(&around), definition(&*inner));
            assert_eq!(around.run(2), inner.run(2));
            assert_eq!(around.run_after(3, &[]), inner.run_after(3, &[]));
            assert_eq!(seen.load(Ordering::Relaxed), 5);
        }
    }
}
