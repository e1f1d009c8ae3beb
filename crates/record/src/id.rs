//! The id of a cell: what is measured in it, in a form that people can type and filters can match.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What the executor's name of an identical copy ends in.
const COPY: &str = "-again";

/// Id of a cell, written `family/executor/[member-]<cores>c-<workers>w`, such as `thinking/rayon/2c-100w` or, for one
/// of the workloads of a family, `grain/rayon/4096-2c-2w`.
///
/// ```
/// # fn main() -> Result<(), centurion_record::CellIdError> {
/// let id: centurion_record::CellId = "grain/rayon/4096-2c-16w".parse()?;
/// assert_eq!((&*id.family, &*id.member, id.cores, id.workers), ("grain", "4096", 2, 16));
/// assert_eq!(id.to_copy().to_string(), "grain/rayon-again/4096-2c-16w");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CellId {
    /// Name of the workload's family, which is its own name where it stands alone.
    pub family: String,
    /// Which workload of the family, such as `4096`; empty where it stands alone.
    pub member: String,
    /// Name of the executor.
    pub executor: String,
    /// CPUs the process is restricted to.
    pub cores: usize,
    /// Workers the executor has.
    pub workers: usize,
}

/// A text that is not the id of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not the id of a cell, which is like `deciding/rayon/2c-2w` or `grain/rayon/4096-2c-2w`")]
pub struct CellIdError {
    text: String,
}

impl CellId {
    /// The id of a workload's cell, given by the name and the family of the workload.
    pub fn new(workload: &str, family: &str, executor: &str, (cores, workers): (usize, usize)) -> Self {
        let member = workload.strip_prefix(family).unwrap_or(workload).trim_start_matches('-');
        Self { family: family.into(), member: member.into(), executor: executor.into(), cores, workers }
    }

    /// The id of this cell's identical copy.
    #[must_use]
    pub fn to_copy(&self) -> Self {
        self.with_executor(&format!("{}{COPY}", self.executor))
    }

    /// The same place of the same workload under another executor.
    #[must_use]
    pub fn with_executor(&self, executor: &str) -> Self {
        Self { executor: executor.into(), ..self.clone() }
    }

    /// The id that all workloads of the family share at this place.
    #[must_use]
    pub fn of_family(&self) -> Self {
        Self { member: String::new(), ..self.clone() }
    }

    /// What a reader of its text takes it for: the same, but where the name of a family has a `/`.
    pub(crate) fn as_read(&self) -> Self {
        self.to_string().parse().unwrap_or_else(|_| self.clone())
    }

    /// Where it is measured, as the last part of the id says it: `2c-16w`, or `4096-2c-16w`.
    pub fn place(&self) -> String {
        let separator = if self.member.is_empty() { "" } else { "-" };
        format!("{}{separator}{}c-{}w", self.member, self.cores, self.workers)
    }
}

/// Name of the executor that one with this name is an identical copy of, if its name says so.
pub(crate) fn copied(executor: &str) -> Option<&str> {
    executor.strip_suffix(COPY)
}

impl fmt::Display for CellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}/{}", self.family, self.executor, self.place()))
    }
}

impl FromStr for CellId {
    type Err = CellIdError;

    fn from_str(text: &str) -> Result<Self, CellIdError> {
        let id = read(text).filter(|id| id.to_string() == text);
        id.ok_or_else(|| CellIdError { text: text.chars().take(100).collect() })
    }
}

fn read(text: &str) -> Option<CellId> {
    let (family, rest) = text.split_once('/')?;
    let (executor, place) = rest.rsplit_once('/')?;
    let (front, workers) = place.strip_suffix('w')?.rsplit_once("c-")?;
    let (member, cores) = front.rsplit_once('-').unwrap_or(("", front));
    let is_named = !family.is_empty() && !executor.is_empty();
    is_named.then_some(CellId {
        family: family.into(),
        member: member.into(),
        executor: executor.into(),
        cores: cores.parse().ok()?,
        workers: workers.parse().ok()?,
    })
}

impl TryFrom<String> for CellId {
    type Error = CellIdError;

    fn try_from(text: String) -> Result<Self, CellIdError> {
        text.parse()
    }
}

impl From<CellId> for String {
    fn from(id: CellId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_is_written() {
        for text in
            ["thinking/rayon/2c-100w", "grain/std-counter-again/0-1c-1w", "a/b+5/x-y-64-2c-2w", "a/b/c/2c-2w"]
        {
            let id: CellId = text.parse().expect(text);
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let texts = ["", "a", "a/b", "/b/2c-2w", "a//2c-2w", "a/b/2c-2", "a/b/c-2w", "a/b/02c-2w"];
        for text in texts.into_iter().chain(["a/b/+2c-2w", "a/b/-2c-2w", "a/b/2c-99999999999999999999w"]) {
            assert!(text.parse::<CellId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_member_is_what_its_name_adds_to_the_family() {
        let id = |workload, family| CellId::new(workload, family, "rayon", (2, 4)).to_string();
        assert_eq!(id("council", "council"), "council/rayon/2c-4w");
        assert_eq!(id("grain-64", "grain"), "grain/rayon/64-2c-4w");
        assert_eq!(id("other", "grain"), "grain/rayon/other-2c-4w");
    }

    #[test]
    fn a_copy_is_told_by_the_name_of_its_executor() {
        let id = CellId::new("grain-64", "grain", "rayon", (2, 4));
        assert_eq!(copied(&id.to_copy().executor), Some("rayon"));
        assert_eq!(copied(&id.executor), None);
        assert_eq!(id.to_copy().with_executor("rayon"), id);
        assert_eq!(id.of_family().to_string(), "grain/rayon/2c-4w");
    }
}
