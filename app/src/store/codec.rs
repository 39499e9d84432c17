//! Every record passes here on its way in and out: bytes, and nothing asynchronous, because nothing may be awaited inside
//! a transaction but its own requests (S9). A vault that encrypts takes this place later and nobody else notices.

use super::SaveProblem;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The first byte says how the rest is written.
const JSON: u8 = 1;
/// The bytes of a photo as they are.
const RAW: u8 = 2;

/// A record's bytes.
pub fn encode<T: Serialize>(record: &T) -> Result<Vec<u8>, SaveProblem> {
    let mut bytes = vec![JSON];
    serde_json::to_writer(&mut bytes, record).map_err(|error| SaveProblem::Failed(error.to_string()))?;
    Ok(bytes)
}

/// Reads a record's bytes.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, SaveProblem> {
    match bytes {
        [JSON, json @ ..] => serde_json::from_slice(json).map_err(|_| SaveProblem::Unreadable),
        _ => Err(SaveProblem::Unreadable),
    }
}

/// The bytes of a photo.
pub fn encode_raw(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + raw.len());
    bytes.push(RAW);
    bytes.extend_from_slice(raw);
    bytes
}

/// Reads the bytes of a photo.
pub fn decode_raw(mut bytes: Vec<u8>) -> Result<Vec<u8>, SaveProblem> {
    if bytes.first() != Some(&RAW) {
        return Err(SaveProblem::Unreadable);
    }
    bytes.remove(0);
    Ok(bytes)
}
