//! The sample's sheets as their jurors' tablets would push them: one replica a juror, one chain of operations.

use crate::db::replicas;
use crate::state::App;
use anyhow::{Context as _, Result, bail};
use chrono::DateTime;
use domain::access::Actor;
use domain::ids::{ReplicaId, UserId};
use domain::sample::{Sample, SampleSheet};
use domain::sheet::{Act, Sheet, Work};
use domain::sync::PROTOCOL;
use domain::sync::chain::{Chain, Context, WireOp};
use domain::sync::outbox::batch_len;
use domain::sync::wire::{Push, Pushed};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Between two operations, as the tablets claim it.
const PACE_MS: i64 = 15_000;

/// Pushes every sheet; returns the number of operations.
pub async fn push_all(app: &App, sample: &Sample) -> Result<usize> {
    let mut by_juror: BTreeMap<UserId, Vec<&SampleSheet>> = BTreeMap::new();
    for sheet in &sample.sheets {
        by_juror.entry(sheet.juror).or_default().push(sheet);
    }
    let mut count = 0;
    for (juror, sheets) in by_juror {
        let replica = ReplicaId(Uuid::new_v5(&sample.edition.id.0, format!("replica/{juror}").as_bytes()));
        let mut tx = app.db.write().await?;
        replicas::register(&mut tx, replica, juror, app.nature.now()).await?;
        tx.commit().await?;
        let mut tablet = Tablet { sample, juror, chain: Chain::new(replica), ops: Vec::new() };
        sheets.into_iter().for_each(|sheet| tablet.write(sheet));
        count += tablet.ops.len();
        let role = sample.people.iter().find(|person| person.id == juror).map(|person| person.role);
        let actor = Actor { user: juror, role: role.with_context(|| format!("nobody has the id {juror}"))? };
        push(app, actor, replica, &tablet.ops).await?;
    }
    Ok(count)
}

/// A juror's tablet while it is written.
struct Tablet<'a> {
    sample: &'a Sample,
    juror: UserId,
    chain: Chain,
    ops: Vec<WireOp>,
}

impl Tablet<'_> {
    fn write(&mut self, sheet: &SampleSheet) {
        let mut folded = Sheet::default();
        for (criterion, points) in &sheet.marks {
            self.act(sheet, &mut folded, Act::SetMark { criterion: criterion.clone(), points: Some(*points) });
        }
        for (criterion, text) in &sheet.notes {
            self.act(sheet, &mut folded, Act::SetNote { criterion: criterion.clone(), text: text.clone() });
        }
        if !sheet.remark.is_empty() {
            self.act(sheet, &mut folded, Act::SetRemark { text: sheet.remark.clone() });
        }
        if sheet.confirmed {
            let state_hash = folded.state_hash();
            self.act(sheet, &mut folded, Act::Confirm { state_hash });
        }
    }

    fn act(&mut self, sheet: &SampleSheet, folded: &mut Sheet, act: Act) {
        let bases = folded.bases_for(&act.cell(), self.chain.replica, None);
        let round = self.sample.rounds.iter().find(|round| round.round.code == sheet.round);
        let opened = round.and_then(|round| DateTime::parse_from_rfc3339(&round.acts.first()?.at).ok());
        let context = Context {
            user: self.juror,
            round: sheet.round.clone(),
            epoch: round.map_or(1, |round| round.round.epoch),
            bases: bases.clone(),
            claimed_at: opened.map_or(0, |time| time.timestamp_millis()) + self.ops.len() as i64 * PACE_MS,
            reissue_of: None,
        };
        let op = self.chain.append(context, &Work { product: sheet.product, act: act.clone() });
        let origin = domain::sheet::Origin::first(self.chain.replica, self.chain.seq, op.hash, bases);
        folded.apply(&origin, &act);
        self.ops.push(op);
    }
}

async fn push(app: &App, juror: Actor, replica: ReplicaId, mut waiting: &[WireOp]) -> Result<()> {
    let mut first_seq = 1;
    while !waiting.is_empty() {
        let (now, later) = waiting.split_at(batch_len(waiting));
        let app_version = "sample".to_owned();
        let push = Push { protocol: PROTOCOL, app_version, replica, first_seq, ops: now.to_vec(), unsent: 0 };
        let Pushed { statuses, acked_seq, .. } = app.writer.push(juror, push).await?;
        if let Some(status) = statuses.first() {
            bail!("operation {} of the sample's juror {} is not accepted: {:?}", status.seq, juror.user, status.status);
        }
        (first_seq, waiting) = (acked_seq + 1, later);
    }
    Ok(())
}
