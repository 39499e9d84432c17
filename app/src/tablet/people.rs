//! Who uses this tablet: the start (offline too), signing in, enrolling, signing out.

use super::core::Core;
use super::device_care::keep_storage;
use super::view::{Enrolling, Link, Phase};
use crate::chance;
use crate::session::{self, Problem, SignedIn};
use crate::store::device::{DEVICE, Device, Person};
use crate::store::{SaveProblem, Store};
use crate::sync::tabs::Message;
use crate::sync::{Http, News, Turn, Want};
use domain::ids::ReplicaId;
use leptos::prelude::{RwSignal, Set, Update};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

impl Core {
    /// Opens the store of whoever is signed in on this device. Nothing here waits for a network.
    pub async fn start(self: Rc<Self>) {
        match Device::open(DEVICE).await {
            Ok(device) => {
                self.device.replace(Some(Rc::new(device)));
                self.resume().await;
            }
            Err(problem) => self.signals.phase.set(Phase::Broken(problem.into())),
        }
    }

    /// Goes by what the device says of who is signed in.
    pub async fn resume(self: &Rc<Self>) {
        if let Err(problem) = self.try_resume().await {
            self.close();
            self.signals.phase.set(Phase::Broken(problem.into()));
        }
    }

    async fn try_resume(self: &Rc<Self>) -> Result<(), SaveProblem> {
        let person = self.device()?.signed_in().await?;
        let Some(person) = person else {
            self.show_signed_out();
            return Ok(());
        };
        if self.is_open(&person) {
            return Ok(());
        }
        self.written().await;
        let store = Store::open(&person.database).await?;
        let loaded = store.load().await?;
        match loaded.replica.clone() {
            // The catalogue came last. Of a replica that was renewed since the key may still be missing.
            Some(replica) if loaded.catalogue.edition.is_some() => {
                self.install(person.who, store, replica, loaded);
                self.begin_work();
            }
            // The browser has cleared the store: only the server can fill it again.
            _ => self.show_signed_out(),
        }
        Ok(())
    }

    /// Signs in with the server; a juror's store is opened, and filled the first time.
    pub async fn sign_in(self: Rc<Self>, name: String, password: String) -> Result<SignedIn, Problem> {
        let who = session::sign_in(name, password).await?;
        if !who.role.travels() {
            self.leave().await?;
            return Ok(who);
        }
        let person = self.device()?.enter(&who, &chance::uuid().to_string()).await?;
        if !self.is_open(&person) {
            self.written().await;
            let store = Store::open(&person.database).await?;
            let enrolled = enrol(&store, &who, self.signals.enrolling).await;
            self.signals.enrolling.set(None);
            enrolled?;
            let loaded = store.load().await?;
            let replica = loaded.replica.clone().ok_or(SaveProblem::Unreadable)?;
            self.install(who.clone(), store, replica, loaded);
        }
        self.device()?.mark_signed_in(Some(who.user)).await?;
        self.tell(&Message::People);
        self.begin_work();
        Ok(who)
    }

    /// Signs out: here at once, with the server as soon as it hears of it. Unsent work stays (S11).
    pub async fn sign_out(self: Rc<Self>) -> Result<(), Problem> {
        self.leave().await?;
        // Without a network the server's session ends with the next sign-in on this device, or by itself.
        session::sign_out().await.ok();
        Ok(())
    }

    async fn leave(self: &Rc<Self>) -> Result<(), SaveProblem> {
        self.written().await;
        self.device()?.mark_signed_in(None).await?;
        self.show_signed_out();
        self.tell(&Message::People);
        Ok(())
    }

    fn begin_work(self: &Rc<Self>) {
        if let Some(juror) = self.juror() {
            juror.worker.poke(Want::Everything);
        }
        let core = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let persisted = keep_storage().await;
            core.signals.storage_persisted.set(Some(persisted));
        });
    }

    fn is_open(&self, person: &Person) -> bool {
        self.juror().is_some_and(|juror| juror.store.name() == person.database)
    }

    fn device(&self) -> Result<Rc<Device>, SaveProblem> {
        self.device.borrow().clone().ok_or(SaveProblem::NoStorage)
    }
}

/// The first conversation registers the replica, pins the server's key and brings the catalogue. Whoever has been here
/// before can go on without it.
async fn enrol(store: &Store, who: &SignedIn, progress: RwSignal<Option<Enrolling>>) -> Result<(), Problem> {
    store.enrol(who.user, ReplicaId(chance::uuid())).await?;
    let before = store.load().await?;
    if before.catalogue.edition.is_some() {
        return Ok(());
    }
    let unsent_after = |acked_seq| {
        let sheets = before.sheets.iter().filter(|record| record.is_unsent(acked_seq)).count();
        (sheets + before.visits.iter().filter(|record| record.is_unsent(acked_seq)).count()) as u32
    };
    progress.set(Some(Enrolling::default()));
    let sheets = RefCell::new(BTreeSet::new());
    let count = |news: News| {
        if let News::Sheets(records) = &news {
            sheets.borrow_mut().extend(records.iter().map(|record| record.id));
        }
        progress.update(|progress| {
            let progress = progress.get_or_insert_default();
            progress.sheets = sheets.borrow().len();
            if let News::Catalogue(catalogue) = news {
                progress.products = catalogue.products.len();
            }
        });
    };
    let turn = Turn {
        store,
        server: &Http,
        everything: true,
        unsent_after: &unsent_after,
        photos_waiting: &Vec::new,
        news: &count,
    };
    match turn.run().await {
        Link::Online => Ok(()),
        Link::Unknown | Link::Offline => Err(Problem::NoNetwork),
        Link::CaptivePortal => Err(Problem::CaptivePortal),
        Link::WrongVersion => Err(Problem::WrongVersion),
        Link::SignedOut => Err(Problem::Refused("signed_out".to_owned())),
        Link::Refused(code) => Err(Problem::Refused(code)),
    }
}
