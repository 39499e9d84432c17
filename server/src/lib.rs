//! The server of Bình chọn CNNT: an API of plain JSON for tablets and desks, the shell that both start from, and the log of
//! operations that everything rests on.

pub mod acts;
pub mod attempts;
pub mod auth;
pub mod body;
pub mod catalogs;
pub mod clock;
pub mod db;
pub mod error;
pub mod evidence;
pub mod keys;
pub mod layers;
pub mod live;
pub mod passwords;
pub mod photos;
pub mod router;
pub mod routes;
pub mod sample;
pub mod serve;
pub mod settings;
pub mod shell;
pub mod state;
pub mod text;
pub mod visits;
pub mod writer;
