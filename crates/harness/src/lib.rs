//! How agents are timed: the matrix of cells, core masks, interleaved rounds, the environment.
//!
//! This room has the only clock of the workspace. It fills a [`centurion_record::Record`] and neither
//! judges nor draws what it measures. METHODOLOGY.md at the top of the repository says why the loop looks
//! the way it does.

mod answers;
mod cgroup;
pub mod clock;
mod cpus;
pub mod environment;
mod error;
mod footprint;
mod matrix;
mod pace;
mod pairs;
mod peer;
mod probe;
mod rehearsal;
mod rounds;
mod sample;
mod started;
mod testbed;
mod timeline;
mod timetable;
mod together;
mod usage;

pub use cpus::Cpus;
pub use error::{AnswerError, PeerError, RehearsalError, SampleError};
pub use footprint::{blank_footprint, footprint};
pub use matrix::{PlannedCell, Runner, Sweep, cells, largest_cells, select};
pub use pairs::{Executions, PairError, PairSide, Pairs, measure_pairs};
pub use peer::{PeerCall, PeerRunner, PeerSample};
pub use rehearsal::{Rehearsal, TimeSpent, times_spent, try_first};
pub use rounds::{Event, Observer, ResumeError, measure};
pub use sample::try_once;
pub use testbed::{Stop, Testbed};
pub use timeline::{serial_costs, stamped, timeline};
pub use timetable::Rounds;
