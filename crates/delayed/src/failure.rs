//! Why a task has no result.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::iter::successors;
use std::mem;
use std::sync::Arc;

use crate::Panicked;
use crate::metadata::TaskName;

/// How many tasks of a long path a message names, from either end.
const NAMED: usize = 4;

/// What is said of a task that was not started because another failed.
const STOPPED: &str = "was not started, to stop at the first failure";

/// Why a task has no result: its own fault, or that of tasks it needs. Cheap to clone.
///
/// Displays as the path from the task that was asked for to the one at fault, as in
/// `summary needs judge 3, which needs agent 7, which failed: out of memory`. Of several inputs that failed it follows
/// the first, and counts the rest; [`roots`](Self::roots) has all that are at fault.
///
/// The error that a task returned is kept as it is:
///
/// ```
/// use std::num::{IntErrorKind, ParseIntError};
/// use centurion_delayed::try_delayed;
///
/// let number = try_delayed(|| "".parse::<i32>()).named("number");
/// let failure = number.then(|number| number * 2).compute_scoped(1).unwrap_err();
/// let error = failure.error().and_then(|error| error.downcast_ref::<ParseIntError>()).unwrap();
/// assert_eq!(error.kind(), &IntErrorKind::Empty);
/// ```
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
    /// It panicked. It stays failed.
    Panicked(Panicked),
    /// It returned this error. It stays failed.
    Failed(Arc<dyn Error + Send + Sync>),
    /// It needs tasks that failed: those that had by then, in the order of its inputs. It stays failed.
    Needs(Vec<Failure>),
    /// It had not started when the computation was cancelled. It can run later.
    Cancelled,
    /// It had not started when the deadline passed. It can run later.
    DeadlineExceeded,
    /// It had not started when another task failed, and the computation was to stop at the first failure. It can run
    /// later.
    Stopped(Failure),
    /// The computation came back at a limit, while the tasks of these names still ran. It can run later, or runs already.
    LeftRunning(Vec<String>),
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

    /// From this failure through the failures it follows from, of several always the first, down to the first.
    pub fn path(&self) -> impl Iterator<Item = &Failure> {
        successors(Some(self), |failure| failure.causes().first())
    }

    /// The failure that all of this follows from; of several, the one at the end of the [`path`](Self::path).
    pub fn root(&self) -> &Failure {
        self.path().last().unwrap_or(self)
    }

    /// Every failure at fault, each once: those that follow from no other.
    pub fn roots(&self) -> Vec<&Failure> {
        let (mut roots, mut left, mut seen) = (Vec::new(), vec![self], HashSet::new());
        while let Some(failure) = left.pop() {
            if !seen.insert(Arc::as_ptr(&failure.0)) {
                continue;
            }
            match failure.causes() {
                [] => roots.push(failure),
                causes => left.extend(causes.iter().rev()),
            }
        }
        roots
    }

    /// The error at the [root](Self::root), if a task returned one: to be downcast, or asked for its source.
    pub fn error(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        match self.root().why() {
            Why::Failed(error) => Some(&**error),
            _ => None,
        }
    }

    /// The failures that this one follows from.
    fn causes(&self) -> &[Failure] {
        self.0.why.causes()
    }
}

impl Why {
    fn causes(&self) -> &[Failure] {
        match self {
            Self::Needs(causes) => causes,
            Self::Stopped(cause) => std::slice::from_ref(cause),
            _ => &[],
        }
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
    fn take_causes(&mut self) -> Vec<Failure> {
        match mem::replace(&mut self.why, Why::Cancelled) {
            Why::Needs(causes) => causes,
            Why::Stopped(cause) => vec![cause],
            _ => Vec::new(),
        }
    }
}

/// A path may be as long as the graph is deep, so that dropping it link by link must not recurse.
impl Drop for Link {
    fn drop(&mut self) {
        let mut left = self.take_causes();
        while let Some(Failure(link)) = left.pop() {
            left.extend(Arc::into_inner(link).map(|mut link| link.take_causes()).unwrap_or_default());
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<_> = self.path().collect();
        let left_out = NAMED..path.len().saturating_sub(NAMED).max(NAMED);
        write!(f, "{}", self.0.task)?;
        for (position, failure) in path.iter().enumerate() {
            let after_stop = position > 0 && matches!(path[position - 1].why(), Why::Stopped(_));
            let which = if position == 0 || after_stop { "" } else { ", which" };
            match failure.why() {
                Why::Needs(_) if position == left_out.start && !left_out.is_empty() => {
                    write!(f, ", which needs … ({} more) …", left_out.len())?;
                }
                Why::Needs(_) if left_out.contains(&position) => {}
                Why::Needs(causes) => write!(f, "{which} {}", FailedInputs(causes))?,
                Why::Stopped(cause) => write!(f, "{which} {STOPPED}: {}", cause.0.task)?,
                why => write!(f, "{which} {why}")?,
            }
        }
        Ok(())
    }
}

/// The first of the tasks that are needed and failed, and how many more there are.
struct FailedInputs<'a>(&'a [Failure]);

impl fmt::Display for FailedInputs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("needs nothing"),
            [only] => write!(f, "needs {}", only.0.task),
            [first, more @ ..] => write!(f, "needs {} (and {} more that failed)", first.0.task, more.len()),
        }
    }
}

/// As it displays: a path of a hundred thousand failures is no use written out.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure({self})")
    }
}

/// Its source is the error that the task at fault returned.
impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error().map(|error| error as &(dyn Error + 'static))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(panicked) => panicked.fmt(f),
            Self::Failed(error) => write!(f, "failed: {error}"),
            Self::Needs(causes) => FailedInputs(causes).fmt(f),
            Self::Cancelled => f.write_str("was not started: cancelled"),
            Self::DeadlineExceeded => f.write_str("was not started: the deadline had passed"),
            Self::Stopped(cause) => write!(f, "{STOPPED}: {cause}"),
            Self::LeftRunning(tasks) => {
                write!(f, "has no result in time, for these still run: {}", tasks.join(", "))
            }
            Self::Deadlock => {
                f.write_str("was asked for on top of a task it needs; make it an input of that task instead")
            }
        }
    }
}
