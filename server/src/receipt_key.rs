//! The key that signs receipts (S19). Its seed lies in a file beside the data, never in the database: whoever reads a
//! backup must not be able to write receipts.

use crate::clock::Nature;
use crate::db::{Db, DbError, keys};
use domain::sync::chain::{from_hex, to_hex};
use domain::sync::receipt::ReceiptKey;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or written.
    #[error("the receipt key {path} can't be used: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("the receipt key {0} must hold 64 hex digits")]
    Malformed(String),
    /// Tablets have pinned another key.
    #[error(
        "tablets trust the receipt key {known}, and {path} holds {ours}: copy the file from the machine that has it, or \
         give --replace-receipt-key once, and every tablet must register anew"
    )]
    Other {
        /// The database's last key.
        known: String,
        /// Which file.
        path: String,
        /// The file's key.
        ours: String,
    },
    /// The database.
    #[error("the database: {0}")]
    Db(#[from] DbError),
}

/// Reads the key from the data folder, drawing one if there is none, and makes sure that it is the one tablets know.
pub async fn load(db: &Db, nature: &Nature, data: &Path, replace: bool) -> Result<ReceiptKey, KeyError> {
    let path = data.join("receipt.key");
    let key = ReceiptKey::from_seed(seed(&path, nature)?);
    let ours = key.public();
    let mut tx = db.write().await?;
    match keys::latest(&mut tx).await? {
        Some(known) if known == ours => {}
        Some(known) if !replace => {
            let path = path.display().to_string();
            return Err(KeyError::Other { known: known.key_id, path, ours: ours.key_id });
        }
        _ => keys::insert(&mut tx, &ours, nature.now()).await?,
    }
    tx.commit().await?;
    Ok(key)
}

fn seed(path: &Path, nature: &Nature) -> Result<[u8; 32], KeyError> {
    let failed = |source| KeyError::File { path: path.display().to_string(), source };
    match std::fs::read_to_string(path) {
        Ok(text) => from_hex(text.trim()).map_err(|_| KeyError::Malformed(path.display().to_string())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let seed = nature.bytes();
            write_private(path, &to_hex(&seed)).map_err(failed)?;
            Ok(seed)
        }
        Err(error) => Err(failed(error)),
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
