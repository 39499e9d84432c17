//! A photo that was just taken off, and the way back: its bytes are still on the tablet.

use crate::components::erased::{live, touch};
use crate::components::icon::Icon;
use crate::tablet::{Album, Tablet, TakenPhoto};
use crate::text::{photos, sheet};
use leptos::html;
use leptos::prelude::*;

/// Offered until it is taken, another one is taken off, or the page is left.
#[component]
pub(super) fn Removed(
    /// The tablet.
    tablet: Tablet,
    /// Whose photo it was.
    album: StoredValue<Album>,
    /// The photo.
    removed: RwSignal<Option<TakenPhoto>>,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    // The tile that was touched is gone, and the keyboard's place with it.
    Effect::new(move || {
        if let Some(button) = button.get() {
            // Without the focus the button is there all the same.
            button.focus().unwrap_or_default();
        }
    });
    let put_back = move |_| {
        if let Some(taken) = removed.try_update(Option::take).flatten() {
            album.with_value(|album| tablet.put_photo_back(album, taken));
        }
    };
    live(move || {
        removed.with(Option::is_some).then(|| {
            view! {
                <p class="photo-removed" role="status">
                    {photos::removed}
                    <button
                        class="button"
                        type="button"
                        node_ref=button
                        data-testid="photo-put-back"
                        on:click=touch(put_back)
                    >
                        <Icon name="undo"/>
                        {sheet::undo}
                    </button>
                </p>
            }
        })
    })
}
