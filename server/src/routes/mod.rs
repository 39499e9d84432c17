//! One file a resource: parse, ask `domain`, ask `db`, answer.

pub mod health;
pub mod photos;
pub mod plan;
pub mod presence;
pub mod replicas;
pub mod results;
pub mod round_desk;
pub mod session;
pub mod sync;
pub mod tablets;
pub mod totals;
