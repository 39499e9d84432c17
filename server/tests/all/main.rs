//! The server from outside: every route on both engines, as tablets and desks use it.

mod access;
mod api_doc;
mod garbage;
mod live;
mod migrations;
mod program;
mod pull;
mod push;
mod sample;
mod session;
mod shell;
mod tablet;
mod totals;
mod world;
