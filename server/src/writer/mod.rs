//! The one writer of a process (ARCHITECTURE.md, decision 4). Waiting pushes are grouped into one transaction, so that a
//! crowd of tablets costs one durable commit; nothing is answered before that commit (S19).

mod group;

use crate::catalogs::Catalogs;
use crate::clock::Nature;
use crate::db::{Db, DbError};
use crate::error::{ApiError, ApiResult};
use crate::live::Live;
use domain::access::Actor;
use domain::sync::PROTOCOL;
use domain::sync::inbox::Delivery;
use domain::sync::receipt::{ReceiptKey, Statement};
use domain::sync::wire::{Push, Pushed};
use group::Stored;
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Pushes that wait at most; more are told to come again.
const WAITING: usize = 1_024;
/// Pushes in one transaction at most.
const TOGETHER: usize = 64;
/// How often a single push is tried when another process was in the way.
const TRIES: u32 = 5;

/// One push on its way.
struct Job {
    delivery: Delivery,
    reply: oneshot::Sender<ApiResult<Committed>>,
}

/// A push that is stored for good.
struct Committed {
    stored: Stored,
    /// Milliseconds since 1970.
    received_at: i64,
}

/// Where pushes are handed in.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    key: Arc<ReceiptKey>,
}

/// What the writer works with.
pub struct Tools {
    /// The database.
    pub db: Db,
    /// Time and chance.
    pub nature: Nature,
    /// The edition's settings.
    pub catalogs: Arc<Catalogs>,
    /// Signs receipts and the log's end.
    pub key: Arc<ReceiptKey>,
    /// Learns of every commit.
    pub live: Arc<Live>,
}

impl Writer {
    /// A writer, and the task that works for it until it is told that nothing more will come.
    pub fn new(tools: Tools, done: CancellationToken) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (sender, jobs) = mpsc::channel(WAITING);
        (Self { jobs: sender, key: Arc::clone(&tools.key) }, work(tools, jobs, done))
    }

    /// Stores a push; the answer comes after COMMIT.
    pub async fn push(&self, actor: Actor, push: Push) -> ApiResult<Pushed> {
        let replica = push.replica;
        let (reply, answer) = oneshot::channel();
        // Read here, as it is signed here: the one writer has others to store meanwhile.
        let delivery = Delivery::read(push, actor);
        self.jobs.try_send(Job { delivery, reply }).map_err(|_| ApiError::Unavailable)?;
        let Committed { stored, received_at } = answer.await.map_err(|_| ApiError::Unavailable)??;
        let Stored { acked_seq, acked_hash, statuses, position } = stored;
        let receipt = self.key.sign(Statement { replica, acked_seq, acked_hash, position, received_at });
        Ok(Pushed { protocol: PROTOCOL, acked_seq, acked_hash, statuses, receipt })
    }
}

async fn work(tools: Tools, mut jobs: mpsc::Receiver<Job>, done: CancellationToken) {
    let mut group = Vec::with_capacity(TOGETHER);
    loop {
        let count = tokio::select! {
            count = jobs.recv_many(&mut group, TOGETHER) => count,
            // What was handed in before is still taken out and stored.
            () = done.cancelled(), if !jobs.is_closed() => {
                jobs.close();
                continue;
            }
        };
        if count == 0 {
            return;
        }
        while !group.is_empty() {
            store_and_answer(&tools, first_of_each_user(&mut group)).await;
        }
    }
}

/// Takes out what may be stored together. A push is judged by what is in the log, so another one of the same user, which
/// may repeat or re-issue what stands in it (S16, S17), waits until it is.
fn first_of_each_user(group: &mut Vec<Job>) -> Vec<Job> {
    let mut users = HashSet::new();
    group.extract_if(.., |job| users.insert(job.delivery.actor.user)).collect()
}

/// Stores a group. If the database refuses it, each push is tried alone: one bad push never takes its neighbours along.
async fn store_and_answer(tools: &Tools, mut group: Vec<Job>) {
    let error = match group::store(tools, &group).await {
        Ok(stored) => return answer(tools, group, stored),
        Err(error) => error,
    };
    if group.len() == 1
        && !error.is_transient()
        && let Some(job) = group.pop()
    {
        return drop(job.reply.send(Err(error.into())));
    }
    tracing::warn!(%error, pushes = group.len(), "a group was rolled back, its pushes are tried one by one");
    for job in group {
        let alone = [job];
        let stored = store_alone(tools, &alone).await;
        let [job] = alone;
        match stored {
            Ok(stored) => answer(tools, vec![job], stored),
            Err(error) => drop(job.reply.send(Err(error.into()))),
        }
    }
}

async fn store_alone(tools: &Tools, alone: &[Job]) -> Result<Vec<ApiResult<Stored>>, DbError> {
    let mut tries = 1;
    loop {
        match group::store(tools, alone).await {
            Err(error) if error.is_transient() && tries < TRIES => tries += 1,
            result => return result,
        }
    }
}

/// Everything is committed: who waits for it is told, and whoever watches the totals.
fn answer(tools: &Tools, group: Vec<Job>, stored: Vec<ApiResult<Stored>>) {
    tools.live.wake();
    let received_at = tools.nature.now();
    for (job, stored) in group.into_iter().zip(stored) {
        // An error says that the caller has gone: it will come again, and find its operations known.
        drop(job.reply.send(stored.map(|stored| Committed { stored, received_at })));
    }
}
