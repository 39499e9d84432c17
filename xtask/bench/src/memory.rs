//! What the server needs to hold an edition of the size that the bars name, once its totals were asked for.

use crate::Bench;
use crate::edition::{ORGANISER, ROUNDS, Size, full};
use crate::http::{Connection, request};
use crate::process::Server;
use crate::report::{Bar, Row, ms};
use crate::tablet::sign_in;
use anyhow::{Context, Result, bail};
use tokio::time::Instant;

const MEBIBYTE: f64 = 1024.0 * 1024.0;
/// A busy machine may take longer over the log than a request may last.
const TRIES: u32 = 10;

/// Memory, and beside it how long the totals took to be rebuilt from the log.
pub async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let size = Size { products: bench.times(500, 60), jurors: bench.times(15, 5) };
    let (folder, sample) = full(bench, size)?;
    eprintln!("{} sheets go through the inbox", sample.sheets.len());
    let data = Server::prepare(bench, &folder, "full-data")?;
    let start = Instant::now();
    let server = Server::start(bench, &data).await?;
    let mut desk = Connection::open(server.address).await?;
    let cookie = sign_in(&mut desk, ORGANISER.0, ORGANISER.1).await?;
    let pages = ROUNDS.map(|round| format!("/api/v1/rounds/{round}/totals"));
    for page in pages.iter().map(String::as_str).chain(["/api/v1/results"]) {
        ask(&mut desk, &request("GET", page, Some(&cookie), b"")).await.with_context(|| page.to_owned())?;
    }
    let rebuilt = start.elapsed();
    let (now, highest) = server.memory()?;
    let sheets = sample.sheets.len();
    let ops = sheets * (sample.rubric.criteria.len() + 1);
    let edition = format!("{} products × {} jurors × {} rounds", size.products, size.jurors, ROUNDS.len());
    let what = format!("server memory, {edition}");
    let note = format!("resident, {ops} operations in the log; at its highest {:.0} MiB", highest as f64 / MEBIBYTE);
    Ok(vec![
        Row { row: "memory", what, value: now as f64 / MEBIBYTE, unit: "MiB", bar: Bar::AtMost(100.0), note },
        Row {
            row: "memory",
            what: "start to all totals, rebuilt from that log".into(),
            value: ms(rebuilt) / 1_000.0,
            unit: "s",
            bar: Bar::None,
            note: "with copying the database".into(),
        },
    ])
}

async fn ask(desk: &mut Connection, request: &[u8]) -> Result<()> {
    for _ in 0..TRIES {
        match desk.send(request).await?.status {
            200 => return Ok(()),
            408 => {}
            other => bail!("it was answered with {other}"),
        }
    }
    bail!("it was never answered in time")
}
