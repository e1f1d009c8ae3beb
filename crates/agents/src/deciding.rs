//! Agents that decide: each proves the exact value of one move of an Othello endgame.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::othello::{has_value, solve_move};
use crate::positions::{self, Decision};
use crate::{AgentKind, Parameter, Parameters, Workload, WorkloadError, WorkloadFamily};

/// Added to a score from -64 to 64, so that no answer is 0.
pub(crate) const SCORE_OFFSET: i32 = 65;

/// Agents that each value one move by solving the endgame after it.
///
/// An answer holds the value and, where the table has the node count too, how many nodes the proof took.
/// With more agents than rows, the table starts again from its top.
#[derive(Debug, Clone)]
pub struct Deciding {
    table: String,
    decisions: Vec<Decision>,
    agents: usize,
}

impl Deciding {
    /// Agents on the bundled table: 100 moves from positions 1 to 14 of the FFO endgame test suite, two moves
    /// on.
    pub fn bundled(agents: usize) -> Self {
        let decisions =
            positions::parse(positions::FFO, "ffo.tsv").expect("the bundled table is well-formed");
        Self { table: "FFO 1-14, two moves on".into(), decisions, agents }
    }

    /// Agents on a table of your own, one per row or as many as asked for; `origin` is the name of its file.
    ///
    /// Lines starting with `#` are comments. The header is
    /// `position board to_move move exact_score nodes` with tabs between, where `nodes` may be missing. A
    /// board is its 64 squares A1 to H1, A2 to H2, ... H8 with `X`, `O` or `-`, at most 16 of them empty; the
    /// score is the mover's final disc difference, empty squares to the winner.
    ///
    /// # Errors
    /// When a line is malformed, which is then named, or when there are no rows.
    pub fn parse(text: &str, origin: &str, agents: Option<usize>) -> Result<Self, WorkloadError> {
        let decisions = positions::parse(text, origin)?;
        let name = origin.rsplit(['/', '\\']).next().unwrap_or(origin);
        // Two files of one name are two workloads.
        let table = format!("{name}, digest {:016x}", crate::fnv1a(text.as_bytes()));
        let agents = agents.unwrap_or(decisions.len());
        Ok(Self { table, decisions, agents })
    }

    /// Whether the agent's move has exactly this value, which is cheaper to prove than to find.
    pub(crate) fn holds(&self, agent: usize, score: i32) -> bool {
        let Decision { board, mover, square, .. } = self.decision(agent);
        has_value(board, *mover, *square, score)
    }

    fn decision(&self, agent: usize) -> &Decision {
        assert!(agent < self.agents, "there is no agent {agent}");
        &self.decisions[agent % self.decisions.len()]
    }
}

/// Agents that decide on their own.
pub(crate) fn family() -> WorkloadFamily {
    WorkloadFamily {
        name: "deciding",
        summary: "proves the exact value of one Othello endgame move",
        parameters: &[Parameter::Agents, Parameter::Positions],
        build: Arc::new(|asked| Ok(Arc::new(made(asked)?))),
        members: |asked, _| vec![asked.clone()],
        quick: true,
    }
}

/// Agents on the positions asked for, or on the bundled ones.
pub(crate) fn made(asked: &Parameters) -> Result<Deciding, WorkloadError> {
    match &asked.positions {
        Some(own) => Deciding::parse(&own.text, &own.origin, asked.agents),
        None => Ok(Deciding::bundled(asked.count())),
    }
}

impl Workload for Deciding {
    fn name(&self) -> String {
        "deciding".into()
    }

    fn kind(&self) -> AgentKind {
        AgentKind::Computing
    }

    fn agents(&self) -> usize {
        self.agents
    }

    fn run(&self, agent: usize) -> u64 {
        let Decision { board, mover, square, nodes, .. } = self.decision(agent);
        let solution = solve_move(board, *mover, *square);
        encoded(solution.score, nodes.map(|_| solution.nodes))
    }

    fn expected(&self, agent: usize) -> u64 {
        let decision = self.decision(agent);
        encoded(decision.score, decision.nodes)
    }

    fn agent_name(&self, agent: usize) -> String {
        let Decision { position, square, .. } = self.decision(agent);
        format!("{position}: {}", positions::name(*square))
    }

    fn answer_text(&self, answer: u64) -> String {
        let score = score(answer);
        match answer >> 8 {
            0 => format!("{score:+}"),
            1 => format!("{score:+} (1 node)"),
            nodes => format!("{score:+} ({} nodes)", grouped(nodes)),
        }
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        BTreeMap::from([("agents".into(), self.agents.to_string()), ("table".into(), self.table.clone())])
    }

    fn work(&self, agent: usize) -> Option<u64> {
        self.decision(agent).nodes
    }
}

/// An answer: the score in the low eight bits, the nodes above them, 0 where the table doesn't have them.
fn encoded(score: i32, nodes: Option<u64>) -> u64 {
    nodes.unwrap_or(0) << 8 | (score + SCORE_OFFSET) as u64
}

