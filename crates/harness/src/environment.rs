//! What the machine and the build are.

use std::sync::LazyLock;

use centurion_record::Environment;

use crate::cgroup::quota_cpus;
use crate::cpus::Cpus;
use crate::probe;

/// Describes this machine and this build. Commit and dirtiness are the caller's to fill in, who knows what the whole
/// program was built from.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_a_processor_and_a_compiler() {
        let environment = detect(&Cpus::detect());
        assert!(!environment.cpu_model.is_empty() && environment.logical_cpus > 0);
        assert!(environment.rustc.starts_with("rustc 1."), "{}", environment.rustc);
        assert_eq!(bench_code().len(), 16);
    }
}
