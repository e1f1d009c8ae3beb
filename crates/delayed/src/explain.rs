//! A plan in numbers.

use std::fmt;
use std::time::Duration;

use centurion_graph::{Bounds, Graph};

use crate::steps::Steps;

/// What a plan takes, and once it has run, what it took. Displays in a few lines.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// Results asked for.
    pub results: usize,
    /// Tasks that are to run for them: those they need that had not ended when the plan was made.
    pub tasks: usize,
    /// Inputs of those tasks, apart from results that were there already.
    pub inputs: usize,
    /// Results that were there already. They are culled, and all that only they needed with them.
    pub culled: usize,
    /// Steps that chains of tasks were fused into: what an executor schedules.
    pub steps: usize,
    /// Inputs of the steps.
    pub step_inputs: usize,
    /// Tasks on the longest path.
    pub longest_path: usize,
    /// What was recorded when the tasks ran. `None` if none has.
    pub recorded: Option<Recorded>,
    /// What no schedule of the tasks beats, by what they took or, before anything has run, as though each took one.
    bounds: Bounds,
}

/// What was recorded when the tasks of a plan ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded {
    /// Tasks that have run.
    pub ran: usize,
    /// What they took, one after another: the serial time.
    pub work: Duration,
    /// What those on the critical path took: no number of workers needs less.
    pub critical_path: Duration,
}

impl Explanation {
    /// `costs`: nanoseconds of every task, zero where it has not run; `None` where none has.
    pub(crate) fn new(
        results: usize,
        culled: usize,
        graph: &Graph,
        steps: &Steps,
        costs: Option<&[u64]>,
    ) -> Self {
        let equal = vec![1; graph.len()];
        let longest_path = graph.critical_path(&equal).tasks.len();
        let bounds = Bounds::new(costs.unwrap_or(&equal), Some(graph));
        Self {
            results,
            tasks: graph.len(),
            inputs: graph.edges(),
            culled,
            steps: steps.graph.len(),
            step_inputs: steps.graph.edges(),
            longest_path,
            recorded: costs.map(|costs| Recorded {
                ran: costs.iter().filter(|&&cost| cost > 0).count(),
                work: Duration::from_nanos(bounds.work()),
                critical_path: Duration::from_nanos(bounds.critical_path()),
            }),
            bounds,
        }
    }

    /// The ceiling: the greatest speedup over one worker that any schedule of the tasks on `workers` workers could
    /// reach ([`Bounds::ceiling`]), by what they took as recorded, or before anything has run, as though every task
    /// took the same time. It is 1 for a plan without tasks.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn ceiling(&self, workers: usize) -> f64 {
        self.bounds.ceiling(workers)
    }

    /// The ceiling on any number of workers: all work over the critical path.
    pub fn parallelism(&self) -> f64 {
        self.ceiling(self.tasks.max(1))
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { results, culled, tasks, inputs, steps, step_inputs, longest_path, recorded, .. } = self;
        writeln!(f, "results  {results} asked for; {culled} on the way are there already")?;
        writeln!(f, "tasks    {tasks} with {inputs} inputs, {longest_path} on the longest path")?;
        writeln!(f, "steps    {steps} with {step_inputs} inputs, after fusing chains")?;
        if let Some(Recorded { ran, work, critical_path }) = recorded {
            writeln!(
                f,
                "ran      {ran} tasks: {work:.2?} of work, {critical_path:.2?} on the critical path"
            )?;
        }
        write!(f, "ceiling  1× per worker, {:.1}× at most", self.parallelism())?;
        f.write_str(if recorded.is_some() { "" } else { " if all tasks take the same time" })
    }
}
