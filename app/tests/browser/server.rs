//! A server in memory: the domain's own inbox behind the four requests of sync, with the troubles that a network has.

use crate::edition::{assignments, catalog, stop};
use crate::support::*;
use app::net::Reply;
use app::session::SignedIn;
use app::store::Store;
use app::sync::{Server, Turn};
use app::tablet::Link;
use domain::access::{Actor, Role};
use domain::api::ErrorBody;
use domain::catalog::Catalog;
use domain::ids::{ReplicaId, UserId};
use domain::sync::PROTOCOL;
use domain::sync::chain::{Envelope, OpHash, Task};
use domain::sync::inbox::{Delivery, Refusal, ReplicaState, decide};
use domain::sync::receipt::{ReceiptKey, Statement};
use domain::sync::wire::{AskPhotos, OpStatus, Pulled, PulledOp, Push, Pushed, RegisterReplica, Registered, Status};
use domain::visit::{Visit, VisitKey, VisitState};
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use tokio::sync::oneshot;
use uuid::Uuid;

/// What happens to requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// They are answered.
    Fine,
    /// They don't arrive.
    NoNetwork,
    /// They arrive, and the answer doesn't.
    AnswerLost,
    /// A hotel's log-in page answers.
    CaptivePortal,
    /// A proxy answers for a server that is down.
    BadGateway,
    /// The answer is cut off in the middle.
    CutOff,
}

/// The server.
pub struct TestServer {
    pub weather: Cell<Weather>,
    /// Whose session the browser has.
    pub session: Cell<Option<UserId>>,
    pub catalog: RefCell<Catalog>,
    pub replicas: RefCell<BTreeMap<ReplicaId, ReplicaState>>,
    pub log: RefCell<Vec<(UserId, ReplicaId, u64, PulledOp)>>,
    /// The pushes that arrived.
    pub pushes: RefCell<Vec<Push>>,
    /// Renewed by a restore.
    pub incarnation: Cell<u32>,
    /// Bytes of photos, whose and which.
    pub photos: RefCell<BTreeMap<(UserId, OpHash), Vec<u8>>>,
    /// How often one was brought.
    pub photos_brought: Cell<u32>,
    /// Which ones were sent off, in what order, also those that never arrived.
    pub photos_tried: RefCell<Vec<OpHash>>,
    /// Who signs in once the server has said which photos it wants.
    pub signs_in_after_asking: Cell<Option<UserId>>,
    /// A photo that the server doesn't like.
    pub refuses: Cell<Option<OpHash>>,
    /// What happens to requests about photos alone.
    pub weather_of_photos: Cell<Option<Weather>>,
    /// Told when a pull arrives.
    pub pulling: RefCell<Option<oneshot::Sender<()>>>,
    /// Requests that are being answered, and the most there ever were.
    pub at_once: Cell<(u32, u32)>,
}

impl TestServer {
    /// With an empty log.
    pub fn new() -> Self {
        Self {
            weather: Cell::new(Weather::Fine),
            session: Cell::new(Some(JUROR)),
            catalog: RefCell::new(catalog()),
            replicas: RefCell::default(),
            log: RefCell::default(),
            pushes: RefCell::default(),
            incarnation: Cell::new(1),
            photos: RefCell::default(),
            photos_brought: Cell::default(),
            photos_tried: RefCell::default(),
            signs_in_after_asking: Cell::default(),
            refuses: Cell::default(),
            weather_of_photos: Cell::default(),
            pulling: RefCell::default(),
            at_once: Cell::default(),
        }
    }

    /// All of one replica's operations in the log, in order.
    pub fn seqs_of(&self, replica: ReplicaId) -> Vec<u64> {
        let log = self.log.borrow();
        log.iter().filter(|(_, writer, ..)| *writer == replica).map(|(_, _, seq, _)| *seq).collect()
    }

    /// `POST /api/v1/session`, for which any password does.
    pub async fn sign_in(&self, name: &str) -> Option<Reply> {
        let (user, role) = match name {
            "gk01" => (JUROR, Role::Juror),
            "gk02" => (OTHER, Role::Juror),
            "thuky" => (SECRETARY, Role::Secretary),
            "tochuc" => (UserId(Uuid::from_u128(4)), Role::Organiser),
            other => {
                let number: u128 = other.strip_prefix("gk").unwrap().parse().unwrap();
                (UserId(Uuid::from_u128(100 + number)), Role::Juror)
            }
        };
        let before = self.session.replace(Some(user));
        let answer = SignedIn { user, name: name.to_owned(), display_name: name.to_owned(), role };
        let reply = self.answer(|_| Ok(answer)).await;
        if reply.as_ref().is_none_or(|reply| !reply.marked) {
            self.session.set(before);
        }
        reply
    }

    /// `DELETE /api/v1/session`.
    pub async fn sign_out(&self) -> Option<Reply> {
        let reply = self.answer(|_| Ok(())).await;
        if reply.is_some() {
            self.session.set(None);
        }
        reply
    }

