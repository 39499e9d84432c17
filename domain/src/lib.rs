//! The award's language and rules.
//!
//! Everything here is pure: no I/O, no async, no clock, no randomness and no floating point. The tablet (WebAssembly)
//! and the server run the very same functions, so a sheet can't look different on either side.

pub mod access;
pub mod api;
pub mod catalog;
pub mod edition;
pub mod ids;
pub mod jury;
pub mod log;
pub mod photo;
pub mod plan;
pub mod points;
pub mod registration;
pub mod round;
pub mod rubric;
#[cfg(feature = "sample")]
pub mod sample;
pub mod sheet;
pub mod sync;
pub mod tally;
pub mod visit;
