//! One agent after another on the calling thread: what every speedup is measured against.

use crate::{Bag, Executor, Factory, Flow, Placement, Workers};

pub(crate) const FACTORY: Factory = Factory {
    name: "serial",
    summary: "one agent after another on the calling thread",
    workers: Workers::One,
    placement: Placement::Caller,
    mistake: false,
    build: |_| Ok(Box::new(Serial)),
};

struct Serial;

impl Executor for Serial {
    fn workers(&self) -> usize {
        1
    }

    fn execute(&self, bag: &Bag) {
        bag.run_range(0..bag.len());
    }

    fn execute_flow(&self, flow: &Flow) {
        flow.run_range(0..flow.len());
    }
}
