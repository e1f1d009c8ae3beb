//! Agents of one's own, given as closures: first asked, then made a workload of.

use std::collections::{BTreeMap, HashMap};
use std::future::{Future, ready};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use centurion_graph::Graph;
use centurion_wait::{Running, Wait, block_on};

use crate::{AgentKind, Answer, Workload, answer_number};

/// Stands for every answer where none is right or wrong.
const ANY: u64 = 1;
/// Characters of an answer that are shown.
const MOST_SHOWN: usize = 80;
/// Answers that are kept in words beside the right ones: agents that never answer the same must not fill the memory.
const MOST_WRONG: usize = 1_000;

/// Agents given as a closure, of which it may not be known yet what they spend their time on and what is right.
///
/// ```
/// use centurion_agents::{AgentKind, OwnAgents, RightAnswers, Workload};
///
/// let agents = OwnAgents::new("squares", 100, |agent| agent * agent);
/// let right = agents.numbers(|agent| agent * agent);
/// let squares = agents.into_workload(AgentKind::Computing, RightAnswers::Known(right));
/// assert_eq!(squares.run(7), squares.expected(7));
/// assert_eq!(squares.answer_text(squares.expected(7)), "49");
/// ```
pub struct OwnAgents {
    name: String,
    agents: usize,
    graph: Option<Arc<Graph>>,
    work: Work,
    told: Arc<Told>,
    processes: Option<Processes>,
}

/// What is known of agents that are processes.
struct Processes {
    names: Vec<String>,
    end: Box<dyn Fn() + Send + Sync>,
}

/// From an agent and the numbers of its inputs' answers to the number of its own.
type Ask<T> = Box<dyn Fn(usize, &[u64]) -> T + Send + Sync>;

/// How an agent does its work.
enum Work {
    Closure(Ask<u64>),
    Future(Ask<Running<u64>>),
}

/// Which answers are right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RightAnswers {
    /// One for each agent, as its number.
    Known(Vec<u64>),
    /// Any: agents need not answer the same twice.
    Any,
}

impl OwnAgents {
    /// So many agents; agent `i` answers `run(i)`.
    pub fn new<A: Answer>(
        name: &str,
        agents: usize,
        run: impl Fn(usize) -> A + Send + Sync + 'static,
    ) -> Self {
        let told = Arc::new(Told::default());
        let tell = Arc::clone(&told);
        let work = move |agent, _: &[u64]| tell.number(agent, &run(agent));
        Self {
            name: name.into(),
            agents,
            graph: None,
            work: Work::Closure(Box::new(work)),
            told,
            processes: None,
        }
    }

