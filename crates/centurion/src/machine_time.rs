//! CPU time of the whole machine.

use std::time::Duration;

use crate::files;

/// Milliseconds of a tick of `/proc/stat`: a hundredth of a second wherever Linux runs.
const TICK: u64 = 10;

/// What all programs have used since the machine started, and what was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MachineTime {
    used: Duration,
    /// The part of that which a hypervisor kept from us.
    stolen: Duration,
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
        let all_used = time(user + nice + system + irq + softirq + steal);
        Some(Self { used: all_used, stolen: time(steal), unused: time(idle + iowait) })
    }

    fn used_since(self, earlier: Self) -> Duration {
        self.used.saturating_sub(earlier.used)
    }

    /// Time of all CPUs since then.
    fn passed_since(self, earlier: Self) -> Duration {
        self.used_since(earlier) + self.unused.saturating_sub(earlier.unused)
    }

    /// Share of the CPUs' time that was used since then. `None` where no time has passed.
    pub(crate) fn share_since(self, earlier: Self) -> Option<f64> {
        share(self.used_since(earlier), self.passed_since(earlier))
    }

    /// Share of the CPUs' time since then that was used by others than those who used so much. `None` where no time has
    /// passed.
    #[cfg(unix)]
    pub(crate) fn share_of_others_since(self, earlier: Self, own: Duration) -> Option<f64> {
        share(self.used_since(earlier).saturating_sub(own), self.passed_since(earlier))
    }

    /// Share of the CPUs' time since then that a hypervisor kept from us. `None` where no time has passed.
    #[cfg(unix)]
    pub(crate) fn share_stolen_since(self, earlier: Self) -> Option<f64> {
        share(self.stolen.saturating_sub(earlier.stolen), self.passed_since(earlier))
    }
}

fn share(part: Duration, all: Duration) -> Option<f64> {
    (!all.is_zero()).then(|| part.as_secs_f64() / all.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_idle_nor_waiting_for_a_disk_is_used() {
        let read = MachineTime::from_stat("cpu  1 2 4 1000 2000 8 16 32 0 0\ncpu0 1\n");
        let time = Duration::from_millis;
        let expected = MachineTime { used: time(630), stolen: time(320), unused: time(30_000) };
        assert_eq!(read, Some(expected));
        let earlier = MachineTime { used: time(330), stolen: time(95), unused: time(29_400) };
        assert_eq!(expected.share_since(earlier), Some(1.0 / 3.0));
        assert_eq!(expected.share_of_others_since(earlier, time(75)), Some(0.25));
        assert_eq!(expected.share_stolen_since(earlier), Some(0.25));
        assert_eq!(earlier.share_since(earlier), None);
        assert_eq!((MachineTime::from_stat(""), MachineTime::from_stat("cpu  1 2\n")), (None, None));
    }
}
