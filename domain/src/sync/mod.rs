//! Sync: what is said between tablet and server, and what each side decides on hearing it. Deciding is pure and lives
//! here; carrying out (IndexedDB, HTTP, SQL) lives in `app` and `server`. The rules are those of `docs/SYNC.md`.

pub mod body;
pub mod chain;
pub mod inbox;
pub mod outbox;
pub mod receipt;
pub mod replica;
pub mod rescue;
pub mod turn;
pub mod wire;

/// The version of the protocol, said in every push and pull (S21, S22).
pub const PROTOCOL: u32 = 1;
/// The newest version of an operation's envelope and body. A kind that an earlier server can't know raises it: stored there,
/// it would be an unknown one for ever. 2: `attach`, `detach`.
pub const SCHEMA: u32 = 2;
/// Operations in one push at most (S16).
pub const MAX_PUSH_OPS: usize = 200;
/// Bytes of one push at most, decoded (S16).
pub const MAX_PUSH_BYTES: usize = 256 * 1024;
/// Photos asked about at once at most.
pub const MAX_ASKED_PHOTOS: usize = 200;
/// The header that marks a change request and every answer as ours (S22); its value is `1`.
pub const MARKER_HEADER: &str = "x-binhchon";
