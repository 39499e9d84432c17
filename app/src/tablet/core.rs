//! What stands behind the handle: the juror's open store, its sheets in memory, its worker, and the other tabs.

use super::photos::Photos;
use super::sheets::Sheets;
use super::view::{Enrolling, Link, Phase};
use super::visits::Visits;
use super::writer::Writer;
use crate::panic;
use crate::session::SignedIn;
use crate::store::device::Device;
use crate::store::{Catalogue, Loaded, ReplicaRecord, Store, WaitingPhoto};
use crate::sync::tabs::{Message, Tabs};
use crate::sync::{Host, Http, News, Worker};
use domain::ids::{ReplicaId, SheetId};
use domain::sync::chain::OpHash;
use domain::sync::receipt::Receipt;
use domain::sync::replica::waiting_photos;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;

/// What the screens watch.
#[derive(Clone, Copy)]
pub struct Signals {
    pub phase: RwSignal<Phase>,
    pub who: RwSignal<Option<SignedIn>>,
    pub enrolling: RwSignal<Option<Enrolling>>,
    pub catalogue: RwSignal<Arc<Catalogue>>,
    pub unsent: RwSignal<u32>,
    pub unsaved: RwSignal<u32>,
    pub link: RwSignal<Link>,
    pub last_receipt: RwSignal<Option<Receipt>>,
    pub replica: RwSignal<Option<ReplicaId>>,
    pub syncing: RwSignal<bool>,
    pub storage_persisted: RwSignal<Option<bool>>,
    pub update_ready: RwSignal<bool>,
    pub refused_photos: RwSignal<BTreeMap<OpHash, String>>,
}

impl Signals {
    /// Before anything is known.
    pub fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Starting),
            who: RwSignal::new(None),
            enrolling: RwSignal::new(None),
            catalogue: RwSignal::default(),
            unsent: RwSignal::new(0),
            unsaved: RwSignal::new(0),
            link: RwSignal::default(),
            last_receipt: RwSignal::new(None),
            replica: RwSignal::new(None),
            syncing: RwSignal::new(false),
            storage_persisted: RwSignal::new(None),
            update_ready: RwSignal::new(false),
            refused_photos: RwSignal::default(),
        }
    }
}

/// The juror whose store is open.
pub struct Juror {
    pub who: SignedIn,
    pub store: Rc<Store>,
    pub worker: Rc<Worker<Http>>,
}

/// One for the app.
pub struct Core {
    pub signals: Signals,
    pub sheets: Sheets,
    pub visits: Visits,
    pub writer: Writer,
    pub photos: Photos,
    pub device: RefCell<Option<Rc<Device>>>,
    /// Whether the page is about to be left in spite of what is not saved: whoever was asked isn't asked again.
    pub leaves: Cell<bool>,
    juror: RefCell<Option<Rc<Juror>>>,
    tabs: Tabs,
}

impl Core {
    /// Nothing is open yet.
    pub fn new(signals: Signals) -> Rc<Self> {
        Rc::new_cyclic(|core: &Weak<Self>| {
            let core = core.clone();
            Self {
                signals,
                sheets: Sheets::default(),
                visits: Visits::default(),
                writer: Writer::default(),
                photos: Photos::default(),
                device: RefCell::default(),
                leaves: Cell::default(),
                juror: RefCell::default(),
                tabs: Tabs::open(move |message| {
                    if let Some(core) = core.upgrade() {
                        wasm_bindgen_futures::spawn_local(async move { core.hear(message).await });
                    }
                }),
            }
        })
    }

    /// The juror whose store is open.
    pub fn juror(&self) -> Option<Rc<Juror>> {
        self.juror.borrow().clone()
    }

