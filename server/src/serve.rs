//! Listens, serves, and stops in order: open streams end, running requests finish, the database is closed.

use crate::router::router;
use crate::settings::Reach;
use crate::state::App;
use anyhow::{Context, Result, anyhow};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::TokioExecutor;
use hyper_util::server::conn::auto::Builder;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// A client has this long to send a request's headers.
const HEADERS: Duration = Duration::from_secs(15);
/// Requests that still run when the server stops have this long to finish.
const GRACE: Duration = Duration::from_secs(10);

/// Takes the address, before anything is opened that would have to be closed again.
pub fn listen(addr: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(addr).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!("{addr} is taken by another program: choose another with --addr"),
        _ => anyhow!("{addr} can't be listened on: {error}"),
    })
}

/// Serves until it is told to stop.
pub async fn serve(app: App, listener: TcpListener) -> Result<()> {
    let addr = listener.local_addr()?;
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(app.clone(), handle.clone()));
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let served = match &app.settings.reach {
        Reach::Tls(cert, key) => {
            // The default provider is process-wide; a second call finds it set, which is as good.
            drop(rustls::crypto::ring::default_provider().install_default());
            let config = RustlsConfig::from_pem_file(cert, key).await.context("--tls-cert and --tls-key")?;
            tracing::info!(%addr, "serving HTTPS");
            let mut server = axum_server::from_tcp_rustls(listener, config)?.handle(handle);
            patience(server.http_builder());
            server.serve(service).await
        }
        Reach::Loopback | Reach::Proxy { .. } => {
            tracing::info!(%addr, "serving");
            let mut server = axum_server::from_tcp(listener)?.handle(handle);
            patience(server.http_builder());
            server.serve(service).await
        }
    };
    app.stop().await;
    tracing::info!("stopped");
    Ok(served?)
}

fn patience(builder: &mut Builder<TokioExecutor>) {
    builder.http1().header_read_timeout(HEADERS);
}

async fn stop_on_signal(app: App, handle: Handle<SocketAddr>) {
    signal().await;
    tracing::info!("stopping");
    app.stopping.cancel();
    handle.graceful_shutdown(Some(GRACE));
}

async fn signal() {
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await;
}
