//! A slow network as a proxy: so many bits a second each way, and half a round trip of delay each way. What TCP itself
//! would add on such a line (slow start, losses) is not imitated.

use anyhow::Result;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

/// A packet's load.
const PACKET: usize = 1_460;
/// Packets under way at most: more than the line holds at any moment.
const UNDER_WAY: usize = 64;

/// A line's speed and delay.
#[derive(Clone, Copy)]
pub struct Link {
    /// Each way.
    pub bits_per_second: u64,
    /// There and back.
    pub round_trip: Duration,
}

/// Listens on an address of its own, in front of `target`.
pub async fn proxy(target: SocketAddr, link: Link) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            tokio::spawn(carry(near, target, link));
        }
    });
    Ok(address)
}

async fn carry(near: TcpStream, target: SocketAddr, link: Link) -> Result<()> {
    // The handshake is a round trip, too.
    sleep(link.round_trip).await;
    let far = TcpStream::connect(target).await?;
    far.set_nodelay(true)?;
    near.set_nodelay(true)?;
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::join!(one_way(near_in, far_out, link), one_way(far_in, near_out, link));
    Ok(())
}

/// Each packet leaves when the one before has left, and arrives half a round trip later.
async fn one_way(mut from: OwnedReadHalf, to: OwnedWriteHalf, link: Link) {
    let (sender, packets) = mpsc::channel(UNDER_WAY);
    tokio::spawn(arrive(packets, to));
    let mut free = Instant::now();
    loop {
        let mut packet = vec![0; PACKET];
        let Ok(length @ 1..) = from.read(&mut packet).await else { return };
        packet.truncate(length);
        let on_the_line = Duration::from_nanos(length as u64 * 8 * 1_000_000_000 / link.bits_per_second);
        free = free.max(Instant::now()) + on_the_line;
        if sender.send((free + link.round_trip / 2, packet)).await.is_err() {
            return;
        }
    }
}

async fn arrive(mut packets: mpsc::Receiver<(Instant, Vec<u8>)>, mut to: OwnedWriteHalf) {
    while let Some((at, packet)) = packets.recv().await {
        sleep_until(at).await;
        if to.write_all(&packet).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_arrive_in_order_and_whole() -> Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let link = Link { bits_per_second: 100_000_000, round_trip: Duration::from_millis(2) };
        let mut near = TcpStream::connect(proxy(listener.local_addr()?, link).await?).await?;
        let sent: Vec<u8> = (0..100_000_u32).map(|place| (place % 251) as u8).collect();
        let echo = tokio::spawn(async move {
            let (mut far, _) = listener.accept().await?;
            let mut seen = vec![0; 100_000];
            far.read_exact(&mut seen).await?;
            far.write_all(&seen).await?;
            anyhow::Ok(())
        });
        near.write_all(&sent).await?;
        let mut back = vec![0; sent.len()];
        near.read_exact(&mut back).await?;
        assert!(back == sent);
        echo.await?
    }
}