    /// The catalogue as it is now.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.signals.catalogue.get_untracked()
    }

    /// Makes this juror's store the open one, and shows it.
    pub fn install(self: &Rc<Self>, who: SignedIn, store: Store, replica: ReplicaRecord, loaded: Loaded) {
        self.close();
        let store = Rc::new(store);
        let host = Rc::new(JurorHost { core: Rc::downgrade(self), database: store.name().to_owned() });
        let worker = Worker::new(store.clone(), Http, host);
        let juror = Rc::new(Juror { who: who.clone(), store, worker });
        self.juror.replace(Some(juror.clone()));
        self.show(replica, loaded);
        self.show_all_on_the_way(&juror);
        self.signals.who.set(Some(who));
        self.signals.link.set(Link::Unknown);
        self.signals.phase.set(Phase::Ready);
    }

    /// Lets go of the open store; deletes nothing (S11).
    pub fn close(&self) {
        if let Some(juror) = self.juror.take() {
            juror.worker.stop();
        }
        self.sheets.drop_unsaved();
        self.sheets.replace(Vec::new(), 0);
        self.visits.drop_unsaved();
        self.visits.replace(Vec::new(), 0);
        self.note_unsent();
        self.signals.catalogue.set(Arc::default());
        self.signals.last_receipt.set(None);
        self.signals.refused_photos.set(BTreeMap::new());
        self.signals.replica.set(None);
        self.signals.syncing.set(false);
    }

    /// Nobody is signed in.
    pub fn show_signed_out(&self) {
        self.close();
        self.signals.who.set(None);
        self.signals.phase.set(Phase::SignedOut);
    }

    fn show(&self, replica: ReplicaRecord, loaded: Loaded) {
        self.signals.catalogue.set(Arc::new(loaded.catalogue));
        self.sheets.replace(loaded.sheets, replica.acked_seq);
        self.visits.replace(loaded.visits, replica.acked_seq);
        self.show_replica(&replica);
        self.note_unsent();
    }

    fn show_replica(&self, replica: &ReplicaRecord) {
        let id = Some(replica.chain.replica);
        if self.signals.replica.get_untracked() != id {
            self.signals.replica.set(id);
        }
        self.signals.last_receipt.set(replica.receipt.clone());
    }

    /// Counts again what is not sent, and what is not even saved: for the screens, and for the last screen of all.
    pub fn note_unsent(&self) {
        let unsaved = self.sheets.unsaved() + self.visits.unsaved();
        if self.signals.unsaved.get_untracked() != unsaved {
            self.signals.unsaved.set(unsaved);
        }
        let unsent = self.sheets.unsent() + self.visits.unsent();
        panic::note_unsent(unsent);
        if self.signals.unsent.get_untracked() != unsent {
            self.signals.unsent.set(unsent);
        }
    }

    /// All went well but for the photos that the server refused before: that is still so.
    fn with_refused_photos(&self, link: Link) -> Link {
        self.forget_refused();
        let refused = self.signals.refused_photos.with_untracked(|refused| refused.values().next().cloned());
        match (link, refused) {
            (Link::Online, Some(code)) => Link::Refused(code),
            (link, _) => link,
        }
    }

    /// Tells the other tabs.
    pub fn tell(&self, message: &Message) {
        self.tabs.tell(message);
    }

    /// Tells the other tabs of a sheet.
    pub fn tell_sheet(&self, juror: &Juror, id: SheetId) {
        self.tell(&Message::Sheets { database: juror.store.name().to_owned(), ids: vec![id] });
    }

    /// Another tab has changed something.
    async fn hear(self: Rc<Self>, message: Message) {
        match (message, self.juror()) {
            (Message::People, _) => self.resume().await,
            (Message::Sheets { database, ids }, Some(juror)) if database == juror.store.name() => {
                for id in ids {
                    if let Ok((Some(record), replica)) = juror.store.sheet(id).await
                        && self.still_shows(&juror)
                    {
                        self.sheets.put(record);
                        self.sheets.set_acked(replica.acked_seq);
                    }
                }
                self.note_unsent();
            }
            (Message::Visits { database, ids }, Some(juror)) if database == juror.store.name() => {
                for id in ids {
                    if let Ok((Some(record), replica)) = juror.store.visit(id).await
                        && self.still_shows(&juror)
                    {
                        self.visits.put(record);
                        self.visits.set_acked(replica.acked_seq);
                    }
                }
                self.note_unsent();
            }
            (Message::Database { database }, Some(juror)) if database == juror.store.name() => {
                if let Ok(loaded) = juror.store.load().await
                    && let Some(replica) = loaded.replica.clone()
                    && self.still_shows(&juror)
                {
                    self.show(replica, loaded);
                }
            }
            _ => {}
        }
    }

    /// Photos whose bytes the server hasn't got, of all sheets and records.
    pub fn waiting_photos(&self) -> Vec<WaitingPhoto> {
        let mut waiting = self.sheets.collect(|record| waiting_photos([record], []));
        waiting.extend(self.visits.collect(|record| waiting_photos([], [record])));
        waiting
    }

    /// Takes in what was written down in a store, if it is the open one's.
    pub fn take_news(&self, database: &str, news: News) {
        if self.juror().is_none_or(|juror| juror.store.name() != database) {
            return;
        }
        let message = match news {
            News::Replica(replica) => {
                self.sheets.set_acked(replica.acked_seq);
                self.visits.set_acked(replica.acked_seq);
                self.show_replica(&replica);
                Message::Database { database: database.to_owned() }
            }
            News::Sheets(records) if records.is_empty() => return,
            News::Sheets(records) => {
                let ids = records.iter().map(|record| record.id).collect();
                records.into_iter().for_each(|record| self.sheets.put(record));
                Message::Sheets { database: database.to_owned(), ids }
            }
            News::Visits(records) if records.is_empty() => return,
            News::Visits(records) => {
                let ids = records.iter().map(|record| record.id).collect();
                records.into_iter().for_each(|record| self.visits.put(record));
                Message::Visits { database: database.to_owned(), ids }
            }
            News::RefusedPhotos(refused) => {
                self.signals.refused_photos.update(|known| known.extend(refused));
                return;
            }
            News::Catalogue(catalogue) => {
                self.signals.catalogue.set(Arc::new(catalogue));
                Message::Database { database: database.to_owned() }
            }
        };
        self.note_unsent();
        self.tell(&message);
    }
}

