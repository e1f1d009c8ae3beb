//! Agents that depend on each other as a team does: many decide, groups debate what was decided, judges score
//! the groups, one sums up.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use centurion_graph::Graph;

use crate::deciding::{self, score};
use crate::statement::{MOST_AGENTS, Speaker, Statement};
use crate::{AgentKind, Deciding, Parameter, Workload, WorkloadError, WorkloadFamily};

/// Most agents in a group.
const GROUP: usize = 10;
const JUDGES: usize = 10;

/// A council over Othello moves: with a hundred that decide, 121 agents.
///
/// * The first agents decide as those of [`Deciding`] do: each claims a value for its move.
/// * Groups of up to ten debate. A group checks every claim of its members with a proof of its own, searching
///   no further than one disc around what is claimed, and puts forward the strongest claim that holds. Agents
///   are dealt to the groups in turn, so that the heavy ones at the end of the table spread.
/// * Ten judges hear all groups. Judge *j* gives each group *j* times its strongest claim and 9 − *j* times
///   its mean, and votes for the most; then it proves the claim that it votes for.
/// * The summary counts the votes of the judges whose proofs hold.
///
/// The right answers follow from the published values: every claim holds.
#[derive(Debug, Clone)]
pub struct Council {
    deciding: Deciding,
    groups: usize,
    graph: Arc<Graph>,
    answers: Vec<u64>,
}

/// What an agent of a council is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CouncilRole {
    Decide,
    Debate(usize),
    Judge(usize),
    SumUp,
}

impl Council {
    /// A council over these decisions.
    ///
    /// # Errors
    /// When there are more than 2²⁰ of them.
    pub fn new(deciding: Deciding) -> Result<Self, WorkloadError> {
        let (found, most) = (deciding.agents(), MOST_AGENTS);
        if found > most {
            return Err(WorkloadError::TooManyDeciders { found, most });
        }
        let groups = found.div_ceil(GROUP);
        let graph = Arc::new(graph(deciding.agents(), groups));
        let mut council = Self { deciding, groups, graph, answers: Vec::new() };
        for agent in council.graph.tasks() {
            let heard: Vec<u64> =
                council.graph.inputs(agent).iter().map(|&input| council.answers[input as usize]).collect();
            let published = |agent| council.deciding.expected(agent);
            council.answers.push(council.answer(agent, &heard, published, |_, _| true));
        }
        Ok(council)
    }

    fn role(&self, agent: usize) -> CouncilRole {
        let deciders = self.deciding.agents();
        let (judges, summary) = (deciders + self.groups, deciders + self.groups + JUDGES);
        assert!(agent <= summary, "there is no agent {agent}");
        match agent {
            _ if agent < deciders => CouncilRole::Decide,
            _ if agent < judges => CouncilRole::Debate(agent - deciders),
            _ if agent < summary => CouncilRole::Judge(agent - judges),
            _ => CouncilRole::SumUp,
        }
    }

    /// What an agent answers to what it has heard. `decide` gives an agent's decision, `holds` proves that
    /// its move has a value.
    fn answer(
        &self,
        agent: usize,
        heard: &[u64],
        decide: impl Fn(usize) -> u64,
        holds: impl Fn(usize, i32) -> bool,
    ) -> u64 {
        let statement = match self.role(agent) {
            CouncilRole::Decide => return decide(agent),
            CouncilRole::Debate(group) => {
                debate(members(self.deciding.agents(), self.groups, group).zip(heard), holds)
            }
            CouncilRole::Judge(judge) => vote(judge, heard, holds),
            CouncilRole::SumUp => count(heard),
        };
        statement.encoded(heard)
    }
}

/// Deciders first, then groups, judges and the summary.
fn graph(deciders: usize, groups: usize) -> Graph {
    let decide = (0..deciders).map(|_| Vec::new());
    let debate = (0..groups).map(|group| members(deciders, groups, group).collect());
    let judge = (0..JUDGES).map(|_| (deciders..deciders + groups).collect());
    let sum_up = (deciders + groups..deciders + groups + JUDGES).collect();
    Graph::new(decide.chain(debate).chain(judge).chain([sum_up]))
        .expect("who listens is numbered after who speaks")
}

/// The agents of a group: they are dealt in turn.
fn members(deciders: usize, groups: usize, group: usize) -> impl Iterator<Item = usize> {
    (group..deciders).step_by(groups)
}

