//! Why a task has no result.

use std::fmt;
use std::iter::successors;
use std::mem;
use std::sync::Arc;

use crate::metadata::TaskName;

/// How many tasks of a long path a message names, from either end.
const NAMED: usize = 4;

/// Why a task has no result: its own fault, or that of a task it needs. Cheap to clone.
///
/// Displays as the path from the task that was asked for to the one at fault, as in
/// `summary needs judge 3, which needs agent 7, which panicked: out of memory`.
#[derive(Clone)]
pub struct Failure(Arc<Link>);

struct Link {
    task: TaskName,
    why: Why,
}

/// What happened to a task that has no result.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Why {
    /// It panicked, with this message. It stays failed.
    Panicked(String),
    /// It returned an error that reads so. It stays failed.
    Failed(String),
    /// It needs a task that failed. It stays failed.
    Needs(Failure),
    /// It had not started when the computation was cancelled. It can run later.
    Cancelled,
    /// It had not started when the deadline passed. It can run later.
    DeadlineExceeded,
    /// It needs a task on top of which it was asked for, on the same thread: waiting for it would never end.
    Deadlock,
}

impl Failure {
    pub(crate) fn new(task: TaskName, why: Why) -> Self {
        Self(Arc::new(Link { task, why }))
    }

    /// Name of the task that has no result.
    pub fn task(&self) -> String {
        self.0.task.to_string()
    }

    /// What happened to it.
    pub fn why(&self) -> &Why {
        &self.0.why
    }

    /// From this failure through the failures it follows from, down to the first.
    pub fn path(&self) -> impl Iterator<Item = &Failure> {
        successors(Some(self), |failure| match failure.why() {
            Why::Needs(cause) => Some(cause),
            _ => None,
        })
    }

    /// The failure that all of this follows from.
    pub fn root(&self) -> &Failure {
        self.path().last().unwrap_or(self)
    }
}

/// Equal if it is the same event, as it is for clones.
impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Failure {}

impl Link {
    fn take_cause(&mut self) -> Option<Failure> {
        match mem::replace(&mut self.why, Why::Cancelled) {
            Why::Needs(cause) => Some(cause),
            _ => None,
        }
    }
}

/// A path may be as long as the graph is deep, so that dropping it link by link must not recurse.
impl Drop for Link {
    fn drop(&mut self) {
        let mut next = self.take_cause();
        while let Some(Failure(link)) = next {
            next = Arc::into_inner(link).and_then(|mut link| link.take_cause());
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<_> = self.path().collect();
        let left_out = NAMED..path.len().saturating_sub(NAMED).max(NAMED);
        write!(f, "{}", self.0.task)?;
        for (position, failure) in path.iter().enumerate() {
            let which = if position == 0 { "" } else { ", which" };
            match failure.why() {
                Why::Needs(_) if position == left_out.start && !left_out.is_empty() => {
                    write!(f, ", which needs … ({} more) …", left_out.len())?;
                }
                Why::Needs(_) if left_out.contains(&position) => {}
                Why::Needs(cause) => write!(f, "{which} needs {}", cause.0.task)?,
                why => write!(f, "{which} {why}")?,
            }
        }
        Ok(())
    }
}

/// As it displays: a path of a hundred thousand failures is no use written out.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure({self})")
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(message) => write!(f, "panicked: {message}"),
            Self::Failed(error) => write!(f, "failed: {error}"),
            Self::Needs(cause) => write!(f, "needs {cause}"),
            Self::Cancelled => f.write_str("was not started: cancelled"),
            Self::DeadlineExceeded => f.write_str("was not started: the deadline had passed"),
            Self::Deadlock => {
                f.write_str("was asked for on top of a task it needs; make it an input of that task instead")
            }
        }
    }
}
