//! Another tablet has failed and left a rescue file: here it is taken in (S11).

use crate::components::icon::Icon;
use crate::tablet::{RescueProblem, Tablet, TakenIn};
use crate::text::{problems, sync};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

/// How far it is.
#[derive(Clone)]
enum Progress {
    Idle,
    Busy,
    Done(Result<TakenIn, RescueProblem>),
}

/// The card at the end of the page.
#[component]
pub(super) fn TakeIn(
    /// The tablet.
    tablet: Tablet,
) -> impl IntoView {
    let (field, progress) = (NodeRef::<html::Input>::new(), RwSignal::new(Progress::Idle));
    let take = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let Some(file) = field.files().and_then(|files| files.get(0)) else { return };
        progress.set(Progress::Busy);
        spawn_local(async move {
            // A file that can't be read is none of ours.
            let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
            let taken = tablet.take_in(text).await;
            // The page may be gone by now.
            let _ = progress.try_set(Progress::Done(taken));
            // The same file may be chosen once more.
            field.set_value("");
        });
    };
    let busy = move || progress.with(|progress| matches!(progress, Progress::Busy));
    let failed = move || {
        progress.with(|progress| match progress {
            Progress::Done(Ok(taken)) => taken.photos_left > 0,
            Progress::Done(Err(_)) => true,
            Progress::Idle | Progress::Busy => false,
        })
    };
    let said = move || match progress.get() {
        Progress::Idle => String::new(),
        Progress::Busy => sync::taking_in().to_owned(),
        Progress::Done(Ok(taken)) => sync::taken_in(&taken),
        Progress::Done(Err(problem)) => problems::rescue(&problem),
    };
    view! {
        <details class="card sync-round" data-testid="take-in">
            <summary>
                <b>{sync::take_in_title}</b>
            </summary>
            <p class="soft">{sync::take_in_words}</p>
            <label class="button file-button" aria-busy=move || busy().to_string()>
                <Icon name="send"/>
                {sync::take_in}
                <input
                    class="hidden-words"
                    type="file"
                    accept="application/json,.json"
                    data-testid="take-in-file"
                    node_ref=field
                    disabled=busy
                    on:change=take
                />
            </label>
            <p class="taken-in" role="status" data-failed=move || failed().then_some("") data-testid="taken-in">
                {said}
            </p>
        </details>
    }
}
