//! The list of workloads, and what each is made from.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::{Workload, WorkloadError};
use crate::{council, deciding, grain, llm, pattern, replying, thinking};

/// How a workload is made from its parameters.
type Build = Arc<dyn Fn(&Parameters) -> Result<Arc<dyn Workload>, WorkloadError> + Send + Sync>;

/// Everything needed to make the workloads of one family: those that differ in parameters only.
#[derive(Clone)]
pub struct WorkloadFamily {
    /// Unique name, in lower case with hyphens; [`Workload::family`] of all that it makes.
    pub name: &'static str,
    /// What an agent does, in a line.
    pub summary: &'static str,
    /// The parameters that it heeds; it ignores the others.
    pub parameters: &'static [Parameter],
    /// Makes one from parameters.
    pub build: Build,
    /// Which of its workloads a bench measures when these parameters are asked for; fewer and lighter ones when
    /// it is to be quick.
    pub members: fn(&Parameters, quick: bool) -> Vec<Parameters>,
    /// Whether a quick bench measures it even when it isn't named.
    pub quick: bool,
}

/// The name of one of [`Parameters`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// [`Parameters::agents`].
    Agents,
    /// [`Parameters::seed`].
    Seed,
    /// [`Parameters::scale`].
    Scale,
    /// [`Parameters::iterations`].
    Iterations,
    /// [`Parameters::positions`].
    Positions,
    /// [`Parameters::server`].
    Server,
}

/// What workloads are made from. Each family heeds some of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Number of agents; of a council, those that decide. `None` is a hundred, or one for each row of
    /// [`Self::positions`].
    pub agents: Option<usize>,
    /// Seed of all that is drawn.
    pub seed: u64,
    /// Scale of the time that agents wait; 1 is real time. `None` is what suits the family.
    pub scale: Option<f64>,
    /// Steps of the kernel that each agent computes.
    pub iterations: u64,
    /// A table of positions in place of the bundled one.
    pub positions: Option<Positions>,
    /// Where the server listens that agents ask.
    pub server: Option<SocketAddr>,
}

/// A table of Othello positions of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Positions {
    /// The table, in the form that [`Deciding::parse`](crate::Deciding::parse) reads.
    pub text: String,
    /// Name of its file.
    pub origin: String,
}

impl Default for Parameters {
    /// A hundred agents in real time, or of about a millisecond and a half each.
    fn default() -> Self {
        Self { agents: None, seed: 42, scale: None, iterations: 1 << 20, positions: None, server: None }
    }
}

impl Parameters {
    /// The number of agents where there is no table to count.
    pub(crate) fn count(&self) -> usize {
        self.agents.unwrap_or(100)
    }

    /// These once for each number of iterations.
    pub(crate) fn with_iterations(&self, sizes: impl IntoIterator<Item = u64>) -> Vec<Self> {
        sizes.into_iter().map(|iterations| Self { iterations, ..self.clone() }).collect()
    }
}

impl WorkloadFamily {
    /// Every family, in the order they are shown.
    pub fn all() -> Vec<Self> {
        let alone = [
            thinking::family(),
            replying::family(),
            llm::family(),
            llm::limited_family(),
            deciding::family(),
            grain::family(),
            council::family(),
        ];
        alone.into_iter().chain(pattern::families()).collect()
    }

    /// The family of that name.
    ///
    /// # Errors
    /// [`WorkloadError::Unknown`] when there is none.
    pub fn find(name: &str) -> Result<Self, WorkloadError> {
        let found = Self::all().into_iter().find(|family| family.name == name);
        found.ok_or_else(|| WorkloadError::unknown(name))
    }

