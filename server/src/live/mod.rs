//! Live totals (S29): a projection of the log in memory, told of every commit, that tells everybody who watches.
//!
//! Commits of this process wake it; on PostgreSQL those of other processes do, through NOTIFY. What is new is always
//! read from the log, so that there is one way in, whoever wrote it. Changes are sent at once, and then at most four
//! times a second; each event is serialised once, for all viewers.

mod board;
mod listen;
pub mod stream;

use crate::catalogs::Catalogs;
use crate::db::{Db, DbResult};
use board::Board;
use bytes::Bytes;
use domain::catalog::Catalog;
use domain::ids::{ProductId, RoundCode, UserId};
use domain::tally::Missing;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify, broadcast};
use tokio_util::sync::CancellationToken;

/// Between two events of a round.
const PACE: Duration = Duration::from_millis(250);

/// The totals of all rounds, and who watches them.
pub struct Live {
    db: Db,
    catalogs: Arc<Catalogs>,
    board: Mutex<Option<Board>>,
    changed: Notify,
}

/// Where a new viewer starts.
pub struct Watching {
    /// The whole page as an event, unless the viewer has it already.
    pub first: Option<Bytes>,
    /// What comes after.
    pub events: broadcast::Receiver<Bytes>,
}

impl Live {
    /// Nothing is read before the first viewer or commit.
    pub fn new(db: Db, catalogs: Arc<Catalogs>) -> Self {
        Self { db, catalogs, board: Mutex::new(None), changed: Notify::new() }
    }

    /// Something was committed.
    pub fn wake(&self) {
        self.changed.notify_one();
    }

    /// A round's totals as JSON, as of now. None if there is no such round.
    pub async fn page(&self, round: &RoundCode) -> DbResult<Option<Bytes>> {
        let mut board = self.board.lock().await;
        self.catch_up(&mut board).await?;
        Ok(board.as_mut().and_then(|board| board.page(round)))
    }

    /// The settings that the totals rest on. None while there is no edition.
    pub async fn catalog(&self) -> DbResult<Option<Arc<Catalog>>> {
        let mut board = self.board.lock().await;
        self.catch_up(&mut board).await?;
        Ok(board.as_ref().map(Board::catalog))
    }

    /// What a round's totals miss, as of now. None if there is no such round.
    pub async fn missing(&self, round: &RoundCode) -> DbResult<Option<Missing>> {
        let mut board = self.board.lock().await;
        self.catch_up(&mut board).await?;
        Ok(board.as_ref().and_then(|board| board.missing(round)))
    }

    /// Whose confirmed sheets of a round don't count because of an absence, as of now.
    pub async fn set_aside(&self, round: &RoundCode) -> DbResult<Vec<(UserId, ProductId)>> {
        let mut board = self.board.lock().await;
        self.catch_up(&mut board).await?;
        Ok(board.as_ref().map(|board| board.set_aside(round)).unwrap_or_default())
    }

    /// The result over all rounds as JSON, as of now. None while there is no edition.
    pub async fn results(&self) -> DbResult<Option<Bytes>> {
        let mut board = self.board.lock().await;
        self.catch_up(&mut board).await?;
        Ok(board.as_ref().map(Board::results))
    }

    /// Begins to watch a round. `after` is the id of the last event that the viewer saw.
    pub async fn watch(&self, round: &RoundCode, after: Option<&str>) -> DbResult<Option<Watching>> {
        let mut board = self.board.lock().await;
        self.catch_up(&mut board).await?;
        Ok(board.as_mut().and_then(|board| board.watch(round, after)))
    }

    /// Sends what has changed, at its pace, until the server stops.
    pub async fn run(self: Arc<Self>, stopping: CancellationToken) {
        self.advance().await;
        loop {
            tokio::select! {
                () = self.changed.notified() => {}
                () = stopping.cancelled() => return,
            }
            self.advance().await;
            tokio::select! {
                () = tokio::time::sleep(PACE) => {}
                () = stopping.cancelled() => return,
            }
        }
    }

    /// Wakes this process at other processes' commits, until the server stops.
    pub async fn listen(self: Arc<Self>, stopping: CancellationToken) {
        tokio::select! {
            () = listen::listen(&self.db, &self.changed) => {}
            () = stopping.cancelled() => {}
        }
    }

    async fn advance(&self) {
        let mut board = self.board.lock().await;
        match self.catch_up(&mut board).await {
            Ok(()) => board.iter_mut().for_each(Board::publish),
            Err(error) => tracing::error!(%error, "the totals could not be brought up to date"),
        }
    }

    async fn catch_up(&self, board: &mut Option<Board>) -> DbResult<()> {
        if Board::catch_up(board, &self.db, &self.catalogs).await? {
            self.changed.notify_one();
        }
        Ok(())
    }
}
