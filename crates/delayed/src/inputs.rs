//! What tasks need: nothing, another task, two, or many.

use crate::Delayed;
use crate::task::{AnyTask, TaskState};

/// The handles of the tasks that a task needs. It keeps them alive until it runs.
pub(crate) trait Inputs: Send {
    /// Whether all of them are there. One that failed outweighs those that are pending.
    fn state(&self) -> TaskState<'_>;

    /// Appends the tasks themselves.
    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e;
}

impl Inputs for () {
    fn state(&self) -> TaskState<'_> {
        TaskState::Done
    }

    fn tasks<'e>(&self, _: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
    }
}

impl<A> Inputs for Delayed<'_, A> {
    fn state(&self) -> TaskState<'_> {
        self.task.state()
    }

    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        into.push(self.task.clone());
    }
}

impl<A, B> Inputs for (Delayed<'_, A>, Delayed<'_, B>) {
    fn state(&self) -> TaskState<'_> {
        self.0.state().and(self.1.state())
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
    fn state(&self) -> TaskState<'_> {
        self.iter().map(Inputs::state).fold(TaskState::Done, TaskState::and)
    }

    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        self.iter().for_each(|input| input.tasks(into));
    }
}
