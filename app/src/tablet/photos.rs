//! Photos on their way into the store: pictures that are read and made small, and photos that could not be saved. Whose they
//! are stands fast from the touch on (I7): somebody else may be signed in by the time one is ready. No page keeps them, so
//! that none is lost with its page; they stay until they are saved, or let go by who took them (S8).

use super::album::{Album, OnTheWay};
use super::busy::Busy;
use super::core::{Core, Juror};
use super::writer::Of;
use crate::picture;
use crate::store::{ActProblem, SheetKey, TakenPhoto};
use domain::sync::chain::OpHash;
use leptos::prelude::{ArcRwSignal, Signal, Update, With, WithUntracked};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use web_sys::Blob;

/// Whose album, by the name of the database.
type Name = (String, Album);

enum Source {
    /// One of those that are being prepared.
    Picture(Blob),
    /// Likewise.
    PutBack(TakenPhoto),
    /// One that could not be saved.
    Again(TakenPhoto),
}

/// What is to be done for whom, from the touch on.
struct Wanted {
    name: Name,
    of: Of,
    source: Source,
}

/// All of them, and the queue of those that are worked on.
#[derive(Default)]
pub struct Photos {
    lots: RefCell<BTreeMap<Name, ArcRwSignal<OnTheWay>>>,
    queue: RefCell<VecDeque<Wanted>>,
    pub busy: Busy,
}

impl Photos {
    /// Whether a photo of anybody's could not be saved: also of who has signed out since.
    pub fn are_unsaved(&self) -> bool {
        let lots = self.lots.borrow();
        lots.values().any(|photos| photos.with_untracked(|photos| !photos.unsaved.is_empty()))
    }

    /// Whether one of somebody else's could not be, than whose database this is; whoever asks hears when that changes.
    pub fn of_others_are_unsaved(&self, database: Option<&str>) -> bool {
        let lots = self.lots.borrow();
        let others = lots.iter().filter(|((of, _), _)| Some(of.as_str()) != database);
        others.fold(false, |found, (_, photos)| photos.with(|photos| !photos.unsaved.is_empty()) || found)
    }

    fn all_of(&self, database: &str) -> Vec<(Name, ArcRwSignal<OnTheWay>)> {
        let lots = self.lots.borrow();
        let of = lots.iter().filter(|((of, _), _)| of == database);
        of.map(|(name, photos)| (name.clone(), photos.clone())).collect()
    }
}

impl Core {
    /// The photos of one of the open store's albums that are on their way.
    pub fn photos_on_the_way(&self, album: &Album) -> Signal<OnTheWay> {
        self.lot(album).map(|(_, _, photos)| photos).unwrap_or_default().into()
    }

    /// Reads pictures and saves what they show, one after the other: a camera's takes some fifty megabytes while it is read.
    pub fn take_photos(self: &Rc<Self>, album: &Album, pictures: Vec<Blob>) {
        self.prepare(album, pictures.into_iter().map(Source::Picture).collect());
    }

    /// Puts a photo on again that was just taken off.
    pub fn put_photo_back(self: &Rc<Self>, album: &Album, taken: TakenPhoto) {
        self.prepare(album, vec![Source::PutBack(taken)]);
    }

    /// Tries once more to save a photo.
    pub fn save_photo_again(self: &Rc<Self>, album: &Album, sha256: OpHash) {
        if let Some((name, of, photos)) = self.lot(album) {
            self.again(&name, &of, &photos, sha256);
        }
    }

    /// Tries once more to save all that didn't fit. What their sheet does not allow waits for its juror.
    pub fn save_photos_again(self: &Rc<Self>) {
        let Some(of) = self.of_shown() else { return };
        for (name, photos) in self.photos.all_of(of.juror.store.name()) {
            let unsaved = photos.with_untracked(|photos| photos.unsaved.clone());
            for one in unsaved.iter().filter(|one| matches!(one.problem, ActProblem::Save(_))) {
                self.again(&name, &of, &photos, one.taken.photo.sha256);
            }
        }
    }

