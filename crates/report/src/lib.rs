//! A record as people read it: pages, tables and charts.
//!
//! The room is pure: records in, bytes out. What a record means is derived in `centurion_findings`. `sections`, a file
//! for each subject, puts it into words, tables and charts, as one document; `write` has the writers of HTML, Markdown,
//! text and CSV, which know nothing of what a document is about. README.md says how to add a section.

mod agents;
mod chart;
pub mod compare;
mod document;
mod files;
pub mod pair;
mod sections;
mod table;
pub mod units;
pub mod wording;
mod write;

use centurion_findings::Analysis;
use centurion_record::Record;

use document::Outputs;
use sections::Findings;

pub use files::files;
pub use write::AnswerLines;

/// The summary of a run for a terminal, as text that ends in a newline, at most `width` columns wide where words allow
/// it: of each workload the cells on the cores and workers that won. With `colour` it holds ANSI styles. Control
/// characters in names are replaced.
pub fn terminal(record: &Record, width: Option<usize>, colour: bool) -> String {
    shown(record, Outputs::BRIEF_TERMINAL, width, colour)
}

/// The same with every cell.
pub fn full_terminal(record: &Record, width: Option<usize>, colour: bool) -> String {
    shown(record, Outputs::FULL_TERMINAL, width, colour)
}

fn shown(record: &Record, shows: Outputs, width: Option<usize>, colour: bool) -> String {
    let analysis = Analysis::new(record);
    write::terminal::text(&Findings::new(record, &analysis, None).document(), shows, width, colour)
}

/// The first screen of a run as Markdown: an answer for each kind of agents, then executors against what agents do. The
/// page, the README of a report and a job's summary begin with the same.
pub fn first_screen(record: &Record) -> String {
    let analysis = Analysis::new(record);
    write::markdown::page(&write::markdown::first_screen(&Findings::new(record, &analysis, None).document()))
}

/// The same for a terminal, as text that ends in a newline, at most `width` columns wide where words allow it. With
/// `colour` it holds ANSI styles. Control characters in names are replaced.
pub fn first_screen_in_terminal(record: &Record, width: Option<usize>, colour: bool) -> String {
    let analysis = Analysis::new(record);
    write::terminal::first_screen(&Findings::new(record, &analysis, None).document(), width, colour)
}

/// Its answers in columns for a terminal of so many, a line for each kind of agents under a head, or more where `most` lines leave room
/// for that: who is fine, whom to avoid, how sure that is, and what is different for one bag. Control characters in names are
/// replaced.
pub fn answer_lines(record: &Record, width: usize, most: usize) -> AnswerLines {
    let analysis = Analysis::new(record);
    AnswerLines::new(&Findings::new(record, &analysis, None).document().answers, width, most)
}

/// Text for a terminal, broken at words into lines of so many columns. Control characters are replaced.
pub fn broken(text: &str, width: usize) -> String {
    write::terminal::words(text, Some(width))
}

/// `reports/README.md`: every machine with a link to its report and its verdicts, in the order given. The key is
/// the name of the machine's folder.
pub fn index(machines: &[(&str, &Record)]) -> String {
    let machines: Vec<_> = machines
        .iter()
        .map(|(key, record)| {
            let record = record.canonical();
            let analysis = Analysis::new(&record);
            let findings = Findings::new(&record, &analysis, None);
            let document = findings.document();
            (*key, document.head, document.answers)
        })
        .collect();
    write::markdown::index(&machines)
}
