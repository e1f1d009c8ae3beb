//! The tasks of a plan.

use std::num::NonZero;
use std::sync::{Arc, Mutex};

use crate::lock::lock;
#[cfg(feature = "draw")]
use crate::metadata::TaskName;
use crate::steps::Steps;
use crate::task::AnyTask;

/// What is to be run.
pub(crate) struct PlannedWork<'env> {
    pub(crate) tasks: Box<[PlannedTask<'env>]>,
    pub(crate) steps: Steps,
    /// Whether any of the tasks waits.
    pub(crate) waits: bool,
}

/// A task of a plan, which is let go of when it has run: its result lives as long as a handle of somebody who needs it.
pub(crate) struct PlannedTask<'env>(Mutex<PlannedState<'env>>);

enum PlannedState<'env> {
    Held(AnyTask<'env>),
    /// What is told of it later.
    Ran {
        #[cfg(feature = "draw")]
        name: TaskName,
        nanoseconds: NonZero<u64>,
    },
}

impl<'env> PlannedTask<'env> {
    pub(crate) fn new(task: AnyTask<'env>) -> Self {
        Self(Mutex::new(PlannedState::Held(task)))
    }

    /// The task, until it has run.
    pub(crate) fn held(&self) -> Option<AnyTask<'env>> {
        match &*lock(&self.0) {
            PlannedState::Held(task) => Some(Arc::clone(task)),
            PlannedState::Ran { .. } => None,
        }
    }

    /// Lets go of the task, if it has run. The handle is the last that the plan had.
    pub(crate) fn let_go(&self, task: AnyTask<'env>) {
        if let Some(nanoseconds) = task.metadata().nanoseconds() {
            let ran = PlannedState::Ran {
                #[cfg(feature = "draw")]
                name: task.name(),
                nanoseconds,
            };
            drop(task);
            let held = std::mem::replace(&mut *lock(&self.0), ran);
            drop(held); // which may drop a result, and that may do anything
        }
    }

    #[cfg(feature = "draw")]
    pub(crate) fn name(&self) -> TaskName {
        match &*lock(&self.0) {
            PlannedState::Held(task) => task.name(),
            PlannedState::Ran { name, .. } => name.clone(),
        }
    }

    /// What it took. `None` if it has not run.
    pub(crate) fn nanoseconds(&self) -> Option<NonZero<u64>> {
        match &*lock(&self.0) {
            PlannedState::Held(task) => task.metadata().nanoseconds(),
            PlannedState::Ran { nanoseconds, .. } => Some(*nanoseconds),
        }
    }
}
