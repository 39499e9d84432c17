//! A server: what is committed survives everything but a restore, what is in memory nothing. The decisions are the
//! production's ([`domain::sync::inbox`], [`domain::log`], [`domain::tally`]); this stands for SQL and HTTP.

use crate::committed::{Committed, Stored, StoredAct, StoredOp};
use crate::edition::{EDITION, SECRETARY};
use crate::visits::{Touched, plans, presence_of};
use crate::watched::Watched;
use domain::access::{Actor, Role};
use domain::api::ErrorBody;
use domain::ids::{ReplicaId, SheetId, UserId};
use domain::jury::Assignment;
use domain::log::{ActEnvelope, OpName, OrganiserAct, Verdict};
use domain::round::RoundMove;
use domain::sync::chain::OpHash;
use domain::sync::inbox::{Delivery, Refusal, ReplicaState, decide};
use domain::sync::receipt::{ReceiptKey, Statement};
use domain::sync::turn::Reply;
use domain::sync::wire::{AskPhotos, OpStatus, Pulled, PulledOp, Push, Pushed, RegisterReplica, Registered, Status};
use domain::sync::{MAX_PUSH_BYTES, PROTOCOL};
use serde::Serialize;
use std::sync::Arc;

/// Operations in one page of a pull: few, so that pages matter.
const PAGE: usize = 4;

/// What a tablet asks.
#[derive(Clone, Debug)]
pub enum Request {
    Register(RegisterReplica),
    Push(Box<Push>),
    Pull(Option<String>),
    AskPhotos(AskPhotos),
    PutPhoto {
        sha256: OpHash,
        bytes: Vec<u8>,
    },
    /// What only an app asks that is a version ahead.
    OfTomorrow,
}

/// When a crash takes the server down, seen from one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    None,
    BeforeCommit,
    AfterCommit,
}

pub struct Server {
    pub disk: Watched<Committed>,
    pub incarnation: u64,
    key: ReceiptKey,
    /// Whether it knows codes that today's tablets don't (S21).
    pub ahead: bool,
    /// Whether its disk is full: it reads, and commits nothing.
    pub full: bool,
}

impl Server {
    pub fn new() -> Self {
        let mut server = Self {
            disk: Watched::new(Committed::new()),
            incarnation: 1,
            key: ReceiptKey::from_seed([7; 32]),
            ahead: false,
            full: false,
        };
        server.note(crate::edition::ORGANISER, 0, OrganiserAct::Found {});
        server
    }

    /// Answers one request of whoever is signed in. None if it went down.
    pub fn answer(&mut self, session: Option<UserId>, request: &Request, now: i64, crash: Crash) -> Option<Reply> {
        let Some(user) = session else {
            return Some(error(401, "not_signed_in", None));
        };
        match request {
            Request::Register(register) => Some(self.register(user, register)),
            Request::Push(push) => self.push(user, push, now, crash),
            Request::Pull(cursor) => Some(ok(&self.pull(user, cursor.as_deref()))),
            Request::AskPhotos(ask) => Some(ok(&self.photos_wanted(user, ask))),
            Request::PutPhoto { sha256, bytes } => self.put_photo(user, *sha256, bytes, crash),
            Request::OfTomorrow => Some(error(404, "not_found", None)),
        }
    }

    fn register(&mut self, user: UserId, register: &RegisterReplica) -> Reply {
        let replica = register.replica;
        if register.user.is_some_and(|whose| whose != user) {
            return error(403, "other_users_replica", None);
        }
        if self.full && !self.disk.replicas.contains_key(&replica) {
            return full();
        }
        let fresh = ReplicaState { user, seq: 0, head: None, revoked: false };
        let known = self.disk.replicas.entry(replica).or_insert(fresh);
        if known.user != user {
            return error(403, "other_users_replica", None);
        }
        ok(&Registered { protocol: PROTOCOL, replica, receipt_key: self.key.public() })
    }

