//! Photos on their way into the store: pictures that are read and made small, and photos that could not be saved. Whose they
//! are stands fast from the touch on (I7): somebody else may be signed in by the time one is ready. No page keeps them, so
//! that none is lost with its page; they stay until they are saved, or let go by who took them (S8).

use super::core::{Core, Juror};
use super::writer::{Job, Of};
use crate::picture::{self, ObjectUrl};
use crate::store::{ActProblem, SheetKey, TakenPhoto};
use crate::sync::{News, Want};
use domain::ids::SheetId;
use domain::sheet::Act;
use domain::sync::chain::OpHash;
use domain::visit::{VisitAct, VisitKey};
use leptos::prelude::{ArcRwSignal, Signal, Update, WithUntracked};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::oneshot;
use web_sys::Blob;

/// What photos belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Album {
    /// A score sheet.
    Sheet(SheetKey),
    /// The record of a stop.
    Visit(VisitKey),
}

impl Album {
    fn attach(&self, taken: TakenPhoto) -> Job {
        match self {
            Self::Sheet(key) => Job::Act(key.clone(), Act::Attach(taken.photo), Some(taken)),
            Self::Visit(key) => Job::Visit(key.clone(), VisitAct::Attach(taken.photo), Some(taken)),
        }
    }

    fn detach(&self, sha256: OpHash) -> Job {
        match self {
            Self::Sheet(key) => Job::Act(key.clone(), Act::Detach(sha256), None),
            Self::Visit(key) => Job::Visit(key.clone(), VisitAct::Detach(sha256), None),
        }
    }

    fn id(&self, of: &Of) -> Option<SheetId> {
        match self {
            Self::Sheet(key) => of.catalogue.sheet_id(of.juror.who.user, key),
            Self::Visit(key) => of.catalogue.visit_id(key),
        }
    }
}

/// A photo that is not saved.
#[derive(Clone, PartialEq)]
pub struct Unsaved {
    /// The photo.
    pub taken: TakenPhoto,
    /// Where an `<img>` finds it.
    pub url: Option<Arc<ObjectUrl>>,
    /// Why.
    pub problem: ActProblem,
    /// Whether it is being tried again.
    pub trying: bool,
}

/// The photos of one album that are not in the store yet.
#[derive(Clone, Default)]
pub struct OnTheWay {
    /// Pictures that are read, made small and written.
    pub preparing: usize,
    /// Photos that could not be saved.
    pub unsaved: Vec<Unsaved>,
    /// Files of the last choice that are no pictures.
    pub unreadable: usize,
}

impl OnTheWay {
    /// How many.
    pub fn count(&self) -> usize {
        self.preparing + self.unsaved.len()
    }

    fn failed(&mut self, taken: TakenPhoto, problem: ActProblem) {
        let same = self.unsaved.iter_mut().find(|one| one.taken.photo.sha256 == taken.photo.sha256);
        if let Some(same) = same {
            (same.problem, same.trying) = (problem, false);
            return;
        }
        let url = ObjectUrl::of_jpeg(&taken.bytes).map(Arc::new);
        self.unsaved.push(Unsaved { taken, url, problem, trying: false });
    }

    fn let_go(&mut self, sha256: OpHash) {
        self.unsaved.retain(|one| one.taken.photo.sha256 != sha256);
    }

    fn try_again(&mut self, sha256: OpHash) -> Option<TakenPhoto> {
        let one = self.unsaved.iter_mut().find(|one| one.taken.photo.sha256 == sha256 && !one.trying)?;
        one.trying = true;
        Some(one.taken.clone())
    }
}

/// Whose album, by the name of the database.
type Name = (String, Album);

struct Lot {
    of: Of,
    photos: ArcRwSignal<OnTheWay>,
}

enum Source {
    Picture(Blob),
    Again(TakenPhoto),
}

