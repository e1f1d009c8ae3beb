//! Why a cell has no time.

use std::error::Error;
use std::io;
use std::sync::Arc;

use centurion_executors::{Panic, Refusal, StartError};
use thiserror::Error;

/// Why the answers of some executions don't count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// An agent panicked.
    #[error("{} panicked: {message}", called(*agent, name))]
    Panicked {
        /// Number of the agent.
        agent: usize,
        /// Its name.
        name: String,
        /// Message of the panic.
        message: String,
    },
    /// An agent that is a process gave no answer.
    #[error("{} failed: {message}", called(*agent, name))]
    Failed {
        /// Number of the agent.
        agent: usize,
        /// Its name.
        name: String,
        /// Why.
        message: String,
    },
    /// An agent was left out of every execution.
    #[error("{} was never run", called(*agent, name))]
    NeverRun {
        /// Number of the agent.
        agent: usize,
        /// Its name.
        name: String,
    },
    /// An agent was left out of some execution, or run more than once in one.
    #[error("{} was run {runs} times, not {executions}", called(*agent, name))]
    Count {
        /// Number of the agent.
        agent: usize,
        /// Its name.
        name: String,
        /// How often it was run.
        runs: u64,
        /// How often it was to be run.
        executions: u64,
    },
    /// An agent's only answer is wrong.
    #[error("{} answered {answer}, not {expected}", called(*agent, name))]
    Wrong {
        /// Number of the agent.
        agent: usize,
        /// Its name.
        name: String,
        /// What it answered, in words.
        answer: String,
        /// What is right, in words.
        expected: String,
    },
    /// One of an agent's answers is wrong.
    #[error("{} did not answer {expected} in each of {executions} runs", called(*agent, name))]
    OnceWrong {
        /// Number of the agent.
        agent: usize,
        /// Its name.
        name: String,
        /// What is right, in words.
        expected: String,
        /// How often it was run.
        executions: u64,
    },
    /// There is not one answer for each agent.
    #[error("{answered} of {agents} agents answered")]
    Missing {
        /// Answers there are.
        answered: usize,
        /// Agents there are.
        agents: usize,
    },
}

/// An agent by its number and, where it has another, its name.
fn called(agent: usize, name: &str) -> String {
    let number = format!("agent {agent}");
    if name == number { number } else { format!("{number} ({name})") }
}

/// Why there is no sample of a cell.
#[derive(Debug, Error)]
pub enum SampleError {
    /// An answer was wrong.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The executor did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The system refused the executor a thread: it has fewer workers than the time would be said to be of.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The system refused a thread that was to be kept on a CPU.
    #[error("a thread for each CPU was refused ({0}); try fewer cores")]
    Thread(#[from] io::Error),
    /// The executor has other workers than its time would be said to be of.
    #[error("the executor says that it has {says} workers and not {told}, as it was told")]
    Workers {
        /// As it says.
        says: usize,
        /// As it was told.
        told: usize,
    },
    /// The executor itself panicked.
    #[error("the executor {0}")]
    Panicked(Panic),
    /// Somebody asked to stop; the cell is as good as before.
    #[error("stopped")]
    Stopped,
    /// What runs outside this process failed.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The server that the agents ask does not say what it costs.
    #[error("the server that the agents ask did not say what it costs: {0}")]
    Server(io::Error),
    /// What was asked of the cell only an executor can do.
    #[error("{0} is no executor")]
    NoExecutor(String),
}

/// Why nothing can be said of agents that were run one after another.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RehearsalError {
    /// An agent panicked.
    #[error("run agent {agent}: it panicked: {message}")]
    Panicked {
        /// Number of the agent.
        agent: usize,
        /// Message of the panic.
        message: String,
    },
    /// An agent that is a process gave no answer.
    #[error("run agent {name}: {message}")]
    Failed {
        /// What it is called.
        name: String,
        /// Why.
        message: String,
    },
    /// Agents gave another answer than before.
    #[error(
        "have agents answer the same twice: {agents} did not, agent {agent} answered {first} and then {second}"
    )]
    Differing {
        /// All of them, as many as are named.
        agents: String,
        /// Number of the first.
        agent: usize,
        /// What it answered, in words.
        first: String,
        /// What it answered later.
        second: String,
    },
}

/// What a peer says of its failure.
#[derive(Debug, Clone, Error)]
#[error(transparent)]
pub struct PeerError(Arc<dyn Error + Send + Sync>);

impl PeerError {
    /// A peer's own error.
    pub fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }
}
