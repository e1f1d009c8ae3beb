//! Where scenarios are handed out, and what becomes of them is handed in.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::clock::now;
use serde_json::Value;

use crate::feed::{GraphFeed, ScenarioStream, Unmet};
use crate::{
    Brake, CommandFailure, CommandOutcome, Feed, GraphTimes, HaltRule, Ledger, LedgerError, Scenario,
    Slowest, Totals,
};

/// Results that may wait for an earlier one: no scenario that is further ahead is handed out.
const AHEAD: usize = 100_000;
/// How often one that waits for room looks whether there is some.
const LOOK: Duration = Duration::from_millis(10);

/// Why a dispatcher starts no more agents, where nobody asked it to.
#[derive(Debug, Clone, Copy)]
pub enum Stopping<'a> {
    /// As many failed as the rule has it.
    Halt(HaltRule),
    /// The program can't be run any more.
    NoProgram,
    /// Something can't be read or written.
    Trouble(&'a LedgerError),
}

/// Hears why no more agents are started, and of those under way, who has run longest first.
type Teller = Box<dyn Fn(Stopping<'_>, &[Slowest]) + Send + Sync>;

/// Hands out scenarios one by one, in order, and takes in what became of them in any order, from whoever runs them. Those
/// that need others' answers are handed out with them, once they are known.
pub struct Dispatcher {
    source: ScenarioSource,
    ledger: Mutex<Ledger>,
    /// What [`glance`](Self::glance) tells of the ledger. It has a lock of its own, for the ledger's is held while results are written, and
    /// who writes them to a terminal draws how far the run is.
    counts: Mutex<EndedAgents>,
    under_way: Mutex<BTreeMap<usize, UnderWay>>,
    /// Why the run can't go on.
    trouble: Mutex<Option<LedgerError>>,
    halt: Option<HaltRule>,
    brake: Brake,
    tell: Teller,
}

/// How many agents have ended.
#[derive(Debug, Clone, Copy, Default)]
struct EndedAgents {
    ended: usize,
    earlier: usize,
}

/// Where scenarios are drawn from.
enum ScenarioSource {
    /// The scenarios, and how many of them were drawn.
    Stream(Mutex<(ScenarioStream, usize)>),
    Graph(GraphFeed),
}

/// An agent that has not ended.
struct UnderWay {
    /// Its turn among all that were drawn.
    turn: usize,
    name: String,
    begun: Instant,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// Agents that have ended.
    pub ended: usize,
    /// Those of them that ended in an earlier run.
    pub earlier: usize,
    /// The agent under way that has run longest.
    pub longest: Option<Slowest>,
}

impl Dispatcher {
    /// Hands out these scenarios until the brake is put on, by failures as the rule has it, or by someone else.
    pub fn new(scenarios: impl Into<Feed>, ledger: Ledger, halt: Option<HaltRule>, brake: Brake) -> Self {
        Self {
            source: match scenarios.into() {
                Feed::Stream(stream) => ScenarioSource::Stream(Mutex::new((stream, 0))),
                Feed::Graph(graph) => ScenarioSource::Graph(GraphFeed::new(graph)),
            },
            ledger: Mutex::new(ledger),
            counts: Mutex::default(),
            under_way: Mutex::default(),
            trouble: Mutex::default(),
            halt,
            brake,
            tell: Box::new(|_, _| ()),
        }
    }

    /// The same, telling why it starts no more agents, once, unless somebody else put on the brake.
    #[must_use]
    pub fn with_teller(self, tell: impl Fn(Stopping<'_>, &[Slowest]) + Send + Sync + 'static) -> Self {
        Self { tell: Box::new(tell), ..self }
    }

    /// The next scenario that has not been answered in an earlier run; where all that are left need others that are under
    /// way, it is waited for. `None` when there is none, or no more are to be started.
    pub fn next(&self) -> Option<Scenario> {
        loop {
            let (turn, scenario) = self.draw()?;
            match self.add_earlier(turn, &scenario) {
                Ok(true) => continue,
                Ok(false) => (),
                Err(trouble) => {
                    self.give_up(trouble);
                    return None;
                }
            }
            let under_way = UnderWay { turn, name: scenario.name.clone(), begun: now() };
            lock(&self.under_way).insert(scenario.number, under_way);
            return Some(scenario);
        }
    }

    /// Takes in what became of a scenario in an earlier run, if it is not to be run again. Whether it is so.
    fn add_earlier(&self, turn: usize, scenario: &Scenario) -> Result<bool, LedgerError> {
        let mut ledger = lock(&self.ledger);
        let Some(fields) = ledger.add_earlier(turn, scenario)? else { return Ok(false) };
        self.settle(&mut ledger, scenario, fields.get("answer"), Duration::ZERO)?;
        self.count(&ledger.totals);
        Ok(true)
    }

    /// The next scenario and its turn.
    fn draw(&self) -> Option<(usize, Scenario)> {
        let stream = match &self.source {
            ScenarioSource::Stream(stream) => stream,
            ScenarioSource::Graph(graph) => {
                return graph.draw(&self.brake).map(|scenario| (scenario.number, scenario));
            }
        };
        let (stream, drawn) = &mut *lock(stream);
        if self.brake.is_on() {
            return None;
        }
        match stream.next()? {
            Ok(scenario) => {
                let turn = *drawn;
                *drawn += 1;
                self.wait_for_room(turn).then_some((turn, scenario))
            }
            Err(error) => {
                self.give_up(error.into());
                None
            }
        }
    }

    /// Waits until not too many results wait for earlier ones. Whether the run still goes on then.
    fn wait_for_room(&self, turn: usize) -> bool {
        while turn >= lock(&self.ledger).next() + AHEAD && !self.brake.is_on() {
            thread::sleep(LOOK);
        }
        !self.brake.is_on()
    }

    /// Takes in what became of a scenario that was handed out. Of one that was stopped nothing is known.
    ///
    /// # Panics
    /// When the scenario was not handed out, or came back already.
    pub fn finish(&self, scenario: &Scenario, outcome: &CommandOutcome) {
        let under_way = lock(&self.under_way).remove(&scenario.number);
        let turn = under_way.expect("it was handed out, and comes back once").turn;
        if outcome.result == Err(CommandFailure::Stopped) {
            if let ScenarioSource::Graph(graph) = &self.source {
                graph.take_back();
            }
            return;
        }
        let mut ledger = lock(&self.ledger);
        let added = ledger.add(turn, scenario, outcome);
        let settled = self.settle(&mut ledger, scenario, outcome.result.as_ref().ok(), outcome.wall);
        self.count(&ledger.totals);
        let halt = self.halt.filter(|rule| rule.is_due(&ledger.totals));
        drop(ledger);
        if let Some(rule) = halt {
            self.stop(Stopping::Halt(rule), rule.now);
        }
        if matches!(outcome.result, Err(CommandFailure::NoProgram(_))) {
            self.stop(Stopping::NoProgram, false);
        }
        if let Err(trouble) = added.and(settled) {
            self.give_up(trouble);
        }
    }

    /// Passes an answer on to those that need it; where there is none, they have failed.
    fn settle(
        &self,
        ledger: &mut Ledger,
        scenario: &Scenario,
        answer: Option<&Value>,
        cost: Duration,
    ) -> Result<(), LedgerError> {
        let ScenarioSource::Graph(graph) = &self.source else { return Ok(()) };
        for Unmet { scenario, needed } in graph.settle(scenario.number, answer, cost) {
            let unmet = CommandOutcome::with_failure(CommandFailure::Unmet(needed), Duration::ZERO);
            ledger.add(scenario.number, &scenario, &CommandOutcome { attempts: 0, ..unmet })?;
        }
        Ok(())
    }

    fn count(&self, totals: &Totals) {
        *lock(&self.counts) = EndedAgents { ended: totals.ended(), earlier: totals.earlier };
    }

    /// Ends the run: at once where nobody reads the results any more.
    fn give_up(&self, trouble: LedgerError) {
        self.stop(Stopping::Trouble(&trouble), trouble.is_unread());
        lock(&self.trouble).get_or_insert(trouble);
    }

    fn stop(&self, why: Stopping<'_>, kill: bool) {
        let under_way = self.under_way();
        if self.brake.put_on(kill) {
            (self.tell)(why, &under_way);
        }
    }

    /// How far the run is.
    pub fn glance(&self) -> Glance {
        let EndedAgents { ended, earlier } = *lock(&self.counts);
        let longest = self.under_way().into_iter().next();
        Glance { ended, earlier, longest }
    }

    /// The agents under way, and how long each has run; who has run longest comes first.
    pub fn under_way(&self) -> Vec<Slowest> {
        let now = now();
        let slow =
            |agent: &UnderWay| Slowest { name: agent.name.clone(), wall: now.duration_since(agent.begun) };
        let mut agents: Vec<Slowest> = lock(&self.under_way).values().map(slow).collect();
        agents.sort_by_key(|agent| std::cmp::Reverse(agent.wall));
        agents
    }

    /// Writes what is left to write. What the run came to, and why it could not go on if it could not.
    pub fn close(&self) -> (Totals, Option<LedgerError>) {
        let mut ledger = lock(&self.ledger);
        let trouble = lock(&self.trouble).take();
        let closed = if trouble.is_none() { ledger.close() } else { Ok(()) };
        (std::mem::take(&mut ledger.totals), trouble.or(closed.err()))
    }

    /// What the agents took so far, where they need each other.
    pub fn graph_times(&self) -> Option<GraphTimes> {
        match &self.source {
            ScenarioSource::Stream(_) => None,
            ScenarioSource::Graph(graph) => Some(graph.times()),
        }
    }

    /// What stops it.
    pub fn brake(&self) -> &Brake {
        &self.brake
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
