//! The list of machines.

use std::fmt::Write;

use centurion_record::Record;

use super::escape::escape;
use super::{blocks, headline, list};
use crate::story;
use centurion_findings::Analysis;

/// `reports/README.md`: every machine with a link to its report and its verdicts, in the order given. The key is
/// the name of the machine's folder.
pub fn index(machines: &[(&str, &Record)]) -> String {
    let heading = ["# Reports", "One folder a machine, each rendered from its results.json."];
    let machines = machines.iter().flat_map(|(key, record)| machine(key, &record.canonical()));
    blocks(&heading.into_iter().map(String::from).chain(machines).collect::<Vec<_>>())
}

fn machine(key: &str, record: &Record) -> [String; 3] {
    let folder = folder(key);
    let verdicts: Vec<_> = story::advice(record, &Analysis::new(record)).iter().map(headline).collect();
    [
        format!("## [{}]({folder}/README.md)", escape(&story::machine(&record.environment))),
        format!(
            "{}. [Page]({folder}/index.html), [data]({folder}/results.json).",
            escape(&story::run(record))
        ),
        list(&verdicts),
    ]
}

/// A folder's name as it may stand in a link.
fn folder(key: &str) -> String {
    key.bytes().fold(String::new(), |mut link, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            link.push(char::from(byte));
        } else {
            let _ = write!(link, "%{byte:02X}");
        }
        link
    })
}
