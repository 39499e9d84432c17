//! Walks the log once, entry by entry, and checks what can be seen of each.

use super::beside::Said;
use super::findings::Finding;
use crate::db::ops::{EntryRow, OpColumns, read_status};
use crate::db::rulings::Ruling;
use crate::photos::Names;
use domain::ids::{ReplicaId, UserId};
use domain::log::{ActEnvelope, Fingerprints, LogEnd, OpName, OrganiserAct, Verdict};
use domain::sync::chain::{Envelope, OpHash, Task, sha256};
use domain::sync::wire::Status;
use domain::tally::Projection;
use std::collections::{BTreeMap, BTreeSet};

/// The log so far.
pub struct Replay {
    /// Its end.
    pub end: LogEnd,
    /// Operations and acts so far.
    pub counts: (u64, u64),
    /// What each replica wrote.
    pub replicas: BTreeMap<ReplicaId, Written>,
    /// What the latest act says of the settings, and where it stands.
    pub settings: Option<(u64, Fingerprints)>,
    /// What the acts ruled.
    pub rulings: BTreeSet<Ruling>,
    /// What else they said.
    pub said: Said,
    /// The photos that operations name.
    pub photos: Names,
    /// What was found.
    pub findings: Vec<Finding>,
    held: BTreeMap<OpName, (u64, UserId)>,
}

/// A replica's operations.
pub struct Written {
    /// Whose they are.
    pub user: UserId,
    /// Hash and position of number 1, 2, 3 …
    pub chain: Vec<(OpHash, u64)>,
}

impl Replay {
    /// Before the first entry.
    pub fn new(start: LogEnd) -> Self {
        Self {
            end: start,
            counts: (0, 0),
            replicas: BTreeMap::new(),
            settings: None,
            rulings: BTreeSet::new(),
            said: Said::default(),
            photos: Names::default(),
            findings: Vec::new(),
            held: BTreeMap::new(),
        }
    }

    /// The next entry.
    pub fn entry(&mut self, row: EntryRow, projection: &mut Projection) {
        let position = self.end.position + 1;
        if u64::try_from(row.position) != Ok(position) {
            self.findings.push(Finding::Gap(position));
        }
        let (Ok(hash), Ok(status)) = (row.hash.parse::<OpHash>(), row.status()) else {
            return self.findings.push(Finding::Entry(position, "hash or status can't be read"));
        };
        if sha256(row.envelope.as_bytes()) != hash {
            self.findings.push(Finding::Entry(position, "the text doesn't have its hash"));
        }
        match status {
            Some(status) => {
                self.counts.0 += 1;
                self.end = self.end.with_op(hash, &status);
                self.operation(position, &row.envelope, hash, &status);
            }
            None => {
                self.counts.1 += 1;
                self.end = self.end.with_act(hash);
                match row.act() {
                    Ok(act) => self.act(position, act),
                    Err(_) => self.findings.push(Finding::Entry(position, "the act can't be read")),
                }
            }
        }
        if let Ok(entry) = row.entry() {
            projection.apply(&entry);
        }
    }

    fn operation(&mut self, position: u64, text: &str, hash: OpHash, status: &Status) {
        let Ok(envelope) = serde_json::from_str::<Envelope>(text) else {
            return self.findings.push(Finding::Entry(position, "the envelope can't be read"));
        };
        let written = Written { user: envelope.user, chain: Vec::new() };
        let Written { user, chain } = self.replicas.entry(envelope.replica).or_insert(written);
        if *user != envelope.user {
            self.findings.push(Finding::Entry(position, "its replica was another user's before"));
        }
        if envelope.seq != chain.len() as u64 + 1 || envelope.prev != chain.last().map(|(hash, _)| *hash) {
            self.findings.push(Finding::Chain(position));
        }
        chain.push((hash, position));
        let name = OpName { replica: envelope.replica, seq: envelope.seq, hash };
        if matches!(status, Status::Held(_)) {
            self.held.insert(name, (position, envelope.user));
        }
        if let Ok(task) = envelope.task() {
            self.photos.add(position, envelope.user, &task, status);
        }
    }

    fn act(&mut self, position: u64, act: ActEnvelope) {
        if matches!(act.act, OrganiserAct::Found {}) && self.settings.is_some() {
            self.findings.push(Finding::Entry(position, "the edition is founded a second time"));
        }
        if let Some((before, settings)) = &self.settings {
            let may = parts_of(&act.act);
            let since = act.before.as_ref().unwrap_or(settings);
            let by_act = since.differences(&act.settings).into_iter().filter(|part| !may.contains(part));
            let changed = settings.differences(since).into_iter().chain(by_act);
            let found: Vec<_> = changed.map(|part| Finding::Settings(*before, part)).collect();
            self.findings.extend(found);
        }
        if let OrganiserAct::Rule { verdict, ops, .. } = &act.act {
            for name in ops {
                let admitted = *verdict == Verdict::Admit;
                match self.held.remove(name) {
                    Some((op, user)) => drop(self.rulings.insert(Ruling { op, act: position, user, admitted })),
                    None => self.findings.push(Finding::Ruling(position)),
                }
            }
        }
        self.settings = Some((position, act.settings.clone()));
        self.said.add(act);
    }

    /// What stands beside an operation must be what its envelope says: the inbox and tablets go by it. Of one that couldn't be
    /// read when it was stored, nothing of its body stands there (S21).
    pub fn columns(&mut self, row: &OpColumns) {
        let position = u64::try_from(row.position).unwrap_or_default();
        let Ok(envelope) = serde_json::from_str::<Envelope>(&row.envelope) else {
            return;
        };
        let was_read = read_status(&row.status, row.code.clone()).map_or(true, |status| status.was_read());
        let task = envelope.task().ok().filter(|_| was_read);
        let pairs = [
            ("replica_id", row.replica_id == envelope.replica.to_string()),
            ("seq", u64::try_from(row.seq) == Ok(envelope.seq)),
            ("user_id", row.user_id == envelope.user.to_string()),
            ("round", row.round == envelope.round.to_string()),
            ("product_id", row.product_id == task.as_ref().and_then(Task::sheet).map(|work| work.product.to_string())),
            ("code", row.status != "accepted" || row.code.is_none()),
            ("kind", row.kind == task.as_ref().map_or("unknown", Task::kind)),
            ("base", row.base == envelope.base.map(String::from)),
            ("reissue_of", row.reissue_of == envelope.reissue_of.map(String::from)),
        ];
        let wrong = pairs.into_iter().filter(|(_, same)| !same);
        self.findings.extend(wrong.map(|(column, _)| Finding::Column(position, column)));
    }
}

/// The parts of the settings that an act may change.
fn parts_of(act: &OrganiserAct) -> &'static [&'static str] {
    match act {
        OrganiserAct::Found {} => &["edition", "rounds", "rubrics", "products", "panels"],
        OrganiserAct::MoveRound { .. } => &["rounds"],
        OrganiserAct::RecordPresence { .. } => &["panels"],
        OrganiserAct::Rule { .. } | OrganiserAct::RevokeReplica { .. } | OrganiserAct::ChangePlan { .. } => &[],
    }
}
