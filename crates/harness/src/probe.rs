//! Reading what the kernel says of the machine. Whatever it does not say is `None`.
#![expect(
    clippy::disallowed_methods,
    reason = "the kernel speaks through files, and this is the room that asks it"
)]

use std::fs;
use std::path::Path;

/// The trimmed text of a file, `None` if it can't be read or is empty.
pub(crate) fn text(path: impl AsRef<Path>) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The whole number a file consists of.
pub(crate) fn number(path: &str) -> Option<u64> {
    text(path)?.parse().ok()
}

/// The rest of the first line of `text` that starts with `key`, without colon and white space.
pub(crate) fn field<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let rest = text.lines().find_map(|line| line.strip_prefix(key))?;
    Some(rest.trim_start_matches(|c: char| c == ':' || c.is_whitespace()).trim_end())
}

/// Makes the kernel count the peak memory of this process afresh.
pub(crate) fn reset_peak_memory() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Peak resident memory of this process in bytes, since the last reset.
pub(crate) fn peak_memory_bytes() -> Option<u64> {
    memory_bytes("VmHWM")
}

/// Memory of this process that is resident now, in bytes.
pub(crate) fn resident_memory_bytes() -> Option<u64> {
    memory_bytes("VmRSS")
}

fn memory_bytes(key: &str) -> Option<u64> {
    let status = text("/proc/self/status")?;
    let kilobytes: u64 = field(&status, key)?.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// Threads of this process that are alive now: Linux counts them among the links of a folder, which takes one call of
/// the system however many there are.
#[cfg(target_os = "linux")]
pub(crate) fn threads() -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    const LINKS_OF_A_FOLDER: u64 = 2;
    Some(fs::metadata("/proc/self/task").ok()?.nlink().saturating_sub(LINKS_OF_A_FOLDER))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn threads() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_key() {
        let text = "model\t\t: 17\nmodel name\t: AMD EPYC\nVmHWM:\t  123 kB\n";
        assert_eq!(field(text, "model name"), Some("AMD EPYC"));
        assert_eq!(field(text, "VmHWM"), Some("123 kB"));
        assert_eq!(field(text, "governor"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    #[expect(clippy::disallowed_methods, reason = "threads are counted")]
    fn threads_are_counted_while_they_live() {
        let (begin, end) = (std::sync::Barrier::new(65), std::sync::Barrier::new(65));
        let listed = || fs::read_dir("/proc/self/task").expect("it is Linux").count() as u64;
        std::thread::scope(|scope| {
            for _ in 0..64 {
                scope.spawn(|| (begin.wait(), end.wait()));
            }
            begin.wait();
            // Other tests start and end threads meanwhile.
            let (before, counted, after) = (listed(), threads().expect("it is Linux"), listed());
            end.wait();
            assert!(counted >= 65, "{counted}");
            assert!(
                before.abs_diff(counted) < 50 && after.abs_diff(counted) < 50,
                "{before} {counted} {after}"
            );
        });
    }

    #[test]
    fn a_file_that_is_not_there_says_nothing() {
        assert_eq!(text("/no/such/file"), None);
    }
}
