//! The list of executors.

use crate::{Factory, channel, chunks, counter, deque, per_agent, rayon, serial};

/// Every executor, in the order they are shown.
pub fn all() -> Vec<Factory> {
    vec![
        serial::FACTORY,
        per_agent::FACTORY,
        chunks::FACTORY,
        counter::FACTORY,
        channel::FACTORY,
        deque::FACTORY,
        rayon::SPLITTING,
        rayon::EACH,
        rayon::UNPINNED,
    ]
}

/// The executor of that name.
pub fn find(name: &str) -> Option<Factory> {
    all().into_iter().find(|factory| factory.name == name)
}
