//! One conversation with the server: register if need be, push until nothing waits, pull until there is no more. The
//! domain reads the answers; this carries out what they mean. Whatever goes wrong, the outbox stays (S11).

use super::client::Server;
use crate::chance;
use crate::net::Reply;
use crate::store::{Batch, Catalogue, PullProblem, ReplicaRecord, SaveProblem, Settlement, SheetRecord, Store};
use crate::tablet::Link;
use domain::api::{ErrorBody, SignedIn};
use domain::ids::ReplicaId;
use domain::sync::PROTOCOL;
use domain::sync::outbox::{Answer, Outcome, read_answer};
use domain::sync::receipt::PublicKey;
use domain::sync::wire::{Pulled, Push, Pushed, Registered};
use serde::de::DeserializeOwned;

/// Something that the conversation has written down.
#[derive(Clone, Debug)]
pub enum News {
    /// The replica: what is acknowledged, the newest receipt.
    Replica(Box<ReplicaRecord>),
    /// These sheets.
    Sheets(Vec<SheetRecord>),
    /// The catalogue.
    Catalogue(Catalogue),
}

/// A server that forks or rewinds again and again is told so, instead of being asked for ever.
const MOST_REPAIRS: u32 = 3;

/// One conversation.
pub struct Turn<'a, S> {
    /// Whose work.
    pub store: &'a Store,
    /// With whom.
    pub server: &'a S,
    /// Also when nothing waits: report the unsent drafts, and pull.
    pub everything: bool,
    /// How many sheets have unsent work once everything up to this number is acknowledged (S30).
    pub unsent_after: &'a dyn Fn(u64) -> u32,
    /// Hears what was written down.
    pub news: &'a dyn Fn(News),
}

