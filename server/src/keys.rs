//! The key that signs receipts and the log's end (S19, S31). Its private half is in the database, wrapped by a master key that lies
//! in a folder of its own or in the environment, never in the database: whoever reads a backup must not be able to sign.

use crate::clock::Nature;
use crate::db::keys::StoredKey;
use crate::db::{Db, DbError, Tx, keys};
use domain::sync::chain::{from_hex, to_hex};
use domain::sync::receipt::{PublicKey, ReceiptKey};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Where the master key stands when it isn't in a file: 64 hex digits.
pub const MASTER_KEY_VARIABLE: &str = "BINHCHON_MASTER_KEY";

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or written.
    #[error("the key {path} can't be used: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file or the environment holds something else.
    #[error("the key in {0} must be 64 hex digits")]
    Malformed(String),
    /// Tablets have pinned a key that this master key doesn't open.
    #[error(
        "tablets trust the signing key {known}, which the master key in {place} doesn't open: copy keys/master.key from the \
         machine or the backup that has it, or give --replace-receipt-key once, and every juror must sign out and in again"
    )]
    Other {
        /// The database's last key.
        known: String,
        /// Where the master key is from.
        place: String,
    },
    /// Tablets have pinned a key, and there is no master key at all.
    #[error(
        "tablets trust the signing key {known}, and there is no master key that opens it: copy keys/master.key from the machine \
         or the backup that has it to {path}, give it in BINHCHON_MASTER_KEY, or give --replace-receipt-key once, and every \
         juror must sign out and in again"
    )]
    NoMaster {
        /// The database's last key.
        known: String,
        /// Where the master key would be.
        path: String,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The master key, and where it is from.
struct Master {
    key: LessSafeKey,
    place: String,
}

/// The signing key that tablets know, drawn if there is none. An older version's `receipt.key` is taken over.
pub async fn load(db: &Db, nature: &Nature, data: &Path, replace: bool) -> Result<ReceiptKey, KeyError> {
    let mut tx = db.write().await?;
    keys::hold(&mut tx).await?;
    let master = Master::existing(data)?;
    let Some(stored) = keys::latest(&mut tx).await? else {
        return adopt(tx, nature, &Master::or_drawn(master, data, nature)?, nature.bytes()).await;
    };
    let opens = |master: &Master| master.open(&stored.public, stored.wrapped.as_deref()?);
    if let Some(key) = master.as_ref().and_then(opens) {
        return Ok(key);
    }
    let older = data.join("receipt.key");
    match read_key(&older)? {
        Some(seed) if ReceiptKey::from_seed(seed).public() == stored.public => {
            let key = adopt(tx, nature, &Master::or_drawn(master, data, nature)?, seed).await?;
            // It stands in the database now, wrapped: the bare one must not lie about.
            std::fs::remove_file(&older).map_err(|source| file_error(&older, source))?;
            Ok(key)
        }
        _ if replace => adopt(tx, nature, &Master::or_drawn(master, data, nature)?, nature.bytes()).await,
        _ => Err(not_opened(stored.public.key_id, master, data)),
    }
}

fn not_opened(known: String, master: Option<Master>, data: &Path) -> KeyError {
    match master {
        Some(Master { place, .. }) => KeyError::Other { known, place },
        None => KeyError::NoMaster { known, path: master_file(data).display().to_string() },
    }
}

/// The names of the keys that the master key opens; none where there is no master key. Draws none.
pub async fn own(db: &Db, data: &Path) -> Result<Option<Vec<String>>, KeyError> {
    let Some(master) = Master::existing(data)? else { return Ok(None) };
    let mut tx = db.read().await?;
    let stored = keys::all(&mut tx).await?;
    tx.rollback().await?;
    let opens =
        |key: &StoredKey| key.wrapped.as_deref().is_some_and(|wrapped| master.open(&key.public, wrapped).is_some());
    Ok(Some(stored.into_iter().filter(opens).map(|key| key.public.key_id).collect()))
}

/// Takes the key of this seed into use.
async fn adopt(mut tx: Tx, nature: &Nature, master: &Master, seed: [u8; 32]) -> Result<ReceiptKey, KeyError> {
    let key = ReceiptKey::from_seed(seed);
    let wrapped = master.wrap(&key.public(), seed, nature)?;
    keys::insert(&mut tx, &key.public(), &wrapped, nature.now()).await?;
    tx.commit().await?;
    Ok(key)
}

impl Master {
    /// The one that there is, or one drawn for a key that is about to be taken into use: one that opens nothing would have `verify`
    /// take the server's own signature for a foreign one.
    fn or_drawn(existing: Option<Self>, data: &Path, nature: &Nature) -> Result<Self, KeyError> {
        if let Some(master) = existing {
            return Ok(master);
        }
        let (path, bytes) = (master_file(data), nature.bytes());
        write_private(&path, &to_hex(&bytes)).map_err(|source| file_error(&path, source))?;
        Self::new(bytes, path.display().to_string())
    }

    /// In the environment or in the folder.
    fn existing(data: &Path) -> Result<Option<Self>, KeyError> {
        if let Ok(text) = std::env::var(MASTER_KEY_VARIABLE) {
            let bytes = from_hex(text.trim()).map_err(|_| KeyError::Malformed(MASTER_KEY_VARIABLE.to_owned()))?;
            return Self::new(bytes, MASTER_KEY_VARIABLE.to_owned()).map(Some);
        }
        let path = master_file(data);
        let Some(bytes) = read_key(&path)? else { return Ok(None) };
        make_private(&path, 0o600);
        Self::new(bytes, path.display().to_string()).map(Some)
    }

    fn new(bytes: [u8; 32], place: String) -> Result<Self, KeyError> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).map_err(|_| KeyError::Malformed(place.clone()))?;
        Ok(Self { key: LessSafeKey::new(key), place })
    }

    /// Nonce, seed and tag in hex; bound to the public half.
    fn wrap(&self, public: &PublicKey, seed: [u8; 32], nature: &Nature) -> Result<String, KeyError> {
        let nonce: [u8; NONCE_LEN] = nature.bytes();
        let mut sealed = seed.to_vec();
        let bound = Aad::from(public.public.as_bytes());
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed)
            .map_err(|_| KeyError::Malformed(self.place.clone()))?;
        Ok(to_hex(&[nonce.as_slice(), &sealed].concat()))
    }

    fn open(&self, public: &PublicKey, wrapped: &str) -> Option<ReceiptKey> {
        let mut bytes: [u8; NONCE_LEN + 48] = from_hex(wrapped).ok()?;
        let (nonce, sealed) = bytes.split_at_mut(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let seed = self.key.open_in_place(nonce, Aad::from(public.public.as_bytes()), sealed).ok()?;
        let key = ReceiptKey::from_seed((*seed).try_into().ok()?);
        (key.public() == *public).then_some(key)
    }
}