/// The worker's host: hears its news only while its juror's store is the open one.
struct JurorHost {
    core: Weak<Core>,
    database: String,
}

impl JurorHost {
    fn with<R>(&self, work: impl FnOnce(&Rc<Core>) -> R) -> Option<R> {
        let core = self.core.upgrade()?;
        core.juror().filter(|juror| juror.store.name() == self.database)?;
        Some(work(&core))
    }
}

impl Host for JurorHost {
    fn unsent_after(&self, acked_seq: u64) -> u32 {
        self.with(|core| core.sheets.unsent_after(acked_seq) + core.visits.unsent_after(acked_seq)).unwrap_or_default()
    }

    fn photos_waiting(&self) -> Vec<WaitingPhoto> {
        self.with(|core| {
            let mut waiting = core.waiting_photos();
            // What the server refused is sent again when it is asked for, not with every mark.
            core.signals.refused_photos.with_untracked(|refused| {
                waiting.retain(|waiting| !refused.contains_key(&waiting.photo.sha256));
            });
            waiting
        })
        .unwrap_or_default()
    }

    fn news(&self, news: News) {
        let over = matches!(news, News::RefusedPhotos(_));
        self.with(|core| {
            core.take_news(&self.database, news);
            // What was refused may have been taken off by another tablet, of which this conversation brought the news.
            if let Some(juror) = core.juror().filter(|_| over) {
                let core = core.clone();
                wasm_bindgen_futures::spawn_local(async move { core.give_up_refused(&juror).await });
            }
        });
    }

    fn link(&self, link: Link) {
        self.with(|core| core.signals.link.set(core.with_refused_photos(link)));
    }

    fn syncing(&self, syncing: bool) {
        self.with(|core| core.signals.syncing.set(syncing));
    }
}
