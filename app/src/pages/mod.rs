//! One screen a file.

pub mod desk;
pub mod public;
pub mod tablet;
