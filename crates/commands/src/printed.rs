//! What an agent has printed, as much of it as is of use.

/// The end of some output, and how long all of it is.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    bytes: Vec<u8>,
    total: u64,
    /// Where a search for the end of a line need not look again.
    searched: usize,
}

/// More than so many bytes are cut down to what is still of use.
const CUT: usize = 1 << 16;
/// How much of standard error is kept.
const END: usize = 1 << 11;

impl Printed {
    /// Adds what was read.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        self.bytes.extend_from_slice(bytes);
    }

    /// How many bytes were printed.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Forgets what stands before the last line, where that saves something.
    pub(crate) fn keep_last_line(&mut self) {
        if self.bytes.len() > CUT {
            let start = self.last_line_start();
            if start > self.bytes.len() / 2 {
                self.bytes.drain(..start);
            }
        }
    }

    /// Forgets all but the end, where that saves something.
    pub(crate) fn keep_end(&mut self) {
        if self.bytes.len() > CUT {
            self.bytes.drain(..self.bytes.len() - END);
        }
    }

    /// The last line that is not blank, also without an end of its own.
    pub(crate) fn last_line(&self) -> &[u8] {
        self.bytes[self.last_line_start()..].trim_ascii_end()
    }

    fn last_line_start(&self) -> usize {
        let text = self.bytes.trim_ascii_end();
        text.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1)
    }

    /// Whether there is a whole line.
    pub(crate) fn has_line(&mut self) -> bool {
        let found = self.bytes[self.searched..].contains(&b'\n');
        if !found {
            self.searched = self.bytes.len();
        }
        found
    }

    /// Takes out the first whole line.
    pub(crate) fn take_line(&mut self) -> Option<Vec<u8>> {
        let end = self.bytes.iter().position(|&byte| byte == b'\n')?;
        let line = self.bytes.drain(..=end).collect();
        self.searched = 0;
        Some(line)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The end of it as text, for people.
    pub(crate) fn end(&self) -> String {
        let start = self.bytes.len().saturating_sub(END);
        String::from_utf8_lossy(&self.bytes[start..]).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> Printed {
        let mut printed = Printed::default();
        printed.add(text.as_bytes());
        printed
    }

    #[test]
    fn the_last_line_is_the_last_that_is_not_blank() {
        assert_eq!(printed("a\nb\n\n  \n").last_line(), b"b");
        assert_eq!(printed("a\nhalf").last_line(), b"half");
        assert_eq!(printed("\n \n").last_line(), b"");
    }

    #[test]
    fn the_last_line_is_kept_however_much_comes_before_it() {
        let mut printed = Printed::default();
        for _ in 0..1_000 {
            printed.add(&[b'x'; 999]);
            printed.add(b"\n");
            printed.keep_last_line();
            assert!(printed.bytes.len() <= CUT + 1_000);
        }
        assert_eq!((printed.last_line(), printed.total()), (&[b'x'; 999][..], 1_000_000));
        printed.add(b"answer");
        assert_eq!(printed.last_line(), b"answer");
    }

    #[test]
    fn lines_are_taken_one_by_one() {
        let mut printed = printed("a\nb");
        assert!(printed.has_line());
        assert_eq!(printed.take_line(), Some(b"a\n".to_vec()));
        assert!(!printed.has_line());
        printed.add(b"\n");
        assert!(printed.has_line());
        assert_eq!(printed.take_line(), Some(b"b\n".to_vec()));
        assert_eq!((printed.take_line(), printed.is_empty()), (None, true));
    }
}