    /// Makes a workload of the family.
    ///
    /// # Errors
    /// When a parameter can't be used; it is named.
    pub fn make(&self, parameters: &Parameters) -> Result<Arc<dyn Workload>, WorkloadError> {
        (self.build)(parameters)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::DependencePattern;

    /// As few and as light agents as there can be, and a server where nobody listens.
    fn small() -> Parameters {
        let server = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        Parameters { agents: Some(2), scale: Some(1e-6), iterations: 1, server, ..Parameters::default() }
    }

    fn asks_a_server(family: &WorkloadFamily) -> bool {
        family.parameters.contains(&Parameter::Server)
    }

    #[test]
    fn every_family_is_found_by_its_name_and_makes_workloads_of_that_family() {
        let names: HashSet<&str> = WorkloadFamily::all().iter().map(|family| family.name).collect();
        assert_eq!(names.len(), WorkloadFamily::all().len());
        for name in names {
            let family = WorkloadFamily::find(name).expect("it is listed");
            let workload = family.make(&small()).expect("it can be made");
            assert_eq!((&*workload.family(), family.name), (name, name));
            assert!(!family.summary.is_empty());
        }
    }

    #[test]
    fn agents_that_hear_the_right_answers_give_their_own_and_none_is_zero() {
        for family in WorkloadFamily::all().into_iter().filter(|family| !asks_a_server(family)) {
            let workload = family.make(&small()).expect("it can be made");
            for agent in 0..workload.agents() {
                let needs = workload.graph().map_or_else(Vec::new, |graph| graph.inputs(agent).to_vec());
                let heard: Vec<u64> = needs.iter().map(|&input| workload.expected(input as usize)).collect();
                assert_eq!(workload.run_after(agent, &heard), workload.expected(agent), "{}", family.name);
                assert_ne!(workload.expected(agent), 0, "{}", family.name);
            }
        }
    }

    #[test]
    fn the_readme_has_a_row_for_every_family() {
        let readme = include_str!("../README.md");
        for family in WorkloadFamily::all() {
            let row = |line: &str| {
                line.starts_with(&format!("| `{}` |", family.name))
                    || line.starts_with(&format!("| `{}-N` |", family.name))
            };
            assert!(readme.lines().any(row), "{}", family.name);
        }
    }

    #[test]
    fn patterns_are_found_by_their_names() {
        for pattern in DependencePattern::ALL {
            let family = WorkloadFamily::find(pattern.name()).expect("it is listed");
            assert_eq!(family.summary, pattern.summary());
        }
        assert!(WorkloadFamily::find("ring").is_err());
    }

    #[test]
    fn a_family_heeds_the_parameters_that_it_names_and_no_others() {
        let table = "position\tboard\tto_move\tmove\texact_score\n\
                     own\t--XXXXX--OOOXX-O-OOOXXOX-OXOXOXXOXXXOXXX--XOXOXX-XXXOOO--OOOOO--\tX\tA4\t-22\n";
        let positions = Positions { text: table.into(), origin: "own.tsv".into() };
        let changed = |parameter| match parameter {
            Parameter::Agents => Parameters { agents: Some(3), ..small() },
            Parameter::Seed => Parameters { seed: 7, ..small() },
            Parameter::Scale => Parameters { scale: Some(1e-5), ..small() },
            Parameter::Iterations => Parameters { iterations: 2, ..small() },
            Parameter::Positions => Parameters { positions: Some(positions.clone()), ..small() },
            Parameter::Server => small(), // where it listens does not define who asks
        };
        let every = [
            Parameter::Agents,
            Parameter::Seed,
            Parameter::Scale,
            Parameter::Iterations,
            Parameter::Positions,
        ];
        for family in WorkloadFamily::all() {
            let definition =
                |parameters| crate::definition(&*family.make(&parameters).expect("it can be made"));
            let heeded = every.map(|parameter| definition(changed(parameter)) != definition(small()));
            let named = every.map(|parameter| family.parameters.contains(&parameter));
            assert_eq!(heeded, named, "{}", family.name);
        }
    }

    #[test]
    fn a_quick_bench_measures_no_more_than_a_full_one() {
        for family in WorkloadFamily::all() {
            let count = |quick| (family.members)(&small(), quick).len();
            assert!((1..=count(false)).contains(&count(true)), "{}", family.name);
        }
    }

    #[test]
    fn a_family_that_does_not_exist_is_named_with_all_that_do_and_with_the_nearest() {
        let message = |name| WorkloadFamily::find(name).err().expect("there is none").to_string();
        let near = message("stensil");
        assert!(near.starts_with("find the workload \"stensil\"; there are thinking, replying, "), "{near}");
        assert!(near.ends_with(", random-nearest; did you mean stencil?"), "{near}");
        assert!(message("ring").ends_with(", random-nearest"));
    }
}
