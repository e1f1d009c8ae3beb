//! The list of machines.

use centurion_record::Record;

use super::escape::escape;
use super::headline;
use crate::analysis::Analysis;
use crate::story;

/// `reports/README.md`: every machine with a link to its report and its verdicts, in the order given. The key is
/// the name of the machine's folder.
pub fn index(machines: &[(&str, &Record)]) -> String {
    let mut text = "# Reports\n\nOne folder a machine; each is rendered from its results.json.\n".to_owned();
    for (key, record) in machines {
        let record = record.canonical();
        let name = escape(&story::machine(&record.environment));
        let folder = folder(key);
        text += &format!(
            "\n## [{name}]({folder}/README.md)\n\n{}. [Page]({folder}/index.html), [data]({folder}/results.json).\n\n",
            escape(&story::run(&record))
        );
        for advice in story::advice(&record, &Analysis::of(&record)) {
            text += &format!("- {}\n", headline(&advice));
        }
    }
    text
}

/// A folder's name as it may stand in a link.
fn folder(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    key.chars()
        .map(|c| {
            if plain(c) {
                c.to_string()
            } else {
                c.to_string().bytes().map(|b| format!("%{b:02X}")).collect()
            }
        })
        .collect()
}
