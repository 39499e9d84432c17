//! An act on the sheet for which the juror gives a reason.

use super::marking::Marking;
use crate::components::reason_dialog::{ReasonDialog, ReasonWords};
use crate::tablet::ActProblem;
use crate::text::problems;
use domain::sheet::Act;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Asks for the reason, then does the act; the dialog stays open, saying why, if it was not done.
#[component]
pub fn ReasonedAct(
    /// The sheet in hand.
    marking: Marking,
    /// Whether it asks.
    open: RwSignal<bool>,
    /// An id in the page, unique, for its title.
    id: &'static str,
    /// Its title, of the product's code.
    title: fn(&str) -> String,
    /// What it says.
    words: ReasonWords,
    /// The act, of its reason.
    act: fn(String) -> Act,
) -> impl IntoView {
    let code = marking.task.with_value(|task| task.product.code.to_string());
    let problem = RwSignal::new(None::<ActProblem>);
    let on_reason = move |reason| {
        let doing = marking.act(act(reason));
        spawn_local(async move {
            match doing.await {
                Ok(()) => {
                    let _ = problem.try_set(None);
                    let _ = open.try_set(false);
                }
                Err(why) => {
                    let _ = problem.try_set(Some(why));
                }
            }
        });
    };
    view! {
        <ReasonDialog
            open=open
            id=id
            title=Signal::derive(move || title(&code))
            words=words
            problem=Signal::derive(move || problem.get().as_ref().map(problems::act))
            on_reason=on_reason
        />
    }
}
