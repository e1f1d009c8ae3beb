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
    let status = text("/proc/self/status")?;
    let kilobytes: u64 = field(&status, "VmHWM")?.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
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
    fn a_file_that_is_not_there_says_nothing() {
        assert_eq!(text("/no/such/file"), None);
    }
}
