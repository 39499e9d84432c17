//! The tablet as the screens know it: signals to read, and a few verbs. Pages talk to nothing else.

mod album;
mod busy;
mod core;
mod device_care;
mod people;
mod photos;
mod refused;
mod rescue;
mod sheets;
mod slots;
mod view;
mod visits;
mod writer;

pub use crate::session::{Problem, SignedIn};
pub use crate::store::{ActProblem, Catalogue, DraftCell, SaveProblem, SheetKey, TakenPhoto, WorkError};
pub use album::{Album, OnTheWay, Unsaved};
pub use rescue::{RescueProblem, TakenIn};
pub use view::{Enrolling, Link, Phase, SaveState, ServerState, SheetView, StartProblem, VisitView};

use crate::sync::Want;
use crate::text::format;
use core::{Core, Signals};
use domain::ids::{ProductId, ReplicaId};
use domain::sheet::{Act, Frame, StateHash};
use domain::sync::chain::OpHash;
use domain::sync::receipt::Receipt;
use domain::visit::{VisitAct, VisitKey};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;
use writer::Job;

/// A handle that pages copy around.
#[derive(Clone, Copy)]
pub struct Tablet {
    signals: Signals,
    core: StoredValue<Rc<Core>, LocalStorage>,
}

/// Starts the tablet and puts it into the context.
pub fn provide_tablet() -> Tablet {
    let signals = Signals::new();
    let core = Core::new(signals);
    core.watch_device();
    spawn_local(core.clone().start());
    let tablet = Tablet { signals, core: StoredValue::new_local(core) };
    provide_context(tablet);
    tablet
}

/// The tablet of this app.
pub fn use_tablet() -> Tablet {
    expect_context()
}

impl Tablet {
    /// Where the app stands.
    pub fn phase(self) -> Signal<Phase> {
        self.signals.phase.into()
    }

    /// Who is signed in on this device, offline too.
    pub fn who(self) -> Signal<Option<SignedIn>> {
        self.signals.who.into()
    }

    /// How far the first download is, while it is under way.
    pub fn enrolling(self) -> Signal<Option<Enrolling>> {
        self.signals.enrolling.into()
    }

    /// The catalogue; empty until [`Phase::Ready`].
    pub fn catalogue(self) -> Signal<Arc<Catalogue>> {
        self.signals.catalogue.into()
    }

    /// One sheet. Changes of other sheets don't wake it.
    pub fn sheet(self, key: &SheetKey) -> Signal<SheetView> {
        self.core().sheets.signal(key)
    }

    /// The sheets on which anything is written; whoever reads them hears when there are others.
    pub fn written_sheets(self) -> Vec<SheetKey> {
        self.core().sheets.keys()
    }

