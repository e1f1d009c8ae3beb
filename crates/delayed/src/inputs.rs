//! What tasks need: nothing, another task, up to eight of several types, or many of one.

use crate::gather::Settled;
use crate::task::{AnyTask, TaskState};
use crate::{Delayed, Failure};

/// The handles of the tasks that a task needs. It keeps them alive until it runs.
pub(crate) trait Inputs: Send {
    /// Whether all of them are there. One that failed outweighs those that are pending.
    fn state(&self) -> TaskState;

    /// Appends the failures of those that failed.
    fn failures(&self, into: &mut Vec<Failure>);

    /// Appends the tasks themselves.
    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e;
}

impl<A> Inputs for Delayed<'_, A> {
    fn state(&self) -> TaskState {
        self.task.state()
    }

    fn failures(&self, into: &mut Vec<Failure>) {
        into.extend(self.task.failure().cloned());
    }

    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        into.push(self.task.clone());
    }
}

impl<A> Inputs for Box<[Delayed<'_, A>]> {
    fn state(&self) -> TaskState {
        self.iter().map(Inputs::state).fold(TaskState::Done, TaskState::and)
    }

    fn failures(&self, into: &mut Vec<Failure>) {
        self.iter().for_each(|input| input.failures(into));
    }

    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        self.iter().for_each(|input| input.tasks(into));
    }
}

/// They are there when they have ended, whether or not they failed.
impl<A> Inputs for Settled<'_, A> {
    fn state(&self) -> TaskState {
        let pending = self.0.iter().any(|input| input.task.state() == TaskState::Pending);
        if pending { TaskState::Pending } else { TaskState::Done }
    }

    fn failures(&self, _: &mut Vec<Failure>) {}

    fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
        self.0.tasks(into);
    }
}

macro_rules! tuples {
    ($(($($handle:ident),*))*) => {$(
        #[expect(non_snake_case, reason = "a handle is called as its type")]
        impl<$($handle: Inputs),*> Inputs for ($($handle,)*) {
            fn state(&self) -> TaskState {
                let ($($handle,)*) = self;
                TaskState::Done$(.and($handle.state()))*
            }

            fn failures(&self, into: &mut Vec<Failure>) {
                let ($($handle,)*) = self;
                $($handle.failures(into);)*
            }

            fn tasks<'e>(&self, into: &mut Vec<AnyTask<'e>>)
            where
                Self: 'e,
            {
                let ($($handle,)*) = self;
                $($handle.tasks(into);)*
            }
        }
    )*};
}

tuples! { (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G) (A, B, C, D, E, F, G, H) }

impl Inputs for () {
    fn state(&self) -> TaskState {
        TaskState::Done
    }

    fn failures(&self, _: &mut Vec<Failure>) {}

    fn tasks<'e>(&self, _: &mut Vec<AnyTask<'e>>)
    where
        Self: 'e,
    {
    }
}
