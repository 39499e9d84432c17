//! How many operations a second are stored for good: sixteen tablets push at once, in batches of three sizes, while the
//! totals follow. In the same run express-pouchdb takes the same operations, as a yardstick.

use crate::Bench;
use crate::edition::crowded;
use crate::pouch::Pouch;
use crate::process::Server;
use crate::report::{Bar, Row};
use crate::tablet::{Batch, Tablet};
use crate::together::together;
use anyhow::Result;
use domain::sample::Sample;
use std::path::Path;

/// Tablets at once.
pub const CLIENTS: usize = 16;
/// How much faster than the yardstick.
const TIMES: f64 = 2.5;

/// A size of batches, the bar, and how many each tablet sends.
struct Step {
    ops: usize,
    bar: f64,
    pushes: usize,
}

/// Two rows a size: operations a second, and how many times the yardstick that is.
pub async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let steps = [
        Step { ops: 1, bar: 5_000.0, pushes: bench.times(1_500, 60) },
        Step { ops: 20, bar: 35_000.0, pushes: bench.times(300, 15) },
        Step { ops: 100, bar: 60_000.0, pushes: bench.times(120, 8) },
    ];
    let (folder, sample) = crowded(bench)?;
    let data = Server::prepare(bench, &folder, "crowded-data")?;
    let mut rows = Vec::new();
    for Step { ops, bar, pushes } in steps {
        let figure = ours(bench, &data, &sample, ops, pushes).await?;
        let what = format!("push, {CLIENTS} clients, batches of {ops}");
        let note = format!("{pushes} pushes a client over HTTP, SQLite synchronous=FULL, every answer checked");
        let bar = Bar::AtLeast(bar);
        rows.push(Row { row: "push", what: what.clone(), value: figure, unit: "ops/s", bar, note });
        rows.push(beside(bench, what, figure, ops, pushes).await?);
    }
    Ok(rows)
}

async fn ours(bench: &Bench, data: &Path, sample: &Sample, ops: usize, pushes: usize) -> Result<f64> {
    let server = Server::start(bench, data).await?;
    let mut clients = Vec::with_capacity(CLIENTS);
    for number in 0..CLIENTS {
        let mut tablet = Tablet::new(server.address, sample, number, "push").await?;
        let warm = tablet.next(ops)?;
        tablet.deliver(&warm).await?;
        let batches = (0..pushes).map(|_| tablet.next(ops)).collect::<Result<Vec<_>>>()?;
        clients.push((tablet, batches));
    }
    let (time, _) = together(clients, |(mut tablet, batches): (Tablet, Vec<Batch>)| async move {
        for batch in &batches {
            tablet.deliver(batch).await?;
        }
        Ok(())
    })
    .await?;
    Ok((CLIENTS * pushes * ops) as f64 / time.as_secs_f64())
}

async fn beside(bench: &Bench, what: String, ours: f64, ops: usize, pushes: usize) -> Result<Row> {
    let row = |value, note| Row {
        row: "push",
        what: format!("{what}, against express-pouchdb"),
        value,
        unit: "×",
        bar: Bar::AtLeast(TIMES),
        note,
    };
    let Some(folder) = &bench.pouch else {
        return Ok(Row { bar: Bar::None, ..row(0.0, "npm could not provide express-pouchdb: not compared".into()) });
    };
    // It is slower, and its figure is steady after fewer.
    let pushes = (pushes / 4).max(4);
    let theirs = Pouch::start(bench, folder, ops).await?.take(ops, pushes).await?;
    Ok(row(ours / theirs, format!("it stores {theirs:.0} ops/s on LevelDB, which doesn't sync every write to disk")))
}