    /// S16–S19: decide, commit, and only then answer.
    fn push(&mut self, user: UserId, push: &Push, now: i64, crash: Crash) -> Option<Reply> {
        if serde_json::to_vec(push).map_or(0, |body| body.len()) > MAX_PUSH_BYTES {
            return Some(error(413, "body_too_large", None));
        }
        let Some(state) = self.disk.replicas.get(&push.replica).cloned() else {
            return Some(error(404, "unknown_replica", None));
        };
        let role = if user == SECRETARY { Role::Secretary } else { Role::Juror };
        let delivery = Delivery::read(push.clone(), Actor { user, role });
        let stored = self.disk.stored_of(push.replica);
        let known: Vec<(OpHash, Status)> = match delivery.known_range(&state) {
            Some((first, last)) => stored[first as usize - 1..last as usize].to_vec(),
            None => Vec::new(),
        };
        let hashes: Vec<OpHash> = known.iter().map(|(hash, _)| *hash).collect();
        let writings = delivery.writings();
        let mut again: Vec<OpHash> =
            writings.repeated.into_iter().filter(|hash| self.disk.has_op_of(user, *hash)).collect();
        again.extend(writings.first.into_iter().filter(|hash| self.disk.has_reissue_of(user, *hash)));
        let new = match decide(&delivery, &state, &hashes, &again, &self.disk.catalog) {
            Ok(new) => new,
            Err(refusal) => {
                if matches!(refusal, Refusal::Fork { .. }) && !self.full {
                    self.disk.quarantine.push(push.clone());
                }
                let (status, code) = refusal.status_and_code();
                return Some(error(status, code, refusal.expected_seq()));
            }
        };
        if crash == Crash::BeforeCommit {
            return None;
        }
        if self.full {
            return Some(full());
        }
        let first = push.first_seq;
        let mut statuses: Vec<OpStatus> =
            (first..).zip(known).map(|(seq, (_, status))| OpStatus { seq, status }).collect();
        let mut state = state;
        // Of those that don't count, too: behind one that came after its successor other words are superseded.
        let mut touched = Touched::new();
        for op in new {
            self.name_photo(user, op.task);
            let end = self.disk.end.with_op(op.wire.hash, &op.status);
            self.disk.end = end;
            (state.seq, state.head) = (op.envelope.seq, Some(op.wire.hash));
            statuses.push(OpStatus { seq: op.envelope.seq, status: op.status.clone() });
            let (wire, envelope) = (op.wire.clone(), op.envelope.clone());
            let stored = StoredOp { wire, envelope, task: op.task.cloned(), status: op.status };
            touched.extend(presence_of(&stored));
            self.disk.log.push(Stored::Op(Arc::new(stored)));
        }
        self.disk.replicas.insert(push.replica, state.clone());
        let position = self.disk.end.position;
        self.take_effect(&touched, now);
        if crash == Crash::AfterCommit {
            return None;
        }
        statuses.retain(|listed| listed.status != Status::Accepted);
        let statement = Statement {
            replica: push.replica,
            acked_seq: state.seq,
            acked_hash: state.head,
            position,
            received_at: now,
        };
        let receipt = self.key.sign(statement);
        let pushed = Pushed { protocol: PROTOCOL, acked_seq: state.seq, acked_hash: state.head, statuses, receipt };
        Some(self.skewed(ok(&pushed)))
    }

    /// A newer server may say codes that today's tablets have never heard of.
    fn skewed(&self, mut reply: Reply) -> Reply {
        if self.ahead {
            let text = String::from_utf8_lossy(&reply.body);
            reply.body = text.replace("\"round_closed\"", "\"round_of_tomorrow\"").into_bytes();
        }
        reply
    }

