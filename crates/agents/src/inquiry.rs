//! What agents that reply ask their server, and what it is to say.

use std::net::SocketAddr;
use std::time::Duration;

use centurion_wait::{Question, Reply, Running, Wait};

/// The question in place of a time that asks what the server has cost.
const COST: u64 = u64::MAX;

/// What the server is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inquiry {
    /// For a number that follows from the question, after some time.
    Answer {
        /// How long the server is to take.
        after: Duration,
        /// Makes the question of each agent another one.
        token: u64,
    },
    /// For the CPU time that the server has used so far, in nanoseconds.
    Cost,
}

impl Inquiry {
    /// What a server that was asked this says after its time. `None` where that is for the server alone to know.
    pub fn answer(self) -> Option<u64> {
        match self {
            Self::Answer { after, token } => Some(mixed(nanoseconds(after), token)),
            Self::Cost => None,
        }
    }

    /// Asks a server, and waits for what it says.
    pub fn ask(self, server: SocketAddr, wait: &'static dyn Wait) -> Running<std::io::Result<u64>> {
        let reply = wait.ask(server, self.into());
        Box::pin(async move { Ok(u64::from_le_bytes(reply.await?)) })
    }
}

/// A number of eight bytes as it is sent.
pub fn reply(number: u64) -> Reply {
    number.to_le_bytes()
}

/// The time in nanoseconds, then the token, the lowest bytes first.
impl From<Inquiry> for Question {
    fn from(inquiry: Inquiry) -> Self {
        let (time, token) = match inquiry {
            Inquiry::Answer { after, token } => (nanoseconds(after), token),
            Inquiry::Cost => (COST, 0),
        };
        (u128::from(token) << 64 | u128::from(time)).to_le_bytes()
    }
}

impl From<Question> for Inquiry {
    fn from(question: Question) -> Self {
        let both = u128::from_le_bytes(question);
        match both as u64 {
            COST => Self::Cost,
            time => Self::Answer { after: Duration::from_nanos(time), token: (both >> 64) as u64 },
        }
    }
}

/// A question never asks for more than centuries.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(COST).min(COST - 1)
}

/// A number that every bit of both changes, and never 0: the finaliser of `SplitMix64`, twice.
fn mixed(time: u64, token: u64) -> u64 {
    finalised(finalised(time) ^ token).max(1)
}

fn finalised(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_as_it_was_asked() {
        for inquiry in [
            Inquiry::Cost,
            Inquiry::Answer { after: Duration::from_nanos(1_234_567_890), token: u64::MAX },
            Inquiry::Answer { after: Duration::ZERO, token: 0 },
        ] {
            assert_eq!(Inquiry::from(Question::from(inquiry)), inquiry);
        }
        let bytes = Question::from(Inquiry::Answer { after: Duration::from_nanos(0x0201), token: 0x0403 });
        assert_eq!(bytes, [1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_time_beyond_all_questions_is_no_question_for_the_cost() {
        let ages = Inquiry::Answer { after: Duration::MAX, token: 1 };
        assert_ne!(Inquiry::from(Question::from(ages)), Inquiry::Cost);
    }

    #[test]
    fn answers_follow_from_time_and_token_and_are_never_none() {
        let answer = |nanos, token| Inquiry::Answer { after: Duration::from_nanos(nanos), token }.answer();
        assert_eq!(answer(0, 0), Some(1));
        assert_eq!(answer(1, 2), Some(0xef30_b01c_2974_aeeb));
        assert_ne!(answer(1, 2), answer(2, 1));
        assert_eq!(Inquiry::Cost.answer(), None);
    }
}
