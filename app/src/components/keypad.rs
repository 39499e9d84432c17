//! The twelve keys, always in the same places.

use crate::components::erased::touch;
use crate::components::icon::Icon;
use crate::text::sheet;
use leptos::prelude::*;

/// What a key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// 0 to 9.
    Digit(u8),
    /// The decimal comma.
    Comma,
    /// Takes the last character back.
    Backspace,
}

/// The keys.
#[component]
pub fn Keypad(
    /// Told of every touch.
    #[prop(into)]
    on_key: Callback<Key>,
) -> impl IntoView {
    let digit = move |digit: u8| {
        view! {
            <button
                class="key"
                type="button"
                data-testid=format!("key-{digit}")
                on:click=touch(move |_| on_key.run(Key::Digit(digit)))
            >
                {digit}
            </button>
        }
    };
    view! {
        <div class="pad-keys" role="group" aria-label=sheet::keys>
            {(1..=9).map(digit).collect_view()}
            <button
                class="key"
                type="button"
                data-testid="key-comma"
                aria-label=sheet::comma
                on:click=touch(move |_| on_key.run(Key::Comma))
            >
                ","
            </button>
            {digit(0)}
            <button
                class="key soft-key"
                type="button"
                data-testid="key-backspace"
                aria-label=sheet::backspace
                on:click=touch(move |_| on_key.run(Key::Backspace))
            >
                <Icon name="backspace"/>
            </button>
        </div>
    }
}
