//! The server from outside: every route on both engines, as tablets and desks use it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on has failed")]

mod access;
mod api_doc;
mod bad_photos;
mod commit;
mod desk;
mod edition;
mod events;
mod evidence;
mod full_disk;
mod garbage;
mod keys;
mod live;
mod migrations;
mod photos;
mod pictures;
mod program;
mod pull;
mod push;
mod round_desk;
mod sample;
mod session;
mod shell;
mod survival;
mod tablet;
mod totals;
mod visits;
mod world;
