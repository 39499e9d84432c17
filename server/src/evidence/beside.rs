//! The tables beside the log must say what the log says: the server judges and answers by them. A log whose beginning an older
//! version wrote, without acts, may have rows that no act speaks of.

use super::findings::Finding;
use super::replay::Replay;
use crate::acts::PROGRAM;
use crate::db::presence::{At, Latest};
use crate::db::rounds::RoundRow;
use crate::db::{DbResult, Tx, acts, presence, replicas, rounds, rulings};
use domain::catalog::Catalog;
use domain::ids::{EditionId, ReplicaId, RoundCode, UserId};
use domain::jury::Presence;
use domain::log::{ActEnvelope, OrganiserAct};
use domain::round::{RoundMove, RoundState};
use std::collections::{BTreeMap, BTreeSet};

/// What the acts said of things that have a table of their own.
#[derive(Default)]
pub struct Said {
    /// Whether an older version wrote the log's beginning.
    has_older_part: bool,
    revoked: BTreeSet<ReplicaId>,
    presences: BTreeMap<(RoundCode, At), (Presence, UserId)>,
    moves: BTreeMap<RoundCode, Vec<RoundRow>>,
}

impl Said {
    /// The next act.
    pub fn add(&mut self, act: ActEnvelope) {
        match act.act {
            OrganiserAct::Found {} => self.has_older_part |= act.user == PROGRAM,
            OrganiserAct::RevokeReplica { replica, .. } => drop(self.revoked.insert(replica)),
            OrganiserAct::RecordPresence { round, delegation, date, ordinal, juror, presence, .. } => {
                let at = At { delegation, date, ordinal, juror };
                self.presences.insert((round, at), (presence, act.user));
            }
            OrganiserAct::MoveRound { round, step, epoch, reason } => {
                let row = RoundRow { round, state: leads_to(step), epoch, by: act.user, at: act.at, reason };
                self.moves.entry(row.round.clone()).or_default().push(row);
            }
            OrganiserAct::Rule { .. } | OrganiserAct::ChangePlan { .. } => {}
        }
    }
}

fn leads_to(step: RoundMove) -> RoundState {
    match step {
        RoundMove::Open | RoundMove::Reopen => RoundState::Open,
        RoundMove::BeginClosing => RoundState::Closing,
        RoundMove::Close => RoundState::Closed,
        RoundMove::Publish => RoundState::Published,
    }
}

/// Compares each table with what the walk through the log has left behind.
pub async fn check(tx: &mut Tx, catalog: &Catalog, replay: &mut Replay) -> DbResult<()> {
    let edition = catalog.edition.id;
    check_replicas(tx, replay).await?;
    check_rulings(tx, edition, replay).await?;
    check_act_names(tx, edition, replay).await?;
    check_presences(tx, catalog, replay).await?;
    check_rounds(tx, edition, replay).await
}

async fn check_replicas(tx: &mut Tx, replay: &mut Replay) -> DbResult<()> {
    let mut without_row: BTreeSet<ReplicaId> = replay.replicas.keys().copied().collect();
    for row in replicas::rows(tx).await? {
        let replica = row.id.parse::<ReplicaId>().ok();
        if let Some(replica) = &replica {
            without_row.remove(replica);
        }
        let written = replica.and_then(|replica| replay.replicas.get(&replica));
        let chain = written.map_or(&[][..], |written| &written.chain);
        let end = (chain.len() as i64, chain.last().map(|(hash, _)| hash.to_string()));
        let says_revoked = replica.is_some_and(|replica| replay.said.revoked.contains(&replica));
        let is_as_said =
            if row.revoked_at.is_some() { says_revoked || replay.said.has_older_part } else { !says_revoked };
        let wrong = [
            (end == (row.seq, row.head), "its row names another end than its operations have"),
            (written.is_none_or(|written| written.user.to_string() == row.user_id), "its row names another user"),
            (is_as_said, "its row differs from the acts in whether it was revoked"),
        ];
        let found = wrong.into_iter().filter(|(is_right, _)| !is_right);
        replay.findings.extend(found.map(|(_, why)| Finding::Replica(row.id.clone(), why)));
    }
    let found = without_row.into_iter().map(|replica| Finding::Replica(replica.to_string(), "its row is missing"));
    replay.findings.extend(found);
    Ok(())
}

async fn check_rulings(tx: &mut Tx, edition: EditionId, replay: &mut Replay) -> DbResult<()> {
    let stored = rulings::all(tx, edition).await?;
    let differing: BTreeSet<u64> = stored.symmetric_difference(&replay.rulings).map(|ruling| ruling.op).collect();
    replay.findings.extend(differing.into_iter().map(Finding::Ruling));
    Ok(())
}

/// Pages ask for acts by their column.
async fn check_act_names(tx: &mut Tx, edition: EditionId, replay: &mut Replay) -> DbResult<()> {
    for (position, kind, text) in acts::columns(tx, edition).await? {
        // What can't be read is found by the walk.
        let act = serde_json::from_str::<ActEnvelope>(&text);
        if act.is_ok_and(|act| acts::kind(&act.act) != kind) {
            replay.findings.push(Finding::Column(u64::try_from(position).unwrap_or_default(), "kind"));
        }
    }
    Ok(())
}

async fn check_presences(tx: &mut Tx, catalog: &Catalog, replay: &mut Replay) -> DbResult<()> {
    let mut said = std::mem::take(&mut replay.said.presences);
    for round in &catalog.rounds {
        for Latest { at, presence, by, .. } in presence::load(tx, catalog.edition.id, &round.code).await? {
            let key = (round.code.clone(), at);
            let is_right = match said.remove(&key) {
                Some(said) => said == (presence, by),
                None => replay.said.has_older_part,
            };
            if !is_right {
                replay.findings.push(Finding::Presence(key.1));
            }
        }
    }
    replay.findings.extend(said.into_keys().map(|(_, at)| Finding::Presence(at)));
    Ok(())
}

/// Of each round the acts must be its latest rows; its first ones are as old as the edition.
async fn check_rounds(tx: &mut Tx, edition: EditionId, replay: &mut Replay) -> DbResult<()> {
    let stored = rounds::rows(tx, edition).await?;
    for (round, moves) in std::mem::take(&mut replay.said.moves) {
        let rows: Vec<&RoundRow> = stored.iter().filter(|row| row.round == round).collect();
        if !rows.ends_with(&moves.iter().collect::<Vec<_>>()) {
            replay.findings.push(Finding::Round(round));
        }
    }
    Ok(())
}
