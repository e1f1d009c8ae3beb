//! Rules of the repository that no compiler holds, as ordinary tests.

mod commands;
mod documents;
mod packages;
mod repository;
mod sizes;