/// All of them, and the queue of those that are worked on.
#[derive(Default)]
pub struct Photos {
    lots: RefCell<BTreeMap<Name, Lot>>,
    queue: RefCell<VecDeque<(Name, Source)>>,
    running: Cell<bool>,
    idle: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Photos {
    /// Hears when nothing is worked on any more; none if nothing is.
    pub fn until_idle(&self) -> Option<oneshot::Receiver<()>> {
        self.running.get().then(|| {
            let (done, idle) = oneshot::channel();
            self.idle.borrow_mut().push(done);
            idle
        })
    }

    fn of(&self, name: &Name) -> Option<(Of, ArcRwSignal<OnTheWay>)> {
        self.lots.borrow().get(name).map(|lot| (lot.of.clone(), lot.photos.clone()))
    }

    fn all_of(&self, database: &str) -> Vec<(Name, ArcRwSignal<OnTheWay>)> {
        let lots = self.lots.borrow();
        let of = lots.iter().filter(|((of, _), _)| of == database);
        of.map(|(name, lot)| (name.clone(), lot.photos.clone())).collect()
    }
}

impl Core {
    /// The photos of one of the open store's albums that are on their way.
    pub fn photos_on_the_way(&self, album: &Album) -> Signal<OnTheWay> {
        self.lot(album).map(|(_, photos)| photos).unwrap_or_default().into()
    }

    /// Reads pictures and saves what they show, one after the other: a camera's takes some fifty megabytes while it is read.
    pub fn take_photos(self: &Rc<Self>, album: &Album, pictures: Vec<Blob>) {
        let Some((name, photos)) = self.lot(album) else { return };
        photos.update(|photos| {
            photos.preparing += pictures.len();
            photos.unreadable = 0;
        });
        self.photos.queue.borrow_mut().extend(pictures.into_iter().map(|one| (name.clone(), Source::Picture(one))));
        self.show_on_the_way(&name);
        self.work_on_photos();
    }

    /// Puts a photo on again that was just taken off.
    pub fn put_photo_back(self: &Rc<Self>, album: &Album, taken: TakenPhoto) {
        if let Some((name, _)) = self.lot(album) {
            self.photos.queue.borrow_mut().push_back((name, Source::Again(taken)));
            self.work_on_photos();
        }
    }

    /// Tries once more to save a photo.
    pub fn save_photo_again(self: &Rc<Self>, album: &Album, sha256: OpHash) {
        if let Some((name, photos)) = self.lot(album) {
            self.again(&name, &photos, sha256);
        }
    }

    /// Tries once more to save all that didn't fit. What their sheet does not allow waits for its juror.
    pub fn save_photos_again(self: &Rc<Self>) {
        let Some(juror) = self.juror() else { return };
        for (name, photos) in self.photos.all_of(juror.store.name()) {
            let unsaved = photos.with_untracked(|photos| photos.unsaved.clone());
            for one in unsaved.iter().filter(|one| matches!(one.problem, ActProblem::Save(_))) {
                self.again(&name, &photos, one.taken.photo.sha256);
            }
        }
    }

    /// Lets go of a photo that could not be saved, as its juror wishes.
    pub fn let_photo_go(&self, album: &Album, sha256: OpHash) {
        if let Some((name, photos)) = self.lot(album) {
            photos.update(|photos| photos.let_go(sha256));
            self.show_on_the_way(&name);
        }
    }

    /// Takes a photo off. One that the server refused is waited for no more then.
    pub fn detach(
        self: &Rc<Self>,
        album: &Album,
        sha256: OpHash,
    ) -> impl Future<Output = Result<(), ActProblem>> + use<> {
        let (core, written, of) = (self.clone(), self.write(album.detach(sha256)), self.of_shown());
        let id = of.as_ref().and_then(|of| album.id(of));
        async move {
            written.await?;
            if let (Some(of), Some(id)) = (of, id) {
                core.end_refused(&of.juror, id, sha256).await?;
            }
            Ok(())
        }
    }

