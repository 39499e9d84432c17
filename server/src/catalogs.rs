//! The edition's settings in memory: read again only when their version has changed.

use crate::db::log::Head;
use crate::db::{DbResult, Tx, catalog};
use domain::catalog::Catalog;
use std::sync::{Arc, PoisonError, RwLock};

/// The latest settings that anybody asked for.
#[derive(Default)]
pub struct Catalogs(RwLock<Option<Arc<Catalog>>>);

impl Catalogs {
    /// The settings of the version that `head` names; `tx` is the transaction that read it.
    pub async fn at(&self, tx: &mut Tx, head: &Head) -> DbResult<Arc<Catalog>> {
        if let Some(kept) = self.kept(head) {
            return Ok(kept);
        }
        let fresh = Arc::new(catalog::load(tx, head).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    fn kept(&self, head: &Head) -> Option<Arc<Catalog>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let fits = |kept: &&Arc<Catalog>| kept.version == head.catalog_version && kept.edition.id == head.edition;
        kept.as_ref().filter(fits).cloned()
    }
}
