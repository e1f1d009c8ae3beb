//! How many files may be open at once.

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use thiserror::Error;

/// Pipes to a process, what tells that it has ended, and what tells how long its worker stood in line.
const OF_AGENT: u64 = 5;
/// While a process is started, its own ends of them, and one more that tells whether it was.
const OF_START: u64 = 4;
/// What else is open.
const OTHERS: u64 = 32;

/// Too many files would be open.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "run {workers} at once: that takes {needed} open files, and {allowed} are allowed; {}raise `ulimit -Hn`",
    fewer(*fitting)
)]
pub struct OpenFilesError {
    workers: usize,
    needed: u64,
    allowed: u64,
    fitting: u64,
}

/// The number of workers that is left as a way out.
fn fewer(fitting: u64) -> String {
    if fitting == 0 { String::new() } else { format!("`--workers {fitting}` would do, or ") }
}

/// Sees to it that so many agents can run at once; raises the limit of this process and its children only if it must.
///
/// # Errors
/// When more files would be open than this process may allow itself.
pub fn ensure_open_files(workers: usize) -> Result<(), OpenFilesError> {
    // Who can't be asked does not refuse either; agents then fail by themselves.
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return Ok(()) };
    let needed = workers as u64 * (OF_AGENT + OF_START) + OTHERS;
    let raised = needed <= soft || needed <= hard && setrlimit(Resource::RLIMIT_NOFILE, needed, hard).is_ok();
    if raised {
        return Ok(());
    }
    let fitting = hard.saturating_sub(OTHERS) / (OF_AGENT + OF_START);
    Err(OpenFilesError { workers, needed, allowed: hard, fitting })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_million_agents_at_once_are_refused_with_a_number_that_would_do() {
        assert_eq!(ensure_open_files(1), Ok(()));
        if let Err(error) = ensure_open_files(1_000_000_000) {
            assert!(ensure_open_files(error.fitting as usize) == Ok(()), "{error}");
        }
        let none = OpenFilesError { workers: 1, needed: 41, allowed: 20, fitting: 0 };
        assert_eq!(
            none.to_string(),
            "run 1 at once: that takes 41 open files, and 20 are allowed; raise `ulimit -Hn`"
        );
    }
}
