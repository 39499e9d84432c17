//! The requests of sync. What an answer means is decided elsewhere: here they are only fetched.

use crate::net::{self, Body, Reply};
use domain::sync::chain::OpHash;
use domain::sync::wire::{AskPhotos, Push, RegisterReplica};
use std::future::Future;

/// A server to sync with.
pub trait Server {
    /// `POST /api/v1/replicas`.
    fn register(&self, register: &RegisterReplica) -> impl Future<Output = Option<Reply>>;
    /// `POST /api/v1/sync/push`.
    fn push(&self, push: &Push) -> impl Future<Output = Option<Reply>>;
    /// `GET /api/v1/sync/pull`.
    fn pull(&self, cursor: Option<&str>) -> impl Future<Output = Option<Reply>>;
    /// `POST /api/v1/photos/wanted`.
    fn ask_photos(&self, ask: &AskPhotos) -> impl Future<Output = Option<Reply>>;
    /// `PUT /api/v1/photos/{sha256}`.
    fn put_photo(&self, sha256: OpHash, bytes: Vec<u8>) -> impl Future<Output = Option<Reply>>;
}

/// The server that this page came from.
#[derive(Clone, Copy, Debug)]
pub struct Http;

impl Server for Http {
    async fn register(&self, register: &RegisterReplica) -> Option<Reply> {
        net::exchange("POST", "/api/v1/replicas", Body::json(register)).await
    }

    async fn push(&self, push: &Push) -> Option<Reply> {
        net::exchange("POST", "/api/v1/sync/push", Body::json(push)).await
    }

    async fn pull(&self, cursor: Option<&str>) -> Option<Reply> {
        let cursor = js_sys::encode_uri_component(cursor.unwrap_or_default());
        net::exchange("GET", &format!("/api/v1/sync/pull?cursor={cursor}"), Body::None).await
    }

    async fn ask_photos(&self, ask: &AskPhotos) -> Option<Reply> {
        net::exchange("POST", "/api/v1/photos/wanted", Body::json(ask)).await
    }

    async fn put_photo(&self, sha256: OpHash, bytes: Vec<u8>) -> Option<Reply> {
        net::exchange("PUT", &format!("/api/v1/photos/{sha256}"), Body::Jpeg(bytes)).await
    }
}
