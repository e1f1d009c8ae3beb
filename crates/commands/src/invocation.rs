//! The command of each agent.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::Scenario;

/// Stands for the id in arguments.
const ID: &str = "{}";
/// Stands for the number in arguments.
const NUMBER: &str = "{#}";

/// A command in which an agent's id and number are put in.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// As typed.
    words: Vec<String>,
    /// Where the first of them is, or the shell.
    program: PathBuf,
    shell: bool,
    seed: u64,
    /// Digests of the files that words name.
    files: BTreeMap<String, String>,
}

impl Invocation {
    /// A command whose first word is found at `program`, with `{}` for the id and `{#}` for the number in the words
    /// after it.
    ///
    /// # Panics
    /// When there is no word.
    pub fn new(words: Vec<String>, program: PathBuf, seed: u64) -> Self {
        assert!(!words.is_empty(), "a command has a word");
        Self { words, program, shell: false, seed, files: BTreeMap::new() }
    }

    /// A line for the shell at `program`, in which the id is quoted.
    pub fn with_shell(words: &[String], program: PathBuf, seed: u64) -> Self {
        Self { words: vec![words.join(" ")], program, shell: true, seed, files: BTreeMap::new() }
    }

    /// The same command, whose journal is to tell by these digests whether files that its words name have changed.
    #[must_use]
    pub fn with_files(self, files: BTreeMap<String, String>) -> Self {
        Self { files, ..self }
    }

    /// Digests of the files that its words name, by what they are called there.
    pub(crate) fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// Whether its words differ from agent to agent.
    pub fn differs(&self) -> bool {
        self.words.iter().any(|word| word.contains(ID) || word.contains(NUMBER))
    }

    /// The words, whether a shell reads them, and the seed.
    pub(crate) fn parts(&self) -> (&[String], bool, u64) {
        (&self.words, self.shell, self.seed)
    }

    /// What tells it from other commands, for the head of a journal.
    pub(crate) fn head(&self) -> Value {
        json!({"command": self.words, "shell": self.shell, "seed": self.seed})
    }

    /// What tells this agent of this command from every other.
    pub(crate) fn key(&self, scenario: &Scenario) -> u64 {
        let words = self.words_of(scenario);
        let rest = [self.shell.to_string(), self.seed.to_string()];
        let parts = words.iter().map(|word| word.as_bytes()).chain(rest.iter().map(String::as_bytes));
        digest(parts.chain([scenario.line.as_bytes()]))
    }

    /// What starts the agent.
    pub(crate) fn command_of(&self, scenario: &Scenario) -> Command {
        let mut command = self.command(&self.words_of(scenario));
        command.env("CENTURION_AGENT", &scenario.name);
        command
    }

    /// What starts an agent that is told of its scenarios later.
    pub(crate) fn command_of_any(&self) -> Command {
        let mut command = self.command(&self.words.iter().map(Cow::from).collect::<Vec<_>>());
        command.env_remove("CENTURION_AGENT");
        command
    }

    fn command(&self, words: &[Cow<'_, str>]) -> Command {
        let mut command = Command::new(&self.program);
        if self.shell {
            command.arg("-c").arg(&*words[0]);
        } else {
            command.arg0(&self.words[0]).args(words[1..].iter().map(|word| &**word));
        }
        command.env("CENTURION_SEED", self.seed.to_string());
        command
    }

    fn words_of(&self, scenario: &Scenario) -> Vec<Cow<'_, str>> {
        let id = if self.shell { quoted(&scenario.name) } else { Cow::Borrowed(&*scenario.name) };
        let put_in = |word: &str| word.replace(NUMBER, &scenario.number.to_string()).replace(ID, &id);
        let replaced = |word: &String| word.contains(ID) || word.contains(NUMBER);
        let word = |word| if replaced(word) { Cow::Owned(put_in(word)) } else { Cow::Borrowed(&**word) };
        self.words.iter().map(word).collect()
    }
}

fn quoted(word: &str) -> Cow<'_, str> {
    shlex::try_quote(word).expect("no id has a zero byte")
}

/// The first 64 bits of the SHA-256 of the parts, each after its length, so that no two lists are the same bytes.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    u64::from_be_bytes(digest.finalize()[..8].try_into().expect("it is longer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invocation(words: &[&str]) -> Invocation {
        Invocation::new(words.iter().map(ToString::to_string).collect(), "/bin/agent".into(), 42)
    }

    fn scenario(line: &str) -> Scenario {
        Scenario::from_line(7, line).expect("it is one")
    }

    #[test]
    fn the_id_and_the_number_are_put_in() {
        let invocation = invocation(&["agent", "--id={}", "{#}", "{x}"]);
        let words = invocation.words_of(&scenario(r#"{"id": "a{#}b"}"#)).join(" ");
        assert_eq!(words, "agent --id=a{#}b 7 {x}");
    }

    #[test]
    fn what_an_id_says_to_a_shell_is_said_in_quotes() {
        let line = ["echo".to_owned(), "{}".to_owned()];
        let invocation = Invocation::with_shell(&line, "/bin/sh".into(), 42);
        let words = invocation.words_of(&scenario(r#"{"id": "$(rm x); y"}"#));
        assert_eq!(shlex::split(&words[0]).expect("it can be read"), ["echo", "$(rm x); y"]);
    }

    #[test]
    fn whatever_an_agent_would_notice_makes_another_key() {
        let (one, other) = (invocation(&["agent", "{#}"]), invocation(&["agent", "x"]));
        let key = one.key(&scenario("{}"));
        assert_eq!(key, one.key(&scenario(r#"{"expected": 5}"#)), "the right answer it does not");
        assert_ne!(key, other.key(&scenario("{}")));
        assert_ne!(key, one.key(&scenario(r#"{"q": 5}"#)));
        assert_ne!(key, one.key(&Scenario { number: 8, ..scenario("{}") }));
        assert_ne!(key, Invocation { seed: 7, ..one }.key(&scenario("{}")));
    }
}
