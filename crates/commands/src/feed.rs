//! Where a dispatcher has its scenarios from.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use centurion_graph::{Bounds, Graph};
use serde_json::Value;

use crate::{Brake, InputError, Scenario, ScenarioGraph};

/// How often one that waits for a scenario looks whether the run was stopped.
const LOOK: Duration = Duration::from_millis(100);

pub(crate) type ScenarioStream = Box<dyn Iterator<Item = Result<Scenario, InputError>> + Send>;

/// Where a dispatcher has its scenarios from.
pub enum Feed {
    /// One after another, none of which needs another.
    Stream(ScenarioStream),
    /// All at once, for they need each other's answers.
    Graph(ScenarioGraph),
}

impl<I: Iterator<Item = Result<Scenario, InputError>> + Send + 'static> From<I> for Feed {
    fn from(scenarios: I) -> Self {
        Self::Stream(Box::new(scenarios))
    }
}

impl From<ScenarioGraph> for Feed {
    fn from(graph: ScenarioGraph) -> Self {
        Self::Graph(graph)
    }
}

/// What the agents of a graph took, by who needs whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphTimes {
    /// The makespan that no number of workers beats.
    pub bounds: Bounds,
    /// The chain of agents, each needing the one before it, that took longest together.
    pub chain: Vec<String>,
}

/// The scenarios of a graph, handed out when all that they need is known.
pub(crate) struct GraphFeed {
    ready: Mutex<OpenScenarios>,
    changed: Condvar,
}

struct OpenScenarios {
    scenarios: Vec<Scenario>,
    graph: Graph,
    /// Places of scenarios by number.
    places: Vec<usize>,
    /// Those that can be handed out.
    ready: BTreeSet<usize>,
    /// Of each, what it still waits for. Of one that can't be run any more, nothing.
    waiting: Vec<Option<AnswersSoFar>>,
    /// How many are with someone.
    under_way: usize,
    costs_ns: Vec<u64>,
}

/// What a scenario waits for.
struct AnswersSoFar {
    /// The answers that it needs, as far as they are known. Who is the last to need one drops it.
    answers: Vec<Option<Arc<Value>>>,
    missing: usize,
}

/// A scenario that can't be run, and the name of that which it needs and which gave no answer.
pub(crate) struct Unmet {
    pub(crate) scenario: Scenario,
    pub(crate) needed: String,
}

impl GraphFeed {
    pub(crate) fn new(ScenarioGraph { scenarios, graph }: ScenarioGraph) -> Self {
        let mut places = vec![0; scenarios.len()];
        scenarios.iter().enumerate().for_each(|(place, scenario)| places[scenario.number] = place);
        let waiting = graph.tasks().map(|place| {
            let missing = graph.inputs(place).len();
            Some(AnswersSoFar { answers: vec![None; missing], missing })
        });
        let ready = OpenScenarios {
            places,
            ready: graph.roots().iter().map(|&root| root as usize).collect(),
            waiting: waiting.collect(),
            under_way: 0,
            costs_ns: vec![0; scenarios.len()],
            scenarios,
            graph,
        };
        Self { ready: Mutex::new(ready), changed: Condvar::new() }
    }

    /// The first scenario whose needs are met, with their answers; waits for one. `None` when there will be none.
    pub(crate) fn draw(&self, brake: &Brake) -> Option<Scenario> {
        let mut ready = self.lock();
        while !brake.is_on() {
            if let Some(place) = ready.ready.pop_first() {
                return Some(ready.hand_out(place));
            }
            if ready.under_way == 0 {
                break;
            }
            ready = self.changed.wait_timeout(ready, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
        None
    }

    /// Takes back one of which nothing is known.
    pub(crate) fn take_back(&self) {
        self.lock().under_way -= 1;
        self.changed.notify_all();
    }

    /// Takes in the answer of one that was handed out, if it has one. Those that can't be run for lack of it.
    pub(crate) fn settle(&self, number: usize, answer: Option<&Value>, cost: Duration) -> Vec<Unmet> {
        let mut ready = self.lock();
        let place = ready.places[number];
        ready.under_way -= 1;
        ready.costs_ns[place] = u64::try_from(cost.as_nanos()).unwrap_or(u64::MAX);
        let unmet = match answer {
            Some(answer) => {
                ready.answer(place, answer);
                Vec::new()
            }
            None => ready.fail(place),
        };
        drop(ready);
        self.changed.notify_all();
        unmet
    }

    pub(crate) fn times(&self) -> GraphTimes {
        let ready = self.lock();
        let path = ready.graph.critical_path(&ready.costs_ns).tasks;
        GraphTimes {
            bounds: Bounds::new(&ready.costs_ns, Some(&ready.graph)),
            chain: path.iter().map(|&place| ready.scenarios[place].name.clone()).collect(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, OpenScenarios> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenScenarios {
    fn hand_out(&mut self, place: usize) -> Scenario {
        self.under_way += 1;
        let waiting = self.waiting[place].take().expect("it is handed out once");
        let scenario = self.scenarios[place].clone();
        if scenario.needs.is_empty() {
            return scenario;
        }
        let answers: Vec<Arc<Value>> = waiting.answers.into_iter().flatten().collect();
        scenario.with_answers(answers.iter().map(|answer| &**answer))
    }

    fn answer(&mut self, place: usize, answer: &Value) {
        let answer = Arc::new(answer.clone());
        for &dependent in self.graph.dependents(place) {
            let dependent = dependent as usize;
            let Some(waiting) = &mut self.waiting[dependent] else { continue };
            let inputs = self.graph.inputs(dependent).iter().zip(&mut waiting.answers);
            inputs
                .filter(|(input, _)| **input as usize == place)
                .for_each(|(_, known)| *known = Some(Arc::clone(&answer)));
            waiting.missing -= 1;
            if waiting.missing == 0 {
                self.ready.insert(dependent);
            }
        }
    }

    /// Gives up all that need one without an answer, and all that need those.
    fn fail(&mut self, place: usize) -> Vec<Unmet> {
        let (mut without, mut unmet) = (vec![place], Vec::new());
        while let Some(needed) = without.pop() {
            for &dependent in self.graph.dependents(needed) {
                let dependent = dependent as usize;
                if self.waiting[dependent].take().is_some() {
                    let needed = self.scenarios[needed].name.clone();
                    unmet.push(Unmet { scenario: self.scenarios[dependent].clone(), needed });
                    without.push(dependent);
                }
            }
        }
        unmet
    }
}
