//! Photos on their way into the store: pictures that are read and made small, and photos that could not be saved. Whose they
//! are stands fast from the touch on (I7): somebody else may be signed in by the time one is ready. No page keeps them, so
//! that none is lost with its page; they stay until they are saved, or let go by who took them (S8).

use super::core::{Core, Juror};
use super::slots::PhotosOnTheWay;
use super::writer::{Job, Of};
use crate::picture::{self, ObjectUrl};
use crate::store::{ActProblem, SheetKey, TakenPhoto};
use crate::sync::{News, Want};
use domain::sheet::Act;
use domain::sync::chain::OpHash;
use domain::visit::{VisitAct, VisitKey};
use leptos::prelude::{ArcRwSignal, Signal, Update, WithUntracked};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
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

    fn in_short(&self) -> PhotosOnTheWay {
        let problem = self.unsaved.iter().find_map(|one| match &one.problem {
            ActProblem::Save(problem) => Some(problem.clone()),
            _ => None,
        });
        PhotosOnTheWay { preparing: self.preparing, unsaved: self.unsaved.len(), problem }
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
    running: Cell<bool>,
    idle: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Photos {
    /// Whether anything is worked on.
    pub fn is_working(&self) -> bool {
        self.running.get()
    }

    /// Hears when nothing is worked on any more; none if nothing is.
    pub fn until_idle(&self) -> Option<oneshot::Receiver<()>> {
        self.running.get().then(|| {
            let (done, idle) = oneshot::channel();
            self.idle.borrow_mut().push(done);
            idle
        })
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

    /// Takes a photo off. One that the server refused is waited for no more then.
    pub fn detach(
        self: &Rc<Self>,
        album: &Album,
        sha256: OpHash,
    ) -> impl Future<Output = Result<(), ActProblem>> + use<> {
        let (core, written, juror) = (self.clone(), self.write(album.detach(sha256)), self.juror());
        async move {
            written.await?;
            match juror {
                Some(juror) => core.give_up_refused(&juror).await,
                None => Ok(()),
            }
        }
    }

    /// What the server refuses and no sheet or record shows any more waits no more (S18).
    pub async fn give_up_refused(&self, juror: &Juror) -> Result<(), ActProblem> {
        let mut refused = self.waiting_photos();
        self.signals.refused_photos.with_untracked(|known| {
            refused.retain(|waiting| known.contains_key(&waiting.photo.sha256));
        });
        if refused.is_empty() {
            return Ok(());
        }
        let (sheets, visits) = juror.store.give_up_photos(&refused).await?;
        self.take_news(juror.store.name(), News::Sheets(sheets));
        self.take_news(juror.store.name(), News::Visits(visits));
        // How things stand without them.
        if self.forget_refused() {
            juror.worker.poke(Want::Send);
        }
        Ok(())
    }

    /// Forgets refusals of what waits no more; whether there were any.
    pub fn forget_refused(&self) -> bool {
        let waiting: BTreeSet<_> = self.waiting_photos().into_iter().map(|waiting| waiting.photo.sha256).collect();
        let refused = self.signals.refused_photos;
        let some = refused.with_untracked(|refused| refused.keys().any(|sha256| !waiting.contains(sha256)));
        if some {
            refused.update(|refused| refused.retain(|sha256, _| waiting.contains(sha256)));
        }
        some
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
        if !self.photos.running.replace(true) {
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
        self.photos.running.set(false);
        for idle in self.photos.idle.take() {
            idle.send(()).ok();
        }
    }

    async fn work_on_photo(self: &Rc<Self>, Wanted { name, of, source }: Wanted) {
        let (taken, prepared) = match source {
            Source::Picture(picture) => (picture::take(&picture).await, 1),
            Source::PutBack(taken) => (Some(taken), 1),
            Source::Again(taken) => (Some(taken), 0),
        };
        let done = match taken.clone() {
            Some(taken) => self.write_for(Some(of), name.1.attach(taken)).await,
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
