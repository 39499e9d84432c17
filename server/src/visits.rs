//! The records of stops (S5): folded from the log, and what they mean for the seats. Who was there is written by secretaries'
//! tablets and at the desk; what it comes to is recorded as an act, in the transaction that stored what it follows from.

use crate::acts::{self, By};
use crate::catalogs::Catalogs;
use crate::db::editions::{self, SeatKey};
use crate::db::presence::{self, At};
use crate::db::visits::{self, Line, Written};
use crate::db::{DbResult, Tx};
use domain::catalog::Catalog;
use domain::ids::{EditionId, ProductId, RoundCode, UserId};
use domain::jury::{Presence, Standing, Stop, StopKey};
use domain::log::OrganiserAct;
use domain::sync::chain::OpHash;
use domain::sync::receipt::ReceiptKey;
use domain::visit::{Expected, Visit, VisitKey, VisitPlan, VisitState};
use std::collections::{BTreeMap, BTreeSet};

/// All records on which anything is written.
pub async fn fold(tx: &mut Tx, edition: EditionId) -> DbResult<BTreeMap<VisitKey, Visit>> {
    let mut records: BTreeMap<VisitKey, Visit> = BTreeMap::new();
    for Line { key, what } in visits::lines(tx, edition).await? {
        let visit = records.entry(key).or_default();
        match what {
            Written::Op { origin, work, counts: true } => visit.apply(&origin, &work.act),
            Written::Op { origin, work, counts: false } => visit.skip(&origin, &work.act),
            Written::Record { juror, presence, position, hash } => visit.record(juror, presence, position, hash),
        }
    }
    Ok(records)
}

/// What is scored at a stop, and by whom.
#[derive(Default)]
struct Here {
    products: BTreeSet<ProductId>,
    jurors: BTreeSet<UserId>,
}

/// The stops of the edition's visits, with who should be there.
pub fn plans(catalog: &Catalog, names: &BTreeMap<UserId, String>) -> Vec<VisitPlan> {
    let mut stops: BTreeMap<(&RoundCode, &Stop), Here> = BTreeMap::new();
    for (round, panels) in &catalog.panels {
        for (product, panel) in panels {
            for (juror, seat) in panel {
                if let Some(stop) = &seat.stop {
                    let here = stops.entry((round, stop)).or_default();
                    here.products.insert(*product);
                    here.jurors.insert(*juror);
                }
            }
        }
    }
    let mut plans = Vec::with_capacity(stops.len());
    for ((round, stop), here) in stops {
        let name = |juror: UserId| names.get(&juror).cloned().unwrap_or_default();
        let mut jurors: Vec<_> = here.jurors.into_iter().map(|juror| Expected { juror, name: name(juror) }).collect();
        jurors.sort_by(|a, b| a.name.cmp(&b.name));
        // Products are listed as everywhere: by code.
        let all = catalog.products.iter().map(|product| product.id);
        let products = all.filter(|id| here.products.contains(id)).collect();
        plans.push(VisitPlan { round: round.clone(), stop: stop.clone(), products, jurors });
    }
    plans
}

/// Each stop's record as it stands, blank ones too: whoever reads them knows them all.
pub async fn states(tx: &mut Tx, edition: EditionId, plans: &[VisitPlan]) -> DbResult<Vec<VisitState>> {
    let mut records = fold(tx, edition).await?;
    for plan in plans {
        records.entry(plan.key()).or_default();
    }
    Ok(records.into_iter().map(|(key, visit)| VisitState { key, visit }).collect())
}

/// With what records take effect.
pub struct Effects<'a> {
    /// The edition's settings before them.
    pub catalog: &'a Catalog,
    /// Where the settings are read again.
    pub catalogs: &'a Catalogs,
    /// Signs the log's end.
    pub key: &'a ReceiptKey,
    /// Milliseconds since 1970.
    pub now: i64,
}

impl Effects<'_> {
    /// These records were written into, by these people: where who was there comes to something else than what is recorded,
    /// that is recorded, with what it means for the seats.
    pub async fn of_writings(&self, tx: &mut Tx, touched: &BTreeMap<VisitKey, UserId>) -> DbResult<()> {
        let edition = self.catalog.edition.id;
        let records = fold(tx, edition).await?;
        let mut recorded: BTreeMap<RoundCode, BTreeMap<At, Presence>> = BTreeMap::new();
        let mut acts = Vec::new();
        for (key, user) in touched {
            let Some(visit) = records.get(key) else { continue };
            if !recorded.contains_key(&key.round) {
                let known = presence::load(tx, edition, &key.round).await?.into_iter();
                recorded.insert(key.round.clone(), known.map(|(at, presence, _)| (at, presence)).collect());
            }
            for juror in visit.jurors() {
                let at = at(&key.stop, juror);
                let before = recorded.get(&key.round).and_then(|known| known.get(&at));
                let Some(presence) = visit.presence(juror).filter(|presence| Some(*presence) != before) else {
                    continue;
                };
                let from = visit.grounds(juror).into_iter().map(|(_, hash)| hash).collect();
                let by = By { user: *user, at: self.now };
                acts.push((by, self.take_effect(tx, &key.round, &at, presence, by, from).await?));
            }
        }
        if !acts.is_empty() {
            acts::record_all(tx, self.catalogs, self.key, edition, acts).await?;
        }
        Ok(())
    }

    /// Writes down how a juror was there and what it means for the seats; the act that says so is the caller's to record.
    pub async fn take_effect(
        &self,
        tx: &mut Tx,
        round: &RoundCode,
        at: &At,
        presence: &Presence,
        by: By,
        from: Vec<OpHash>,
    ) -> DbResult<OrganiserAct> {
        let edition = self.catalog.edition.id;
        presence::append(tx, edition, round, at, presence, (by.user, by.at)).await?;
        let standing = presence.standing();
        for (product, before) in seats_at(self.catalog, round, at) {
            // A recusal is the juror's own matter: being there or not doesn't touch it.
            if *before != standing && !matches!(before, Standing::Recused { .. }) {
                let key = SeatKey { edition, round, product, juror: at.juror };
                editions::append_standing(tx, key, &standing, by.user, by.at).await?;
            }
        }
        Ok(OrganiserAct::RecordPresence {
            round: round.clone(),
            delegation: at.delegation.clone(),
            date: at.date.clone(),
            ordinal: at.ordinal,
            juror: at.juror,
            presence: presence.clone(),
            from,
        })
    }
}

/// A juror at a stop.
pub fn at(stop: &StopKey, juror: UserId) -> At {
    let StopKey { delegation, date, ordinal } = stop.clone();
    At { delegation, date, ordinal, juror }
}

/// The juror's seats at the stop.
pub fn seats_at<'a>(catalog: &'a Catalog, round: &RoundCode, at: &At) -> Vec<(ProductId, &'a Standing)> {
    let is_there = |stop: &Stop| stop.delegation == at.delegation && stop.date == at.date && stop.ordinal == at.ordinal;
    let seats =
        catalog.seats_of(at.juror).filter(|(of, _, seat)| *of == round && seat.stop.as_ref().is_some_and(is_there));
    seats.map(|(_, product, seat)| (product, &seat.standing)).collect()
}
