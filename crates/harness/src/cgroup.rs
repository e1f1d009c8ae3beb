//! What control groups allow the process, in both versions of their interface.

use std::path::{Path, PathBuf};

use crate::probe;

/// CPUs' worth of time the process may use: the smallest quota of its control group and that one's parents.
pub(crate) fn quota_cpus() -> Option<f64> {
    quota(&probe::text("/proc/self/cgroup")?, |path| probe::text(path))
}

/// Time the process was held back by such quotas so far, in nanoseconds. `None` where nothing is told of it.
pub(crate) fn throttled_ns() -> Option<u64> {
    throttled(&probe::text("/proc/self/cgroup")?, |path| probe::text(path))
}

/// `groups` is the text of `/proc/<pid>/cgroup`, `read` gives the text of a file.
fn quota(groups: &str, read: impl Fn(&Path) -> Option<String>) -> Option<f64> {
    let unified = unified(groups).filter_map(|folder| parse_quota(&read(&folder.join("cpu.max"))?));
    let classic = classic(groups).filter_map(|folder| {
        let value = |name: &str| read(&folder.join(name));
        parse_quota(&format!("{} {}", value("cpu.cfs_quota_us")?, value("cpu.cfs_period_us")?))
    });
    unified.chain(classic).min_by(f64::total_cmp)
}

fn throttled(groups: &str, read: impl Fn(&Path) -> Option<String>) -> Option<u64> {
    let stat = |folder: PathBuf, field: &str| {
        let stat = read(&folder.join("cpu.stat"))?;
        probe::field(&stat, field)?.parse::<u64>().ok()
    };
    let unified = unified(groups)
        .filter_map(|folder| stat(folder, "throttled_usec"))
        .map(|microseconds| microseconds.saturating_mul(1_000));
    let classic = classic(groups).filter_map(|folder| stat(folder, "throttled_time"));
    unified.chain(classic).reduce(u64::saturating_add)
}

/// The folders of the process's group and of its parents, in version 2.
fn unified(groups: &str) -> impl Iterator<Item = PathBuf> {
    folders("/sys/fs/cgroup", group(groups, |id, controllers| id == "0" && controllers.is_empty()))
}

/// The same in version 1, where each controller has groups of its own.
fn classic(groups: &str) -> impl Iterator<Item = PathBuf> {
    let is_cpu = |_: &str, controllers: &str| controllers.split(',').any(|controller| controller == "cpu");
    folders("/sys/fs/cgroup/cpu", group(groups, is_cpu))
}

/// Path of the first group whose hierarchy, given by its number and its controllers, is the one.
fn group(groups: &str, is_it: impl Fn(&str, &str) -> bool) -> Option<&str> {
    groups.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':');
        let (id, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
        is_it(id, controllers).then_some(path)
    })
}

/// In a container the path may be that of the host, and the container's own group the top of what is mounted: then
/// only the last of these is there.
fn folders(top: &'static str, group: Option<&str>) -> impl Iterator<Item = PathBuf> {
    let groups = group.map(Path::new).into_iter().flat_map(Path::ancestors);
    groups.map(move |group| Path::new(top).join(group.strip_prefix("/").unwrap_or(group)))
}

/// `"150000 100000"` is 1.5 CPUs; `"max 100000"` and `"-1 100000"` are no quota.
fn parse_quota(text: &str) -> Option<f64> {
    let (quota, period) = text.split_once(' ')?;
    let (quota, period): (f64, f64) = (quota.parse().ok()?, period.parse().ok()?);
    (quota.is_finite() && quota > 0.0 && period > 0.0).then(|| quota / period)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a machine answers that has these files.
    fn files<'a>(files: &'a [(&str, &str)]) -> impl Fn(&Path) -> Option<String> + 'a {
        |path| {
            let text = files.iter().find(|(name, _)| Path::new(name) == path)?.1;
            Some(text.to_owned())
        }
    }

    const UNIFIED: &str = "0::/user.slice/run.scope\n";
    const CLASSIC: &str =
        "12:pids:/docker/4f1\n5:cpuset:/elsewhere\n4:cpu,cpuacct:/docker/4f1\n1:name=systemd:/s\n";
    const HYBRID: &str = "9:memory:/m\n3:cpuacct,cpu:/batch/job\n0::/user.slice\n";

    #[test]
    fn quotas_are_read_in_cpus() {
        assert_eq!(parse_quota("150000 100000"), Some(1.5));
        assert_eq!(parse_quota("max 100000"), None);
        assert_eq!(parse_quota("-1 100000"), None);
        assert_eq!(parse_quota("nan 100000"), None);
    }

    #[test]
    fn the_smallest_quota_up_to_the_top_counts() {
        let machine = files(&[
            ("/sys/fs/cgroup/user.slice/run.scope/cpu.max", "max 100000"),
            ("/sys/fs/cgroup/user.slice/cpu.max", "150000 100000"),
            ("/sys/fs/cgroup/cpu.max", "400000 100000"),
        ]);
        assert_eq!(quota(UNIFIED, machine), Some(1.5));
    }

    #[test]
    fn in_version_one_the_group_is_that_of_the_controller() {
        let machine = files(&[
            ("/sys/fs/cgroup/cpu/docker/4f1/cpu.cfs_quota_us", "50000"),
            ("/sys/fs/cgroup/cpu/docker/4f1/cpu.cfs_period_us", "100000"),
            ("/sys/fs/cgroup/cpu/elsewhere/cpu.cfs_quota_us", "1000"),
            ("/sys/fs/cgroup/cpu/elsewhere/cpu.cfs_period_us", "100000"),
        ]);
        assert_eq!(quota(CLASSIC, machine), Some(0.5));
    }

    #[test]
    fn a_container_sees_its_own_group_at_the_top_of_what_is_mounted() {
        let machine = files(&[
            ("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000"),
            ("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000"),
        ]);
        assert_eq!(quota(CLASSIC, machine), Some(2.0));
    }

    #[test]
    fn where_both_versions_are_mounted_both_are_asked() {
        let machine = files(&[
            ("/sys/fs/cgroup/cpu/batch/cpu.cfs_quota_us", "-1"),
            ("/sys/fs/cgroup/cpu/batch/cpu.cfs_period_us", "100000"),
            ("/sys/fs/cgroup/cpu/batch/job/cpu.cfs_quota_us", "300000"),
            ("/sys/fs/cgroup/cpu/batch/job/cpu.cfs_period_us", "100000"),
            ("/sys/fs/cgroup/user.slice/cpu.max", "max 100000"),
        ]);
        assert_eq!(quota(HYBRID, machine), Some(3.0));
    }

    #[test]
    fn without_groups_there_is_no_quota() {
        for groups in ["", "\n", "0:", "nonsense", UNIFIED, CLASSIC, HYBRID] {
            assert_eq!(
                (quota(groups, files(&[])), throttled(groups, files(&[]))),
                (None, None),
                "{groups:?}"
            );
        }
    }

    #[test]
    fn the_time_held_back_is_told_in_microseconds_or_nanoseconds() {
        let unified = files(&[("/sys/fs/cgroup/user.slice/cpu.stat", "usage_usec 9\nthrottled_usec 7\n")]);
        assert_eq!(throttled(UNIFIED, unified), Some(7_000));
        let classic =
            files(&[("/sys/fs/cgroup/cpu/docker/4f1/cpu.stat", "nr_throttled 2\nthrottled_time 70\n")]);
        assert_eq!(throttled(CLASSIC, classic), Some(70));
    }
}
