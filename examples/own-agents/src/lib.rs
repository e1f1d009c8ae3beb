//! Two kinds of agents, as somebody's crate may have them: some compute, some wait for a server.

mod server;

use std::net::SocketAddr;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub use server::start;

/// Hashes of the agent that works least.
const FEWEST: usize = 500;

/// Hashes its number again and again: every tenth agent ten times as often as the others.
#[must_use]
pub fn hash(agent: usize) -> String {
    let times = if agent % 10 == 0 { 10 * FEWEST } else { FEWEST };
    let digest = (0..times).fold(agent.to_le_bytes().to_vec(), |bytes, _| Sha256::digest(bytes).to_vec());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Asks a server for the square of a number, over HTTP.
///
/// # Errors
/// Says what became of the call.
pub async fn call(server: SocketAddr, number: usize) -> Result<u64, String> {
    let reply = get(server, &format!("/square/{number}")).await.map_err(|error| error.to_string())?;
    let body = reply.split_once("\r\n\r\n").filter(|_| reply.starts_with("HTTP/1.1 200 "));
    let (_, body) = body.ok_or_else(|| format!("the server said {:?}", reply.lines().next()))?;
    body.trim().parse().map_err(|_| format!("{body:?} is no number"))
}

async fn get(server: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(server).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await?;
    Ok(reply)
}