    async fn end_refused(&self, juror: &Juror, of: SheetId, sha256: OpHash) -> Result<(), ActProblem> {
        if self.signals.refused_photos.with_untracked(|refused| !refused.contains_key(&sha256)) {
            return Ok(());
        }
        let (of_it, others): (Vec<_>, Vec<_>) = self
            .waiting_photos()
            .into_iter()
            .filter(|waiting| waiting.photo.sha256 == sha256)
            .partition(|waiting| waiting.of == of);
        let (sheets, visits) = juror.store.give_up_photos(&of_it).await?;
        self.take_news(juror.store.name(), News::Sheets(sheets));
        self.take_news(juror.store.name(), News::Visits(visits));
        if others.is_empty() {
            self.signals.refused_photos.update(|refused| drop(refused.remove(&sha256)));
        }
        // How things stand without it.
        juror.worker.poke(Want::Send);
        Ok(())
    }

    /// Whether photos of a sheet are not in the store yet.
    pub fn awaits_photos(&self, key: &SheetKey) -> bool {
        let lot = self.lot(&Album::Sheet(key.clone()));
        lot.is_some_and(|(_, photos)| photos.with_untracked(|photos| photos.count() > 0))
    }

    /// Counts what is on its way for the store that was just opened.
    pub fn show_all_on_the_way(&self, juror: &Juror) {
        for (name, _) in self.photos.all_of(juror.store.name()) {
            self.show_on_the_way(&name);
        }
    }

    /// The open store's lot for an album, made if there is none yet.
    fn lot(&self, album: &Album) -> Option<(Name, ArcRwSignal<OnTheWay>)> {
        let of = self.of_shown()?;
        let name = (of.juror.store.name().to_owned(), album.clone());
        let mut lots = self.photos.lots.borrow_mut();
        let lot = lots.entry(name.clone()).or_insert_with(|| Lot { of: of.clone(), photos: ArcRwSignal::default() });
        // Its store may have been closed and opened again since.
        lot.of = of;
        Some((name, lot.photos.clone()))
    }

    fn again(self: &Rc<Self>, name: &Name, photos: &ArcRwSignal<OnTheWay>, sha256: OpHash) {
        let mut taken = None;
        photos.update(|photos| taken = photos.try_again(sha256));
        if let Some(taken) = taken {
            self.photos.queue.borrow_mut().push_back((name.clone(), Source::Again(taken)));
            self.work_on_photos();
        }
    }

    fn work_on_photos(self: &Rc<Self>) {
        if !self.photos.running.replace(true) {
            let core = self.clone();
            wasm_bindgen_futures::spawn_local(async move { core.work_on_all_photos().await });
        }
    }

    async fn work_on_all_photos(self: Rc<Self>) {
        loop {
            let next = self.photos.queue.borrow_mut().pop_front();
            let Some((name, source)) = next else { break };
            self.work_on_photo(&name, source).await;
        }
        self.photos.running.set(false);
        for idle in self.photos.idle.take() {
            idle.send(()).ok();
        }
    }

    async fn work_on_photo(self: &Rc<Self>, name: &Name, source: Source) {
        let Some((of, photos)) = self.photos.of(name) else { return };
        let (taken, prepared) = match source {
            Source::Picture(picture) => (picture::take(&picture).await, 1),
            Source::Again(taken) => (Some(taken), 0),
        };
        let done = match taken.clone() {
            Some(taken) => self.write_for(Some(of), name.1.attach(taken)).await,
            None => Ok(()),
        };
        photos.update(|photos| {
            photos.preparing -= prepared;
            match (taken, done) {
                (None, _) => photos.unreadable += 1,
                (Some(taken), Ok(())) => photos.let_go(taken.photo.sha256),
                (Some(taken), Err(problem)) => photos.failed(taken, problem),
            }
        });
        self.show_on_the_way(name);
    }

    /// Counts an album's among what is unsent, if its store is the open one.
    fn show_on_the_way(&self, name: &Name) {
        let (database, album) = name;
        let Some((_, photos)) = self.photos.of(name) else { return };
        if self.juror().is_some_and(|juror| juror.store.name() == database) {
            let count = photos.with_untracked(OnTheWay::count);
            match album {
                Album::Sheet(key) => self.sheets.set_on_the_way(key, count),
                Album::Visit(key) => self.visits.set_on_the_way(key, count),
            }
            self.note_unsent();
        }
    }
}
