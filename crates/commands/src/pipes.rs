//! The three pipes to a process, none of which blocks.

use std::io::{self, Read, Write as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::printed::Printed;

/// What a pipe that has room is sure to take without blocking.
const ROOM: usize = 512;

/// The pipes to a process and what went through them.
pub(crate) struct Pipes {
    input: Option<ChildStdin>,
    unwritten: Vec<u8>,
    /// Whether standard input is closed when all is written.
    closes: bool,
    output: Option<ChildStdout>,
    errors: Option<ChildStderr>,
    pub(crate) printed: Printed,
    pub(crate) complained: Printed,
}

impl Pipes {
    /// Takes over the pipes of a child, all of which must be there.
    pub(crate) fn new(child: &mut Child) -> Self {
        Self {
            input: child.stdin.take(),
            unwritten: Vec::new(),
            closes: false,
            output: child.stdout.take(),
            errors: child.stderr.take(),
            printed: Printed::default(),
            complained: Printed::default(),
        }
    }

    /// Has a line written, and nothing after it if it is the last.
    pub(crate) fn feed(&mut self, line: &str, last: bool) {
        self.unwritten = [line.as_bytes(), b"\n"].concat();
        self.closes = last;
    }

    /// Closes standard input.
    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    /// Whether the process, and whoever else had them, has let go of its output and errors.
    pub(crate) fn are_closed(&self) -> bool {
        self.output.is_none() && self.errors.is_none()
    }

    /// Waits until something can be read or written, or the process has ended if there is `exit` to tell, for so long at
    /// most; reads or writes what can be. Whether anything could.
    pub(crate) fn turn(&mut self, most: Duration, exit: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        let [input, output, errors, _] = self.ready(most, exit)?;
        if input {
            self.write();
        }
        if output {
            read(&mut self.output, &mut self.printed);
        }
        if errors {
            read(&mut self.errors, &mut self.complained);
            self.complained.keep_end();
        }
        Ok(input || output || errors)
    }

    fn ready(&self, most: Duration, exit: Option<BorrowedFd<'_>>) -> io::Result<[bool; 4]> {
        let input = self.input.as_ref().filter(|_| !self.unwritten.is_empty()).map(AsFd::as_fd);
        let (output, errors) = (self.output.as_ref().map(AsFd::as_fd), self.errors.as_ref().map(AsFd::as_fd));
        let ends: [Option<(BorrowedFd<'_>, PollFlags)>; 4] = [
            input.map(|end| (end, PollFlags::POLLOUT)),
            output.map(|end| (end, PollFlags::POLLIN)),
            errors.map(|end| (end, PollFlags::POLLIN)),
            exit.map(|end| (end, PollFlags::POLLIN)),
        ];
        let mut polled: Vec<_> = ends.iter().flatten().map(|&(end, flags)| PollFd::new(end, flags)).collect();
        let most = PollTimeout::try_from(most.max(Duration::from_millis(1))).unwrap_or(PollTimeout::MAX);
        match poll(&mut polled, most) {
            Ok(0) | Err(Errno::EINTR) => return Ok([false; 4]),
            Ok(_) => (),
            Err(error) => return Err(error.into()),
        }
        let mut polled = polled.iter();
        Ok(ends.map(|end| {
            end.is_some() && polled.next().is_some_and(|end| end.revents() != Some(PollFlags::empty()))
        }))
    }

    /// Writes as much as surely does not block. A process that does not read is none of our business.
    fn write(&mut self) {
        let Some(input) = &mut self.input else { return };
        let some = self.unwritten.len().min(ROOM);
        let written = match input.write(&self.unwritten[..some]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            Err(_) => self.unwritten.len(),
            Ok(written) => written,
        };
        self.unwritten.drain(..written);
        if self.unwritten.is_empty() && self.closes {
            self.input = None;
        }
    }
}

/// Reads what is there; at its end the pipe is closed.
fn read(pipe: &mut Option<impl Read>, into: &mut Printed) {
    let mut buffer = [0; 1 << 14];
    match pipe.as_mut().map(|pipe| pipe.read(&mut buffer)) {
        Some(Ok(0)) => *pipe = None,
        Some(Ok(read)) => into.add(&buffer[..read]),
        Some(Err(error)) if error.kind() != io::ErrorKind::Interrupted => *pipe = None,
        _ => (),
    }
}