/// The strongest of the claims that hold, the first of several.
fn debate<'a>(
    claims: impl Iterator<Item = (usize, &'a u64)>,
    holds: impl Fn(usize, i32) -> bool,
) -> Statement {
    let claims = claims.map(|(agent, &answer)| (agent, score(answer)));
    let upheld: Vec<(usize, i32)> = claims.filter(|&(agent, score)| holds(agent, score)).collect();
    let strongest = upheld.iter().max_by_key(|&&(agent, score)| (score, Reverse(agent)));
    let Some(&(agent, score)) = strongest else { return Statement::nothing(Speaker::Group) };
    let sum: i32 = upheld.iter().map(|(_, score)| score).sum();
    let mean = sum / i32::try_from(upheld.len()).expect("a group is small");
    Statement { speaker: Speaker::Group, agent, score, mean, count: upheld.len() }
}

/// The claim of the group that a judge gives most, the first of several, once more proved.
fn vote(judge: usize, heard: &[u64], holds: impl Fn(usize, i32) -> bool) -> Statement {
    let weight = i32::try_from(judge).expect("there are ten judges");
    let points = |group: &Statement| weight * group.score + (9 - weight) * group.mean;
    let best = statements(heard).max_by_key(|group| (points(group), Reverse(group.agent)));
    match best.filter(|best| holds(best.agent, best.score)) {
        Some(best) => Statement { speaker: Speaker::Judge, count: 1, ..best },
        None => Statement::nothing(Speaker::Judge),
    }
}

/// The claim with the most votes, the first of several.
fn count(heard: &[u64]) -> Statement {
    let votes_for = |agent| statements(heard).filter(|vote| vote.agent == agent).count();
    match statements(heard).max_by_key(|vote| (votes_for(vote.agent), Reverse(vote.agent))) {
        Some(best) => Statement { speaker: Speaker::Summary, count: votes_for(best.agent), ..best },
        None => Statement::nothing(Speaker::Summary),
    }
}

/// The statements among what was heard that say something.
fn statements(heard: &[u64]) -> impl Iterator<Item = Statement> {
    heard.iter().filter_map(|&answer| Statement::decoded(answer)).filter(|statement| statement.count > 0)
}

/// Agents that decide together.
pub(crate) fn family() -> WorkloadFamily {
    WorkloadFamily {
        name: "council",
        summary: "decides, debates, judges or sums up",
        parameters: &[Parameter::Agents, Parameter::Positions],
        build: Arc::new(|asked| Ok(Arc::new(Council::new(deciding::made(asked)?)?))),
        members: |asked, _| vec![asked.clone()],
        quick: true,
    }
}

impl Workload for Council {
    fn name(&self) -> String {
        "council".into()
    }

    fn kind(&self) -> AgentKind {
        AgentKind::Computing
    }

    fn agents(&self) -> usize {
        self.graph.len()
    }

    fn run(&self, agent: usize) -> u64 {
        self.run_after(agent, &[])
    }

    fn graph(&self) -> Option<Arc<Graph>> {
        Some(Arc::clone(&self.graph))
    }

    fn run_after(&self, agent: usize, inputs: &[u64]) -> u64 {
        let decide = |agent| self.deciding.run(agent);
        self.answer(agent, inputs, decide, |agent, score| self.deciding.holds(agent, score))
    }

    fn expected(&self, agent: usize) -> u64 {
        self.answers[agent]
    }

    fn agent_name(&self, agent: usize) -> String {
        match self.role(agent) {
            CouncilRole::Decide => self.deciding.agent_name(agent),
            CouncilRole::Debate(group) => format!("group {group}"),
            CouncilRole::Judge(judge) => format!("judge {judge}"),
            CouncilRole::SumUp => "summary".into(),
        }
    }

    fn answer_text(&self, answer: u64) -> String {
        let Some(Statement { speaker, agent, score, mean, count }) = Statement::decoded(answer) else {
            return self.deciding.answer_text(answer);
        };
        if count == 0 {
            return "nothing holds".into();
        }
        let decision = format!("{} with {score:+}", self.deciding.agent_name(agent));
        match speaker {
            Speaker::Group => format!("{decision}, the strongest of {count} that hold, mean {mean:+}"),
            Speaker::Judge => format!("votes for {decision}"),
            Speaker::Summary => format!("{decision}, by {count} of {JUDGES} judges"),
        }
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        let mut parameters = self.deciding.parameters();
        parameters.insert("agents".into(), self.agents().to_string());
        parameters.insert("deciders".into(), self.deciding.agents().to_string());
        parameters
    }

