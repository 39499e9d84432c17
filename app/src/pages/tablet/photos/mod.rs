//! The photos of a sheet, or of a stop's record: to take, look at and remove. Each is saved on the tablet at once, with the
//! operation that names it (S8).

mod adding;
mod removed;
mod tile;

use crate::components::dialog::Dialog;
use crate::components::erased::{Show, live, touch};
use crate::components::icon::Icon;
use crate::components::keyed::keyed;
use crate::components::picture::Picture;
use crate::tablet::{Album, OnTheWay, Tablet, TakenPhoto, use_tablet};
use crate::text::{photos, problems};
use adding::{Add, Adding, NotSaved};
use domain::photo::{MAX_PHOTOS, Photo};
use domain::sync::chain::OpHash;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use removed::Removed;
use tile::Tile;
use web_sys::HtmlElement;

/// The section of a page.
#[component]
pub fn Photos(
    /// Whose they are.
    album: Album,
    /// Whether they can only be looked at; then nothing is there without any.
    #[prop(into)]
    locked: Signal<bool>,
) -> impl IntoView {
    let tablet = use_tablet();
    let there = photos_of(tablet, &album);
    let album = StoredValue::new(album);
    let adding = Adding::new(tablet, album);
    let removed = RwSignal::new(None::<TakenPhoto>);
    let (open, looked_at) = (RwSignal::new(false), RwSignal::new(None::<OpHash>));
    let names = move || there.with(|photos| photos.iter().map(|photo| photo.sha256.to_string()).collect());
    let tile = move |name: String| {
        let sha256 = name.parse::<OpHash>().ok()?;
        let number = Memo::new(move |_| number_of(there, sha256).unwrap_or_default());
        let look = move |()| {
            looked_at.set(Some(sha256));
            open.set(true);
        };
        Some(view! { <Tile sha256=sha256 number=number on_open=look/> })
    };
    let tile = StoredValue::new(move |name| tile(name).into_any());
    let remove = move |_| {
        let Some(sha256) = looked_at.get_untracked() else { return };
        let Some(photo) = there.with_untracked(|photos| photos.iter().find(|one| one.sha256 == sha256).copied()) else {
            return;
        };
        let bytes = tablet.photo(sha256);
        let doing = album.with_value(|album| tablet.detach(album, sha256));
        open.set(false);
        spawn_local(async move {
            let bytes = bytes.await;
            let done = doing.await;
            // The page may be gone by now.
            let _ = adding.problem.try_set(done.as_ref().err().map(problems::act));
            let back = done.ok().and(bytes).map(|bytes| TakenPhoto { photo, bytes: bytes.into() });
            let _ = removed.try_set(back);
        });
    };
    let title = Signal::derive(move || {
        photos::numbered(looked_at.get().and_then(|sha256| number_of(there, sha256)).unwrap_or_default())
    });
    let refused = move || {
        let code = tablet.refused_photos().with(|refused| refused.get(&looked_at.get()?).cloned())?;
        Some(view! { <p class="told" data-tone="failed">{problems::refusal(&code)}</p> })
    };
    keep_focus(adding);
    let some = Memo::new(move |_| there.with(|photos| !photos.is_empty()));
    let count = move || {
        let count = there.with(Vec::len);
        (count > 0).then(|| photos::count(count, MAX_PHOTOS))
    };
    let unsaved = Memo::new(move |_| adding.on_the_way.with(|photos| photos.count() > 0));
    view! {
        <Show when=move || some.get() || unsaved.get() || !locked.get()>
            <section class="photos" aria-labelledby="photos-title" data-testid="photos">
                <header class="photos-head">
                    <h2 id="photos-title">{photos::title}</h2>
                    <p class="soft">{count}</p>
                </header>
                <ul class="photo-tiles">
                    {keyed(names, move |name| tile.with_value(|tile| tile(name)))}
                    <NotSaved adding=adding/>
                </ul>
                <Show when=move || !locked.get()>
                    <Removed tablet=tablet album=album removed=removed/>
                    <Add adding=adding there=there/>
                </Show>
            </section>
        </Show>
        <Dialog open=open id="photo-title" title=title class="photo-dialog">
            {live(move || {
                looked_at
                    .get()
                    .map(|sha256| view! { <Picture sha256=sha256 words=title missing=RwSignal::new(false)/> })
            })}
            {live(refused)}
            <Show when=move || !locked.get()>
                <div class="dialog-foot">
                    <button class="button" type="button" data-testid="photo-remove" on:click=touch(remove)>
                        <Icon name="clear"/>
                        {photos::remove}
                    </button>
                </div>
            </Show>
        </Dialog>
    }
}

/// Why a sheet can't be confirmed yet: photos of it are not in the store.
pub fn unsaved_photos(on_the_way: &OnTheWay) -> Option<&'static str> {
    match on_the_way {
        OnTheWay { unsaved, .. } if !unsaved.is_empty() => Some(photos::first_save()),
        OnTheWay { preparing: 1.., .. } => Some(photos::saving()),
        _ => None,
    }
}

/// With a photo that is saved at last, or let go, the button that had the focus goes away: it moves to the one that adds.
fn keep_focus(adding: Adding) {
    let unsaved = Memo::new(move |_| {
        adding.on_the_way.with(|photos| (photos.unsaved.len(), photos.unsaved.iter().any(|one| one.trying)))
    });
    let changed = move |now: &(usize, bool), before: Option<&(usize, bool)>, _: Option<()>| {
        let Some(before) = before else { return };
        let fewer = now.0 < before.0;
        let nowhere = document().active_element().is_none_or(|focused| focused.tag_name() == "BODY");
        let field = document().get_element_by_id("photo-file").and_then(|field| field.dyn_into::<HtmlElement>().ok());
        // Not where a photo was saved by itself, while its juror does something else.
        if let Some(field) = field.filter(|_| fewer && adding.touched.get_value() && nowhere) {
            field.focus().unwrap_or_default();
        }
        // What was touched is saved, let go of, or was tried in vain.
        let tried = before.1 && !now.1;
        if fewer || tried {
            adding.touched.set_value(false);
        }
    };
    Effect::watch(move || unsaved.get(), changed, true);
}

fn photos_of(tablet: Tablet, album: &Album) -> Memo<Vec<Photo>> {
    match album {
        Album::Sheet(key) => {
            let view = tablet.sheet(key);
            Memo::new(move |_| view.with(|view| view.sheet.photos()))
        }
        Album::Visit(key) => {
            let view = tablet.visit(key);
            Memo::new(move |_| view.with(|view| view.visit.photos()))
        }
    }
}

fn number_of(there: Memo<Vec<Photo>>, sha256: OpHash) -> Option<usize> {
    there.with(|photos| photos.iter().position(|photo| photo.sha256 == sha256)).map(|place| place + 1)
}
