//! Scenarios as they are read, line by line.

use std::collections::HashMap;
use std::io::{self, BufRead};

use centurion_graph::GraphError;
use thiserror::Error;

use crate::invocation::digest;
use crate::{Scenario, ScenarioError, seeming};

/// What some editors put before the first line of a file in UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Scenarios read from lines of JSON; blank lines are skipped, and so is a byte order mark before the first. Either every line has an `id`, or none has.
///
/// Memory is that of one line, and 16 bytes and what a map needs for each id.
pub struct Scenarios<R> {
    name: String,
    lines: R,
    line: usize,
    read: usize,
    /// Digests of the ids so far, each with its line; without ids none.
    ids: HashMap<u64, usize>,
    with_ids: Option<bool>,
    /// Whether any may need others.
    with_needs: bool,
}

/// Why a line can't be used. The input and the line are named as compilers do.
#[derive(Debug, Error)]
pub enum InputError {
    /// It could not be read.
    #[error("read {input}:{line}: {error}")]
    Unread {
        /// What is read.
        input: String,
        /// Line, from 1.
        line: usize,
        /// What the system says.
        error: io::Error,
    },
    /// It is no text.
    #[error("read {input}:{line}: it is not UTF-8{seems}")]
    NoText {
        /// What is read.
        input: String,
        /// Line, from 1.
        line: usize,
        /// What it seems to be, and the way out.
        seems: &'static str,
    },
    /// It is no scenario.
    #[error("use {input}:{line}: it {error}")]
    NoScenario {
        /// What is read.
        input: String,
        /// Line, from 1.
        line: usize,
        /// Why.
        error: ScenarioError,
    },
    /// Another line has its id.
    #[error("use {input}:{line}: line {earlier} has the id {} too; give one of them another, or results could not be told apart", id.escape_debug())]
    Twice {
        /// What is read.
        input: String,
        /// Line, from 1.
        line: usize,
        /// The line that has it too.
        earlier: usize,
        /// The id.
        id: String,
    },
    /// Some have an id and some not.
    #[error("use {input}:{line}: it {}; give every line one, or none", if *.has { "has an id where earlier lines have none" } else { "has no id where earlier lines have one" })]
    Mixed {
        /// What is read.
        input: String,
        /// Line, from 1.
        line: usize,
        /// Whether this line has one.
        has: bool,
    },
    /// It needs others, which can't be looked at beforehand.
    #[error(
        "use {input}:{line}: it needs others, and who needs whom is looked at before anything is run; name a file, which can be read twice"
    )]
    NeedsInStream {
        /// What is read.
        input: String,
        /// Line, from 1.
        line: usize,
    },
    /// It needs one that is not there.
    #[error("use {input}:{line}: it needs {}, and no line has that id; correct it, or add a line that has", id.escape_debug())]
    NeedsMissing {
        /// What is read.
        input: String,
        /// Line, from 1.
        line: usize,
        /// The id of what is not there.
        id: String,
    },
    /// It needs itself, by way of others.
    #[error("use {input}:{line}: it needs its own answer: {}; leave one of these needs out", cycle.escape_debug())]
    Cycle {
        /// What is read.
        input: String,
        /// Line, from 1.
        line: usize,
        /// Who needs whom.
        cycle: String,
    },
    /// There are more needs than can be numbered.
    #[error("use {input}: {error}")]
    TooLarge {
        /// What is read.
        input: String,
        /// Why.
        error: GraphError,
    },
}

impl<R: BufRead> Scenarios<R> {
    /// Reads scenarios from what errors are to call `name`.
    pub fn new(name: impl Into<String>, lines: R) -> Self {
        Self {
            name: name.into(),
            lines,
            line: 0,
            read: 0,
            ids: HashMap::new(),
            with_ids: None,
            with_needs: true,
        }
    }

    /// The same scenarios, none of which may need others: what is read only once can't be looked at as a whole before.
    #[must_use]
    pub fn without_needs(self) -> Self {
        Self { with_needs: false, ..self }
    }

    /// What errors call the input, and the line that was read last.
    pub(crate) fn place(&self) -> (String, usize) {
        (self.name.clone(), self.line)
    }

