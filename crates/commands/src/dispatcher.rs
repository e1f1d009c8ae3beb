//! Where scenarios are handed out, and what becomes of them is handed in.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::clock::now;
use crate::{
    Brake, CommandFailure, CommandOutcome, HaltRule, InputError, Ledger, LedgerError, Scenario, Slowest,
    Totals,
};

/// Results that may wait for an earlier one: no scenario that is further ahead is handed out.
const AHEAD: usize = 100_000;
/// How often one that waits for room looks whether there is some.
const LOOK: Duration = Duration::from_millis(10);

type Feed = Box<dyn Iterator<Item = Result<Scenario, InputError>> + Send>;

/// Hands out scenarios one by one, in order, and takes in what became of them in any order, from whoever runs them.
pub struct Dispatcher {
    /// The scenarios, and how many of them were drawn.
    feed: Mutex<(Feed, usize)>,
    ledger: Mutex<Ledger>,
    under_way: Mutex<BTreeMap<usize, UnderWay>>,
    /// Why the run can't go on.
    trouble: Mutex<Option<LedgerError>>,
    halt: Option<HaltRule>,
    brake: Brake,
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
    pub fn new(
        scenarios: impl Iterator<Item = Result<Scenario, InputError>> + Send + 'static,
        ledger: Ledger,
        halt: Option<HaltRule>,
        brake: Brake,
    ) -> Self {
        Self {
            feed: Mutex::new((Box::new(scenarios), 0)),
            ledger: Mutex::new(ledger),
            under_way: Mutex::default(),
            trouble: Mutex::default(),
            halt,
            brake,
        }
    }

    /// The next scenario that has not been answered in an earlier run. `None` when there is none, or no more are to be
    /// started.
    pub fn next(&self) -> Option<Scenario> {
        loop {
            let (turn, scenario) = self.draw()?;
            match lock(&self.ledger).add_earlier(turn, &scenario) {
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

    /// The next scenario and its turn.
    fn draw(&self) -> Option<(usize, Scenario)> {
        let (feed, drawn) = &mut *lock(&self.feed);
        if self.brake.is_on() {
            return None;
        }
        match feed.next()? {
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
            return;
        }
        let mut ledger = lock(&self.ledger);
        let added = ledger.add(turn, scenario, outcome);
        self.halt_if_due(&ledger.totals);
        drop(ledger);
        if matches!(outcome.result, Err(CommandFailure::NoProgram(_))) {
            self.brake.soon();
        }
        if let Err(trouble) = added {
            self.give_up(trouble);
        }
    }

    fn halt_if_due(&self, totals: &Totals) {
        match self.halt {
            Some(rule) if rule.at.is_reached(totals.failed, totals.ended()) => {
                if rule.now {
                    self.brake.now();
                } else {
                    self.brake.soon();
                }
            }
            _ => (),
        }
    }

    /// Ends the run: at once where nobody reads the results any more.
    fn give_up(&self, trouble: LedgerError) {
        match &trouble {
            LedgerError::Results(error) if error.kind() == std::io::ErrorKind::BrokenPipe => self.brake.now(),
            _ => self.brake.soon(),
        }
        lock(&self.trouble).get_or_insert(trouble);
    }

    /// How far the run is.
    pub fn glance(&self) -> Glance {
        let (ended, earlier) = {
            let totals = &lock(&self.ledger).totals;
            (totals.ended(), totals.earlier)
        };
        let under_way = lock(&self.under_way);
        let longest = under_way.values().min_by_key(|agent| agent.begun);
        let slow =
            |agent: &UnderWay| Slowest { name: agent.name.clone(), wall: now().duration_since(agent.begun) };
        let longest = longest.map(slow);
        Glance { ended, earlier, longest }
    }

    /// Writes what is left to write. What the run came to, and why it could not go on if it could not.
    pub fn close(&self) -> (Totals, Option<LedgerError>) {
        let mut ledger = lock(&self.ledger);
        let trouble = lock(&self.trouble).take();
        let closed = if trouble.is_none() { ledger.close() } else { Ok(()) };
        (std::mem::take(&mut ledger.totals), trouble.or(closed.err()))
    }

    /// What stops it.
    pub fn brake(&self) -> &Brake {
        &self.brake
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
