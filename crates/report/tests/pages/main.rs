//! The files of a report: what they hold, how large they are, and the page in a browser.

mod browser;
mod canned;
mod changes;
mod dependent;
mod escaping;
mod files;
mod peers;
mod prediction;
mod schema;
mod waiting;
