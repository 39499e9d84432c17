//! The juror's screens.

pub mod home;
pub mod product;
pub mod score_sheet;
mod sheet_facts;
pub mod sign_in;
pub mod signed_in;
pub mod sync;
pub mod work;
