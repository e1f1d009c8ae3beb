//! What asked-for results take, found and simplified before anything runs.

use std::num::NonZero;
use std::sync::Arc;

use centurion_executors::{Executor, Flow, run_scoped};
use centurion_graph::Graph;
#[cfg(feature = "draw")]
use centurion_plot::graph::{GraphPicture, dot, svg};

use crate::computation::Computation;
use crate::compute::default_executor;
use crate::discovery::{Needed, needed};
use crate::in_time::unless_over;
use crate::limits::LOOK;
use crate::planned::{PlannedTask, PlannedWork};
use crate::progress::Listener;
use crate::steps::Steps;
use crate::task::{AnyTask, Task, TaskState};
use crate::{AnyDelayed, Explanation, Failure, Limits, PlanProgress, Why};

/// What it takes to compute some results: the tasks they need that have not ended, with chains of tasks fused
/// into steps. Nothing else is even looked at. A plan is made in time linear in the tasks and inputs it holds.
///
/// [`Delayed::compute`](crate::Delayed::compute) is a plan that is computed and forgotten. A plan at hand can be explained and drawn, may
/// have [limits](Limits), asks for several results at once, and can be computed again to go on where limits
/// stopped it.
///
/// ```
/// use centurion_delayed::{Plan, all, delayed};
///
/// let agents: Vec<_> = (0..100).map(|agent| delayed(move || agent)).collect();
/// let sum = all(&agents).then(|answers| answers.iter().copied().sum::<i32>());
/// let best = all(&agents).then(|answers| answers.iter().copied().max().copied());
/// let plan = Plan::new([sum.any(), best.any()]);
/// plan.compute_scoped(2)?;
/// assert_eq!(sum.outcome(), Some(Ok(&4_950)));
/// assert_eq!(best.outcome(), Some(Ok(&Some(99))));
/// # Ok::<(), centurion_delayed::Failure>(())
/// ```
pub struct Plan<'env> {
    wanted: Vec<AnyTask<'env>>,
    graph: Arc<Graph>,
    work: Arc<PlannedWork<'env>>,
    ended: usize,
    limits: Limits,
    listener: Option<Listener<'env>>,
}

impl<'env> Plan<'env> {
    /// Plans the results of handles; `handle.any()` is a handle of any type.
    pub fn new(handles: impl IntoIterator<Item: Into<AnyDelayed<'env>>>) -> Self {
        let wanted: Vec<_> = handles.into_iter().map(|handle| handle.into().0).collect();
        let Needed { tasks, graph, waits, ended } = needed(&wanted);
        let graph = Arc::new(graph);
        let tasks = tasks.into_iter().map(PlannedTask::new).collect();
        let work = Arc::new(PlannedWork { tasks, steps: Steps::new(&graph), waits });
        Self { wanted, graph, work, ended, limits: Limits::none(), listener: None }
    }

    /// Sets what stops its computations early.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Sets who is told of every task that ends, by the thread that ran it, before anything that needs it begins. A
    /// panic there fails nothing.
    ///
    /// `examples/progress.rs` draws a bar with it.
    #[must_use]
    pub fn on_progress(self, listener: impl Fn(&PlanProgress) + Send + Sync + 'env) -> Self {
        Self { listener: Some(Arc::new(listener)), ..self }
    }

    /// What is planned, and once it has run, what it took.
    pub fn explain(&self) -> Explanation {
        Explanation::new(
            self.wanted.len(),
            self.ended,
            &self.graph,
            &self.work.steps,
            self.costs().as_deref(),
        )
    }

    /// Runs the plan on scoped threads of its own, and waits for what has begun, also where a limit is reached: tasks may
    /// borrow what goes when this returns. Results are in the handles then.
    ///
    /// # Errors
    /// When a result that was asked for is not there: the failure of the first of these. Others may be there.
    ///
    /// # Panics
    /// When `workers` is zero.
    pub fn compute_scoped(&self, workers: usize) -> Result<(), Failure> {
        let (computation, graph) = (self.computation(), &self.work.steps.graph);
        let why = computation.passes(|| drop(run_scoped(graph, workers, &|step| computation.step(step))));
        self.first_failure(why.as_ref()).map_or(Ok(()), Err)
    }

    fn computation(&self) -> Computation<'env> {
        Computation::new(&self.work, &self.limits, self.listener.clone())
    }

    fn first_failure(&self, why: Option<&Why>) -> Option<Failure> {
        self.wanted.iter().find_map(|task| failure(&**task, why))
    }

    /// Nanoseconds of every task, zero for one that has not run. `None` if none has.
    fn costs(&self) -> Option<Vec<u64>> {
        let costs: Vec<_> = self.work.tasks.iter().map(PlannedTask::nanoseconds).collect();
        let ran = costs.iter().any(Option::is_some);
        ran.then(|| costs.into_iter().map(|cost| cost.map_or(0, NonZero::get)).collect())
    }
}

