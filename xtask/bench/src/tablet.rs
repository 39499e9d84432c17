//! A juror's tablet as the server sees it: signed in, registered, and pushing its chain in batches. Requests are written
//! before the clock runs: on a tablet they are written while the juror scores.

use crate::edition::{PASSWORD, juror};
use crate::http::{Answer, Connection, request};
use anyhow::{Context, Result, bail};
use domain::ids::{CriterionCode, ProductId, ReplicaId, RoundCode, UserId};
use domain::photo::{Mime, Photo};
use domain::points::Points;
use domain::sample::Sample;
use domain::sheet::{Act, Bases, Origin, Sheet, Work};
use domain::sync::PROTOCOL;
use domain::sync::chain::{Chain, Context as OpContext, WireOp, sha256};
use domain::sync::outbox::batch_len;
use domain::sync::wire::{Push, Pushed, RegisterReplica};
use std::net::SocketAddr;
use uuid::Uuid;

/// When the tablets claim to have written; nothing depends on it.
const CLAIMED_AT: i64 = 1_724_630_400_000;
/// The one round of the sample that is open.
const ROUND: &str = "visit";

/// Signs in and gives the session's cookie.
pub async fn sign_in(connection: &mut Connection, name: &str, password: &str) -> Result<String> {
    let body = serde_json::json!({ "name": name, "password": password }).to_string();
    let answer = connection.send(&request("POST", "/api/v1/session", None, body.as_bytes())).await?;
    answer.cookie.with_context(|| format!("{name} could not sign in: {}", answer.status))
}

/// One tablet.
pub struct Tablet {
    /// Kept over all of its pushes.
    pub connection: Connection,
    /// Its session.
    pub cookie: String,
    user: UserId,
    round: RoundCode,
    chain: Chain,
    /// What it may mark, in the order in which it does.
    criteria: Vec<(CriterionCode, Points, Points)>,
    products: Vec<ProductId>,
    marked: usize,
    sheets: usize,
}

impl Tablet {
    /// Signs in juror `number` on a tablet of its own, called `name`.
    pub async fn new(address: SocketAddr, sample: &Sample, number: usize, name: &str) -> Result<Self> {
        let account = juror(number);
        let person = sample.people.iter().find(|person| person.name == account).context("no such juror")?;
        let round: RoundCode = ROUND.parse()?;
        let panels = sample.panels.get(&round).context("no panels")?;
        let seats = panels.iter().filter(|(_, panel)| panel.contains_key(&person.id));
        let criteria = sample.rubric.criteria.iter().map(|one| (one.code.clone(), one.max, one.step));
        let mut connection = Connection::open(address).await?;
        let cookie = sign_in(&mut connection, &account, PASSWORD).await?;
        let mut tablet = Self {
            connection,
            cookie,
            user: person.id,
            chain: Chain::new(ReplicaId(Uuid::new_v5(&person.id.0, name.as_bytes()))),
            criteria: criteria.collect(),
            products: seats.map(|(product, _)| *product).collect(),
            round,
            marked: 0,
            sheets: 0,
        };
        tablet.register().await?;
        Ok(tablet)
    }

    async fn register(&mut self) -> Result<()> {
        let body = serde_json::to_vec(&RegisterReplica { replica: self.chain.replica, user: None })?;
        let answer = self.connection.send(&request("POST", "/api/v1/replicas", Some(&self.cookie), &body)).await?;
        if answer.status != 200 {
            bail!("the tablet was not registered: {}", answer.status);
        }
        Ok(())
    }

    /// The next mark: sheet after sheet, criterion after criterion, and over again with other points.
    pub fn mark(&mut self, per_sheet: usize) -> WireOp {
        let (sheet, place) = (self.marked / per_sheet, self.marked % per_sheet);
        self.marked += 1;
        let (criterion, max, step) = self.criteria[place % self.criteria.len()].clone();
        let points = Points((max.0 - step.0 * ((sheet + place) % 4) as i32).max(0));
        let product = self.products[sheet % self.products.len()];
        self.write(product, Act::SetMark { criterion, points: Some(points) })
    }

