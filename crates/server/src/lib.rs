//! A server on loopback that answers what replying agents ask, and counts what that costs.
//!
//! It is to be a process of its own, so that its CPU time and its threads are not those of whoever asks. One thread
//! serves all connections, with timers finer than any tick: how long agents wait is the server's to say, and no timer
//! of the runtime that they run on decides it.

mod open_files;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use async_executor::LocalExecutor;
use async_io::{Async, Timer};
use centurion_agents::{Inquiry, reply};
use centurion_wait::{Question, Reply};
use futures_lite::{AsyncReadExt, AsyncWriteExt};

pub use open_files::allow_most_open_files;

/// Connections that may wait to be taken, where the system allows so many: all agents may ask at once.
const BACKLOG: i32 = 4096;

/// How long it waits when the system refuses it a connection, for want of files, until it tries again.
const RETRY: Duration = Duration::from_millis(1);

/// A server that listens.
pub struct ReplyServer {
    listener: Async<TcpListener>,
}

impl ReplyServer {
    /// Listens on a free port of loopback.
    ///
    /// # Errors
    /// When the system has none.
    pub fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        rustix::net::listen(&listener, BACKLOG)?; // std listens with a backlog of 128
        Ok(Self { listener: Async::new(listener)? })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.get_ref().local_addr()
    }

    /// Replies to whoever asks, for ever, on this thread.
    pub fn serve(self) -> ! {
        let connections = LocalExecutor::new();
        match async_io::block_on(connections.run(self.accept(&connections))) {}
    }

    async fn accept(&self, connections: &LocalExecutor<'_>) -> Infallible {
        loop {
            match self.listener.accept().await {
                // Whoever hangs up before the answer does not want it.
                Ok((stream, _)) => connections.spawn(serve(stream)).detach(),
                Err(_) => _ = Timer::after(RETRY).await,
            }
        }
    }
}

/// Replies to one question, and hangs up.
async fn serve(mut stream: Async<TcpStream>) -> io::Result<()> {
    let mut question = Question::default();
    stream.read_exact(&mut question).await?;
    stream.write_all(&replied(question.into()).await).await
}

async fn replied(inquiry: Inquiry) -> Reply {
    if let Inquiry::Answer { after, .. } = inquiry {
        Timer::after(after).await;
    }
    reply(inquiry.answer().unwrap_or_else(cpu_time_ns))
}

/// CPU time of this process so far.
#[cfg(unix)]
fn cpu_time_ns() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).map_or(0, |time| time.as_nanos() as u64)
}

#[cfg(not(unix))]
fn cpu_time_ns() -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use centurion_agents::{Replying, Workload};
    use centurion_wait::{Blocking, block_on};

    use super::*;

    fn started() -> SocketAddr {
        let server = ReplyServer::new().expect("loopback has a free port");
        let address = server.address().expect("it listens");
        #[expect(clippy::disallowed_methods, reason = "a server answers beside who asks")]
        std::thread::spawn(move || server.serve());
        address
    }

    fn ask(inquiry: Inquiry, server: SocketAddr) -> u64 {
        block_on(inquiry.ask(server, &Blocking)).expect("it answers")
    }

    #[test]
    fn every_question_gets_the_answer_that_follows_from_it() {
        let server = started();
        for token in 0..10 {
            let inquiry = Inquiry::Answer { after: Duration::from_nanos(token), token };
            assert_eq!(Some(ask(inquiry, server)), inquiry.answer());
        }
    }

    #[test]
    fn replying_agents_hear_what_they_are_to_answer() {
        let replying = Replying::new(20, 7, 1e-6, started()).expect("the scale is in range");
        for agent in 0..replying.agents() {
            assert_eq!(replying.run(agent), replying.expected(agent));
        }
    }

    #[test]
    fn what_it_costs_grows_with_what_it_does() {
        let server = started();
        let before = ask(Inquiry::Cost, server);
        let inquiry = Inquiry::Answer { after: Duration::ZERO, token: 1 };
        (0..10).for_each(|_| assert_ne!(ask(inquiry, server), 0));
        assert!(before < ask(Inquiry::Cost, server) || cfg!(not(unix)));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_thousand_that_ask_before_anybody_listens_are_all_answered() {
        allow_most_open_files();
        let server = ReplyServer::new().expect("loopback has a free port");
        let address = server.address().expect("it listens");
        let asking: Vec<TcpStream> =
            (0..1_000).map(|_| TcpStream::connect(address).expect("it has room")).collect();
        #[expect(clippy::disallowed_methods, reason = "a server answers beside who asks")]
        std::thread::spawn(move || server.serve());
        for (token, mut stream) in (1..).zip(asking) {
            let inquiry = Inquiry::Answer { after: Duration::ZERO, token };
            io::Write::write_all(&mut stream, &Question::from(inquiry)).expect("it listens");
            let mut answer = Reply::default();
            io::Read::read_exact(&mut stream, &mut answer).expect("it answers");
            assert_eq!(Some(u64::from_le_bytes(answer)), inquiry.answer());
        }
    }
}
