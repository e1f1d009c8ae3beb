//! What groups, judges and the summary of a council say, as answers of 64 bits.

use crate::deciding::SCORE_OFFSET;
use crate::fnv1a;

const SPEAKER_BITS: u32 = 2;
const AGENT_BITS: u32 = 20;
const COUNT_BITS: u32 = 4;
const SCORE_BITS: u32 = 8;

/// Most agents that statements can be about.
pub(crate) const MOST_AGENTS: usize = 1 << AGENT_BITS;

/// Who makes a statement. An agent that decides speaks in the way of `Deciding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaker {
    Group = 1,
    Judge = 2,
    Summary = 3,
}

/// A statement about one agent's decision, and how far those who were heard agree with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) speaker: Speaker,
    /// The agent whose decision is put forward.
    pub(crate) agent: usize,
    /// The value of that decision.
    pub(crate) score: i32,
    /// The mean value in the agent's group.
    pub(crate) mean: i32,
    /// How many hold with it: claims that a group upholds, proofs that a judge has made, votes.
    pub(crate) count: usize,
}

impl Statement {
    /// What is said when no claim holds.
    pub(crate) fn nothing(speaker: Speaker) -> Self {
        Self { speaker, agent: 0, score: 0, mean: 0, count: 0 }
    }

    /// The answer: from the lowest bits up the score, the mean, the count, the agent, who speaks, and 22 bits
    /// of a digest of the answers that were heard, so that one that is missing or misplaced shows even if it
    /// changes nothing else.
    pub(crate) fn encoded(self, heard: &[u64]) -> u64 {
        let bytes: Vec<u8> = heard.iter().flat_map(|answer| answer.to_le_bytes()).collect();
        let digest = fnv1a(&bytes);
        [
            (SPEAKER_BITS, self.speaker as u64),
            (AGENT_BITS, self.agent as u64),
            (COUNT_BITS, self.count as u64),
            (SCORE_BITS, (self.mean + SCORE_OFFSET) as u64),
            (SCORE_BITS, (self.score + SCORE_OFFSET) as u64),
        ]
        .into_iter()
        .fold(digest, |answer, (bits, value)| answer << bits | value)
    }

    /// The statement in an answer, unless it is of an agent that decides.
    pub(crate) fn decoded(answer: u64) -> Option<Self> {
        let mut rest = answer;
        let mut take = |bits: u32| {
            let value = rest & ((1 << bits) - 1);
            rest >>= bits;
            value
        };
        let score = take(SCORE_BITS) as i32 - SCORE_OFFSET;
        let mean = take(SCORE_BITS) as i32 - SCORE_OFFSET;
        let (count, agent) = (take(COUNT_BITS) as usize, take(AGENT_BITS) as usize);
        let speaker = match take(SPEAKER_BITS) {
            1 => Speaker::Group,
            2 => Speaker::Judge,
            3 => Speaker::Summary,
            _ => return None,
        };
        Some(Self { speaker, agent, score, mean, count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_reads_back_as_it_was_made() {
        for speaker in [Speaker::Group, Speaker::Judge, Speaker::Summary] {
            for (agent, score, mean, count) in [(0, -64, 64, 0), (MOST_AGENTS - 1, 64, -64, 10), (7, 0, 0, 1)]
            {
                let statement = Statement { speaker, agent, score, mean, count };
                assert_eq!(Statement::decoded(statement.encoded(&[1, 2])), Some(statement));
            }
        }
    }

    #[test]
    fn what_was_heard_is_part_of_the_answer() {
        let statement = Statement { speaker: Speaker::Judge, agent: 1, score: 2, mean: 3, count: 1 };
        let answers = [&[5, 6][..], &[6, 5], &[5, 0], &[5]].map(|heard| statement.encoded(heard));
        assert!(answers[1..].iter().all(|answer| *answer != answers[0]));
    }
}