/// The value in an agent's answer; one that no move has where there is no answer.
pub(crate) fn score(answer: u64) -> i32 {
    (answer & 0xff) as i32 - SCORE_OFFSET
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| str::from_utf8(group).expect("digits are text"))
        .collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "position\tboard\tto_move\tmove\texact_score";
    const ROW: &str = "own\t--XXXXX--OOOXX-O-OOOXXOX-OXOXOXXOXXXOXXX--XOXOXX-XXXOOO--OOOOO--\tX\tA4\t-22";

    fn own(rows: &str, agents: Option<usize>) -> Deciding {
        Deciding::parse(rows, "some/where/own.tsv", agents).expect("the table is well-formed")
    }

    #[test]
    fn the_lightest_decisions_come_out_as_published_and_with_the_recorded_nodes() {
        let workload = Deciding::bundled(100);
        let mut lightest: Vec<usize> = (0..100).collect();
        lightest.sort_by_key(|&agent| workload.work(agent));
        for &agent in &lightest[..10] {
            let (answer, expected) = (workload.run(agent), workload.expected(agent));
            let text = |answer| format!("{} {}", workload.agent_name(agent), workload.answer_text(answer));
            assert_eq!(answer, expected, "{}, expected {}", text(answer), text(expected));
        }
    }

    #[test]
    fn the_recorded_nodes_are_those_of_the_whole_suite() {
        let workload = Deciding::bundled(100);
        let mut nodes: Vec<u64> = (0..100).filter_map(|agent| workload.work(agent)).collect();
        nodes.sort_unstable();
        assert_eq!(nodes.len(), 100);
        assert_eq!(nodes.iter().sum::<u64>(), 2_628_928);
        assert_eq!((nodes[0], nodes[50], nodes[99]), (3_429, 20_545, 111_946));
    }

    #[test]
    fn no_two_agents_of_the_bundled_hundred_share_a_name() {
        let workload = Deciding::bundled(100);
        let names: std::collections::HashSet<String> =
            (0..100).map(|agent| workload.agent_name(agent)).collect();
        assert_eq!(names.len(), 100);
        assert!(names.contains("FFO 1 G8 H7: A8") && names.contains("FFO 14 A4 A3: B1"));
    }

    #[test]
    fn more_agents_than_rows_start_again_from_the_top_and_fewer_take_the_first() {
        let workload = Deciding::bundled(203);
        assert_eq!(workload.agents(), 203);
        assert_eq!(workload.agent_name(202), workload.agent_name(2));
        assert_eq!(workload.expected(100), workload.expected(0));
        assert_eq!(Deciding::bundled(3).agents(), 3);
        assert_eq!(Deciding::bundled(0).agents(), 0);
    }

    #[test]
    #[should_panic(expected = "there is no agent 3")]
    fn an_agent_beyond_the_last_panics() {
        Deciding::bundled(3).run(3);
    }

    #[test]
    fn a_table_without_nodes_is_checked_by_the_score_alone() {
        let workload = own(&format!("{HEADER}\n{ROW}\n"), None);
        assert_eq!(workload.agents(), 1);
        assert_eq!(workload.work(0), None);
        assert_eq!(workload.run(0), workload.expected(0));
        assert_eq!(workload.answer_text(workload.expected(0)), "-22");
    }

    #[test]
    fn a_wrong_score_or_node_count_is_a_wrong_answer() {
        let wrong_score = own(&format!("{HEADER}\n{}\n", ROW.replace("-22", "-20")), None);
        assert_ne!(wrong_score.run(0), wrong_score.expected(0));
        let wrong_nodes = own(&format!("{HEADER}\tnodes\n{ROW}\t33255\n"), None);
        assert_ne!(wrong_nodes.run(0), wrong_nodes.expected(0));
        assert_eq!(wrong_nodes.answer_text(wrong_nodes.run(0)), "-22 (33,254 nodes)");
    }

    #[test]
    fn an_own_table_is_named_after_its_file() {
        let text = format!("{HEADER}\n{ROW}\n");
        for origin in ["own.tsv", "some/where/own.tsv", "C:\\some\\own.tsv"] {
            let workload = Deciding::parse(&text, origin, Some(5)).expect("the table is well-formed");
            assert!(workload.parameters()["table"].starts_with("own.tsv, digest "));
            assert_eq!(workload.parameters()["agents"], "5");
            assert_eq!(workload.agent_name(4), "own: A4");
        }
        assert_eq!(Deciding::bundled(1).parameters()["table"], "FFO 1-14, two moves on");
    }

    #[test]
    fn an_answer_is_told_in_words() {
        let workload = Deciding::bundled(1);
        assert_eq!(workload.answer_text(encoded(18, Some(120_331))), "+18 (120,331 nodes)");
        assert_eq!(workload.answer_text(encoded(-64, Some(1))), "-64 (1 node)");
        assert_eq!(workload.answer_text(encoded(0, Some(1_000_000))), "+0 (1,000,000 nodes)");
        assert_eq!(workload.answer_text(encoded(64, None)), "+64");
    }
}
