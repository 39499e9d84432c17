//! A cell as the tablet keeps it, also as earlier versions kept it (S21).

use super::{Cell, Head, Past};
use crate::sync::chain::OpHash;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A cell as the tablet keeps it.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(super) struct Stored<T> {
    #[serde(rename = "h")]
    heads: Vec<Head<T>>,
    #[serde(rename = "d", default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    superseded: Vec<OpHash>,
    #[serde(rename = "s", default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<(OpHash, StoredBases)>,
}

/// Bases as the tablet keeps them: a list. The first version knew one or none, and wrote that (S21).
#[derive(Serialize)]
struct StoredBases(Vec<OpHash>);

impl<'de> Deserialize<'de> for StoredBases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;

        impl<'de> Visitor<'de> for OneOrMany {
            type Value = StoredBases;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("hashes, one, or none")
            }

            fn visit_unit<E: de::Error>(self) -> Result<StoredBases, E> {
                Ok(StoredBases(Vec::new()))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<StoredBases, E> {
                Ok(StoredBases(vec![text.parse().map_err(E::custom)?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<StoredBases, A::Error> {
                let mut bases = Vec::new();
                while let Some(base) = list.next_element()? {
                    bases.push(base);
                }
                Ok(StoredBases(bases))
            }
        }

        deserializer.deserialize_any(OneOrMany)
    }
}

impl<T> From<Stored<T>> for Cell<T> {
    fn from(Stored { heads, superseded, skipped }: Stored<T>) -> Self {
        let skipped: Vec<_> = skipped.into_iter().map(|(hash, bases)| (hash, bases.0.into_iter().collect())).collect();
        let past = (!superseded.is_empty() || !skipped.is_empty()).then(|| Box::new(Past { superseded, skipped }));
        Self { heads: heads.into_iter().collect(), past }
    }
}

impl<T> From<Cell<T>> for Stored<T> {
    fn from(Cell { heads, past }: Cell<T>) -> Self {
        let Past { superseded, skipped } = past.map(|past| *past).unwrap_or_default();
        let skipped = skipped.into_iter().map(|(hash, bases)| (hash, StoredBases(bases.into_vec()))).collect();
        Self { heads: heads.into_iter().collect(), superseded, skipped }
    }
}
