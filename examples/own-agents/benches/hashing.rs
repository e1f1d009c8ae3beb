//! Agents that compute, a few of them ten times as long as the others.

centurion::bench! { "hashing", 100, |agent| own_agents::hash(agent) }
