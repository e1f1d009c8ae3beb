//! The command that made a run: as its record names it, and as it can be typed again.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::Path;

use shlex::try_quote;

use crate::options::variable_names;

/// Flags and variables that say where a record is; what it holds does not depend on them.
const OF_RECORDS: [&str; 4] = ["--record", "--resume", "CENTURION_RECORD", "CENTURION_RESUME"];
/// Those whose file is named in a record by what it is called, not by where it is.
const OF_FILES: [&str; 2] = ["--positions", "CENTURION_POSITIONS"];

/// A command and the variables it heeded, each with its value if it has one, without what names records.
pub struct CommandLine {
    program: String,
    variables: Vec<(String, String)>,
    words: Vec<(String, Option<String>)>,
}

impl CommandLine {
    /// The command that people type to start this process, with these words after it.
    pub fn new(program: &str, words: impl IntoIterator<Item = OsString>) -> Self {
        let set = |name: String| {
            let value = std::env::var_os(&name).filter(|value| !value.is_empty())?;
            Some((name, value.to_string_lossy().into_owned()))
        };
        let mut variables: Vec<_> = variable_names().into_iter().filter_map(set).collect();
        variables.retain(|(name, _)| !OF_RECORDS.contains(&name.as_str()));
        Self { program: program.into(), variables, words: paired(words) }
    }

    /// As a record names it.
    pub(crate) fn recorded(&self) -> String {
        self.text(None, |name, value| match Path::new(value).file_name() {
            Some(file) if OF_FILES.contains(&name) => file.to_string_lossy(),
            _ => Cow::Borrowed(value),
        })
    }

    /// As it can be typed again.
    pub(crate) fn again(&self) -> String {
        self.text(None, |_, value| Cow::Borrowed(value))
    }

    /// As it can be typed to go on with a record.
    pub(crate) fn going_on(&self, record: &str) -> String {
        self.text(Some(record), |_, value| Cow::Borrowed(value))
    }

    fn text<'a>(&'a self, resume: Option<&'a str>, shown: impl Fn(&str, &'a str) -> Cow<'a, str>) -> String {
        let resumed = resume.map(|record| format!("CENTURION_RESUME={}", quoted(record)));
        let variables =
            self.variables.iter().map(|(name, value)| format!("{name}={}", quoted(&shown(name, value))));
        let words = self.words.iter().map(|(word, value)| match value {
            None => quoted(word),
            Some(value) => format!("{word}={}", quoted(&shown(word, value))),
        });
        let program = std::iter::once(self.program.clone());
        resumed.into_iter().chain(variables).chain(program).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// The words without those that name records, flags of files with the file that follows them.
fn paired(words: impl IntoIterator<Item = OsString>) -> Vec<(String, Option<String>)> {
    let mut words = words.into_iter().map(|word| word.to_string_lossy().into_owned());
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let takes_file = OF_RECORDS.contains(&flag) || OF_FILES.contains(&flag);
        let value = if takes_file { value.or_else(|| words.next()) } else { None };
        match value {
            _ if OF_RECORDS.contains(&flag) => (),
            Some(value) => found.push((flag.to_owned(), Some(value))),
            None => found.push((word, None)),
        }
    }
    found
}

/// How this program was started: by cargo in a checkout, as the reference suite, or as it is installed.
pub fn program() -> &'static str {
    match std::env::var("CARGO_PKG_NAME").as_deref() {
        Ok(env!("CARGO_PKG_NAME")) => "cargo centurion",
        Ok("centurion-suite") => "just suite",
        _ => "centurion",
    }
}

/// A word as a shell reads it.
pub fn quoted(word: &str) -> String {
    // Only a word with a zero byte can't be quoted, and none can be typed.
    try_quote(word).map_or_else(|_| word.to_owned(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &[&str]) -> CommandLine {
        CommandLine {
            program: "cargo bench".into(),
            variables: Vec::new(),
            words: paired(words.iter().map(OsString::from)),
        }
    }

    #[test]
    fn a_filter_survives_a_shell() {
        let line = line(&["--", "(thinking|grain)/.*", "it's"]);
        assert_eq!(
            shlex::split(&line.again()).expect("it can be read"),
            ["cargo", "bench", "--", "(thinking|grain)/.*", "it's"]
        );
    }

    #[test]
    fn records_are_left_out_and_other_files_lose_their_folder_only_in_a_record() {
        let line = line(&["--record", "a.json", "--resume=b.json", "--positions", "my dir/p.tsv", "--quick"]);
        assert_eq!(line.recorded(), "cargo bench --positions=p.tsv --quick");
        assert_eq!(
            line.going_on("c d.json"),
            "CENTURION_RESUME='c d.json' cargo bench --positions='my dir/p.tsv' --quick"
        );
    }
}
