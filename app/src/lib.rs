//! The screens, and the tablet behind them: its store, its sync worker, and the handle ([`tablet`]) through which pages
//! talk to both. Compiled for wasm32 only.

mod chance;
mod clock;
mod components;
pub mod net;
mod ordered;
mod pages;
mod panic;
mod picture;
mod router;
mod routes;
pub mod session;
pub mod store;
pub mod sync;
pub mod tablet;
mod text;

/// The jurors' app: starts it in the page's body.
pub fn tablet() {
    panic::install();
    leptos::mount::mount_to_body(routes::TabletApp);
}

/// The organisers' app: starts it in the page's body.
pub fn desk() {
    panic::install();
    leptos::mount::mount_to_body(routes::DeskApp);
}

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
