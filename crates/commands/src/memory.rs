//! The memory of agents, told from ours.

use std::sync::atomic::{AtomicU64, Ordering};

/// The most memory that this process was last seen to have had. It only grows.
static OURS: AtomicU64 = AtomicU64::new(0);

/// The most memory an agent had, of what the system says. Linux counts to it what the process that started it had had
/// until then, so that no more than that says nothing of the agent.
pub(crate) fn peak_of_agent(counted: u64) -> Option<u64> {
    if counted <= OURS.load(Ordering::Relaxed) {
        return None;
    }
    let ours = OURS.fetch_max(peak_of_this_process(), Ordering::Relaxed).max(OURS.load(Ordering::Relaxed));
    (counted > ours).then_some(counted)
}

/// In bytes; 0 where the system does not count it so.
#[expect(clippy::disallowed_methods, reason = "the kernel is asked; there is no such file")]
fn peak_of_this_process() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_process_had_says_nothing_of_an_agent() {
        assert_eq!(peak_of_agent(1), None);
        let ours = peak_of_this_process();
        assert_eq!(peak_of_agent(ours), None);
        assert_eq!(peak_of_agent(ours + (1 << 40)), Some(ours + (1 << 40)));
    }
}