impl<S: Server> Turn<'_, S> {
    /// How it ended: [`Link::Online`] if everything is sent and received.
    pub async fn run(&self) -> Link {
        match self.converse().await {
            Ok(()) => Link::Online,
            Err(link) => link,
        }
    }

    async fn converse(&self) -> Result<(), Link> {
        let sent = self.push_all().await?;
        if sent || self.everything { self.pull_all().await } else { Ok(()) }
    }

    /// Whether anything was sent.
    async fn push_all(&self) -> Result<bool, Link> {
        let (mut sent, mut repairs) = (false, 0);
        loop {
            let mut batch = self.store.batch().await.map_err(storage_failed)?;
            if batch.ops.is_empty() && (sent || !self.everything) {
                return Ok(sent);
            }
            let key = self.registered_key(&mut batch.replica).await?;
            let push = self.push_of(batch);
            let reply = self.server.push(&push).await;
            sent = true;
            let repaired = match read_answer(&answer_of(reply.as_ref()), &push, &key) {
                Outcome::Settled(pushed) => self.settle(&push, &pushed).await?,
                Outcome::ResendFrom(seq) => self.rewind(seq).await?,
                Outcome::Forked => self.reissue().await?,
                Outcome::SignedOut => return Err(Link::SignedOut),
                Outcome::Refused(code) if code == UNKNOWN_REPLICA => self.register(push.replica).await.map(|_| true)?,
                Outcome::Refused(code) => return Err(Link::Refused(code)),
                Outcome::WrongVersion => return Err(Link::WrongVersion),
                Outcome::NotOurs => return Err(Link::CaptivePortal),
                Outcome::Later => return Err(Link::Offline),
            };
            repairs += u32::from(repaired);
            if repairs > MOST_REPAIRS {
                return Err(Link::Refused("fork".to_owned()));
            }
        }
    }

    /// The server's pinned key; registers the replica first if the server doesn't know it yet.
    async fn registered_key(&self, replica: &mut ReplicaRecord) -> Result<PublicKey, Link> {
        if let Some(key) = &replica.receipt_key {
            return Ok(key.clone());
        }
        let key = self.register(replica.chain.replica).await?;
        *replica = self.store.pin(replica.chain.replica, &key).await.map_err(storage_failed)?;
        (self.news)(News::Replica(Box::new(replica.clone())));
        Ok(key)
    }

    async fn register(&self, id: ReplicaId) -> Result<PublicKey, Link> {
        let registered: Registered = read(self.server.register(id).await)?;
        Ok(registered.receipt_key)
    }

    fn push_of(&self, batch: Batch) -> Push {
        let last = batch.first_seq + batch.ops.len() as u64 - 1;
        Push {
            protocol: PROTOCOL,
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            replica: batch.replica.chain.replica,
            first_seq: batch.first_seq,
            ops: batch.ops,
            unsent: (self.unsent_after)(last),
        }
    }

    /// Whether something had to be repaired.
    async fn settle(&self, push: &Push, pushed: &Pushed) -> Result<bool, Link> {
        match self.store.settle(push, pushed).await.map_err(storage_failed)? {
            Settlement::Settled { replica, sheets } => {
                (self.news)(News::Replica(replica));
                (self.news)(News::Sheets(sheets));
                Ok(false)
            }
            Settlement::Forked => self.reissue().await,
        }
    }

    async fn rewind(&self, seq: u64) -> Result<bool, Link> {
        let replica = self.store.rewind(seq).await.map_err(storage_failed)?;
        (self.news)(News::Replica(Box::new(replica)));
        Ok(true)
    }

    async fn reissue(&self) -> Result<bool, Link> {
        let fresh = ReplicaId(chance::uuid());
        let (replica, sheets) = self.store.reissue(fresh).await.map_err(storage_failed)?;
        (self.news)(News::Replica(Box::new(replica)));
        (self.news)(News::Sheets(sheets));
        Ok(true)
    }

    async fn pull_all(&self) -> Result<(), Link> {
        loop {
            let loaded = self.store.position().await.map_err(storage_failed)?;
            let page: Pulled = read(self.server.pull(loaded.cursor.as_deref()).await)?;
            if page.protocol != PROTOCOL {
                return Err(Link::WrongVersion);
            }
            self.check_owner(&page, &loaded.replica).await?;
            let taken = self.store.take(&page).await.map_err(|problem| match problem {
                PullProblem::OtherUser => Link::Refused(OTHER_USER.to_owned()),
                PullProblem::Unreadable => Link::WrongVersion,
                PullProblem::Save(problem) => storage_failed(problem),
            })?;
            if let Some(catalogue) = taken.catalogue {
                (self.news)(News::Catalogue(catalogue));
            }
            (self.news)(News::Sheets(taken.sheets));
            if taken.forked {
                self.reissue().await?;
                self.push_all().await?;
            }
            if !page.more {
                return Ok(());
            }
        }
    }

    /// S13: operations and assignments name their juror, a catalogue without either doesn't.
    async fn check_owner(&self, page: &Pulled, replica: &ReplicaRecord) -> Result<(), Link> {
        if page.edition.is_none() || !page.assignments.is_empty() {
            return Ok(());
        }
        let who: SignedIn = read(self.server.who().await)?;
        if who.user == replica.user { Ok(()) } else { Err(Link::Refused(OTHER_USER.to_owned())) }
    }
}

/// The server was restored from a backup older than this replica.
const UNKNOWN_REPLICA: &str = "unknown_replica";
/// As the server calls it.
const OTHER_USER: &str = "other_users_replica";

fn storage_failed(_: SaveProblem) -> Link {
    Link::Refused("storage_failed".to_owned())
}

fn answer_of(reply: Option<&Reply>) -> Answer<'_> {
    reply.map_or(Answer::Nothing, |reply| Answer::Http {
        status: reply.status,
        marked: reply.marked,
        body: &reply.body,
    })
}

/// Reads an answer other than a push's.
fn read<T: DeserializeOwned>(reply: Option<Reply>) -> Result<T, Link> {
    let reply = reply.ok_or(Link::Offline)?;
    match reply.status {
        500.. | 429 => Err(Link::Offline),
        _ if !reply.marked => Err(Link::CaptivePortal),
        200..300 => serde_json::from_slice(&reply.body).map_err(|_| Link::WrongVersion),
        401 => Err(Link::SignedOut),
        _ => {
            let body = serde_json::from_slice::<ErrorBody>(&reply.body);
            Err(body.map_or(Link::WrongVersion, |body| Link::Refused(body.code)))
        }
    }
}
