//! What runs under `cargo bench`: agents measured in shuffled rounds and analysed by criterion, here and in the crates of
//! others. Needs the feature `bench`.
//!
//! A bench file of one's own, with `harness = false`:
//!
//! ```no_run
//! # fn hash(agent: usize) -> u64 { agent as u64 }
//! centurion::bench! { "hashing", 100, |agent| hash(agent) }
//! ```
//!
//! [`Bench`] has the options, [`Pair`] measures two versions of a function side by side, and `docs/own-agents.md` in the repository tells the whole of it.

mod arguments;
#[cfg(unix)]
mod aside;
mod bench_crate;
mod feed;
mod own;
mod own_advice;
mod pair;
mod run;

pub use centurion_agents::{Answer, AnswerDigest, Hashed};
pub use centurion_executors::{Bag, Executor, Factory, Flow, Placement, Start, StartError, Workers};

pub use arguments::{BenchArguments, BenchMode, criterion_home};
pub use bench_crate::BenchCrate;
pub use feed::{FEWEST_SAMPLES, Source, feed};
pub use own::Bench;
pub use pair::Pair;
pub use run::hundred;

/// The `main` of a bench file: a name, a number of agents and a closure, or a [`Bench`](crate::bench::Bench) with options.
///
/// ```no_run
/// use centurion::bench::Bench;
///
/// centurion::bench!(Bench::new("squares", 100, |agent| agent * agent).computing().rounds(20));
/// ```
#[macro_export]
macro_rules! bench {
    ($name:expr, $agents:expr, $run:expr $(,)?) => {
        $crate::bench!($crate::bench::Bench::new($name, $agents, $run));
    };
    ($bench:expr $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            $bench.main(&$crate::bench::BenchCrate {
                folder: env!("CARGO_MANIFEST_DIR"),
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                bench: env!("CARGO_CRATE_NAME"),
            })
        }
    };
}
