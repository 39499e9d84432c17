//! What is being added: pictures that are made small, and photos that the tablet could not save. Those stay on screen, and
//! say so, until they are saved after all or let go (S8).

use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::components::keyed::keyed;
use crate::tablet::{Album, OnTheWay, Tablet, Unsaved};
use crate::text::{photos, problems};
use domain::photo::{MAX_PHOTOS, Photo};
use leptos::html;
use leptos::prelude::*;
use web_sys::Blob;

/// A handle to copy around.
#[derive(Clone, Copy)]
pub(super) struct Adding {
    tablet: Tablet,
    album: StoredValue<Album>,
    /// What is not saved yet.
    pub on_the_way: Signal<OnTheWay>,
    /// What else is to be said, such as why the last one came to nothing.
    pub problem: RwSignal<Option<String>>,
    /// Whether the juror has just asked for something to be done with one that could not be saved.
    pub touched: StoredValue<bool>,
}

impl Adding {
    pub(super) fn new(tablet: Tablet, album: StoredValue<Album>) -> Self {
        let on_the_way = album.with_value(|album| tablet.photos_on_the_way(album));
        Self { tablet, album, on_the_way, problem: RwSignal::new(None), touched: StoredValue::new(false) }
    }

    /// Takes as many as there is room for, and says how many there was none for.
    fn take(self, mut files: Vec<Blob>, room: usize) {
        let beyond = files.len().saturating_sub(room);
        files.truncate(room);
        self.problem.set((beyond > 0).then(|| photos::no_room(beyond, MAX_PHOTOS)));
        self.album.with_value(|album| self.tablet.take_photos(album, files));
    }

    fn again(self, photo: Photo) {
        self.touched.set_value(true);
        self.album.with_value(|album| self.tablet.save_photo_again(album, photo.sha256));
    }

    fn let_go(self, photo: Photo) {
        self.touched.set_value(true);
        self.album.with_value(|album| self.tablet.let_photo_go(album, photo.sha256));
    }
}

/// The button, and what it came to.
#[component]
pub(super) fn Add(adding: Adding, there: Memo<Vec<Photo>>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let room = Memo::new(move |_| {
        let taken = there.with(Vec::len) + adding.on_the_way.with(OnTheWay::count);
        MAX_PHOTOS.saturating_sub(taken)
    });
    let full = Memo::new(move |_| room.get() == 0);
    let busy = Memo::new(move |_| adding.on_the_way.with(|photos| photos.preparing > 0));
    let unreadable = Memo::new(move |_| adding.on_the_way.with(|photos| photos.unreadable));
    let take = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let Some(files) = field.files() else { return };
        let files = (0..files.length()).filter_map(|place| files.get(place)).map(Blob::from);
        adding.take(files.collect(), room.get_untracked());
        // The same file may be chosen once more.
        field.set_value("");
    };
    let problem = Memo::new(move |_| match (adding.problem.get(), unreadable.get()) {
        (Some(problem), _) => Some(problem),
        (None, 0) => None,
        (None, count) => Some(photos::unreadable(count)),
    });
    let said = move || match (busy.get(), problem.get(), full.get()) {
        (true, ..) => photos::saving().to_owned(),
        (false, Some(problem), _) => problem,
        (false, None, true) => photos::full().to_owned(),
        (false, None, false) => photos::hint().to_owned(),
    };
    let failed = move || (!busy.get() && problem.with(Option::is_some)).then_some("");
    view! {
        <div class="photo-add">
            <label class="button file-button" aria-disabled=move || full.get().to_string()>
                <Icon name="camera"/>
                {photos::add}
                <input
                    class="hidden-words"
                    type="file"
                    id="photo-file"
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

/// The photos that could not be saved, also where the sheet was locked meanwhile.
#[component]
pub(super) fn NotSaved(adding: Adding) -> impl IntoView {
    let names = move || adding.on_the_way.with(|photos| photos.unsaved.iter().map(name).collect());
    keyed(names, move |key| {
        let one = Memo::new(move |_| {
            adding.on_the_way.with(|photos| photos.unsaved.iter().find(|one| name(one) == key).cloned())
        });
        one.get_untracked().map(|first| view! { <OneNotSaved adding=adding one=one first=first/> }).into_any()
    })
}

fn name(one: &Unsaved) -> String {
    one.taken.photo.sha256.to_string()
}

#[component]
fn OneNotSaved(adding: Adding, one: Memo<Option<Unsaved>>, first: Unsaved) -> impl IntoView {
    let photo = first.taken.photo;
    let trying = Memo::new(move |_| one.with(|one| one.as_ref().is_some_and(|one| one.trying)));
    let why = move || one.with(|one| one.as_ref().map(|one| problems::photo_not_saved(&one.problem)));
    // They stay where they are while it is tried, and keep the focus.
    let unless_trying = move |act: fn(Adding, Photo)| {
        touch(move |_| {
            if !trying.get_untracked() {
                act(adding, photo);
            }
        })
    };
    let busy = move || trying.get().to_string();
    view! {
        <li class="photo-unsaved" data-testid="photo-unsaved">
            <span class="photo-tile">
                {first.url.as_ref().map(|url| view! { <img src=url.as_str().to_owned() alt=photos::not_saved/> })}
            </span>
            <p role="alert">
                <strong>{photos::not_saved}</strong>
                " "
                {why}
            </p>
            <button class="button" type="button" aria-disabled=busy on:click=unless_trying(Adding::again)>
                {photos::again}
            </button>
            <button class="button quiet" type="button" aria-disabled=busy on:click=unless_trying(Adding::let_go)>
                {photos::discard}
            </button>
        </li>
    }
}
