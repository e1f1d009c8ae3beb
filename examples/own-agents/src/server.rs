//! A server on loopback that takes its time.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Starts it on a thread of its own, which ends with the program. Returns where it is.
///
/// # Errors
/// When the system refuses a thread or a port.
pub fn start() -> io::Result<SocketAddr> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    std::thread::Builder::new().spawn(move || runtime.block_on(serve(listener)))?;
    Ok(address)
}

async fn serve(listener: TcpListener) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    }
}

/// Answers one request with the square of the number at the end of its path, after 5 to 25 milliseconds.
async fn answer(mut stream: TcpStream) -> io::Result<()> {
    let mut request = String::new();
    let mut lines = BufReader::new(&mut stream);
    lines.read_line(&mut request).await?;
    let mut header = String::from("_");
    while !header.trim().is_empty() {
        header.clear();
        lines.read_line(&mut header).await?;
    }
    let number = request.split(' ').nth(1).and_then(|path| path.rsplit('/').next()?.parse::<u64>().ok());
    let (status, body) = match number {
        Some(number) => ("200 OK", (number * number).to_string()),
        None => ("400 Bad Request", String::new()),
    };
    tokio::time::sleep(Duration::from_millis(5 + number.unwrap_or(0) * 7 % 21)).await;
    let length = body.len();
    let reply = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(reply.as_bytes()).await?;
    stream.shutdown().await
}
