//! How many files a process may have open: every connection is one.

/// Lets this process have as many files open as the system allows it, and returns how many that are. `None` where there
/// is no limit, or none that is known.
#[cfg(unix)]
pub fn allow_most_open_files() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    // Where the system refuses, the limit stays as it was.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    getrlimit(Resource::Nofile).current
}

/// As elsewhere, without a limit that is known.
#[cfg(not(unix))]
pub fn allow_most_open_files() -> Option<u64> {
    None
}
