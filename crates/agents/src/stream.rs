//! One stream of random numbers per agent.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The agent's own stream: the seed picks the key and the agent's index the nonce (`ChaCha8`), so no two
/// agents of a workload share a stream and an agent draws the same numbers however many others there are.
pub(crate) fn agent_stream(seed: u64, agent: usize) -> ChaCha8Rng {
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    stream.set_stream(agent as u64);
    stream
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::Rng;

    use super::*;

    #[test]
    fn no_two_agents_share_a_stream() {
        let first_draws: HashSet<u64> = (0..4)
            .flat_map(|seed| (0..1000).map(move |agent| agent_stream(seed, agent).next_u64()))
            .collect();
        assert_eq!(first_draws.len(), 4000);
    }
}
