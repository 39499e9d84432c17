//! One file a resource: parse, ask `domain`, ask `db`, answer.

pub mod health;
pub mod replicas;
pub mod session;
pub mod sync;
pub mod totals;
