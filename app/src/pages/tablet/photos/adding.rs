//! What is being added: files that are read and made small, and photos that the tablet could not save. Those stay on
//! screen, and say so, until they are saved after all or let go (S8).

use super::Album;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::components::keyed::each;
use crate::picture::{self, ObjectUrl};
use crate::tablet::{ActProblem, Tablet, TakenPhoto};
use crate::text::{photos, problems};
use domain::photo::{MAX_PHOTOS, Photo};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// A photo that is not saved.
#[derive(Clone)]
struct NotSaved {
    taken: TakenPhoto,
    url: Option<Arc<ObjectUrl>>,
}

/// A handle to copy around.
#[derive(Clone, Copy)]
pub(super) struct Adding {
    tablet: Tablet,
    album: StoredValue<Album>,
    /// Files that are being read or written.
    under_way: RwSignal<usize>,
    not_saved: RwSignal<Vec<NotSaved>>,
    /// Why the last one came to nothing.
    pub problem: RwSignal<Option<String>>,
}

impl Adding {
    pub(super) fn new(tablet: Tablet, album: StoredValue<Album>) -> Self {
        let (under_way, not_saved, problem) = (RwSignal::new(0), RwSignal::new(Vec::new()), RwSignal::new(None));
        Self { tablet, album, under_way, not_saved, problem }
    }

    /// Reads files and saves what they show, one after the other: a camera's picture takes some fifty megabytes while it is read.
    fn add(self, files: Vec<web_sys::File>) {
        self.under_way.update(|count| *count += files.len());
        // Whose photo it is stands fast now: it is saved also when the page is gone by then.
        let (tablet, album) = (self.tablet, self.album.get_value());
        spawn_local(async move {
            for file in files {
                match picture::take(&file).await {
                    Some(taken) => {
                        let done = album.attach(tablet, taken.clone()).await;
                        self.ended(taken, done);
                    }
                    None => self.tell(photos::unreadable().to_owned()),
                }
                let _ = self.under_way.try_update(|count| *count -= 1);
            }
        });
    }

    fn again(self, not_saved: NotSaved) {
        self.let_go(not_saved.taken.photo);
        self.under_way.update(|count| *count += 1);
        let doing = self.album.with_value(|album| album.attach(self.tablet, not_saved.taken.clone()));
        spawn_local(async move {
            self.ended(not_saved.taken, doing.await);
            let _ = self.under_way.try_update(|count| *count -= 1);
        });
    }

    fn let_go(self, photo: Photo) {
        self.not_saved.update(|all| all.retain(|one| one.taken.photo.sha256 != photo.sha256));
    }

    fn ended(self, taken: TakenPhoto, done: Result<(), ActProblem>) {
        let Err(problem) = done else { return };
        self.tell(problems::act(&problem));
        // What the sheet doesn't allow would not be allowed the next time either.
        if matches!(problem, ActProblem::Save(_)) {
            let url = ObjectUrl::of_jpeg(&taken.bytes).map(Arc::new);
            let _ = self.not_saved.try_update(|all| all.push(NotSaved { taken, url }));
        }
    }

    fn tell(self, problem: String) {
        // The page may be gone by now.
        let _ = self.problem.try_set(Some(problem));
    }
}

/// The button, and what it came to.
#[component]
pub(super) fn Add(adding: Adding, there: Memo<Vec<Photo>>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let full = Memo::new(move |_| there.with(Vec::len) + adding.under_way.get() >= MAX_PHOTOS);
    let busy = Memo::new(move |_| adding.under_way.get() > 0);
    let take = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let Some(files) = field.files() else { return };
        adding.problem.set(None);
        adding.add((0..files.length()).filter_map(|place| files.get(place)).collect());
        // The same file may be chosen once more.
        field.set_value("");
    };
    let said = move || match (adding.problem.get(), busy.get(), full.get()) {
        (Some(problem), ..) => problem,
        (None, true, _) => photos::saving().to_owned(),
        (None, false, true) => photos::full().to_owned(),
        (None, false, false) => photos::hint().to_owned(),
    };
    let failed = move || adding.problem.with(Option::is_some).then_some("");
    view! {
        <div class="photo-add">
            <label class="button file-button" aria-disabled=move || full.get().to_string()>
                <Icon name="camera"/>
                {photos::add}
                <input
                    class="hidden-words"
                    type="file"
                    accept="image/*"
                    multiple=true
                    data-testid="photo-file"
                    aria-describedby="photo-said"
                    node_ref=field
                    disabled=move || full.get()
                    on:change=take
                />
            </label>
            <p id="photo-said" class="soft" role="status" data-failed=failed data-testid="photo-said">
                {said}
            </p>
        </div>
    }
}

/// The photos that could not be saved.
#[component]
pub(super) fn Unsaved(adding: Adding) -> impl IntoView {
    let tile = move |one: NotSaved| {
        let (again, photo) = (one.clone(), one.taken.photo);
        view! {
            <li class="photo-unsaved" data-testid="photo-unsaved">
                <span class="photo-tile">
                    {one.url.as_ref().map(|url| view! { <img src=url.as_str().to_owned() alt=photos::not_saved/> })}
                </span>
                <strong>{photos::not_saved}</strong>
                <button class="button" type="button" on:click=touch(move |_| adding.again(again.clone()))>
                    {photos::again}
                </button>
                <button class="button quiet" type="button" on:click=touch(move |_| adding.let_go(photo))>
                    {photos::discard}
                </button>
            </li>
        }
        .into_any()
    };
    each(move || adding.not_saved.get(), |one| one.taken.photo.sha256.to_string(), tile)
}
