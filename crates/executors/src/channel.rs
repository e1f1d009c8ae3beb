//! Crossbeam scoped threads fed by a crossbeam channel.

use crossbeam::channel;

use crate::{Bag, Executor, Factory, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "crossbeam-channel",
    summary: "crossbeam scoped threads that receive agents from a channel",
    workers: Workers::Any,
    placement: Placement::Spawned,
    mistake: false,
    build: |start| Ok(Box::new(Channel { workers: start.workers.get() })),
};

struct Channel {
    workers: usize,
}

impl Executor for Channel {
    fn workers(&self) -> usize {
        self.workers
    }

    fn execute(&self, bag: &Bag) {
        let (send, receive) = channel::unbounded();
        crossbeam::scope(|scope| {
            let work = || receive.iter().for_each(|index| bag.run(index));
            let mut born = 0;
            for _ in 0..self.workers.min(bag.len()) {
                match scope.builder().spawn(move |_| work()) {
                    Ok(_) => born += 1,
                    Err(error) => bag.refuse(&error),
                }
            }
            for index in 0..bag.len() {
                send.send(index).expect("the receiver outlives the scope");
            }
            drop(send);
            if born == 0 {
                work();
            }
        })
        .expect("a bag never unwinds");
    }
}