    /// Resolves when the next pull arrives.
    pub fn tell_of_pull(&self) -> oneshot::Receiver<()> {
        let (tell, told) = oneshot::channel();
        self.pulling.replace(Some(tell));
        told
    }

    /// How many operations count.
    pub fn accepted(&self) -> usize {
        self.log.borrow().iter().filter(|(.., op)| op.status == Status::Accepted).count()
    }

    /// As a backup of an earlier moment leaves it.
    pub fn restore(&self, length: usize) {
        self.log.borrow_mut().truncate(length);
        self.incarnation.set(self.incarnation.get() + 1);
        for (id, state) in self.replicas.borrow_mut().iter_mut() {
            let log = self.log.borrow();
            let last = log.iter().rfind(|(_, writer, ..)| writer == id);
            (state.seq, state.head) = last.map_or((0, None), |(_, _, seq, op)| (*seq, Some(op.hash)));
        }
    }

    pub async fn answer<T: Serialize>(
        &self,
        handle: impl FnOnce(UserId) -> Result<T, (u16, ErrorBody)>,
    ) -> Option<Reply> {
        let (now, most) = self.at_once.get();
        self.at_once.set((now + 1, most.max(now + 1)));
        // As a network does, let others have their turn.
        wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&wasm_bindgen::JsValue::NULL)).await.unwrap();
        let reply = self.in_this_weather(handle);
        self.at_once.set((self.at_once.get().0 - 1, self.at_once.get().1));
        reply
    }

    fn in_this_weather<T: Serialize>(
        &self,
        handle: impl FnOnce(UserId) -> Result<T, (u16, ErrorBody)>,
    ) -> Option<Reply> {
        let strange = |status, body: &[u8]| Some(Reply { status, marked: false, body: body.to_vec() });
        match self.weather.get() {
            Weather::NoNetwork => return None,
            Weather::CaptivePortal => return strange(200, b"<html>Wi-Fi</html>"),
            Weather::BadGateway => return strange(502, b"<html>Bad gateway</html>"),
            Weather::Fine | Weather::AnswerLost | Weather::CutOff => {}
        }
        let handled = match self.session.get() {
            Some(user) => handle(user),
            None => Err(refuse(401, "not_signed_in")),
        };
        let (status, mut body) = match handled {
            Ok(answer) => (200, serde_json::to_vec(&answer).unwrap()),
            Err((status, error)) => (status, serde_json::to_vec(&error).unwrap()),
        };
        match self.weather.get() {
            Weather::AnswerLost => return None,
            Weather::CutOff => body.truncate(body.len() / 2),
            _ => {}
        }
        Some(Reply { status, marked: true, body })
    }

    fn handle_push(&self, user: UserId, push: &Push) -> Result<Pushed, (u16, ErrorBody)> {
        self.pushes.borrow_mut().push(push.clone());
        let mut replicas = self.replicas.borrow_mut();
        let state = replicas.get_mut(&push.replica).ok_or_else(|| refuse(404, "unknown_replica"))?;
        let mut log = self.log.borrow_mut();
        let role = if user == SECRETARY { Role::Secretary } else { Role::Juror };
        let delivery = Delivery::read(push.clone(), Actor { user, role });
        let (first, last) = delivery.known_range(state).unwrap_or((1, 0));
        let known: Vec<_> = log
            .iter()
            .filter(|(_, writer, seq, _)| *writer == push.replica && (first..=last).contains(seq))
            .map(|(.., op)| op.hash)
            .collect();
        let writings = delivery.writings();
        let mut stored = writings.repeated;
        stored.retain(|hash| log.iter().any(|(.., op)| op.hash == *hash || repeats(op, *hash)));
        stored.extend(writings.first.into_iter().filter(|hash| log.iter().any(|(.., op)| repeats(op, *hash))));
        let catalog = self.catalog.borrow();
        let judged = decide(&delivery, state, &known, &stored, &*catalog).map_err(refusal)?;
        let mut statuses = Vec::new();
        for op in judged {
            let (seq, position) = (op.envelope.seq, log.len() as u64 + 1);
            if op.status != Status::Accepted {
                statuses.push(OpStatus { seq, status: op.status.clone() });
            }
            (state.seq, state.head) = (seq, Some(op.wire.hash));
            let pulled =
                PulledOp { position, envelope: op.wire.envelope.clone(), hash: op.wire.hash, status: op.status };
            log.push((user, push.replica, seq, pulled));
        }
        let statement = Statement {
            replica: push.replica,
            acked_seq: state.seq,
            acked_hash: state.head,
            position: log.len() as u64,
            received_at: NOW + 1,
        };
        Ok(Pushed {
            protocol: PROTOCOL,
            acked_seq: state.seq,
            acked_hash: state.head,
            statuses,
            receipt: key().sign(statement),
        })
    }

    fn handle_pull(&self, user: UserId, cursor: &str) -> Pulled {
        let (incarnation, position) = cursor.split_once('/').unwrap_or(("", "0"));
        let reset = !incarnation.is_empty() && incarnation != self.incarnation.get().to_string();
        let from = if reset { 0 } else { position.parse().unwrap() };
        let log = self.log.borrow();
        let own = log.iter().filter(|(writer, ..)| *writer == user).map(|(.., op)| op);
        let ops = own.filter(|op| op.position > from).cloned().collect();
        let catalog = self.catalog.borrow();
        Pulled {
            protocol: PROTOCOL,
            cursor: format!("{}/{}", self.incarnation.get(), log.len()),
            more: false,
            reset,
            edition: Some(catalog.edition.clone()),
            rounds: catalog.rounds.clone(),
            rubrics: catalog.rubrics.clone(),
            products: catalog.products.clone(),
            assignments: assignments(&catalog, user),
            ops,
            removed: vec![],
            stops: vec![],
            visits: if user == SECRETARY { vec![record_of(&log)] } else { vec![] },
            user,
        }
    }

    /// What this user would be sent.
    pub fn page_for(&self, user: UserId, cursor: &str) -> Pulled {
        self.handle_pull(user, cursor)
    }
}

