//! The juror's screens.

pub mod home;
pub mod marks;
mod photos;
pub mod product;
pub mod score_sheet;
mod sheet_facts;
pub mod sign_in;
pub mod signed_in;
pub mod stop_grid;
pub mod sync;
mod under_way;
pub mod visits;
pub mod work;
