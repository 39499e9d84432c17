//! As much of HTTP/1.1 as is needed to load a server: one kept connection, requests made before the clock runs. A whole
//! client would take the processor time that the server is measured by.

use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer, read whole.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// `Set-Cookie`, up to its first semicolon.
    pub cookie: Option<String>,
    /// Decoded of chunks.
    pub body: Vec<u8>,
}

/// A request as it goes over the wire.
pub fn request(method: &str, path: &str, cookie: Option<&str>, body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-binhchon: 1\r\n");
    if let Some(cookie) = cookie {
        head.push_str(&format!("cookie: {cookie}\r\n"));
    }
    if method != "GET" {
        head.push_str(&format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

/// A kept connection.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(16 * 1024) })
    }

    /// Sends and waits for the answer.
    pub async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        let head = self.head().await?;
        let body = match head.length {
            Length::Known(length) => self.take(length).await?,
            Length::Chunked => self.chunks().await?,
        };
        Ok(Answer { status: head.status, cookie: head.cookie, body })
    }

    /// Sends, and hands over the stream behind the answer's head: it goes on for ever.
    pub async fn watch(mut self, request: &[u8]) -> Result<(TcpStream, Vec<u8>)> {
        self.stream.write_all(request).await?;
        let head = self.head().await?;
        if head.status != 200 {
            bail!("the stream was answered with {}", head.status);
        }
        Ok((self.stream, self.read))
    }

    async fn head(&mut self) -> Result<Head> {
        loop {
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                let head = Head::read(&String::from_utf8_lossy(&self.read[..end]))?;
                self.read.drain(..end + 4);
                return Ok(head);
            }
            self.more().await?;
        }
    }

    async fn take(&mut self, length: usize) -> Result<Vec<u8>> {
        while self.read.len() < length {
            self.more().await?;
        }
        Ok(self.read.drain(..length).collect())
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let end = loop {
                match find(&self.read, b"\r\n") {
                    Some(end) => break end,
                    None => self.more().await?,
                }
            };
            let line = String::from_utf8_lossy(&self.read[..end]).into_owned();
            let length = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)?;
            self.take(end + 2).await?;
            let chunk = self.take(length + 2).await?;
            if length == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..length]);
        }
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.read).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

struct Head {
    status: u16,
    cookie: Option<String>,
    length: Length,
}

enum Length {
    Known(usize),
    Chunked,
}

impl Head {
    fn read(text: &str) -> Result<Self> {
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("no status line")?.parse()?;
        let mut head = Self { status, cookie: None, length: Length::Known(0) };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => head.length = Length::Known(value.parse()?),
                "transfer-encoding" => head.length = Length::Chunked,
                "set-cookie" => head.cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        Ok(head)
    }
}

/// Where a pattern begins.
pub fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn known_and_chunked_answers_are_read_one_after_the_other() -> Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await?;
            let mut seen = [0; 1024];
            for answer in [
                "HTTP/1.1 200 OK\r\nSet-Cookie: session=ab; Path=/\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n3;x\r\nfgh\r\n0\r\n\r\n",
            ] {
                assert!(stream.read(&mut seen).await? > 0);
                stream.write_all(answer.as_bytes()).await?;
            }
            anyhow::Ok(())
        });
        let mut connection = Connection::open(address).await?;
        let first = connection.send(&request("POST", "/x", None, b"{}")).await?;
        assert_eq!(
            (first.status, first.cookie.as_deref(), first.body.as_slice()),
            (200, Some("session=ab"), &b"abc"[..])
        );
        let second = connection.send(&request("GET", "/y", Some("session=ab"), b"")).await?;
        assert_eq!((second.status, second.body.as_slice()), (409, &b"defgh"[..]));
        server.await?
    }
}
