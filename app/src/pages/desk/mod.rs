//! The organisers' desk.

mod feed;
mod groups;
pub mod live_totals;
mod loaded;
mod order;
pub mod plan;
pub mod presence;
mod refusal;
pub mod results;
pub mod round_life;
pub mod shell;
pub mod start;
mod table;
pub mod tablets;
