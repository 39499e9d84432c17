//! binhchon.
fn main() {}
