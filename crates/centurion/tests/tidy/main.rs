//! Rules of the repository that no compiler holds, as ordinary tests.

mod commands;
mod documents;
mod figures;
mod names;
mod packages;
mod repository;
mod sizes;
