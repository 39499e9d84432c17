//! One viewer's stream of server-sent events: it ends when the viewer signs out, when the server stops, and when the log
//! becomes another one.

use super::Watching;
use crate::auth::TokenHash;
use crate::db::DbResult;
use crate::state::App;
use axum::body::Body;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::access::{Request, may, may_see_totals};
use domain::ids::RoundCode;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::Interval;

/// A comment keeps proxies from closing a quiet stream; the session is looked at again then.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Browsers come back after a second.
const OPENING: &[u8] = b"retry: 1000\n\n";
const COMMENT: &[u8] = b":\n\n";
const NO_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Someone who watches a round.
struct Viewer {
    app: App,
    token: TokenHash,
    round: RoundCode,
    opened: bool,
    first: Option<Bytes>,
    events: Receiver<Bytes>,
    ended: Receiver<TokenHash>,
    keep_alive: Interval,
}

/// The answer that goes on until it ends.
pub fn answer(app: App, token: TokenHash, round: RoundCode, watching: Watching) -> Response {
    let Watching { first, events } = watching;
    let ended = app.ended.subscribe();
    let mut keep_alive = tokio::time::interval(KEEP_ALIVE);
    keep_alive.reset();
    let viewer = Viewer { app, token, round, opened: false, first, events, ended, keep_alive };
    let stream = futures_util::stream::unfold(viewer, |mut viewer| async {
        let bytes = viewer.next().await?;
        Some((Ok::<_, Infallible>(bytes), viewer))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (NO_BUFFERING, "no")];
    (headers, Body::from_stream(stream)).into_response()
}

impl Viewer {
    async fn next(&mut self) -> Option<Bytes> {
        if !self.opened {
            self.opened = true;
            return Some(Bytes::from_static(OPENING));
        }
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            tokio::select! {
                biased;
                () = self.app.stopping.cancelled() => return None,
                ended = self.ended.recv() => match ended {
                    Ok(token) if token == self.token => return None,
                    Ok(_) => {}
                    Err(_) if !self.may_go_on().await => return None,
                    Err(_) => {}
                },
                event = self.events.recv() => match event {
                    Ok(event) => return Some(event),
                    Err(RecvError::Lagged(_)) => return self.start_over().await,
                    Err(RecvError::Closed) => return None,
                },
                _ = self.keep_alive.tick() => {
                    return if self.may_go_on().await { Some(Bytes::from_static(COMMENT)) } else { None };
                }
            }
        }
    }

    /// Too slow to be sent every change: the whole page, and on from there.
    async fn start_over(&mut self) -> Option<Bytes> {
        let watching = self.app.live.watch(&self.round, None).await;
        let Watching { first, events } = logged(watching)??;
        self.events = events;
        first
    }

    /// Signed in still, perhaps ended by another process, and still with the right.
    async fn may_go_on(&self) -> bool {
        let session = logged(self.app.session(&self.token).await).flatten();
        let catalog = logged(self.app.live.catalog().await).flatten();
        session.zip(catalog).is_some_and(|(session, catalog)| {
            may(session.actor, Request::ReadTotals) && may_see_totals(&catalog, &self.round, session.actor.user)
        })
    }
}

fn logged<T>(result: DbResult<T>) -> Option<T> {
    result.inspect_err(|error| tracing::error!(%error, "a live stream ends")).ok()
}
