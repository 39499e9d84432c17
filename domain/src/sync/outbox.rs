//! The tablet's side of a push as pure decisions: what to send next, and what an answer means (S11, S16, S17, S22).
//! Nothing here can drop work: settling says what the server has, never what to forget.

use crate::sync::chain::WireOp;
use crate::sync::receipt::PublicKey;
use crate::sync::wire::{OpStatus, Push, Pushed};
use crate::sync::{MAX_PUSH_BYTES, MAX_PUSH_OPS, PROTOCOL};
use serde::Deserialize;

/// Room for the push's own fields beside its operations.
const FRAME_BYTES: usize = 1_024;

/// How many of the waiting operations, from the first, go into one push: at least one, at most [`MAX_PUSH_OPS`] and
/// [`MAX_PUSH_BYTES`].
pub fn batch_len(waiting: &[WireOp]) -> usize {
    let mut bytes = FRAME_BYTES;
    let fits = waiting.iter().take(MAX_PUSH_OPS).take_while(|op| {
        // Escaping may double a text; hash and punctuation take about a hundred bytes.
        bytes += serde_json::to_string(&op.envelope).map_or(op.envelope.len() * 2, |text| text.len()) + 100;
        bytes <= MAX_PUSH_BYTES
    });
    fits.count().max(usize::from(!waiting.is_empty()))
}

/// What came back from the server, as the transport saw it.
#[derive(Clone, Debug)]
pub enum Answer<'a> {
    /// No answer at all: no network, server gone, time over.
    Nothing,
    /// Something answered.
    Http {
        /// Status code.
        status: u16,
        /// Whether it carried our protocol's marker.
        marked: bool,
        /// Body.
        body: &'a [u8],
    },
}

/// What to do about it. In every case but `Settled` all of the outbox stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Stored up to `acked_seq`, with a receipt that verifies.
    Settled(Box<Pushed>),
    /// The server misses earlier operations: send from here.
    ResendFrom(u64),
    /// The server has another history of this replica: take a new id and re-issue (S17).
    Forked,
    /// Sign in again; nothing is lost.
    SignedOut,
    /// The server refuses, with a code that the juror is told.
    Refused(String),
    /// The server is older or newer than this app.
    WrongVersion,
    /// Something that isn't our server answered: a hotel's log-in page, a proxy (S22).
    NotOurs,
    /// Try again later.
    Later,
}

#[derive(Deserialize)]
struct Coded {
    code: String,
    #[serde(default)]
    expected_seq: Option<u64>,
}

/// Reads the answer to a push. An ack is believed only if it is marked, whole, about this replica, reaches no further
/// than what was sent, and its receipt verifies against the pinned key.
pub fn read_answer(answer: &Answer<'_>, sent: &Push, key: &PublicKey) -> Outcome {
    let Answer::Http { status, marked, body } = *answer else {
        return Outcome::Later;
    };
    if !marked {
        return if status >= 500 { Outcome::Later } else { Outcome::NotOurs };
    }
    if status == 200 {
        return read_ack(body, sent, key);
    }
    let coded = serde_json::from_slice::<Coded>(body);
    match (status, coded) {
        (401, _) => Outcome::SignedOut,
        (429 | 500.., _) => Outcome::Later,
        (409, Ok(Coded { expected_seq: Some(seq), .. })) => Outcome::ResendFrom(seq),
        (409, Ok(Coded { code, .. })) if code == "fork" => Outcome::Forked,
        (_, Ok(Coded { code, .. })) if code == "unsupported_protocol" || code == "unsupported_schema" => {
            Outcome::WrongVersion
        }
        (_, Ok(Coded { code, .. })) => Outcome::Refused(code),
        (_, Err(_)) => Outcome::Later,
    }
}

fn read_ack(body: &[u8], sent: &Push, key: &PublicKey) -> Outcome {
    let Ok(pushed) = serde_json::from_slice::<Pushed>(body) else {
        return Outcome::Later;
    };
    let statement = &pushed.receipt.statement;
    let last_sent = sent.first_seq + sent.ops.len() as u64 - 1;
    let about_this = pushed.protocol == PROTOCOL
        && statement.replica == sent.replica
        && statement.acked_seq == pushed.acked_seq
        && statement.acked_hash == pushed.acked_hash;
    let hash_fits = match sent.ops.last() {
        Some(last) if pushed.acked_seq == last_sent => pushed.acked_hash == Some(last.hash),
        _ => pushed.acked_seq >= last_sent,
    };
    if about_this && hash_fits && pushed.receipt.verify(key).is_ok() {
        Outcome::Settled(Box::new(pushed))
    } else {
        Outcome::Refused("receipt_invalid".to_owned())
    }
}

/// The status of one operation in an ack: accepted unless listed.
pub fn status_in(statuses: &[OpStatus], seq: u64) -> crate::sync::wire::Status {
    let listed = statuses.iter().find(|status| status.seq == seq);
    listed.map_or(crate::sync::wire::Status::Accepted, |listed| listed.status.clone())
}

/// How long to wait before attempt number `attempt` (from 0) after failures, in milliseconds: doubling from 2 s to
/// 60 s, of which `jitter` (0..=1000, thousandths) takes up to half away, so that forty tablets don't come back at once (S12).
pub fn backoff_ms(attempt: u32, jitter: u32) -> u32 {
    let full = 2_000_u32.saturating_mul(1 << attempt.min(5)).min(60_000);
    full - full / 2 * jitter.min(1_000) / 1_000
}

#[cfg(test)]
mod tests;