    /// So many agents that wait; agent `i` answers what the future `start(i)` gives.
    pub fn with_futures<A: Answer, F: Future<Output = A> + Send + 'static>(
        name: &str,
        agents: usize,
        start: impl Fn(usize) -> F + Send + Sync + 'static,
    ) -> Self {
        let told = Arc::new(Told::default());
        let tell = Arc::clone(&told);
        let work = move |agent, _: &[u64]| -> Running<u64> {
            let (tell, answer) = (Arc::clone(&tell), start(agent));
            Box::pin(async move { tell.number(agent, &answer.await) })
        };
        Self {
            name: name.into(),
            agents,
            graph: None,
            work: Work::Future(Box::new(work)),
            told,
            processes: None,
        }
    }

    /// An agent for each task of a graph; agent `i` answers `run(i, heard)`, where `heard` are the answers of its inputs
    /// in their order.
    pub fn with_inputs<A: Answer + Clone + Send + Sync + 'static>(
        name: &str,
        graph: Graph,
        run: impl Fn(usize, &[A]) -> A + Send + Sync + 'static,
    ) -> Self {
        let (graph, told) = (Arc::new(graph), Arc::new(Told::default()));
        let (said, tell) = (Said::new(&graph), Arc::clone(&told));
        let work = move |agent, numbers: &[u64]| {
            let answer = run(agent, &said.heard(agent, numbers));
            said.keep(agent, tell.number(agent, &answer), answer)
        };
        Self {
            name: name.into(),
            agents: graph.len(),
            graph: Some(graph),
            work: Work::Closure(Box::new(work)),
            told,
            processes: None,
        }
    }

    /// The same of agents that wait: agent `i` answers what the future `start(i, heard)` gives.
    pub fn with_inputs_and_futures<A, F>(
        name: &str,
        graph: Graph,
        start: impl Fn(usize, Vec<A>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        A: Answer + Clone + Send + Sync + 'static,
        F: Future<Output = A> + Send + 'static,
    {
        let (graph, told) = (Arc::new(graph), Arc::new(Told::default()));
        let (said, tell) = (Arc::new(Said::new(&graph)), Arc::clone(&told));
        let work = move |agent, numbers: &[u64]| -> Running<u64> {
            let (said, tell) = (Arc::clone(&said), Arc::clone(&tell));
            let answer = start(agent, said.heard(agent, numbers));
            Box::pin(async move {
                let answer = answer.await;
                said.keep(agent, tell.number(agent, &answer), answer)
            })
        };
        Self {
            name: name.into(),
            agents: graph.len(),
            graph: Some(graph),
            work: Work::Future(Box::new(work)),
            told,
            processes: None,
        }
    }

    /// Says that the agents are processes of other programs, what each is called, and what ends those of them that stay
    /// from one agent to the next when all have answered.
    ///
    /// # Panics
    /// When there is not one name for each agent.
    #[must_use]
    pub fn with_processes(self, names: Vec<String>, end: impl Fn() + Send + Sync + 'static) -> Self {
        assert_eq!(names.len(), self.agents, "every agent has a name");
        Self { processes: Some(Processes { names, end: Box::new(end) }), ..self }
    }

    /// Whether they are processes of other programs.
    pub fn are_processes(&self) -> bool {
        self.processes.is_some()
    }

    /// What an agent is called.
    pub fn agent_name(&self, agent: usize) -> String {
        let own = self.processes.as_ref().map(|processes| processes.names[agent].clone());
        own.unwrap_or_else(|| format!("agent {agent}"))
    }

    /// Ends what the agents keep from one to the next.
    pub fn end_execution(&self) {
        self.processes.iter().for_each(|processes| (processes.end)());
    }

    /// What they are called together.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of agents.
    pub fn agents(&self) -> usize {
        self.agents
    }

    /// Which of them need which others' answers.
    pub fn graph(&self) -> Option<&Graph> {
        self.graph.as_deref()
    }

    /// Whether they are futures.
    pub fn are_futures(&self) -> bool {
        matches!(self.work, Work::Future(_))
    }

    /// The numbers of answers known from elsewhere.
    pub fn numbers<A: Answer>(&self, right: impl Fn(usize) -> A) -> Vec<u64> {
        (0..self.agents).map(|agent| self.told.number(agent, &right(agent))).collect()
    }

    /// Lets an agent do its work on this thread. Returns the number of its answer.
    ///
    /// # Panics
    /// When the agent does.
    pub fn ask(&self, agent: usize, numbers: &[u64]) -> u64 {
        match &self.work {
            Work::Closure(run) => run(agent, numbers),
            Work::Future(start) => block_on(start(agent, numbers)),
        }
    }

    /// An answer in words, for one that was heard before.
    pub fn answer_text(&self, answer: u64) -> String {
        self.told.text(answer)
    }

    /// The agents as a workload, now that it is known what they spend their time on and what is right.
    pub fn into_workload(self, kind: AgentKind, right: RightAnswers) -> OwnWorkload {
        self.told.right.get_or_init(|| right.clone());
        OwnWorkload { agents: self, kind, right }
    }
}

/// Agents of one's own, and what is right.
pub struct OwnWorkload {
    agents: OwnAgents,
    kind: AgentKind,
    right: RightAnswers,
}

impl Workload for OwnWorkload {
    fn name(&self) -> String {
        self.agents.name.clone()
    }

    fn kind(&self) -> AgentKind {
        self.kind
    }

    fn agents(&self) -> usize {
        self.agents.agents
    }

    fn run(&self, agent: usize) -> u64 {
        self.run_after(agent, &[])
    }

    fn graph(&self) -> Option<Arc<Graph>> {
        self.agents.graph.clone()
    }

    fn run_after(&self, agent: usize, answers: &[u64]) -> u64 {
        self.agents.ask(agent, answers)
    }

    fn start(&self, agent: usize, answers: &[u64], _: &'static dyn Wait) -> Running<u64> {
        match &self.agents.work {
            Work::Closure(run) => Box::pin(ready(run(agent, answers))),
            Work::Future(start) => start(agent, answers),
        }
    }

    fn expected(&self, agent: usize) -> u64 {
        match &self.right {
            RightAnswers::Known(right) => right[agent],
            RightAnswers::Any => ANY,
        }
    }

    fn answer_text(&self, answer: u64) -> String {
        self.agents.answer_text(answer)
    }

    fn agent_name(&self, agent: usize) -> String {
        self.agents.agent_name(agent)
    }

    fn are_processes(&self) -> bool {
        self.agents.are_processes()
    }

    fn end_execution(&self) {
        self.agents.end_execution();
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        let answers = match self.right {
            RightAnswers::Known(_) => "checked",
            RightAnswers::Any => "unchecked",
        };
        BTreeMap::from([
            ("agents".into(), self.agents.agents.to_string()),
            ("answers".into(), answers.into()),
        ])
    }
}

/// What was answered: which number stands for it, and what it is in words.
#[derive(Default)]
struct Told {
    /// Unknown while the agents are only asked.
    right: OnceLock<RightAnswers>,
    words: Mutex<HashMap<u64, String>>,
}

impl Told {
    fn number(&self, agent: usize, answer: &impl Answer) -> u64 {
        match self.right.get() {
            Some(RightAnswers::Any) => ANY,
            Some(RightAnswers::Known(right)) => {
                let number = answer_number(answer);
                if right[agent] != number {
                    self.keep_words(number, answer, right.len() + MOST_WRONG);
                }
                number
            }
            None => {
                let number = answer_number(answer);
                self.keep_words(number, answer, usize::MAX);
                number
            }
        }
    }

    #[cold]
    fn keep_words(&self, number: u64, answer: &impl Answer, most: usize) {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if words.len() < most {
            words.entry(number).or_insert_with(|| shown(answer));
        }
    }

    fn text(&self, number: u64) -> String {
        if self.right.get() == Some(&RightAnswers::Any) {
            return "unchecked".into();
        }
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        words.get(&number).cloned().unwrap_or_else(|| format!("{number:016x}"))
    }
}

/// The beginning of an answer in words.
fn shown(answer: &impl Answer) -> String {
    let text = format!("{answer:?}");
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The latest answer of each agent that others need. Whether it is there is said by its number, which whoever runs the
/// agents hands on from one to the other: no executor can make an answer of an execution before pass for one of this.
struct Said<A> {
    graph: Arc<Graph>,
    answers: Vec<RwLock<Option<(u64, A)>>>,
}

impl<A: Clone> Said<A> {
    fn new(graph: &Arc<Graph>) -> Self {
        let answers = graph.tasks().map(|_| RwLock::new(None)).collect();
        Self { graph: Arc::clone(graph), answers }
    }

    fn heard(&self, agent: usize, numbers: &[u64]) -> Vec<A> {
        let heard = |(place, &input): (usize, &u32)| {
            let said = self.answers[input as usize].read().unwrap_or_else(PoisonError::into_inner);
            let there = said.as_ref().filter(|_| numbers.get(place).is_some_and(|&number| number != 0));
            there.map_or_else(
                || panic!("it began before agent {input}, whose answer it needs, had answered"),
                |(_, answer)| answer.clone(),
            )
        };
        self.graph.inputs(agent).iter().enumerate().map(heard).collect()
    }

    /// Returns the number.
    fn keep(&self, agent: usize, number: u64, answer: A) -> u64 {
        let known = |said: &Option<(u64, A)>| said.as_ref().is_some_and(|(known, _)| *known == number);
        let said = &self.answers[agent];
        // Agents that always answer the same write once, and from then on only read.
        if number == ANY || !known(&said.read().unwrap_or_else(PoisonError::into_inner)) {
            *said.write().unwrap_or_else(PoisonError::into_inner) = Some((number, answer));
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use centurion_wait::Blocking;

    use super::*;

    /// Two agents who know a number, and one who adds them up.
    fn sum() -> OwnAgents {
        let graph = Graph::new([vec![], vec![], vec![1, 0]]).expect("it is a graph");
        OwnAgents::with_inputs("sum", graph, |agent, heard: &[String]| match heard {
            [one, other] => format!("{one}+{other}"),
            _ => agent.to_string(),
        })
    }

    /// What agents answer one after the other.
    fn in_order(agents: &OwnAgents) -> Vec<u64> {
        let mut said: Vec<u64> = Vec::new();
        for agent in 0..agents.agents() {
            let inputs = agents.graph().map_or(&[][..], |graph| graph.inputs(agent));
            let heard: Vec<u64> = inputs.iter().map(|&input| said[input as usize]).collect();
            said.push(agents.ask(agent, &heard));
        }
        said
    }

    #[test]
    fn what_was_asked_and_what_is_known_from_elsewhere_are_the_same_numbers() {
        let agents = OwnAgents::new("halves", 3, |agent| agent as f64 / 2.0);
        assert_eq!(in_order(&agents), agents.numbers(|agent| [0.0, 0.5, 1.0][agent]));
    }

    #[test]
    fn a_wrong_answer_is_told_in_words() {
        let agents = OwnAgents::new("one", 1, |_| vec!["wrong"; 99]);
        let right = agents.numbers(|_| vec!["right"]);
        let one = agents.into_workload(AgentKind::Computing, RightAnswers::Known(right));
        assert_eq!(one.answer_text(one.expected(0)), "[\"right\"]");
        let text = one.answer_text(one.run(0));
        assert_eq!((text.chars().count(), &text[..9]), (MOST_SHOWN + 1, "[\"wrong\","));
    }

    #[test]
    fn agents_hear_the_answers_that_they_need_in_their_order() {
        let agents = sum();
        let said = in_order(&agents);
        assert_eq!(agents.answer_text(said[2]), "\"1+0\"");
        let sum = agents.into_workload(AgentKind::Computing, RightAnswers::Known(said.clone()));
        assert_eq!(sum.run_after(2, &[said[1], said[0]]), sum.expected(2));
    }

    #[test]
    #[should_panic(expected = "it began before agent 0, whose answer it needs, had answered")]
    fn an_answer_of_an_execution_before_is_not_heard() {
        let agents = sum();
        let said = in_order(&agents);
        agents.ask(2, &[said[1], 0]);
    }

    #[test]
    fn where_no_answer_is_right_every_one_is() {
        let agents = OwnAgents::new("any", 2, |agent| agent);
        let any = agents.into_workload(AgentKind::Waiting, RightAnswers::Any);
        assert_eq!((any.run(0), any.run(1), any.expected(1)), (ANY, ANY, ANY));
        assert_eq!(any.answer_text(ANY), "unchecked");
    }

    #[test]
    fn unchecked_agents_hear_the_latest_answers() {
        let calls = std::sync::atomic::AtomicUsize::new(0);
        let graph = Graph::new([vec![], vec![0]]).expect("it is a graph");
        let agents = OwnAgents::with_inputs("any", graph, move |_, heard: &[usize]| match heard {
            [] => calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
            [number] => panic!("heard {number}"),
            _ => unreachable!("it has one input"),
        });
        let any = agents.into_workload(AgentKind::Waiting, RightAnswers::Any);
        assert_eq!((any.run(0), any.run(0)), (ANY, ANY));
        let heard = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| any.run_after(1, &[ANY])));
        assert_eq!(*heard.expect_err("it panics").downcast::<String>().expect("it is a text"), "heard 1");
    }

    #[test]
    fn futures_answer_on_a_thread_and_under_way_alike() {
        let agents = OwnAgents::with_futures("calls", 2, |agent| async move { Some(agent) });
        let right = in_order(&agents);
        let calls = agents.into_workload(AgentKind::Waiting, RightAnswers::Known(right));
        assert_eq!(calls.run(1), calls.expected(1));
        assert_eq!(block_on(calls.start(1, &[], &Blocking)), calls.expected(1));
        assert_ne!(calls.expected(0), calls.expected(1));
    }

    #[test]
    fn futures_hear_answers_too() {
        let graph = Graph::new([vec![], vec![0, 0]]).expect("it is a graph");
        let agents = OwnAgents::with_inputs_and_futures("calls", graph, |_, heard: Vec<u32>| async move {
            heard.iter().sum::<u32>() + 1
        });
        let said = in_order(&agents);
        assert_eq!(agents.answer_text(said[1]), "3");
    }
}
