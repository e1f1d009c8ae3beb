//! Attempts for a crew that is elsewhere: the same code, on another machine, told what to do in JSON.

use std::ffi::OsStr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::now;
use crate::resident::{self, Resident};
use crate::watch::AgentWatch;
use crate::{
    Brake, CommandOutcome, CrewRules, Invocation, Lifetime, ProgramError, Scenario, WatchRules, find_program,
    single,
};

/// Digest of the sources of this package: two builds of one digest run commands alike.
const BUILD: &str = env!("CENTURION_COMMANDS_SOURCES");
/// How often one that waits for processes to end looks.
const LOOK: Duration = Duration::from_millis(10);

/// What an outpost is told once: the command, and what its agents may do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutpostOrder {
    /// Digest of the sources that the outpost must be built from.
    build: String,
    words: Vec<String>,
    shell: bool,
    seed: u64,
    persistent: bool,
    grace: Duration,
    most_output: u64,
}

/// Why an outpost can't follow its order, as what comes after "failed to".
#[derive(Debug, Error)]
pub enum OutpostError {
    /// It is of another build, or was told what is no order.
    #[error(
        "run commands there: it has another build of Centurion; bring it this one: run `just python` there, or start it anew"
    )]
    OtherBuild,
    /// It has no such program.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// What it was told is no scenario.
    #[error("read a scenario that was sent: it {0}")]
    NoScenario(#[from] crate::ScenarioError),
}

/// Where attempts are made for a crew that is elsewhere.
pub struct Outpost {
    invocation: Invocation,
    lifetime: Lifetime,
    watch: AgentWatch,
    /// The latest change of the time limit that was heard of.
    change: Mutex<u64>,
    /// Persistent workers that are not asked anything.
    idle: Mutex<Vec<Resident>>,
}

impl OutpostOrder {
    /// What an outpost is to be told for this command under these rules. Retries, pauses and time limits stay with the
    /// crew, which tells the limit with each attempt.
    pub fn new(invocation: &Invocation, rules: &CrewRules) -> Self {
        let (words, shell, seed) = invocation.parts();
        Self {
            build: BUILD.to_owned(),
            words: words.to_vec(),
            shell,
            seed,
            persistent: rules.lifetime == Lifetime::Worker,
            grace: rules.watch.grace,
            most_output: rules.watch.most_output,
        }
    }

    /// As it is sent.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("it is plain data")
    }
}

impl Outpost {
    /// Makes ready to follow an order; programs are looked for in the folders of `path`.
    ///
    /// # Errors
    /// When the order is of another build, or the program is not there.
    pub fn from_order(order: &str, path: &OsStr) -> Result<Self, OutpostError> {
        let order: OutpostOrder = serde_json::from_str(order).map_err(|_| OutpostError::OtherBuild)?;
        if order.build != BUILD {
            return Err(OutpostError::OtherBuild);
        }
        let invocation = if order.shell {
            Invocation::with_shell(&order.words, find_program("sh", path)?, order.seed)
        } else {
            let program = find_program(&order.words[0], path)?;
            Invocation::new(order.words, program, order.seed)
        };
        let lifetime = if order.persistent { Lifetime::Worker } else { Lifetime::Agent };
        let rules = WatchRules { limit: None, grace: order.grace, most_output: order.most_output };
        Ok(Self {
            invocation,
            lifetime,
            watch: AgentWatch::new(rules, Brake::default()),
            change: Mutex::default(),
            idle: Mutex::default(),
        })
    }

    /// Makes one attempt at the scenario with this number that a line tells of, and tells what became of it.
    ///
    /// # Errors
    /// When the line tells of no scenario.
    pub fn attempt(&self, number: usize, line: &str) -> Result<String, OutpostError> {
        let scenario = Scenario::from_line(number, line)?;
        let outcome = match self.lifetime {
            Lifetime::Agent => single::run(self.invocation.command_of(&scenario), &scenario, &self.watch),
            Lifetime::Worker => self.ask(&scenario),
        };
        Ok(serde_json::to_string(&outcome).expect("it is plain data"))
    }

    fn ask(&self, scenario: &Scenario) -> CommandOutcome {
        let mut worker = lock(&self.idle).pop();
        let outcome = resident::ask(&mut worker, || self.invocation.command_of_any(), scenario, &self.watch);
        lock(&self.idle).extend(worker);
        outcome
    }

    /// Agents may take so many nanoseconds from now on, those under way too; without a number, as long as they like.
    /// Changes are numbered, for an older one may be heard of later.
    pub fn set_limit(&self, change: u64, nanoseconds: Option<u64>) {
        let mut latest = lock(&self.change);
        if change >= *latest {
            *latest = change;
            self.watch.allowance.set(nanoseconds.map(Duration::from_nanos));
        }
    }

    /// Kills what is under way, and whatever is begun later.
    pub fn stop(&self) {
        self.watch.brake.now();
    }

    /// Lets persistent workers end by themselves, for there is nothing more to read, and then kills what is left.
    pub fn close(&self) {
        let mut idle = std::mem::take(&mut *lock(&self.idle));
        idle.iter_mut().for_each(Resident::close_input);
        let asked = now();
        while idle.iter().any(|resident| !resident.has_ended()) && !self.watch.is_over(asked) {
            thread::sleep(LOOK);
        }
        self.stop();
        for resident in idle {
            resident.dismiss(&self.watch);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
