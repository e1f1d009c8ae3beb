//! What an agent under way may wait for: time to pass, or a server to answer.
//!
//! Agents that wait are written once, as futures that are handed a [`Wait`]. Each async runtime has one of its own, which
//! gives the thread back while it waits; [`Blocking`] keeps it, and its futures are ready when they are first polled. So
//! the same agent runs on threads and on runtimes, and neither room needs to know the other.

mod blocking;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use futures_lite::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

pub use blocking::{Blocking, block_on};

/// Something under way, which may move from thread to thread.
pub type Running<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What a server is asked, in bytes.
pub type Question = [u8; 16];

/// What it answers, in bytes.
pub type Reply = [u8; 8];

/// How a runtime waits.
pub trait Wait: Send + Sync {
    /// Waits for so long, or as much longer as the runtime's timer makes of it.
    fn sleep(&self, time: Duration) -> Running<()>;

    /// Asks a server over a connection of its own, and waits until it has answered and hung up.
    ///
    /// The server hangs up first, so that its side keeps the trace of the connection and no number of calls uses up the
    /// client's ports.
    fn ask(&self, server: SocketAddr, question: Question) -> Running<io::Result<Reply>>;
}

/// Asks over a connection, with the traits that all runtimes but tokio share.
///
/// # Errors
/// When the connection fails, or says anything after the answer.
pub async fn converse(
    mut connection: impl AsyncRead + AsyncWrite + Unpin,
    question: Question,
) -> io::Result<Reply> {
    connection.write_all(&question).await?;
    let mut reply = Reply::default();
    connection.read_exact(&mut reply).await?;
    match connection.read(&mut [0]).await? {
        0 => Ok(reply),
        _ => Err(io::Error::other("the server said more than an answer")),
    }
}
