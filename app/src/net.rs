//! Asks the server, and tells our own answers from everybody else's (S22).

use crate::session::Problem;
use domain::api::ErrorBody;
use domain::sync::MARKER_HEADER;
pub use domain::sync::turn::Reply;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCache, RequestInit, RequestRedirect, Response};

/// After this long without a whole answer, hotel Wi-Fi counts as no network.
const TIMEOUT_MS: u32 = 30_000;
/// What goes out has its own time besides: a line of 64 kbit/s carries so much in a millisecond. Else a large push would be
/// cut off at every try, and nothing after it would ever leave.
const BYTES_PER_MS: u32 = 8;

/// What goes with a request.
pub enum Body {
    /// Nothing.
    None,
    /// A message of ours.
    Json(String),
    /// A photo.
    Jpeg(Vec<u8>),
}

impl Body {
    /// A message of ours.
    pub fn json<B: Serialize>(body: &B) -> Self {
        Self::Json(encode(body))
    }
}

/// `GET`.
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Problem> {
    read(exchange("GET", path, Body::None).await)
}

/// `POST` of a JSON body.
pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, Problem> {
    read(exchange("POST", path, Body::json(body)).await)
}

/// `DELETE`; the answer's body doesn't matter.
pub async fn delete(path: &str) -> Result<(), Problem> {
    accept(exchange("DELETE", path, Body::None).await).map(drop)
}

/// JSON text of a message of ours.
pub fn encode<B: Serialize>(body: &B) -> String {
    // Messages are structs of strings, integers and lists: serde_json has no error for them.
    serde_json::to_string(body).unwrap_or_default()
}

/// One request and its whole answer; none without an answer.
pub async fn exchange(method: &str, path: &str, body: Body) -> Option<Reply> {
    try_exchange(method, path, body).await.ok()
}

async fn try_exchange(method: &str, path: &str, body: Body) -> Result<Reply, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    if method != "GET" {
        headers.set(MARKER_HEADER, "1")?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    init.set_cache(RequestCache::NoStore);
    // A log-in page that we were sent to is somebody else's answer: don't follow, and don't mistake it for ours.
    init.set_redirect(RequestRedirect::Manual);
    let (form, body, bytes) = match body {
        Body::None => (None, JsValue::UNDEFINED, 0),
        Body::Json(text) => (Some("application/json"), JsValue::from_str(&text), text.len()),
        Body::Jpeg(bytes) => (Some("image/jpeg"), js_sys::Uint8Array::from(bytes.as_slice()).into(), bytes.len()),
    };
    init.set_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT_MS + bytes as u32 / BYTES_PER_MS)));
    if let Some(form) = form {
        headers.set("content-type", form)?;
        init.set_body(&body);
    }
    init.set_headers(&headers);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(path, &init)).await?.dyn_into()?;
    let bytes = JsFuture::from(response.array_buffer()?).await?;
    Ok(Reply {
        status: response.status(),
        marked: response.headers().get(MARKER_HEADER)?.as_deref() == Some("1"),
        body: js_sys::Uint8Array::new(&bytes).to_vec(),
    })
}

fn read<T: DeserializeOwned>(reply: Option<Reply>) -> Result<T, Problem> {
    serde_json::from_slice(&accept(reply)?.body).map_err(|_| Problem::WrongVersion)
}

/// Only a success of our own server passes.
pub fn accept(reply: Option<Reply>) -> Result<Reply, Problem> {
    let reply = reply.ok_or(Problem::NoNetwork)?;
    match reply.status {
        500.. if !reply.marked => Err(Problem::NoNetwork),
        _ if !reply.marked => Err(Problem::CaptivePortal),
        200..300 => Ok(reply),
        _ => {
            let body = serde_json::from_slice::<ErrorBody>(&reply.body);
            Err(body.map_or(Problem::WrongVersion, |body| Problem::Refused(body.code)))
        }
    }
}
