//! The files of a report: what they hold, how large they are, and the page in a browser.

#[path = "../common/mod.rs"]
mod common;

mod browser;
mod canned;
mod changes;
mod dependent;
mod escaping;
mod files;
mod loss;
mod peers;
mod prediction;
mod schema;
