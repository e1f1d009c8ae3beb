//! Agents on Dask's schedulers and clusters.
//!
//! Dask speaks Python, so a [`Driver`] is a process of the project's own Python environment that this program
//! starts and exchanges JSON lines with. It holds the same agents, compiled from the same sources; the two shake
//! hands on a digest of them.
//!
//! A [`Peer`] is a scheduler of Python or Dask on this machine, to be measured beside the executors: what it
//! reports is the makespan inside Python, so that neither the pipe nor the start of anything is part of it. A
//! [`Cluster`] is a running Dask cluster, or one on loopback, that agents are sent to in batches, whose outcomes
//! come back in the order of the agents. Agents that are commands are sent one attempt at a time, by an [`Attempter`].
//!
//! ```no_run
//! use centurion_agents::Deciding;
//! use centurion_dask::{Definition, Driver, Scheduler};
//!
//! let driver = Driver::launch()?;
//! let peer = driver.start(Scheduler::DaskThreads, 2, &[])?;
//! let sample = peer.sample(&Definition::new(&Deciding::bundled(100))?, 1)?;
//! println!("{:?} for {} answers", sample.wall, sample.answers);
//! # Ok::<(), centurion_dask::DaskError>(())
//! ```

mod attempts;
mod cluster;
mod definition;
mod driver;
mod error;
mod peer;
mod python;
mod signal;
mod wire;

pub use attempts::{AttemptEnd, AttemptEvent, AttemptFailure, Attempter, NumberedLimit};
pub use cluster::{AgentOutcome, Cluster, ClusterEvent, Ended, Target, Tls};
pub use definition::Definition;
pub use driver::{Canceller, Driver};
pub use error::{AgentFailure, DaskError};
pub use peer::{Peer, PeerTiming, Scheduler};
pub use python::Python;
pub use wire::Versions;