impl TestServer {
    /// `GET /api/v1/session`.
    pub async fn who(&self) -> Option<Reply> {
        let handle =
            |user| Ok(SignedIn { user, name: "gk".into(), display_name: "Giám khảo".into(), role: Role::Juror });
        self.answer(handle).await
    }
}

impl Server for TestServer {
    async fn register(&self, register: &RegisterReplica) -> Option<Reply> {
        let replica = register.replica;
        let handle = |user| {
            if register.user.is_some_and(|whose| whose != user) {
                return Err(refuse(403, "other_users_replica"));
            }
            let mut replicas = self.replicas.borrow_mut();
            replicas.entry(replica).or_insert(ReplicaState { user, seq: 0, head: None, revoked: false });
            Ok(Registered { protocol: PROTOCOL, replica, receipt_key: key().public() })
        };
        self.answer(handle).await
    }

    async fn push(&self, push: &Push) -> Option<Reply> {
        self.answer(|user| self.handle_push(user, push)).await
    }

    async fn pull(&self, cursor: Option<&str>) -> Option<Reply> {
        if let Some(tell) = self.pulling.take() {
            tell.send(()).unwrap();
        }
        self.answer(|user| Ok(self.handle_pull(user, cursor.unwrap_or_default()))).await
    }

    async fn ask_photos(&self, ask: &AskPhotos) -> Option<Reply> {
        let reply = self.wanted(ask).await;
        if let Some(user) = self.signs_in_after_asking.take() {
            self.session.set(Some(user));
        }
        reply
    }

    async fn put_photo(&self, sha256: OpHash, bytes: Vec<u8>) -> Option<Reply> {
        self.photos_tried.borrow_mut().push(sha256);
        let usual = self.weather_of_photos.get().map(|weather| self.weather.replace(weather));
        let reply = self.keep(sha256, bytes).await;
        usual.into_iter().for_each(|usual| self.weather.set(usual));
        reply
    }
}

/// One conversation of a tablet with it.
pub async fn sync(store: &Store, server: &TestServer) -> Link {
    Turn { store, server, everything: true, unsent_after: &|_| 0, photos_waiting: &Vec::new, news: &|_| {} }.run().await
}

pub fn key() -> ReceiptKey {
    ReceiptKey::from_seed([5; 32])
}

/// Whether the operation is a re-issue of this first writing (S17).
fn repeats(op: &PulledOp, first: OpHash) -> bool {
    serde_json::from_str::<Envelope>(&op.envelope).is_ok_and(|envelope| envelope.reissue_of == Some(first))
}

pub fn refuse(status: u16, code: &str) -> (u16, ErrorBody) {
    (status, ErrorBody { code: code.to_owned(), message: String::new(), expected_seq: None })
}

fn refusal(refusal: Refusal) -> (u16, ErrorBody) {
    match refusal {
        Refusal::Gap { expected_seq } => {
            let (status, body) = refuse(409, "gap");
            (status, ErrorBody { expected_seq: Some(expected_seq), ..body })
        }
        Refusal::Fork { .. } => refuse(409, "fork"),
        Refusal::OtherUsersReplica => refuse(403, "other_users_replica"),
        other => refuse(400, &other.to_string()),
    }
}

/// The record of the one stop as the log folds to it.
fn record_of(log: &[(UserId, ReplicaId, u64, PulledOp)]) -> VisitState {
    let mut visit = Visit::default();
    for (.., op) in log {
        let envelope: Envelope = serde_json::from_str(&op.envelope).unwrap();
        let Ok(Task::Visit(work)) = envelope.task() else { continue };
        match op.status {
            Status::Accepted => visit.apply(&envelope.origin(op.hash), &work.act),
            _ => visit.skip(&envelope.origin(op.hash), &work.act),
        }
    }
    VisitState { key: VisitKey { round: "visit".parse().unwrap(), stop: stop().key() }, visit }
}