    /// Only what was published has a count of nodes; debates and votes have none.
    fn work(&self, _agent: usize) -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn council(deciders: usize) -> Council {
        Council::new(Deciding::bundled(deciders)).expect("so many can decide")
    }

    /// What an agent hears when all is well.
    fn heard(council: &Council, agent: usize) -> Vec<u64> {
        council.graph.inputs(agent).iter().map(|&input| council.expected(input as usize)).collect()
    }

    fn text(council: &Council, agent: usize) -> String {
        format!("{}: {}", council.agent_name(agent), council.answer_text(council.expected(agent)))
    }

    #[test]
    fn a_hundred_decide_ten_groups_debate_ten_judges_score_and_one_sums_up() {
        let council = council(100);
        let graph = council.graph().expect("they listen to each other");
        assert_eq!((council.agents(), graph.len(), graph.edges()), (121, 121, 100 + 100 + 10));
        assert_eq!(graph.inputs(103), (3..100).step_by(10).collect::<Vec<_>>());
        assert_eq!(graph.inputs(115), (100..110).collect::<Vec<_>>());
        assert_eq!(graph.inputs(120), (110..120).collect::<Vec<_>>());
        assert_eq!(graph.levels()[120], 3);
    }

    #[test]
    fn the_right_answers_are_those_worked_out_by_hand() {
        let council = council(100);
        assert_eq!(
            [100, 108, 111, 112, 120].map(|agent| text(&council, agent)),
            [
                "group 0: FFO 1 G8 H7: A8 with +18, the strongest of 10 that hold, mean -3",
                "group 8: FFO 11 A6: B3 with +24, the strongest of 10 that hold, mean +4",
                "judge 1: votes for FFO 11 A6: B3 with +24",
                "judge 2: votes for FFO 5 G8 G7: H8 with +32",
                "summary: FFO 5 G8 G7: H8 with +32, by 8 of 10 judges",
            ]
        );
    }

    #[test]
    fn who_hears_what_is_right_answers_as_expected() {
        let council = council(24);
        for agent in 0..council.agents() {
            let answer = council.run_after(agent, &heard(&council, agent));
            assert_eq!(answer, council.expected(agent), "{}", text(&council, agent));
        }
    }

    #[test]
    fn a_claim_that_does_not_hold_is_found_out_in_the_debate() {
        let council = council(10);
        let mut claims = heard(&council, 10);
        let right = Statement::decoded(council.expected(10)).expect("it is a statement");
        claims[right.agent] += 2;
        let found = Statement::decoded(council.run_after(10, &claims)).expect("it is a statement");
        assert_eq!((right.count, found.count), (10, 9));
        assert_ne!(found.agent, right.agent);
    }

    #[test]
    fn any_answer_that_is_missing_or_misplaced_makes_a_wrong_one() {
        let council = council(24);
        let listeners = 24..council.agents();
        for agent in listeners {
            let right = heard(&council, agent);
            for place in 0..right.len() {
                let mut missing = right.clone();
                missing[place] = 0;
                assert_ne!(council.run_after(agent, &missing), council.expected(agent));
            }
            let misplaced: Vec<u64> = right.iter().rev().copied().collect();
            assert_ne!(council.run_after(agent, &misplaced), council.expected(agent));
        }
    }

    #[test]
    fn judges_do_not_all_weigh_alike() {
        let council = council(100);
        let votes: std::collections::BTreeSet<String> =
            (110..120).map(|judge| council.answer_text(council.expected(judge))).collect();
        assert!(votes.len() > 1, "{votes:?}");
    }

    #[test]
    fn more_than_statements_can_be_about_are_refused() {
        let error = Council::new(Deciding::bundled(MOST_AGENTS + 1)).expect_err("they are too many");
        assert!(
            error.to_string().contains("1048577 agents are to decide, expected at most 1048576"),
            "{error}"
        );
    }

    #[test]
    fn nobody_decides_nothing() {
        let council = council(0);
        assert_eq!(council.agents(), 11);
        for agent in 0..11 {
            let answer = council.run_after(agent, &heard(&council, agent));
            assert_eq!(answer, council.expected(agent));
            assert_eq!(council.answer_text(answer), "nothing holds");
        }
    }
}
