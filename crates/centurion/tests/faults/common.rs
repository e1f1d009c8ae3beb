//! What the tests of the command line share.

use std::path::Path;

use assert_cmd::Command;
use centurion_record::Record;

/// The program, deaf to what the tests were started with.
pub(crate) fn centurion(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("centurion").expect("it is built");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CENTURION_")) {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

/// A path as an argument.
pub(crate) fn word(path: &Path) -> &str {
    path.to_str().expect("it is UTF-8")
}

/// A bench of a handful of small cells.
pub(crate) const BENCH: [&str; 8] =
    ["bench", "deciding", "--quick", "--agents", "2", "--executors", "std-counter", "--bare"];

/// Measures that bench for so many rounds.
pub(crate) fn measure(path: &Path, rounds: &str) -> Record {
    centurion(&[&BENCH[..], &["--rounds", rounds, "--record", word(path)]].concat()).assert().success();
    read(path)
}

/// Reads a record.
pub(crate) fn read(path: &Path) -> Record {
    centurion::store::read_record(path).expect("it is a record")
}

/// Writes a record.
pub(crate) fn write(path: &Path, record: &Record) {
    centurion::files::write(path, &record.to_text()).expect("it is written");
}
