//! The yardstick: express-pouchdb, which also takes documents from offline clients over HTTP. The same operations, as
//! documents in `_bulk_docs`.

use crate::Bench;
use crate::http::{Connection, request};
use crate::process::{Process, free_address};
use crate::throughput::CLIENTS;
use crate::together::together;
use anyhow::{Result, bail};
use domain::ids::{CriterionCode, ProductId, ReplicaId, RoundCode, UserId};
use domain::points::Points;
use domain::sheet::{Act, Bases, Work};
use domain::sync::chain::{Chain, Context};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use uuid::Uuid;

const DATABASE: &str = "/ops";

/// A running express-pouchdb with one empty database.
pub struct Pouch {
    address: SocketAddr,
    _process: Process,
}

impl Pouch {
    /// Starts it on an empty LevelDB.
    pub async fn start(bench: &Bench, folder: &Path, ops: usize) -> Result<Self> {
        let address = free_address()?;
        let data = bench.work.join(format!("pouch-{ops}"));
        std::fs::create_dir_all(&data)?;
        let mut command = Command::new("node");
        command.current_dir(folder).arg("server.cjs").arg(address.port().to_string()).arg(&data);
        command.env("NODE_ENV", "production");
        let mut process = Process::start(&mut command, &data.with_extension("log"))?;
        process.answers(address, "/").await?;
        let made = Connection::open(address).await?.send(&request("PUT", DATABASE, None, b"")).await?;
        if made.status != 201 {
            bail!("express-pouchdb makes no database: {}", made.status);
        }
        Ok(Self { address, _process: process })
    }

    /// Operations a second that it stores.
    pub async fn take(&self, ops: usize, pushes: usize) -> Result<f64> {
        let mut clients = Vec::with_capacity(CLIENTS);
        for number in 0..CLIENTS {
            let mut writer = Writer::new(number)?;
            let mut connection = Connection::open(self.address).await?;
            let warm = writer.next(ops);
            connection.send(&warm).await?;
            clients.push((connection, (0..pushes).map(|_| writer.next(ops)).collect::<Vec<_>>()));
        }
        let (time, _) = together(clients, |(mut connection, requests)| async move {
            for request in &requests {
                let answer = connection.send(request).await?;
                if answer.status != 201 {
                    bail!("express-pouchdb: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
                }
            }
            Ok(())
        })
        .await?;
        Ok((CLIENTS * pushes * ops) as f64 / time.as_secs_f64())
    }
}

/// Writes operations as a tablet does.
struct Writer {
    number: usize,
    chain: Chain,
    context: Context,
    work: Work,
}

impl Writer {
    fn new(number: usize) -> Result<Self> {
        let id = Uuid::from_u128(number as u128 + 1);
        let (round, criterion): (RoundCode, CriterionCode) = ("visit".parse()?, "2.10".parse()?);
        let context = Context {
            user: UserId(id),
            round,
            epoch: 1,
            bases: Bases::new(),
            claimed_at: 1_724_630_400_000,
            reissue_of: None,
        };
        let work = Work { product: ProductId(id), act: Act::SetMark { criterion, points: Some(Points(450)) } };
        Ok(Self { number, chain: Chain::new(ReplicaId(id)), context, work })
    }

    fn next(&mut self, ops: usize) -> Vec<u8> {
        let docs: Vec<_> = (0..ops)
            .map(|_| {
                let op = self.chain.append(self.context.clone(), &self.work);
                json!({ "_id": format!("{:02}-{:08}", self.number, self.chain.seq), "envelope": op.envelope, "hash": op.hash })
            })
            .collect();
        request("POST", "/ops/_bulk_docs", None, json!({ "docs": docs }).to_string().as_bytes())
    }
}