    /// Reads one sheet with what its round judges it by. Whoever reads follows the sheet, the one that it starts from, and
    /// the catalogue.
    pub fn judge<R>(self, key: &SheetKey, read: impl FnOnce(&Catalogue, &SheetView, Option<Frame<'_>>) -> R) -> R {
        let core = self.core();
        let view = core.sheets.signal(key);
        core.signals.catalogue.with(|known| match known.earlier(key).map(|key| core.sheets.signal(&key)) {
            Some(earlier) => {
                earlier.with(|earlier| view.with(|view| read(known, view, known.frame(key, Some(&earlier.sheet)))))
            }
            None => view.with(|view| read(known, view, known.frame(key, None))),
        })
    }

    /// What is read out to name a sheet in this state, its eight characters.
    pub fn sheet_code(self, key: &SheetKey, state: StateHash) -> String {
        let who = self.who().with(|who| who.as_ref().map(|who| who.user));
        let id = who.and_then(|who| self.catalogue().with(|known| known.sheet_id(who, key)));
        id.map(|id| format::sheet_code(id.code(state))).unwrap_or_default()
    }

    /// How many sheets have drafts or operations that the server hasn't acknowledged (S10).
    pub fn unsent(self) -> Signal<u32> {
        self.signals.unsent.into()
    }

    /// How many of them have something that could not be saved: it is only on the screen, and is lost with it.
    pub fn unsaved(self) -> Signal<u32> {
        self.signals.unsaved.into()
    }

    /// Whether a photo of somebody who used this tablet before could not be saved: it is lost with the page, too. Whoever
    /// asks hears when that changes.
    pub fn others_have_unsaved(self) -> bool {
        let core = self.core();
        let juror = core.juror();
        core.photos.of_others_are_unsaved(juror.as_ref().map(|juror| juror.store.name()))
    }

    /// Tablet and server.
    pub fn link(self) -> Signal<Link> {
        self.signals.link.into()
    }

    /// The replica that writes here; what another wrote, another of the juror's tablets wrote.
    pub fn replica(self) -> Signal<Option<ReplicaId>> {
        self.signals.replica.into()
    }

    /// The newest receipt (S19).
    pub fn last_receipt(self) -> Signal<Option<Receipt>> {
        self.signals.last_receipt.into()
    }

    /// Whether something is being sent or received right now.
    pub fn syncing(self) -> Signal<bool> {
        self.signals.syncing.into()
    }

    /// Whether the browser has promised not to clear the store; none until it has answered.
    pub fn storage_persisted(self) -> Signal<Option<bool>> {
        self.signals.storage_persisted.into()
    }

    /// Whether a newer version of the app waits on this device.
    pub fn update_ready(self) -> Signal<bool> {
        self.signals.update_ready.into()
    }

    /// Starts the newer version once nothing is being written; not while something could not be saved.
    pub fn accept_update(self) {
        spawn_local(self.core().accept_update());
    }

    /// Signs in. A juror's store is opened (the first time: registered and filled, which needs the network); anybody
    /// else gets their role back, and the page sends them to the desk.
    pub async fn sign_in(self, name: String, password: String) -> Result<SignedIn, Problem> {
        self.core().sign_in(name, password).await
    }

    /// Signs out; all unsent work stays on the device (S11).
    pub async fn sign_out(self) -> Result<(), Problem> {
        self.core().sign_out().await
    }

    /// "Gửi ngay".
    pub fn sync_now(self) {
        // What the server refused may be taken now.
        self.signals.refused_photos.set(BTreeMap::new());
        if let Some(juror) = self.core().juror() {
            juror.worker.poke(Want::Everything);
        }
    }

    /// Takes in a rescue file of another tablet (S11).
    pub async fn take_in(self, text: String) -> Result<TakenIn, RescueProblem> {
        self.core().take_in(text).await
    }

    /// Saves what is being typed, at every key (S6); `None` discards it. The write is queued when this is called, not
    /// when the result is awaited.
    pub fn draft(
        self,
        key: &SheetKey,
        cell: DraftCell,
        text: Option<String>,
    ) -> impl Future<Output = Result<(), SaveProblem>> + use<> {
        let written = self.core().write(Job::Draft(key.clone(), cell, text));
        async move { written.await.map_err(save_problem) }
    }

    /// The records of stops on which anything is written; whoever reads them hears when there are others.
    pub fn written_visits(self) -> Vec<VisitKey> {
        self.core().visits.keys()
    }

    /// The record of one stop.
    pub fn visit(self, key: &VisitKey) -> Signal<VisitView> {
        self.core().visits.signal(key)
    }

    /// The same of what was seen of a product at a stop, or of the stop.
    pub fn draft_fact(
        self,
        key: &VisitKey,
        product: Option<ProductId>,
        text: Option<String>,
    ) -> impl Future<Output = Result<(), SaveProblem>> + use<> {
        let written = self.core().write(Job::Fact(key.clone(), product, text));
        async move { written.await.map_err(save_problem) }
    }

    /// Does an act on the record of a stop.
    pub fn act_on_visit(self, key: &VisitKey, act: VisitAct) -> impl Future<Output = Result<(), ActProblem>> + use<> {
        self.core().write(Job::Visit(key.clone(), act, None))
    }

    /// The photos of a sheet or a stop that are not saved yet. They are kept whatever page is open, until they are saved or let
    /// go (S8).
    pub fn photos_on_the_way(self, album: &Album) -> Signal<OnTheWay> {
        self.core().photos_on_the_way(album)
    }

    /// Makes photos of pictures, and saves each with its operation in one transaction.
    pub fn take_photos(self, album: &Album, pictures: Vec<Blob>) {
        self.core().take_photos(album, pictures);
    }

    /// Tries once more to save a photo.
    pub fn save_photo_again(self, album: &Album, sha256: OpHash) {
        self.core().save_photo_again(album, sha256);
    }

    /// Puts a photo on again that was just taken off.
    pub fn put_photo_back(self, album: &Album, taken: TakenPhoto) {
        self.core().put_photo_back(album, taken);
    }

    /// Takes a photo off.
    pub fn detach(self, album: &Album, sha256: OpHash) -> impl Future<Output = Result<(), ActProblem>> + use<> {
        self.core().detach(album, sha256)
    }

    /// Lets go of a photo that could not be saved.
    pub fn let_photo_go(self, album: &Album, sha256: OpHash) {
        self.core().let_photo_go(album, sha256);
    }

    /// Why the server refused photos of this tablet, by their hash.
    pub fn refused_photos(self) -> Signal<BTreeMap<OpHash, String>> {
        self.signals.refused_photos.into()
    }

    /// The bytes of a photo; none where another of the juror's tablets took it, or the store can't be read.
    pub fn photo(self, sha256: OpHash) -> impl Future<Output = Option<Vec<u8>>> + use<> {
        let juror = self.core().juror();
        async move { juror?.store.photo(sha256).await.ok().flatten() }
    }

    /// Does an act: operation, folded sheet and end of the chain in one strict transaction, which also ends the cell's
    /// draft (S8). The write is queued when this is called, not when the result is awaited.
    pub fn act(self, key: &SheetKey, act: Act) -> impl Future<Output = Result<(), ActProblem>> + use<> {
        self.core().write(Job::Act(key.clone(), act, None))
    }

    /// The juror has agreed to lose what is not saved: the browser doesn't ask once more when the page is left at once.
    pub fn leave_unsaved(self) {
        self.core().leaves.set(true);
    }

    /// Waits until everything that was asked for so far is written, or has failed.
    pub fn written(self) -> impl Future<Output = ()> + use<> {
        let core = self.core();
        async move { core.written().await }
    }

    fn core(self) -> Rc<Core> {
        self.core.get_value()
    }
}

fn save_problem(problem: ActProblem) -> SaveProblem {
    match problem {
        ActProblem::Save(problem) => problem,
        other => SaveProblem::Failed(other.to_string()),
    }
}
