//! What the process used, and what happened around it.

use std::time::Duration;

use centurion_record::Round;

use crate::cgroup::throttled_ns;
use crate::clock::{self, Moment, nanoseconds};
use crate::probe;

/// CPU time and context switches of the process so far, and of the processes that it has started and waited for: agents
/// may be some of these.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    pub(crate) cpu: Duration,
    pub(crate) switches: u64,
}

impl Usage {
    #[cfg(unix)]
    pub(crate) fn read() -> Self {
        use nix::sys::resource::{UsageWho, getrusage};
        use nix::sys::time::TimeValLike;
        let used = [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].map(getrusage);
        used.into_iter().flatten().fold(Self::default(), |sum, usage| {
            let microseconds = (usage.user_time() + usage.system_time()).num_microseconds();
            let switches = usage.voluntary_context_switches() + usage.involuntary_context_switches();
            Self {
                cpu: sum.cpu + Duration::from_micros(microseconds.unsigned_abs()),
                switches: sum.switches + switches.unsigned_abs(),
            }
        })
    }

    #[cfg(not(unix))]
    pub(crate) fn read() -> Self {
        Self::default()
    }

    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(earlier.cpu),
            switches: self.switches.saturating_sub(earlier.switches),
        }
    }
}

/// The state of the machine at the start of a round.
pub(crate) struct RoundStart {
    at: Moment,
    usage: Usage,
    system: Option<SystemTime>,
    throttled_ns: Option<u64>,
}

impl RoundStart {
    pub(crate) fn read() -> Self {
        probe::reset_peak_memory();
        Self {
            at: clock::now(),
            usage: Usage::read(),
            system: SystemTime::read(),
            throttled_ns: throttled_ns(),
        }
    }

    /// What happened from the start until now; `beside` is the CPU time of what was measured outside this process.
    pub(crate) fn finish(&self, round: u32, beside: Duration) -> Round {
        let own = Usage::read().since(self.usage).cpu + beside;
        let system = SystemTime::read().zip(self.system).map(|(now, start)| now.since(start));
        Round {
            round,
            wall_ns: nanoseconds(self.at.elapsed()),
            load: probe::text("/proc/loadavg").and_then(|text| text.split(' ').next()?.parse().ok()),
            steal_ns: system.map(|system| nanoseconds(system.steal)),
            foreign_ns: system.map(|system| nanoseconds(system.busy.saturating_sub(own))),
            throttled_ns: throttled_ns().zip(self.throttled_ns).map(|(now, start)| now.saturating_sub(start)),
            peak_memory_bytes: probe::peak_memory_bytes(),
            retaken: 0,
        }
    }
}

/// CPU time of the whole machine since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SystemTime {
    pub(crate) busy: Duration,
    pub(crate) steal: Duration,
}

impl SystemTime {
    pub(crate) fn read() -> Option<Self> {
        Self::parse(&probe::text("/proc/stat")?)
    }

    /// From the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal, in
    /// hundredths of a second (the unit of that file on every architecture Rust's std supports).
    fn parse(stat: &str) -> Option<Self> {
        let ticks: Vec<u64> =
            probe::field(stat, "cpu ")?.split_whitespace().map_while(|ticks| ticks.parse().ok()).collect();
        let [user, nice, system, _idle, _iowait, irq, softirq, steal, ..] = ticks[..] else { return None };
        let time = |ticks: u64| Duration::from_millis(ticks * 10);
        Some(Self { busy: time(user + nice + system + irq + softirq), steal: time(steal) })
    }

    pub(crate) fn since(self, earlier: Self) -> Self {
        Self { busy: self.busy.saturating_sub(earlier.busy), steal: self.steal.saturating_sub(earlier.steal) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_and_stolen_time_are_told_apart() {
        let stat = "cpu  100 1 20 900 5 3 4 7 0 0\ncpu0 50 0 10 450 2 1 2 3 0 0\n";
        let expected = SystemTime { busy: Duration::from_millis(1_280), steal: Duration::from_millis(70) };
        assert_eq!(SystemTime::parse(stat), Some(expected));
        assert_eq!(SystemTime::parse("cpu 1 2\n"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_round_says_how_long_it_took() {
        let round = RoundStart::read().finish(3, Duration::ZERO);
        assert!(round.round == 3 && round.wall_ns > 0 && round.peak_memory_bytes > Some(0), "{round:?}");
    }
}
