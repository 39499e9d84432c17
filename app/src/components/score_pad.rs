//! The pad: the criterion at hand, what is typed for it, and the keys.

use crate::components::icon::Icon;
use crate::components::keypad::{Key, Keypad};
use crate::text::sheet;
use domain::rubric::Criterion;
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
    criterion: Criterion,
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
) -> impl IntoView {
    let Criterion { code, name, max, step, guide, .. } = criterion;
    let act = move |act: PadAct| move |_| on_act.run(act);
    view! {
        <section class="pad" aria-label=sheet::pad>
            <div class="pad-now">
                <h2 class="pad-name">
                    <span class="num">{code.to_string()}</span>
                    " "
                    {name}
                </h2>
                <div class="pad-tools">
                    <Guide text=guide/>
                    <button
                        class="icon-button pad-close"
                        type="button"
                        aria-label=sheet::hide_pad
                        on:click=act(PadAct::Hide)
                    >
                        <Icon name="down"/>
                    </button>
                </div>
                <p class="pad-limits">{move || sheet::limits(max, step)}</p>
                <p class="pad-value">
                    <output aria-live="polite" class:blank=move || shown.get().is_none()>
                        {move || shown.get()}
                    </output>
                    <span class="of">{format!("/{}", max.to_vi())}</span>
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
                    on:click=act(PadAct::Undo)
                >
                    <Icon name="undo"/>
                    {sheet::undo}
                </button>
                <button class="button" type="button" on:click=act(PadAct::Note)>
                    <Icon name="note"/>
                    {sheet::note}
                </button>
                <button
                    class="button"
                    type="button"
                    data-testid="key-clear"
                    on:click=act(PadAct::Clear)
                >
                    <Icon name="clear"/>
                    {sheet::clear}
                </button>
                <button
                    class="button"
                    type="button"
                    data-testid="key-done"
                    on:click=act(PadAct::Done)
                >
                    <Icon name="check"/>
                    {sheet::done}
                </button>
                <button class="button primary" type="button" on:click=act(PadAct::Next)>
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

/// The scoring guide, a touch away; one line for each range of points.
#[component]
fn Guide(text: String) -> impl IntoView {
    let lines = text.split(". ").map(|line| format!("{}.", line.trim_end_matches('.'))).collect::<Vec<_>>();
    view! {
        <details class="guide">
            <summary class="icon-button" aria-label=sheet::guide>
                <Icon name="guide"/>
                <span class="guide-word">{sheet::guide_short}</span>
            </summary>
            <div class="guide-body">
                <h3>{sheet::guide}</h3>
                {lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            </div>
        </details>
    }
}
