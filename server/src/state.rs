//! What all routes share.

use crate::attempts::Attempts;
use crate::auth::TokenHash;
use crate::catalogs::Catalogs;
use crate::clock::Nature;
use crate::db::sessions::{self, Session};
use crate::db::{Db, DbResult, log};
use crate::evidence;
use crate::keys::{self, KeyError};
use crate::live::Live;
use crate::passwords::Passwords;
use crate::photos::Photos;
use crate::settings::Settings;
use crate::writer::{Tools, Writer};
use domain::sync::receipt::ReceiptKey;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A running server, shared by all requests.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// Its parts.
pub struct Shared {
    /// The database.
    pub db: Db,
    /// Time and chance.
    pub nature: Nature,
    /// Settings.
    pub settings: Settings,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Encodes photos anew.
    pub photos: Photos,
    /// Limits failed sign-ins.
    pub attempts: Attempts,
    /// The edition's settings as of their latest version.
    pub catalogs: Arc<Catalogs>,
    /// Stores pushes.
    pub writer: Writer,
    /// Totals.
    pub live: Arc<Live>,
    /// Signs receipts.
    pub receipt_key: Arc<ReceiptKey>,
    /// Sessions that have just ended: open streams of theirs end, too.
    pub ended: broadcast::Sender<TokenHash>,
    /// Cancelled when the server stops: open streams end.
    pub stopping: CancellationToken,
    /// Cancelled when nothing is left to be served.
    done: CancellationToken,
    tasks: TaskTracker,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Starts everything but listening; the master key lies in the folder `data`, or in the environment.
    pub async fn start(settings: Settings, db: Db, nature: Nature, data: &Path) -> Result<Self, KeyError> {
        let receipt_key = Arc::new(keys::load(&db, &nature, data, settings.replace_receipt_key).await?);
        let catalogs = Arc::<Catalogs>::default();
        evidence::begin(&db, &catalogs, &receipt_key, settings.replace_receipt_key, nature.now()).await?;
        begin_incarnation(&db, &nature).await?;
        let live = Arc::new(Live::new(db.clone(), Arc::clone(&catalogs)));
        let tools = Tools {
            db: db.clone(),
            nature: nature.clone(),
            catalogs: Arc::clone(&catalogs),
            key: Arc::clone(&receipt_key),
            live: Arc::clone(&live),
        };
        let stopping = CancellationToken::new();
        let done = CancellationToken::new();
        let (writer, work) = Writer::new(tools, done.clone());
        let tasks = TaskTracker::new();
        tasks.spawn(work);
        tasks.spawn(Arc::clone(&live).run(stopping.clone()));
        tasks.spawn(Arc::clone(&live).listen(stopping.clone()));
        Ok(Self(Arc::new(Shared {
            passwords: Passwords::default(),
            photos: Photos::default(),
            attempts: Attempts::default(),
            catalogs,
            writer,
            live,
            receipt_key,
            ended: broadcast::Sender::new(64),
            stopping,
            done,
            tasks,
            db,
            nature,
            settings,
        })))
    }

    /// The session of a token, if it hasn't ended.
    pub async fn session(&self, token: &TokenHash) -> DbResult<Option<Session>> {
        sessions::find(&self.db, &token.0, self.nature.now() - self.settings.session_idle_ms).await
    }

    /// A session's end is committed: its open streams end, too. Those of other processes do when they next look.
    pub fn end_streams(&self, token: TokenHash) {
        // An error says that nobody listens.
        drop(self.ended.send(token));
    }

    /// Finishes what has begun and closes the database.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.done.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.db.close().await;
    }
}

/// A database may have been put back from a backup while no server ran, and nothing in it says so. Tablets that are told anew find
/// out what it lost, and send it again; one that lost nothing costs them one long pull (S27).
async fn begin_incarnation(db: &Db, nature: &Nature) -> DbResult<()> {
    let mut tx = db.write().await?;
    log::renew_incarnation(&mut tx, &nature.hex::<8>()).await?;
    log::announce(&mut tx).await?;
    tx.commit().await
}
