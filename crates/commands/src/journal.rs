//! The journal: what became of each agent, written when it ends, so that a run can go on after whatever ended it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::FileExt as _;

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::{Invocation, Scenario};

/// A file of lines of JSON: the first names the command, each other holds what became of an agent. Nothing in it is
/// ever changed, only added to; of two lines for one agent the later counts.
pub struct Journal {
    file: File,
    invocation: Invocation,
    ended: HashMap<u64, JournalLine>,
    /// Whether agents that failed are not run again either.
    keeps_failures: bool,
    /// Files that words of the command name and that have changed since it began.
    changed: Vec<String>,
}

/// The line of an agent that ended.
#[derive(Clone, Copy)]
struct JournalLine {
    /// Where it begins.
    offset: u64,
    length: usize,
    answered: bool,
}

/// Why a journal can't be gone on with, as what comes after its name.
#[derive(Debug, Error)]
pub enum JournalError {
    /// It could not be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A line in it is not one of ours.
    #[error("in its line {line} {reason}")]
    Broken {
        /// Line, from 1.
        line: usize,
        /// Why.
        reason: String,
    },
    /// It is of another run.
    #[error("it is another run's, whose {name} is {theirs}, not {ours}; name another journal")]
    Other {
        /// What differs.
        name: String,
        /// As the journal has it.
        theirs: String,
        /// As it would be now.
        ours: String,
    },
}

/// What the first line begins with, and the version of the format.
const FORMAT: (&str, u32) = ("centurion_journal", 1);

/// The way out of a line that nobody wrote as it is.
const TAKE_OUT: &str = "take that line out, and its agent is run again";

/// Digests of the files that words of the command name, in the first line.
const FILES: &str = "files";

impl Journal {
    /// Begins a journal in an empty file that was opened to append and to read.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn new(file: File, invocation: &Invocation) -> io::Result<Self> {
        let mut journal = Self {
            file,
            invocation: invocation.clone(),
            ended: HashMap::new(),
            keeps_failures: false,
            changed: Vec::new(),
        };
        let mut head = Map::from_iter([(FORMAT.0.to_owned(), FORMAT.1.into())]);
        head.extend(invocation.head().as_object().cloned().unwrap_or_default());
        head.extend((!invocation.files().is_empty()).then(|| (FILES.to_owned(), json!(invocation.files()))));
        journal.write(&Value::Object(head))?;
        Ok(journal)
    }

    /// Goes on with a journal. A last line that was only half written is cut off.
    ///
    /// # Errors
    /// When it can't be read or written, or is not this command's.
    pub fn with_earlier(mut file: File, invocation: &Invocation) -> Result<Self, JournalError> {
        let mut reading =
            Reading { invocation, ended: HashMap::new(), changed: Vec::new(), offset: 0, line: 0 };
        file.seek(SeekFrom::Start(0))?;
        let mut lines = BufReader::new(&file);
        let mut text = Vec::new();
        while lines.read_until(b'\n', &mut text)? > 0 && text.ends_with(b"\n") {
            reading.take_in(&text)?;
            text.clear();
        }
        let (ended, changed) = (reading.ended, reading.changed);
        let (whole, begun) = (reading.offset, reading.line > 0);
        if !text.is_empty() {
            file.set_len(whole)?;
        }
        file.seek(SeekFrom::Start(whole))?;
        if begun {
            return Ok(Self { file, invocation: invocation.clone(), ended, keeps_failures: false, changed });
        }
        Ok(Self::new(file, invocation)?)
    }

    /// Files that words of the command name and that have changed since the journal began, if it holds an agent: what it
    /// answered, others might not have.
    pub fn changed(&self) -> &[String] {
        if self.ended.is_empty() { &[] } else { &self.changed }
    }

    /// The same journal, of which agents that failed are not run again either: how they ended counts.
    #[must_use]
    pub fn with_failures(self) -> Self {
        Self { keeps_failures: true, ..self }
    }

    /// Whether it holds how this agent ended, so that it is not run again.
    pub fn holds(&self, scenario: &Scenario) -> bool {
        self.entry(scenario).is_some()
    }

    fn entry(&self, scenario: &Scenario) -> Option<JournalLine> {
        if self.ended.is_empty() {
            return None;
        }
        let entry = self.ended.get(&self.invocation.key(scenario)).copied();
        entry.filter(|entry| entry.answered || self.keeps_failures)
    }

    /// What became of an agent in an earlier run, unless it is to be run again.
    pub(crate) fn earlier(&self, scenario: &Scenario) -> io::Result<Option<Map<String, Value>>> {
        let Some(entry) = self.entry(scenario) else { return Ok(None) };
        let mut line = vec![0; entry.length];
        self.file.read_exact_at(&mut line, entry.offset)?;
        let entry: Value = serde_json::from_slice(&line)?;
        Ok(entry["result"].as_object().cloned())
    }

    /// Adds what became of an agent.
    pub(crate) fn add(&mut self, scenario: &Scenario, result: &Map<String, Value>) -> io::Result<()> {
        let key = format!("{:016x}", self.invocation.key(scenario));
        self.write(&json!({"key": key, "result": result}))
    }

    /// Writes a line with one call, so that a kill leaves all of it or, at worst, its beginning.
    fn write(&mut self, line: &Value) -> io::Result<()> {
        self.file.write_all(format!("{line}\n").as_bytes())
    }
}

