//! Carries one conversation out: reads, writes and talks as `domain::sync::turn` says, and tells what was written down.

use super::client::Server;
use crate::chance;
use crate::store::{
    Catalogue, PullProblem, Reissued, ReplicaRecord, SaveProblem, Settlement, SheetRecord, Store, VisitRecord,
    WaitingPhoto,
};
use crate::tablet::Link;
use domain::ids::ReplicaId;
use domain::sync::chain::OpHash;
use domain::sync::turn::{self, Event, Step};

/// Something that the conversation has written down.
#[derive(Clone, Debug)]
pub enum News {
    /// The replica: what is acknowledged, the newest receipt.
    Replica(Box<ReplicaRecord>),
    /// These sheets.
    Sheets(Vec<SheetRecord>),
    /// These records of stops.
    Visits(Vec<VisitRecord>),
    /// The catalogue.
    Catalogue(Catalogue),
    /// Photos that the server refused, each with the reason's code. That is written down nowhere.
    RefusedPhotos(Vec<(OpHash, String)>),
}

/// What came of a step.
enum Done {
    Heard(Event),
    Over(Link),
}

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
    /// Photos whose bytes the server should get.
    pub photos_waiting: &'a dyn Fn() -> Vec<WaitingPhoto>,
    /// Hears what was written down.
    pub news: &'a dyn Fn(News),
}

impl<S: Server> Turn<'_, S> {
    /// How it ended: [`Link::Online`] if everything is sent and received.
    pub async fn run(&self) -> Link {
        let (mut turn, mut step) = turn::Turn::begin(env!("CARGO_PKG_VERSION"), self.everything);
        loop {
            let event = match self.carry_out(step).await {
                Ok(Done::Heard(event)) => event,
                Ok(Done::Over(link)) => {
                    (self.news)(News::RefusedPhotos(turn.refused_photos().to_vec()));
                    return link;
                }
                Err(_) => Event::StorageFailed,
            };
            step = turn.hear(event);
        }
    }

    async fn carry_out(&self, step: Step) -> Result<Done, SaveProblem> {
        let event = match step {
            Step::Batch => {
                let batch = self.store.batch().await?;
                let last = batch.first_seq + batch.ops.len() as u64 - 1;
                Event::Batch(Box::new(batch), (self.unsent_after)(last))
            }
            Step::Register(register) => Event::Reply(self.server.register(&register).await),
            Step::Pin(replica, key) => {
                let replica = self.store.pin(replica, &key).await?;
                (self.news)(News::Replica(Box::new(replica)));
                Event::Pinned
            }
            Step::Push(push) => Event::Reply(self.server.push(&push).await),
            Step::Settle(push, pushed) => match self.store.settle(&push, &pushed).await? {
                Settlement::Settled { replica, sheets, visits } => {
                    (self.news)(News::Replica(replica));
                    (self.news)(News::Sheets(sheets));
                    (self.news)(News::Visits(visits));
                    Event::Settled
                }
                Settlement::Forked => Event::Forked,
            },
            Step::Rewind(seq) => {
                let replica = self.store.rewind(seq).await?;
                (self.news)(News::Replica(Box::new(replica)));
                Event::Repaired
            }
            Step::Reissue => {
                let Reissued { replica, sheets, visits } = self.store.reissue(ReplicaId(chance::uuid())).await?;
                (self.news)(News::Replica(Box::new(replica)));
                (self.news)(News::Sheets(sheets));
                (self.news)(News::Visits(visits));
                Event::Repaired
            }
            Step::Position => Event::Position(self.store.cursor().await?),
            Step::Pull(cursor) => Event::Reply(self.server.pull(cursor.as_deref()).await),
            Step::Take(page, asked) => match self.store.take(&page, asked.as_deref()).await {
                Ok(taken) => {
                    if let Some(replica) = taken.replica {
                        (self.news)(News::Replica(Box::new(replica)));
                    }
                    if let Some(catalogue) = taken.catalogue {
                        (self.news)(News::Catalogue(catalogue));
                    }
                    (self.news)(News::Sheets(taken.sheets));
                    (self.news)(News::Visits(taken.visits));
                    Event::Taken { forked: taken.forked, waits: taken.waits }
                }
                Err(PullProblem::Take(error)) => Event::NotTaken(error),
                Err(PullProblem::Save(problem)) => return Err(problem),
            },
            Step::Photos => Event::Photos((self.photos_waiting)()),
            Step::AskPhotos(ask) => Event::Reply(self.server.ask_photos(&ask).await),
            Step::PutPhoto(WaitingPhoto { photo, .. }) => match self.store.photo(photo.sha256).await? {
                Some(bytes) => Event::Reply(self.server.put_photo(photo.sha256, bytes).await),
                None => Event::NoBytes,
            },
            Step::SettlePhotos(sent) => {
                let (sheets, visits) = self.store.settle_photos(&sent).await?;
                (self.news)(News::Sheets(sheets));
                (self.news)(News::Visits(visits));
                Event::PhotosSettled
            }
            Step::End(link) => return Ok(Done::Over(link)),
        };
        Ok(Done::Heard(event))
    }
}
