//! The tablet as the screens know it: signals to read, and a few verbs. Pages talk to nothing else.

mod view;

pub use crate::session::{Problem, SignedIn};
pub use crate::store::{ActProblem, Catalogue, DraftCell, SaveProblem, SheetKey};
pub use view::{Link, Phase, SaveState, ServerState, SheetView, StartProblem};

use domain::sheet::Act;
use domain::sync::receipt::Receipt;
use leptos::prelude::*;
use std::future::Future;
use std::sync::Arc;

/// A handle that pages copy around.
#[derive(Clone, Copy)]
pub struct Tablet {
    phase: RwSignal<Phase>,
    who: RwSignal<Option<SignedIn>>,
    catalogue: RwSignal<Arc<Catalogue>>,
    unsent: RwSignal<u32>,
    link: RwSignal<Link>,
    last_receipt: RwSignal<Option<Receipt>>,
    syncing: RwSignal<bool>,
    storage_persisted: RwSignal<Option<bool>>,
    update_ready: RwSignal<bool>,
}

/// Starts the tablet and puts it into the context.
pub fn provide_tablet() -> Tablet {
    let tablet = Tablet {
        phase: RwSignal::new(Phase::Starting),
        who: RwSignal::new(None),
        catalogue: RwSignal::default(),
        unsent: RwSignal::new(0),
        link: RwSignal::default(),
        last_receipt: RwSignal::new(None),
        syncing: RwSignal::new(false),
        storage_persisted: RwSignal::new(None),
        update_ready: RwSignal::new(false),
    };
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
        self.phase.into()
    }

    /// Who is signed in on this device, offline too.
    pub fn who(self) -> Signal<Option<SignedIn>> {
        self.who.into()
    }

    /// The catalogue; empty until [`Phase::Ready`].
    pub fn catalogue(self) -> Signal<Arc<Catalogue>> {
        self.catalogue.into()
    }

    /// One sheet. Changes of other sheets don't wake it.
    pub fn sheet(self, key: &SheetKey) -> Signal<SheetView> {
        let _ = key;
        Signal::derive(SheetView::default)
    }

    /// How many sheets have drafts or operations that the server hasn't acknowledged (S10).
    pub fn unsent(self) -> Signal<u32> {
        self.unsent.into()
    }

    /// Tablet and server.
    pub fn link(self) -> Signal<Link> {
        self.link.into()
    }

    /// The newest receipt (S19).
    pub fn last_receipt(self) -> Signal<Option<Receipt>> {
        self.last_receipt.into()
    }

    /// Whether something is being sent or received right now.
    pub fn syncing(self) -> Signal<bool> {
        self.syncing.into()
    }

    /// Whether the browser has promised not to clear the store; none until it has answered.
    pub fn storage_persisted(self) -> Signal<Option<bool>> {
        self.storage_persisted.into()
    }

    /// Whether a newer version of the app waits on this device.
    pub fn update_ready(self) -> Signal<bool> {
        self.update_ready.into()
    }

    /// Starts the newer version once nothing is being written.
    pub fn accept_update(self) {}

    /// Signs in. A juror's store is opened (the first time: registered and filled, which needs the network); anybody
    /// else gets their role back, and the page sends them to the desk.
    pub async fn sign_in(self, name: String, password: String) -> Result<SignedIn, Problem> {
        let _ = (name, password);
        Err(Problem::NoNetwork)
    }

    /// Signs out; all unsent work stays on the device (S11).
    pub async fn sign_out(self) -> Result<(), Problem> {
        Ok(())
    }

    /// "Gửi ngay".
    pub fn sync_now(self) {}

    /// Saves what is being typed, at every key (S6); `None` discards it. The write is queued when this is called, not
    /// when the result is awaited.
    pub fn draft(
        self,
        key: &SheetKey,
        cell: DraftCell,
        text: Option<String>,
    ) -> impl Future<Output = Result<(), SaveProblem>> + use<> {
        let _ = (key, cell, text);
        async { Ok(()) }
    }

    /// Does an act: operation, folded sheet and end of the chain in one strict transaction, which also ends the cell's
    /// draft (S8). The write is queued when this is called, not when the result is awaited.
    pub fn act(self, key: &SheetKey, act: Act) -> impl Future<Output = Result<(), ActProblem>> + use<> {
        let _ = (key, act);
        async { Ok(()) }
    }
}
