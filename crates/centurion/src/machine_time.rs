//! CPU time of the whole machine.

use std::time::Duration;

use crate::files;

/// Milliseconds of a tick of `/proc/stat`: a hundredth of a second wherever Linux runs.
const TICK: u64 = 10;

/// What all programs have used since the machine started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MachineTime(Duration);

impl MachineTime {
    /// `None` where the system does not say.
    pub(crate) fn read() -> Option<Self> {
        Self::from_stat(&files::read("/proc/stat".as_ref()).ok()?)
    }

    /// From the first line: user, nice, system, idle, iowait, irq, softirq, steal. What was stolen was kept from us.
    fn from_stat(text: &str) -> Option<Self> {
        let numbers = text.lines().next()?.strip_prefix("cpu ")?.split_whitespace();
        let ticks: Vec<u64> = numbers.map_while(|number| number.parse().ok()).collect();
        let [user, nice, system, _idle, _iowait, irq, softirq, steal, ..] = ticks[..] else { return None };
        Some(Self(Duration::from_millis(TICK * (user + nice + system + irq + softirq + steal))))
    }

    pub(crate) fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_idle_nor_waiting_for_a_disk_is_used() {
        let read = MachineTime::from_stat("cpu  1 2 4 1000 2000 8 16 32 0 0\ncpu0 1\n");
        assert_eq!(read, Some(MachineTime(Duration::from_millis(630))));
        assert_eq!((MachineTime::from_stat(""), MachineTime::from_stat("cpu  1 2\n")), (None, None));
    }
}