    fn parse(&mut self, text: &str) -> Result<Scenario, InputError> {
        let (input, line) = self.place();
        let (scenario, has) = match Scenario::parse(self.read, text) {
            Ok(parsed) => parsed,
            Err(error) => return Err(InputError::NoScenario { input, line, error }),
        };
        if *self.with_ids.get_or_insert(has) != has {
            return Err(InputError::Mixed { input, line, has });
        }
        let twice = has.then(|| self.ids.insert(digest([scenario.name.as_bytes()]), line)).flatten();
        if let Some(earlier) = twice {
            return Err(InputError::Twice { input, line, earlier, id: scenario.name });
        }
        if !scenario.needs.is_empty() && !self.with_needs {
            return Err(InputError::NeedsInStream { input, line });
        }
        self.read += 1;
        Ok(scenario)
    }
}

impl<R: BufRead> Iterator for Scenarios<R> {
    type Item = Result<Scenario, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            self.line += 1;
            match self.lines.read_until(b'\n', &mut bytes) {
                Ok(0) => return None,
                Ok(_) => (),
                Err(error) => {
                    let (input, line) = self.place();
                    return Some(Err(InputError::Unread { input, line, error }));
                }
            }
            let Ok(text) = std::str::from_utf8(&bytes) else {
                let (input, line) = self.place();
                return Some(Err(InputError::NoText { input, line, seems: seeming::of_bytes(&bytes) }));
            };
            let first = self.line == 1;
            let text = text.strip_prefix(BYTE_ORDER_MARK).filter(|_| first).unwrap_or(text);
            if !text.trim().is_empty() {
                return Some(self.parse(text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Scenario>, String> {
        let scenarios: Result<Vec<_>, _> = Scenarios::new("in.jsonl", text.as_bytes()).collect();
        scenarios.map_err(|error| error.to_string())
    }

    #[test]
    fn blank_lines_count_as_lines_and_not_as_scenarios() {
        let scenarios = read("\n{\"q\": 1}\r\n\n{\"q\": 2}").expect("they can be used");
        let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
        assert_eq!(names, ["0", "1"]);
        let error = read("{}\n\nnot json\n").expect_err("the third line is none");
        assert!(error.starts_with("use in.jsonl:3: it is not JSON"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_none_of_the_first_scenario() {
        let scenarios = read("\u{feff}{\"id\": \"a\"}\n{\"id\": \"b\"}\n").expect("they can be used");
        assert_eq!((scenarios.len(), scenarios[0].name.as_str()), (2, "a"));
        assert_eq!(read("\u{feff}\n\n"), Ok(Vec::new()));
        assert!(read("{}\n\u{feff}{}").expect_err("only the first has one").starts_with("use in.jsonl:2:"));
    }

    #[test]
    fn an_id_is_there_once() {
        let error = read("{\"id\": 1}\n\n{\"id\": \"1\"}\n").expect_err("arguments would be the same");
        assert_eq!(
            error,
            "use in.jsonl:3: line 1 has the id 1 too; give one of them another, or results could not be told apart"
        );
    }

    #[test]
    fn an_id_forges_no_line_of_an_error() {
        let error =
            read("{\"id\": \"a\\nall is well\"}\n{\"id\": \"a\\nall is well\"}\n").expect_err("twice");
        assert!(error.contains("the id a\\nall is well too"), "{error}");
    }

    #[test]
    fn every_line_has_an_id_or_none_has() {
        let error = read("{\"id\": 1}\n{}\n").expect_err("the second has none");
        assert!(error.starts_with("use in.jsonl:2: it has no id where earlier lines have one"), "{error}");
        let error = read("{}\n{\"id\": 7}\n").expect_err("the second has one");
        assert!(error.starts_with("use in.jsonl:2: it has an id where earlier lines have none"), "{error}");
    }

    #[test]
    fn what_is_no_text_is_named_by_its_line() {
        let told = |bytes: &[u8]| {
            let error = Scenarios::new("-", bytes).find_map(Result::err);
            error.expect("a line is no text").to_string()
        };
        assert!(told(b"{}\n\xff\n").starts_with("read -:2: it is not UTF-8; is it Latin-1?"));
        assert!(told(b"\xff\xfe{\0}\0\n\0").starts_with("read -:1: it is not UTF-8; is it UTF-16? `iconv"));
        assert!(told(b"{\0}\0\n\0").contains("is it UTF-16?"));
        assert!(told(b"\x1f\x8b\x08\xff").contains("`zcat FILE`"));
    }
}
