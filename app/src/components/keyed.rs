//! A list whose rows stay while their order changes: one piece of code for all lists whose rows are told apart by a word.

use leptos::prelude::*;
use std::sync::Arc;

type Keys = Box<dyn Fn() -> Vec<String> + Send + Sync>;
type Row = Arc<dyn Fn(String) -> AnyView + Send + Sync>;

/// Each row is made once for its key, and moved afterwards.
pub fn keyed(
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    row: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    list(Box::new(keys), Arc::new(row))
}

fn list(keys: Keys, row: Row) -> AnyView {
    view! { <For each=keys key=String::clone children=move |key| row(key)/> }.into_any()
}
