//! The list of machines.

use std::fmt::Write;

use super::{blocks, escape, headline, list};
use crate::document::{Advice, Head};

/// Every machine with a link to its report and its verdicts, in the order given. The key is the name of the machine's
/// folder.
pub(crate) fn index(machines: &[(&str, Head, Vec<Advice>)]) -> String {
    let heading = ["# Reports", "One folder a machine, each rendered from its results.json."];
    let machines = machines.iter().flat_map(|(key, head, answers)| machine(key, head, answers));
    blocks(&heading.into_iter().map(String::from).chain(machines).collect::<Vec<_>>())
}

fn machine(key: &str, head: &Head, answers: &[Advice]) -> [String; 3] {
    let folder = folder(key);
    let verdicts: Vec<_> = answers.iter().map(headline).collect();
    [
        format!("## [{}]({folder}/README.md)", escape(&head.machine)),
        format!("{}. [Page]({folder}/index.html), [data]({folder}/results.json).", escape(&head.run)),
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
