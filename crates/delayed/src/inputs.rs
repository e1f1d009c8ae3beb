//! What tasks need: nothing, another task, two, or many.

use crate::Delayed;
use crate::node::{AnyTask, Standing};

/// The handles of the tasks that a task needs. It keeps them alive until it runs.
pub(crate) trait Inputs: Send {
    /// Whether all of them are there. One that failed outweighs those that are pending.
    fn standing(&self) -> Standing<'_>;

    /// Appends the tasks themselves.
    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e;
}

impl Inputs for () {
    fn standing(&self) -> Standing<'_> {
        Standing::Done
    }

    fn tasks<'e>(&self, _: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
    }
}

impl<A> Inputs for Delayed<'_, A> {
    fn standing(&self) -> Standing<'_> {
        self.task.standing()
    }

    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        into.push(self.task.clone());
    }
}

impl<A, B> Inputs for (Delayed<'_, A>, Delayed<'_, B>) {
    fn standing(&self) -> Standing<'_> {
        self.0.standing().and(self.1.standing())
    }

    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        self.0.tasks(into);
        self.1.tasks(into);
    }
}

impl<A> Inputs for Box<[Delayed<'_, A>]> {
    fn standing(&self) -> Standing<'_> {
        self.iter().map(Inputs::standing).fold(Standing::Done, Standing::and)
    }

    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        self.iter().for_each(|input| input.tasks(into));
    }
}