/// Pictures, with the feature `draw`.
#[cfg(feature = "draw")]
impl Plan<'_> {
    /// Draws the tasks as SVG, once they have run with what each took as heat.
    ///
    /// ```
    /// use centurion_delayed::{Plan, delayed};
    ///
    /// let agent = delayed(|| 6).named("agent");
    /// let judge = agent.then(|answer| answer * 7).named("judge");
    /// let plan = Plan::new([&judge]);
    /// plan.compute_scoped(1)?;
    /// assert!(plan.svg("A judge and an agent").contains("judge"));
    /// # Ok::<(), centurion_delayed::Failure>(())
    /// ```
    pub fn svg(&self, title: &str) -> String {
        self.picture(title, svg)
    }

    /// The same as DOT, for graphviz and its like.
    pub fn dot(&self, title: &str) -> String {
        self.picture(title, dot)
    }

    fn picture(&self, title: &str, draw: impl Fn(&Graph, &GraphPicture<'_>) -> String) -> String {
        let names: Vec<_> = self.work.tasks.iter().map(|task| task.name().to_string()).collect();
        let costs = self.costs();
        draw(&self.graph, &GraphPicture { title, names: &names, costs: costs.as_deref() })
    }
}

impl Plan<'static> {
    /// Runs the plan on an executor, and waits for what has begun, also where a limit is reached: the executor is lent for this
    /// call only. [`compute_in_time`](Self::compute_in_time) has one to keep. Results are in the handles then.
    ///
    /// # Errors
    /// When a result that was asked for is not there: the failure of the first of these. Others may be there.
    ///
    /// # Panics
    /// When the executor breaks its promise and skips a task.
    pub fn compute(&self, executor: &dyn Executor) -> Result<(), Failure> {
        let why = self.flow().run(executor);
        self.first_failure(why.as_ref()).map_or(Ok(()), Err)
    }

    /// Runs the plan on the [default executor](default_executor), and comes back in time, as
    /// [`compute_in_time`](Self::compute_in_time) does.
    ///
    /// # Errors
    /// As [`compute`](Self::compute).
    pub fn run(&self) -> Result<(), Failure> {
        self.compute_in_time(default_executor())
    }

    pub(crate) fn flow(&self) -> PlannedFlow {
        let computation = Arc::new(self.computation());
        let (stepped, graph) = (Arc::clone(&computation), Arc::clone(&self.work.steps.graph));
        let flow = if self.work.waits {
            Flow::waiting(graph, move |step, wait| {
                let stepped = Arc::clone(&stepped);
                async move { stepped.waiting_step(step, wait).await }
            })
        } else {
            Flow::new(graph, move |step| stepped.step(step))
        };
        PlannedFlow { computation, flow }
    }

    /// Runs the plan as [`compute`](Self::compute) does, and comes back as soon as it is cancelled or its deadline has passed,
    /// whatever still runs: that goes on to its end on threads that are left to it, and its results are kept. The failure
    /// names it.
    ///
    /// That takes an executor that outlives the call, such as a `Box` or an `Arc`, or a `'static` one.
    ///
    /// ```
    /// use std::{thread::sleep, time::Duration};
    /// use centurion_delayed::{Limits, Plan, delayed};
    /// use centurion_executors::{Start, find};
    ///
    /// let slow = delayed(|| sleep(Duration::from_millis(100))).named("slow");
    /// let summary = slow.then(|()| "done").named("summary");
    /// let executor = find("rayon").unwrap().start(&Start::workers(2)).unwrap();
    /// let plan = Plan::new([&summary]).within(Limits::none().deadline_in(Duration::from_millis(20)));
    /// let failure = plan.compute_in_time(executor).unwrap_err();
    /// assert_eq!(failure.to_string(), "summary has no result in time, for these still run: slow");
    /// ```
    ///
    /// # Errors
    /// As [`compute`](Self::compute).
    ///
    /// # Panics
    /// When the executor breaks its promise and skips a task.
    pub fn compute_in_time(&self, executor: impl Executor + 'static) -> Result<(), Failure> {
        if !self.limits.may_be_reached() {
            return self.compute(&executor);
        }
        let flow = self.flow();
        let is_over = || self.limits.reached().is_some();
        let why = match unless_over(move || flow.run(&executor), is_over, LOOK) {
            Some(why) => why,
            None => self.limits.reached().map(|why| self.left_behind(why)),
        };
        self.first_failure(why.as_ref()).map_or(Ok(()), Err)
    }

    /// What is told of what did not end in time.
    fn left_behind(&self, why: Why) -> Why {
        let held = self.work.tasks.iter().filter_map(PlannedTask::held);
        let running = held.filter(|task| task.is_under_way_elsewhere()).map(|task| task.name().to_string());
        match running.collect::<Vec<_>>() {
            none if none.is_empty() => why,
            running => Why::LeftRunning(running),
        }
    }
}

/// A computation in the form in which executors take it.
pub(crate) struct PlannedFlow {
    computation: Arc<Computation<'static>>,
    flow: Flow,
}

impl PlannedFlow {
    /// Says why tasks are left that could have run.
    pub(crate) fn run(&self, executor: &dyn Executor) -> Option<Why> {
        self.computation.passes(|| executor.execute_flow(&self.flow))
    }
}

/// The failure of a task after a computation that left tasks because of `why`. `None` if it has a result.
pub(crate) fn failure(task: &dyn Task, why: Option<&Why>) -> Option<Failure> {
    match (task.state(), task.failure()) {
        (TaskState::Done, _) => None,
        (_, Some(failure)) => Some(failure.clone()),
        (_, None) => {
            let why = why.expect("the executor runs every task");
            Some(Failure::new(task.name(), why.clone()))
        }
    }
}
