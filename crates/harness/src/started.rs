//! An executor that was started, and how it ends.

use std::ops::Deref;

use centurion_executors::Executor;

use crate::error::SampleError;
use crate::sample::guarded;

/// An executor. Should it panic as it ends, its cell fails and the others are measured.
pub(crate) struct StartedExecutor(Option<Box<dyn Executor>>);

impl StartedExecutor {
    pub(crate) fn new(executor: Box<dyn Executor>) -> Self {
        Self(Some(executor))
    }

    /// Ends it.
    pub(crate) fn end(mut self) -> Result<(), SampleError> {
        self.drop_it()
    }

    fn drop_it(&mut self) -> Result<(), SampleError> {
        let executor = self.0.take();
        guarded(|| drop(executor))
    }
}

impl Deref for StartedExecutor {
    type Target = dyn Executor;

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().expect("it is there until it ends")
    }
}

impl Drop for StartedExecutor {
    /// What failed before is what is told.
    fn drop(&mut self) {
        let _ = self.drop_it();
    }
}
