//! CPU time of the whole machine.

use std::time::Duration;

use crate::files;

/// Milliseconds of a tick of `/proc/stat`: a hundredth of a second wherever Linux runs.
const TICK: u64 = 10;

/// What all programs have used since the machine started, and what was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MachineTime {
    used: Duration,
    unused: Duration,
}

impl MachineTime {
    /// `None` where the system does not say.
    pub(crate) fn read() -> Option<Self> {
        Self::from_stat(&files::read("/proc/stat".as_ref()).ok()?)
    }

    /// From the first line: user, nice, system, idle, iowait, irq, softirq, steal. What was stolen was kept from us.
    fn from_stat(text: &str) -> Option<Self> {
        let numbers = text.lines().next()?.strip_prefix("cpu ")?.split_whitespace();
        let ticks: Vec<u64> = numbers.map_while(|number| number.parse().ok()).collect();
        let [user, nice, system, idle, iowait, irq, softirq, steal, ..] = ticks[..] else { return None };
        let time = |ticks: u64| Duration::from_millis(TICK * ticks);
        Some(Self { used: time(user + nice + system + irq + softirq + steal), unused: time(idle + iowait) })
    }

    pub(crate) fn since(self, earlier: Self) -> Duration {
        self.used.saturating_sub(earlier.used)
    }

    /// Share of the CPUs' time that was used since then. `None` where no time has passed.
    pub(crate) fn share_since(self, earlier: Self) -> Option<f64> {
        let (used, unused) = (self.since(earlier), self.unused.saturating_sub(earlier.unused));
        let all = used + unused;
        (!all.is_zero()).then(|| used.as_secs_f64() / all.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_idle_nor_waiting_for_a_disk_is_used() {
        let read = MachineTime::from_stat("cpu  1 2 4 1000 2000 8 16 32 0 0\ncpu0 1\n");
        let time = Duration::from_millis;
        assert_eq!(read, Some(MachineTime { used: time(630), unused: time(30_000) }));
        let earlier = MachineTime { used: time(330), unused: time(29_400) };
        assert_eq!(read.and_then(|read| read.share_since(earlier)), Some(1.0 / 3.0));
        assert_eq!(earlier.share_since(earlier), None);
        assert_eq!((MachineTime::from_stat(""), MachineTime::from_stat("cpu  1 2\n")), (None, None));
    }
}
