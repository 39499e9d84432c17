//! Fifty jurors in one hotel find the network at the same moment, each with a full push.

use crate::Bench;
use crate::edition::{JURORS, crowded};
use crate::process::Server;
use crate::report::{Bar, Row, Times};
use crate::tablet::Tablet;
use crate::together::together;
use anyhow::Result;
use domain::sync::MAX_PUSH_OPS;
use tokio::time::Instant;

/// One row.
pub async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let rounds = bench.times(10, 2);
    let (folder, sample) = crowded(bench)?;
    let data = Server::prepare(bench, &folder, "crowded-data")?;
    let server = Server::start(bench, &data).await?;
    let mut tablets = Vec::with_capacity(JURORS);
    for number in 0..JURORS {
        tablets.push(Tablet::new(server.address, &sample, number, "crowd").await?);
    }
    let mut times = Vec::new();
    for _ in 0..rounds {
        let ready: Vec<_> =
            tablets.into_iter().map(|mut tablet| Ok((tablet.next(MAX_PUSH_OPS)?, tablet))).collect::<Result<_>>()?;
        let (_, done) = together(ready, |(batch, mut tablet)| async move {
            let start = Instant::now();
            tablet.deliver(&batch).await?;
            Ok((start.elapsed(), tablet))
        })
        .await?;
        tablets = Vec::with_capacity(JURORS);
        for (time, tablet) in done {
            times.push(time);
            tablets.push(tablet);
        }
    }
    let times = Times::new(times);
    Ok(vec![Row {
        row: "crowd",
        what: format!("push of {MAX_PUSH_OPS} operations, {JURORS} jurors at once, p99"),
        value: times.percentile(99),
        unit: "ms",
        bar: Bar::AtMost(500.0),
        note: format!(
            "{} pushes; p50 {:.0} ms, longest {:.0} ms",
            times.count(),
            times.percentile(50),
            times.longest()
        ),
    }])
}
