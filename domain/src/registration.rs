//! What was registered: provinces, establishments, products.

use crate::ids::{GroupCode, ProductId, SelectionCode};
use serde::{Deserialize, Serialize};

/// A product as every tablet carries it in its catalogue (S15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Identity; never changes.
    pub id: ProductId,
    /// Selection code (mã số bình chọn).
    pub code: SelectionCode,
    /// Name.
    pub name: String,
    /// Group.
    pub group: GroupCode,
    /// Bộ sản phẩm.
    pub is_set: bool,
    /// Name of the province or city.
    pub province: String,
    /// The establishment that makes it.
    pub establishment: Establishment,
    /// The dossier in two or three sentences.
    pub summary: String,
    /// Main materials.
    pub materials: String,
}

/// A province or city of the region. Data, not code: the map changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Province {
    /// Official order within the region.
    pub ordinal: u32,
    /// The first three letters of its products' selection codes, unique in an edition.
    pub prefix: String,
    /// Name.
    pub name: String,
}

/// An establishment (cơ sở CNNT).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Establishment {
    /// Name.
    pub name: String,
    /// Its legal form: co-operative, household business, …
    pub kind: String,
    /// Commune, district.
    pub address: String,
    /// Year of founding, where known.
    pub founded: Option<i32>,
    /// Number of workers, where known.
    pub workers: Option<i32>,
}
