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
        let key: JsValue = key.into();
        let found: Option<Uint8Array> = self.store(store)?.get(key).primitive()?.await?;
        found.map(|bytes| codec::decode(&bytes)).transpose()
    }

    /// All records, in the order of their keys.
    pub async fn get_all<T: DeserializeOwned>(&self, store: &str) -> Result<Vec<T>, SaveProblem> {
        let store = self.store(store)?;
        let found = store.get_all::<Uint8Array>().primitive()?.await?;
        found.map(|bytes| codec::decode(&bytes?)).collect()
    }

    /// The records of a range, in the order of their keys, at most `limit` of them.
    pub async fn get_range<T: DeserializeOwned>(
        &self,
        store: &str,
        range: KeyRange<JsValue>,
        limit: u32,
    ) -> Result<Vec<T>, SaveProblem> {
        let store = self.store(store)?;
        let found =
            store.get_all::<Uint8Array>().with_query::<JsValue, _>(range).with_limit(limit).primitive()?.await?;
        found.map(|bytes| codec::decode(&bytes?)).collect()
    }

    /// Writes a record.
    pub fn put<T: Serialize>(&self, store: &str, key: impl Into<JsValue>, record: &T) -> Result<(), SaveProblem> {
        let (key, bytes): (JsValue, _) = (key.into(), Uint8Array::from(codec::encode(record)?));
        self.store(store)?.put(bytes).with_key(key).without_key_type().primitive()?;
        Ok(())
    }

    /// Removes a range of records.
    pub fn delete(&self, store: &str, range: KeyRange<JsValue>) -> Result<(), SaveProblem> {
        self.store(store)?.delete::<JsValue, _>(range).primitive()?;
        Ok(())
    }

    fn store(&self, name: &str) -> Result<ObjectStore<'_>, SaveProblem> {
        Ok(self.0.object_store(name)?)
    }
}

/// A number as a key. Sequence numbers stay far below 2⁵³.
pub fn number_key(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

/// A key of several parts.
pub fn compound_key(parts: impl IntoIterator<Item = JsValue>) -> JsValue {
    parts.into_iter().collect::<js_sys::Array>().into()
}
