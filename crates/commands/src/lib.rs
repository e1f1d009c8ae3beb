//! How a command in any language is run as an agent: given its scenario, watched, cut off, tried again, journalled.
//!
//! A [`Scenario`] is what one agent gets. A [`Dispatcher`] hands scenarios out one by one, and takes in what became of them:
//! into the [`Journal`] at once, into the results in the order of the scenarios, and into the [`Totals`]. Who runs the
//! scenarios in between does not matter to it; here it is a [`Crew`] of processes of this machine, on any executor, or of
//! attempts that are made by an [`Outpost`] elsewhere.
//!
//! Every agent is a process group of its own, and ends as one: whatever is left of it when the agent has ended is
//! killed. One thread feeds it, reads what it prints and looks at the time; nothing an agent does blocks that thread.
//!
//! Nothing here opens a file or prints: the journal and the results are handed in.
#![cfg(unix)]

mod allowance;
mod answer;
mod brake;
mod clock;
mod crew;
mod dispatcher;
mod distinct;
mod feed;
mod halt;
mod in_line;
mod input;
mod interpreter;
mod invocation;
mod journal;
mod ledger;
mod long_numbers;
mod median;
mod memory;
mod open_files;
mod outcome;
mod outpost;
mod pipes;
mod pool;
mod printed;
mod process;
mod program;
mod resident;
mod runner;
mod scenario;
mod scenario_graph;
mod seeming;
mod single;
mod totals;
mod usage;
mod watch;

pub use allowance::TimeLimit;
pub use brake::Brake;
pub use crew::{Crew, CrewRules, Lifetime};
pub use dispatcher::{Dispatcher, Glance, Stopping};
pub use feed::{Feed, GraphTimes};
pub use halt::{HaltRule, HaltShare};
pub use in_line::TimeInLine;
pub use input::{InputError, Scenarios};
pub use invocation::Invocation;
pub use journal::{Journal, JournalError};
pub use ledger::{Ledger, LedgerError, is_result};
pub use open_files::{OpenFilesError, ensure_open_files};
pub use outcome::{CommandFailure, CommandOutcome, ProcessEnd};
pub use outpost::{Outpost, OutpostError, OutpostOrder};
pub use pool::CommandPool;
pub use program::{ProgramError, file_digests, find_program};
pub use runner::AwayAttempt;
pub use scenario::{Scenario, ScenarioError};
pub use scenario_graph::ScenarioGraph;
pub use totals::{FailureGroup, Slowest, Totals};
pub use usage::cpu_so_far;
pub use watch::WatchRules;
