//! A plan in numbers.

use std::fmt;
use std::time::Duration;

use centurion_graph::Graph;

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
        Self {
            results,
            tasks: graph.len(),
            inputs: graph.edges(),
            culled,
            steps: steps.graph.len(),
            step_inputs: steps.graph.edges(),
            longest_path: graph.critical_path(&vec![1; graph.len()]).tasks.len(),
            recorded: costs.map(|costs| Recorded {
                ran: costs.iter().filter(|&&cost| cost > 0).count(),
                work: Duration::from_nanos(costs.iter().sum()),
                critical_path: Duration::from_nanos(graph.critical_path(costs).cost),
            }),
        }
    }

    /// The ceiling: the greatest speedup over one worker that any schedule on `workers` workers could reach,
    /// `W / max(L, W/P)` with the work `W` and the critical path `L` as recorded, or before anything has run,
    /// as though every task took the same time. It is 1 for a plan without tasks.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn ceiling(&self, workers: usize) -> f64 {
        assert!(workers > 0, "a schedule needs at least one worker");
        self.parallelism().min(workers as f64)
    }

    /// The ceiling on any number of workers, `W / L`.
    pub fn parallelism(&self) -> f64 {
        let (work, path) = match self.recorded {
            Some(Recorded { work, critical_path, .. }) => (work.as_secs_f64(), critical_path.as_secs_f64()),
            None => (self.tasks as f64, self.longest_path as f64),
        };
        if path > 0.0 { work / path } else { 1.0 }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { results, culled, tasks, inputs, steps, step_inputs, longest_path, recorded } = self;
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
