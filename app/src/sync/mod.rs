//! Sync on the tablet: `client` says the requests, `turn` is one conversation with the server, `worker` says when, and
//! `lock` and `tabs` keep several tabs of one browser from getting in each other's way (S12).

mod client;
mod lock;
pub mod tabs;
mod turn;
mod worker;

pub use client::{Http, Server};
pub use turn::{News, Turn};
pub use worker::{Host, Want, Worker};
