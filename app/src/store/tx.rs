//! What can be done inside a transaction. Requests go out when they are made: only what is read is awaited.

use super::codec;
use super::problem::SaveProblem;
use indexed_db_futures::BuildPrimitive;
use indexed_db_futures::KeyRange;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::query_source::QuerySource;
use indexed_db_futures::transaction::Transaction;
use indexed_db_futures::typed_array::Uint8Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// An open transaction.
pub struct Tx<'a>(&'a Transaction<'a>);

impl<'a> Tx<'a> {
    pub(super) fn new(transaction: &'a Transaction<'a>) -> Self {
        Self(transaction)
    }

    /// The record under a key.
    pub async fn get<T: DeserializeOwned>(
        &self,
        store: &str,
        key: impl Into<JsValue>,
    ) -> Result<Option<T>, SaveProblem> {
        let bytes = self.get_bytes(store, key.into()).await?;
        bytes.map(|bytes| codec::decode(&bytes)).transpose()
    }

    /// The bytes of a photo.
    pub async fn get_raw(&self, store: &str, key: String) -> Result<Option<Vec<u8>>, SaveProblem> {
        let bytes = self.get_bytes(store, key.into()).await?;
        bytes.map(|bytes| codec::decode_raw(bytes.to_vec())).transpose()
    }

    /// All records, in the order of their keys.
    pub async fn get_all<T: DeserializeOwned>(&self, store: &str) -> Result<Vec<T>, SaveProblem> {
        decode_all(self.get_all_bytes(store, None).await?)
    }

    /// The records of a range, in the order of their keys, at most `limit` of them.
    pub async fn get_range<T: DeserializeOwned>(
        &self,
        store: &str,
        range: KeyRange<JsValue>,
        limit: u32,
    ) -> Result<Vec<T>, SaveProblem> {
        decode_all(self.get_all_bytes(store, Some((range, limit))).await?)
    }

    /// Writes a record.
    pub fn put<T: Serialize>(&self, store: &str, key: impl Into<JsValue>, record: &T) -> Result<(), SaveProblem> {
        self.put_bytes(store, key.into(), codec::encode(record)?)
    }

    /// Writes the bytes of a photo.
    pub fn put_raw(&self, store: &str, key: String, bytes: &[u8]) -> Result<(), SaveProblem> {
        self.put_bytes(store, key.into(), codec::encode_raw(bytes))
    }

    /// Removes a range of records.
    pub fn delete(&self, store: &str, range: KeyRange<JsValue>) -> Result<(), SaveProblem> {
        self.store(store)?.delete::<JsValue, _>(range).primitive()?;
        Ok(())
    }

    // What follows knows no record types, so that it is in the app's code once.

    async fn get_bytes(&self, store: &str, key: JsValue) -> Result<Option<Uint8Array>, SaveProblem> {
        Ok(self.store(store)?.get(key).primitive()?.await?)
    }

    async fn get_all_bytes(
        &self,
        store: &str,
        range: Option<(KeyRange<JsValue>, u32)>,
    ) -> Result<Vec<Uint8Array>, SaveProblem> {
        let store = self.store(store)?;
        let (range, limit) = range.unwrap_or((KeyRange::Only(JsValue::UNDEFINED), u32::MAX));
        let found = store.get_all().with_query::<JsValue, _>(range).with_limit(limit).primitive()?.await?;
        found.map(|bytes| bytes.map_err(SaveProblem::from)).collect()
    }

    fn put_bytes(&self, store: &str, key: JsValue, bytes: Vec<u8>) -> Result<(), SaveProblem> {
        self.store(store)?.put(Uint8Array::from(bytes)).with_key(key).without_key_type().primitive()?;
        Ok(())
    }

    fn store(&self, name: &str) -> Result<ObjectStore<'_>, SaveProblem> {
        Ok(self.0.object_store(name)?)
    }
}

fn decode_all<T: DeserializeOwned>(found: Vec<Uint8Array>) -> Result<Vec<T>, SaveProblem> {
    let mut records = Vec::with_capacity(found.len());
    for bytes in found {
        records.push(codec::decode(&bytes)?);
    }
    Ok(records)
}

/// A number as a key. Sequence numbers stay far below 2⁵³.
pub fn number_key(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

/// A key of several parts.
pub fn compound_key(parts: impl IntoIterator<Item = JsValue>) -> JsValue {
    parts.into_iter().collect::<js_sys::Array>().into()
}
