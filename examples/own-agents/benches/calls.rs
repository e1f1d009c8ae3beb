//! Agents that wait for a server, whose answers are known.

use centurion::bench::Bench;

centurion::bench!({
    let server = own_agents::start().expect("loopback has a free port");
    Bench::with_futures("calls", 100, move |agent| own_agents::call(server, agent))
        .expect(|agent| Ok((agent * agent) as u64))
});
