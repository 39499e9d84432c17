//! Reads a request's body: bounded before and after decompression, strict about fields, and never more than one refusal
//! away from the caller: what is too large is read off and thrown away, so that the answer gets through.

use crate::error::{ApiError, ApiResult};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use std::io::Read;

/// Bytes of an ordinary request's body.
pub const ORDINARY: usize = 64 * 1024;
/// What a caller may send in vain before the connection is cut.
const PATIENCE: usize = 16 * 1024 * 1024;

/// A request's body of at most `LIMIT` bytes, decoded.
pub struct Body<T, const LIMIT: usize = ORDINARY>(pub T);

impl<T: DeserializeOwned, S: Send + Sync, const LIMIT: usize> FromRequest<S> for Body<T, LIMIT> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> ApiResult<Self> {
        let encoding = Encoding::of(request.headers(), "application/json");
        let bytes = read(request.into_body(), LIMIT).await?;
        let bytes = match encoding? {
            Encoding::Plain => bytes,
            Encoding::Gzip => unpack(&bytes, LIMIT)?,
        };
        serde_json::from_slice(&bytes).map(Self).map_err(|error| ApiError::from(&error))
    }
}

/// A request's body that says that it is a JPEG, of at most `LIMIT` bytes, as it is.
pub struct Jpeg<const LIMIT: usize>(pub Vec<u8>);

impl<S: Send + Sync, const LIMIT: usize> FromRequest<S> for Jpeg<LIMIT> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> ApiResult<Self> {
        let encoding = Encoding::of(request.headers(), "image/jpeg");
        let bytes = read(request.into_body(), LIMIT).await?;
        match encoding? {
            Encoding::Plain => Ok(Self(bytes)),
            Encoding::Gzip => Err(ApiError::UnsupportedMediaType),
        }
    }
}

/// Reads a body off and keeps nothing of it, so that whoever sends all of it before they listen hears an early answer: over
/// HTTP/1.1 a connection is cut on which something was left unread.
pub async fn throw_away(body: axum::body::Body) {
    drop(read(body, 0).await);
}

enum Encoding {
    Plain,
    Gzip,
}

impl Encoding {
    fn of(headers: &HeaderMap, expected: &str) -> ApiResult<Self> {
        let text = |name| headers.get(name).map_or(Ok(""), |value| value.to_str().map(str::trim));
        let media_type = text(header::CONTENT_TYPE).map_err(|_| ApiError::UnsupportedMediaType)?;
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case(expected) {
            return Err(ApiError::UnsupportedMediaType);
        }
        match text(header::CONTENT_ENCODING).map_err(|_| ApiError::UnsupportedMediaType)? {
            "" | "identity" => Ok(Self::Plain),
            "gzip" => Ok(Self::Gzip),
            _ => Err(ApiError::UnsupportedMediaType),
        }
    }
}

async fn read(mut body: axum::body::Body, limit: usize) -> ApiResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::BodyCutOff)?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > PATIENCE {
            break;
        }
        if seen <= limit {
            bytes.extend_from_slice(&data);
        }
    }
    if seen > limit { Err(ApiError::BodyTooLarge) } else { Ok(bytes) }
}

/// A few kilobytes can unpack to gigabytes: unpacking stops at the limit.
fn unpack(packed: &[u8], limit: usize) -> ApiResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut decoder = GzDecoder::new(packed).take(limit as u64 + 1);
    decoder.read_to_end(&mut bytes).map_err(|_| ApiError::MalformedJson { line: 0, column: 0 })?;
    if bytes.len() > limit { Err(ApiError::BodyTooLarge) } else { Ok(bytes) }
}