    /// A photo on the sheet that was marked last; the server hears of it, and never gets its bytes.
    pub fn photo(&mut self, per_sheet: usize) -> WireOp {
        let sheet = self.marked.saturating_sub(1) / per_sheet;
        let product = self.products[sheet % self.products.len()];
        let photo = Photo { sha256: sha256(&self.chain.seq.to_be_bytes()), size: 320_000, mime: Mime::Jpeg };
        self.write(product, Act::Attach(photo))
    }

    /// A push of the next marks.
    pub fn next(&mut self, count: usize) -> Result<Batch> {
        let per_sheet = self.criteria.len();
        let ops = (0..count).map(|_| self.mark(per_sheet)).collect();
        self.push(ops)
    }

    /// A push of the next product's whole sheet, confirmed: it counts.
    pub fn sheet(&mut self) -> Result<Batch> {
        let product = self.products[self.sheets % self.products.len()];
        self.sheets += 1;
        let mut folded = Sheet::default();
        let mut ops = Vec::new();
        for (criterion, max, _) in self.criteria.clone() {
            let act = Act::SetMark { criterion, points: Some(max) };
            let op = self.write(product, act.clone());
            let origin = Origin::first(self.chain.replica, self.chain.seq, op.hash, Bases::new());
            folded.apply(&origin, &act);
            ops.push(op);
        }
        ops.push(self.write(product, Act::Confirm { state_hash: folded.state_hash() }));
        self.push(ops)
    }

    fn write(&mut self, product: ProductId, act: Act) -> WireOp {
        let context = OpContext {
            user: self.user,
            round: self.round.clone(),
            epoch: 1,
            bases: Bases::new(),
            claimed_at: CLAIMED_AT,
            reissue_of: None,
        };
        self.chain.append(context, &Work { product, act })
    }

    /// The push that delivers these operations, the last ones written.
    fn push(&self, ops: Vec<WireOp>) -> Result<Batch> {
        self.push_from(self.chain.seq + 1 - ops.len() as u64, ops)
    }

    fn push_from(&self, first_seq: u64, ops: Vec<WireOp>) -> Result<Batch> {
        let (replica, app_version) = (self.chain.replica, "bench".to_owned());
        let last = first_seq + ops.len() as u64 - 1;
        let body = serde_json::to_vec(&Push { protocol: PROTOCOL, app_version, replica, first_seq, ops, unsent: 0 })?;
        let bytes = body.len();
        let request = request("POST", "/api/v1/sync/push", Some(&self.cookie), &body);
        Ok(Batch { request, last, bytes })
    }

    /// The operations in pushes as the tablet's own outbox cuts them.
    pub fn pushes(&self, ops: &[WireOp]) -> Result<Vec<Batch>> {
        let mut first_seq = self.chain.seq + 1 - ops.len() as u64;
        let (mut waiting, mut batches) = (ops, Vec::new());
        while !waiting.is_empty() {
            let (now, later) = waiting.split_at(batch_len(waiting));
            batches.push(self.push_from(first_seq, now.to_vec())?);
            first_seq += now.len() as u64;
            waiting = later;
        }
        Ok(batches)
    }

    /// Delivers a push, and believes only an answer that has stored and accepted all of it.
    pub async fn deliver(&mut self, batch: &Batch) -> Result<Pushed> {
        let answer = self.connection.send(&batch.request).await?;
        read(&answer, batch)
    }
}

/// A push, ready to be sent.
pub struct Batch {
    request: Vec<u8>,
    last: u64,
    /// Of its body.
    pub bytes: usize,
}

fn read(answer: &Answer, batch: &Batch) -> Result<Pushed> {
    if answer.status != 200 {
        bail!("a push was answered with {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    let pushed: Pushed = serde_json::from_slice(&answer.body)?;
    if pushed.acked_seq != batch.last || !pushed.statuses.is_empty() {
        bail!("a push was stored to {} of {}, with {:?}", pushed.acked_seq, batch.last, pushed.statuses.first());
    }
    Ok(pushed)
}