    fn pull(&self, juror: UserId, cursor: Option<&str>) -> Pulled {
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        let parts: Option<Vec<u64>> = cursor.map(|text| text.split('.').filter_map(|part| part.parse().ok()).collect());
        let end = self.disk.end.position;
        let since = parts.as_ref().and_then(|parts| match parts[..] {
            [incarnation, version, position, ref records @ ..]
                if incarnation == self.incarnation && version <= self.disk.catalog.version && position <= end =>
            {
                Some((version, position, records.first().copied()))
            }
            _ => None,
        });
        let reset = cursor.is_some() && since.is_none();
        let (version, after, heard) = since.unwrap_or_default();
        let mut ops: Vec<(u64, PulledOp)> = Vec::new();
        for (position, stored) in (1..).zip(&self.disk.log) {
            let Stored::Op(op) = stored else { continue };
            let at = self.disk.last_word_on(position, op);
            if op.envelope.user == juror && at > after {
                let (envelope, hash) = (op.wire.envelope.clone(), op.wire.hash);
                ops.push((at, PulledOp { position, envelope, hash, status: self.disk.status_of(op) }));
            }
        }
        ops.sort_by_key(|(at, op)| (*at, op.position));
        // A page ends between positions: a ruling on several operations is one of them.
        let cut = ops.get(PAGE).map(|(at, _)| *at).filter(|_| ops.len() > PAGE);
        let more = cut.is_some();
        let upto = match cut {
            Some(next) => ops.iter().take_while(|(at, _)| *at < next).last().map_or(next, |(at, _)| *at),
            None => end,
        };
        ops.retain(|(at, _)| *at <= upto);
        let catalog = &self.disk.catalog;
        let settings = version != catalog.version;
        let visits = if juror == SECRETARY && !more { self.visit_states(heard) } else { Vec::new() };
        let heard = if more { heard } else { Some(end) };
        let heard = heard.filter(|_| juror == SECRETARY).map(|position| format!(".{position}")).unwrap_or_default();
        let assignments = catalog.seats_of(juror).map(|(round, product, seat)| Assignment {
            round: round.clone(),
            product,
            sheet: SheetId::of(EDITION, round, juror, product),
            standing: seat.standing.clone(),
            stop: None,
        });
        Pulled {
            protocol: PROTOCOL,
            cursor: format!("{}.{}.{upto}{heard}", self.incarnation, catalog.version),
            more,
            reset,
            edition: settings.then(|| catalog.edition.clone()),
            rounds: if settings { catalog.rounds.clone() } else { Vec::new() },
            rubrics: if settings { catalog.rubrics.clone() } else { Vec::new() },
            products: if settings { catalog.products.clone() } else { Vec::new() },
            assignments: if settings { assignments.collect() } else { Vec::new() },
            ops: ops.into_iter().map(|(_, op)| op).collect(),
            removed: Vec::new(),
            stops: if settings && juror == SECRETARY { plans() } else { Vec::new() },
            visits,
            user: juror,
        }
    }

    /// Moves a round, if it can be moved so (S25).
    pub fn move_round(&mut self, n: usize, step: RoundMove, now: i64) {
        let round = &mut self.disk.catalog.rounds[n];
        let reason = "Theo quyết định";
        let Ok((state, epoch)) = step.apply(round.state, round.epoch, reason) else {
            return;
        };
        (round.state, round.epoch) = (state, epoch);
        let round = round.code.clone();
        self.disk.catalog.version += 1;
        self.note(
            crate::edition::ORGANISER,
            now,
            OrganiserAct::MoveRound { round, step, epoch, reason: reason.to_owned() },
        );
    }

    /// Rules on the held operations of one sheet.
    pub fn rule(&mut self, verdict: Verdict, ops: Vec<OpName>, now: i64) {
        let position = self.disk.end.position + 1;
        self.disk.rulings.extend(ops.iter().map(|name| (name.hash, (position, verdict))));
        let ruled = self.disk.ops().filter(|op| ops.iter().any(|name| name.hash == op.wire.hash));
        let touched: Touched = ruled.filter_map(presence_of).collect();
        let act = OrganiserAct::Rule { verdict, ops, reason: "Đến muộn".to_owned() };
        self.note(crate::edition::ORGANISER, now, act);
        if verdict == Verdict::Admit {
            self.take_effect(&touched, now);
        }
    }

    pub fn revoke(&mut self, replica: ReplicaId, now: i64) {
        if let Some(state) = self.disk.replicas.get_mut(&replica) {
            state.revoked = true;
            self.note(
                crate::edition::ORGANISER,
                now,
                OrganiserAct::RevokeReplica { replica, reason: "Mất máy".to_owned() },
            );
        }
    }

    /// An act at the end of the log.
    pub fn note(&mut self, user: UserId, at: i64, act: OrganiserAct) {
        let settings = self.disk.catalog.fingerprints();
        let (text, hash) = ActEnvelope { edition: EDITION, user, at, act: act.clone(), settings, before: None }.write();
        let end = self.disk.end.with_act(hash);
        self.disk.end = end;
        self.disk.log.push(Stored::Act(Arc::new(StoredAct { text, hash, act })));
    }

    /// Starts again, after a crash or a restore: which of them it was it can't know, so all cursors are void (S27).
    pub fn start_again(&mut self) {
        self.incarnation += 1;
    }

    /// An old backup is put back.
    pub fn restore(&mut self, backup: Committed) {
        *self.disk = backup;
        self.start_again();
    }
}

pub fn ok(body: &impl Serialize) -> Reply {
    Reply { status: 200, marked: true, body: serde_json::to_vec(body).unwrap_or_default() }
}

pub fn full() -> Reply {
    error(507, "server_full", None)
}

pub fn error(status: u16, code: &str, expected_seq: Option<u64>) -> Reply {
    let body = ErrorBody { code: code.to_owned(), message: String::new(), expected_seq };
    Reply { status, marked: true, body: serde_json::to_vec(&body).unwrap_or_default() }
}
