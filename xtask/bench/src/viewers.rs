//! From a juror's push to everybody who watches: a thousand streams are open, a sheet is pushed, and every stream's
//! clock stops when the event that contains it has arrived.

use crate::Bench;
use crate::edition::{ORGANISER, crowded};
use crate::http::{Connection, find, request};
use crate::process::Server;
use crate::report::{Bar, Row, Times};
use crate::tablet::{Tablet, sign_in};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// Between two looks whether all have seen it.
const LOOK: Duration = Duration::from_millis(2);
/// Looks before a push is given up.
const LOOKS: usize = 5_000;

/// Two rows: every arrival, and the last one of each push.
pub async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let (count, pushes) = (bench.times(1_000, 100), bench.times(60, 8));
    let (folder, sample) = crowded(bench)?;
    let data = Server::prepare(bench, &folder, "crowded-data")?;
    let server = Server::start(bench, &data).await?;
    let mut desk = Connection::open(server.address).await?;
    let cookie = sign_in(&mut desk, ORGANISER.0, ORGANISER.1).await?;
    let over = Arc::new(AtomicBool::new(false));
    let mut viewers = Vec::with_capacity(count);
    for _ in 0..count {
        let connection = Connection::open(server.address).await?;
        let request = request("GET", "/api/v1/rounds/visit/live", Some(&cookie), b"");
        viewers.push(Viewer::start(connection.watch(&request).await?, Arc::clone(&over)));
    }

    let mut tablet = Tablet::new(server.address, &sample, 0, "viewers").await?;
    let mut sent = BTreeMap::new();
    for number in 0..pushes {
        let sheet = tablet.sheet()?;
        let start = Instant::now();
        let position = tablet.deliver(&sheet).await?.receipt.statement.position;
        sent.insert(position, start);
        wait_for(&viewers, position).await.with_context(|| format!("push {number}"))?;
        // Between 0 and half a second: before and after the server's pause between two events.
        sleep(Duration::from_millis(number as u64 * 137 % 500)).await;
    }
    over.store(true, Ordering::Relaxed);
    // One more event lets every reader see that it is over.
    let last = tablet.sheet()?;
    tablet.deliver(&last).await?;
    report(viewers, &sent).await
}

struct Viewer {
    /// Position of the log that the last event rests on.
    seen: Arc<AtomicU64>,
    events: JoinHandle<Vec<(u64, Instant)>>,
}

impl Viewer {
    fn start((stream, read): (TcpStream, Vec<u8>), over: Arc<AtomicBool>) -> Self {
        let seen = Arc::new(AtomicU64::new(0));
        let events = tokio::spawn(watch(stream, read, Arc::clone(&seen), over));
        Self { seen, events }
    }
}

/// Notes when each event arrived, by the position in its id.
async fn watch(
    mut stream: TcpStream,
    mut read: Vec<u8>,
    seen: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
) -> Vec<(u64, Instant)> {
    let mut events = Vec::new();
    loop {
        while let Some((position, rest)) = next_event(&read) {
            events.push((position, Instant::now()));
            seen.store(position, Ordering::Release);
            read.drain(..rest);
        }
        if over.load(Ordering::Relaxed) || !matches!(stream.read_buf(&mut read).await, Ok(1..)) {
            return events;
        }
    }
}

/// The position in an event's id, and where the text behind the whole event begins.
fn next_event(read: &[u8]) -> Option<(u64, usize)> {
    let id = find(read, b"\nid: ")? + 5;
    let end = id + find(&read[id..], b"\n\n")? + 2;
    let line = String::from_utf8_lossy(&read[id..]);
    let position = line.lines().next()?.split('.').nth(1)?.parse().ok()?;
    Some((position, end))
}

async fn wait_for(viewers: &[Viewer], position: u64) -> Result<()> {
    for _ in 0..LOOKS {
        if viewers.iter().all(|viewer| viewer.seen.load(Ordering::Acquire) >= position) {
            return Ok(());
        }
        sleep(LOOK).await;
    }
    anyhow::bail!("not every viewer heard of it")
}

async fn report(viewers: Vec<Viewer>, sent: &BTreeMap<u64, Instant>) -> Result<Vec<Row>> {
    let count = viewers.len();
    let mut arrivals = Vec::new();
    let mut last: BTreeMap<u64, Duration> = BTreeMap::new();
    for viewer in viewers {
        let events = viewer.events.await?;
        for (position, start) in sent {
            let arrived = events.iter().find(|(seen, _)| seen >= position).context("an event is missing")?.1;
            let time = arrived.saturating_duration_since(*start);
            arrivals.push(time);
            let slowest = last.entry(*position).or_default();
            *slowest = time.max(*slowest);
        }
    }
    let (arrivals, last) = (Times::new(arrivals), Times::new(last.into_values().collect()));
    let note = format!(
        "{} sheets of 23 operations, {} arrivals; p50 {:.0} ms; from the push to the event in the viewer's hands, without drawing it",
        sent.len(),
        arrivals.count(),
        arrivals.percentile(50)
    );
    Ok(vec![
        Row {
            row: "viewers",
            what: format!("mark to an organiser's screen, {count} viewers, p99"),
            value: arrivals.percentile(99),
            unit: "ms",
            bar: Bar::AtMost(1_000.0),
            note,
        },
        Row {
            row: "viewers",
            what: format!("the last of {count} viewers, p99"),
            value: last.percentile(99),
            unit: "ms",
            bar: Bar::None,
            note: format!("p50 {:.0} ms", last.percentile(50)),
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_once_it_is_whole() {
        let event = b"retry: 1000\n\nevent: reset\nid: ab12.907.3.0\ndata: {\"rows\":[]}";
        assert_eq!(next_event(event), None);
        let whole = [&event[..], b"\n\nevent: change\nid: ab12.930.3.0\ndata: {}\n\n"].concat();
        let (position, rest) = next_event(&whole).unwrap();
        assert_eq!((position, next_event(&whole[rest..]).unwrap().0), (907, 930));
    }
}
