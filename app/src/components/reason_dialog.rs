//! Asks for a reason before something that needs one: reopening, recusing.

use crate::components::dialog::Dialog;
use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::text::{Sentence, common};
use domain::sheet::MAX_TEXT_CHARS;
use leptos::prelude::*;

/// What the dialog says.
#[derive(Clone, Copy)]
pub struct ReasonWords {
    /// What it will do.
    pub explain: Sentence,
    /// Over the field.
    pub label: Sentence,
    /// After an empty try; none where a reason may be left out.
    pub missing: Option<Sentence>,
    /// On the button.
    pub act: Sentence,
    /// The button's symbol.
    pub icon: &'static str,
}

/// The dialog. It stays open, with `problem`, until its owner closes it.
#[component]
pub fn ReasonDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// An id in the page, unique.
    id: &'static str,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// What it says.
    words: ReasonWords,
    /// Why it could not be done.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What must be known besides, as of now.
    #[prop(optional, into)]
    note: Signal<String>,
    /// Told the reason.
    #[prop(into)]
    on_reason: Callback<String>,
) -> impl IntoView {
    view! {
        <Dialog open=open id=id title=title>
            {move || {
                let note = note.get();
                (!note.is_empty())
                    .then(|| {
                        view! {
                            <p class="notice dialog-note" data-tone="waiting" data-testid="dialog-note">
                                {note}
                            </p>
                        }
                    })
            }}
            <ReasonForm open=open words=words problem=problem on_reason=on_reason/>
        </Dialog>
    }
}

#[component]
fn ReasonForm(
    open: RwSignal<bool>,
    words: ReasonWords,
    problem: Signal<Option<String>>,
    on_reason: Callback<String>,
) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let error = move || {
        let empty = tried.get() && reason.with(|reason| reason.trim().is_empty());
        words.missing.filter(|_| empty).map(|missing| missing().to_owned()).or_else(|| problem.get())
    };
    let submit = move || {
        tried.set(true);
        let reason = reason.get_untracked().trim().to_owned();
        if !reason.is_empty() || words.missing.is_none() {
            on_reason.run(reason);
        }
    };
    view! {
        <div class="dialog-body">
            <p>{words.explain}</p>
            <div class="field">
                <label for="reason">{words.label}</label>
                <textarea
                    class="input"
                    id="reason"
                    maxlength=MAX_TEXT_CHARS.to_string()
                    required=words.missing.is_some()
                    aria-describedby="reason-error"
                    aria-invalid=move || error().is_some().then_some("true")
                    on:input:target=move |event| reason.set(event.target().value())
                ></textarea>
                {move || {
                    error()
                        .map(|error| {
                            view! {
                                <p class="error" id="reason-error" role="alert" data-testid="error-message">
                                    <Icon name="warn"/>
                                    <span>{error}</span>
                                </p>
                            }
                        })
                }}
            </div>
        </div>
        <footer class="dialog-foot">
            <button class="button" type="button" on:click=touch(move |_| open.set(false))>
                {common::back}
            </button>
            <button class="button primary" type="button" on:click=touch(move |_| submit())>
                <Icon name=words.icon/>
                {words.act}
            </button>
        </footer>
    }
}
