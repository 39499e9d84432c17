//! The records of stops (S5): folded from the log, and what they mean for the seats. Who was there is written by secretaries'
//! tablets and at the desk; what it comes to is recorded as an act, in the transaction that stored what it follows from.

use crate::acts::{self, By, OnSettings};
use crate::catalogs::Catalogs;
use crate::db::editions::{self, SeatKey};
use crate::db::presence::{self, At};
use crate::db::visits::{self, Line, Written};
use crate::db::{DbError, DbResult, Tx, log};
use crate::text::storable;
use domain::catalog::Catalog;
use domain::ids::{EditionId, ProductId, RoundCode, UserId};
use domain::jury::{Presence, Standing, Stop, StopKey};
use domain::log::OrganiserAct;
use domain::sync::chain::OpHash;
use domain::sync::receipt::ReceiptKey;
use domain::visit::{Expected, Visit, VisitKey, VisitPlan, VisitState};
use std::collections::{BTreeMap, BTreeSet};

/// All records on which anything is written, or what of them says who was there.
pub async fn fold(tx: &mut Tx, edition: EditionId, which: visits::Which) -> DbResult<BTreeMap<VisitKey, Visit>> {
    Ok(folded(visits::lines(tx, edition, which).await?))
}

fn folded(lines: Vec<Line>) -> BTreeMap<VisitKey, Visit> {
    let mut records: BTreeMap<VisitKey, Visit> = BTreeMap::new();
    for Line { key, what, position } in lines {
        let visit = records.entry(key).or_default();
        match what {
            Written::Op { origin, work, counts: true } => visit.apply(&origin, &work.act),
            Written::Op { origin, work, counts: false } => visit.skip(&origin, &work.act),
            Written::Record { juror, presence, hash } => visit.record(juror, presence, position, hash),
        }
    }
    records
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

/// The records as they stand: each stop's, blank ones too, or those alone into which something was written behind a position.
pub async fn states(
    tx: &mut Tx,
    edition: EditionId,
    plans: &[VisitPlan],
    after: Option<u64>,
) -> DbResult<Vec<VisitState>> {
    let lines = visits::lines(tx, edition, visits::Which::All).await?;
    let mut told: BTreeSet<VisitKey> = match after {
        None => plans.iter().map(VisitPlan::key).collect(),
        Some(_) => BTreeSet::new(),
    };
    told.extend(lines.iter().filter(|line| line.position > after.unwrap_or_default()).map(|line| line.key.clone()));
    let mut records = folded(lines);
    let state = |key: VisitKey| VisitState { visit: records.remove(&key).unwrap_or_default(), key };
    Ok(told.into_iter().map(state).collect())
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

/// Somebody's presence at a stop, that was written about, and who wrote.
pub type Touched = BTreeMap<(VisitKey, UserId), UserId>;

/// A presence that was written down.
pub struct Recorded {
    /// What the log says of it.
    pub act: OrganiserAct,
    /// Whether it changed what is waited for.
    pub changes_seats: bool,
}

impl Effects<'_> {
    /// These presences were written about: where one comes to something else than what is recorded, that is recorded, with
    /// what it means for the seats.
    pub async fn of_writings(&self, tx: &mut Tx, touched: &Touched) -> DbResult<()> {
        let edition = self.catalog.edition.id;
        let records = fold(tx, edition, visits::Which::Presences).await?;
        let mut known: BTreeMap<RoundCode, BTreeMap<At, Presence>> = BTreeMap::new();
        let (mut acts, mut changes_seats, mut settings) = (Vec::new(), false, None);
        for ((key, juror), writer) in touched {
            let Some(visit) = records.get(key) else { continue };
            if !known.contains_key(&key.round) {
                let recorded = presence::load(tx, edition, &key.round).await?.into_iter();
                known.insert(key.round.clone(), recorded.map(|latest| (latest.at, latest.presence)).collect());
            }
            let at = at(&key.stop, *juror);
            let before = known.get(&key.round).and_then(|known| known.get(&at));
            let Some(presence) = visit.presence(*juror).map(as_stored).filter(|presence| Some(presence) != before)
            else {
                continue;
            };
            if settings.is_none() {
                let head = log::head(tx).await?.ok_or(DbError::Corrupt("edition"))?;
                settings = Some(acts::settings(tx, &head).await?);
            }
            let by = By { user: *writer, at: self.now };
            let recorded = self.take_effect(tx, &key.round, &at, &presence, by, visit.grounds(*juror)).await?;
            changes_seats |= recorded.changes_seats;
            acts.push((by, recorded.act));
        }
        if !acts.is_empty() {
            let settings = settings.filter(|_| changes_seats).map_or(OnSettings::Kept, OnSettings::Changed);
            acts::record_all(tx, self.catalogs, self.key, edition, acts, settings).await?;
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
    ) -> DbResult<Recorded> {
        let edition = self.catalog.edition.id;
        let presence = as_stored(presence);
        presence::append(tx, edition, round, at, &presence, (by.user, by.at)).await?;
        let standing = presence.standing();
        let mut changes_seats = false;
        for (product, before) in seats_at(self.catalog, round, at) {
            // A recusal is the juror's own matter: being there or not doesn't touch it.
            if *before != standing && !matches!(before, Standing::Recused { .. }) {
                let key = SeatKey { edition, round, product, juror: at.juror };
                editions::append_standing(tx, key, &standing, by.user, by.at).await?;
                changes_seats = true;
            }
        }
        let act = OrganiserAct::RecordPresence {
            round: round.clone(),
            delegation: at.delegation.clone(),
            date: at.date.clone(),
            ordinal: at.ordinal,
            juror: at.juror,
            presence,
            from,
        };
        Ok(Recorded { act, changes_seats })
    }
}

/// With its reason as it is stored.
fn as_stored(presence: &Presence) -> Presence {
    match presence {
        Presence::Present => Presence::Present,
        Presence::Late { reason } => Presence::Late { reason: storable(reason) },
        Presence::Absent { reason } => Presence::Absent { reason: storable(reason) },
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