    /// Lets go of a photo that could not be saved, as its juror wishes.
    pub fn let_photo_go(&self, album: &Album, sha256: OpHash) {
        if let Some((name, _, photos)) = self.lot(album) {
            photos.update(|photos| photos.let_go(sha256));
            self.show_on_the_way(&name);
        }
    }

    /// Whether photos of a sheet are not in the store yet.
    pub fn awaits_photos(&self, key: &SheetKey) -> bool {
        let lot = self.lot(&Album::Sheet(key.clone()));
        lot.is_some_and(|(_, _, photos)| photos.with_untracked(|photos| photos.count() > 0))
    }

    /// Counts what is on its way for the store that was just opened.
    pub fn show_all_on_the_way(&self, juror: &Juror) {
        for (name, _) in self.photos.all_of(juror.store.name()) {
            self.show_on_the_way(&name);
        }
    }

    /// The lot of whoever is signed in for an album, made if there is none yet.
    fn lot(&self, album: &Album) -> Option<(Name, Of, ArcRwSignal<OnTheWay>)> {
        let of = self.of_shown()?;
        let name = (of.juror.store.name().to_owned(), album.clone());
        let photos = self.photos.lots.borrow_mut().entry(name.clone()).or_default().clone();
        Some((name, of, photos))
    }

    fn prepare(self: &Rc<Self>, album: &Album, sources: Vec<Source>) {
        let Some((name, of, photos)) = self.lot(album) else { return };
        photos.update(|photos| {
            photos.preparing += sources.len();
            photos.unreadable = 0;
        });
        let wanted = sources.into_iter().map(|source| Wanted { name: name.clone(), of: of.clone(), source });
        self.photos.queue.borrow_mut().extend(wanted);
        self.show_on_the_way(&name);
        self.work_on_photos();
    }

    fn again(self: &Rc<Self>, name: &Name, of: &Of, photos: &ArcRwSignal<OnTheWay>, sha256: OpHash) {
        let mut taken = None;
        photos.update(|photos| taken = photos.try_again(sha256));
        if let Some(taken) = taken {
            let wanted = Wanted { name: name.clone(), of: of.clone(), source: Source::Again(taken) };
            self.photos.queue.borrow_mut().push_back(wanted);
            self.work_on_photos();
        }
    }

    fn work_on_photos(self: &Rc<Self>) {
        if self.photos.busy.begin() {
            let core = self.clone();
            wasm_bindgen_futures::spawn_local(async move { core.work_on_all_photos().await });
        }
    }

    async fn work_on_all_photos(self: Rc<Self>) {
        loop {
            let next = self.photos.queue.borrow_mut().pop_front();
            let Some(wanted) = next else { break };
            self.work_on_photo(wanted).await;
        }
        self.photos.busy.end();
    }

    async fn work_on_photo(self: &Rc<Self>, Wanted { name, of, source }: Wanted) {
        let (taken, prepared) = match source {
            Source::Picture(picture) => (picture::take(&picture).await, 1),
            Source::PutBack(taken) => (Some(taken), 1),
            Source::Again(taken) => (Some(taken), 0),
        };
        let done = match taken.clone() {
            Some(taken) => self.write_for(Some(of), None, name.1.attach(taken)).await,
            None => Ok(()),
        };
        let photos = self.photos.lots.borrow_mut().entry(name.clone()).or_default().clone();
        photos.update(|photos| {
            photos.preparing -= prepared;
            match (taken, done) {
                (None, _) => photos.unreadable += 1,
                (Some(taken), Ok(())) => photos.let_go(taken.photo.sha256),
                (Some(taken), Err(problem)) => photos.failed(taken, problem),
            }
        });
        self.show_on_the_way(&name);
    }

    /// Counts an album's among what is unsent, if its store is the open one.
    fn show_on_the_way(&self, name: &Name) {
        let (database, album) = name;
        let photos = self.photos.lots.borrow().get(name).cloned();
        let Some(photos) = photos.filter(|_| self.juror().is_some_and(|juror| juror.store.name() == database)) else {
            return;
        };
        let now = photos.with_untracked(OnTheWay::in_short);
        match album {
            Album::Sheet(key) => self.sheets.set_on_the_way(key, now),
            Album::Visit(key) => self.visits.set_on_the_way(key, now),
        }
        self.note_unsent();
    }
}
