//! Waiting on the thread that runs the agent.

use std::future::{Future, ready};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use futures_lite::io::AssertAsync;

use crate::{Question, Reply, Running, Wait, converse};

/// Keeps the thread while it waits. Its futures have waited by the time they are made, and are ready at once.
#[derive(Debug, Clone, Copy)]
pub struct Blocking;

impl Wait for Blocking {
    fn sleep(&self, time: Duration) -> Running<()> {
        std::thread::sleep(time);
        Box::pin(ready(()))
    }

    fn ask(&self, server: SocketAddr, question: Question) -> Running<io::Result<Reply>> {
        Box::pin(ready(ask(server, question)))
    }
}

fn ask(server: SocketAddr, question: Question) -> io::Result<Reply> {
    let stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    block_on(converse(AssertAsync::new(stream), question)) // never waits: the stream has when it says so
}

/// Runs a future on this thread, which sleeps whenever the future waits for something else.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    futures_lite::future::block_on(future)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// A server that answers one question with its first bytes, and then says more or hangs up.
    fn server(more: &'static [u8]) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        #[expect(clippy::disallowed_methods, reason = "a server answers beside who asks")]
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody asks");
            let mut question = Question::default();
            stream.read_exact(&mut question).expect("it is asked");
            stream.write_all(&[&question[..8], more].concat()).expect("it answers");
        });
        address
    }

    #[test]
    fn a_future_that_waits_on_its_thread_is_ready_at_once() {
        let mut sleeping = Blocking.sleep(Duration::from_micros(1));
        assert!(block_on(futures_lite::future::poll_once(&mut sleeping)).is_some());
    }

    #[test]
    fn a_server_is_asked_and_its_answer_is_read_to_the_end() {
        let mut question = Question::default();
        question[0] = 7;
        let reply = block_on(Blocking.ask(server(b""), question)).expect("it answers");
        assert_eq!(reply, [7, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn a_server_that_says_more_has_not_answered() {
        let error = block_on(Blocking.ask(server(b"!"), Question::default())).expect_err("it says more");
        assert_eq!(error.to_string(), "the server said more than an answer");
    }
}
