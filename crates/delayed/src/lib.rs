//! Lazy task graphs: wrap calls now, compute what is asked for later, on the executor of your choice.
//!
//! [`delayed`] wraps a call in a typed handle, [`Delayed`]. Handles feed further calls: one
//! ([`then`](Delayed::then)), two ([`with`](Delayed::with)), many ([`all`]), or many merged as a [`tree`].
//! Nothing runs until a result is asked for; then what it needs runs once, each task after its inputs, and the
//! results stay in the handles.
//!
//! A hundred agents, the total of their answers, how long they took, and how long they take one after another:
//!
//! ```
//! use std::{thread::sleep, time::{Duration, Instant}};
//! use centurion_delayed::{Plan, all, delayed};
//! use centurion_executors::{Start, find};
//!
//! # fn think(agent: u64) -> u64 { sleep(Duration::from_millis(agent)); agent }
//! let agents: Vec<_> = (1..=100).map(|agent| delayed(move || think(agent))).collect(); // nothing runs yet
//! let total = all(&agents).then(|answers| answers.iter().copied().sum::<u64>());
//! let executor = find("std-counter").unwrap().start(&Start::workers(100))?;
//! let (plan, begun) = (Plan::new([&total]), Instant::now());
//! plan.compute(&*executor)?;
//! println!("{total:?} in {:.1?}, alone {:.1?}", begun.elapsed(), plan.explain().recorded.unwrap().work);
//! # assert_eq!(total.outcome(), Some(Ok(&5_050)));
//! # assert!(plan.explain().recorded.unwrap().work >= Duration::from_millis(5_050));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Calls that wait are futures: [`delayed_async`] wraps them, and on an async runtime they give their thread back.
//!
//! A failing or panicking task fails what needs it, and nothing else. The failure names the path:
//!
//! ```
//! use centurion_delayed::{Plan, all, delayed, try_delayed};
//!
//! let one = delayed(|| 1).named("agent 1");
//! let two = try_delayed(|| Err::<i32, _>("no answer")).named("agent 2");
//! let sum = all([&one, &two]).then(|answers| answers.iter().copied().sum::<i32>()).named("sum");
//! let report = sum.then(|sum| format!("the sum is {sum}")).named("report");
//! let failure = report.compute_scoped(2).unwrap_err();
//! assert_eq!(failure.to_string(), "report needs sum, which needs agent 2, which failed: no answer");
//! assert_eq!(one.outcome(), Some(Ok(&1))); // finished and kept
//! ```
//!
//! Agents, judges that carry on with those that answered, and a summary of the judges that could judge:
//!
//! ```
//! use std::time::Duration;
//! use centurion_delayed::{Retries, all, try_delayed};
//!
//! # fn ask(agent: u32) -> Result<u32, String> { if agent % 7 == 3 { Err("no opinion".into()) } else { Ok(agent) } }
//! let retries = Retries::new(2).pause(Duration::from_millis(1));
//! let agents: Vec<_> = (0..40).map(|agent| try_delayed(move || retries.call(|| ask(agent)))).collect();
//! let judges = agents.chunks(10).map(|group| {
//!     all(group).settled().try_then(|answers| {
//!         answers.iter().flatten().copied().max().copied().ok_or("nobody answered")
//!     })
//! });
//! let summary = all(judges).settled().then(|verdicts| verdicts.iter().flatten().copied().max().copied());
//! assert_eq!(summary.run()?, &Some(39));
//! # Ok::<(), centurion_delayed::Failure>(())
//! ```
//!
//! A build system, whose steps have types: what is compiled is linked, and what nobody asks for is not made:
//!
//! ```
//! use centurion_delayed::{TaskError, all, join, try_delayed};
//!
//! # fn compile(source: &str) -> Result<String, TaskError> { Ok(format!("{source}.o")) }
//! # fn link(objects: &[&String]) -> Result<String, TaskError> { Ok(format!("{} objects", objects.len())) }
//! # fn write_manual() -> Result<u32, TaskError> { Ok(12) }
//! let objects = ["main", "parse", "emit"].map(|source| try_delayed(|| compile(source)).named(source));
//! let program = all(&objects).try_then(link).named("program");
//! let manual = try_delayed(write_manual).named("manual");
//! let release = join!(program, manual).then(|program, pages| format!("{program}, {pages} pages"));
//! assert_eq!(release.run()?, "3 objects, 12 pages");
//! # Ok::<(), centurion_delayed::Failure>(())
//! ```

mod action;
mod clock;
mod computation;
mod compute;
mod delayed;
mod depth;
mod discovery;
mod explain;
mod failure;
mod gather;
mod handle;
mod in_time;
mod inputs;
mod join;
mod limits;
mod lock;
mod metadata;
mod nesting;
mod node;
mod panics;
mod plan;
mod planned;
mod policy;
mod progress;
mod steps;
mod task;
mod waiting;

pub use action::{TaskError, TaskFault};
pub use compute::{compute_all, default_executor};
pub use delayed::{delayed, try_delayed};
pub use explain::{Explanation, Recorded};
pub use failure::{Failure, Why};
pub use gather::{All, Settled, all, tree, tree_owned};
pub use handle::{AnyDelayed, Delayed};
pub use join::Join;
pub use limits::{Cancel, Limits};
pub use panics::{PanicPlace, Panicked};
pub use plan::Plan;
pub use policy::{Places, Retries, TimeLimitExceeded, time_limit};
pub use progress::PlanProgress;
pub use waiting::{Computed, delayed_async, try_delayed_async};
