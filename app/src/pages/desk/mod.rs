//! The organisers' desk.

mod feed;
pub mod live_totals;
mod order;
mod refusal;
pub mod shell;
pub mod start;
mod table;
