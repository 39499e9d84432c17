//! Signing out: at once where everything is sent, after a warning where work still waits (S11).

use crate::components::dialog::Dialog;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::tablet::{Tablet, use_tablet};
use crate::text::common;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Whether the warning is open; in the context of the tablet's app.
#[derive(Clone, Copy)]
struct Leaving(RwSignal<bool>);

/// Makes signing out possible below; once, at the root.
pub fn provide_sign_out() {
    provide_context(Leaving(RwSignal::new(false)));
}

/// The way out.
#[component]
pub fn SignOutButton(
    /// Classes of the button; with `icon-button` it shows its symbol alone.
    class: &'static str,
    /// Whether it is the one that tests look for: one a page.
    #[prop(default = true)]
    marked: bool,
) -> impl IntoView {
    let (tablet, leaving) = (use_tablet(), expect_context::<Leaving>());
    let alone = class == "icon-button";
    let ask = move |_| {
        if tablet.unsent().get_untracked() > 0 {
            leaving.0.set(true);
        } else {
            leave(tablet);
        }
    };
    view! {
        <button
            class=class
            type="button"
            data-testid=marked.then_some("sign-out")
            aria-label=move || alone.then(common::sign_out)
            on:click=touch(ask)
        >
            <Icon name="leave"/>
            {(!alone).then_some(common::sign_out)}
        </button>
    }
}

/// The warning; once, at the root.
#[component]
pub fn SignOutDialog() -> impl IntoView {
    let (tablet, leaving) = (use_tablet(), expect_context::<Leaving>());
    let title = Signal::derive(move || common::leave_title(tablet.unsent().get()));
    view! {
        <Dialog open=leaving.0 id="leave-title" title=title>
            <div class="dialog-body">
                <div class="notice" data-tone="waiting">
                    <Icon name="warn"/>
                    <div>
                        <strong>{common::leave_words_strong}</strong>
                        " "
                        {common::leave_words}
                    </div>
                </div>
            </div>
            <footer class="dialog-foot">
                <button
                    class="button"
                    type="button"
                    data-testid="sign-out-anyway"
                    on:click=touch(move |_| {
                        leaving.0.set(false);
                        leave(tablet);
                    })
                >
                    {common::leave_anyway}
                </button>
                <button
                    class="button primary"
                    type="button"
                    on:click=touch(move |_| {
                        leaving.0.set(false);
                        tablet.sync_now();
                    })
                >
                    <Icon name="send"/>
                    {common::send_now}
                </button>
            </footer>
        </Dialog>
    }
}

/// The tablet's phase turns to signed out, and with it every page to the sign-in.
fn leave(tablet: Tablet) {
    spawn_local(async move {
        // Offline the session on the server lives on until it expires; on this device it ends in any case.
        tablet.sign_out().await.ok();
    });
}
