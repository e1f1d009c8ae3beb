//! The least that running a command many times costs: a loop of plain threads over `Command::output`, beside which
//! `python/examples/side_by_side.py` holds `centurion run`. Two threads, a hundred times `/bin/true`, if nothing is said:
//! `cargo run -p centurion-commands --example plain_threads -- THREADS TIMES COMMAND…`.

use std::io;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

#[expect(clippy::disallowed_methods, reason = "what is compared here does without executors")]
fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, usual| words.get(index).map_or(Ok(usual), |word| word.parse::<usize>());
    let (threads, times) =
        number(0, 2).and_then(|threads| Ok((threads, number(1, 100)?))).map_err(io::Error::other)?;
    let program = words.get(2).map_or("/bin/true", String::as_str);
    let begun = AtomicUsize::new(0);
    let work = || {
        while begun.fetch_add(1, Ordering::Relaxed) < times {
            Command::new(program).args(words.iter().skip(3)).output()?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let loops: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        loops.into_iter().try_for_each(|thread| thread.join().expect("nothing in it panics"))
    })
}