fn master_file(data: &Path) -> PathBuf {
    data.join("keys").join("master.key")
}

/// A key's bytes from a file; none if there is no such file, or one in which a power cut left nothing before it was ever used.
fn read_key(path: &Path) -> Result<Option<[u8; 32]>, KeyError> {
    match std::fs::read_to_string(path) {
        Ok(text) if text.is_empty() => {
            std::fs::remove_file(path).map_err(|source| file_error(path, source))?;
            Ok(None)
        }
        Ok(text) => from_hex(text.trim()).map(Some).map_err(|_| KeyError::Malformed(path.display().to_string())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(file_error(path, source)),
    }
}

fn file_error(path: &Path, source: std::io::Error) -> KeyError {
    KeyError::File { path: path.display().to_string(), source }
}

/// Readable by this user alone, and there after a power cut.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    std::fs::create_dir_all(&folder)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    make_private(&folder, 0o700);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    #[cfg(unix)]
    std::fs::File::open(&folder)?.sync_all()?;
    Ok(())
}

/// Takes away what others may do with it, such as with a key that was copied from another machine. Where that isn't this user's
/// to decide, it is said.
fn make_private(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let Ok(before) = std::fs::metadata(path).map(|there| there.permissions().mode() & 0o777) else { return };
        let closer = std::fs::Permissions::from_mode(before & mode);
        if before & !mode != 0 && std::fs::set_permissions(path, closer).is_err() {
            tracing::warn!(path = %path.display(), "others than this user can read it");
        }
    }
}
