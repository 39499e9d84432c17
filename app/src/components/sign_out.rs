//! Signing out: at once where everything is sent and a network is there, else after a warning (S11): work still waits, or
//! nobody can sign in again before there is a network.

use crate::components::dialog::Dialog;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::tablet::{Link, Tablet, use_tablet};
use crate::text::common;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// In the context of the tablet's app.
#[derive(Clone, Copy)]
struct Leaving {
    /// Whether the warning is open.
    open: RwSignal<bool>,
    /// Whether the device could not write down that nobody is signed in.
    failed: RwSignal<bool>,
}

impl Leaving {
    fn ask(self) {
        self.failed.set(false);
        self.open.set(true);
    }

    /// The tablet's phase turns to signed out, and with it every page to the sign-in; where it doesn't, that is said.
    fn leave(self, tablet: Tablet) {
        self.open.set(false);
        spawn_local(async move {
            // Offline the session on the server lives on until it expires; on this device it ends in any case.
            if tablet.sign_out().await.is_err() {
                self.failed.set(true);
                self.open.set(true);
            }
        });
    }
}

/// Makes signing out possible below; once, at the root.
pub fn provide_sign_out() {
    provide_context(Leaving { open: RwSignal::new(false), failed: RwSignal::new(false) });
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
        if tablet.unsent().get_untracked() > 0 || tablet.link().get_untracked() != Link::Online {
            leaving.ask();
        } else {
            leaving.leave(tablet);
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
    let waits = Memo::new(move |_| tablet.unsent().get() > 0);
    let title = Signal::derive(move || match tablet.unsent().get() {
        0 => common::leave_offline_title().to_owned(),
        unsent => common::leave_title(unsent),
    });
    // Without a network there is nothing to send now.
    let can_send = Memo::new(move |_| waits.get() && tablet.link().get() == Link::Online);
    let stay = move |_| {
        leaving.open.set(false);
        if can_send.get_untracked() {
            tablet.sync_now();
        }
    };
    view! {
        <Dialog open=leaving.open id="leave-title" title=title>
            <div class="dialog-body">
                <div class="notice" data-tone="waiting">
                    <Icon name="warn"/>
                    <div>
                        <strong>{common::leave_words_strong}</strong>
                        " "
                        {move || (tablet.unsaved().get() > 0).then(common::leave_unsaved)}
                        " "
                        {move || waits.get().then(common::leave_words)}
                        " "
                        {move || (tablet.link().get() != Link::Online).then(common::leave_offline_words)}
                    </div>
                </div>
                {move || leaving.failed.get().then(|| view! {
                    <div class="notice" data-tone="official" role="alert">
                        <Icon name="warn"/>
                        <div>{common::leave_failed}</div>
                    </div>
                })}
            </div>
            <footer class="dialog-foot">
                <button
                    class="button"
                    type="button"
                    data-testid="sign-out-anyway"
                    on:click=touch(move |_| leaving.leave(tablet))
                >
                    {common::leave_anyway}
                </button>
                <button class="button primary" type="button" data-testid="sign-out-stay" on:click=touch(stay)>
                    {move || if can_send.get() { common::send_now() } else { common::stay() }}
                </button>
            </footer>
        </Dialog>
    }
}
