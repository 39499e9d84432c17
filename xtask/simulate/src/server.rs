//! A server: what is committed survives everything but a restore, what is in memory nothing. The decisions are the
//! production's ([`domain::sync::inbox`], [`domain::log`], [`domain::tally`]); this stands for SQL and HTTP.

use crate::edition::{EDITION, SECRETARY, catalog};
use crate::visits::{Touched, plans, presence_of};
use domain::access::{Actor, Role};
use domain::api::ErrorBody;
use domain::catalog::Catalog;
use domain::ids::{ReplicaId, SheetId, UserId};
use domain::jury::{Assignment, Presence};
use domain::log::{ActEnvelope, LogEnd, OpName, OrganiserAct, Verdict};
use domain::round::RoundMove;
use domain::sync::chain::{Envelope, OpHash, WireOp};
use domain::sync::inbox::{Delivery, Refusal, ReplicaState, decide};
use domain::sync::receipt::{ReceiptKey, Statement};
use domain::sync::turn::Reply;
use domain::sync::wire::{
    AskPhotos, OpStatus, Pulled, PulledOp, Push, Pushed, RegisterReplica, Registered, RejectedCode, Status,
};
use domain::sync::{MAX_PUSH_BYTES, PROTOCOL};
use domain::tally::{LogEntry, Logged, OpEntry};
use domain::visit::VisitKey;
use serde::Serialize;
use std::collections::BTreeMap;

/// Operations in one page of a pull: few, so that pages matter.
const PAGE: usize = 4;

/// What is committed.
#[derive(Clone)]
pub struct Committed {
    pub catalog: Catalog,
    pub replicas: BTreeMap<ReplicaId, ReplicaState>,
    pub log: Vec<Stored>,
    pub end: LogEnd,
    pub rulings: BTreeMap<OpHash, (u64, Verdict)>,
    /// How each juror was at each stop, as it was recorded last.
    pub recorded: BTreeMap<(VisitKey, UserId), Presence>,
    /// Those that operations name, by user, and their bytes once they have come.
    pub photos: BTreeMap<(UserId, OpHash), Option<Vec<u8>>>,
    /// Pushes of forked replicas, whole (S17).
    pub quarantine: Vec<Push>,
}