/// A journal as it is read.
struct Reading<'a> {
    invocation: &'a Invocation,
    ended: HashMap<u64, JournalLine>,
    changed: Vec<String>,
    offset: u64,
    line: usize,
}

impl Reading<'_> {
    fn take_in(&mut self, text: &[u8]) -> Result<(), JournalError> {
        self.line += 1;
        let entry: Result<Value, _> = serde_json::from_slice(text);
        match (self.line, entry) {
            (1, Ok(head)) => {
                self.compare_head(&head)?;
                self.changed = self.changed_since(&head);
            }
            (1, Err(_)) => return Err(self.no_beginning()),
            (_, Ok(entry)) => self.add(&entry, text.len())?,
            (_, Err(error)) => return Err(self.broken(&format!("there is no JSON ({error}); {TAKE_OUT}"))),
        }
        self.offset += text.len() as u64;
        Ok(())
    }

    fn compare_head(&self, head: &Value) -> Result<(), JournalError> {
        if head.get(FORMAT.0) != Some(&FORMAT.1.into()) {
            return Err(self.no_beginning());
        }
        let ours = self.invocation.head();
        let differs = |(name, ours): (&String, &Value)| {
            let theirs = head.get(name).cloned().unwrap_or_default();
            let (name, theirs_text) = (name.clone(), theirs.to_string());
            (theirs != *ours).then(|| JournalError::Other {
                name,
                theirs: theirs_text,
                ours: ours.to_string(),
            })
        };
        ours.as_object().into_iter().flatten().find_map(differs).map_or(Ok(()), Err)
    }

    /// Files of both the head and the command that differ. Of others, such as those of workers elsewhere, nothing is known.
    fn changed_since(&self, head: &Value) -> Vec<String> {
        let now = self.invocation.files().iter();
        let differs = |name: &str, now: &str| head[FILES][name].as_str().is_some_and(|then| then != now);
        now.filter(|(name, now)| differs(name, now)).map(|(name, _)| name.clone()).collect()
    }

    fn add(&mut self, entry: &Value, length: usize) -> Result<(), JournalError> {
        let key = entry["key"].as_str().and_then(|key| u64::from_str_radix(key, 16).ok());
        let (Some(key), Some(result)) = (key, entry["result"].as_object()) else {
            return Err(self.broken(&format!("there is nothing of an agent; {TAKE_OUT}")));
        };
        let answered = result.contains_key("answer");
        self.ended.insert(key, JournalLine { offset: self.offset, length, answered });
        Ok(())
    }

    fn no_beginning(&self) -> JournalError {
        self.broken("there is no beginning of a journal; name another file")
    }

    fn broken(&self, reason: &str) -> JournalError {
        JournalError::Broken { line: self.line, reason: reason.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invocation(word: &str) -> Invocation {
        Invocation::new(vec!["agent".into(), word.into()], "/bin/agent".into(), 42)
    }

    fn result(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).expect("it is an object")
    }

    /// A journal with an answer of agent 0 and a failure of agent 1, then these bytes.
    fn journal(rest: &[u8]) -> File {
        let file = tempfile::tempfile().expect("there is room");
        let again = file.try_clone().expect("it can be had twice");
        let mut journal = Journal::new(again, &invocation("x")).expect("it can be written");
        let (zero, one) = (Scenario::with_number(0), Scenario::with_number(1));
        journal.add(&zero, &result(r#"{"id": 0, "answer": 1.5}"#)).expect("it can be written");
        journal.add(&one, &result(r#"{"id": 1, "failure": "failed"}"#)).expect("it can be written");
        journal.file.write_all(rest).expect("it can be written");
        file
    }

    fn error(file: File, word: &str) -> String {
        Journal::with_earlier(file, &invocation(word)).err().expect("it can't be used").to_string()
    }

    #[test]
    fn what_answered_is_known_again_and_what_failed_is_not() {
        let journal = Journal::with_earlier(journal(b""), &invocation("x")).expect("it is this command's");
        let earlier = |number| journal.earlier(&Scenario::with_number(number)).expect("it can be read");
        assert_eq!(earlier(0), Some(result(r#"{"id": 0, "answer": 1.5}"#)));
        assert_eq!((earlier(1), earlier(2)), (None, None));
    }

    #[test]
    fn what_failed_is_known_too_where_it_is_not_to_be_run_again() {
        let journal = Journal::with_earlier(journal(b""), &invocation("x")).expect("it is this command's");
        let journal = journal.with_failures();
        let held = [0, 1, 2].map(|number| journal.holds(&Scenario::with_number(number)));
        assert_eq!(held, [true, true, false]);
        let failed = journal.earlier(&Scenario::with_number(1)).expect("it can be read");
        assert_eq!(failed, Some(result(r#"{"id": 1, "failure": "failed"}"#)));
    }

    #[test]
    fn a_file_that_has_changed_is_told_where_an_agent_answered_before() {
        let with = |digest: &str| {
            let files = [("eval.py".to_owned(), digest.to_owned())];
            invocation("x").with_files(files.into())
        };
        let file = tempfile::tempfile().expect("there is room");
        let again = || file.try_clone().expect("it can be had twice");
        let mut journal = Journal::new(again(), &with("one")).expect("it can be written");
        let changed = |digest| {
            let journal = Journal::with_earlier(again(), &with(digest)).expect("it is this command's");
            journal.changed().to_vec()
        };
        assert_eq!(changed("other"), [""; 0]);
        journal.add(&Scenario::with_number(0), &result(r#"{"answer": 1}"#)).expect("it can be written");
        assert_eq!((changed("one"), changed("other")), (vec![], vec!["eval.py".to_owned()]));
        let elsewhere = Journal::with_earlier(again(), &invocation("x")).expect("it is this command's");
        assert_eq!(elsewhere.changed(), [""; 0]);
    }

    #[test]
    fn half_a_line_at_the_end_is_cut_off_and_the_next_begins_there() {
        let file = journal(br#"{"key":"00"#);
        let again = file.try_clone().expect("it can be had twice");
        let mut going_on = Journal::with_earlier(again, &invocation("x")).expect("it is this command's");
        going_on.add(&Scenario::with_number(1), &result(r#"{"answer": 2}"#)).expect("it can be written");
        let last = Journal::with_earlier(file, &invocation("x")).expect("it is whole");
        assert_eq!(
            last.earlier(&Scenario::with_number(1)).expect("it can be read"),
            Some(result(r#"{"answer": 2}"#))
        );
    }

    #[test]
    fn another_command_s_journal_is_refused_with_what_differs() {
        let error = error(journal(b""), "y");
        let expected = r#"whose command is ["agent","x"], not ["agent","y"]; name another journal"#;
        assert!(error.ends_with(expected), "{error}");
    }

    #[test]
    fn a_line_in_the_middle_that_can_not_be_read_is_named() {
        let half = error(journal(b"half\n{}\n"), "x");
        assert!(half.starts_with("in its line 4 there is no JSON") && half.ends_with(TAKE_OUT), "{half}");
        assert_eq!(
            error(journal(b"{}\n"), "x"),
            format!("in its line 4 there is nothing of an agent; {TAKE_OUT}")
        );
    }

    #[test]
    fn a_file_that_is_no_journal_is_left_alone() {
        for text in ["{\"id\": 1}\n", "id,answer\n"] {
            let mut file = tempfile::tempfile().expect("there is room");
            file.write_all(text.as_bytes()).expect("it can be written");
            let again = file.try_clone().expect("it can be had twice");
            assert_eq!(
                error(again, "x"),
                "in its line 1 there is no beginning of a journal; name another file"
            );
            assert_eq!(file.metadata().expect("it is there").len(), 10);
        }
    }

    #[test]
    fn a_journal_that_was_killed_while_it_began_begins_anew() {
        let mut file = tempfile::tempfile().expect("there is room");
        file.write_all(b"{\"centurion_jou").expect("it can be written");
        let again = file.try_clone().expect("it can be had twice");
        Journal::with_earlier(again, &invocation("x")).expect("nothing is lost");
        Journal::with_earlier(file, &invocation("x")).expect("it has a head now");
    }
}
