//! Which CPUs there are, and keeping threads on them.

use std::collections::BTreeMap;

use crate::probe;

/// The CPUs this process may use, one of each physical core first, then their siblings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cpus {
    /// CPU numbers in the order in which cores are taken into use.
    order: Vec<usize>,
    /// How many of them, from the front, are on physical cores of their own.
    pub physical: usize,
    /// Whether threads can be kept on chosen CPUs.
    pub pinning: bool,
}

impl Cpus {
    /// Asks the operating system.
    pub fn detect() -> Self {
        match affinity::allowed() {
            Some(allowed) => {
                let cores = allowed.iter().map(|&cpu| (cpu, core_of(cpu))).collect::<Vec<_>>();
                Self { pinning: affinity::set(&allowed), ..Self::arrange(&cores) }
            }
            None => Self::without_pinning(std::thread::available_parallelism().map_or(1, usize::from)),
        }
    }

    fn without_pinning(count: usize) -> Self {
        Self { order: (0..count).collect(), physical: count, pinning: false }
    }

    /// Orders CPUs, given as `(cpu, physical core)`, so that every core comes before any second sibling.
    fn arrange(cpus: &[(usize, (usize, usize))]) -> Self {
        let mut siblings = BTreeMap::<_, usize>::new();
        let mut ranked: Vec<_> = cpus
            .iter()
            .map(|&(cpu, core)| {
                let rank = siblings.entry(core).or_default();
                *rank += 1;
                (*rank, cpu)
            })
            .collect();
        ranked.sort_unstable();
        let physical = siblings.len();
        Self { order: ranked.into_iter().map(|(_, cpu)| cpu).collect(), physical, pinning: false }
    }

    /// Number of usable CPUs.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// The core counts worth measuring: 1, 2, 4 … and all physical cores, then all CPUs if there are more.
    pub fn sweep(&self) -> Vec<usize> {
        let mut counts: Vec<usize> = std::iter::successors(Some(1), |cores| Some(cores * 2))
            .take_while(|&n| n < self.physical)
            .collect();
        counts.push(self.physical);
        if self.count() > self.physical {
            counts.push(self.count());
        }
        counts
    }

    /// Restricts the calling thread, and threads it starts from now on, to the first `cores` CPUs.
    pub fn restrict(&self, cores: usize) {
        if self.pinning {
            affinity::set(&self.order[..cores.min(self.count())]);
        }
    }

    /// Keeps the calling thread on the CPU taken into use as number `index`, if there is one.
    pub fn pin(&self, index: usize) {
        if let (true, Some(&cpu)) = (self.pinning, self.order.get(index)) {
            affinity::set(&[cpu]);
        }
    }
}

/// `(package, core)` of a CPU; a core of its own when the system does not say.
fn core_of(cpu: usize) -> (usize, usize) {
    let id = |name: &str| {
        probe::number(&format!("/sys/devices/system/cpu/cpu{cpu}/topology/{name}")).map(|id| id as usize)
    };
    match (id("physical_package_id"), id("core_id")) {
        (Some(package), Some(core)) => (package, core),
        _ => (usize::MAX, cpu),
    }
}

#[cfg(target_os = "linux")]
mod affinity {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    const THIS_THREAD: Pid = Pid::from_raw(0);

    pub(super) fn allowed() -> Option<Vec<usize>> {
        let set = sched_getaffinity(THIS_THREAD).ok()?;
        Some((0..CpuSet::count()).filter(|&cpu| set.is_set(cpu).unwrap_or(false)).collect())
    }

    pub(super) fn set(cpus: &[usize]) -> bool {
        let mut set = CpuSet::new();
        cpus.iter().all(|&cpu| set.set(cpu).is_ok()) && sched_setaffinity(THIS_THREAD, &set).is_ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod affinity {
    pub(super) fn allowed() -> Option<Vec<usize>> {
        None
    }

    pub(super) fn set(_: &[usize]) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn physical_cores_come_before_siblings() {
        // Two cores with two threads each, numbered as most machines number them, and interleaved.
        let usual = Cpus::arrange(&[(0, (0, 0)), (1, (0, 1)), (2, (0, 0)), (3, (0, 1))]);
        let interleaved = Cpus::arrange(&[(0, (0, 0)), (1, (0, 0)), (2, (0, 1)), (3, (0, 1))]);
        assert_eq!((usual.order, usual.physical), (vec![0, 1, 2, 3], 2));
        assert_eq!((interleaved.order, interleaved.physical), (vec![0, 2, 1, 3], 2));
    }

    #[test]
    fn the_sweep_ends_with_all_cores_and_then_all_siblings() {
        let cpus = |physical, count| Cpus { order: (0..count).collect(), physical, pinning: false };
        assert_eq!(cpus(1, 1).sweep(), [1]);
        assert_eq!(cpus(2, 2).sweep(), [1, 2]);
        assert_eq!(cpus(6, 12).sweep(), [1, 2, 4, 6, 12]);
        assert_eq!(cpus(64, 64).sweep(), [1, 2, 4, 8, 16, 32, 64]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_restricted_thread_sees_only_its_cpus() {
        let cpus = Cpus::detect();
        cpus.restrict(1);
        assert_eq!(affinity::allowed().map(|allowed| allowed.len()), cpus.pinning.then_some(1));
        cpus.restrict(cpus.count());
        assert_eq!(affinity::allowed().map(|allowed| allowed.len()), Some(cpus.count()));
    }
}
