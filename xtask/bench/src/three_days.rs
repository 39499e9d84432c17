//! A juror comes back after three days: everything goes out, batch after batch, until all of it is acknowledged.

use crate::Bench;
use crate::edition::crowded;
use crate::http::Connection;
use crate::link::{self, Link};
use crate::process::Server;
use crate::report::{Bar, Row, ms};
use crate::tablet::{Batch, Tablet};
use anyhow::Result;
use std::time::Duration;
use tokio::time::Instant;

const SHEETS: usize = 120;
const MARKS: usize = 20;
/// Their operations alone: the bytes travel after everything else.
const PHOTOS: usize = 40;
/// A hotel's Wi-Fi on a bad evening.
const HOTEL: Link = Link { bits_per_second: 1_000_000, round_trip: Duration::from_millis(300) };

/// Both rows: next to the server, and through the hotel's Wi-Fi.
pub async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let (folder, sample) = crowded(bench)?;
    let data = Server::prepare(bench, &folder, "crowded-data")?;
    let server = Server::start(bench, &data).await?;

    let mut near = Tablet::new(server.address, &sample, 0, "near").await?;
    let work = written(&mut near)?;
    let (pushes, bytes) = (work.len(), work.iter().map(|batch| batch.bytes).sum::<usize>());
    let loopback = deliver(&mut near, &work).await?;

    let mut far = Tablet::new(server.address, &sample, 4, "far").await?;
    let work = written(&mut far)?;
    far.connection = Connection::open(link::proxy(server.address, HOTEL).await?).await?;
    let hotel = deliver(&mut far, &work).await?;

    let note = format!(
        "{} operations in {pushes} pushes, {} KB; photos' bytes follow later",
        SHEETS * MARKS + PHOTOS,
        bytes / 1024
    );
    let row = |what: &str, time: Duration, bar: f64, note: String| Row {
        row: "three_days",
        what: format!("{SHEETS} sheets × {MARKS} marks and {PHOTOS} photos' metadata to acknowledged, {what}"),
        value: ms(time) / 1_000.0,
        unit: "s",
        bar: Bar::AtMost(bar),
        note,
    };
    Ok(vec![
        row("loopback", loopback, 1.0, note),
        row("1 Mbit/s and 300 ms", hotel, 15.0, "the same; each push waits for the answer to the one before".into()),
    ])
}

fn written(tablet: &mut Tablet) -> Result<Vec<Batch>> {
    // Every third sheet is photographed once it is marked.
    let every = SHEETS * MARKS / PHOTOS;
    let mut ops = Vec::with_capacity(SHEETS * MARKS + PHOTOS);
    for place in 1..=SHEETS * MARKS {
        ops.push(tablet.mark(MARKS));
        if place.is_multiple_of(every) {
            ops.push(tablet.photo(MARKS));
        }
    }
    tablet.pushes(&ops)
}

async fn deliver(tablet: &mut Tablet, work: &[Batch]) -> Result<Duration> {
    let start = Instant::now();
    for batch in work {
        tablet.deliver(batch).await?;
    }
    Ok(start.elapsed())
}
