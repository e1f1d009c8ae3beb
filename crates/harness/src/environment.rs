//! What the machine and the build are.

use std::path::Path;
use std::sync::LazyLock;

use centurion_record::Environment;

use crate::cpus::Cpus;
use crate::probe;

/// Describes this machine and this build. Commit and dirtiness are the caller's to fill in: they belong to
/// the checkout, which this room does not look at.
pub fn detect(cpus: &Cpus) -> Environment {
    let cpu_info = probe::text("/proc/cpuinfo").unwrap_or_default();
    Environment {
        cpu_model: ["model name", "Model", "cpu model"]
            .iter()
            .find_map(|key| probe::field(&cpu_info, key))
            .unwrap_or(std::env::consts::ARCH)
            .to_owned(),
        physical_cores: cpus.physical,
        logical_cpus: cpus.count(),
        quota_cpus: quota_cpus(),
        pinning: cpus.pinning,
        governor: probe::text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        virtualised: probe::field(&cpu_info, "flags")
            .is_some_and(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor")),
        memory_bytes: memory_bytes().unwrap_or(0),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        kernel: probe::text("/proc/sys/kernel/osrelease").unwrap_or_default(),
        rustc: env!("CENTURION_RUSTC").into(),
        flags: env!("CENTURION_FLAGS").into(),
        commit: None,
        dirty: false,
    }
}

/// Digest of the code that decides what is computed and how it is timed: two runs compare where it is
/// equal. An executor's code is not part of it, for that is what a comparison is about.
pub fn bench_code() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| {
        centurion_digest::combined(&[centurion_agents::SOURCES_DIGEST, env!("CENTURION_HARNESS_SOURCES")])
    });
    &DIGEST
}

fn memory_bytes() -> Option<u64> {
    let info = probe::text("/proc/meminfo")?;
    let kilobytes: u64 = probe::field(&info, "MemTotal")?.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// CPUs' worth of time the process may use: the smallest quota of its control group and that one's
/// parents, for version 2 and version 1 of the interface.
fn quota_cpus() -> Option<f64> {
    let groups = probe::text("/proc/self/cgroup")?;
    let own = groups.lines().find_map(|line| line.splitn(3, ':').nth(2))?;
    Path::new(own)
        .ancestors()
        .filter_map(|group| {
            let group = group.strip_prefix("/").unwrap_or(group);
            let unified = Path::new("/sys/fs/cgroup").join(group).join("cpu.max");
            probe::text(unified).and_then(|text| parse_quota(&text)).or_else(|| quota_v1(group))
        })
        .min_by(f64::total_cmp)
}

fn quota_v1(group: &Path) -> Option<f64> {
    let folder = Path::new("/sys/fs/cgroup/cpu").join(group);
    let value = |name: &str| probe::text(folder.join(name));
    parse_quota(&format!("{} {}", value("cpu.cfs_quota_us")?, value("cpu.cfs_period_us")?))
}

/// `"150000 100000"` is 1.5 CPUs; `"max 100000"` and `"-1 100000"` are no quota.
fn parse_quota(text: &str) -> Option<f64> {
    let (quota, period) = text.split_once(' ')?;
    let (quota, period): (f64, f64) = (quota.parse().ok()?, period.parse().ok()?);
    (quota > 0.0 && period > 0.0).then(|| quota / period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_are_read_in_cpus() {
        assert_eq!(parse_quota("150000 100000"), Some(1.5));
        assert_eq!(parse_quota("max 100000"), None);
        assert_eq!(parse_quota("-1 100000"), None);
    }

    #[test]
    fn the_environment_names_a_processor_and_a_compiler() {
        let environment = detect(&Cpus::detect());
        assert!(!environment.cpu_model.is_empty() && environment.logical_cpus > 0);
        assert!(environment.rustc.starts_with("rustc 1."), "{}", environment.rustc);
        assert_eq!(bench_code().len(), 16);
    }
}
