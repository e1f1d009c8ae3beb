//! The list of executors.

use std::sync::OnceLock;

use crate::{Factory, channel, chunks, counter, deque, per_agent, rayon, serial};

/// Executors of a program that brings some of its own.
static ADDED: OnceLock<Vec<Factory>> = OnceLock::new();

/// Adds executors to the list for as long as this program runs: they are listed, found and measured as all others. To
/// be called once, before anything asks for the list.
///
/// # Panics
/// When it was called before, or there is an executor of such a name.
pub fn add(factories: Vec<Factory>) {
    for factory in &factories {
        assert!(find(factory.name).is_none(), "there is an executor {} already", factory.name);
    }
    assert!(ADDED.set(factories).is_ok(), "executors were added before");
}

/// The executors that this program has added.
pub fn added() -> &'static [Factory] {
    ADDED.get().map_or(&[], Vec::as_slice)
}

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
    threads.into_iter().chain(runtimes).chain(added().iter().cloned()).collect()
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
