//! The screens, and the tablet behind them: its store, its sync worker, and the handle ([`tablet`]) through which pages
//! talk to both. Compiled for wasm32 only.

mod chance;
mod clock;
pub mod net;
pub mod session;
pub mod store;
pub mod tablet;
