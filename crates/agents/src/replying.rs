//! Agents that wait for a server's answer: no timer of whoever runs them decides how long.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use centurion_wait::{Blocking, Running, Wait, block_on};
use rand::{Rng, RngExt};

use crate::error::scale_in_range;
use crate::stream::agent_stream;
use crate::{AgentKind, Inquiry, Parameter, Parameters, Workload, WorkloadError, WorkloadFamily};

/// How long the server takes for an agent in real time, in seconds, drawn uniformly.
const SECONDS: Range<f64> = 0.5..1.5;

/// Scale in a bench, also in a quick one: at a smaller one, making connections would take most of the time.
const BENCH_SCALE: f64 = 0.004;

/// Agents that each ask a server over a connection of its own, and answer what it says.
#[derive(Debug, Clone)]
pub struct Replying {
    seed: u64,
    scale: f64,
    server: SocketAddr,
    agents: usize,
}

impl Replying {
    /// `agents` agents whose server takes 0.5 s to 1.5 s times `scale` to answer each, uniformly drawn; 1 is real time.
    ///
    /// # Errors
    /// When `scale` is not a number above 0 and up to 100.
    pub fn new(agents: usize, seed: u64, scale: f64, server: SocketAddr) -> Result<Self, WorkloadError> {
        Ok(Self { seed, scale: scale_in_range("replying", scale)?, server, agents })
    }

    /// What an agent asks.
    ///
    /// # Panics
    /// When there is no such agent.
    pub fn inquiry(&self, agent: usize) -> Inquiry {
        assert!(agent < self.agents, "there is no agent {agent}");
        let mut stream = agent_stream(self.seed, agent);
        let after = Duration::from_secs_f64(stream.random_range(SECONDS) * self.scale);
        Inquiry::Answer { after, token: stream.next_u64() }
    }
}

/// Agents that wait for a server.
pub(crate) fn family() -> WorkloadFamily {
    WorkloadFamily {
        name: "replying",
        summary: "asks a server on loopback, which takes 0.5 to 1.5 s times a scale",
        parameters: &[Parameter::Agents, Parameter::Seed, Parameter::Scale, Parameter::Server],
        build: Arc::new(|asked| {
            let server = asked.server.ok_or(WorkloadError::NoServer)?;
            Ok(Arc::new(Replying::new(asked.count(), asked.seed, asked.scale.unwrap_or(1.0), server)?))
        }),
        members: |asked, _| vec![Parameters { scale: Some(BENCH_SCALE), ..asked.clone() }],
        quick: true,
    }
}

impl Workload for Replying {
    fn name(&self) -> String {
        "replying".into()
    }

    fn is_swept(&self) -> bool {
        false
    }

    fn kind(&self) -> AgentKind {
        AgentKind::Waiting
    }

    fn agents(&self) -> usize {
        self.agents
    }

    fn run(&self, agent: usize) -> u64 {
        block_on(self.start(agent, &[], &Blocking))
    }

    /// Panics when the server does not answer, which no answer could say.
    fn start(&self, agent: usize, _: &[u64], wait: &'static dyn Wait) -> Running<u64> {
        let (inquiry, server) = (self.inquiry(agent), self.server);
        Box::pin(async move {
            let said = inquiry.ask(server, wait).await;
            said.unwrap_or_else(|error| panic!("the server at {server} did not answer: {error}"))
        })
    }

    fn server(&self) -> Option<SocketAddr> {
        Some(self.server)
    }

    fn expected(&self, agent: usize) -> u64 {
        self.inquiry(agent).answer().expect("agents ask for answers")
    }

    /// Where the server listens is no part of what the agents are.
    fn parameters(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("agents".into(), self.agents.to_string()),
            ("scale".into(), self.scale.to_string()),
            ("seed".into(), self.seed.to_string()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    const NOWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    fn replying(agents: usize, scale: f64) -> Replying {
        Replying::new(agents, 42, scale, NOWHERE).expect("the scale is in range")
    }

    #[test]
    fn the_draws_stay_the_same_when_rand_changes() {
        let after = Duration::from_nanos(1_216_791_653);
        let asked = Inquiry::Answer { after, token: 0x2aba_a2d2_a560_359d };
        assert_eq!(replying(2, 1.0).inquiry(1), asked);
    }

    #[test]
    fn the_server_takes_half_a_second_to_one_and_a_half_and_the_scale_multiplies_it() {
        for agent in 0..100 {
            let Inquiry::Answer { after, .. } = replying(100, 0.1).inquiry(agent) else { panic!("it asks") };
            assert!((0.05..0.15).contains(&after.as_secs_f64()), "{after:?}");
        }
    }

    #[test]
    fn an_agent_asks_the_same_however_many_others_there_are_and_no_two_ask_the_same() {
        let (few, many) = (replying(3, 1.0), replying(300, 1.0));
        for agent in 0..3 {
            assert_eq!(few.inquiry(agent), many.inquiry(agent));
            assert_ne!(many.expected(agent), many.expected(agent + 1));
        }
    }

    #[test]
    fn where_the_server_listens_does_not_define_the_agents() {
        let elsewhere = SocketAddr::new(NOWHERE.ip(), 7);
        let elsewhere = Replying::new(3, 42, 1.0, elsewhere).expect("the scale is in range");
        assert_eq!(crate::definition(&elsewhere), crate::definition(&replying(3, 1.0)));
    }

    #[test]
    #[should_panic(expected = "did not answer")]
    fn an_agent_whose_server_is_gone_panics() {
        let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = closed.local_addr().expect("it is bound");
        drop(closed);
        Replying::new(1, 42, 1e-6, address).expect("the scale is in range").run(0);
    }

    #[test]
    fn without_a_server_it_says_who_starts_one() {
        let error = (family().build)(&Parameters::default()).err().expect("there is no server");
        assert!(error.to_string().contains("`cargo bench` start one"), "{error}");
    }
}