/// One entry of the log; its position is its place, from 1.
#[derive(Clone)]
pub enum Stored {
    Op { wire: WireOp, envelope: Box<Envelope>, status: Status },
    Act { text: String, hash: OpHash, act: OrganiserAct },
}

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
    pub disk: Committed,
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
            disk: Committed {
                catalog: catalog(),
                replicas: BTreeMap::new(),
                log: Vec::new(),
                end: LogEnd::start(EDITION),
                rulings: BTreeMap::new(),
                recorded: BTreeMap::new(),
                photos: BTreeMap::new(),
                quarantine: Vec::new(),
            },
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
        let stored = self.stored_of(push.replica);
        let known: Vec<(OpHash, Status)> = match delivery.known_range(&state) {
            Some((first, last)) => stored[first as usize - 1..last as usize].to_vec(),
            None => Vec::new(),
        };
        let hashes: Vec<OpHash> = known.iter().map(|(hash, _)| *hash).collect();
        let writings = delivery.writings();
        let mut again: Vec<OpHash> = writings.repeated.into_iter().filter(|hash| self.has_op_of(user, *hash)).collect();
        again.extend(writings.first.into_iter().filter(|hash| self.has_reissue_of(user, *hash)));
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
        let touched: Touched = new.iter().filter_map(|op| presence_of(op.envelope)).collect();
        for op in new {
            self.name_photo(user, op.task);
            self.disk.end = self.disk.end.with_op(op.wire.hash, &op.status);
            (state.seq, state.head) = (op.envelope.seq, Some(op.wire.hash));
            statuses.push(OpStatus { seq: op.envelope.seq, status: op.status.clone() });
            let (wire, envelope) = (op.wire.clone(), Box::new(op.envelope.clone()));
            self.disk.log.push(Stored::Op { wire, envelope, status: op.status });
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
            let Stored::Op { wire, envelope, .. } = stored else { continue };
            let ruled = self.disk.rulings.get(&wire.hash).map_or(0, |(position, _)| *position);
            let at = position.max(ruled);
            if envelope.user == juror && at > after {
                let status = self.status_of(stored);
                let (envelope, hash) = (wire.envelope.clone(), wire.hash);
                ops.push((at, PulledOp { position, envelope, hash, status }));
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

    /// What became of an operation: what was said when it was stored, unless organisers have ruled on it since.
    pub fn status_of(&self, stored: &Stored) -> Status {
        let Stored::Op { wire, status, .. } = stored else {
            return Status::Accepted;
        };
        match self.disk.rulings.get(&wire.hash) {
            Some((_, Verdict::Admit)) => Status::Accepted,
            Some((_, Verdict::Deny)) => Status::Rejected(RejectedCode::Denied),
            None => status.clone(),
        }
    }

    fn stored_of(&self, replica: ReplicaId) -> Vec<(OpHash, Status)> {
        let own = self.ops().filter(|(_, envelope, _)| envelope.replica == replica);
        own.map(|(wire, _, stored)| (wire.hash, self.status_of(stored))).collect()
    }

    fn has_op_of(&self, user: UserId, hash: OpHash) -> bool {
        let is_it = |wire: &WireOp| wire.hash == hash;
        self.ops().any(|(wire, envelope, _)| is_it(wire) && envelope.user == user) || self.has_reissue_of(user, hash)
    }

    fn has_reissue_of(&self, user: UserId, hash: OpHash) -> bool {
        self.ops().any(|(_, envelope, _)| envelope.reissue_of == Some(hash) && envelope.user == user)
    }

    /// All operations of the log.
    pub fn ops(&self) -> impl Iterator<Item = (&WireOp, &Envelope, &Stored)> {
        self.disk.log.iter().filter_map(|stored| match stored {
            Stored::Op { wire, envelope, .. } => Some((wire, envelope.as_ref(), stored)),
            Stored::Act { .. } => None,
        })
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
        let ruled = self.ops().filter(|(wire, ..)| ops.iter().any(|name| name.hash == wire.hash));
        let touched: Touched = ruled.filter_map(|(_, envelope, _)| presence_of(envelope)).collect();
        let act = OrganiserAct::Rule { verdict, ops, reason: "Đến muộn".to_owned() };
        self.note(crate::edition::ORGANISER, now, act);
        if verdict == Verdict::Admit {
            self.take_effect(&touched, now);
        }
    }

    /// What nobody has ruled on yet.
    pub fn held(&self) -> Vec<(UserId, OpName)> {
        let held = self.ops().filter(|(_, _, stored)| matches!(self.status_of(stored), Status::Held(_)));
        held.map(|(wire, envelope, _)| {
            (envelope.user, OpName { replica: envelope.replica, seq: envelope.seq, hash: wire.hash })
        })
        .collect()
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
        let (text, hash) = ActEnvelope { edition: EDITION, user, at, act: act.clone(), settings }.write();
        self.disk.end = self.disk.end.with_act(hash);
        self.disk.log.push(Stored::Act { text, hash, act });
    }

    /// The log as the totals read it.
    pub fn entries(&self) -> Vec<LogEntry> {
        let entry = |(position, stored): (u64, &Stored)| LogEntry { position, what: logged(stored) };
        (1..).zip(&self.disk.log).map(entry).collect()
    }

    /// An old backup is put back: the log is another one from now on (S27).
    pub fn restore(&mut self, backup: Committed) {
        self.disk = backup;
        self.incarnation += 1;
    }
}

fn logged(stored: &Stored) -> Logged {
    match stored {
        Stored::Op { wire, envelope, status } => Logged::Op(OpEntry {
            user: envelope.user,
            round: envelope.round.clone(),
            origin: envelope.origin(wire.hash),
            status: status.clone(),
            work: envelope.work().ok(),
        }),
        Stored::Act { act: OrganiserAct::Rule { verdict, ops, .. }, .. } => Logged::Ruling(*verdict, ops.clone()),
        Stored::Act { .. } => Logged::Settings,
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
