//! A list whose rows stay while their order changes: one piece of code for all lists whose rows are told apart by a word.

use leptos::prelude::*;
use std::collections::HashMap;
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

/// The same for rows that are more than their key. A row follows what changes in it by itself: it gets its item once.
pub fn each<T: Clone + Send + Sync + 'static>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> String,
    row: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let now = StoredValue::new(HashMap::new());
    let keys = move || {
        let items = items();
        let keys: Vec<_> = items.iter().map(key).collect();
        now.set_value(keys.iter().cloned().zip(items).collect());
        keys
    };
    keyed(keys, move |key| now.with_value(|items| items.get(&key).cloned()).map(&row).into_any())
}

fn list(keys: Keys, row: Row) -> AnyView {
    view! { <For each=keys key=String::clone children=move |key| row(key)/> }.into_any()
}
