//! Pages that need no sign-in.

pub mod not_found;
