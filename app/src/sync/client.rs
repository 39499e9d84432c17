//! The four requests of sync. What an answer means is decided elsewhere: here they are only fetched.

use crate::net::{self, Reply};
use domain::sync::wire::{Push, RegisterReplica};
use std::future::Future;

/// A server to sync with.
pub trait Server {
    /// `POST /api/v1/replicas`.
    fn register(&self, register: &RegisterReplica) -> impl Future<Output = Option<Reply>>;
    /// `POST /api/v1/sync/push`.
    fn push(&self, push: &Push) -> impl Future<Output = Option<Reply>>;
    /// `GET /api/v1/sync/pull`.
    fn pull(&self, cursor: Option<&str>) -> impl Future<Output = Option<Reply>>;
}

/// The server that this page came from.
#[derive(Clone, Copy, Debug)]
pub struct Http;

impl Server for Http {
    async fn register(&self, register: &RegisterReplica) -> Option<Reply> {
        net::exchange("POST", "/api/v1/replicas", Some(net::encode(register))).await
    }

    async fn push(&self, push: &Push) -> Option<Reply> {
        net::exchange("POST", "/api/v1/sync/push", Some(net::encode(push))).await
    }

    async fn pull(&self, cursor: Option<&str>) -> Option<Reply> {
        let cursor = js_sys::encode_uri_component(cursor.unwrap_or_default());
        net::exchange("GET", &format!("/api/v1/sync/pull?cursor={cursor}"), None).await
    }
}
