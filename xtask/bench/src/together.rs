//! Many clients that begin at the same moment.

use anyhow::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::time::Instant;

/// Runs `work` of every client at once; gives the time until the last has ended, and what each gave.
pub async fn together<C, T, F>(clients: Vec<C>, work: impl Fn(C) -> F) -> Result<(Duration, Vec<T>)>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(clients.len() + 1));
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|client| {
            let (barrier, work) = (Arc::clone(&barrier), work(client));
            tokio::spawn(async move {
                barrier.wait().await;
                work.await
            })
        })
        .collect();
    barrier.wait().await;
    let start = Instant::now();
    let mut given = Vec::with_capacity(tasks.len());
    for task in tasks {
        given.push(task.await??);
    }
    Ok((start.elapsed(), given))
}
