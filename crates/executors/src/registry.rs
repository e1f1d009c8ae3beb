//! The list of executors.

use crate::{Factory, channel, chunks, counter, deque, per_agent, rayon, serial};

/// Every executor, in the order they are shown.
pub fn all() -> Vec<Factory> {
    let threads = [
        serial::FACTORY,
        per_agent::FACTORY,
        chunks::FACTORY,
        counter::FACTORY,
        channel::FACTORY,
        deque::FACTORY,
        rayon::SPLITTING,
        rayon::EACH,
        rayon::UNPINNED,
    ];
    #[cfg(feature = "runtimes")]
    let runtimes = crate::runtimes::all();
    #[cfg(not(feature = "runtimes"))]
    let runtimes = [];
    threads.into_iter().chain(runtimes).collect()
}

/// The executor of that name.
pub fn find(name: &str) -> Option<Factory> {
    all().into_iter().find(|factory| factory.name == name)
}

/// Starts what libraries start once for the whole process, such as the thread of a reactor. Whoever restricts this
/// process to some CPUs calls it before: such a thread keeps the CPUs of whoever was first to need it.
pub fn start_what_lasts() {
    #[cfg(feature = "runtimes")]
    crate::runtimes::start_what_lasts();
}
