//! The photos of a sheet, or of a stop's record: to take, look at and remove. Each is saved on the tablet at once, with the
//! operation that names it (S8).

mod adding;
mod tile;

use crate::components::dialog::Dialog;
use crate::components::erased::{Show, live, touch};
use crate::components::icon::Icon;
use crate::components::keyed::keyed;
use crate::tablet::{ActProblem, SheetKey, Tablet, TakenPhoto, use_tablet};
use crate::text::{photos, problems};
use adding::{Add, Adding, Unsaved};
use domain::photo::{MAX_PHOTOS, Photo};
use domain::sheet::Act;
use domain::sync::chain::OpHash;
use domain::visit::{VisitAct, VisitKey};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;
use tile::{Picture, Tile};

type Doing = Pin<Box<dyn Future<Output = Result<(), ActProblem>>>>;

/// What the photos belong to.
#[derive(Clone, PartialEq)]
pub enum Album {
    /// A score sheet.
    Sheet(SheetKey),
    /// The record of a stop.
    Visit(VisitKey),
}

impl Album {
    fn photos(&self, tablet: Tablet) -> Memo<Vec<Photo>> {
        match self {
            Self::Sheet(key) => {
                let view = tablet.sheet(key);
                Memo::new(move |_| view.with(|view| view.sheet.photos()))
            }
            Self::Visit(key) => {
                let view = tablet.visit(key);
                Memo::new(move |_| view.with(|view| view.visit.photos()))
            }
        }
    }

    fn attach(&self, tablet: Tablet, taken: TakenPhoto) -> Doing {
        match self {
            Self::Sheet(key) => Box::pin(tablet.attach(key, taken)),
            Self::Visit(key) => Box::pin(tablet.attach_to_visit(key, taken)),
        }
    }

    fn detach(&self, tablet: Tablet, sha256: OpHash) -> Doing {
        match self {
            Self::Sheet(key) => Box::pin(tablet.act(key, Act::Detach(sha256))),
            Self::Visit(key) => Box::pin(tablet.act_on_visit(key, VisitAct::Detach(sha256))),
        }
    }
}

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
    let there = album.photos(tablet);
    let album = StoredValue::new(album);
    let adding = Adding::new(tablet, album);
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
        let doing = album.with_value(|album| album.detach(tablet, sha256));
        open.set(false);
        spawn_local(async move {
            // The page may be gone by now.
            let _ = adding.problem.try_set(doing.await.err().map(|problem| problems::act(&problem)));
        });
    };
    let title = Signal::derive(move || {
        photos::numbered(looked_at.get().and_then(|sha256| number_of(there, sha256)).unwrap_or_default())
    });
    let some = Memo::new(move |_| there.with(|photos| !photos.is_empty()));
    view! {
        <Show when=move || some.get() || !locked.get()>
            <section class="photos" aria-labelledby="photos-title" data-testid="photos">
                <header class="photos-head">
                    <h2 id="photos-title">{photos::title}</h2>
                    <p class="soft">{move || some.get().then(|| photos::count(there.with(Vec::len), MAX_PHOTOS))}</p>
                </header>
                <ul class="photo-tiles">
                    {keyed(names, move |name| tile.with_value(|tile| tile(name)))}
                    <Unsaved adding=adding/>
                </ul>
                <Show when=move || !locked.get()>
                    <Add adding=adding there=there/>
                </Show>
            </section>
        </Show>
        <Dialog open=open id="photo-title" title=title class="photo-dialog">
            {live(move || looked_at.get().map(|sha256| view! { <Picture sha256=sha256 words=title/> }))}
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

fn number_of(there: Memo<Vec<Photo>>, sha256: OpHash) -> Option<usize> {
    there.with(|photos| photos.iter().position(|photo| photo.sha256 == sha256)).map(|place| place + 1)
}
