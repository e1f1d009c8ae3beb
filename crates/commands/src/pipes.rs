//! The three pipes to a process, none of which blocks.

use std::io::{self, Read, Write as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::clock::now;
use crate::printed::Printed;

/// What a pipe that has room is sure to take without blocking.
const ROOM: usize = 512;
/// What an empty pipe is sure to take: the smallest page there is.
const PAGE: usize = 1 << 12;
/// Room that pipes have by themselves.
#[cfg(target_os = "linux")]
const USUAL: usize = 1 << 16;

/// When a process first read from its standard input. A pipe of a single page has no room as soon as there is anything in
/// it, and has room again when that was read: so the system wakes whoever waits to write at that very moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FirstRead {
    /// The pipe has more pages, or nobody will read from it any more.
    Untold,
    /// Nothing has been written yet.
    Unwritten,
    /// What was written has not been read yet.
    Awaited,
    Seen(Instant),
}

/// The pipes to a process and what went through them.
pub(crate) struct Pipes {
    input: Option<ChildStdin>,
    unwritten: Vec<u8>,
    /// Whether standard input is closed when all is written.
    closes: bool,
    first_read: FirstRead,
    output: Option<ChildStdout>,
    errors: Option<ChildStderr>,
    pub(crate) printed: Printed,
    pub(crate) complained: Printed,
}

impl Pipes {
    /// Takes over the pipes of a child, all of which must be there.
    pub(crate) fn new(child: &mut Child) -> Self {
        let input = child.stdin.take();
        let is_narrow = input.as_ref().is_some_and(narrow);
        Self {
            input,
            unwritten: Vec::new(),
            closes: false,
            first_read: if is_narrow { FirstRead::Unwritten } else { FirstRead::Untold },
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

    /// When the process first read what it was given, if it has and the system tells.
    pub(crate) fn first_read(&self) -> Option<Instant> {
        match self.first_read {
            FirstRead::Seen(at) => Some(at),
            _ => None,
        }
    }

    /// Waits no longer for what is written to be read.
    pub(crate) fn let_go(&mut self) {
        if self.first_read == FirstRead::Awaited {
            self.first_read = FirstRead::Untold;
            self.close_if_done();
        }
    }

    /// Whether the process, and whoever else had them, has let go of its output and errors.
    pub(crate) fn are_closed(&self) -> bool {
        self.output.is_none() && self.errors.is_none()
    }

    /// Waits until something can be read or written, or the process has ended if there is `exit` to tell, for so long at
    /// most; reads or writes what can be. Whether anything could.
    pub(crate) fn turn(&mut self, most: Duration, exit: Option<BorrowedFd<'_>>) -> io::Result<bool> {
        let [input, output, errors, _] = self.ready(most, exit)?;
        if !input.is_empty() {
            self.look_whether_read();
            self.write();
        }
        if !output.is_empty() {
            read(&mut self.output, &mut self.printed);
        }
        if !errors.is_empty() {
            read(&mut self.errors, &mut self.complained);
            self.complained.keep_end();
        }
        Ok(!(input | output | errors).is_empty())
    }

    fn ready(&self, most: Duration, exit: Option<BorrowedFd<'_>>) -> io::Result<[PollFlags; 4]> {
        let waits = !self.unwritten.is_empty() || self.first_read == FirstRead::Awaited;
        let input = self.input.as_ref().filter(|_| waits).map(AsFd::as_fd);
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
            Ok(0) | Err(Errno::EINTR) => return Ok([PollFlags::empty(); 4]),
            Ok(_) => (),
            Err(error) => return Err(error.into()),
        }
        let mut polled = polled.iter();
        Ok(ends.map(|end| end.and_then(|_| polled.next()?.revents()).unwrap_or(PollFlags::empty())))
    }

    /// The pipe has room again, or nobody reads from it any more.
    fn look_whether_read(&mut self) {
        if self.first_read == FirstRead::Awaited {
            let was_read = self.input.as_ref().is_some_and(is_empty);
            self.first_read = if was_read { FirstRead::Seen(now()) } else { FirstRead::Untold };
            if !(self.closes && self.unwritten.is_empty()) {
                self.input.iter().for_each(widen);
            }
        }
    }

    /// Writes as much as surely does not block. A process that does not read is none of our business.
    fn write(&mut self) {
        let Some(input) = &mut self.input else { return };
        let is_first = self.first_read == FirstRead::Unwritten;
        let some = self.unwritten.len().min(if is_first { PAGE } else { ROOM });
        let written = match input.write(&self.unwritten[..some]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            Err(_) => self.unwritten.len(),
            Ok(written) => {
                if is_first && written > 0 {
                    self.first_read = FirstRead::Awaited;
                }
                written
            }
        };
        self.unwritten.drain(..written);
        self.close_if_done();
    }

    fn close_if_done(&mut self) {
        if self.unwritten.is_empty() && self.closes && self.first_read != FirstRead::Awaited {
            self.input = None;
        }
    }
}

/// Leaves a pipe a single page. Whether it could be.
#[cfg(target_os = "linux")]
fn narrow(pipe: &ChildStdin) -> bool {
    rustix::pipe::fcntl_setpipe_size(pipe, 1).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn narrow(_: &ChildStdin) -> bool {
    false
}

/// Whether everything in a pipe was read.
#[cfg(target_os = "linux")]
fn is_empty(pipe: &ChildStdin) -> bool {
    rustix::io::ioctl_fionread(pipe).is_ok_and(|bytes| bytes == 0)
}

#[cfg(not(target_os = "linux"))]
fn is_empty(_: &ChildStdin) -> bool {
    false
}

/// Gives a pipe its usual room again; without it, it is only slower.
#[cfg(target_os = "linux")]
fn widen(pipe: &ChildStdin) {
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, USUAL);
}

#[cfg(not(target_os = "linux"))]
fn widen(_: &ChildStdin) {}

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
