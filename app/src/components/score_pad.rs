//! The pad: the criterion at hand, what is typed for it, and the keys.

use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::components::keypad::{Key, Keypad};
use crate::text::sheet;
use domain::rubric::Criterion;
use leptos::html;
use leptos::prelude::*;

/// What the juror does on the pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PadAct {
    /// A key.
    Key(Key),
    /// Takes the mark away.
    Clear,
    /// Xong.
    Done,
    /// Tiếp.
    Next,
    /// Back to what it was.
    Undo,
    /// Into the note.
    Note,
    /// Ẩn bàn phím.
    Hide,
}

/// The pad of one criterion.
#[component]
pub fn ScorePad(
    /// Which.
    #[prop(into)]
    criterion: Signal<Option<Criterion>>,
    /// As it stands on the display; none when nothing is typed or given.
    #[prop(into)]
    shown: Signal<Option<String>>,
    /// Why what is typed is no mark.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// Whether there is something to take back.
    #[prop(into)]
    can_undo: Signal<bool>,
    /// Name of the criterion that Tiếp leads to; none if this is the last one.
    #[prop(into)]
    next: Signal<Option<String>>,
    /// Told of everything done here.
    #[prop(into)]
    on_act: Callback<PadAct>,
    /// What stands over it.
    #[prop(optional, into)]
    lead: ViewFn,
    /// Whether there is a note to write.
    #[prop(default = true)]
    notes: bool,
) -> impl IntoView {
    let of = move |read: fn(&Criterion) -> String| criterion.with(|criterion| criterion.as_ref().map(read));
    let act = move |act: PadAct| move |_| on_act.run(act);
    view! {
        <section class="pad" aria-label=sheet::pad>
            {lead.run()}
            <div class="pad-now">
                <h2 class="pad-name">
                    <span class="num">{move || of(|criterion| criterion.code.to_string())}</span>
                    " "
                    {move || of(|criterion| criterion.name.clone())}
                </h2>
                <div class="pad-tools">
                    <Guide criterion=criterion/>
                    <button
                        class="icon-button pad-close"
                        type="button"
                        aria-label=sheet::hide_pad
                        on:click=touch(act(PadAct::Hide))
                    >
                        <Icon name="down"/>
                    </button>
                </div>
                <p class="pad-limits">{move || of(|criterion| sheet::limits(criterion.max, criterion.step))}</p>
                <p class="pad-value">
                    <output aria-live="polite" class:blank=move || shown.get().is_none()>
                        {move || shown.get()}
                    </output>
                    <span class="of">{move || of(|criterion| format!("/{}", criterion.max.to_vi()))}</span>
                </p>
                {move || {
                    problem
                        .get()
                        .map(|problem| {
                            view! {
                                <p class="pad-error" role="alert" data-testid="error-message">
                                    <Icon name="warn"/>
                                    <span>{problem}</span>
                                </p>
                            }
                        })
                }}
            </div>
            <div class="pad-acts">
                <button
                    class="button"
                    type="button"
                    disabled=move || !can_undo.get()
                    on:click=touch(act(PadAct::Undo))
                >
                    <Icon name="undo"/>
                    {sheet::undo}
                </button>
                {notes
                    .then(|| {
                        view! {
                            <button class="button pad-note" type="button" on:click=touch(act(PadAct::Note))>
                                <Icon name="note"/>
                                {sheet::note}
                            </button>
                        }
                    })}
                <button
                    class="button"
                    type="button"
                    data-testid="key-clear"
                    on:click=touch(act(PadAct::Clear))
                >
                    <Icon name="clear"/>
                    {sheet::clear}
                </button>
                <button
                    class="button"
                    type="button"
                    data-testid="key-done"
                    on:click=touch(act(PadAct::Done))
                >
                    <Icon name="check"/>
                    {sheet::done}
                </button>
                <button class="button primary" type="button" on:click=touch(act(PadAct::Next))>
                    <span>
                        {sheet::next}
                        <span class="pad-next-name">
                            {move || next.get().map(|name| format!(": {name}"))}
                        </span>
                    </span>
                    <Icon name="next"/>
                </button>
            </div>
            <Keypad on_key=move |key| on_act.run(PadAct::Key(key))/>
        </section>
    }
}

/// The scoring guide, a touch away; one line for each range of points. It closes with its criterion.
#[component]
fn Guide(criterion: Signal<Option<Criterion>>) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let text =
        Memo::new(move |_| criterion.with(|criterion| criterion.as_ref().map(|criterion| criterion.guide.clone())));
    Effect::new(move || {
        text.track();
        if let Some(details) = node.get() {
            details.set_open(false);
        }
    });
    let lines = move || {
        let text = text.get().unwrap_or_default();
        let line = |line: &str| format!("{}.", line.trim_end_matches('.'));
        text.split(". ").map(|text| view! { <p>{line(text)}</p> }).collect_view()
    };
    view! {
        <details class="guide" node_ref=node>
            <summary class="icon-button" aria-label=sheet::guide>
                <Icon name="guide"/>
                <span class="guide-word">{sheet::guide_short}</span>
            </summary>
            <div class="guide-body">
                <h3>{sheet::guide}</h3>
                {lines}
            </div>
        </details>
    }
}
