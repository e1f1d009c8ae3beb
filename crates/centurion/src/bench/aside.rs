//! What criterion says, kept out of the way: hundreds of lines before our own tables.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::OwnedFd;

use nix::unistd::{dup, dup2_stderr, dup2_stdout};

/// Does something while what is printed goes into a file of its own. Returns what came of it, and what was printed; `None`
/// when it could not be led elsewhere and was printed as ever.
pub(super) fn aside<T>(work: impl FnOnce() -> T) -> (T, Option<String>) {
    let elsewhere = tempfile::tempfile().and_then(|file| Ok((Elsewhere::new(&file)?, file)));
    let done = work();
    let printed = elsewhere.and_then(|(elsewhere, file)| {
        drop(elsewhere);
        read_all(file)
    });
    (done, printed.ok())
}

fn read_all(mut file: File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// As long as it is there, standard output and standard error go elsewhere.
struct Elsewhere {
    output: OwnedFd,
    error: OwnedFd,
}

impl Elsewhere {
    fn new(file: &File) -> io::Result<Self> {
        io::stdout().flush()?;
        let kept = Self { output: dup(io::stdout())?, error: dup(io::stderr())? };
        dup2_stdout(file)?;
        dup2_stderr(file)?;
        Ok(kept)
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = io::stdout().flush();
        // Nobody can be told when it fails.
        let _ = dup2_stdout(&self.output);
        let _ = dup2_stderr(&self.error);
    }
}
