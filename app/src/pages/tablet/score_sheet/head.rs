//! What never leaves the eye: the product, the total, whether the mark is safe.

use super::marking::Marking;
use crate::components::erased::Show;
use crate::components::icon::Icon;
use crate::components::state_line::StateLine;
use crate::pages::tablet::product::group_words;
use crate::text::sheet;
use domain::sheet::SheetState;
use leptos::prelude::*;

/// The sticky top.
#[component]
pub fn Head(
    /// The sheet in hand.
    marking: Marking,
) -> impl IntoView {
    let task = marking.task.get_value();
    let group = marking.tablet.catalogue().with_untracked(|known| group_words(known, &task.product));
    let total = Memo::new(move |_| marking.total(|_| true));
    let all = task.rubric.criteria.len();
    let max = task.rubric.max().to_vi();
    let takes_marks = Memo::new(move |_| marking.takes_marks());
    let count = move || match marking.adjusted() {
        _ if !takes_marks.get() => view! { {sheet::remarks_only_short} }.into_any(),
        Some((changed, of)) => sheet::changed_of(changed, of).into_any(),
        None => {
            let scored = all - marking.unscored().len() - marking.invalid().len();
            view! {
                <span class="wide-words">{sheet::scored_word}</span>
                {format!("{scored}/{all} ")}
                {sheet::criteria_word}
            }
            .into_any()
        }
    };
    view! {
        <div class="sheet-top">
            <header class="sheet-head">
                <a
                    class="icon-button"
                    href=format!("/products/{}", task.product.code)
                    aria-label=sheet::back_to_product
                >
                    <Icon name="back"/>
                </a>
                <div class="sheet-title">
                    <p class="sheet-kicker">
                        <span class="code">{task.product.code.to_string()}</span>
                        " "
                        <span class="soft">{group}</span>
                    </p>
                    <h1>{task.product.name}</h1>
                </div>
                <Show when=move || takes_marks.get()>
                    <p
                        class="sheet-total"
                        data-testid="sheet-total"
                        data-points=move || total.get().0.to_string()
                    >
                        <b>{move || total.get().to_vi()}</b>
                        <span class="of">{format!("/{max}")}</span>
                    </p>
                </Show>
                <p class="sheet-count" data-testid="sheet-count">
                    {count}
                </p>
            </header>
            <StateLine
                save=Signal::derive(move || marking.view.with(|view| view.save.clone()))
                server=Signal::derive(move || marking.view.with(|view| view.server.clone()))
                blank=Signal::derive(move || {
                    marking.judged.with(|judged| judged.state == SheetState::NotScored)
                })
                unsent=marking.tablet.unsent()
                link=marking.tablet.link()
            />
        </div>
    }
}
