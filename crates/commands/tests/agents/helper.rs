//! Runs of small shell scripts.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use centurion_commands::{
    Brake, Crew, CrewRules, Dispatcher, Feed, HaltRule, Invocation, Journal, Ledger, LedgerError, Lifetime,
    Scenario, Scenarios, TimeLimit, Totals, WatchRules,
};
use centurion_executors::{Start, find};
use serde_json::Value;

/// Results that are kept.
#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A run of a script.
pub(crate) struct Trial {
    pub(crate) invocation: Invocation,
    pub(crate) rules: CrewRules,
    pub(crate) halt: Option<HaltRule>,
    pub(crate) brake: Brake,
    pub(crate) workers: usize,
    pub(crate) executor: &'static str,
    pub(crate) journal: Option<Journal>,
}

/// What came of it.
pub(crate) struct Came {
    pub(crate) results: Vec<Value>,
    pub(crate) totals: Totals,
    pub(crate) trouble: Option<LedgerError>,
}

impl Trial {
    /// The script gets the id as `$1`.
    pub(crate) fn new(script: &str) -> Self {
        let words = ["sh", "-c", script, "sh", "{}"].map(str::to_owned);
        let watch = WatchRules { limit: None, grace: Duration::from_millis(50), most_output: 1 << 20 };
        let pause = Duration::from_millis(1);
        Self {
            invocation: Invocation::new(words.to_vec(), "/bin/sh".into(), 42),
            rules: CrewRules { watch, lifetime: Lifetime::Agent, retries: 0, pause },
            halt: None,
            brake: Brake::default(),
            workers: 2,
            executor: "std-counter",
            journal: None,
        }
    }

    /// The script is a persistent worker.
    pub(crate) fn with_worker(script: &str) -> Self {
        let words = ["sh", "-c", script].map(str::to_owned);
        let mut trial = Self::new("");
        trial.invocation = Invocation::new(words.to_vec(), "/bin/sh".into(), 42);
        trial.rules.lifetime = Lifetime::Worker;
        trial.workers = 1;
        trial
    }

    pub(crate) fn limit(mut self, milliseconds: u64) -> Self {
        self.rules.watch.limit = Some(TimeLimit::Fixed(Duration::from_millis(milliseconds)));
        self
    }

    pub(crate) fn retries(mut self, retries: u32) -> Self {
        self.rules.retries = retries;
        self
    }

    /// Runs so many agents.
    pub(crate) fn run(self, agents: usize) -> Came {
        self.run_of((0..agents).map(Scenario::with_number).map(Ok))
    }

    /// Runs the scenarios of a text.
    pub(crate) fn run_lines(self, lines: &'static str) -> Came {
        self.run_of(Scenarios::new("in.jsonl", lines.as_bytes()))
    }

    pub(crate) fn run_of(self, scenarios: impl Into<Feed>) -> Came {
        let written = Written::default();
        let (totals, trouble) = self.run_into(scenarios, Box::new(written.clone()));
        let bytes = written.0.lock().expect("nobody panicked");
        let lines = std::str::from_utf8(&bytes).expect("results are UTF-8").lines();
        let results = lines.map(|line| serde_json::from_str(line).expect("results are JSON")).collect();
        Came { results, totals, trouble }
    }

    pub(crate) fn run_into(
        self,
        scenarios: impl Into<Feed>,
        results: Box<dyn Write + Send>,
    ) -> (Totals, Option<LedgerError>) {
        let ledger = Ledger::new(results, self.journal);
        let dispatcher = Arc::new(Dispatcher::new(scenarios, ledger, self.halt, self.brake));
        let executor = find(self.executor).expect("it is there").start(&Start::workers(self.workers));
        let crew = Crew::new(self.invocation, self.rules, Arc::clone(&dispatcher));
        assert_eq!(crew.run(&*executor.expect("it starts"), self.workers), None);
        dispatcher.close()
    }
}

impl Came {
    /// Why the only agent failed.
    pub(crate) fn failure(&self) -> &str {
        assert_eq!(self.results.len(), 1, "{:?}", self.results);
        self.results[0]["failure"].as_str().unwrap_or_else(|| panic!("it answered: {:?}", self.results))
    }

    pub(crate) fn all(&self, field: &str) -> Vec<&Value> {
        self.results.iter().map(|result| &result[field]).collect()
    }
}

/// Whether a process is there and has not ended.
pub(crate) fn is_alive(pid: &str) -> bool {
    let state =
        std::process::Command::new("ps").args(["-o", "stat=", "-p", pid]).output().expect("ps is there");
    let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}
