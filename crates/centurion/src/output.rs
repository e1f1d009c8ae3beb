//! What reaches the terminal.

use std::io::IsTerminal as _;

use centurion_findings::Analysis;
use centurion_record::Record;
use centurion_report::terminal;

/// The tables of a record, as wide as the terminal and in colour where standard output shows it.
pub fn tables(record: &Record) -> String {
    let width = std::io::stdout().is_terminal().then(|| {
        let (_, columns) = console::Term::stdout().size();
        usize::from(columns)
    });
    let colour = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    terminal::summary(&Analysis::new(record), width, colour)
}

/// Prints a line. When nobody reads any more, as in `| head -1`, the process ends quietly.
/// When standard output can't be written to for another reason, it ends with 1.
pub fn say(line: &str) {
    use std::io::{ErrorKind, Write as _};
    match writeln!(std::io::stdout(), "{line}") {
        Ok(()) => (),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            eprintln!("error: failed to print: {error}");
            std::process::exit(1);
        }
    }
}

/// A count with its noun.
pub(crate) fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
