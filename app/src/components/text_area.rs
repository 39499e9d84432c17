//! A text that is saved while it is typed: a draft at every key, an act on leaving (S6).

use domain::sheet::MAX_TEXT_CHARS;
use leptos::html;
use leptos::prelude::*;

/// A growing text field. While it has the focus, only the person writes into it.
#[component]
pub fn TextArea(
    /// What stands in it when nobody is typing.
    #[prop(into)]
    text: Signal<String>,
    /// At every key.
    #[prop(into)]
    on_draft: Callback<String>,
    /// On leaving it.
    #[prop(into)]
    on_leave: Callback<()>,
    /// On entering it.
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// Its `id`, for a label elsewhere.
    #[prop(optional)]
    id: Option<&'static str>,
    /// Its `data-testid`.
    #[prop(into)]
    testid: String,
    /// Rows when empty.
    #[prop(default = 2)]
    rows: u32,
    /// Grey words while it is empty.
    #[prop(into)]
    hint: Signal<String>,
    /// The field itself, for whoever wants to focus it.
    #[prop(optional)]
    node: NodeRef<html::Textarea>,
) -> impl IntoView {
    // What was last put into it: as long as that stands there, nobody has typed since.
    let shown = StoredValue::new(String::new());
    Effect::new(move || {
        let (Some(field), text) = (node.get(), text.get()) else {
            return;
        };
        let focused = document().active_element().as_ref() == Some(field.as_ref());
        let untouched = shown.with_value(|shown| field.value() == *shown);
        if field.value() != text && (!focused || untouched) {
            field.set_value(&text);
        }
        if field.value() == text {
            shown.set_value(text);
        }
    });
    view! {
        <textarea
            class="input"
            id=id
            rows=rows
            maxlength=MAX_TEXT_CHARS.to_string()
            placeholder=move || hint.get()
            data-testid=testid
            node_ref=node
            on:input:target=move |event| on_draft.run(event.target().value())
            on:blur=move |_| on_leave.run(())
            on:focus=move |_| {
                if let Some(on_enter) = on_enter {
                    on_enter.run(());
                }
            }
        ></textarea>
    }
}
