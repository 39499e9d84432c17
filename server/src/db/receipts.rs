//! The newest receipt of each replica (S19): what the tablet holds in its hands, kept beside the log that it speaks of.

use super::{DbError, DbResult, Tx, with_tx};
use domain::sync::receipt::Receipt;
use sqlx::QueryBuilder;
use std::collections::BTreeMap;

/// Keeps receipts in place of each replica's earlier one; of several of one replica the last.
pub async fn keep(tx: &mut Tx, receipts: impl Iterator<Item = &Receipt>) -> DbResult<()> {
    let newest: BTreeMap<_, _> = receipts.map(|receipt| (receipt.statement.replica, receipt)).collect();
    let mut rows = Vec::with_capacity(newest.len());
    for (replica, receipt) in newest {
        rows.push((replica.to_string(), serde_json::to_string(receipt).map_err(|_| DbError::Corrupt("receipt"))?));
    }
    with_tx!(tx, |connection| {
        let mut query = QueryBuilder::new("INSERT INTO receipts (replica_id, receipt) ");
        query.push_values(&rows, |mut row, (replica, receipt)| {
            row.push_bind(replica).push_bind(receipt);
        });
        query.push(" ON CONFLICT (replica_id) DO UPDATE SET receipt = excluded.receipt");
        query.build().execute(connection).await.map(|_| ())
    })?;
    Ok(())
}

/// All of them, as they are stored.
pub async fn all(tx: &mut Tx) -> DbResult<Vec<(String, String)>> {
    Ok(with_tx!(tx, |connection| sqlx::query_as("SELECT replica_id, receipt FROM receipts ORDER BY replica_id")
        .fetch_all(connection)
        .await)?)
}
